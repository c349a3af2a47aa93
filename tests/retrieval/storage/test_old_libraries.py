"""Libraries as each earlier program left them: opened, migrated, and after `rebuild` equal to a fresh one.

``old_libraries/<migration>.zip`` was written by the program whose newest migration that was: 云溪镇 and 石渡镇 of
``invented``, by its CountingEmbedder, the second one's title corrected.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import invented
import pytest
from invented import CountingEmbedder

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.storage import database

OLD = sorted((Path(__file__).parents[2] / "old_libraries").glob("*.zip"))
STAMPS = {"reports": {"added_at", "derived"}, "documents": {"added_at"}, "figures": {"id"}}


def content_of(library: Library) -> dict[str, list[dict]]:
    tables = ("documents", "reports", "texts", "sections", "passages", "vectors", "passages_fts", "tokens", "figures")
    return {
        table: [
            {key: value for key, value in row.items() if key not in STAMPS.get(table, ())}
            for row in library.store.db.query(f"select * from {table} order by 1, 2")
        ]
        for table in tables
    }


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def fresh(tmp_path: Path, files: Path):
    library = Library.open(tmp_path / "fresh", CountingEmbedder())
    assert [one.outcome for one in library.add([files / "yunxi.txt"])] == ["added"]
    assert [one.outcome for one in library.add([files / "shidu.txt"])] == ["added"]
    library.edit(2, {"title": "改过的标题"})
    yield library
    library.close()


def test_there_is_one_of_every_earlier_schema():
    earlier = [migration.name[:4] for migration in database.migrations._migrations][:-1]
    assert [path.stem for path in OLD] == earlier


def test_an_old_library_answers_and_only_its_tokens_are_old(old: Path):
    library = Library.open(old, CountingEmbedder())
    assert [report.title for report in library.reports()] == ["松岭区云溪镇2024年政府工作报告", "改过的标题"]
    assert [report.passages for report in library.reports()] == [len(library.passages(1)), len(library.passages(2))]
    reply = Answerer(library).ask(["云溪镇2025年GDP目标是多少"])
    assert (reply.status, bool(reply.quotes), bool(reply.passages)) == ("answered", True, True)
    assert [problem for problem in library.verify() if "分词词典已更新" not in problem] == []
    library.close()


def test_a_rebuilt_old_library_equals_a_fresh_one(old: Path, fresh: Library):
    library = Library.open(old, CountingEmbedder())
    library.rebuild()
    assert library.verify() == []
    assert content_of(library) == content_of(fresh)
    library.close()


def test_a_report_is_added_to_an_old_library(old: Path, tmp_path: Path):
    path = tmp_path / "songling.txt"
    path.write_text(invented.SONGLING, encoding="utf-8")
    library = Library.open(old, CountingEmbedder())
    assert [one.outcome for one in library.add([path])] == ["added"]
    assert [one.id for one in library.reports()] == [1, 2, 3]
    library.close()
