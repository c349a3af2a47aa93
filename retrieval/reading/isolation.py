"""Walls around the child process that reads a file, so that whoever takes it over by a hostile file has nothing of it.

Landlock (a file system of its own: libraries to read, one folder to write) and seccomp (no sockets, no programs, no other
processes), by the kernel's documented calls: https://docs.kernel.org/userspace-api/landlock.html,
https://docs.kernel.org/userspace-api/seccomp_filter.html. Where the kernel has not one of them the other stands alone;
``reportbot doctor`` says which is missing.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import struct
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

Layer = Literal["landlock", "seccomp"]
PROGRAMS = ("soffice", "libreoffice", "antiword")  # that read old Word files
_TMP = Path("/tmp")  # where LibreOffice puts the socket by which it knows itself, and takes it away; it won't start without
_OWN = Path(__file__).parents[1]
_PR_SET_DUMPABLE, _PR_GET_SECCOMP, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _FILTER = 4, 21, 22, 38, 2

_NEW_USER, _NEW_MOUNTS, _BIND, _RECURSIVE, _PRIVATE = 0x10000000, 0x20000, 0x1000, 0x4000, 0x40000
_READ_ONLY, _REMOUNT = 1, 0x20
_KEPT_FLAGS = 2 | 4 | 8 | 1024 | 2048  # nosuid, nodev, noexec, noatime, nodiratime: the same numbers in statvfs(3) and mount(2)

# -- Landlock -----------------------------------------------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REMOVE_FILE, _MAKE_SOCKET = 1 << 5, 1 << 9
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14  # the rights that a rule for a single file may give
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights each version of the kernel's interface knows
_READABLE = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/share", "/lib", "/lib64")
_READABLE_FILES = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
    "/proc/self",  # of this process: numbers of other processes are other folders
)
_OF_PROGRAMS = (
    "/bin",
    "/usr/bin",
    "/etc/fonts",
    "/etc/libreoffice",
    "/etc/alternatives",
    "/etc/passwd",
    "/etc/nsswitch.conf",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/var/cache/fontconfig",
    "/proc",  # what other processes hold stays closed: Landlock lets nobody look into one outside
)

# -- seccomp ------------------------------------------------------------------------------------------------------------

_ALLOW, _KILL, _ERRNO, _EPERM, _ENOSYS = 0x7FFF0000, 0x80000000, 0x00050000, 1, 38
_LOAD, _EQUAL, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # where they lie in struct seccomp_data
_THREAD, _UNIX = 0x10000, 1  # CLONE_THREAD, AF_UNIX
_X32 = 0x40000000
# The mark of the architecture, and the numbers of its calls: always refused, to start programs, to make processes.
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS = {
    "x86_64": {
        "socket": 41, "socketpair": 53, "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "execveat": 322,
        "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "prlimit64": 302,
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "unshare": 272, "setns": 308,
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "bpf": 321, "perf_event_open": 298,
        "userfaultfd": 323, "keyctl": 250, "add_key": 248, "request_key": 249, "init_module": 175, "finit_module": 313,
        "delete_module": 176, "kexec_load": 246, "open_by_handle_at": 304, "name_to_handle_at": 303,
        "setpriority": 141, "sched_setparam": 142, "sched_setscheduler": 144, "sched_setattr": 314, "ioprio_set": 251,
    },
    "aarch64": {
        "socket": 198, "socketpair": 199, "clone": 220, "execve": 221, "execveat": 281,
        "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "prlimit64": 261,
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "unshare": 97, "setns": 268,
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "bpf": 280, "perf_event_open": 241,
        "userfaultfd": 282, "keyctl": 219, "add_key": 217, "request_key": 218, "init_module": 105, "finit_module": 273,
        "delete_module": 106, "kexec_load": 104, "open_by_handle_at": 265, "name_to_handle_at": 264,
        "setpriority": 140, "sched_setparam": 118, "sched_setscheduler": 119, "sched_setattr": 274, "ioprio_set": 30,
    },
}  # fmt: skip
# pidfd_send_signal, io_uring (which opens sockets by itself), open_tree to fspick, pidfd_open, clone3, pidfd_getfd,
# process_madvise, mount_setattr: the same numbers everywhere
_CLONE3 = 435
_NEWER = (424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442)
_STARTING = ("execve", "execveat", "fork", "vfork", "socketpair")
_TO_ONESELF = ("kill", "tgkill")  # how abort() ends the process that calls it
_JUDGED = ("clone", "socket", "prlimit64", *_TO_ONESELF)

_programs: dict[str, str] = {}
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def isolate(home: Path, programs: bool) -> None:
    """Puts up the walls around this process, for good; ``programs`` are let run where a format is read with their help.

    Only the one thread that there is yet is inside, and what it starts: to be called before anything that starts another.
    """
    if _libc is None:
        return
    if programs:
        _programs.update(_found())  # while all of the machine is to be seen
        os.environ["PATH"] = "/usr/bin:/bin"  # of which their scripts need a little
    if programs and _put_in_place_of_tmp(home):
        os.chdir(_TMP)
        os.environ.update(HOME=str(_TMP), TMPDIR=str(_TMP))
        home = _TMP
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _restrict_files(home, programs)
    _restrict_calls(programs)


def _put_in_place_of_tmp(home: Path) -> bool:
    """Whether this process sees its own folder as ``/tmp`` now, by namespaces of its own, where the system gives it some.

    Of the program, where that lies in ``/tmp`` itself, it sees there what it needs, and can't write it.
    """
    assert _libc is not None
    user, group = os.getuid(), os.getgid()
    if _libc.unshare(_NEW_USER | _NEW_MOUNTS) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        apart = _mounted(b"none", Path("/"), _RECURSIVE | _PRIVATE)
        return apart and all(_shown_in(home, path) for path in _in_tmp()) and _mounted(home, _TMP, _BIND | _RECURSIVE)
    except OSError:
        return False


def _in_tmp() -> set[Path]:
    """The folders of Python and of this program that lie in ``/tmp``, none of which lies in another."""
    paths = {path.absolute() for path in _of_python()}
    found = {path for path in paths | {path.resolve() for path in paths} if path.is_relative_to(_TMP) and path.is_dir()}
    return {path for path in found if not any(other != path and path.is_relative_to(other) for other in found)}


def _shown_in(home: Path, path: Path) -> bool:
    """Shows a folder of ``/tmp`` in ``home`` as well, to be read only, at the place where it will be when that is ``/tmp``."""
    within = home / path.relative_to(_TMP)
    within.mkdir(parents=True, exist_ok=True)
    kept = os.statvfs(path).f_flag & _KEPT_FLAGS  # which nobody may take off in a namespace of their own
    return _mounted(path, within, _BIND) and _mounted(b"none", within, _REMOUNT | _BIND | _READ_ONLY | kept)


def _mounted(source: Path | bytes, target: Path, flags: int) -> bool:
    assert _libc is not None
    return bool(_libc.mount(os.fsencode(source), os.fsencode(target), None, ctypes.c_ulong(flags), None) == 0)


def missing_layers() -> list[Layer]:
    """What this system has not; asked of the kernel, not tried out."""
    missing: list[Layer] = []
    if _landlock_version() < 1:
        missing.append("landlock")
    if _libc is None or platform.machine() not in _CALLS or _libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) < 0:
        missing.append("seccomp")
    return missing


def programs_found() -> dict[str, str]:
    """Where the programs lie that read old Word files, by their names; outside of the walls as well as inside."""
    return dict(_programs) or _found()


def _found() -> dict[str, str]:
    found = {name: shutil.which(name) for name in PROGRAMS}
    return {name: str(Path(path).resolve()) for name, path in found.items() if path}


def hide_memory() -> None:
    """Nobody of the same user may read this process's memory, environment or files by ``/proc`` from now on."""
    if _libc is not None:
        _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def overwrite_variable(name: str) -> None:
    """Takes a variable out of the environment, and out of the memory in which the process was given it."""
    value = os.environ.pop(name, None)
    if _libc is None or value is None or os.name != "posix":
        return
    with suppress(OSError, ValueError):
        own = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        start, end = int(own[47]), int(own[48])  # env_start and env_end, the 50th and 51st of proc(5)
        block = ctypes.string_at(start, end - start)
        at = block.find(os.fsencode(value))
        while at >= 0:
            ctypes.memset(start + at, 0, len(os.fsencode(value)))
            at = block.find(os.fsencode(value), at + 1)


def _landlock_version() -> int:
    return _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1) if _libc is not None else 0


def _restrict_files(home: Path, programs: bool) -> None:
    version = _landlock_version()
    if _libc is None or version < 1:
        return
    rights = (1 << _RIGHTS.get(version, 16)) - 1
    # Rights of files; from the fourth version on TCP, from the sixth on abstract sockets and signals to processes outside.
    attributes = struct.pack("=QQQ", rights, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return
    try:
        reading = _READ_FILE | _READ_DIR | (_EXECUTE if programs else 0)
        for path in _readable(programs):
            _allow(ruleset, path, reading)
        _allow(ruleset, Path(os.devnull), _READ_FILE | _WRITE_FILE)
        _allow(ruleset, home, rights & ~_EXECUTE)
        if programs and home != _TMP:
            _allow(ruleset, _TMP, _MAKE_SOCKET | _REMOVE_FILE)
        _libc.syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _readable(programs: bool) -> Iterable[Path]:
    """Libraries: Python's, those that are installed, this one. Not the folder it lies in, which may hold ``.env`` and reports."""
    yield from (*_of_python(), *map(Path, _READABLE), *map(Path, _READABLE_FILES))
    if programs:
        yield from map(Path, _OF_PROGRAMS)
        for found in _programs.values():
            yield Path(found).parents[1]  # LibreOffice's own folder, wherever it was installed


def _of_python() -> Iterable[Path]:
    installed = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return (_OWN, Path(sys.base_exec_prefix, "lib"), *installed)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    assert _libc is not None
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # which is not there needs no rule
        return
    try:
        given = rights if path.is_dir() else rights & _OF_FILES
        _libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", given, opened), 0)
    finally:
        os.close(opened)


def _restrict_calls(programs: bool) -> None:
    calls, mark = _CALLS.get(platform.machine()), _MACHINES.get(platform.machine())
    if _libc is None or calls is None or mark is None:
        return
    code = _program(calls, mark, programs)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(held))
    _libc.prctl(_PR_SET_SECCOMP, _FILTER, program, 0, 0)


def _program(calls: dict[str, int], mark: int, programs: bool) -> bytes:
    """The filter: a list of calls that are refused with EPERM, as a program of the kernel's packet filter."""
    refused = _ERRNO | _EPERM
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, mark), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    if mark == _MACHINES["x86_64"]:
        steps += _when(_AT_LEAST, _X32, [(_RETURN, 0, 0, refused)])
    allowed = {"clone", *_STARTING} if programs else set()
    for name, number in calls.items():
        if name not in allowed and name not in _JUDGED:
            steps += _when(_EQUAL, number, [(_RETURN, 0, 0, refused)])
    for number in _NEWER:
        steps += _when(_EQUAL, number, [(_RETURN, 0, 0, refused)])
    first = (_LOAD, 0, 0, _FIRST_ARGUMENT)
    if not programs:
        steps += _when(_EQUAL, _CLONE3, [(_RETURN, 0, 0, _ERRNO | _ENOSYS)])  # whose flags can't be seen: libc then calls clone
        steps += _when(
            _EQUAL, calls["clone"], [first, (_HAS_BITS, 1, 0, _THREAD), (_RETURN, 0, 0, refused), (_RETURN, 0, 0, _ALLOW)]
        )
    within = [first, (_EQUAL, 1, 0, _UNIX), (_RETURN, 0, 0, refused), (_RETURN, 0, 0, _ALLOW)]
    steps += _when(_EQUAL, calls["socket"], within if programs else [(_RETURN, 0, 0, refused)])
    itself = [first, (_EQUAL, 1, 0, os.getpid()), (_RETURN, 0, 0, refused), (_RETURN, 0, 0, _ALLOW)]
    for name in _TO_ONESELF:
        steps += _when(_EQUAL, calls[name], itself)
    # Limits of its own process only, which is written as 0.
    steps += _when(_EQUAL, calls["prlimit64"], [first, (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, refused), (_RETURN, 0, 0, _ALLOW)])
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _when(test: int, value: int, then: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Steps that are taken where the test of what was loaded holds; they end in an answer."""
    return [(test, 0, len(then), value), *then]
