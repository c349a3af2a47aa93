"""From a question to a reply: which reports it is about, what answers it in each, and how that is put together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from retrieval.answers.about_library import answer_about_library
from retrieval.answers.figure import figures_of, subject_of
from retrieval.answers.findings import Finding, join, located, merged, shown
from retrieval.answers.matching.other_places import near, other_place
from retrieval.answers.mention import answer_mention
from retrieval.answers.of_report import answer_report, asks_of_plan, own_year
from retrieval.answers.over_years import answer_met, answer_trend
from retrieval.answers.table import Table, answer_table
from retrieval.answers.wording.scope import example, no_place, no_year, with_notes
from retrieval.errors import EmptyQuestion, UnknownPlace
from retrieval.messages import message
from retrieval.models import Period, Report
from retrieval.ports import LibraryView
from retrieval.question.parsing import normalise
from retrieval.question.query import Intent, Part, Query
from retrieval.question.reading import QuestionReader
from retrieval.question.scope import place_keys
from retrieval.replies import RankedPassage, Reply, Status
from retrieval.search.ranking import search

_SHOWN_PASSAGES = 10
_RANKED = 40
READ_AT_MOST = 200  # reports; a question without a place is put to all of them, a report takes it about a millisecond
_MOST_RELEVANT = 10


class Answerer:
    """Answers questions over one library."""

    def __init__(self, library: LibraryView) -> None:
        self.library = library
        self._reader = QuestionReader(library)

    def ask(self, turns: Sequence[str], default_place: str | None = None) -> Reply:
        """Answers the last of ``turns``; the earlier ones tell what it leaves out.

        Where no turn names a place, ``default_place`` is taken. Raises EmptyQuestion or QuestionTooLong for the last
        turn, OtherModel for a library of another model.
        """
        started = time.perf_counter()
        if not turns:
            raise EmptyQuestion()
        with self.library.snapshot():
            query = self._reader.read(turns, default_place)
            reply = self._answer(query)
        return replace(reply, seconds=time.perf_counter() - started, assumed_place=query.assumed_place)

    def reports_of(self, place: str) -> tuple[Report, ...]:
        """The reports that a place's name means, as a question would; none where it is no name of a held place."""
        with self.library.snapshot():
            return self._reader.places().resolve(normalise(place)).reports

    def reports_named(self, place: str) -> tuple[Report, ...]:
        """As :meth:`reports_of`; raises UnknownPlace where no report of the library is of that place."""
        reports = self.reports_of(place)
        if not reports:
            raise UnknownPlace(place=place)
        return reports

    def search(self, text: str, count: int) -> list[RankedPassage]:
        """The ``count`` passages that say most about ``text``, best first, of the places that it names, else of all."""
        with self.library.snapshot():
            plain = normalise(text)
            scope = self._reader.places().resolve(plain)
            reports = list(scope.reports) or self.library.reports()
            words = scope.rest if scope.reports and scope.rest.strip() else plain
            return search(self.library, words, reports, count, place=shown(reports[0]) if len(reports) == 1 else "")

    # -- inside -----------------------------------------------------------------------------------------------

    def _answer(self, query: Query) -> Reply:
        scope = query.scope
        reports = self.library.reports()
        if not reports:
            return Reply("not_found", message("answers.empty_library"))
        if query.intent is Intent.TALK:
            return Reply("not_found", message("answers.chat", example=example(self.library)), is_question=False)
        if scope.named and not scope.reports:
            return self._of_unheld_place(query, reports) or Reply("not_found", no_place(self.library, scope))
        inside = list(scope.reports) or self._everywhere(query, reports)
        inside = [report for report in inside if report not in query.without] or inside
        if query.intent is Intent.HOLDINGS:
            return self._about_library(query, inside)
        if query.intent is Intent.MENTION:
            return self._mention(query, inside)
        return self._parts(query, inside)

    def _of_unheld_place(self, query: Query, reports: Sequence[Report]) -> Reply | None:
        """What reports of other places say by name of the one place asked about, which has none of its own; None where they don't.

        Only figures: a sentence that states what is asked of that very place. Reports of other provinces are not looked at.
        """
        unheld, asks = query.scope.unheld, query.parts
        if len(unheld) != 1 or not asks or not all(_is_figure(ask) or ask.or_passage for ask in asks):
            return None
        name, divisions = unheld[0]
        year = own_year(asks[0])
        around = self._covering([report for report in reports if near(report, divisions)], year)
        if len(around) > READ_AT_MOST:
            around = list(dict.fromkeys(passage.report for passage in search(self.library, query.text, around, _RANKED)))
        place = other_place(name, divisions)
        findings = []
        for report in around:
            of_asks = [figures_of(self.library, report, place, ask, own_year(ask)) for ask in asks]
            if any(finding.status != "not_found" for finding in of_asks):
                findings.append(join(of_asks))
        return self._composed(query, findings, []) if findings else None

    def _everywhere(self, query: Query, reports: list[Report]) -> list[Report]:
        if query.level is None:
            return reports
        of_level = [report for report in reports if report.level == query.level]
        return of_level or reports

    def _about_library(self, query: Query, reports: list[Report]) -> Reply:
        reports = [report for report in reports if not query.years or report.year in query.years]
        if not reports:
            return Reply("not_found", no_year(query, self.library.reports()))
        return answer_about_library(self.library, reports, query.day)

    def _mention(self, query: Query, reports: list[Report]) -> Reply:
        ask = query.parts[0]
        years = query.years
        scanned = [r for r in reports if not years or r.plan_year in years or r.review_year in years]
        if not scanned:
            return Reply("not_found", no_year(query, reports))
        reply = answer_mention(self.library, scanned, ask, query.scope.named)
        return replace(reply, answer=with_notes(reply.answer, query.scope), passages=self._candidates(query, scanned))

    def _course(self, query: Query, reports: Sequence[Report], *, of_one_year: bool = False) -> Reply | None:
        """What is asked over years; None where that is not asked, or the library has but one year of each place.

        With ``of_one_year`` that one year is told.
        """
        course = query.course
        if course is None or query.intent is Intent.MENTION or not (query.scope.named or query.everywhere):
            return None
        ranked = self._ranked(query, reports)
        places = _by_place(reports)
        if query.intent is Intent.MET:
            tables = [answer_met(self.library, of_one, course, self._year_of(query, of_one), ranked) for of_one in places]
            if len(places) == 1 and tables == [None] and not course.parts:
                return Reply("not_found", message("answers.met_unknown", place=shown(reports[0])))
        elif (
            of_one_year
            or course.against
            or (any(len({one.year for one in of_one}) > 1 for of_one in places) and not course.together)
        ):
            tables = [answer_trend(self.library, of_one, course, ranked) for of_one in places]
        else:
            return None
        found = [table for table in tables if table is not None]
        if not found:
            return None
        reply = self._said(query, found, self._notes(query, []))
        return replace(reply, passages=tuple(ranked[:_SHOWN_PASSAGES]))

    @staticmethod
    def _year_of(query: Query, reports: Sequence[Report]) -> int | None:
        """The year whose targets are asked about; 去年 is the one that the latest report reviews."""
        latest = max(reports, key=lambda report: report.year or 0)
        if query.years:
            return query.years[0]
        return {"this": latest.plan_year, "last": latest.review_year}.get(query.relative or "", latest.review_year)

    def _parts(self, query: Query, reports: list[Report]) -> Reply:
        reply = self._course(query, reports)
        if reply is not None:
            return reply
        if all(part.intent is Intent.NOTHING for part in query.parts):
            return Reply("not_found", message("answers.nothing_asked", example=example(self.library)), is_question=False)
        # Parts about different years are each answered for their own, from whatever report covers it.
        years: list[int | None] = list(query.parts[0].when.years) if query.same_time else []
        years = years or [None]
        pairs = [(report, year) for year in years for report in self._covering(reports, year)]
        uncovered = [year for year in years if year and not self._covering(reports, year)]
        if not pairs:
            return Reply("not_found", no_year(query, reports))
        covering = list(dict.fromkeys(report for report, _ in pairs))
        ranked = self._ranked(query, covering)
        if len(covering) > READ_AT_MOST and not (query.scope.named or query.everywhere):
            return self._of_most_relevant(query, pairs, ranked)
        reply = self._tables(query, pairs, ranked, uncovered) if self._asks_for_tables(query, covering) else None
        if reply is not None:
            return replace(reply, passages=tuple(ranked[:_SHOWN_PASSAGES]))
        findings = [
            one
            for year in years
            for of_one in _by_place([report for report, asked in pairs if asked == year])
            for one in self._of_place(query, of_one, year, ranked)
        ]
        reply = self._composed(query, findings, uncovered)
        if reply.status == "not_found":
            reply = self._course(query, reports, of_one_year=True) or reply
        return replace(reply, passages=tuple(ranked[:_SHOWN_PASSAGES]))

    def _of_most_relevant(
        self, query: Query, pairs: Sequence[tuple[Report, int | None]], ranked: Sequence[RankedPassage]
    ) -> Reply:
        """The answer where no place is named in a large library: of the reports whose passages rank first, which is said."""
        relevant = tuple({passage.report.id: passage.report for passage in ranked}.values())[:_MOST_RELEVANT]
        findings = [
            one
            for report in relevant
            for year in _years_of(pairs, report)
            for one in answer_report(self.library, query, report, year, ranked)
        ]
        told = [finding for finding in findings if finding.status != "not_found"]
        note = message("answers.most_relevant", read=len(relevant), count=len({report.id for report, _ in pairs}))
        if not told:
            text = message("answers.none_of_most_relevant", example=example(self.library))
            return Reply("not_found", "\n".join([text, note]), passages=tuple(ranked[:_SHOWN_PASSAGES]))
        reply = self._composed(query, told, [])
        return replace(reply, answer=f"{reply.answer}\n{note}", passages=tuple(ranked[:_SHOWN_PASSAGES]))

    def _of_place(
        self, query: Query, reports: Sequence[Report], year: int | None, ranked: Sequence[RankedPassage]
    ) -> list[Finding]:
        """What the reports of one place state of a year, which one plans and the next reviews; what none states is said once."""
        of_reports = [answer_report(self.library, query, report, year, ranked) for report in reports]
        told = [any(finding.status != "not_found" for finding in of_ask) for of_ask in zip(*of_reports, strict=True)]
        found = []
        for number, findings in enumerate(of_reports):
            kept = [
                finding
                for finding, anywhere in zip(findings, told, strict=True)
                if finding.status != "not_found" or not (anywhere or number)
            ]
            if kept:
                found.append(join(kept))
        return found

    @staticmethod
    def _asks_for_tables(query: Query, reports: Sequence[Report]) -> bool:
        """Whether it asks figures, and only figures, of the reports of several places."""
        figures = all(ask.intent is Intent.FIGURE for ask in query.parts)
        return figures and len(set(place_keys(reports).values())) > 1

    def _tables(
        self,
        query: Query,
        pairs: Sequence[tuple[Report, int | None]],
        ranked: Sequence[RankedPassage],
        uncovered: Sequence[int],
    ) -> Reply | None:
        """A table for each part of the question; None where no report states any of them, or only one was found to."""
        complete = query.scope.named or query.everywhere
        tables: list[Table] = []
        missing: list[str] = []
        for ask in query.parts:
            of_ask = [(report, year or own_year(ask)) for report, year in pairs]
            table = answer_table(self.library, of_ask, ask, query.selection, ranked, complete)
            if table is None:
                missing.append(message("answers.table_none_states", subject=subject_of(ask), count=len(pairs)))
            elif complete or len(table.lines) > 1:
                tables.append(table)
        return self._said(query, tables, [*missing, *self._notes(query, uncovered)]) if tables else None

    def _said(self, query: Query, tables: Sequence[Table], notes: Sequence[str]) -> Reply:
        """Tables as a reply, one after the other."""
        lines = [line for table in tables for line in table.lines]
        text = "\n".join([*(line for line, _ in lines), *notes])
        statuses = {table.status for table in tables}
        return Reply(
            "answered" if "answered" in statuses else "blank",
            with_notes(text, query.scope),
            merged(quote for table in tables for quote in table.quotes),
            emphasis=located(text, [values for _, values in lines]),
            comparisons=tuple(table.comparison for table in tables if table.comparison),
        )

    @staticmethod
    def _notes(query: Query, uncovered: Sequence[int]) -> list[str]:
        """What the library lacks of what was asked for: years, places."""
        notes = [message("answers.year_not_covered", year=year) for year in uncovered]
        return notes + [message("answers.place_not_held", place=place) for place in query.scope.missing]

    def _composed(self, query: Query, findings: list[Finding], uncovered: list[int]) -> Reply:
        """One finding in full; several as one line a report. Without a place, only the reports that state it."""
        told = [finding for finding in findings if finding.status != "not_found"]
        listing = query.scope.named or query.everywhere
        lines = findings if listing and told else told
        notes = self._notes(query, uncovered)
        if not told:
            text = _sentence(findings[0].text) if len(findings) == 1 else self._none_states(query, findings)
            return Reply("not_found", with_notes("\n".join([text, *notes]), query.scope))
        text = _sentence(lines[0].text) if len(lines) == 1 else "\n".join(finding.short for finding in lines)
        status: Status = "answered" if any(finding.status == "answered" for finding in told) else "blank"
        quotes = merged(quote for finding in told for quote in finding.quotes)
        emphasis = located(text, [finding.values for finding in lines])
        return Reply(status, with_notes("\n".join([text, *notes]), query.scope), quotes, emphasis=emphasis)

    def _none_states(self, query: Query, findings: list[Finding]) -> str:
        if query.scope.named:
            return "\n".join(dict.fromkeys(_sentence(finding.text) for finding in findings))
        return message("answers.none_states", count=len(findings), example=example(self.library))

    def _covering(self, reports: Sequence[Report], year: int | None) -> list[Report]:
        """Of each place the reports that cover ``year``, or its latest report where no year is asked for."""
        if year is not None:
            covering = [r for r in reports if year in (r.plan_year, r.review_year)]
            keys = place_keys(reports)
            held = {keys[r.id] for r in covering}
            told = [r for r in reports if keys[r.id] not in held and any(f.year == year for f in self.library.figures(r.id))]
            return [r for r in reports if r in covering or r in told]
        latest: dict[object, Report] = {}
        keys = place_keys(reports)
        for report in reports:
            key = keys[report.id]
            if key not in latest or (report.year or 0) > (latest[key].year or 0):
                latest[key] = report
        return list(latest.values())

    def _ranked(self, query: Query, reports: Sequence[Report]) -> list[RankedPassage]:
        aims = {ask.aim for ask in query.parts}
        periods: tuple[Period, ...] = ()
        if aims == {"target"}:
            periods = ("plan", "governance")
        elif aims == {"actual"}:
            periods = ("review", "problems")
        elif len(reports) == 1 and (planned := asks_of_plan(query, reports[0])) is not None:
            periods = ("plan", "governance") if planned else ("review", "problems")
        elif any(ask.ahead is False for ask in query.parts):
            periods = ("review", "problems")
        words = query.wording
        place = shown(reports[0]) if len(reports) == 1 else ""
        year = "".join(f"{year}年" for year in query.years)
        return search(self.library, words, reports, _RANKED, periods, f"{place}{year}")

    def _candidates(self, query: Query, reports: Sequence[Report]) -> tuple[RankedPassage, ...]:
        words = " ".join(term for theme in query.parts[0].themes for term in theme.terms) or query.text
        return tuple(search(self.library, words, reports, _SHOWN_PASSAGES))


def _by_place(reports: Sequence[Report]) -> list[list[Report]]:
    """``reports``, those of one place together."""
    keys = place_keys(reports)
    places: dict[object, list[Report]] = {}
    for report in reports:
        places.setdefault(keys[report.id], []).append(report)
    return list(places.values())


def _years_of(pairs: Sequence[tuple[Report, int | None]], report: Report) -> list[int | None]:
    """The years that a report is asked about."""
    return [year for one, year in pairs if one.id == report.id]


def _is_figure(part: Part) -> bool:
    return part.intent in (Intent.FIGURE, Intent.RANK)


def _sentence(text: str) -> str:
    return text if text.endswith(message("answers.full_stop")) else text + message("answers.full_stop")
