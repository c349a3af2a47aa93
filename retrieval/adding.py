"""Adding reports: from files to outcomes, and what would become of a report before it is added."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
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
from retrieval.vectors import Vectors

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
    """Adds files and the accepted files of folders, report by report; see :meth:`Library.add`.

    While one report is being written, the next is read and embedded.
    """
    embedding = ThreadPoolExecutor(1, "embedding")
    ahead: deque[Callable[[], Outcome]] = deque()
    try:
        for step in _steps(library, list(paths), decision, progress, embedding):
            ahead.append(step)
            if len(ahead) > 1:
                yield ahead.popleft()()
        while ahead:
            yield ahead.popleft()()
    finally:
        embedding.shutdown(wait=False, cancel_futures=True)


def _steps(
    library: Library, paths: Sequence[Path], decision: Decision, progress: Progress | None, embedding: ThreadPoolExecutor
) -> Iterator[Callable[[], Outcome]]:
    """What is left to do of each report, in order, with its embedding under way."""
    for path in paths:
        try:
            found = _files_in(path)
            if decision.replace is not None and (len(paths) > 1 or len(found) != 1):
                raise ReplaceNeedsOne()
        except ReportBotError as error:
            yield partial(Outcome, path.name or str(path), "refused", error.user_message)
            continue
        for file in found:
            yield from _steps_of_file(library, file, decision, progress, embedding)


def _steps_of_file(
    library: Library, path: Path, decision: Decision, progress: Progress | None, embedding: ThreadPoolExecutor
) -> Iterator[Callable[[], Outcome]]:
    try:
        checked(decision.corrections)
        if progress:
            progress("reading", 0, 1)
        original = Original.read(_read_bytes(path), path.name)
        if decision.replace is not None and len(original.parts) != 1:
            raise ReplaceNeedsOne()
    except ReportBotError as error:
        yield partial(Outcome, path.name, "refused", error.user_message)
        return
    for ordinal in range(1, len(original.parts) + 1):
        understood = understand_report(original.parts[ordinal - 1], checked(decision.corrections))
        known = _outcome_if_known(library, original, understood, decision)
        if known is not None:
            yield partial(_as_it_is, known)
            continue
        vectors = embedding.submit(library.embed, understood, progress)
        yield partial(_store, library, original, ordinal, understood, decision, vectors.result)


def add_part(library: Library, original: Original, ordinal: int, decision: Decision, progress: Progress | None) -> Outcome:
    """Adds the report that stands at ``ordinal`` (from 1) in a file, in one transaction.

    Raises StorageFailed, LibraryBusy, OtherModel, UnknownReport, InvalidYear or EmptyCorrection.
    """
    understood = understand_report(original.parts[ordinal - 1], checked(decision.corrections))
    known = _outcome_if_known(library, original, understood, decision)
    if known is not None:
        return known
    vectors = library.embed(understood, progress)
    return _store(library, original, ordinal, understood, decision, lambda: vectors)


def _as_it_is(outcome: Outcome) -> Outcome:
    return outcome


def _outcome_if_known(library: Library, original: Original, understood: Understood, decision: Decision) -> Outcome | None:
    """The outcome of a report that is in the library already, or conflicts with one that is; else None."""
    try:
        refuse_if_known(library, understood, decision)
    except (DuplicateReport, ConflictingReport) as error:
        return _known(library, original, error)
    return None


def _known(library: Library, original: Original, error: DuplicateReport | ConflictingReport) -> Outcome:
    kind: Literal["duplicate", "conflict"] = "duplicate" if isinstance(error, DuplicateReport) else "conflict"
    return Outcome(original.name, kind, error.user_message, library.report(int(str(error.values["id"]))))


def _store(
    library: Library,
    original: Original,
    ordinal: int,
    understood: Understood,
    decision: Decision,
    vectors: Callable[[], Vectors],
) -> Outcome:
    """Writes a report whose ``vectors`` are waited for, unless one like it came meanwhile."""
    embedded = vectors()
    try:
        with library.transaction() as change:
            refuse_if_known(library, understood, decision)
            if decision.replace is not None:
                change.remove(decision.replace)
            corrections = checked(decision.corrections)
            report_id = change.add(original.document, ordinal, understood, embedded, corrections, decision.replace)
            changes.record(library.db, decision.actor, "added" if decision.replace is None else "replaced", report_id)
    except (DuplicateReport, ConflictingReport) as error:
        return _known(library, original, error)
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
