"""The values that travel between the modules: small, frozen, in the field's own words.

Offsets are code points into a report's canonical text; ``text[start:end]`` is the piece meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Period = Literal["review", "problems", "plan", "governance"]
Kind = Literal["target", "actual"]
Measure = str  # a key of the table in language.measures
DocumentKind = Literal["report", "news", "resolution", "notice", "other"]
Flow = Literal["added", "total", "either", ""]
Basis = str  # 同口径, 可比口径, 自然口径, 还原口径 of a rate; of an amount also whose books count it: 省口径


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a canonical text."""

    start: int
    end: int


# Removals of these kinds are no debris: a person sees something there that was not read, which may state what is asked for.
SKIPPED = ("picture", "smart_art", "chart", "embedded", "alt_chunk", "more_pages", "unread_page")
# Removals of these kinds, too, are told to whoever adds a report: text that stands in the file and that nobody sees, and the like.
LEFT_OUT_KINDS = (
    *SKIPPED,
    *("hidden", "struck_out", "deleted", "moved", "watermark", "stamp", "note_mark", "ruby", "placeholder", "contents"),
    *("automatic_number", "recognised_picture"),
)


@dataclass(frozen=True)
class Removal:
    """Debris that cleaning took out, or what a reader left out; it stood before ``text[position]`` of the canonical text."""

    kind: str
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the outline; a parent covers its children.

    ``parent`` is an index into the outline, or None. ``heading`` is empty for text under no heading.
    ``period`` is None for the front matter and for appendices. ``ahead`` tells whether the section speaks of
    what is to be done (True) or has been done (False). ``multi_year`` marks a section on several years.
    """

    parent: int | None
    depth: int
    heading: str
    start: int
    end: int
    period: Period | None
    ahead: bool
    multi_year: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or clause: the unit that is searched. ``section`` is an index into the outline."""

    section: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the library holds it: its id, its report and section, and its place in the text."""

    id: int
    report_id: int
    section: int
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """A page that begins at ``start`` of the text. ``confidence`` (0 to 1) is None where its letters were not recognised."""

    number: int
    start: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a report, with what it is about.

    ``indicator`` is the canonical name, or None where ``subject`` (the words of the report) is none of them.
    ``year`` is None where the figure covers several years or the year can't be told. ``value`` is the piece of
    text that shows it, qualifiers included (``5%左右``); ``low`` and ``high`` are its numbers, in ``unit``, with the
    ``scale`` that the text writes (万, 亿) applied; both are None when it is ``blank``. A rank's number is its ``low``. ``comparator`` is the qualifier alone (左右, 以上, 超过), also when one
    qualifier at the end of a list holds for the whole list. ``stretch`` marks a second, more ambitious value
    (力争达到8%), ``estimated`` an actual that the report calls 预计.

    The rest is what the words around the number make of it, empty or False where they say nothing:

    ``flow`` is whether the number is what was ``added`` (新增, 净增), a ``total`` (累计, 总数, 达), or by its words ``either``
    (累计新增, 新增…共); ``flow_words`` are the words of its own list item that say so, as the report writes them, with blanks
    between. ``basis`` is the statistical basis of a rate of change, ``whole`` what a share is of (占全省比重: 全省), ``compared_with``
    the other side of a comparison or a multiple (高于全国平均水平, 是2017年的3.4倍); ``lead`` are the words before a share, a completion,
    a comparison or a multiple without which its number says little (占全省比重). ``mean`` marks an average over years (年均),
    ``earlier`` what something had been (由69家增加到156家: 69家), ``in_words`` a target without a number (促稳提质), ``shared`` a value
    that all of a list have (养老保险、医疗保险参保率均达95%). ``of_place`` is the larger place or the named zone that it is said
    of, where that is not the report's own; ``proper_names`` are the things of that sentence it can be said of (三峡机场, 上河村:
    of each kind the one named last before it), with blanks between.
    """

    indicator: str | None
    subject: str
    kind: Kind
    year: int | None
    measure: Measure
    value: str
    low: float | None
    high: float | None
    unit: str
    scale: str
    comparator: str
    direction: str
    blank: bool
    stretch: bool
    estimated: bool
    primary: bool
    section: int
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    flow: Flow = ""
    flow_words: str = ""
    basis: Basis = ""
    whole: str = ""
    compared_with: str = ""
    lead: str = ""
    mean: bool = False
    earlier: bool = False
    in_words: bool = False
    shared: bool = False
    of_place: str = ""
    proper_names: str = ""


@dataclass(frozen=True)
class Metadata:
    """What a report says of itself; None (or empty) where it doesn't. ``evidence`` maps a field to its line."""

    title: str | None = None
    place: str | None = None
    level: str | None = None
    within: tuple[str, ...] = ()
    review_year: int | None = None
    plan_year: int | None = None
    delivered_on: str | None = None
    meeting: str | None = None
    speaker: str | None = None
    office: str | None = None
    source: str | None = None
    kind: DocumentKind = "report"
    evidence: dict[str, Span] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """A report of the library: its metadata (corrections applied) and counts, without its text.

    ``skipped`` are the kinds of what is in its file and was not read, one for each thing.
    """

    id: int
    title: str | None
    place: str | None
    level: str | None
    within: tuple[str, ...]
    review_year: int | None
    plan_year: int | None
    delivered_on: str | None
    meeting: str | None
    speaker: str | None
    office: str | None
    source: str | None
    file: str
    passages: int
    figures: int
    year_said_now: int | None = None
    kind: DocumentKind = "report"
    skipped: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year planned for, or the year reviewed where nothing is planned."""
        return self.plan_year if self.plan_year is not None else self.review_year

    @property
    def name(self) -> str:
        """The title, or the file's name where there is none."""
        return self.title or self.file

    def as_json(self) -> dict[str, Any]:
        """The object that ``list --json`` and ``add --json`` print."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "place": self.place,
            "level": self.level,
            "within": list(self.within),
            "year": self.year,
            "review_year": self.review_year,
            "plan_year": self.plan_year,
            "delivered_on": self.delivered_on,
            "meeting": self.meeting,
            "speaker": self.speaker,
            "office": self.office,
            "source": self.source,
            "file": self.file,
            "passages": self.passages,
            "figures": self.figures,
        }

    def reference(self) -> dict[str, Any]:
        """The short form that stands in quotes and passages."""
        return {"id": self.id, "title": self.title, "place": self.place, "year": self.year}
