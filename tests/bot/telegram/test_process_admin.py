"""The bot's administrators, over real HTTP: reports added, corrected and removed from a chat, and what they may see."""

from __future__ import annotations

import io
import re
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import pytest
from bot_api import BotApiServer
from bot_process import (
    ADMINS,
    BotProcess,
    Message,
    Talk,
    button,
    labels,
    roads,
    said,
    template,  # noqa: F401
)
from invented import SONGLING, TWO_IN_ONE, YUNXI, two_chapters

from retrieval.messages import message

_people = count(5001)
_admins = iter(ADMINS)


class Office:
    """A bot whose library changes, on its server. Each test has an administrator and places of its own."""

    def __init__(self, server: BotApiServer, bot: BotProcess) -> None:
        self.server = server
        self.bot = bot
        for number in ADMINS:
            server.private(server.user(number, f"Admin{number}", language="zh-hans"), started=True)

    def person(self) -> Talk:
        number = next(_people)
        return Talk(self.server, self.server.user(number, f"Person{number}", language="zh-hans"))

    def admin(self) -> Talk:
        return Talk(self.server, self.server.world.users[next(_admins)])


@pytest.fixture(scope="module")
def shared_office(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:  # noqa: F811
    with BotApiServer() as server:
        office = Office(server, BotProcess(server, tmp_path_factory.mktemp("office"), template))
        with office.bot:
            yield office


@pytest.fixture
def office(shared_office: Office) -> Iterator[Office]:
    before = len(shared_office.server.refusals)
    yield shared_office
    assert shared_office.bot.running
    assert [str(one) for one in shared_office.server.refusals[before:]] == []


def park_report(place: str, parks: int, review: str = "全年工作平稳。") -> str:
    return two_chapters(review=review, plan=f"新建口袋公园{parks}个，整治河道{parks + 1}公里。", place=place)


def add(admin: Talk, place: str, parks: int) -> Message:
    """Adds a report of a place by sending a file; the message that says so."""
    draft = admin.sends_file(f"{place}.txt", park_report(place, parks))
    return admin.turns(draft, button("add"), "已添加")


def parks_of(talk: Talk, place: str) -> Message:
    return talk.says(f"{place}2025年新建口袋公园多少个")


def choose(talk: Talk, listed: Message, place: str) -> None:
    """Presses the button of a report's place, on whatever page it is."""
    while not [one for one in labels(talk.now(listed)) if place in one]:
        before = talk.now(listed)["reply_markup"]
        talk.press(listed, button("next_page"))
        talk.becomes(listed, lambda one, before=before: one["reply_markup"] != before)
    talk.press(listed, next(one for one in labels(talk.now(listed)) if place in one))


# -- files --------------------------------------------------------------------------------------------------------------


def test_a_file_is_shown_as_understood_before_it_is_added(office: Office):
    admin = office.admin()
    draft = admin.sends_file("songling.txt", "第 1 页\n" + SONGLING)
    for expected in ("2025年松岭区政府工作报告", "松岭区", "2024", "2025", "（一）狠抓重点项目", "二、2025年工作安排"):
        assert expected in draft["text"]
    assert re.search(r"段落 \d+ 个", draft["text"])
    assert {button(name) for name in ("add", "fix_place", "fix_years", "cancel")} <= set(labels(draft))
    question = "松岭区2025年安排重点项目多少个"
    assert "96个" not in admin.says(question)["text"]
    added = admin.turns(draft, button("add"), "已添加")
    assert "松岭区" in added["text"]
    assert admin.says(question)["html"].startswith("<b>96个</b>")


def test_place_and_years_are_corrected_before_adding(office: Office):
    admin = office.admin()
    draft = admin.sends_file("park.txt", park_report("错字镇", 71))
    admin.press(draft, button("fix_place"))
    asked = admin.is_told(said("send_place"), draft)
    draft = admin.is_told("读到的内容", admin.send("正名镇") if asked else draft)
    assert "正名镇" in draft["text"]
    admin.press(draft, button("fix_years"))
    admin.is_told(said("send_years"), draft)
    wrong = admin.says("去年")
    assert wrong["text"] == said("not_what_was_asked")
    draft = admin.is_told("读到的内容", admin.send("2022 2023"))
    assert "2022" in draft["text"]
    assert "2023" in draft["text"]
    admin.turns(draft, button("add"), "已添加")
    assert "71个" in admin.says("正名镇2023年新建口袋公园多少个")["text"]


def test_a_cancelled_file_is_not_added(office: Office):
    admin = office.admin()
    draft = admin.sends_file("cancelled.txt", park_report("取消镇", 72))
    admin.turns(draft, button("cancel"), "已取消")
    assert "72个" not in parks_of(admin, "取消镇")["text"]
    assert admin.press(draft, button("add"))  # an old client still shows the button


def test_progress_moves_and_is_edited_at_most_once_a_second(office: Office):
    admin = office.admin()
    lines = [
        f"第{n}项工作：在{n}号村新修水渠{n}米，栽种果树{n + 3}棵，培训农民{n + 5}人次，发放补助{n + 7}元。" for n in range(1, 700)
    ]
    draft = admin.sends_file("long.txt", two_chapters(plan="\n".join(lines), place="长卷镇"))
    before = len(office.server.called("editMessageText"))
    admin.press(draft, button("add"))
    office.server.wait(lambda: "已添加" in admin.now(draft)["html"], timeout=60, what="a long report to be added")
    edits = office.server.called("editMessageText", chat_id=admin.chat.id, message_id=draft["message_id"])
    assert len(office.server.called("editMessageText")) - before == len(edits)
    texts = [one.params["text"] for one in edits]
    assert len(texts) >= 2
    assert message("stages.embedding") in "".join(texts)
    assert len(set(texts)) == len(texts)
    # The last edit is the result, which need not wait.
    pauses = [round(later.at - earlier.at, 2) for earlier, later in pairwise(edits[:-1])]
    assert [one for one in pauses if one < 0.95] == [], pauses
    assert admin.since(draft) == []


def test_a_duplicate_is_recognised(office: Office):
    admin = office.admin()
    draft = admin.sends_file("again.txt", YUNXI)
    assert "已有内容相同的报告" in draft["text"]
    assert button("add") not in labels(draft)


def test_a_newer_version_is_replaced_kept_beside_or_cancelled(office: Office):
    admin = office.admin()
    add(admin, "新版镇", 31)
    cancelled = admin.sends_file("newer.txt", park_report("新版镇", 32))
    assert {button(name) for name in ("replace", "keep_both", "cancel")} <= set(labels(cancelled))
    assert button("add") not in labels(cancelled)
    admin.turns(cancelled, button("cancel"), "已取消")
    assert "31个" in parks_of(admin, "新版镇")["text"]
    admin.turns(admin.sends_file("newer.txt", park_report("新版镇", 32)), button("replace"), "已添加")
    replaced = parks_of(admin, "新版镇")["text"]
    assert "32个" in replaced
    assert "31个" not in replaced
    admin.turns(admin.sends_file("third.txt", park_report("新版镇", 33)), button("keep_both"), "已添加")
    both = parks_of(admin, "新版镇")["text"]
    assert "32个" in both
    assert "33个" in both


def test_two_files_at_once(office: Office):
    admin = office.admin()
    mark = admin.says("/help")
    for place, parks in (("甲子镇", 41), ("乙丑镇", 42)):
        content = park_report(place, parks).encode()
        office.server.send_document(admin.chat, admin.user, f"{place}.txt", content, media_group="both")
    drafts = [admin.is_told(place, mark) for place in ("甲子镇", "乙丑镇")]
    for draft in drafts:
        admin.press(draft, button("add"))
    for draft in drafts:
        admin.becomes(draft, "已添加")
    assert "41个" in parks_of(admin, "甲子镇")["text"]
    assert "42个" in parks_of(admin, "乙丑镇")["text"]


def test_a_file_with_two_reports(office: Office):
    admin = office.admin()
    mark = admin.says("/help")
    admin.sends_file("two.txt", TWO_IN_ONE)
    drafts = [admin.is_told(place, mark) for place in ("麦泉镇", "柏桥镇")]
    assert drafts[0]["message_id"] != drafts[1]["message_id"]
    admin.turns(drafts[1], button("add"), "已添加")
    admin.turns(drafts[0], button("cancel"), "已取消")
    assert "6%以上" in admin.says("柏桥镇2025年固定资产投资增长目标")["text"]
    assert "7%以上" not in admin.says("麦泉镇2025年固定资产投资增长目标")["text"]


def test_a_forwarded_file(office: Office):
    admin = office.admin()
    origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": int(time.time())}
    draft = admin.sends_file("forwarded.txt", park_report("转发镇", 43), forward_origin=origin)
    assert "转发镇" in draft["text"]


@pytest.mark.parametrize(
    "name, content, size, hint",
    [
        ("scan.pdf", b"%PDF-1.4", None, ".docx"),
        ("huge.txt", b"x", 21 << 20, "20 MB"),
        ("broken.docx", b"PK\x03\x04nonsense", None, "损坏"),
        ("empty.txt", b" \n", None, "空"),
        ("binary.txt", bytes(range(128, 256)) * 40, None, "编码"),
    ],
)
def test_a_file_that_cannot_be_added_gets_a_sentence(office: Office, name: str, content: bytes, size: int | None, hint: str):
    admin = Talk(office.server, office.server.world.users[ADMINS[-1]])
    told = admin.sends_file(name, content, size=size)
    assert name in told["text"]
    assert hint in told["text"]
    assert len(told["text"].splitlines()) == 1
    assert not labels(told)


# -- pasting ------------------------------------------------------------------------------------------------------------


def test_a_report_is_pasted_in_several_messages(office: Office):
    admin = office.admin()
    text = park_report("粘贴镇", 51, review="\n".join(f"第{n}村面貌一新，修路{n}公里。" for n in range(12)))
    asked = admin.says("/add")
    for start in range(0, len(text), 60):
        admin.send(text[start : start + 2500])
    draft = admin.is_told("读到的内容", admin.send(button("done")))
    assert "粘贴镇" in draft["text"]
    assert draft["message_id"] > asked["message_id"]
    admin.turns(draft, button("add"), "已添加")
    assert "51个" in parks_of(admin, "粘贴镇")["text"]
    assert "第11村" in admin.says("粘贴镇2024年第11村修路多少公里")["text"]


# -- somebody waits for a report ----------------------------------------------------------------------------------------


def test_who_asked_in_vain_is_told_when_a_report_answers(office: Office):
    admin, asker, other = office.admin(), office.person(), office.person()
    asked = parks_of(asker, "等候镇")
    assert asker.press(asked, button("alert"))
    assert parks_of(other, "等候镇")
    add(admin, "无关镇", 61)
    add(admin, "等候镇", 62)
    alert = asker.is_told("62个", asked)
    assert "等候镇2025年新建口袋公园多少个" in "".join(one["text"] for one in asker.since(asked))
    assert "<blockquote" in alert["html"]
    assert "61个" not in "".join(one["text"] for one in asker.since(asked))
    assert len(other.since(asked)) <= 1


# -- removing, renaming -------------------------------------------------------------------------------------------------


def test_a_report_is_removed_and_restored_and_its_buttons_are_stale_meanwhile(office: Office):
    admin, asker = office.admin(), office.person()
    add(admin, "消失镇", 81)
    answer = parks_of(asker, "消失镇")
    assert answer["html"].startswith("<b>81个</b>")
    listed = admin.says("/remove")
    choose(admin, listed, "消失镇")
    confirm = admin.becomes(listed, lambda one: button("remove") in labels(one))
    assert "消失镇" in confirm["text"]
    assert "81个" in parks_of(asker, "消失镇")["text"]
    admin.turns(confirm, button("remove"), lambda one: button("undo") in labels(one))
    assert "81个" not in parks_of(asker, "消失镇")["text"]
    for name in ("around", "card"):
        assert re.search("失效|删除", asker.press(answer, button(name)))
    assert asker.now(answer)["html"] == answer["html"]
    admin.turns(confirm, button("undo"), "已恢复")
    assert parks_of(asker, "消失镇")["html"].startswith("<b>81个</b>")
    asker.turns(answer, button("card"), "消失镇")


def test_a_report_is_renamed(office: Office):
    admin = office.admin()
    add(admin, "旧名镇", 82)
    listed = admin.says("/rename")
    choose(admin, listed, "旧名镇")
    shown = admin.becomes(listed, lambda one: button("fix_title") in labels(one))
    for name, given in (("fix_place", "新名镇"), ("fix_years", "2021 2022"), ("fix_title", "新名镇政府二〇二二年报告")):
        admin.press(shown, button(name))
        admin.is_told(said("send_" + name.removeprefix("fix_")), listed)
        admin.is_told(said("renamed"), admin.send(given))
    answer = admin.says("新名镇2022年新建口袋公园多少个")
    assert answer["html"].startswith("<b>82个</b>")
    assert "《新名镇政府二〇二二年报告》" in answer["text"]
    assert "82个" not in parks_of(admin, "旧名镇")["text"]


# -- what administrators see --------------------------------------------------------------------------------------------


def test_stats_count_and_list_what_was_asked_in_vain(office: Office):
    admin, asker = office.admin(), office.person()
    before = admin.says("/stats")["text"]
    asker.says("云溪镇2025年月球基地投资目标是多少")
    asker.press(asker.says("云溪镇2024年固定资产投资是多少"), "👎")
    after = admin.says("/stats")["text"]
    in_vain, _, disliked = after.partition(said("disliked"))
    assert "月球基地" in in_vain
    assert "月球基地" not in disliked
    assert "云溪镇2024年固定资产投资是多少" in disliked
    counts = [int(re.search(r"提问 (\d+) 个", text)[1]) for text in (before, after)]  # type: ignore[index]
    assert counts[1] == counts[0] + 2
    with sqlite3.connect(office.bot.library / "library.db") as database:
        reports = next(iter(database.execute("select count(*) from reports")))[0]
    assert re.search(rf"报告 {reports} 份", after)


def test_the_log_says_who_did_what(office: Office):
    admin = office.admin()
    add(admin, "日志镇", 91)
    log = admin.says("/log")["text"]
    newest = log.split("\n\n")[1]
    assert "日志镇" in newest
    assert "添加" in newest
    assert f"Admin{admin.user.id}" in newest
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d", newest)
    listed = admin.says("/remove")
    choose(admin, listed, "日志镇")
    confirm = admin.becomes(listed, lambda one: button("remove") in labels(one))
    admin.turns(confirm, button("remove"), lambda one: button("undo") in labels(one))
    assert "删除" in admin.says("/log")["text"].split("\n\n")[1]


def test_the_originals_are_exported(office: Office):
    admin = office.admin()
    admin.send("/export")
    server = office.server
    (sent, *_) = server.wait(lambda: [one for one in server.uploaded if one.chat == admin.chat.id], what="the archive")
    with zipfile.ZipFile(io.BytesIO(sent.bytes)) as archive:
        contents = [archive.read(name) for name in archive.namelist()]
        names = " ".join(archive.namelist())
    assert YUNXI.encode() in contents
    assert "yunxi.txt" in names


# -- who may --------------------------------------------------------------------------------------------------------------


def test_commands_of_administrators_do_not_exist_for_others(office: Office):
    asker = office.person()
    unknown = asker.says("/nosuch")["text"]
    for command in ("/stats", "/add", "/remove", "/rename 1", "/explain", "/log", "/admins 5", "/export"):
        assert asker.says(command)["text"] == unknown, command


def test_commands_of_administrators_are_in_their_menu_only(office: Office):
    menus = office.server.commands
    reserved = {"add", "remove", "rename", "stats", "explain", "log", "admins", "export"}
    for (scope, chat, _), commands in menus.items():
        listed = {one["command"] for one in commands}
        assert reserved <= listed if scope == "chat" and chat in ADMINS else not reserved & listed, (scope, chat)
    assert ("chat", ADMINS[0], "") in menus


def test_an_administrator_is_added_and_removed(office: Office):
    admin, new = office.admin(), office.person()
    unknown = new.says("/nosuch")["text"]
    listed = admin.says(f"/admins {new.user.id}")
    assert str(new.user.id) in listed["text"]
    office.server.wait(lambda: ("chat", new.user.id, "") in office.server.commands, what="the new menu")
    assert new.says("/stats")["text"].startswith("报告")
    add(new, "新手镇", 92)
    shown = admin.says("/admins")
    admin.press(shown, message("buttons.remove_admin", name=new.user.first_name))
    admin.becomes(shown, lambda one: str(new.user.id) not in one["text"])
    assert new.says("/stats")["text"] == unknown
    assert new.sends_file("more.txt", park_report("再添镇", 93))["text"] == said("not_a_question_file")
    menu = office.server.commands.get(("chat", new.user.id, ""), [])
    assert "stats" not in [one["command"] for one in menu]


def test_an_administrator_who_comes_later_gets_the_menu(shared_office: Office):
    """Telegram refuses a menu for a chat that does not exist yet, so that refusal is expected here."""
    office = shared_office
    admin, new = office.admin(), office.person()
    admin.says(f"/admins {new.user.id}")
    refused = [one for one in office.server.refusals if str(new.user.id) in str(one.params)]
    for one in refused:
        office.server.refusals.remove(one)
    assert new.says("/start")
    assert new.says("/stats")["text"].startswith("报告")
    office.server.wait(lambda: ("chat", new.user.id, "") in office.server.commands, timeout=3, what="the menu")


def test_at_the_end_nothing_was_refused_and_the_library_is_whole(shared_office: Office):
    assert [str(one) for one in shared_office.server.refusals] == []
    assert roads(3) in shared_office.person().says("枫桥镇2025年新建农村公路多少公里")["text"]
    assert "Traceback" not in shared_office.bot.output
