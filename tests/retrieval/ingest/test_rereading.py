"""Language data versions itself: a library opened with other data reads its figures again, and answers meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from edited import Edited, told
from filelock import FileLock
from invented import CountingEmbedder, library_of, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.figures import extraction, version
from retrieval.ingest import rereading
from retrieval.language import data
from retrieval.library import Library

ROOT = Path(__file__).parents[3]
REPORT = two_chapters(review="2024年，星火指数达到128个，银河稻谷产量350斛。")
NEW_INDICATOR = '\n[[indicator]]\nname = "星火指数"\naliases = ["烽火值"]\nusual = "level"\nunits = ["个"]\n'


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path / "package")


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A library with one report, read with the language data as it is."""
    library_of(tmp_path, REPORT).close()
    return tmp_path / "library"


def test_a_new_indicator_answers_in_a_library_that_is_there(edited: Edited, stored: Path):
    by_name, by_alias = "松岭市2024年星火指数是多少", "松岭市2024年烽火值是多少"
    assert told(edited.ask(stored, by_name)[1][0], "128个")
    assert not told(edited.ask(stored, by_alias)[1][0], "128个")
    edited.append("indicators.toml", NEW_INDICATOR)
    left, replies = edited.ask(stored, by_name, by_alias)
    assert left == []
    assert all(told(reply, "128个") for reply in replies)


def test_a_new_unit_is_read_in_a_library_that_is_there(edited: Edited, stored: Path):
    question = "松岭市2024年银河稻谷产量是多少"
    assert not told(edited.ask(stored, question)[1][0], "350斛")
    edited.replace("lexicon/units.toml", "[things]\n", '[things]\n"斛" = {}\n')
    left, replies = edited.ask(stored, question)
    assert left == []
    assert told(replies[0], "350斛")


def test_a_new_word_has_figures_read_again(edited: Edited, stored: Path):
    edited.append("words.txt", "\n新词 weak\n")
    left, replies = edited.ask(stored, "松岭市2024年星火指数是多少")
    assert left == []
    assert told(replies[0], "128个")
    library = Library.open(stored, CountingEmbedder())  # to which, in turn, the figures are those of other data
    assert library.store.reader.read_otherwise() == []
    assert library.generation == 3  # added, read again, and read back
    library.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_library_that_can_not_be_written_answers_by_the_old_figures(edited: Edited, stored: Path):
    edited.append("indicators.toml", NEW_INDICATOR)
    stored.chmod(0o500)
    try:
        left, replies = edited.ask(stored, "松岭市2024年烽火值是多少")
        assert left == [1]
        assert told(replies[0], "128个")
    finally:
        stored.chmod(0o700)


def test_an_indicator_is_found_by_its_subject_until_figures_are_read_again(edited: Edited, stored: Path):
    edited.append("indicators.toml", NEW_INDICATOR)
    with FileLock(stored / "figures.lock"):  # another process is at it
        left, replies = edited.ask(stored, "松岭市2024年烽火值是多少", "松岭市2024年星火指数增速是多少", "松岭市2024年GDP是多少")
    assert left == [1]
    assert [told(reply, "128个") for reply in replies] == [True, False, False]


def test_the_version_is_of_the_grammar_and_of_each_file(monkeypatch):
    texts = {name: data.text_of(name) for name in version.DATA}
    versions = {version.reading_version.__wrapped__()}
    monkeypatch.setattr(data, "text_of", texts.__getitem__)
    for name, text in texts.items():
        with monkeypatch.context() as patched:
            patched.setitem(texts, name, f"{text}\n# anything")
            versions.add(version.reading_version.__wrapped__())
    monkeypatch.setattr(version, "GRAMMAR", version.GRAMMAR + 1)
    versions.add(version.reading_version.__wrapped__())
    assert len(versions) == len(version.DATA) + 2


def test_reading_figures_opens_no_file_that_the_version_does_not_know():
    code = f"""
import sys
opened = set()
sys.addaudithook(lambda event, of: opened.add(str(of[0])) if event == "open" else None)
from retrieval.ingest.understanding import understand_report
from retrieval.report.cleaning import Cleaned
understand_report(Cleaned({REPORT!r}, ()), {{}})
print(*(path.rpartition("/")[2] for path in opened if "/lexicon/" in path))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert set(run.stdout.split()) <= set(version.DATA)


# -- how it goes on ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def another_grammar(monkeypatch):
    """From its call on figures are read with another grammar."""

    def change() -> None:
        monkeypatch.setattr(version, "GRAMMAR", version.GRAMMAR + 1)
        version.reading_version.cache_clear()

    yield change
    monkeypatch.undo()
    version.reading_version.cache_clear()


class Killed(BaseException):
    """What a process that is killed in the middle comes to."""


def counting(monkeypatch, killed_at: int | None = None, wait: threading.Event | None = None) -> list[int]:
    """Counts the reports whose figures are read, and has the process killed at one of them."""
    read: list[int] = []
    read_figures = extraction.read_figures

    def counted(*arguments):
        if len(read) + 1 == killed_at:
            raise Killed()
        if wait is not None:
            assert wait.wait(30)
        read.append(len(arguments[0]))
        return read_figures(*arguments)

    monkeypatch.setattr(extraction, "read_figures", counted)
    return read


def test_a_killed_reading_goes_on_where_it_was(open_copy: Callable[..., Library], another_grammar, monkeypatch):
    open_copy().close()
    another_grammar()
    with monkeypatch.context() as patched:
        read = counting(patched, killed_at=3)
        with pytest.raises(Killed):
            open_copy()
        assert len(read) == 2
    read = counting(monkeypatch)
    library = open_copy()
    assert len(read) == 1
    assert library.store.reader.read_otherwise() == []
    assert library.verify() == []


def test_nothing_is_read_twice(open_copy: Callable[..., Library], another_grammar, monkeypatch):
    generation = open_copy().generation
    another_grammar()
    assert open_copy().generation == generation + 1
    read = counting(monkeypatch)
    assert open_copy().generation == generation + 1
    assert read == []


def test_questions_are_answered_by_the_old_figures_meanwhile(open_copy: Callable[..., Library], another_grammar, monkeypatch):
    old = open_copy()
    question = ["云溪镇2025年GDP目标是多少"]
    before = Answerer(old).ask(question)
    another_grammar()
    monkeypatch.setattr(rereading, "AT_ONCE", 0)
    go_on = threading.Event()
    counting(monkeypatch, wait=go_on)
    library = open_copy()
    assert library.rereading == (0, 3)
    assert Answerer(library).ask(question).answer == before.answer
    assert library.figures_outdated(1)
    go_on.set()
    library._rereading._thread.join()
    assert library.rereading is None
    assert not library.figures_outdated(1)
    assert library.generation == old.generation
    assert library.verify() == []


def test_closing_breaks_off_between_two_reports(open_copy: Callable[..., Library], another_grammar, monkeypatch):
    generation = open_copy().generation
    another_grammar()
    monkeypatch.setattr(rereading, "AT_ONCE", 0)
    go_on = threading.Event()
    read = counting(monkeypatch, wait=go_on)
    library = open_copy()
    threading.Timer(0.2, go_on.set).start()
    library.close()
    assert len(read) == 1
    monkeypatch.setattr(rereading, "AT_ONCE", 10)
    again = open_copy()
    assert len(read) == 3
    assert again.store.reader.read_otherwise() == []
    assert again.generation == generation + 2


def test_a_report_that_is_changed_meanwhile_keeps_what_was_read_then(
    open_copy: Callable[..., Library], another_grammar, monkeypatch
):
    other = open_copy()
    another_grammar()
    monkeypatch.setattr(rereading, "AT_ONCE", 0)
    go_on = threading.Event()
    read = counting(monkeypatch, wait=go_on)
    library = open_copy()
    with monkeypatch.context() as patched:
        patched.setattr("retrieval.ingest.understanding.read_figures", lambda *_: ())
        other.edit(1, {"title": "改过的标题"})
        other.remove([3])
    go_on.set()
    library._rereading._thread.join()
    assert len(read) == 2  # the first, which was being read by then, and the second
    assert library.figures(1) == ()
    assert library.store.reader.read_otherwise() == []
    assert library.verify() == []


def test_a_library_that_stays_locked_is_opened_all_the_same(open_copy: Callable[..., Library], another_grammar, monkeypatch):
    library = open_copy()
    another_grammar()
    monkeypatch.setattr(rereading, "_PATIENCE", 0.1)
    with FileLock(library.folder / "library.lock"):
        assert open_copy().figures_outdated(1)
    assert not open_copy().figures_outdated(1)
