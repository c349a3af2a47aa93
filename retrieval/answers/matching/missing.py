"""Which of year, kind or fact is missing where no figure answers, and what there is instead; without a figure."""

from __future__ import annotations

import re

from retrieval.answers.claims import Claim, Word, absent, claim
from retrieval.answers.context import PartOfReport
from retrieval.answers.matching.refused import nearest_refused, refusal
from retrieval.answers.matching.subjects import called
from retrieval.answers.matching.times import Choices
from retrieval.answers.quoting import quote, sentence_around, shown
from retrieval.language.folding import fold
from retrieval.models import Figure, Kind, Span
from retrieval.replies import Quote


def missing(asked: PartOfReport, chosen: Choices) -> Claim:
    """The claim that ``asked`` is not stated, by the reason that says most."""
    report, part = asked.report, asked.part
    subject = called(part)
    if part.when.several is not None:
        return absent("absent_period", report, place=shown(report), subject=subject)
    planless = report.review_year is not None and report.plan_year is None
    if planless and not chosen.pairs and chosen.asked_year is None and chosen.aim is None:
        return absent("no_plan", report, place=shown(report), year=report.review_year or "")
    return _Reasons(asked, chosen).claim(subject)


class _Reasons:
    """What a report tells of the indicator asked for, in other years and kinds."""

    def __init__(self, asked: PartOfReport, chosen: Choices) -> None:
        self.asked, self.report, self.part = asked, asked.report, asked.part
        self.chosen = chosen
        self.plain = bool(self.part.indicators) and not self.part.topic  # an indicator and nothing beside it
        self.figures = [
            f for f in asked.library.figures(self.report.id) if self.plain and f.indicator == self.part.indicators[0].name
        ]
        self.told = {(f.kind, f.year) for f in self.figures}
        aims: set[Kind] = {kind for kind, _ in chosen.pairs}
        self.aims = aims or ({chosen.aim} if chosen.aim else set())
        planned = self.report.plan_year if self.aims == {"target"} else self.report.review_year
        self.year = chosen.asked_year or planned or self.report.year or ""

    def claim(self, subject: Word) -> Claim:
        in_words = next((f.value for f in self.figures if f.kind == "target" and f.year == self.year and f.in_words), None)
        kind, other = self._reason()
        words: dict[str, Word] = {"place": shown(self.report), "year": self.year, "subject": subject, "other": other}
        if in_words and self.aims == {"target"}:
            kind, words["words"] = "in_words", in_words
        held = {f.indicator for f in self.asked.library.figures(self.report.id)}
        related = [name for name in self.part.indicators[0].related if name in held] if self.plain else []
        notes = [claim("related", related=name) for name in related[:1]]
        refused = nearest_refused(self.asked)
        if refused and kind == "other_measure" and refused.vetoed_by == "part_of_year":
            kind = "absent"  # the same, of less time
        if refused and kind == "absent" and (why := refusal(refused, self.part)):
            notes.append(why)
        nearest = self._quoted(refused.figure if refused else self._of_another(other))
        return Claim(kind, "not_found", self.report, words, notes=tuple(notes), nearest=nearest)

    def _of_another(self, year: int | str) -> Figure | None:
        """What the report tells of the indicator, of ``year`` rather than of another one."""
        stated = [figure for figure in self.figures if not figure.blank]
        return min(stated, key=lambda figure: (figure.year != year, not figure.primary, figure.start), default=None)

    def _quoted(self, figure: Figure | None) -> tuple[Quote, ...]:
        if figure is None:
            return ()
        span = sentence_around(self.asked.library, self.report, figure.start, figure.end)
        return (quote(self.asked.library, self.report, span, [Span(figure.start, figure.end)]),)

    def _reason(self) -> tuple[str, int | str]:
        """The key of the reason, and the other year that it names."""
        report, asked_year = self.report, self.chosen.asked_year
        target, actual = self.aims == {"target"}, self.aims == {"actual"}
        planned = {year for kind, year in self.told if kind == "target" and year}
        dated = {kind for kind, year in self.told if year}
        same = {kind for kind, year in self.told if year == asked_year}
        reasons: tuple[tuple[bool, str, int | str], ...] = (
            (target and asked_year is not None and asked_year == report.review_year != report.plan_year, "no_past_target", ""),
            (len(self.aims) == 1 and (self.aims <= same or (target and self.year in planned)), "other_measure", ""),
            (target and bool(planned) and self.year not in planned, "target_of_other_year", max(planned, default="")),
            (
                (target and ("target", None) in self.told) or (actual and ("actual", None) in self.told and "target" in dated),
                "absent_of_year",
                "",
            ),
            (target and "actual" in dated and not self._named_with_a_number(ahead=True), "no_target", report.review_year or ""),
            (actual and "target" in dated and not self._named_with_a_number(ahead=False), "no_actual", report.plan_year or ""),
        )
        return next(((kind, other) for holds, kind, other in reasons if holds), ("absent", ""))

    def _named_with_a_number(self, *, ahead: bool) -> bool:
        """Whether a sentence of the part on the year ahead (or behind) names the indicator before a number, however it is
        read: then nobody can say that the report states none."""
        library, report = self.asked.library, self.report
        outline, text = library.outline(report.id), library.text(report.id)
        names = "|".join(re.escape(name) for name in self.part.indicators[0].aliases)
        number = re.compile(rf"(?:{names})[^。;；]*?[\d一二两三四五六七八九十]", re.I)
        return any(
            outline[passage.section].ahead == ahead and number.search(fold(text[passage.start : passage.end]))
            for passage in library.passages(report.id)
        )
