"""What a part of a question, or the figure that answers it, is called."""

from __future__ import annotations

import re

from retrieval.answers.claims import Word, claim
from retrieval.language.folding import squeeze
from retrieval.language.places import NATION
from retrieval.language.tokens import words
from retrieval.language.vocabulary import stop_words, weak_words
from retrieval.models import Figure, Report
from retrieval.ports import Reports
from retrieval.question.query import Part


def called(part: Part) -> Word:
    """The subject of a part; 这一项 where the question names nothing."""
    return part.subject or claim("it")


def subject_told(library: Reports, report: Report, part: Part, figure: Figure) -> str:
    """What a figure is called in an answer.

    One that is no indicator is called by the words of the question where the report's sentence has them all, else by the
    report's own words; so is one that ends in the question's word but is another's (村集体经济收入 for 收入).
    """
    asked = "".join(part.topic)
    said = squeeze(library.text(report.id)[figure.sentence_start : figure.sentence_end])
    own = (
        asked in said or _one_of_list(said, part, figure) or (_names_nothing(figure) and all(word in said for word in part.topic))
    )
    by_question = figure.indicator is None and bool(asked) and not part.named and own
    by_question = by_question and (figure.subject == asked or not figure.subject.endswith(asked))
    return (
        _as_written(asked, library.text(report.id)[figure.sentence_start : figure.sentence_end])
        if by_question
        else _name_of(report, figure)
    )


def _as_written(asked: str, sentence: str) -> str:
    """Words of a question with the letters as large as the report writes them (M2)."""
    found = re.search(re.escape(asked), sentence, re.I)
    return found.group() if found else asked


def _name_of(report: Report, figure: Figure) -> str:
    """A figure by its own name; the nation's product is called as its report calls it."""
    name = figure.indicator or figure.subject
    return name.replace("地区生产总值", "国内生产总值") if report.place == NATION else name


def subject_of_place(part: Part, place: str) -> tuple[str, str]:
    """What a figure said of another place is called: place and subject; what is no indicator may go on with the name:
    白沙机场旅客吞吐量."""
    if part.indicators:
        return place, "".join([*part.topic, part.indicators[0].name])
    return "", f"{place}{''.join(part.topic)}"


def _names_nothing(figure: Figure) -> bool:
    """Whether a subject is made of words that say little (完成投资), so that the sentence before says of what."""
    return all(word in weak_words() or word in stop_words() for word in words(figure.subject))


def _one_of_list(said: str, part: Part, figure: Figure) -> bool:
    """Whether a value is said of several things of a list, the one asked for among them: 养老保险、医疗保险参保率均达95%."""
    if not figure.shared:
        return False
    clauses = [clause for clause in re.split(r"[,，;；。:：]", said) if squeeze(figure.subject) in clause]
    in_clause = any(all(word in clause for word in part.topic) for clause in clauses)
    return in_clause and not all(word in figure.subject for word in part.topic)
