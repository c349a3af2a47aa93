"""The library: adding is all or nothing; ids, corrections and removals stay; other models and versions are refused."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import invented
import pytest
from filelock import FileLock
from invented import CountingEmbedder
from sqlite_utils import Database

from retrieval.answers.answerer import Answerer
from retrieval.errors import (
    DamagedLibrary,
    EmptyCorrection,
    InvalidYear,
    LibraryBusy,
    NewerLibrary,
    OtherModel,
    StorageFailed,
    UnknownReport,
)
from retrieval.ingest import adding
from retrieval.ingest.adding import Outcome
from retrieval.library import Library
from retrieval.reach import ALL
from retrieval.search.ranking import search
from retrieval.storage import database, index, originals, writing
from retrieval.storage.indexing import index_files


def add(library: Library, *paths: Path, **options) -> list[Outcome]:
    return list(library.add(paths, **options))


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def state(library: Library) -> tuple:
    """All rows of the database and all files beside it."""
    tables = ("settings", "documents", "reports", "texts", "sections", "passages", "vectors", "passages_fts", "tokens", "figures")
    rows = {table: sorted(library.store.db.execute(f"select * from {table}").fetchall(), key=repr) for table in tables}
    files = {
        str(path.relative_to(library.folder)): path.read_bytes()
        for path in sorted(library.folder.rglob("*"))
        if path.is_file() and not path.name.startswith("library.db") and path.suffix != ".lock"
    }
    return rows, files


# -- adding -------------------------------------------------------------------------------------------------------------


def test_added_reports_are_there_with_their_counts(small_library: Library):
    assert [(one.id, one.place, one.year) for one in small_library.reports()] == [
        (1, "云溪镇", 2025),
        (2, "石渡镇", 2025),
        (3, "松岭区", 2025),
    ]
    for one in small_library.reports():
        assert one.passages == len(small_library.passages(one.id)) > 0
        assert one.figures == len(small_library.figures(one.id)) > 0
    assert small_library.verify() == []


def test_what_is_embedded_is_place_year_heading_and_sentence(empty_library: Library, files: Path):
    add(empty_library, files / "yunxi.txt")
    embedded = empty_library.embedder.embedded
    (target,) = [text for text in embedded if "主要预期目标" in text]
    assert target.startswith("云溪镇2025年")
    assert "二、2025年工作安排" in target
    (result,) = [text for text in embedded if "总数达到21家" in text]
    assert result.startswith("云溪镇2024年")
    assert "工业经济稳步提升" in result


def test_the_same_content_under_another_name_is_a_duplicate_of_the_one_named(library: Library, tmp_path: Path):
    before = state(library)
    (outcome,) = add(library, written(tmp_path, "另一个名字.md", invented.YUNXI))
    assert (outcome.outcome, outcome.report.id) == ("duplicate", 1)
    assert "1《松岭区云溪镇2024年政府工作报告》" in outcome.reason
    assert state(library) == before


@pytest.mark.parametrize(
    "changed",
    [invented.YUNXI.replace("\n", "\r\n"), "\ufeff" + invented.YUNXI, invented.YUNXI.replace("%", "％"), invented.YUNXI + "\n\n"],
    ids=["line ends", "byte order mark", "width", "blank lines"],
)
def test_the_same_words_in_other_bytes_are_a_duplicate(library: Library, tmp_path: Path, changed):
    path = tmp_path / "a.txt"
    path.write_bytes(changed.encode())
    assert [one.outcome for one in add(library, path)] == ["duplicate"]


def test_another_text_of_the_same_place_and_year_is_a_conflict(library: Library, tmp_path: Path):
    before = state(library)
    (outcome,) = add(library, written(tmp_path, "新稿.txt", invented.YUNXI.replace("6.1%", "6.2%")))
    assert (outcome.outcome, outcome.report.id) == ("conflict", 1)
    assert "--replace 1" in outcome.reason
    assert "--keep-both" in outcome.reason
    assert state(library) == before


def test_replace_keeps_the_id_and_leaves_nothing_of_the_old_one(library: Library, tmp_path: Path):
    path = written(tmp_path, "新稿.txt", invented.YUNXI.replace("6.1%", "6.2%"))
    (outcome,) = add(library, path, replace=1)
    assert (outcome.outcome, outcome.report.id, outcome.report.file) == ("added", 1, "新稿.txt")
    assert "6.2%" in library.text(1)
    assert "6.1%" not in library.text(1)
    assert len(list((library.folder / "originals").iterdir())) == 3
    assert library.verify() == []


def test_replace_of_an_unknown_report(library: Library, files: Path):
    with pytest.raises(UnknownReport, match="99"):
        add(library, files / "yunxi.txt", replace=99)


def test_replace_with_a_file_of_two_reports_is_refused(library: Library, files: Path):
    before = state(library)
    assert [one.outcome for one in add(library, files / "two_in_one.txt", replace=1)] == ["refused"]
    assert state(library) == before


def test_keep_both(library: Library, tmp_path: Path):
    (outcome,) = add(library, written(tmp_path, "新稿.txt", invented.YUNXI.replace("6.1%", "6.2%")), keep_both=True)
    assert (outcome.outcome, outcome.report.id) == ("added", 4)
    assert [one.place for one in library.reports()].count("云溪镇") == 2
    assert library.verify() == []


def test_a_folder_adds_what_is_accepted_and_a_bad_file_stops_nothing(empty_library: Library, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    written(folder, "a.txt", invented.YUNXI)
    written(folder, "b.txt", "")
    written(folder, "c.docx", "no word file")
    written(folder, "d.pdf", "%PDF")
    written(folder, ".hidden.txt", invented.SHIDU)
    written(folder, "e.txt", invented.SHIDU)
    assert [(one.file, one.outcome) for one in add(empty_library, folder)] == [
        ("a.txt", "added"),
        ("b.txt", "refused"),
        ("c.docx", "refused"),
        ("d.pdf", "refused"),
        ("e.txt", "added"),
    ]


@pytest.mark.parametrize("name", ["nowhere.txt", "sheet.xlsx", "empty.txt"])
def test_what_can_not_be_added_is_refused_with_a_reason_and_changes_nothing(library: Library, tmp_path: Path, name):
    written(tmp_path, "sheet.xlsx", "x")
    written(tmp_path, "empty.txt", "\n")
    before = state(library)
    (outcome,) = add(library, tmp_path / name)
    assert (outcome.outcome, outcome.file, outcome.report) == ("refused", name, None)
    assert name in outcome.reason
    assert state(library) == before


def test_a_folder_without_reports_is_refused(library: Library, tmp_path: Path):
    (tmp_path / "nothing").mkdir()
    assert [one.outcome for one in add(library, tmp_path / "nothing")] == ["refused"]


def test_no_government_work_report_is_added_with_what_was_not_understood(empty_library: Library, tmp_path: Path):
    (outcome,) = add(empty_library, written(tmp_path, "游记.txt", "今天天气很好。\n我们去爬山。"))
    assert outcome.outcome == "added"
    assert {"title", "place", "review_year", "plan_year", "delivered_on", "speaker"} <= set(outcome.not_understood)
    assert empty_library.verify() == []


def test_options_override_what_the_text_says(empty_library: Library, files: Path):
    given = {"place": "松岭区云溪乡", "plan_year": 2026, "review_year": 2025, "title": "新题"}
    (outcome,) = add(empty_library, files / "yunxi.txt", corrections=given)
    one = outcome.report
    assert (one.place, one.level, one.within, one.plan_year, one.review_year, one.title) == (
        "云溪乡",
        "乡镇",
        ("松岭区",),
        2026,
        2025,
        "新题",
    )


def test_progress_tells_the_stages(empty_library: Library, files: Path):
    told: list[tuple[str, int, int]] = []
    add(empty_library, files / "yunxi.txt", progress=lambda *one: told.append(one))
    assert [stage for stage, _, _ in told] == ["reading", "embedding", "embedding"]
    assert told[-1][1] == told[-1][2] == empty_library.report(1).passages


# -- several reports in a file --------------------------------------------------------------------------------------------


def test_one_of_the_reports_of_a_file_is_removed_and_stays_removed(library: Library, files: Path):
    assert [one.report.place for one in add(library, files / "two_in_one.txt")] == ["麦泉镇", "柏桥镇"]
    library.remove([4])
    assert [one.place for one in library.reports()] == ["云溪镇", "石渡镇", "松岭区", "柏桥镇"]
    assert library.rebuild() == 4
    assert [one.id for one in library.reports()] == [1, 2, 3, 5]
    assert library.verify() == []


def test_the_original_goes_with_its_last_report(library: Library, files: Path):
    add(library, files / "two_in_one.txt")
    library.remove([4])
    assert len(list((library.folder / "originals").iterdir())) == 4
    library.remove([5])
    assert len(list((library.folder / "originals").iterdir())) == 3
    assert library.verify() == []


def test_a_removed_report_of_a_file_can_be_added_again(library: Library, files: Path):
    add(library, files / "two_in_one.txt")
    library.remove([4])
    assert [one.outcome for one in add(library, files / "two_in_one.txt")] == ["added", "duplicate"]
    assert library.verify() == []


def test_nothing_is_removed_when_one_id_is_unknown(library: Library):
    before = state(library)
    with pytest.raises(UnknownReport, match="99"):
        library.remove([1, 99])
    assert state(library) == before


def test_an_id_is_not_given_twice(library: Library, tmp_path: Path):
    library.remove([3])
    (outcome,) = add(library, written(tmp_path, "a.txt", invented.SONGLING))
    assert outcome.report.id == 4


# -- correcting -------------------------------------------------------------------------------------------------------------


def test_a_correction_survives_rebuild(library: Library):
    assert library.edit(1, {"place": "松岭区云海镇", "plan_year": 2026}).place == "云海镇"
    library.edit(1, {"title": "新题"})
    library.rebuild()
    one = library.report(1)
    assert (one.place, one.within, one.plan_year, one.title) == ("云海镇", ("松岭区",), 2026, "新题")
    assert library.verify() == []


def test_a_corrected_year_moves_the_targets(library: Library):
    library.edit(1, {"plan_year": 2026})
    assert {one.year for one in library.figures(1) if one.kind == "target"} == {2026}


def test_a_chapter_headed_by_a_later_year_is_the_plan(library: Library, tmp_path):
    text = "云海镇政府工作报告\n\n各位代表：\n一、开局之年\n2024年，财政收入增长5%。\n二、2026年主要工作\n财政收入增长8%。"
    (outcome,) = add(library, written(tmp_path, "云海镇.txt", text))
    assert outcome.report is not None
    assert outcome.report.plan_year == 2026
    assert [(one.kind, one.year) for one in library.figures(outcome.report.id)] == [("actual", 2024), ("target", 2026)]


@pytest.mark.parametrize("wrong", [{"plan_year": 24}, {"review_year": 20255}, {"place": "  "}, {"title": ""}])
def test_an_impossible_correction_changes_nothing(library: Library, wrong):
    before = state(library)
    with pytest.raises((InvalidYear, EmptyCorrection)):
        library.edit(1, wrong)
    assert state(library) == before


def test_editing_an_unknown_report(library: Library):
    with pytest.raises(UnknownReport):
        library.edit(99, {"title": "新题"})


def test_rebuild_keeps_ids_of_reports_and_passages(library: Library):
    before = [[(one.id, one.start, one.end) for one in library.passages(n)] for n in (1, 2, 3)]
    assert library.rebuild() == 3
    assert [[(one.id, one.start, one.end) for one in library.passages(n)] for n in (1, 2, 3)] == before


# -- other models, other versions, damage -------------------------------------------------------------------------------------


def test_another_models_library_is_told_and_rebuilt(open_copy: Callable[..., Library], files: Path):
    library = open_copy(CountingEmbedder("counting-2"))
    assert len(library.reports()) == 3
    for refused in (
        lambda: add(library, files / "two_in_one.txt"),
        lambda: library.edit(1, {"title": "新题"}),
        lambda: search(library, "增长", ALL),
        lambda: Answerer(library).ask(["云溪镇怎么发展白茶产业"]),
    ):
        with pytest.raises(OtherModel) as error:
            refused()
        assert all(part in error.value.user_message for part in ("counting-1", "counting-2", "reportbot rebuild"))
    assert len(library.verify()) == 1
    library.rebuild()
    assert library.verify() == []
    assert search(library, "增长", ALL)


def test_a_library_of_a_newer_version_is_refused_and_left_alone(built: Path, tmp_path: Path):
    library = Library.open(tmp_path / "new", CountingEmbedder())
    table = next(name for name in library.store.db.table_names() if "migrations" in name)
    row = next(iter(library.store.db[table].rows))
    library.store.db[table].insert({**row, **({"id": None} if "id" in row else {}), "name": "9999_from_the_future"})
    library.close()
    before = (tmp_path / "new" / "library.db").read_bytes()
    with pytest.raises(NewerLibrary, match="9999_from_the_future"):
        Library.open(tmp_path / "new", CountingEmbedder())
    assert (tmp_path / "new" / "library.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_database_is_told(open_copy: Callable[..., Library], content):
    library = open_copy()
    folder = library.folder
    library.close()
    for path in folder.glob("library.db*"):
        path.unlink()
    (folder / "library.db").write_bytes(content)
    with pytest.raises(DamagedLibrary):
        Library.open(folder, CountingEmbedder())
    assert (folder / "library.db").read_bytes() == content


def test_migrations_are_numbered_and_give_the_schema():
    names = [one.name for one in database.migrations._migrations]
    assert [int(re.match(r"(\d{4})_\w+$", name)[1]) for name in names] == list(range(1, len(names) + 1))
    db = Database(memory=True)
    database.migrations.apply(db)
    assert {"settings", "documents", "reports", "sections", "passages", "passages_fts", "figures", "doomed_files"} <= set(
        db.table_names()
    )
    assert database.setting(db, "generation") == "0"


def test_the_oldest_schema_is_upgraded(tmp_path: Path):
    """A database with only the first migration applied opens, and is then at the newest."""
    folder = tmp_path / "old"
    folder.mkdir()
    db = Database(sqlite3.connect(folder / "library.db", isolation_level=None))
    database.migrations.apply(db, stop_before=second) if (second := _second()) else database.migrations.apply(db)
    db.close()
    library = Library.open(folder, CountingEmbedder())
    assert not database.migrations.pending(library.store.db)
    add(library, written(tmp_path, "a.txt", invented.YUNXI))
    assert library.verify() == []
    library.close()


def _second() -> str | None:
    names = [one.name for one in database.migrations._migrations]
    return names[1] if len(names) > 1 else None


# -- whatever goes wrong ---------------------------------------------------------------------------------------------------------


def no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


CHANGES = {
    "add": lambda library, files: add(library, files / "two_in_one.txt"),
    "replace": lambda library, files: add(library, files / "reworded.txt", replace=1),
    "edit": lambda library, files: library.edit(1, {"plan_year": 2027}),
    "remove": lambda library, files: library.remove([1]),
    "rebuild": lambda library, files: library.rebuild(),
}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    written(folder, "two_in_one.txt", invented.TWO_IN_ONE)
    written(folder, "reworded.txt", invented.YUNXI.replace("6.1%", "6.2%"))
    return folder


@pytest.mark.parametrize("change", ["add", "replace"])
def test_a_full_disk_for_the_original_changes_nothing(library: Library, sources: Path, monkeypatch, change):
    before = state(library)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_space)
        with pytest.raises(StorageFailed, match="磁盘已满"):
            CHANGES[change](library, sources)
    assert state(library) == before
    assert library.verify() == []
    CHANGES[change](library, sources)
    assert library.verify() == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_full_disk_for_the_index_only_lets_it_lag(library: Library, sources: Path, monkeypatch, change):
    held = index_files(library.folder)
    with monkeypatch.context() as patched:
        patched.setattr(index.VectorIndex, "write", no_space)
        CHANGES[change](library, sources)
    assert index_files(library.folder) == held
    assert not list(library.folder.glob("*.part"))
    assert library.verify() == []
    ids = {passage.id for report in library.reports() for passage in library.passages(report.id)}
    assert set(library.nearest(library.embedder.embed_query("增"), 1000)) == ids


def test_a_full_disk_for_the_database_changes_nothing(library: Library, sources: Path):
    long = written(
        sources, "long.txt", invented.YUNXI.replace("云溪", "青禾") + "群众的日子越过越好，社会大局保持稳定。\n" * 2000
    )
    before = state(library)
    pages = library.store.db.execute("pragma page_count").fetchone()[0]
    library.store.db.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(StorageFailed, match="磁盘已满"):
        add(library, long)
    library.store.db.execute("pragma max_page_count = 1073741823")
    assert state(library) == before
    assert library.verify() == []


STEPS = [
    (writing.Change, "_store_metadata"),
    (writing.Change, "_store_sections"),
    (writing.Change, "_store_passages"),
    (writing.Change, "store_figures"),
]


class Interrupted(BaseException):
    """What a test raises in the middle of a step."""


def interrupt(*_: object, **__: object) -> None:
    raise Interrupted


@pytest.mark.parametrize("owner, step", STEPS, ids=[step for _, step in STEPS])
def test_a_failure_in_the_middle_of_an_add_leaves_nothing(library: Library, sources: Path, monkeypatch, owner, step):
    before = state(library)
    with monkeypatch.context() as patched:
        patched.setattr(owner, step, interrupt)
        with pytest.raises(Interrupted):
            add(library, sources / "two_in_one.txt")
    assert state(library) == before
    assert [one.outcome for one in add(library, sources / "two_in_one.txt")] == ["added", "added"]
    assert library.verify() == []


@pytest.mark.parametrize("owner, step", STEPS, ids=[step for _, step in STEPS])
def test_a_failure_in_the_middle_of_a_replacement_leaves_the_old_report(
    library: Library, sources: Path, monkeypatch, owner, step
):
    before = state(library)
    with monkeypatch.context() as patched:
        patched.setattr(owner, step, interrupt)
        with pytest.raises(Interrupted):
            add(library, sources / "reworded.txt", replace=1)
    assert state(library) == before
    assert library.verify() == []


def test_what_a_crash_after_the_commit_left_is_finished_at_the_next_opening(
    open_copy: Callable[..., Library], sources: Path, monkeypatch
):
    library = open_copy()
    with monkeypatch.context() as patched:
        patched.setattr(originals, "settle", interrupt)
        with pytest.raises(Interrupted):
            add(library, sources / "two_in_one.txt")
    library.close()
    again = open_copy()
    assert [one.place for one in again.reports()] == ["云溪镇", "石渡镇", "松岭区", "麦泉镇"]
    assert again.verify() == []


def test_a_missing_or_damaged_index_is_made_anew(open_copy: Callable[..., Library]):
    library = open_copy()
    expected = [one.id for one in search(library, "农业", ALL, 5)]
    (path,) = library.folder.glob("index.*.faiss")
    library.close()
    path.write_bytes(b"no index")
    damaged = open_copy()
    assert [one.id for one in search(damaged, "农业", ALL, 5)] == expected
    damaged.close()
    path.unlink()
    missing = open_copy()
    assert [one.id for one in search(missing, "农业", ALL, 5)] == expected


def test_two_at_once_wait_for_each_other(open_copy: Callable[..., Library], sources: Path):
    first, second = open_copy(), open_copy()
    outcomes: list[str] = []
    threads = [
        threading.Thread(target=lambda: outcomes.extend(one.outcome for one in add(first, sources / "two_in_one.txt"))),
        threading.Thread(target=lambda: outcomes.extend(one.outcome for one in add(second, sources / "two_in_one.txt"))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["added", "added", "duplicate", "duplicate"]
    assert first.verify() == second.verify() == []


def test_a_change_by_another_process_is_seen(open_copy: Callable[..., Library], sources: Path):
    mine, other = open_copy(), open_copy()
    assert len(mine.reports()) == 3
    other.remove([1])
    assert [one.id for one in mine.reports()] == [2, 3]
    assert {one.report.id for one in search(mine, "增长", ALL, 100)} == {2, 3}


def test_a_folder_that_can_not_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed):
        Library.open(tmp_path / "file" / "library", CountingEmbedder())


def test_the_next_report_is_embedded_while_one_is_written(tmp_path: Path, files: Path, monkeypatch):
    embedder = CountingEmbedder()
    library = Library.open(tmp_path / "library", embedder)
    embedded: list[int] = []
    add_report = writing.Change.add
    second_done = threading.Event()
    embed = adding.embedded

    def counted(*arguments):
        vectors = embed(*arguments)
        embedded.append(len(vectors))
        if len(embedded) == 2:
            second_done.set()
        return vectors

    def waiting(self, *arguments, **options):
        assert second_done.wait(30)  # would never end if the second report were only embedded after the first is written
        return add_report(self, *arguments, **options)

    monkeypatch.setattr(adding, "embedded", counted)
    monkeypatch.setattr(writing.Change, "add", waiting)
    outcomes = library.add([files / "yunxi.txt", files / "shidu.txt", files / "missing.txt", files / "yunxi.txt"])
    assert [one.outcome for one in outcomes] == ["added", "added", "refused", "duplicate"]
    assert [one.place for one in library.reports()] == ["云溪镇", "石渡镇"]
    assert library.verify() == []
    library.close()


def test_a_library_that_stays_locked_is_told(library: Library, monkeypatch):
    monkeypatch.setattr(library.store.lock, "timeout", 0)
    with FileLock(library.folder / "library.lock"), pytest.raises(LibraryBusy):
        library.remove([1])
