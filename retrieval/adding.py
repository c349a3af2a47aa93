"""Adding reports: from files to outcomes, and what would become of a report before it is added."""

from __future__ import annotations

import hashlib
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
    UnreadableFile,
)
from retrieval.loading import accepted_types
from retrieval.models import Report
from retrieval.storing import Document
from retrieval.understanding import Understood, checked, read_reports, understand_report

if TYPE_CHECKING:
    from retrieval.library import Library, Progress

_JSON_FIELDS = tuple(Report(0, None, None, None, (), None, None, None, None, None, None, None, "", 0, 0).as_json())
Standing = Literal["new", "duplicate", "conflict"]


@dataclass(frozen=True)
class Outcome:
    """What became of one report that was to be added. ``report`` is None for a file that could not be read."""

    file: str
    outcome: Literal["added", "duplicate", "conflict", "refused"]
    reason: str | None = None
    report: Report | None = None
    not_understood: tuple[str, ...] = ()

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
    """A file with the canonical texts of its reports."""

    name: str
    content: bytes
    parts: tuple[Cleaned, ...]

    @classmethod
    def read(cls, content: bytes, name: str) -> Original:
        """Raises what :func:`retrieval.loading.load_bytes` raises."""
        return cls(name, content, tuple(read_reports(content, name)))

    @property
    def document(self) -> Document:
        return Document(hashlib.sha256(self.content).hexdigest(), self.name, self.content, len(self.parts))


def add_files(library: Library, paths: Iterable[Path], decision: Decision, progress: Progress | None) -> Iterator[Outcome]:
    """Adds files and the accepted files of folders, report by report; see :meth:`Library.add`."""
    files = list(paths)
    for path in files:
        try:
            found = _files_in(path)
            if decision.replace is not None and (len(files) > 1 or len(found) != 1):
                raise ReplaceNeedsOne()
        except ReportBotError as error:
            yield Outcome(path.name or str(path), "refused", error.user_message)
            continue
        for file in found:
            yield from _add_file(library, file, decision, progress)


def _add_file(library: Library, path: Path, decision: Decision, progress: Progress | None) -> Iterator[Outcome]:
    try:
        checked(decision.corrections)
        if progress:
            progress("reading", 0, 1)
        original = Original.read(_read_bytes(path), path.name)
        if decision.replace is not None and len(original.parts) != 1:
            raise ReplaceNeedsOne()
    except ReportBotError as error:
        yield Outcome(path.name, "refused", error.user_message)
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
    return Outcome(original.name, "added", None, library.report(report_id), not_understood(understood))


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
    for report in library.reports_of(metadata.place, year):
        elsewhere = report.within and metadata.within and report.within != metadata.within
        if report.id != decision.replace and not elsewhere:
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


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(file=path.name) from error
