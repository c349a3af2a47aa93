"""Which reports are meant: what the database answers is what a pass over all reports does, after each change, too."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from invented import CountingEmbedder, place_names, places_of

from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.models import Report
from retrieval.question.held_places import place_keys
from retrieval.question.scope import PlaceNames
from retrieval.reach import ALL, Place, Reach, of_ids

TOWNS = ("云溪镇", "石渡镇", "城关镇")
COUNTIES = ((), ("松岭区",), ("白河县",), ("江州市", "松岭区"))


def text_of(number: int, place: str, within: tuple[str, ...], year: int | None) -> str:
    said = f"{year}年" if year else ""
    ahead = f"到{year + 2}年，财政收入达到{number + 900}万元。" if year and number % 3 == 0 else ""
    lines = [
        f"{''.join(within)}{place}{said}政府工作报告",
        f"{place}人民政府镇长 何{'春夏秋冬'[number % 4]}生" if number % 2 else "",
        f"一、{year - 1}年工作回顾" if year else "一、工作回顾",
        f"财政收入完成{number + 100}万元，建成“数字{'乡村' if number % 2 else '城镇'}”平台。",
        f"二、{year}年工作安排" if year else "二、工作安排",
        f"财政收入增长{number % 9 + 1}%。{ahead}",
    ]
    return "\n".join(line for line in lines if line)


def changed(library: Library, folder: Path, chance: random.Random, number: int) -> None:
    """Adds, corrects or removes a report."""
    held = library.reports()
    what = chance.random()
    if what < 0.6 or len(held) < 3:
        year = chance.choice([2021, 2022, 2023, 2024, None])
        path = folder / f"{number}.txt"
        path.write_text(text_of(number, chance.choice(TOWNS), chance.choice(COUNTIES), year), encoding="utf-8")
        assert {one.outcome for one in library.add([path], keep_both=True)} == {"added"}
    elif what < 0.8:
        library.edit(chance.choice(held).id, {"place": "".join((*chance.choice(COUNTIES), chance.choice(TOWNS)))})
    else:
        library.remove([chance.choice(held).id])


@pytest.fixture(params=[1, 2])
def libraries(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Iterator[Library]]:
    """A library after each of some changes, over the connection that makes them or over another one."""
    chance = random.Random(request.param)
    writing = Library.open(tmp_path / "library", CountingEmbedder())
    reading = writing if request.param == 1 else Library.open(tmp_path / "library", CountingEmbedder())

    def after_changes() -> Iterator[Library]:
        for number in range(14):
            changed(writing, tmp_path, chance, number)
            yield reading

    yield after_changes()
    reading.close()
    writing.close()


def is_of(report: Report, place: Place) -> bool:
    return (report.place, report.level, report.within) == (place.name, place.level, place.within)


def naive(library: Library, reach: Reach) -> list[Report]:
    """The reports that are meant, by a pass over all that are in the database."""
    found = []
    for report in library.store.reader._read("1", []):
        named = [n for n, group in enumerate(reach.places) if any(is_of(report, place) for place in group)]
        if (reach.places or reach.ids) and not named and report.id not in reach.ids:
            continue
        if reach.level not in (None, report.level) or any(is_of(report, place) for place in reach.without):
            continue
        if reach.years and not {report.plan_year, report.review_year} & set(reach.years):
            continue
        found.append((named[0] if named else len(reach.places), report.id, report))
    return [report for *_, report in (sorted(found) if len(reach.places) > 1 else sorted(found, key=lambda one: one[1]))]


def reaches(library: Library) -> Iterator[Reach]:
    places = library.places()
    yield ALL
    yield of_ids(())
    yield Reach(ids=tuple(place.latest for place in places[:2]))
    for level in ("乡镇", "区县", None):
        for years in ((), (2022,), (2023, 2024), (1999,)):
            yield Reach(level=level, years=years)
            yield Reach(places=tuple((place,) for place in reversed(places)), level=level, years=years)
    yield Reach(places=(tuple(places),), without=tuple(places[:1]))
    yield Reach(without=tuple(places[1:]), ids=())


def test_the_reports_that_are_meant(libraries: Iterator[Library]):
    for library in libraries:
        for reach in reaches(library):
            expected = naive(library, reach)
            assert library.reports(reach) == expected
            assert library.counted(reach) == (len(expected), sum(report.passages for report in expected))
            years = {year for report in expected for year in (report.review_year, report.plan_year) if year}
            assert library.years(reach) == sorted(years)
        assert library.reports(count=2) == naive(library, ALL)[:2]
        assert library.reports(count=-2) == naive(library, ALL)[-2:][::-1]
        with_speaker = [report for report in naive(library, ALL) if report.speaker == "何春生"]
        assert library.spoken_by("何春生是谁") == with_speaker


def test_the_places_are_those_of_all_reports_after_each_change(libraries: Iterator[Library]):
    names: PlaceNames | None = None
    for library in libraries:
        names = names or PlaceNames(library)
        names.current()
        reports = naive(library, ALL)
        assert sorted(library.places(), key=lambda one: one.first) == sorted(places_of(reports), key=lambda one: one.first)
        afresh = place_names(reports).held
        assert names.held.of_name == afresh.of_name
        assert names.held.names == afresh.names
        assert {name: one for name, one in names.held.pinyin_names.items() if one} == afresh.pinyin_names
        assert names.held.every == afresh.every
        assert names.held.single == (len(set(place_keys(reports).values())) == 1)
        for question in ("松岭区云溪镇的财政收入", "城关镇", "石渡", "松岭区各镇", "云西镇", "白鹭镇", "江州市的镇"):
            assert names.resolve(question) == place_names(reports).resolve(question)


def test_the_next_question_sees_a_change(libraries: Iterator[Library]):
    answerer: Answerer | None = None
    for library in libraries:
        answerer = answerer or Answerer(library)
        for question in ("2023年各镇财政收入是多少", "云溪镇的财政收入", "哪些报告提到了数字乡村", "你有哪些报告"):
            afresh = Library.open(library.folder, CountingEmbedder())
            expected = Answerer(afresh).ask([question])
            afresh.close()
            assert replace(answerer.ask([question]), seconds=0.0) == replace(expected, seconds=0.0)


def test_coverage_is_that_of_a_pass_over_all_figures(libraries: Iterator[Library]):
    for library in libraries:
        answerer = Answerer(library)
        context = answerer.context(answerer.read(["各镇的财政收入"]))
        reports = list(context.reports)
        keys = place_keys(reports)
        for year in (2020, 2022, 2023, 2024, 2025, 2026):
            covering = [r for r in reports if year in (r.plan_year, r.review_year)]
            held = {keys[r.id] for r in covering}
            told = [r for r in reports if keys[r.id] not in held and any(f.year == year for f in library.figures(r.id))]
            assert sorted(r.id for r in context.covering(year)) == sorted(r.id for r in (*covering, *told))
        latest: dict[object, Report] = {}
        for report in reports:
            if keys[report.id] not in latest or (report.year or 0) > (latest[keys[report.id]].year or 0):
                latest[keys[report.id]] = report
        assert context.covering(None) == list(latest.values())
