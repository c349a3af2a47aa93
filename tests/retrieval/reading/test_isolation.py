"""A reader that was taken over: whatever it tries, it has nothing of the process that started it, nor of the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.reading import isolation
from retrieval.reading.loading import read_file
from retrieval.reading.readers import WITH_PROGRAMS

ROOT = Path(__file__).parents[3]
SECRET = "12345:the-token-of-the-bot"
pytestmark = pytest.mark.skipif(
    isolation.missing_layers() != [], reason="this kernel has not both layers; `reportbot doctor` says so"
)

# Each prints what it got; nothing is what it should get. {here} is a folder with .env and a library in it.
READING = {
    "the settings": "print(open('{here}/.env').read())",
    "the library": "print(open('{here}/data/library.db').read())",
    "a folder": "print(os.listdir('{here}'))",
    "the environment of who started it": "print(open(f'/proc/{os.getppid()}/environ').read())",
    "the memory of who started it": "open(f'/proc/{os.getppid()}/mem', 'rb'); print('opened')",
    "the files of who started it": "print([os.readlink(f'/proc/{os.getppid()}/fd/{n}') for n in range(3)])",
    "its memory by the call": """
libc = ctypes.CDLL(None, use_errno=True)
if libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0) == 0: print('read')""",
    "tracing it": "if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0: print('traced')",
    "the home of its user": "print(os.listdir(os.path.expanduser('~root')) or os.listdir('/home'))",
    "accounts": "print(open('/etc/shadow').read())",
}
WRITING = {
    "a file elsewhere": "open('{here}/new', 'w').write('x'); print('written')",
    "a report that is there": "open('{here}/data/library.db', 'a').write('x'); print('written')",
    "deleting": "os.unlink('{here}/.env'); print('deleted')",
    "renaming": "os.rename('{here}/.env', 'mine'); print('moved')",
    "cutting off": "os.truncate('{here}/.env', 0); print('cut')",
    "a link": "os.symlink('{here}', 'l'); print(os.listdir('l'))",
    "the program itself": "open('{root}/retrieval/errors.py', 'a').close(); print('opened')",
}
REACHING = {
    "the network": "socket.create_connection(('127.0.0.1', {port}), 2); print('connected')",
    "listening": "socket.create_server(('127.0.0.1', 0)); print('listens')",
    "datagrams": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port})); print('sent')",
    "raw packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW); print('opened')",
    "signals to who started it": "os.kill(os.getppid(), 0); print('signalled')",
    "signals to all": "os.kill(-1, 0); print('signalled')",
    "signals by a handle": "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0); print('signalled')",
    "limits of who started it": "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)); print('limited')",
    "the priority of who started it": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19); print('held up')",
    "the scheduling of who started it": "os.sched_setscheduler(os.getppid(), os.SCHED_IDLE, os.sched_param(0)); print('held up')",
    "namespaces": "if ctypes.CDLL(None).unshare(0x10000000) == 0: print('unshared')",
    "mounts": "if ctypes.CDLL(None).mount(b'none', b'/', None, 0, None) == 0: print('mounted')",
}
STARTING = {
    "a program": "print(subprocess.run(['/bin/echo', 'started'], capture_output=True, text=True).stdout)",
    "a process": "print(os.fork())",
    "a program of its own": "open('p', 'w').write('#!/bin/sh\\necho started'); os.chmod('p', 0o755); os.execv('./p', ['p'])",
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder as the program's may be: with settings and a library in it."""
    (tmp_path / ".env").write_text(SECRET)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.db").write_text(SECRET)
    return tmp_path


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def got(code: str, here: Path, port: int, programs: bool, root: Path = ROOT) -> str:
    """What code prints inside the walls; its own folder is empty. ``root`` is where the program lies."""
    home = here.parent / f"{here.name}-home"
    home.mkdir()
    for name, value in (("here", here), ("root", root), ("port", port)):
        code = code.replace(f"{{{name}}}", str(value))
    lines = ["import ctypes, os, resource, signal, socket, subprocess, sys", f"sys.path.insert(0, {str(root)!r})"]
    lines += ["from pathlib import Path", "from retrieval.reading.isolation import isolate"]
    lines += [f"isolate(Path.cwd(), {programs})", "print('inside', flush=True)", "try:"]
    lines += [f"    {line}" for line in code.strip().splitlines()] + ["except (OSError, subprocess.SubprocessError): pass"]
    ran = subprocess.run([sys.executable, "-I", "-c", "\n".join(lines)], capture_output=True, text=True, cwd=home, timeout=60)
    assert ran.stdout.startswith("inside"), ran.stderr
    return ran.stdout.removeprefix("inside").strip()


@pytest.mark.parametrize("programs", [False, True])
@pytest.mark.parametrize("what", [*READING, *WRITING, *REACHING])
def test_it_gets_nothing(what: str, programs: bool, here: Path, port: int, monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", SECRET)
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    assert got({**READING, **WRITING, **REACHING}[what], here, port, programs) == ""
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


@pytest.fixture
def in_tmp() -> Iterator[Path]:
    """Where the program lies, in ``/tmp`` itself."""
    with tempfile.TemporaryDirectory(prefix="reportbot-program-", dir="/tmp") as folder:
        for path in ("__init__.py", "reading/__init__.py", "reading/isolation.py", "reading/limits.py", "errors.py"):
            (Path(folder) / "retrieval" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "retrieval" / path, Path(folder) / "retrieval" / path)
        yield Path(folder)


@pytest.mark.parametrize("what", [*READING, *WRITING])
def test_it_gets_nothing_of_a_program_that_lies_in_tmp_either(what: str, in_tmp: Path, port: int, monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", SECRET)
    here = in_tmp / "here"
    (here / "data").mkdir(parents=True)
    for path in (here / ".env", here / "data" / "library.db"):
        path.write_text(SECRET)
    before = {path: path.read_bytes() for path in in_tmp.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert got({**READING, **WRITING}[what], here, port, True, in_tmp) == ""
    assert {path: path.read_bytes() for path in before} == before


def test_a_program_that_lies_in_tmp_is_seen_there_and_nothing_else_is(in_tmp: Path, port: int):
    code = """
from retrieval.reading import limits
print(sorted(os.listdir('/tmp')), os.listdir('{root}'), limits.__file__ == "{root}/retrieval/reading/limits.py")"""
    (in_tmp / "here").mkdir()
    told = got(code, in_tmp / "here", port, True, in_tmp)
    assert told == f"['{in_tmp.name}'] ['retrieval'] True"


@pytest.mark.parametrize("what", STARTING)
def test_it_starts_nothing(what: str, here: Path, port: int):
    assert got(STARTING[what], here, port, programs=False) == ""


def test_what_reads_old_word_files_is_started_and_gets_nothing_either(here: Path, port: int):
    code = (
        "print(subprocess.run(['/bin/sh', '-c', 'cat {here}/.env; echo x > {here}/new; echo ran'], capture_output=True).stdout)"
    )
    assert got(code, here, port, programs=True) == r"b'ran\n'"
    assert not (here / "new").exists()


def test_its_own_folder_its_threads_and_its_end_are_its_own(here: Path, port: int):
    code = """
open('a', 'w').write('x'); os.rename('a', 'b'); print(open('b').read())
import threading
one = threading.Thread(target=lambda: print('thread')); one.start(); one.join()
sys.stdout.flush(); os.abort()
"""
    assert got(code, here, port, programs=False).split() == ["x", "thread"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("namespaces", [True, False])
def test_libreoffice_works_inside_and_leaves_nothing(monkeypatch, tmp_path: Path, namespaces: bool):
    from retrieval.reading import sandbox

    without = "" if namespaces else "from retrieval.reading import isolation; isolation._put_in_place_of_tmp = lambda _: False\n"
    child = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{without}from retrieval.reading import child, isolation\n"
    child += "isolation.PROGRAMS = ('soffice',)\n"
    (tmp_path / "child.py").write_text(f"{child}child.main(*sys.argv[1:])")
    monkeypatch.setattr(sandbox, "_CHILD", tmp_path / "child.py")
    before = {*Path("/tmp").glob("OSL_PIPE*")}
    content = (ROOT / "tests" / "formats" / "files" / "report.doc").read_bytes()
    assert len(read_file(content, "a.doc").text) > 5000
    assert {*Path("/tmp").glob("OSL_PIPE*")} <= before


def test_kinds_that_start_programs_are_few():
    assert {"doc"} == WITH_PROGRAMS


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
def test_nobody_of_the_same_user_looks_into_a_process_that_hides_its_memory():
    code = f"""
import ctypes, os, subprocess, sys
sys.path.insert(0, {str(ROOT)!r})
from retrieval.reading.isolation import hide_memory
os.setuid(65534)
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as an ordinary program begins; becoming somebody else has hidden it
for hides in (lambda: None, hide_memory):
    hides()
    looked = subprocess.run(["/bin/cat", f"/proc/{{os.getpid()}}/environ"], capture_output=True)
    print({SECRET!r}.encode() in looked.stdout)
"""
    environment = {**os.environ, "TELEGRAM_BOT_TOKEN": SECRET}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert ran.stdout.split() == ["True", "False"], ran.stderr


def test_walls_are_put_up_before_a_file_is_read(monkeypatch, tmp_path: Path):
    """The order in the child: what stands on standard input is touched inside only."""
    from retrieval.reading import child

    done: list[str] = []
    for name in ("restrict", "isolate", "_standard_input"):
        monkeypatch.setattr(child, name, lambda *_, said=name, **__: done.append(said) or b"")
    monkeypatch.setattr(child, "end_with_the_parent", lambda: None)
    monkeypatch.setattr(child.os, "dup2", lambda *_: None)
    child.main("plain", "a.txt")
    assert done == ["restrict", "isolate", "_standard_input"]
