"""The filter of system calls, for each architecture beside the kernel's own table of numbers, wherever the tests run."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from retrieval.reading import isolation

ALLOWED, REFUSED, MISSING, KILLED = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
AUDIT = {"x86_64": 62 | 0xC0000000, "aarch64": 183 | 0xC0000000}  # linux/audit.h: the machine's number, 64 bits, little-endian
THREAD, PROCESS = 0x10000 | 0x100, 17  # flags of clone: as a thread begins; SIGCHLD alone, as fork does
# Of a program that reads a file: what has nothing to do with anybody but itself.
ORDINARY = (
    "read write openat close fstat mmap mprotect munmap brk rt_sigaction futex exit_group getrandom unlinkat renameat wait4"
)
FORBIDDEN = (
    "socket ptrace process_vm_readv process_vm_writev mount umount2 pivot_root chroot unshare setns bpf io_uring_setup io_uring_enter"
    " pidfd_open pidfd_getfd pidfd_send_signal open_tree move_mount fsopen mount_setattr userfaultfd keyctl add_key request_key"
    " init_module finit_module delete_module kexec_load open_by_handle_at perf_event_open tkill rt_sigqueueinfo rt_tgsigqueueinfo"
    " setpriority sched_setscheduler sched_setattr sched_setparam ioprio_set process_madvise kcmp"
)


def kernels(architecture: str) -> dict[str, int]:
    lines = Path(__file__).with_name("kernel_calls.txt").read_text().splitlines()
    column = ("x86_64", "aarch64").index(architecture) + 1
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


def verdict(code: bytes, architecture: str, number: int, first: int = 0) -> int:
    """What the kernel's packet filter comes to for a call, step by step."""
    data = struct.pack("=iIQQ", number, AUDIT[architecture], 0, first)
    steps = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    loaded = at = 0
    while True:
        operation, if_so, if_not, value = steps[at]
        at += 1
        if operation == RETURN:
            return value
        if operation == LOAD:
            (loaded,) = struct.unpack_from("=I", data, value)
        else:
            holds = {EQUAL: loaded == value, AT_LEAST: loaded >= value, HAS_BITS: bool(loaded & value)}[operation]
            at += if_so if holds else if_not


@pytest.fixture(params=["x86_64", "aarch64"])
def architecture(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def program(architecture: str, programs: bool = False) -> bytes:
    return isolation._program(isolation._CALLS[architecture], isolation._MACHINES[architecture], programs)


def test_the_numbers_are_the_kernels(architecture: str):
    kernel = kernels(architecture)
    assert {name: kernel[name] for name in isolation._CALLS[architecture]} == isolation._CALLS[architecture]
    assert isolation._MACHINES[architecture] == AUDIT[architecture]
    names = "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "clone3"
    own = isolation._CREATE_RULESET, isolation._ADD_RULE, isolation._RESTRICT_SELF, isolation._CLONE3
    assert tuple(kernel[name] for name in names) == own


def test_newer_calls_have_the_same_numbers_everywhere():
    one, other = ({kernels(name)[call] for call in FORBIDDEN.split() if kernels(name)[call] >= 424} for name in AUDIT)
    assert one == other
    assert one <= {*isolation._NEWER}


@pytest.mark.parametrize("programs", [False, True])
def test_what_is_refused(architecture: str, programs: bool):
    code, kernel = program(architecture, programs), kernels(architecture)
    for name in FORBIDDEN.split():
        assert verdict(code, architecture, kernel[name]) == REFUSED, name
    for name in ORDINARY.split():
        assert verdict(code, architecture, kernel[name]) == ALLOWED, name


def test_only_what_reads_with_programs_starts_any(architecture: str):
    kernel = kernels(architecture)
    starting = [kernel[name] for name in ("execve", "execveat", "fork", "vfork") if name in kernel]
    for programs, judged in ((False, REFUSED), (True, ALLOWED)):
        code = program(architecture, programs)
        assert {verdict(code, architecture, number) for number in starting} == {judged}
        assert verdict(code, architecture, kernel["clone"], PROCESS) == judged
        assert verdict(code, architecture, kernel["clone"], THREAD) == ALLOWED
        assert verdict(code, architecture, kernel["clone3"]) == (ALLOWED if programs else MISSING)


def test_calls_that_are_judged_by_whom_they_are_for(architecture: str):
    kernel = kernels(architecture)
    for programs in (False, True):
        code = program(architecture, programs)
        for name in ("kill", "tgkill"):
            assert verdict(code, architecture, kernel[name], os.getpid()) == ALLOWED
            assert verdict(code, architecture, kernel[name], os.getppid()) == REFUSED
        assert verdict(code, architecture, kernel["prlimit64"], 0) == ALLOWED
        assert verdict(code, architecture, kernel["prlimit64"], os.getppid()) == REFUSED
        assert verdict(code, architecture, kernel["socket"], 2) == REFUSED  # AF_INET
        assert verdict(code, architecture, kernel["socket"], 1) == (ALLOWED if programs else REFUSED)  # AF_UNIX


def test_another_architectures_calls_end_the_process():
    assert verdict(program("x86_64"), "aarch64", 0) == KILLED
    assert verdict(program("aarch64"), "x86_64", 0) == KILLED
    assert verdict(program("x86_64"), "x86_64", 0x40000000 | 59) == REFUSED  # execve of x32
