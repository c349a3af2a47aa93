"""Adding reports: from files to outcomes, and what would become of a report before it is added."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from retrieval import changes
from retrieval.cleaning import Cleaned
from retrieval.errors import (
    ConflictingReport,
    DuplicateReport,
    MissingPath,
    NothingToAdd,
    ReplaceNeedsOne,
    ReportBotError,
)
from retrieval.loading import read_file, read_path, unpacked
from retrieval.models import Report
from retrieval.reading.kinds import accepted_types
from retrieval.reading.names import safe_name, without_user
from retrieval.reading.raw import USABLE_CONFIDENCE, RawText
from retrieval.storing import Document
from retrieval.understanding import Understood, checked, read_reports, understand_report

if TYPE_CHECKING:
    from retrieval.library import Library, Progress

_JSON_FIELDS = tuple(Report(0, None, None, None, (), None, None, None, None, None, None, None, "", 0, 0).as_json())
Standing = Literal["new", "duplicate", "conflict"]


@dataclass(frozen=True)
class Outcome:
    """What became of one report that was to be added. ``report`` is None for a file that could not be read.

    ``weak_pages`` are the pages of a scan whose letters were recognised too badly to be relied on.
    """

    file: str
    outcome: Literal["added", "duplicate", "conflict", "refused"]
    reason: str | None = None
    report: Report | None = None
    not_understood: tuple[str, ...] = ()
    weak_pages: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        fields = self.report.as_json() if self.report else dict.fromkeys(_JSON_FIELDS) | {"file": self.file}
        return {**fields, "outcome": self.outcome, "reason": self.reason}


@dataclass(frozen=True)
class Preview:
    """What was understood of a report that is not added yet; ``other`` is the report it repeats or conflicts with."""

    understood: Understood
    standing: Standing
    other: Report | None = None


@dataclass(frozen=True)
class Decision:
    """What whoever adds a report has settled: corrections, and what to do about another of the same place and year."""

    corrections: Mapping[str, Any]
    replace: int | None = None
    keep_both: bool = False
    actor: str = ""


@dataclass(frozen=True)
class Original:
    """A file with its raw text and the canonical texts of its reports; ``name`` is one that may be shown."""

    name: str
    content: bytes
    raw: RawText
    parts: tuple[Cleaned, ...]

    @classmethod
    def read(cls, content: bytes, name: str, progress: Progress | None = None) -> Original:
        """Raises what :func:`retrieval.loading.read_file` raises."""
        return cls.of(content, name, read_file(content, name, progress or _silent))

    @classmethod
    def of(cls, content: bytes, name: str, raw: RawText) -> Original:
        """A file whose raw text is known already."""
        return cls(safe_name(name), content, raw, tuple(read_reports(raw)))

    @property
    def document(self) -> Document:
        sha256 = hashlib.sha256(self.content).hexdigest()
        reading = json.dumps(self.raw.as_json(), ensure_ascii=False) if self.raw.kept else None
        return Document(sha256, self.name, self.content, len(self.parts), self.raw.url, self.raw.published, reading)


def add_files(library: Library, paths: Iterable[Path | str], decision: Decision, progress: Progress | None) -> Iterator[Outcome]:
    """Adds files, the files of folders and archives, and web pages, report by report; see :meth:`Library.add`."""
    sources = list(paths)
    for source in sources:
        try:
            found = [source] if isinstance(source, str) else _files_in(source)
            if decision.replace is not None and (len(sources) > 1 or len(found) != 1):
                raise ReplaceNeedsOne()
        except ReportBotError as error:
            yield Outcome(_shown_name(source), "refused", error.user_message)
            continue
        for one in found:
            yield from _add_source(library, one, decision, progress)


def _add_source(library: Library, source: Path | str, decision: Decision, progress: Progress | None) -> Iterator[Outcome]:
    """Adds a file or a web page; of an archive each of its files."""
    try:
        checked(decision.corrections)
        if progress:
            progress("fetching" if isinstance(source, str) else "reading", 0, 1)
        files = unpacked(*_content_of(source))
        if decision.replace is not None and len(files) != 1:
            raise ReplaceNeedsOne()
    except ReportBotError as error:
        yield Outcome(_shown_name(source), "refused", error.user_message)
        return
    for name, content in files:
        yield from _add_file(library, content, name, decision, progress)


def _add_file(library: Library, content: bytes, name: str, decision: Decision, progress: Progress | None) -> Iterator[Outcome]:
    try:
        original = Original.read(content, name, progress)
        if decision.replace is not None and len(original.parts) != 1:
            raise ReplaceNeedsOne()
    except ReportBotError as error:
        yield Outcome(safe_name(name), "refused", error.user_message)
        return
    for ordinal in range(1, len(original.parts) + 1):
        yield add_part(library, original, ordinal, decision, progress)


def add_part(library: Library, original: Original, ordinal: int, decision: Decision, progress: Progress | None) -> Outcome:
    """Adds the report that stands at ``ordinal`` (from 1) in a file, in one transaction.

    Raises StorageFailed, LibraryBusy, OtherModel, UnknownReport, InvalidYear or EmptyCorrection.
    """
    corrections = checked(decision.corrections)
    understood = understand_report(original.parts[ordinal - 1], corrections)
    try:
        refuse_if_known(library, understood, decision)
        vectors = library.embed(understood, progress)
        with library.transaction() as change:
            refuse_if_known(library, understood, decision)
            if decision.replace is not None:
                change.remove(decision.replace)
            report_id = change.add(original.document, ordinal, understood, vectors, corrections, decision.replace)
            action: changes.Action = "added" if decision.replace is None else "replaced"
            changes.record(library.db, decision.actor, action, report_id)
    except (DuplicateReport, ConflictingReport) as error:
        kind: Literal["duplicate", "conflict"] = "duplicate" if isinstance(error, DuplicateReport) else "conflict"
        return Outcome(original.name, kind, error.user_message, library.report(int(str(error.values["id"]))))
    report = library.report(report_id)
    return Outcome(original.name, "added", None, report, not_understood(understood), weak_pages(understood.cleaned))


def preview_part(library: Library, original: Original, ordinal: int, corrections: Mapping[str, Any]) -> Preview:
    """What adding the report at ``ordinal`` would come to; nothing is changed. Raises InvalidYear or EmptyCorrection."""
    given = checked(corrections)
    understood = understand_report(original.parts[ordinal - 1], given)
    with library.snapshot():
        try:
            refuse_if_known(library, understood, Decision(given))
        except (DuplicateReport, ConflictingReport) as error:
            standing: Standing = "duplicate" if isinstance(error, DuplicateReport) else "conflict"
            return Preview(understood, standing, library.report(int(str(error.values["id"]))))
    return Preview(understood, "new")


def not_understood(understood: Understood) -> tuple[str, ...]:
    """The fields that could not be told from the text, for the person who added it."""
    fields = ["title", "place", "review_year", "plan_year", "delivered_on", "speaker"]
    return tuple(field for field in fields if getattr(understood.metadata, field) is None)


def weak_pages(cleaned: Cleaned) -> tuple[int, ...]:
    """The numbers of the pages whose letters were recognised too badly to be relied on."""
    return tuple(page.number for page in cleaned.pages if page.confidence is not None and page.confidence < USABLE_CONFIDENCE)


def refuse_duplicate(library: Library, understood: Understood, but: int | None = None) -> None:
    """Raises DuplicateReport where the same text is in the library, as another report than ``but``."""
    same = library.db.execute("select id from reports where text_sha256 = ?", [understood.text_sha256]).fetchone()
    if same is not None and same[0] != but:
        raise DuplicateReport(id=same[0], title=library.read_reports()[same[0]].name)


def refuse_if_known(library: Library, understood: Understood, decision: Decision) -> None:
    refuse_duplicate(library, understood, decision.replace)
    metadata = understood.metadata
    year = metadata.plan_year if metadata.plan_year is not None else metadata.review_year
    if decision.keep_both or metadata.place is None or year is None:
        return
    for report in library.read_reports().values():
        if (report.place, report.year) == (metadata.place, year) and report.id != decision.replace:
            if report.within and metadata.within and report.within != metadata.within:
                continue
            raise ConflictingReport(id=report.id, place=report.place, year=year, title=report.name)


def _files_in(path: Path) -> list[Path]:
    """``path`` itself, or the files of a folder; those of types that are not accepted are for refusing, in the end."""
    if not path.exists():
        raise MissingPath(path=path)
    if not path.is_dir():
        return [path]
    visible = [file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith((".", "~$"))]
    if not visible:
        raise NothingToAdd(path=path, accepted=" ".join(accepted_types()))
    return visible


def _content_of(source: Path | str) -> tuple[bytes, str]:
    """The content of a file or of what an address leads to, and its name."""
    if isinstance(source, Path):
        return read_path(source), source.name
    from retrieval.reading.links import fetch

    return fetch(source)


def _shown_name(source: Path | str) -> str:
    return safe_name(without_user(source) if isinstance(source, str) else source.name or str(source))


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
