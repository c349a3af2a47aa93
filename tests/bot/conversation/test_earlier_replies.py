"""Questions that an earlier program stored are shown as they were."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.conversation import evidence
from bot.conversation.memory import Conversations, StoredQuestion
from bot.conversation.state import migrations, open_state
from retrieval.library import Library
from retrieval.models import Span

ANSWER = "6%左右，云溪镇2025年地区生产总值增长目标。"
SENTENCE = "地区生产总值增长6%左右"


def packed(library: Library, *, in_words_of: str = SENTENCE, **more: object) -> str:
    """A reply as it was stored before ``Reply.as_json`` told all of it."""
    start = library.text(1).index(SENTENCE)
    end, section = start + len(in_words_of), ["二、2025年工作安排"]
    quote = {"report": 1, "section": section, "text": in_words_of, "start": start, "end": end, "emphasis": [[end - 4, end]]}
    stored = {"turns": ["云溪镇的情况"], "status": "answered", "answer": ANSWER, "assumed_place": "云溪镇", "emphasis": [[0, 4]]}
    passages = [one.id for one in library.passages(1)[:5]]
    return json.dumps({**stored, "quotes": [{**quote, **more}], "passages": passages}, ensure_ascii=False)


def stored_by_an_earlier_program(path: Path, *replies: tuple[str, str]) -> None:
    """A database as it was before its replies were whole: pairs of the status in its column and the reply."""
    db = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(db, stop_before="0004_whole_replies")
    for number, (status, reply) in enumerate(replies, 1):
        db.execute(
            "insert into questions (chat_id, user_id, thread_id, message_id, text, default_place, asked_at, open, status,"
            " seconds, reply, sent) values (7, 7, null, ?, '2025年GDP目标', '云溪镇', 0, 1, ?, 0.25, ?, '[1001]')",
            [number, status, reply],
        )
    db.close()


def question(path: Path) -> StoredQuestion:
    """The question as this program reads it."""
    with closing(open_state(path)) as state:
        stored = Conversations(state).question(1)
    assert stored is not None
    return stored


def test_an_answer_is_shown_as_it_was(library: Library, tmp_path: Path):
    stored_by_an_earlier_program(tmp_path / "1.db", ("answered", packed(library, page=3, recognised=True)))
    stored = question(tmp_path / "1.db")
    assert (stored.turns, stored.sent, stored.default_place) == (("云溪镇的情况",), (1001,), "云溪镇")
    reply = evidence.resolved(library, stored)
    assert reply is not None
    assert (reply.status, reply.answer, reply.assumed_place, reply.seconds) == ("answered", ANSWER, "云溪镇", 0.25)
    assert reply.emphasis == (Span(0, 4),)
    (quote,) = reply.quotes
    assert (quote.report, quote.section, quote.text) == (library.report(1), ("二、2025年工作安排",), SENTENCE)
    assert quote.emphasis == (Span(quote.end - 4, quote.end),)
    assert (quote.page, quote.recognised) == (3, True)


def test_further_evidence_is_there_too(library: Library, tmp_path: Path):
    stored_by_an_earlier_program(tmp_path / "1.db", ("answered", packed(library)))
    stored = question(tmp_path / "1.db")
    found, pages = evidence.more(library, stored, 0)
    assert pages == 2
    assert [one.start for one in found] == [one.start for one in library.passages(1)[:3]]


def test_a_reply_of_the_first_program_has_no_pages(library: Library, tmp_path: Path):
    stored_by_an_earlier_program(tmp_path / "1.db", ("answered", packed(library)))
    stored = question(tmp_path / "1.db")
    reply = evidence.resolved(library, stored)
    assert reply is not None
    assert (reply.quotes[0].page, reply.quotes[0].recognised) == (None, False)


@pytest.mark.parametrize("status, is_question", [("not_found", True), ("small_talk", False)])
def test_what_quotes_nothing_is_told_apart(library: Library, tmp_path: Path, status: str, is_question: bool):
    told = {"turns": [], "status": "not_found", "answer": "没有。", "assumed_place": None}
    reply = json.dumps({**told, "emphasis": [], "quotes": [], "passages": []})
    stored_by_an_earlier_program(tmp_path / "1.db", (status, reply))
    stored = question(tmp_path / "1.db")
    read = evidence.resolved(library, stored)
    assert read is not None
    assert (read.is_question, read.assumed_place, read.quotes) == (is_question, None, ())


def test_an_answer_that_the_report_no_longer_gives_is_not_shown(library: Library, tmp_path: Path):
    stored_by_an_earlier_program(tmp_path / "1.db", ("answered", packed(library, in_words_of="地区生产总值增长9%左右")))
    stored = question(tmp_path / "1.db")
    assert evidence.resolved(library, stored) is None
