"""Removed reports that can be brought back, and the log of a library's changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented import CountingEmbedder

from retrieval.answers.answerer import Answerer
from retrieval.errors import DuplicateReport, NothingToRestore
from retrieval.ingest.adding import Decision, Original
from retrieval.library import Library
from retrieval.storage import undo

QUESTION = ["云溪镇2025年GDP目标是多少"]


def content_of(library: Library) -> dict[str, list[dict]]:
    """All rows, without what is numbered or stamped anew: a figure's id, a document's id, the time of adding."""
    keys = {
        "reports": "id",
        "sections": "report_id, ordinal",
        "passages": "id",
        "passages_fts": "rowid",
        "texts": "report_id",
        "vectors": "id",
        "tokens": "token",
        "figures": "report_id, start",
    }
    rows = {table: list(library.store.db.query(f"select * from {table} order by {key}")) for table, key in keys.items()}
    for table, dropped in (("reports", "document_id"), ("reports", "added_at"), ("reports", "derived"), ("figures", "id")):
        for row in rows[table]:
            del row[dropped]
    return rows


def test_a_removed_report_comes_back_as_it_was(library: Library):
    library.edit(1, {"title": "改过的标题"})
    before = content_of(library)
    answer = Answerer(library).ask(QUESTION)
    assert library.remove([1], undoable=True)[0].id == 1
    assert Answerer(library).ask(QUESTION).status == "not_found"
    assert library.verify() == []
    library.embedder.embedded.clear()
    assert library.restore(1).title == "改过的标题"
    assert library.embedder.embedded == []
    assert content_of(library) == before
    again = Answerer(library).ask(QUESTION)
    assert (again.answer, again.quotes) == (answer.answer, answer.quotes)
    assert library.verify() == []


def test_the_original_is_kept_while_it_may_come_back_and_deleted_after(library: Library, monkeypatch):
    _, original = library.original(1)
    library.remove([1], undoable=True)
    assert original.exists()
    monkeypatch.setattr(undo, "UNDO_SECONDS", -1)
    library.forget_removed()
    assert not original.exists()
    with pytest.raises(NothingToRestore):
        library.restore(1)
    assert library.verify() == []


def test_a_removal_that_was_not_to_be_undone_leaves_nothing(library: Library):
    _, original = library.original(1)
    library.remove([1])
    assert not original.exists()
    with pytest.raises(NothingToRestore):
        library.restore(1)


def test_a_report_that_was_added_again_is_not_restored_beside(library: Library, files: Path):
    library.remove([1], undoable=True)
    list(library.add([files / "yunxi.txt"]))
    with pytest.raises(DuplicateReport):
        library.restore(1)
    assert len(library.reports()) == 3


def test_restoring_twice_is_refused(library: Library):
    library.remove([2], undoable=True)
    library.restore(2)
    with pytest.raises(NothingToRestore):
        library.restore(2)


def test_every_change_is_logged_newest_first(library: Library, files: Path):
    original = Original.read((files / "two_in_one.txt").read_bytes(), "two_in_one.txt")
    added = library.add_part(original, 2, Decision({"place": "柏桥镇"}, actor="张三 (7)")).report
    assert added
    library.edit(added.id, {"plan_year": 2026}, actor="张三 (7)")
    library.remove([added.id], "李四 (8)", undoable=True)
    library.restore(added.id, "李四 (8)")
    logged = library.logged_changes(4)
    assert [(one.actor, one.action, one.report_id) for one in logged] == [
        ("李四 (8)", "restored", added.id),
        ("李四 (8)", "removed", added.id),
        ("张三 (7)", "edited", added.id),
        ("张三 (7)", "added", added.id),
    ]
    assert logged[2].edits == {"plan_year": 2026}
    assert logged[0].place == "柏桥镇"
    assert [one.action for one in library.logged_changes(9, before=logged[3].id)] == ["added"] * 3


def test_a_preview_changes_nothing(library: Library, files: Path):
    generation = library.generation
    known = Original.read((files / "yunxi.txt").read_bytes(), "yunxi.txt")
    assert library.preview(known, 1, {}).standing == "duplicate"
    newer = Original.read((files / "yunxi.txt").read_bytes() + "最后一段是新的。\n".encode(), "yunxi.txt")
    conflict = library.preview(newer, 1, {})
    assert (conflict.standing, conflict.other and conflict.other.id) == ("conflict", 1)
    assert library.preview(newer, 1, {"place": "青禾镇"}).standing == "new"
    assert library.generation == generation


def test_a_snapshot_does_not_see_what_another_changes(built: Path, open_copy, files: Path):
    reader, writer = open_copy(), None
    writer = Library.open(reader.folder, CountingEmbedder())
    with reader.snapshot():
        before = [report.id for report in reader.reports()]
        writer.remove([2])
        assert reader.store.reader.read_ids() == before
        known = {passage.id for report_id in before for passage in reader.passages(report_id)}
        assert set(reader.nearest(reader.embedder.embed_query("增"), 1000)) == known
    assert [report.id for report in reader.reports()] == [1, 3]
    writer.close()
