"""The whole way of one question: what was read and by which words, the scope, the candidates with their facets, the claims, the proof.

Everything told here was made to answer; only the proof is made once more, of the wording before anything is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from retrieval.answers.answerer import Answerer
from retrieval.answers.claims import Answer, Claim
from retrieval.answers.context import Considered, Context
from retrieval.answers.matching.facets import Verdict
from retrieval.answers.proof import is_verbatim, unquoted
from retrieval.language.spoken import Spoken
from retrieval.question.query import Part, Query
from retrieval.replies import Reply

_CANDIDATES = 8  # of each choice, the nearest first


@dataclass(frozen=True)
class Explanation:
    """How a question was answered, step by step."""

    context: Context
    answer: Answer
    worded: Reply
    reply: Reply

    def as_json(self) -> dict[str, Any]:
        """The steps as ``explain --json`` prints them."""
        query = self.context.query
        return {
            "read": _read(query),
            "scope": {
                "places": list(query.scope.places),
                "missing": list(query.scope.missing),
                "heard_as": query.scope.heard_as,
                "unsaid": query.scope.unsaid,
                "everywhere": query.everywhere,
                "reports": [report.reference() for report in self.context.reports],
            },
            "passages": [passage.as_json() for passage in self.answer.passages],
            "spoken": [_spoken(part, found) for part, found in self.context.spoken.items()],
            "considered": [_considered(one) for one in self.context.considered if one.choice.verdicts],
            "claims": [_claim(one) for line in self.answer.lines for one in line.claims],
            "proof": self._proof(),
            "reply": self.reply.as_json(),
        }

    def _proof(self) -> dict[str, Any]:
        untrue = [quote.as_json() for quote in self.worded.quotes if not is_verbatim(quote, self.context.library)]
        return {"wording": self.worded.answer, "unquoted": unquoted(self.worded), "untrue": untrue}


def explain(answerer: Answerer, turns: Sequence[str], default_place: str | None = None) -> Explanation:
    """Answers the last of ``turns`` as :meth:`Answerer.ask` does, and keeps the way. Raises what that raises."""
    with answerer.library.snapshot():
        context = answerer.context(answerer.read(turns, default_place))
        answer = answerer.answer(context)
        worded = answerer.worded(context, answer)
        return Explanation(context, answer, worded, answerer.proved(context, answer, worded))


def _read(query: Query) -> dict[str, Any]:
    return {
        "text": query.text,
        "intent": query.intent,
        "years": list(query.years),
        "relative": query.relative,
        "level": query.level,
        "selection": asdict(query.selection) if query.selection else None,
        "over_years": [_part(part) for part in query.course.parts] if query.course else None,
        "parts": [_part(part) for part in query.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    """What was read of a part, without what it does not say, and by which words."""
    told = {
        "intent": part.intent,
        "indicators": [one.name for one in part.indicators],
        "topic": list(part.topic),
        "counted": list(part.head),
        "aim": part.aim,
        "measure": part.measure,
        "units": list(part.units),
        "when": asdict(part.when) if part.when.said else None,
        "fact": part.fact,
        "themes": [asdict(theme) for theme in part.themes],
        "said": {name: value for name, value in asdict(part.said).items() if value},
    }
    return {name: value for name, value in told.items() if value} | {
        "by": [f"{one.reading} <- {one.words}" for one in part.evidence]
    }


def _spoken(part: Part, found: Spoken) -> dict[str, Any]:
    """As what people's own words could be taken: the names that were weighed."""
    return {
        "asked": part.wording,
        "names": {name: round(near, 3) for name, near in found.nearest},
        "clear": found.clear,
        "certain": found.certain,
    }


def _considered(one: Considered) -> dict[str, Any]:
    verdicts = sorted(
        one.choice.verdicts, key=lambda verdict: (verdict.vetoed_by is not None, -len(verdict.facets), -verdict.score)
    )
    chosen = {figure.start for figure in one.choice.figures}
    return {
        "report": one.report.reference(),
        "asked": one.part.subject,
        "by": one.by,
        "aim": one.part.aim,
        "candidates": [_candidate(verdict, verdict.figure.start in chosen) for verdict in verdicts[:_CANDIDATES]],
        "more": max(len(verdicts) - _CANDIDATES, 0),
    }


def _candidate(verdict: Verdict, chosen: bool) -> dict[str, Any]:
    figure = verdict.figure
    return {
        "chosen": chosen,
        "subject": figure.subject,
        "value": figure.value,
        "kind": figure.kind,
        "year": figure.year,
        "measure": figure.measure,
        "score": round(verdict.score, 3),
        "facets": {name: "veto" if score is None else round(score, 3) for name, score in verdict.facets.items()},
        "vetoed_by": verdict.vetoed_by,
    }


def _claim(one: Claim) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "status": one.status,
        "report": one.report.reference() if one.report else None,
        "figures": [figure.value for figure in one.figures],
        "quotes": [[quote.report.id, quote.start, quote.end] for quote in one.quotes],
        "notes": [note.kind for note in one.notes],
    }


def lines_of(explanation: Explanation) -> Iterable[str]:
    """The explanation as text, a step after the other, for whoever mends the program."""
    return _indented(explanation.as_json())


def _indented(value: Any, depth: int = 0) -> Iterable[str]:
    """A tree as indented lines; what is flat and short stands in one."""
    pad = "  " * depth
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, dict | list) and inner and not _is_short(inner):
                yield f"{pad}{name}:"
                yield from _indented(inner, depth + 1)
            else:
                yield f"{pad}{name}: {_flat(inner)}"
    else:
        for inner in value:
            lines = (
                list(_indented(inner, depth + 1))
                if isinstance(inner, dict | list) and not _is_short(inner)
                else [f"{pad}  {_flat(inner)}"]
            )
            yield f"{pad}- {lines[0].strip()}"
            yield from lines[1:]


def _is_short(value: Any) -> bool:
    return len(_flat(value)) <= 110


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={_flat(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(_flat, value))
    return "-" if value is None else str(value)
