"""An answer is worded last, by whichever renderer the answerer has: what it says is proved like any other wording."""

from __future__ import annotations

from retrieval.answers.answerer import Answerer
from retrieval.answers.claims import Answer
from retrieval.answers.wording.renderer import Wording
from retrieval.explain import explain
from retrieval.replies import ComparedLine, Comparison

QUESTION = "云溪镇和石渡镇2025年GDP增长目标是多少"


def terse(answer: Answer) -> Wording:
    """Another renderer: what each claim is and its figures, and charts of figures alone."""
    told = [f"{one.kind}={'/'.join(figure.value for figure in one.figures)}" for line in answer.lines for one in line.claims]
    charts = [
        Comparison(
            "*",
            chart.axis,
            chart.unit,
            tuple(ComparedLine("-", one.kind, one.state, "?", one.low, one.high) for one in chart.lines),
            (),
        )
        for chart in answer.charts
    ]
    return Wording(" ".join(told), (), tuple(charts))


def lying(answer: Answer) -> Wording:
    return Wording("增长99.9%", ())


def test_another_renderer_words_answers_and_charts(small_library):
    ours, theirs = (Answerer(small_library, *given).ask([QUESTION]) for given in ((), (terse,)))
    assert theirs.quotes == ours.quotes
    assert theirs.answer.count("table_line=") == len(ours.comparisons[0].lines) == 2
    assert [line.label for line in ours.comparisons[0].lines] == ["云溪镇", "石渡镇"] != ["-", "-"]
    assert [(line.label, line.low) for line in theirs.comparisons[0].lines] == [
        ("-", one.low) for one in ours.comparisons[0].lines
    ]


def test_what_it_words_is_proved(small_library):
    reply = Answerer(small_library, lying).ask([QUESTION])
    assert "99.9%" not in reply.answer
    assert reply.quotes


def test_the_way_of_a_question_is_told_in_its_words(small_library):
    told = explain(Answerer(small_library, lying), [QUESTION]).as_json()
    assert told["proof"]["wording"] == "增长99.9%"
    assert told["proof"]["unquoted"] == ["99.9%"]
    assert "99.9%" not in told["reply"]["answer"]
