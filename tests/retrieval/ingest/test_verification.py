"""verify names each kind of disagreement, and says nothing of a sound library."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from invented import CountingEmbedder

from retrieval.library import Library
from retrieval.storage.index import VectorIndex


def original(library: Library, place: str = "云溪镇") -> Path:
    row = library.store.db.execute(
        "select stored_as from documents d join reports r on r.document_id = d.id where r.place = ?", [place]
    ).fetchone()
    return library.folder / "originals" / row[0]


def index_file(library: Library) -> Path:
    (path,) = library.folder.glob("index.*.faiss")
    return path


def execute(statement: str) -> Callable[[Library], object]:
    return lambda library: library.store.db.execute(statement)


def with_another_index(change: Callable[[list[int], object], tuple]) -> Callable[[Library], None]:
    def write(library: Library) -> None:
        ids, vectors = change(*library.store.passages.stored_vectors())
        VectorIndex.of(ids, vectors).write(index_file(library))

    return write


def lift_a_null(library: Library) -> None:
    """Makes the schema forbid what the rows hold, which SQLite's own check finds."""
    library.store.db.execute("pragma writable_schema = on")
    library.store.db.execute(
        "update sqlite_schema set sql = replace(sql, 'indicator text,', 'indicator text not null,') where name = 'figures'"
    )
    library.store.db.execute("pragma writable_schema = reset")


DISAGREEMENTS = {
    "database": (lift_a_null, ["数据库自检没有通过"]),
    "dictionary": (execute("update settings set value = 'old' where key = 'dictionary'"), ["分词词典已更新"]),
    "model": (execute("update settings set value = 'other-model' where key = 'model'"), ["other-model", "counting-1"]),
    "original missing": (lambda library: original(library).unlink(), ["原文件不见了", "yunxi.txt"]),
    "original changed": (lambda library: original(library).write_text("x"), ["原文件被改动过", "yunxi.txt"]),
    "original unknown": (lambda library: (library.folder / "originals" / "stray.txt").write_text("x"), ["stray.txt"]),
    "text": (execute("update texts set text = text || '。' where report_id = 1"), ["报告 1 的正文与原文件 yunxi.txt"]),
    "outline": (execute("delete from sections where report_id = 1"), ["报告 1", "大纲没有覆盖全文"]),
    "passage": (
        execute("update passages set end = 999999 where id = (select min(id) from passages)"),
        ["报告 1", "位置不在正文之内"],
    ),
    "figure": (execute("update figures set value = '99%' where id = (select min(id) from figures)"), ["报告 1", "99%"]),
    "evidence": (execute("""update reports set evidence = '{"title": [0, 999999]}' where id = 1"""), ["报告 1", "标题的出处"]),
    "tokens missing": (
        execute("delete from passages_fts where rowid = (select min(id) from passages)"),
        ["全文索引与段落不一致：缺 1 条，多 0 条"],
    ),
    "tokens extra": (
        execute("insert into passages_fts (rowid, body, heading) values (999999, 'x', 'x')"),
        ["全文索引与段落不一致：缺 0 条，多 1 条"],
    ),
    "token counts": (execute("update tokens set passages = passages + 1"), ["全文索引中各词的段落数"]),
    "counts": (execute("update reports set passages = passages + 1 where id = 1"), ["报告 1", "记录的段落数"]),
    "index missing": (lambda library: index_file(library).unlink(), ["缺少向量索引文件"]),
    "index damaged": (lambda library: index_file(library).write_bytes(b"x"), ["向量索引文件已损坏"]),
    "index ids": (
        with_another_index(lambda ids, vectors: ([*ids[:-1], 99999], vectors)),
        ["向量索引与数据库不一致：缺 1 条，多 1 条"],
    ),
    "index vectors": (with_another_index(lambda ids, vectors: (ids, vectors[::-1])), ["向量索引中的向量与数据库不同"]),
}


@pytest.mark.parametrize("kind", DISAGREEMENTS)
def test_a_disagreement_is_named(library: Library, kind):
    assert library.verify() == []
    spoil, words = DISAGREEMENTS[kind]
    spoil(library)
    problems = library.verify()
    assert any(all(word in problem for word in words) for problem in problems), problems


REBUILT = [kind for kind in DISAGREEMENTS if not kind.startswith(("original", "database"))]


@pytest.mark.parametrize("kind", REBUILT)
def test_what_is_derived_is_put_right_by_rebuild(library: Library, kind):
    DISAGREEMENTS[kind][0](library)
    library.rebuild()
    assert library.verify() == []


def test_several_disagreements_are_all_named(library: Library):
    original(library, "云溪镇").unlink()
    original(library, "石渡镇").write_text("x")
    index_file(library).unlink()
    assert len(library.verify()) == 3


def test_a_damaged_page_is_named(open_copy: Callable[..., Library]):
    library = open_copy()
    root, size = (
        library.store.db.execute("select rootpage from sqlite_schema where name = 'passages'").fetchone()[0],
        library.store.db.execute("pragma page_size").fetchone()[0],
    )
    library.store.db.execute("pragma wal_checkpoint(truncate)")
    path = library.folder / "library.db"
    library.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(8) + b"\xff" * (size - 8))
    again = Library.open(library.folder, CountingEmbedder())
    problems = again.verify()
    again.close()
    assert any("数据库自检没有通过" in problem for problem in problems)


def test_an_empty_library_is_sound(empty_library: Library):
    assert empty_library.verify() == []
