"""An update that ends the process or can't be read stops nobody else: real bots, really killed, over real HTTP."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from bot_api import BotApiServer
from bot_process import ADMINS, QUESTION, BotProcess, Message, Talk, answered, button, labels, said, template  # noqa: F401
from poisoned_bot import POISON, WAYS
from sqlite_utils import Database
from telegram import Update

from bot.conversation.state import open_state
from bot.telegram import unreadable
from bot.telegram.inbox import UpdateLog
from bot.telegram.suspects import Suspects

POISONED = f"{QUESTION}{POISON}"


class World:
    """A server, a bot with a fault on it, an administrator, and two people who ask."""

    def __init__(self, server: BotApiServer, bot: BotProcess) -> None:
        self.server, self.bot = server, bot
        for number in ADMINS:
            server.private(server.user(number, f"Admin{number}", language="zh-hans"), started=True)
        self.admin = Talk(server, server.world.users[ADMINS[0]])
        self.poisoner = Talk(server, server.user(3001, "Poisoner", language="zh-hans"))
        self.other = Talk(server, server.user(3002, "Other", language="zh-hans"))

    def poison(self, way: str | None) -> None:
        path = self.bot.folder / "poison"
        path.write_text(way) if way else path.unlink()

    def ends(self) -> int:
        return self.bot.exit_code(60)


@pytest.fixture
def world(template: Path, tmp_path: Path):  # noqa: F811
    with BotApiServer() as server:
        bot = BotProcess(server, tmp_path / "bot", template)
        bot.command = [str(Path(__file__).parent.parent.parent / "poisoned_bot.py"), "run"]
        with bot:
            yield World(server, bot)


def incident_of(told: Message) -> str:
    found = re.search(r"[0-9a-f]{8}", told["text"])
    assert found
    return found.group()


@pytest.mark.parametrize("way", WAYS)
def test_what_ends_the_process_twice_is_set_aside_and_the_rest_goes_on(world: World, way: str):
    assert answered(world.other.says(QUESTION))
    world.poison(way)
    poisoned = world.poisoner.send(POISONED)
    assert world.ends() != 0
    waiting = world.other.send("石渡镇2025年地区生产总值增长目标是多少")
    world.bot.start()  # alone: what the other asked is not answered before
    assert world.ends() != 0
    assert world.other.since(waiting) == []
    world.bot.start()
    (answer, *_) = world.server.wait_reply(world.other.chat, after=waiting, timeout=60)
    assert "5.5％左右" in answer["text"]
    told = world.admin.is_told("放在一边", {"message_id": 0})
    incident = incident_of(told)
    assert labels(told) == [button("retry")]
    assert f"incident {incident}" in world.bot.output
    assert incident in world.poisoner.is_told("事件号", poisoned)["text"]
    if way == "hangs":
        assert "Timeout (0:00:03)!" in world.bot.output  # faulthandler tells where

    world.poison(None)
    world.admin.turns(told, button("retry"), incident)
    assert answered(world.poisoner.is_told("7%以上", poisoned))
    assert answered(world.other.says(QUESTION))
    world.bot.stop()
    world.bot.start()
    assert answered(world.other.says(QUESTION))
    assert [one for one in world.admin.since(told) if "放在一边" in one["text"]] == []


def test_what_is_tried_again_in_vain_is_set_aside_again_at_once(world: World):
    world.poison("is killed")
    world.poisoner.send(POISONED)
    world.ends()
    world.bot.start()
    world.ends()
    world.bot.start()
    told = world.admin.is_told("放在一边", {"message_id": 0})
    world.server.press(told, button("retry"), user=world.admin.user)
    assert world.ends() != 0
    world.bot.start()
    again = world.admin.is_told("放在一边", told)
    assert incident_of(again) != incident_of(told)
    assert world.admin.press(told, button("retry")) == ""  # gone: the message says so
    world.admin.becomes(told, "不在了")
    assert answered(world.other.says(QUESTION))


def test_a_stop_that_was_ordered_makes_nobody_suspect(world: World):
    assert answered(world.other.says(QUESTION))
    sent = [world.other.send(QUESTION) for _ in range(5)]
    world.server.wait_reply(world.other.chat, after=sent[0], count=1, timeout=60)
    assert world.bot.stop()[0] == 0
    world.bot.start()
    assert answered(world.other.says(QUESTION))
    assert "放在一边" not in str(world.server.messages(world.admin.chat))
    assert "tried again alone" not in world.bot.output


# -- what can't be read ---------------------------------------------------------------------------------------------------


def old_poll(world: World) -> dict[str, object]:
    """A message with a poll as servers before Bot API 9.6 send it."""
    poll = {"id": "1", "question": "?", "options": [{"text": "a", "voter_count": 0}], "total_voter_count": 0, "is_closed": False}
    poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    chat = {"id": world.poisoner.chat.id, "type": "private", "first_name": "P"}
    person = {"id": world.poisoner.user.id, "is_bot": False, "first_name": "P"}
    return {"message_id": 10**6, "date": int(time.time()), "chat": chat, "from": person, "poll": poll}


def test_an_update_that_cannot_be_read_is_skipped_with_one_line(world: World):
    assert answered(world.other.says(QUESTION))
    update_id = world.server.world.updates.put("message", old_poll(world))
    assert answered(world.other.says(QUESTION))
    world.server.wait(lambda: world.server.pending == 0, what="all updates to be confirmed")
    lines = [line for line in world.bot.output.splitlines() if f"update {update_id}" in line]
    assert len(lines) == 1
    assert "can't be read and is skipped" in lines[0]
    assert len(world.bot.output) < 10_000


def test_what_can_be_read_is_read_as_ever():
    unreadable.skip_unreadable_updates()
    unreadable.skip_unreadable_updates()
    assert Update.de_json({"update_id": 5}, None) == Update(5)
    assert Update.de_json({"update_id": 5, "message": {"message_id": 1}}, None) == Update(5)
    with pytest.raises(KeyError):
        Update.de_json({"message": {}}, None)


# -- the book of suspects -------------------------------------------------------------------------------------------------


@pytest.fixture
def db(tmp_path: Path):
    opened = open_state(tmp_path / "telegram" / "1.db")
    yield opened
    opened.close()


def arrived(db: Database, *ids: int) -> tuple[UpdateLog, Suspects]:
    log = UpdateLog(db)
    log.arrived({number: f'{{"update_id": {number}, "message": {{"from": {{"id": {number}}}}}}}' for number in ids})
    return log, Suspects(db)


def tried_alone(suspects: Suspects) -> list[int]:
    found = []
    while payload := suspects.next_alone():
        found.append(int(re.findall(r"\d+", payload)[0]))
    return found


def test_only_what_had_begun_is_suspect(db: Database):
    log, suspects = arrived(db, 1, 2, 3, 4)
    for number in (1, 2, 3):
        suspects.begin(number)
    log.handled(1)
    suspects.end(2)
    assert suspects.set_aside() == []
    assert [payload[:14] for payload in log.unfinished()] == ['{"update_id": 2'[:14], '{"update_id": 4'[:14]]
    assert tried_alone(suspects) == [3]


def test_of_several_only_the_one_that_was_alone_is_set_aside(db: Database):
    log, suspects = arrived(db, 1, 2, 3)
    for number in (1, 2, 3):
        suspects.begin(number)
    assert suspects.set_aside() == []
    suspects.next_alone()
    suspects.begin(1)
    log.handled(1)
    suspects.next_alone()
    suspects.begin(2)  # and the process ends
    (aside,) = suspects.set_aside()
    assert aside.update_id == 2
    assert tried_alone(suspects) == [3]
    assert [one.incident for one in suspects.untold()] == [aside.incident]
    suspects.told(aside.incident)
    assert suspects.untold() == []


def test_a_suspect_that_is_too_old_is_set_aside_untried(db: Database):
    _, suspects = arrived(db, 1)
    suspects.begin(1)
    db.execute("update updates set received_at = received_at - 3601")
    assert [one.update_id for one in suspects.set_aside()] == [1]


def test_an_ordered_stop_clears_all_but_what_had_hung(db: Database):
    log, suspects = arrived(db, 1, 2)
    suspects.begin(1)
    suspects.begin(2)
    db.execute("update begun set at = at - 61 where id = 2")
    suspects.stop()
    assert len(log.unfinished()) == 1
    assert tried_alone(suspects) == [2]


def test_what_was_set_aside_is_taken_back_once_and_forgotten(db: Database):
    log, suspects = arrived(db, 7, 8)
    for number in (7, 8):
        suspects.begin(number)
        suspects.next_alone()
    first, second = suspects.set_aside()
    assert suspects.take_back(first.incident)
    assert suspects.take_back(first.incident) is None
    assert log.unfinished() == []
    assert [one.update_id for one in suspects.set_aside()] == [7]
    suspects.forget_person(8)
    assert suspects.take_back(second.incident) is None
    db.execute("update set_aside set at = at - 8 * 86400")
    suspects.forget_old()
    assert suspects.untold() == []
