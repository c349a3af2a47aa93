"""Adding reports: from files to outcomes, and what would become of a report before it is added."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from retrieval.embedding.vectors import Vectors
from retrieval.errors import (
    ConflictingReport,
    DuplicateReport,
    MissingPath,
    NothingToAdd,
    ReplaceNeedsOne,
    ReportBotError,
)
from retrieval.ingest.understanding import checked, embedded, read_reports, understand_report
from retrieval.models import LEFT_OUT_KINDS, Report
from retrieval.ports import Progress
from retrieval.reading.kinds import accepted_types
from retrieval.reading.loading import read_file, read_path, unpacked
from retrieval.reading.names import safe_name, without_user
from retrieval.reading.raw import USABLE_CONFIDENCE, RawText
from retrieval.report.cleaning import Cleaned
from retrieval.report.understood import Understood
from retrieval.storage.store import Store
from retrieval.storage.writing import Document

_JSON_FIELDS = tuple(Report(0, None, None, None, (), None, None, None, None, None, None, None, "", 0, 0).as_json())
Standing = Literal["new", "duplicate", "conflict"]


@dataclass(frozen=True)
class Outcome:
    """What became of one report that was to be added. ``report`` is None for a file that could not be read.

    ``weak_pages`` are the pages of a scan whose letters were recognised too badly to be relied on, ``left_out`` the kinds of
    what a reader left out of the text or could not read, one for each thing.
    """

    file: str
    outcome: Literal["added", "duplicate", "conflict", "refused"]
    reason: str | None = None
    report: Report | None = None
    not_understood: tuple[str, ...] = ()
    weak_pages: tuple[int, ...] = ()
    left_out: tuple[str, ...] = ()

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
        """A file, or a web page with the further pages of its article.

        Raises what :func:`retrieval.reading.loading.read_file` raises.
        """
        raw = read_file(content, name, progress or _silent)
        if raw.url is not None:
            from retrieval.reading.further import with_further_pages

            raw = with_further_pages(raw, read_file)
        return cls.of(content, name, raw)

    @classmethod
    def of(cls, content: bytes, name: str, raw: RawText) -> Original:
        """A file whose raw text is known already."""
        return cls(safe_name(name), content, raw, tuple(read_reports(raw)))

    @property
    def document(self) -> Document:
        sha256 = hashlib.sha256(self.content).hexdigest()
        reading = json.dumps(self.raw.as_json(), ensure_ascii=False) if self.raw.kept else None
        return Document(sha256, self.name, self.content, len(self.parts), self.raw.url, self.raw.published, reading)


def add_files(store: Store, paths: Iterable[Path | str], decision: Decision, progress: Progress | None) -> Iterator[Outcome]:
    """Adds files, the files of folders and archives, and web pages, report by report; see :meth:`retrieval.library.Library.add`.

    While one report is being written, the next is read and embedded.
    """
    embedding = ThreadPoolExecutor(1, "embedding")
    ahead: deque[Callable[[], Outcome]] = deque()
    try:
        for step in _Steps(store, decision, progress, embedding).of_all(list(paths)):
            ahead.append(step)
            if len(ahead) > 1:
                yield ahead.popleft()()
        while ahead:
            yield ahead.popleft()()
    finally:
        embedding.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True)
class _Steps:
    """What is left to do of each report, in order, with its embedding under way."""

    store: Store
    decision: Decision
    progress: Progress | None
    embedding: ThreadPoolExecutor

    def of_all(self, sources: Sequence[Path | str]) -> Iterator[Callable[[], Outcome]]:
        for source in sources:
            try:
                found = [source] if isinstance(source, str) else _files_in(source)
                if self.decision.replace is not None and (len(sources) > 1 or len(found) != 1):
                    raise ReplaceNeedsOne()
            except ReportBotError as error:
                yield partial(Outcome, _shown_name(source), "refused", error.user_message)
                continue
            for one in found:
                yield from self._of_source(one)

    def _of_source(self, source: Path | str) -> Iterator[Callable[[], Outcome]]:
        """Of a file or a web page; of an archive those of each of its files."""
        try:
            checked(self.decision.corrections)
            if self.progress:
                self.progress("fetching" if isinstance(source, str) else "reading", 0, 1)
            files = unpacked(*_content_of(source))
            if self.decision.replace is not None and len(files) != 1:
                raise ReplaceNeedsOne()
        except ReportBotError as error:
            yield partial(Outcome, _shown_name(source), "refused", error.user_message)
            return
        for name, content in files:
            yield from self._of_file(content, name)

    def _of_file(self, content: bytes, name: str) -> Iterator[Callable[[], Outcome]]:
        try:
            original = Original.read(content, name, self.progress)
            if self.decision.replace is not None and len(original.parts) != 1:
                raise ReplaceNeedsOne()
        except ReportBotError as error:
            yield partial(Outcome, safe_name(name), "refused", error.user_message)
            return
        for ordinal, part in enumerate(original.parts, 1):
            understood = understand_report(part, checked(self.decision.corrections))
            known = _outcome_if_known(self.store, original, understood, self.decision)
            if known is not None:
                yield partial(_as_it_is, known)
                continue
            vectors = self.embedding.submit(embedded, understood, self.store.embedder, self.progress)
            yield partial(_added, self.store, original, ordinal, understood, self.decision, vectors.result)


def add_part(store: Store, original: Original, ordinal: int, decision: Decision, progress: Progress | None) -> Outcome:
    """Adds the report that stands at ``ordinal`` (from 1) in a file, in one transaction.

    Raises StorageFailed, LibraryBusy, OtherModel, UnknownReport, InvalidYear or EmptyCorrection.
    """
    understood = understand_report(original.parts[ordinal - 1], checked(decision.corrections))
    known = _outcome_if_known(store, original, understood, decision)
    if known is not None:
        return known
    vectors = embedded(understood, store.embedder, progress)
    return _added(store, original, ordinal, understood, decision, lambda: vectors)


def _as_it_is(outcome: Outcome) -> Outcome:
    return outcome


def _outcome_if_known(store: Store, original: Original, understood: Understood, decision: Decision) -> Outcome | None:
    """The outcome of a report that is in the library already, or conflicts with one that is; else None."""
    try:
        refuse_if_known(store, understood, decision)
    except (DuplicateReport, ConflictingReport) as error:
        return _known(store, original, error)
    return None


def _known(store: Store, original: Original, error: DuplicateReport | ConflictingReport) -> Outcome:
    kind: Literal["duplicate", "conflict"] = "duplicate" if isinstance(error, DuplicateReport) else "conflict"
    return Outcome(original.name, kind, error.user_message, store.reader.report(int(str(error.values["id"]))))


def _added(
    store: Store,
    original: Original,
    ordinal: int,
    understood: Understood,
    decision: Decision,
    vectors: Callable[[], Vectors],
) -> Outcome:
    """Writes a report whose ``vectors`` are waited for, unless one like it came meanwhile."""
    made = vectors()
    try:
        with store.transaction() as change:
            refuse_if_known(store, understood, decision)
            if decision.replace is not None:
                change.remove(decision.replace)
            corrections = checked(decision.corrections)
            report_id = change.add(original.document, ordinal, understood, made, corrections, decision.replace)
            change.record(decision.actor, "added" if decision.replace is None else "replaced", report_id)
    except (DuplicateReport, ConflictingReport) as error:
        return _known(store, original, error)
    report, cleaned = store.reader.report(report_id), understood.cleaned
    return Outcome(original.name, "added", None, report, not_understood(understood), weak_pages(cleaned), left_out(cleaned))


def preview_part(store: Store, original: Original, ordinal: int, corrections: Mapping[str, Any]) -> Preview:
    """What adding the report at ``ordinal`` would come to; nothing is changed. Raises InvalidYear or EmptyCorrection."""
    given = checked(corrections)
    understood = understand_report(original.parts[ordinal - 1], given)
    with store.reader.snapshot():
        try:
            refuse_if_known(store, understood, Decision(given))
        except (DuplicateReport, ConflictingReport) as error:
            standing: Standing = "duplicate" if isinstance(error, DuplicateReport) else "conflict"
            return Preview(understood, standing, store.reader.report(int(str(error.values["id"]))))
    return Preview(understood, "new")


def not_understood(understood: Understood) -> tuple[str, ...]:
    """The fields that could not be told from the text, for the person who added it."""
    fields = ["title", "place", "review_year", "plan_year", "delivered_on", "speaker"]
    return tuple(field for field in fields if getattr(understood.metadata, field) is None)


def weak_pages(cleaned: Cleaned) -> tuple[int, ...]:
    """The numbers of the pages whose letters were recognised too badly to be relied on."""
    return tuple(page.number for page in cleaned.pages if page.confidence is not None and page.confidence < USABLE_CONFIDENCE)


def left_out(cleaned: Cleaned) -> tuple[str, ...]:
    """The kinds of what a reader left out of a text, or could not read: all that whoever adds it should know of."""
    return tuple(removal.kind for removal in cleaned.removals if removal.kind in LEFT_OUT_KINDS)


def refuse_duplicate(store: Store, understood: Understood, but: int | None = None) -> None:
    """Raises DuplicateReport where the same text is in the library, as another report than ``but``."""
    same = store.reader.with_text(understood.text_sha256)
    if same is not None and same != but:
        raise DuplicateReport(id=same, title=store.reader.read_report(same).name)


def refuse_if_known(store: Store, understood: Understood, decision: Decision) -> None:
    refuse_duplicate(store, understood, decision.replace)
    metadata = understood.metadata
    year = metadata.plan_year if metadata.plan_year is not None else metadata.review_year
    if decision.keep_both or metadata.place is None or year is None:
        return
    for report in store.reader.reports_of(metadata.place, year):
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
