"""Names of files as they may be shown and stored: one line, visible, no path."""

from __future__ import annotations

import re

from retrieval.reading.limits import NAME_CHARACTERS

_UNSEEN = "·"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def safe_name(name: str) -> str:
    """The last part of ``name``; characters that can't be seen, or turn the line around, are shown as ``·``.

    A name that is too long loses its middle, not its suffix. The name of a web page is its address, which is kept whole.
    """
    shown = "".join(char if char.isprintable() else _UNSEEN for char in name).strip()
    if not is_link(shown):
        shown = re.split(r"[/\\]", shown.rstrip("/\\"))[-1].strip() or _UNSEEN
    if len(shown) > NAME_CHARACTERS:
        suffix = suffix_of(shown)
        shown = f"{shown[: NAME_CHARACTERS - len(suffix) - 1]}…{suffix}"
    return shown


def suffix_of(name: str) -> str:
    """The suffix of a name in lower case, ``.docx``; empty where there is none, or nothing that looks like one."""
    path = re.split(r"[?#]", name)[0] if is_link(name) else name
    found = _SUFFIX.search(path)
    return found.group().lower() if found else ""


def without_user(url: str) -> str:
    """An address as it may be shown: without the user name and password that it should not have."""
    return re.sub(r"^([A-Za-z]+://)[^/?#]*@", r"\1", url)


def is_link(name: str) -> bool:
    """Whether ``name`` is an address rather than the name of a file."""
    return bool(re.match(r"https?://", name, re.I))
