"""What administrators are told before they decide: texts that are no reports, what a newer version changes; reports by their names."""

from __future__ import annotations

from collections.abc import Iterator

import invented
import pytest
from telegram_kit import TOKEN, Person, Request, Session, shown

from bot.settings import settings_from
from retrieval.library import Library

ADMIN, ALICE = Person(1, "管理员"), Person(7)
RECIPE = "红烧茄子的做法\n茄子三根切段，撒盐腌十分钟。\n锅中放油烧热，茄子炸软后捞出。\n另起锅炒香蒜末，加酱油两勺、糖一勺，倒入茄子烧五分钟即可。\n"
NEWS = "本报讯（记者 田野）1月9日，石渡镇第九届人民代表大会第三次会议开幕。镇长温有棠代表镇人民政府向大会作政府工作报告。报告指出，2024年全镇地区生产总值增长5.3%。\n"


@pytest.fixture
def session(library: Library) -> Iterator[Session]:
    with Session(library, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "1"})) as opened:
        yield opened


def only(requests: list[Request]) -> Request:
    (one,) = shown(requests)
    return one


def test_a_text_that_is_no_report_is_said_to_be_none(session: Session, library: Library):
    preview = only(session.send_file(ADMIN, "菜谱.txt", RECIPE.encode()))
    assert "这份文字不像政府工作报告" in preview.text.split("\n\n")[1]
    assert "添加" not in preview.buttons
    session.press(ADMIN, preview.buttons["仍要添加"]["callback_data"])
    assert library.reports()[-1].kind == "other"


def test_news_of_a_report_are_said_to_be_news(session: Session):
    preview = only(session.send_file(ADMIN, "新闻.txt", NEWS.encode()))
    assert "这是关于报告的新闻报道，不是报告本身" in preview.text


def test_a_report_is_called_nothing_else(session: Session):
    preview = only(session.send_file(ADMIN, "报告.txt", invented.YUNXI.replace("云溪镇", "麦泉镇").encode()))
    assert "⚠️" not in preview.text
    assert "添加" in preview.buttons


def test_what_a_newer_version_changes_is_shown_before_it_replaces(session: Session):
    newer = (
        invented.YUNXI.replace("地区生产总值增长6%左右", "地区生产总值增长6.5%左右")
        .replace("城镇新增就业不少于400人", "外贸进出口增长3%")
        .replace("（二）做优特色农业", "（二）做强茶叶产业")
    )
    text = only(session.send_file(ADMIN, "定稿.txt", newer.encode())).text
    told = text.partition("与库中那份相比")[2].partition("</blockquote>")[0]
    assert "变了的数字 1 个：" in told
    assert "地区生产总值（增速），目标　2025：6%左右 → 6.5%左右" in told
    assert "没有了的数字 1 个：\n· 城镇新增就业，目标　2025：不少于400人" in told
    assert "多出的标题 1 个：\n· （二）做强茶叶产业" in told
    assert "没有了的标题 1 个：\n· （二）做优特色农业" in told


def test_a_version_with_the_same_figures_is_said_to_have_them(session: Session):
    text = only(session.send_file(ADMIN, "定稿.txt", f"{invented.YUNXI}请予审议。\n".encode())).text
    assert "与库中那份相比</b>\n数字和标题都没有变。" in text


@pytest.mark.parametrize("command", ["/remove 石渡镇", "/remove 石渡", "/remove 石渡镇 2025年", "/remove 松岭区石渡镇"])
def test_a_report_is_removed_by_its_name(session: Session, library: Library, command: str):
    asked = only(session.say(ADMIN, command))
    assert "石渡镇" in asked.text
    session.press(ADMIN, asked.buttons["确定删除"]["callback_data"])
    assert "石渡镇" not in [one.place for one in library.reports()]


def test_a_report_is_renamed_by_its_name(session: Session):
    assert "[2] 松岭区石渡镇" in only(session.say(ADMIN, "/rename 石渡")).text


def test_which_of_several_years_is_asked(session: Session, library: Library):
    older = invented.SHIDU.replace("2025", "2020").replace("2024", "2019")
    preview = only(session.send_file(ADMIN, "旧.txt", older.encode()))
    session.press(ADMIN, preview.buttons["添加"]["callback_data"])
    listed = only(session.say(ADMIN, "/remove 石渡镇"))
    assert [row[0].split("] ")[1] for row in listed.rows] == ["石渡镇 2025年", "石渡镇 2020年"] or len(listed.rows) == 2
    assert "[4]" in only(session.say(ADMIN, "/remove 石渡镇 2020")).text


def test_a_name_that_is_not_held_is_told(session: Session):
    assert "火星镇" in only(session.say(ADMIN, "/remove 火星镇")).text


def test_questions_in_vain_are_told_by_theme_and_each_is_a_button(session: Session):
    for text in ("火星镇2025年GDP目标", "木星镇有哪些报告", "云溪镇2025年粮食产量目标是多少", "石渡镇2024年粮食产量是多少"):
        session.say(ALICE, text)
    stats = only(session.say(ADMIN, "/stats"))
    assert "粮食产量 × 2" in stats.buttons
    assert "云溪镇2025年粮食产量目标是多少" in stats.text
    theme = only(session.press(ADMIN, stats.buttons["粮食产量 × 2"]["callback_data"]))
    asked = only(session.press(ADMIN, theme.buttons["云溪镇2025年粮食产量目标是多少"]["callback_data"]))
    assert asked.text.startswith("<b>云溪镇2025年粮食产量目标是多少</b>\n\n云溪镇")
    assert only(session.press(ADMIN, asked.buttons["‹ 统计"]["callback_data"])).text.startswith("报告 3 份")
    assert only(session.press(ADMIN, asked.buttons["‹ 同类问题"]["callback_data"])).text == theme.text


def test_nobody_else_sees_what_was_asked(session: Session):
    session.say(ALICE, "云溪镇2025年粮食产量目标是多少")
    asked = only(session.say(ADMIN, "/stats")).buttons["粮食产量"]["callback_data"]
    assert shown(session.press(ALICE, asked)) == []
    session.say(ALICE, "云溪镇2025年GDP目标是多少")
    answered = session.services.conversations.question_about(ALICE.id, session.last_message_id)
    assert answered is not None
    assert shown(session.press(ADMIN, f"1:asked:{answered.id}")) == []
