"""Old Word files (.doc) and those of WPS (.wps): LibreOffice makes a .docx of them, or antiword a text, where they are there.

Neither runs macros: LibreOffice gets a fresh profile in which they are off, antiword has none.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from retrieval.errors import DamagedFile, OfficeNotInstalled, ReadingTooSlow
from retrieval.reading import word
from retrieval.reading.isolation import programs_found
from retrieval.reading.limits import OFFICE_SECONDS
from retrieval.reading.raw import Progress, RawText, unmarked
from retrieval.reading.restricting import allow_more
from retrieval.reading.tables import lines_of

_OFFICES = ("soffice", "libreoffice")
_TABLE_ROW = re.compile(r"^\|([^\n|]*(?:\|[^\n|]*)+)\|$")  # antiword draws tables
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def read(content: bytes, name: str, progress: Progress) -> RawText:
    """Raises OfficeNotInstalled, DamagedFile, ReadingTooSlow, UnpacksTooLarge or EncryptedFile."""
    found = programs_found()
    office = next(filter(None, map(found.get, _OFFICES)), None)
    antiword = found.get("antiword")
    if office is None and antiword is None:
        raise OfficeNotInstalled(file=name)
    allow_more()
    progress("converting", 0, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.doc"  # its own name never reaches a command line
        path.write_bytes(content)
        if office is not None:
            converted = _converted(office, path, name)
            if converted is not None:
                return replace(word.read(converted, name, progress), kept=True)
        if antiword is not None:
            return RawText(_by_antiword(antiword, path, name), marked=True, kept=True)
    raise DamagedFile(file=name)


def _converted(office: str, path: Path, name: str) -> bytes | None:
    """The file as .docx, or None where LibreOffice makes nothing of it."""
    profile = path.parent / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    command = [office, f"-env:UserInstallation={profile.parent.as_uri()}", "--headless", "--norestore", "--nolockcheck"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(path.parent), str(path)]
    _run(command, name)
    made = path.with_suffix(".docx")
    return made.read_bytes() if made.is_file() else None


def _by_antiword(antiword: str, path: Path, name: str) -> str:
    text = _run([antiword, "-m", "UTF-8.txt", "-w", "0", str(path)], name).decode("utf-8", errors="replace")
    return "\n".join(_with_tables(unmarked(text)))


def _with_tables(text: str) -> Iterator[str]:
    above = ""
    for in_table, lines in groupby(text.split("\n"), key=lambda line: bool(_TABLE_ROW.fullmatch(line))):
        if in_table:
            yield from lines_of([line.strip("|").split("|") for line in lines], above)
        else:
            for line in lines:
                above = line if line.strip() else above
                yield line


def _run(command: list[str], name: str) -> bytes:
    try:
        run = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=OFFICE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReadingTooSlow(file=name) from error
    except OSError as error:
        raise DamagedFile(file=name) from error
    if run.returncode != 0 and os.path.basename(command[0]) == "antiword":
        raise DamagedFile(file=name)
    return run.stdout
