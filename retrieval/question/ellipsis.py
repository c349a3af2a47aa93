"""What a part of a question leaves out where it has but a verb or a unit: 去年改造了多少, 去年产量多少."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.language.indicators import indicators
from retrieval.language.patterns import pattern, word_list
from retrieval.language.vocabulary import bare_words
from retrieval.question.asks import Ask
from retrieval.question.units import can_be_counted_in

_AMOUNTS = frozenset(word_list("questions.amounts"))
_OWNER = pattern("questions.part.owner")


_SIDES = {"城镇": frozenset(word_list("questions.town")), "农村": frozenset(word_list("questions.country"))}


def of_other_people(ask: Ask, before: Ask) -> Ask | None:
    """An elliptic ask that names but townspeople or country people (那农村的呢): of them what was asked before of the others, or of all.

    None where it names more, or the question before was for nothing that there is of either.
    """
    side = next((side for side, said in _SIDES.items() if ask.topic and all(word in said for word in ask.topic)), None)
    if side is None or not before.indicators:
        return None
    of_all = re.sub("城镇|农村|城乡", "", before.indicators[0].name)
    indicator = indicators().get(f"{side}{of_all}")
    return (
        replace(before, indicators=(indicator,), named=(indicator.name,), text=f"{indicator.name}{ask.text}")
        if indicator
        else None
    )


def is_bare(ask: Ask) -> bool:
    """Whether an ask names a doing or an amount (改造, 产量), and not the thing it is said of."""
    named = ask.indicators or ask.fact or ask.themes
    return not named and bool(ask.topic) and all(word in bare_words() for word in ask.topic)


def with_subject_of(ask: Ask, before: Ask) -> Ask:
    """A bare ``ask`` said of what ``before`` is for; as it is where that names nothing either."""
    if ask.kind not in ("figure", "passage") or before.kind not in ("figure", "passage"):
        return ask
    things = tuple(word for word in before.topic if word not in bare_words())
    if not (things or before.indicators):
        return ask
    if before.indicators and not _said_of_it(ask, before):
        return ask
    counted = before.indicators and can_be_counted_in(before.indicators[0], ask.units) and not _other_amount(ask, before)
    kind = "figure" if "figure" in (ask.kind, before.kind) and not ask.descriptive else ask.kind
    if counted and kind == "figure":
        topic, text = before.topic, f"{''.join((*before.topic, *before.named))}{ask.text}"
        return replace(ask, kind=kind, text=text, indicators=before.indicators, named=before.named, topic=topic, head=())
    # The area sown with grain is no 粮食产量.
    things = (*things, *(_OWNER.sub("", name) for name in before.named))
    return replace(
        ask,
        kind=kind,
        text=f"{''.join(things)}{ask.text}",
        topic=before.topic if _same_doing(ask, before) else (*things, *ask.topic),
        head=tuple(word for word in before.head if word not in bare_words()),
        units=ask.units or before.units,
    )


def completed(asks: Sequence[Ask]) -> tuple[Ask, ...]:
    """The parts of a question, each bare one said of what the part before is for: 改造多少老旧小区,去年改造了多少."""
    found: list[Ask] = []
    for ask in asks:
        found.append(with_subject_of(ask, found[-1]) if found and is_bare(ask) else ask)
    return tuple(found)


def _other_amount(ask: Ask, before: Ask) -> bool:
    """Whether another amount of the same thing is asked for: 产值 after 粮食产量."""
    return any(word in _AMOUNTS and not any(word in name for name in before.indicators[0].aliases) for word in ask.topic)


def _said_of_it(ask: Ask, before: Ask) -> bool:
    """Whether the indicator before is named by what this part says of it, if only in part: 产了 of 粮食产量, not 培训了 of 就业."""
    names = "".join((*before.named, *before.indicators[0].aliases))
    return all(word in _AMOUNTS or any(char in names for char in word) for word in ask.topic)


def _same_doing(ask: Ask, before: Ask) -> bool:
    """Whether the question before has the verbs of this one, if only in part: 改 for 改造."""
    return not before.indicators and all(any(word in said for said in before.topic) for word in ask.topic)
