"""One person, one chat, one group holds nobody else up, and nobody makes the bot talk without end."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram import Update
from telegram.error import RetryAfter
from telegram_kit import TOKEN, Person, Session

from bot.conversation.turns import Places, Turns
from bot.settings import settings_from
from bot.telegram.delivery import OutgoingLimits
from bot.telegram.inbox import AT_ONCE, InOrder

GROUP, SECOND = -100, 0.02


class Traffic:
    """People who make the bot send things, over the real processor and limits, with a second that is short."""

    def __init__(self) -> None:
        self.places = Places(AT_ONCE)
        self.processor = InOrder(self.places)
        self.limits = OutgoingLimits(self.places, SECOND)
        self.sent: list[tuple[int, float]] = []
        self.refused: dict[int, list[RetryAfter]] = {}
        self.handled = 0

    async def send(self, chat: int) -> None:
        async def callback() -> bool:
            if self.refused.get(chat):
                raise self.refused[chat].pop()
            self.sent.append((chat, time.monotonic()))
            return True

        await self.limits.process_request(callback, (), {}, "sendMessage", {"chat_id": chat}, None)

    async def ask(self, user: int, chat: int, messages: int = 1) -> float:
        """Seconds until a question of ``user`` in ``chat`` is answered by so many messages."""
        self.handled += 1
        person = {"id": user, "is_bot": False, "first_name": "A"}
        kind = {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "G"}
        content = {"message_id": 1, "date": 1, "chat": kind, "from": person, "text": "问"}
        update = Update.de_json({"update_id": self.handled, "message": content}, None)

        async def handle() -> None:
            for _ in range(messages):
                await self.send(chat)

        began = time.monotonic()
        await self.processor.do_process_update(update, handle())
        return time.monotonic() - began


def test_twenty_people_of_one_group_take_no_places_while_they_wait_for_its_limit():
    async def run() -> None:
        traffic = Traffic()
        crowd = [asyncio.create_task(traffic.ask(1000 + one, GROUP, 3)) for one in range(20)]
        await asyncio.sleep(5 * SECOND)
        assert len(traffic.sent) == 20  # the rest of the 60 waits for the group's next minute
        assert await traffic.ask(1, 1) < 10 * SECOND
        assert not any(one.done() for one in crowd[10:])
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)

    asyncio.run(run())


def test_a_group_gets_twenty_messages_a_minute_and_all_of_them_in_the_end():
    async def run() -> list[float]:
        traffic = Traffic()
        await asyncio.gather(*[traffic.ask(one, GROUP, 3) for one in range(20)])
        return [at for _, at in traffic.sent]

    sent = asyncio.run(run())
    assert len(sent) == 60
    assert all(later - earlier >= 59 * SECOND for earlier, later in zip(sent, sent[20:], strict=False))


def test_a_429_of_one_chat_waits_for_that_chat_only_and_takes_no_place():
    async def run() -> None:
        traffic = Traffic()
        traffic.refused = {chat: [RetryAfter(1)] for chat in range(100, 100 + AT_ONCE)}
        waiting = [asyncio.create_task(traffic.ask(chat, chat)) for chat in traffic.refused]
        await asyncio.sleep(5 * SECOND)
        assert await traffic.ask(1, 1) < 10 * SECOND
        assert [chat for chat, _ in traffic.sent] == [1]
        assert min(await asyncio.gather(*waiting)) >= 1
        assert len(traffic.sent) == AT_ONCE + 1

    asyncio.run(run())


def test_a_chat_that_is_refused_again_and_again_is_given_up():
    async def run() -> None:
        traffic = Traffic()
        traffic.refused = {7: [RetryAfter(0)] * 9}
        with pytest.raises(RetryAfter):
            await traffic.send(7)
        assert len(traffic.refused[7]) == 5

    asyncio.run(run())


def test_with_three_hundred_strangers_waiting_whoever_asked_little_comes_next():
    async def run() -> None:
        traffic = Traffic()

        async def stranger(number: int) -> None:
            for _ in range(5):
                await traffic.ask(number, number)

        strangers = [asyncio.create_task(stranger(1000 + one)) for one in range(300)]
        while len(traffic.sent) < 350:  # each of them had one answer
            await asyncio.sleep(SECOND)
        before = len(traffic.sent)
        seconds = await traffic.ask(1, 1)
        after = [chat for chat, _ in traffic.sent[before:]]
        assert after.index(1) <= 2 * AT_ONCE + 30
        assert seconds < 5 * SECOND  # 300 at 30 a second would be ten seconds
        for one in strangers:
            one.cancel()
        await asyncio.gather(*strangers, return_exceptions=True)

    asyncio.run(run())


def test_who_is_cancelled_while_waiting_keeps_no_place():
    async def run() -> None:
        turns = Turns(1)
        await turns.take((1,))
        gone, stays = asyncio.create_task(turns.take((2,))), asyncio.create_task(turns.take((3,)))
        await asyncio.sleep(0)
        gone.cancel()
        turns.give_back()
        await stays
        turns.give_back()
        assert turns.is_free

    asyncio.run(run())


@pytest.mark.parametrize("text", ["/nothing", "/stats", "/start", "/help", "/here", "😀"])
def test_every_reply_counts(library, text: str):
    with Session(library, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "9"})) as session:
        replies = [one for _ in range(100) for one in session.say(Person(5), text) if one.method == "sendMessage"]
        assert 20 <= len(replies) <= 22


def test_buttons_of_others_count(library):
    with Session(library, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "9"})) as session:
        message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}
        press = {"id": "1", "from": Person(5).as_json(), "chat_instance": "1", "message": message, "data": "1:log:0"}
        told = [one for _ in range(100) for one in session.update(callback_query=press)]
        assert 60 <= len(told) <= 62
