"""Hostile input: whatever is sent, one clear sentence comes back, soon, and nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import bad_inputs
import pytest
from bad_inputs import BAD, BAD_ARCHIVES
from hypothesis import given
from hypothesis import strategies as st

from retrieval import errors
from retrieval.errors import ReaderFailed, ReadingTooSlow, ReportBotError, UnpacksTooLarge
from retrieval.library import Library
from retrieval.reading import limits, sandbox
from retrieval.reading.archives import member_name
from retrieval.reading.loading import read_file, read_path, unpacked
from retrieval.reading.names import safe_name

ROOT = Path(__file__).parents[3]
SOON = 60.0  # seconds; none of these takes five on an idle machine


def refused(read, content: bytes, name: str) -> ReportBotError:
    started = time.monotonic()
    with pytest.raises(ReportBotError) as caught:
        read(content, name)
    assert time.monotonic() - started < SOON
    return caught.value


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_gives_its_sentence(what: str):
    name, make, kind = BAD[what]
    if kind == "NoTextRecognised":
        pytest.importorskip("rapidocr", reason="the extra ocr is not installed")
    error = refused(read_file, make(), name)
    assert type(error) is getattr(errors, kind)
    assert name in error.user_message


@pytest.mark.parametrize("what", BAD_ARCHIVES)
def test_a_bad_archive_gives_its_sentence(what: str):
    name, make, kind = BAD_ARCHIVES[what]
    error = refused(unpacked, make(), name)
    assert type(error) is getattr(errors, kind)


def test_a_directory_that_declares_too_little_gives_no_more_than_it_declares():
    lying = bad_inputs.zeros(1 << 28, declared=100, name="word/document.xml")
    assert isinstance(refused(read_file, lying, "a.docx"), errors.DamagedFile)


def test_what_is_nested_deeply_does_not_bring_the_reader_down_with_the_bot():
    for content, name in ((bad_inputs.deep_html(), "a.html"), (bad_inputs.deep_rtf(), "a.rtf")):
        with suppress(ReportBotError):
            read_file(content, name)


@pytest.mark.parametrize("make, name", [(bad_inputs.external_entity, "a.odt"), (bad_inputs.external_entity_in_word, "a.docx")])
def test_an_external_entity_is_not_followed(make, name: str, tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("绝密内容", encoding="utf-8")
    with suppress(errors.DamagedFile):
        assert "绝密" not in read_file(make(secret), name).text


@pytest.mark.parametrize("make", [lambda: bad_inputs.entries(200_000), bad_inputs.unfolding_type])
@pytest.mark.parametrize("read", ["read_file", "unpacked"])
def test_what_a_package_holds_is_looked_at_in_the_child(make, read: str, tmp_path: Path):
    """The process that reads it grows by the file itself and little more."""
    (tmp_path / "bad").write_bytes(make())
    code = f"""
import resource, sys
from pathlib import Path
from retrieval.errors import ReportBotError
from retrieval.reading.loading import {read}
content = Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    {read}(content, "报告.zip")
except ReportBotError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    command = [sys.executable, "-c", code, str(tmp_path / "bad")]
    grown = subprocess.run(command, capture_output=True, text=True, timeout=SOON, check=True, cwd=ROOT).stdout
    assert int(grown) < 60 << 10


def test_a_table_in_a_table_is_read_once():
    depth = 40
    text = read_file(bad_inputs.tables_in_tables(depth), "表.docx").text
    assert [text.count(f"第{level}层") for level in range(depth)] == [1] * depth


# -- the child process ----------------------------------------------------------------------------------------------------


def child_doing(monkeypatch, tmp_path: Path, code: str) -> None:
    """The child process does ``code`` in place of reading."""
    path = tmp_path / "child.py"
    path.write_text(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}", encoding="utf-8")
    monkeypatch.setattr(sandbox, "_CHILD", path)


def read_anything() -> str:
    return sandbox.read_in_child(b"x", "a.docx", "docx", lambda *_: None).text


@pytest.mark.parametrize(
    "code", ["import os; os.abort()", "import os; os._exit(3)", "raise ValueError", "print('nonsense ' * 9)"]
)
def test_a_reader_that_crashes_is_one_sentence(monkeypatch, tmp_path: Path, code: str):
    child_doing(monkeypatch, tmp_path, code)
    with pytest.raises(ReportBotError, match=r"a\.docx"):
        read_anything()


def test_a_reader_that_hangs_is_stopped(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(limits, "SILENT_SECONDS", 1)
    child_doing(monkeypatch, tmp_path, "import time; time.sleep(1000)")
    with pytest.raises(ReadingTooSlow):
        read_anything()


def test_a_reader_that_makes_progress_for_ever_is_stopped(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(limits, "WHOLE_SECONDS", 2)
    code = (
        "import os, time\nfrom retrieval.reading import child\nwhile 1: child._send(1, b'p', ['reading', 1, 2]); time.sleep(0.1)"
    )
    child_doing(monkeypatch, tmp_path, code)
    with pytest.raises(ReadingTooSlow):
        read_anything()


def test_a_reader_that_says_too_much_is_stopped(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(limits, "RESULT_BYTES", 1 << 20)
    child_doing(monkeypatch, tmp_path, "import os\nwhile 1: os.write(1, b'p\\xff\\xff\\xff\\xff' * 9999)")
    with pytest.raises(UnpacksTooLarge):
        read_anything()


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")
def test_a_reader_has_only_so_much_memory_and_time(monkeypatch, tmp_path: Path):
    start = "from retrieval.reading import child, limits\n"
    child_doing(monkeypatch, tmp_path, f"{start}child.restrict()\nx = bytearray(limits.MEMORY + 1)\n")
    with pytest.raises(ReaderFailed):
        read_anything()
    child_doing(monkeypatch, tmp_path, f"{start}limits.CPU_SECONDS = 1\nchild.restrict()\nwhile 1: pass\n")
    with pytest.raises(ReadingTooSlow):
        read_anything()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_a_reader_has_started_ends_with_it(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(limits, "SILENT_SECONDS", 2)
    note = tmp_path / "pid"
    code = f"import subprocess, time; p = subprocess.Popen(['sleep', '1000']); open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(99)"
    child_doing(monkeypatch, tmp_path, code)
    with pytest.raises(ReadingTooSlow):
        read_anything()
    state = Path(f"/proc/{note.read_text()}/stat")
    deadline = time.monotonic() + 10
    while state.exists() and state.read_text().split()[2] != "Z" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not state.exists() or state.read_text().split()[2] == "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux to end the child")
def test_a_reader_ends_with_the_bot(tmp_path: Path):
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\nfrom retrieval.reading import child\n"
        "if os.fork() == 0:\n child.end_with_the_parent(); print(os.getpid(), flush=True); import time; time.sleep(1000)\n"
        "import time; time.sleep(1000)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(ROOT)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        if Path(f"/proc/{pid}").exists():
            os.kill(pid, signal.SIGKILL)
            pytest.fail("the reader lives on")


def test_a_reader_sees_nothing_of_the_environment(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "12345:secret")
    code = (
        "import os\nfrom retrieval.reading import child\nfrom retrieval.reading.raw import RawText\n"
        "child._send(1, b'r', RawText(repr(dict(os.environ))).as_json())"
    )
    child_doing(monkeypatch, tmp_path, code)
    assert "secret" not in read_anything()


def test_nothing_stays_behind(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    name, make, _ = BAD["截断的 .docx"]
    refused(read_file, make(), name)
    read_file((bad_inputs.FILES / "report.docx").read_bytes(), "a.docx")
    assert list(tmp_path.iterdir()) == []


def test_readings_run_side_by_side():
    content = (bad_inputs.FILES / "report.docx").read_bytes()
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(read_file(content, "a.docx").text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 4
    assert len(set(texts)) == 1


# -- names ----------------------------------------------------------------------------------------------------------------

NAMES = {
    "../../etc/passwd": "passwd",
    "/etc/报告.txt": "报告.txt",
    "C:\\Users\\x\\报告.docx": "报告.docx",
    "报\x1b[31m告\n.txt": "报·[31m告·.txt",
    "txt.\u202ecod.exe": "txt.·cod.exe",
    "报\udcff告.txt": "报·告.txt",
    "..": "..",
    "/": "·",
    "": "·",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_one_visible_line_without_a_path(name: str):
    assert safe_name(name) == NAMES[name]


@given(st.text(st.characters(), max_size=300))
def test_any_name_can_be_shown_and_stored(name: str):
    shown = safe_name(name)
    assert shown
    assert shown.isprintable()
    assert len(shown) <= limits.NAME_CHARACTERS
    shown.encode()
    assert safe_name(shown) == shown


def test_paths_of_an_archive_lead_nowhere(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    evil = {
        "../../evil.txt": "云溪镇一",
        "/tmp/evil2.txt": "云溪镇二",
        "a\\..\\evil3.txt": "云溪镇三",
        "C:/evil4.txt": "云溪镇四",
    }
    found = unpacked(bad_inputs.package(evil), "a.zip")
    assert [name for name, _ in found] == ["evil.txt", "evil2.txt", "evil3.txt", "evil4.txt"]
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_an_archive_is_a_file_like_any_other():
    info = zipfile.ZipInfo("链接.txt")
    info.external_attr = 0o120777 << 16
    import io

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert unpacked(stream.getvalue(), "a.zip") == [("链接.txt", b"/etc/passwd")]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_a_flag_are_read_in_either_encoding(encoding: str):
    info = zipfile.ZipInfo("青禾镇/报告.txt".encode(encoding).decode("cp437"))
    info.flag_bits = 0
    assert member_name(info) == "青禾镇/报告.txt"


def test_a_pipe_is_no_file(tmp_path: Path):
    os.mkfifo(tmp_path / "报告.txt")
    with pytest.raises(errors.UnreadableFile):
        read_path(tmp_path / "报告.txt")


# -- text is text ---------------------------------------------------------------------------------------------------------


def test_text_that_looks_like_code_is_kept_as_text(empty_library: Library, tmp_path: Path):
    evil = "'; drop table reports; -- {0.__class__} %s $(rm -rf /) <script>alert(1)</script> /remove 1"
    text = f"2025年云溪镇政府工作报告\n\n各位代表：\n一、2024年工作回顾\n{evil}。\n二、2025年工作安排\n地区生产总值增长6%左右。\n"
    path = tmp_path / "{file}'; drop table documents; --.txt"
    path.write_text(text, encoding="utf-8")
    (added,) = empty_library.add([path])
    assert added.outcome == "added"
    assert evil in empty_library.text(1)
    assert empty_library.verify() == []
