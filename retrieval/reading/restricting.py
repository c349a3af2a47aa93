"""What the child process that reads a file may take of the machine."""

from __future__ import annotations

from retrieval.reading import limits


def restrict() -> None:
    """Limits this process: memory, processor time, files. Where the system has no such limits, the parent's remain."""
    _limit("AS", limits.MEMORY, limits.LARGE_MEMORY)
    _limit("CPU", limits.CPU_SECONDS, limits.LARGE_CPU_SECONDS)
    _limit("FSIZE", limits.WRITTEN_BYTES, limits.WRITTEN_BYTES)
    _limit("NOFILE", limits.OPEN_FILES, limits.OPEN_FILES)
    _limit("CORE", 0, 0)


def allow_more() -> None:
    """What recognising letters and LibreOffice need: more memory and time than any text."""
    _limit("AS", limits.LARGE_MEMORY, limits.LARGE_MEMORY)
    _limit("CPU", limits.LARGE_CPU_SECONDS, limits.LARGE_CPU_SECONDS)


def _limit(name: str, soft: int, hard: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    which = getattr(resource, f"RLIMIT_{name}", None)
    if which is None:
        return
    _, highest = resource.getrlimit(which)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    try:
        resource.setrlimit(which, (soft, hard))
    except (ValueError, OSError):  # a system that knows the limit but does not let it be set
        return
