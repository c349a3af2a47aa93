"""Reports in the genre, as many as wanted: sentences of real ones (or of the samples) with other places, years and figures.

What is generated is not meant to be read: it has the length of real reports, their words with their frequencies, and as many
places and years as a large library has. Its vectors are those of the sentences that it was made of, each turned a little, so
that passages have neighbours as real ones do.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.material import report_paths
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.vectors import Vectors
from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.models import Metadata, Passage, Period, Section
from retrieval.reading.loading import read_file
from retrieval.report.cleaning import Cleaned
from retrieval.report.outline import section_path
from retrieval.report.understood import Understood

PASSAGES = 250  # of a report: between a town's 160 and a province's 300
_A_SECTION = 25
_TURNED = 0.35  # the length of what is added to a sentence's vector: a cosine of 0.94 with it
_MOVED = 0.2  # and to all of one report, which share their place and year
_SYLLABLES = "青云石柳松泉溪河桥岭坪湾坝塘沙龙凤安平和兴永长清江南北东西新白黄林竹梅荷莲"
_YEARS = range(2012, 2026)


@dataclass(frozen=True)
class Skeleton:
    """A sentence with the headings over it; ``ahead`` tells that it is of a plan. ``place`` is its report's."""

    text: str
    heading: str
    ahead: bool
    place: str


def skeletons() -> list[Skeleton]:
    """The passages of the reports that there are."""
    found: list[Skeleton] = []
    for path in sorted(file for folder in report_paths() for file in folder.iterdir() if file.is_file()):
        for cleaned in read_reports(read_file(path.read_bytes(), path.name)):
            report = understand_report(cleaned, {})
            for passage in report.passages:
                headings = section_path(report.outline, passage.section)
                text = report.text[passage.start : passage.end]
                ahead = report.outline[passage.section].ahead
                found.append(Skeleton(text, headings[-1] if headings else "", ahead, report.metadata.place or ""))
    return found


@dataclass(frozen=True)
class Generated:
    """A generated report, with the vectors of its passages, shape ``(passages, dimension)``."""

    understood: Understood
    vectors: Vectors


class Corpus:
    """Generated reports; the same again for the same ``seed``."""

    def __init__(self, embedder: Embedder, seed: int = 1, progress: Callable[[int], None] | None = None) -> None:
        self._embedder = embedder
        self._seed = seed
        self.skeletons = skeletons()
        self._bases = embedder.embed_passages([f"{one.heading}：{one.text}" for one in self.skeletons], progress)
        self._planned = [n for n, one in enumerate(self.skeletons) if one.ahead]
        self._reviewed = [n for n, one in enumerate(self.skeletons) if not one.ahead]

    def reports(self, count: int, start: int = 0) -> Iterator[Generated]:
        """``count`` reports, from the ``start``-th on."""
        for number in range(start, start + count):
            yield self._report(number)

    def place(self, number: int) -> str:
        """The place of the ``number``-th report: each has fourteen years of reports."""
        return f"{_name(number // len(_YEARS))}镇"

    def _report(self, number: int) -> Generated:
        chance = random.Random(self._seed * 1_000_003 + number)
        place, year = self.place(number), _YEARS[number % len(_YEARS)]
        half = PASSAGES // 2
        chosen = [*chance.sample(self._reviewed, half), *chance.sample(self._planned, half)]
        writer = _Writer(f"{place}{year}年政府工作报告\n")
        for at in range(0, PASSAGES, _A_SECTION):
            ahead = at >= half
            if at in (0, half):
                writer.chapter(f"二、{year}年工作安排" if ahead else f"一、{year - 1}年工作回顾", ahead)
            writer.section(f"（{'一二三四五六七八九十'[at // _A_SECTION % 5]}）{self.skeletons[chosen[at]].heading[:20]}", ahead)
            for n in chosen[at : at + _A_SECTION]:
                writer.sentence(_varied(self.skeletons[n], place, year, chance))
        return Generated(writer.finished(place, year), self._vectors(number, chosen))

    def _vectors(self, number: int, chosen: Sequence[int]) -> Vectors:
        chance = np.random.default_rng([self._seed, number])
        dimension = self._bases.shape[1]
        moved = _random_unit(chance, 1, dimension) * _MOVED
        vectors = self._bases[list(chosen)] + moved + _random_unit(chance, len(chosen), dimension) * _TURNED
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def question(self, number: int, reports: int) -> tuple[str, str, Vectors]:
        """A question about a report of ``reports``: its place, what is asked, and the vector of it."""
        chance = random.Random(self._seed * 7_000_003 + number)
        asked = chance.randrange(reports)
        skeleton = self.skeletons[chance.randrange(len(self.skeletons))]
        clause = re.split(r"[，。；、]", re.sub(r"\d[\d.]*", "", skeleton.text))
        text = f"{max(clause, key=len)[:16]}是多少"
        base = self._bases[self.skeletons.index(skeleton)]
        vector = base + _random_unit(np.random.default_rng([self._seed, 7, number]), 1, len(base))[0] * 2 * _TURNED
        return self.place(asked), text, np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


class _Writer:
    """A report being written, with the sections and passages that it is known to have."""

    def __init__(self, title: str) -> None:
        self._pieces = [title]
        self._length = len(title)
        self._sections: list[list[int | str | bool | None]] = [[None, 0, "", 0, False]]
        self._passages: list[tuple[int, int, int]] = []

    def chapter(self, heading: str, ahead: bool) -> None:
        self._open(None, 1, heading, ahead)

    def section(self, heading: str, ahead: bool) -> None:
        chapter = max(n for n, one in enumerate(self._sections) if one[1] == 1)
        self._open(chapter, 2, heading, ahead)

    def sentence(self, text: str) -> None:
        self._passages.append((len(self._sections) - 1, self._length, self._length + len(text)))
        self._write(f"{text}\n")

    def finished(self, place: str, year: int) -> Understood:
        text = "".join(self._pieces)
        starts = [int(one[3] or 0) for one in self._sections]
        outline = []
        for n, (parent, depth, heading, start, ahead) in enumerate(self._sections):
            later = [starts[m] for m in range(n + 1, len(starts)) if int(self._sections[m][1] or 0) <= int(depth or 0)]
            end = starts[1] if n == 0 else min(later, default=len(text))
            period: Period | None = None if n == 0 else "plan" if ahead else "review"
            parent = int(parent) if parent is not None else None
            outline.append(Section(parent, int(depth or 0), str(heading), int(start or 0), end, period, bool(ahead)))
        metadata = Metadata(f"{place}{year}年政府工作报告", place, "乡镇", (), year - 1, year)
        passages = tuple(Passage(*one) for one in self._passages)
        return Understood(Cleaned(text, ()), metadata, year, tuple(outline), passages, ())

    def _open(self, parent: int | None, depth: int, heading: str, ahead: bool) -> None:
        self._sections.append([parent, depth, heading, self._length, ahead])
        self._write(f"{heading}\n")

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)


def _varied(skeleton: Skeleton, place: str, year: int, chance: random.Random) -> str:
    """The sentence with another place, and other figures of as many digits; its years moved along."""
    moved = year - (2025 if skeleton.ahead else 2024) - (0 if skeleton.ahead else 1)
    text = skeleton.text.replace(skeleton.place, place) if skeleton.place else skeleton.text

    def other(match: re.Match[str]) -> str:
        digits = match.group()
        if re.fullmatch(r"20\d\d", digits):
            return str(int(digits) + moved)
        return re.sub(r"\d", lambda digit: str(chance.randint(1 if digit.start() == 0 else 0, 9)), digits)

    return re.sub(r"\d+", other, text).replace("\n", "")


def _name(number: int) -> str:
    """The ``number``-th of the place names, of two or three syllables, in no order."""
    base = len(_SYLLABLES)
    mixed = zlib.crc32(str(number).encode()) % base
    return f"{_SYLLABLES[mixed]}{_SYLLABLES[number % base]}{_SYLLABLES[number // base % base]}"


def _random_unit(chance: np.random.Generator, count: int, dimension: int) -> Vectors:
    vectors = chance.standard_normal((count, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
