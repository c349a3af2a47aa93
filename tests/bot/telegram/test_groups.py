"""Messages that point to others: replies to answers, quoted parts, captions, forwarded questions, and what somebody wrote."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from telegram.error import BadRequest
from telegram_kit import BOT, TOKEN, Person, Request, Session, shown

from bot.settings import settings_from
from retrieval.library import Library

ADMIN, ALICE, BOB = Person(1, "管理员"), Person(7), Person(8, "李四")
GROUP = -100500
QUESTION = "云溪镇2025年GDP目标是多少"
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}]


@pytest.fixture
def session(library: Library) -> Iterator[Session]:
    with Session(library, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "1"})) as opened:
        yield opened


def answer(requests: list[Request]) -> str:
    return shown(requests)[0].text


def message(sender: dict[str, Any], message_id: int, chat: int = GROUP, **content: Any) -> dict[str, Any]:
    kind = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
    return {"message_id": message_id, "date": int(time.time()), "chat": kind, "from": sender, **content}


def of_bot(session: Session, chat: int = GROUP) -> dict[str, Any]:
    """The last message that the bot sent."""
    return message(BOT, session.request.last_id, chat, text="答案")


def quote(text: str) -> dict[str, Any]:
    return {"text": text, "position": 0, "is_manual": True}


def test_a_reply_goes_on_from_that_answer_whoever_asks(session: Session):
    session.say(ALICE, f"@report_bot {QUESTION}", GROUP)
    replied = of_bot(session)
    session.say(BOB, "@report_bot 松岭区2024年GDP是多少", GROUP)
    assert "<b>7%以上，力争8%</b>，云溪镇2025年" in answer(session.say(BOB, "固定资产投资呢", GROUP, reply_to_message=replied))
    assert "云溪镇2025年一般公共预算收入" in answer(session.say(BOB, "@report_bot 一般公共预算收入呢", GROUP))


def test_a_reply_goes_on_from_an_answer_that_is_not_the_last(session: Session):
    session.say(ALICE, QUESTION)
    replied = of_bot(session, ALICE.id)
    session.say(ALICE, "松岭区2024年GDP是多少")
    assert "云溪镇2025年固定资产投资" in answer(session.say(ALICE, "固定资产投资呢", reply_to_message=replied))


def test_a_complete_question_takes_nothing_from_what_it_replies_to(session: Session):
    session.say(ALICE, f"@report_bot {QUESTION}", GROUP)
    asked = session.say(BOB, "石渡镇2024年GDP是多少", GROUP, reply_to_message=of_bot(session))
    assert "<b>11.6亿元，增长5.3％</b>，石渡镇2024年地区生产总值" in answer(asked)


def test_a_reply_to_a_question_goes_on_from_it(session: Session):
    asked = message(ALICE.as_json(), 900, text=QUESTION)
    assert "石渡镇2025年地区生产总值增长目标" in answer(session.say(BOB, "@report_bot 石渡镇呢", GROUP, reply_to_message=asked))


def test_the_part_that_is_quoted_is_what_is_meant(session: Session):
    session.say(ALICE, "@report_bot 云溪镇2025年GDP目标和固定资产投资目标是多少", GROUP)
    asked = session.say(BOB, "去年完成了多少", GROUP, reply_to_message=of_bot(session), quote=quote("固定资产投资增长7%以上"))
    assert "云溪镇2024年固定资产投资" in answer(asked)


@pytest.mark.parametrize("asks", ["这个对吗", "帮忙核实一下", "真的假的？"])
@pytest.mark.parametrize("said, verdict", [("云溪镇2024年GDP增长6.1%", "对，"), ("听说云溪镇去年GDP增长了8%。", "不对，")])
def test_what_somebody_wrote_is_checked(session: Session, said: str, verdict: str, asks: str):
    written = message(BOB.as_json(), 900, text=said)
    assert answer(session.say(ALICE, f"@report_bot {asks}", GROUP, reply_to_message=written)).startswith(verdict)


def test_of_a_long_message_the_quoted_part_is_checked(session: Session):
    written = message(BOB.as_json(), 900, text="今天开会。" * 200 + "云溪镇2024年GDP增长9%。")
    asked = session.say(ALICE, "@report_bot 这个对吗", GROUP, reply_to_message=written, quote=quote("云溪镇2024年GDP增长9%"))
    assert answer(asked).startswith("不对，")


def test_the_figures_below_a_photo_are_checked(session: Session):
    written = message(BOB.as_json(), 900, photo=PHOTO, caption="云溪镇2024年GDP增长6.1%，城镇新增就业300人")
    lines = answer(session.say(ALICE, "@report_bot 这些对吗", GROUP, reply_to_message=written)).split("\n")
    assert [line.split("，")[0] for line in lines[:2]] == ["对", "不对"]


def test_a_caption_is_a_question(session: Session):
    mention = [{"type": "mention", "offset": 0, "length": len("@report_bot")}]
    captioned = {"photo": PHOTO, "caption": f"@report_bot {QUESTION}", "caption_entities": mention}
    assert answer(session.update(message=session.message(ALICE, GROUP, **captioned))).startswith("<b>6%左右</b>")
    alone = session.message(ALICE, None, photo=PHOTO, caption=QUESTION)
    assert answer(session.update(message=alone)).startswith("<b>6%左右</b>")


def test_a_photo_without_words_is_still_none(session: Session):
    assert "6%" not in answer(session.update(message=session.message(ALICE, None, photo=PHOTO)))


def test_a_forwarded_question_is_asked_for_itself(session: Session):
    session.say(ALICE, "石渡镇2024年GDP是多少")
    origin = {"type": "hidden_user", "date": int(time.time()), "sender_user_name": "王五"}
    forwarded = session.say(ALICE, "固定资产投资目标是多少", forward_origin=origin)
    assert "云溪镇" in answer(forwarded)
    assert "按上一问" not in answer(forwarded)
    session.say(ALICE, QUESTION, forward_origin=origin)
    assert "云溪镇2025年固定资产投资" in answer(session.say(ALICE, "固定资产投资呢"))


def test_a_reply_without_words_asks_what_it_points_to(session: Session):
    written = message(BOB.as_json(), 900, text=QUESTION)
    assert answer(session.say(ALICE, "@report_bot", GROUP, reply_to_message=written)).startswith("<b>6%左右</b>")


def test_the_words_that_are_a_question_are_marked_in_the_reply(session: Session):
    asked = shown(session.say(ALICE, f"@report_bot 谢谢！{QUESTION}", GROUP))
    assert asked[0].parameters["reply_parameters"]["quote"] == QUESTION
    alone = shown(session.say(ALICE, QUESTION, GROUP, reply_to_message=of_bot(session)))
    assert "quote" not in alone[0].parameters["reply_parameters"]


def test_marked_words_that_stand_there_no_more_are_left_out(session: Session, monkeypatch: pytest.MonkeyPatch):
    result = session.request._result

    def refused(endpoint: str, values: dict[str, Any]) -> Any:
        if "quote" in values.get("reply_parameters", {}):
            raise BadRequest("Message quote is invalid")
        return result(endpoint, values)

    monkeypatch.setattr(session.request, "_result", refused)
    marked, plain = shown(session.say(ALICE, f"@report_bot {QUESTION}", GROUP))
    assert "quote" in marked.parameters["reply_parameters"]
    assert "quote" not in plain.parameters["reply_parameters"]
    assert "6%左右" in plain.text


@pytest.mark.parametrize("said", ["谢谢", "辛苦了！", "好的", "厉害"])
def test_thanks_in_a_group_get_a_reaction_instead_of_a_message(session: Session, said: str):
    session.say(ALICE, f"@report_bot {QUESTION}", GROUP)
    (reaction,) = session.say(ALICE, said, GROUP, reply_to_message=of_bot(session))
    assert reaction.method == "setMessageReaction"
    assert shown(session.say(ALICE, said))  # in private, words


def test_a_sign_gets_a_reaction_everywhere(session: Session):
    assert [one.method for one in session.say(ALICE, "👍")] == ["setMessageReaction"]


def test_where_a_chat_allows_no_reactions_words_have_to_do(session: Session):
    session.request.failures["setMessageReaction"] = BadRequest("Reaction_invalid")
    assert shown(session.say(ALICE, "@report_bot 谢谢", GROUP))
