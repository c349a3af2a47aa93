"""What is chosen from lists: the same figures and proofs as for a question."""

from __future__ import annotations

from invented import SHIDU, YUNXI, YUNXI_BEFORE, library_of

from retrieval.answers.answerer import Answerer
from retrieval.answers.chosen import Chosen, compared, courses, indicators_of, over_years
from retrieval.language.indicators import indicators
from retrieval.library import Library
from retrieval.replies import Reply

GDP = indicators()["地区生产总值"]


def assert_quoted(library: Library, reply: Reply) -> None:
    assert reply.quotes
    for quote in reply.quotes:
        assert library.text(quote.report.id)[quote.start : quote.end] == quote.text


def test_a_figure_is_compared_over_places_in_order(small_library: Library):
    answerer = Answerer(small_library)
    reply, figures = compared(answerer, small_library.reports(), Chosen(GDP, "target", 2025), "highest")
    assert reply.status == "answered"
    lines = reply.comparisons[0].lines
    assert lines[-1].label == "石渡镇"
    assert [line.low for line in lines] == sorted((line.low for line in lines), reverse=True)
    assert [one.figure.value for one in figures][-1] == "5.5％左右"
    assert all(one.figure.indicator == GDP.name and one.figure.kind == "target" for one in figures)
    assert_quoted(small_library, reply)
    lowest, _ = compared(answerer, small_library.reports(), Chosen(GDP, "target", 2025), "lowest")
    assert lowest.comparisons[0].lines[0].label == "石渡镇"


def test_it_is_what_a_question_for_it_is_answered_with(small_library: Library):
    answerer = Answerer(small_library)
    reply, _ = compared(answerer, small_library.reports(), Chosen(GDP, "target", 2025), "highest")
    asked = answerer.ask(["各地2025年地区生产总值增长目标，从高到低排列"])
    assert reply.comparisons == asked.comparisons


def test_what_no_report_states_is_said_to_be_stated_by_none(small_library: Library):
    reply, figures = compared(Answerer(small_library), small_library.reports(), Chosen(GDP, "target", 1999), "highest")
    assert (reply.status, reply.quotes, figures) == ("not_found", (), [])
    assert GDP.name in reply.answer
    assert compared(Answerer(small_library), [], Chosen(GDP), "highest")[1] == []


def test_a_place_over_the_years(tmp_path):
    library = library_of(tmp_path, YUNXI, YUNXI_BEFORE, SHIDU)
    try:
        answerer = Answerer(library)
        reports = list(answerer.reports_of("云溪镇"))
        years, told = courses(answerer, reports)
        assert years == [2023, 2024, 2025]
        gdp = next(one for one in told if one.indicator == GDP.name)
        assert gdp.of("actual", 2023).figure.value == "17.1亿元"
        assert gdp.of("target", 2024).figure.value == "6.5%左右"
        assert gdp.of("target", 2023) is None
        assert len(told[0].told) >= len(told[-1].told)
        reply = over_years(answerer, reports, Chosen(GDP, measure="growth"))
        assert [line.value for line in reply.comparisons[0].lines if line.state == "stated"] == [
            "5.8%",
            "6.5%左右",
            "6.1%",
            "6%左右",
        ]
        assert_quoted(library, reply)
        assert over_years(answerer, reports, Chosen(indicators()["城镇调查失业率"], "actual")) is None
        assert indicators_of(answerer, library.reports())[0] == GDP.name
    finally:
        library.close()
