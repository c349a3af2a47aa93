"""A reply is told as JSON and read back: the same reply again, and one of an earlier program with what it had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.errors import UnknownReport
from retrieval.library import Library
from retrieval.replies import Reply

FILES = Path(__file__).parent.parent / "formats" / "files"
QUESTIONS = (
    ("云溪镇2025年GDP目标是多少",),
    ("云溪镇2025年GDP目标是多少", "固定资产投资呢"),
    ("云溪镇和石渡镇2025年GDP目标是多少",),
    ("石渡镇2024年财政收入是多少",),  # blank
    ("石渡镇2025年社会消费品零售总额目标",),
    ("云溪镇2024年存在哪些困难和问题",),
    ("云溪镇的报告是谁作的",),
    ("哪些报告提到了高标准农田",),
    ("没有提到高标准农田的有哪些报告",),
    ("各地2025年GDP增长目标分别是多少",),  # a table
    ("各地2024年GDP增速排名",),
    ("各地GDP增长目标，哪个最高", "平均呢"),
    ("云溪镇去年的目标完成了吗",),
    ("云溪镇近三年GDP增速",),
    ("麦泉镇2025年固定资产投资目标是多少",),  # no such place
    ("云溪镇2025年航天发射目标是多少",),  # not stated
    ("库中有哪些报告",),
    ("介绍一下云溪镇",),
    ("2025年GDP目标是多少",),
    ("你好",),
)


def told_and_read(reply: Reply, library: Library) -> Reply:
    return Reply.from_json(json.loads(json.dumps(reply.as_json(), ensure_ascii=False)), library.report)


@pytest.mark.parametrize("turns", QUESTIONS, ids=lambda turns: turns[-1])
def test_a_reply_is_the_same_when_it_is_read_back(small_library: Library, turns: tuple[str, ...]):
    reply = Answerer(small_library).ask(turns)
    assert told_and_read(reply, small_library) == reply


def test_the_questions_lead_to_every_kind_of_reply(small_library: Library):
    replies = [Answerer(small_library).ask(turns) for turns in QUESTIONS]
    assert {reply.status for reply in replies} >= {"answered", "not_found", "blank"}
    assert {reply.is_question for reply in replies} == {True, False}
    assert any(len(reply.quotes) > 2 for reply in replies)
    assert any(comparison.lines for reply in replies for comparison in reply.comparisons)
    assert any(quote.emphasis for reply in replies for quote in reply.quotes)


def test_a_default_place_is_remembered(small_library: Library):
    reply = Answerer(small_library).ask(["2025年GDP目标是多少"], "云溪镇")
    assert told_and_read(reply, small_library).assumed_place == "云溪镇"


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = Library.open(tmp_path_factory.mktemp("paged") / "library", invented.CountingEmbedder())
    assert [one.outcome for one in library.add([FILES / "report.pdf"])] == ["added"]
    yield library
    library.close()


def test_pages_are_remembered(paged: Library):
    (report,) = paged.reports()
    reply = Answerer(paged).ask([f"{report.place}的报告是谁作的"])
    assert reply.quotes[0].page == 1
    assert told_and_read(reply, paged) == reply


def test_replies_of_real_reports_are_the_same_too(sample_library: Library):
    answerer = Answerer(sample_library)
    for report in sample_library.reports():
        for what in ("GDP目标是多少", "存在哪些困难和问题", "一般公共预算收入增长多少", "主要目标", "城镇新增就业"):
            reply = answerer.ask([f"{report.place}{report.year}年{what}"])
            assert told_and_read(reply, sample_library) == reply


def test_a_reply_of_an_earlier_program_has_defaults_for_what_it_lacks(small_library: Library):
    told = Answerer(small_library).ask(["云溪镇2025年GDP目标是多少"]).as_json()
    first = {"status", "answer", "quotes", "passages", "seconds"}
    read = Reply.from_json({key: value for key, value in told.items() if key in first}, small_library.report)
    assert (read.answer, read.quotes[0].text) == (told["answer"], told["quotes"][0]["text"])
    assert (read.emphasis, read.assumed_place, read.is_question, read.comparisons) == ((), None, True, ())


def test_a_reply_on_a_report_that_is_gone_can_not_be_read(small_library: Library, empty_library: Library):
    with pytest.raises(UnknownReport):
        told_and_read(Answerer(small_library).ask(["云溪镇2025年GDP目标是多少"]), empty_library)
