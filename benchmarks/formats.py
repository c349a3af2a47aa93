"""Formats: the share of characters that each reader gets wrong, and how well the confidence of a scan tells it."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from benchmarks.tables import Cell, Column, Say, Table
from retrieval.errors import ReportBotError
from retrieval.ingest.understanding import read_reports
from retrieval.language.folding import squeeze
from retrieval.reading.loading import read_file
from retrieval.reading.raw import USABLE_CONFIDENCE, RawText

_TESTS = Path(__file__).resolve().parents[1] / "tests"
_FILES = _TESTS / "formats" / "files"
_SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
_WHOLE = ("report.docx", "report.odt", "report.rtf", "report.doc", "report.wps", "report.pdf")
_SCANS = ("scan.pdf", "scan.png", "scan.jpg", "scan.tiff")
# How the first page is spoilt: dots an inch, degrees of tilt, noise (grey levels), blur (pixels).
_SPOILT = (
    (200, 0.0, 0.0, 0.0),
    (150, 0.6, 9.0, 0.0),
    (150, 2.0, 25.0, 0.0),
    (100, 1.0, 20.0, 0.8),
    (100, 1.0, 26.0, 1.0),
    (100, 1.0, 30.0, 1.1),
    (100, 1.0, 34.0, 1.1),
    (100, 1.5, 45.0, 1.2),
    (75, 0.5, 22.0, 0.8),
    (75, 0.5, 30.0, 0.8),
    (60, 0.5, 18.0, 0.6),
    (50, 0.5, 5.0, 0.4),
    (50, 0.5, 14.0, 0.6),
)


def run(library: Path, model: str, say: Say) -> list[Table]:
    """The errors of each format, then those of scans beside their confidence."""
    return [_by_format(say), *_by_confidence(say)]


def _by_format(say: Say) -> Table:
    truth = json.loads((_FILES / "truth.json").read_text(encoding="utf-8"))
    text = (_SAMPLES / f"{truth['report']}.txt").read_text(encoding="utf-8")
    table = "".join("".join(row) for row in truth["table"])
    body, last = text.rstrip().rsplit("\n", 1)
    whole = body + table + last
    expected = dict.fromkeys(_WHOLE, whole) | {"gbk.txt": text, "columns.pdf": text[: truth["columns"]]}
    rows: list[tuple[Any, ...]] = []
    for file in (*_WHOLE, "columns.pdf", "gbk.txt"):
        rows.append(_row(file, file, expected[file], say))
    rows.append(_row("page.html", "https://www.liupu.example/t1.html", text, say, shown="page.html behind a link"))
    for file in _SCANS:
        one_page = file in ("scan.png", "scan.jpg")
        rows.append(_row(file, file, truth["head"] + text if one_page else text, say, partial=True))
    return Table(
        "Characters read wrongly, by format (blanks and line breaks aside)",
        (Column("file"), Column("characters", ","), Column("wrong", ".3%"), Column("time", ".1f", "s")),
        rows,
        [
            "files of tests/formats/files; a dash: the program or package that it needs is not installed",
            "a running head can't be told from the text where there is one page only: it counts as text there",
        ],
    )


def _row(file: str, name: str, truth: str, say: Say, *, partial: bool = False, shown: str = "") -> tuple[Any, ...]:
    started = time.perf_counter()
    try:
        raw = read_file((_FILES / file).read_bytes(), name)
    except ReportBotError as error:
        say(f"{file}: {error.user_message}")
        return (shown or file, None, None, None)
    seconds = time.perf_counter() - started
    text = _letters(raw)
    wrong = _error_rate(text, truth, partial=partial)
    say(f"{file}: {wrong:.3%}")
    return (shown or file, len(text), wrong, seconds)


def _letters(raw: RawText) -> str:
    """All that was read, without blanks; a line of the source, which cleaning takes out, is put back."""
    cleaned = read_reports(raw)[0]
    text, shift = cleaned.text, 0
    for removal in cleaned.removals:
        if removal.kind == "source":
            text = text[: removal.position + shift] + removal.text + text[removal.position + shift :]
            shift += len(removal.text)
    return squeeze(text).replace("\n", "").replace("\t", "")


def _error_rate(text: str, truth: str, *, partial: bool) -> float:
    """Edits from the truth, as a share of it. With ``partial`` the text may end before the truth does."""
    wanted = squeeze(truth).replace("\n", "").replace("\t", "")
    if partial:
        ends = range(max(len(text) - 40, 1), min(len(text) + 40, len(wanted)) + 1)
        return min(Levenshtein.distance(text, wanted[:end]) / end for end in ends)
    return Levenshtein.distance(text, wanted) / len(wanted)


def _by_confidence(say: Say) -> list[Table]:
    sys.path.insert(0, str(_TESTS))
    from formats.make_files import rendered, scanned

    truth = json.loads((_FILES / "truth.json").read_text(encoding="utf-8"))
    text = (_SAMPLES / f"{truth['report']}.txt").read_text(encoding="utf-8")
    rows: list[tuple[Cell, ...]] = []
    for number, (dpi, tilt, noise, blur) in enumerate(_SPOILT):
        page = scanned(rendered(_FILES / "report.pdf", 1, dpi)[0], tilt=tilt, noise=noise, seed=number, blur=blur)
        stream = io.BytesIO()
        page.save(stream, "PNG")
        try:
            raw = read_file(stream.getvalue(), "page.png")
        except ReportBotError as error:
            say(error.user_message)
            rows.append((f"{dpi} dpi, tilt {tilt}, noise {noise}, blur {blur}", None, None, None))
            continue
        confidence = raw.pages[0].confidence or 0.0
        wrong = _error_rate(_letters(raw), truth["head"] + text, partial=True)
        say(f"{dpi} dpi, tilt {tilt}, noise {noise}, blur {blur}: confidence {confidence:.3f}, wrong {wrong:.2%}")
        usable = "yes" if confidence >= USABLE_CONFIDENCE else "no"
        rows.append((f"{dpi} dpi, tilt {tilt}, noise {noise}, blur {blur}", confidence, wrong, usable))
    columns = (Column("first page of the report"), Column("confidence", ".3f"), Column("wrong", ".2%"), Column("usable"))
    return [Table("Scans spoilt more and more", columns, rows, [f"usable: confidence at least {USABLE_CONFIDENCE}"])]
