"""What a part of a question leaves out where it has but a verb or a unit: 去年改造了多少, 去年产量多少."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.language.indicators import Indicator, indicators, named
from retrieval.language.patterns import pattern, word_list
from retrieval.language.vocabulary import bare_words
from retrieval.question.asks import Ask, read_asks
from retrieval.question.query import FLOW_WORDS
from retrieval.question.units import can_be_counted_in

_AMOUNTS = frozenset(word_list("questions.amounts"))
_OWNER = pattern("questions.part.owner")


_ECONOMY = "地区生产总值"
_SIDES = {"城镇": frozenset(word_list("questions.town")), "农村": frozenset(word_list("questions.country"))}
_SIDE = re.compile("城镇|农村|城乡")
_BOTH_SIDES = frozenset(word_list("questions.town_and_country"))
_NO_THINGS = frozenset(word_list("questions.no_things"))
_NO_THINGS_OF_RANK = frozenset(word_list("questions.no_things_of_rank"))
_WHOLE = pattern("questions.said.whole_of_share")
_OF_IT = pattern("questions.follow.of_it")


def of_other_people(ask: Ask, before: Ask) -> list[Ask]:
    """An ask that names but townspeople or country people (那农村的呢): of them what was asked before of the others, or of all.

    None where it names more, or the question before was for nothing that there is of either.
    """
    sides = [side for side, said in _SIDES.items() if ask.topic and all(word in said | _BOTH_SIDES for word in ask.topic)]
    if not sides or ask.indicators:
        return []
    found = [one for side in sides if (one := _of_side(side, before))]
    return [
        replace(
            before,
            kind="figure",
            indicators=(one,),
            named=(one.name,),
            text=f"{one.name}{ask.text}",
            topic=(),
            aim=ask.aim,
            measure=ask.measure or before.measure,
            units=ask.units or before.units,
            when=ask.when,
        )
        for one in found
    ]


def _of_side(side: str, before: Ask) -> Indicator | None:
    """What was asked before of people, of those of a ``side``; None where there is nothing of the kind."""
    if before.indicators:
        return indicators().get(f"{side}{_SIDE.sub('', before.indicators[0].name)}")
    name = f"{side}居民{_SIDE.sub('', ''.join(before.topic))}"
    return next((one.indicator for one in named(name) if one.end - one.start == len(name)), None)


def of_same_name(ask: Ask, before: Ask) -> Ask | None:
    """An ask that names but the end of what was asked for before (那收入呢 after 居民人均可支配收入): of that; None where it names more."""
    named = ask.topic if not ask.indicators else ()
    ends = len(named) == 1 and len(named[0]) > 1 and bool(before.indicators) and before.indicators[0].name.endswith(named[0])
    if not ends:
        return None
    indicator = before.indicators[0]
    return replace(
        ask, kind=before.kind, text=f"{indicator.name}{ask.text}", indicators=(indicator,), named=before.named, topic=(), head=()
    )


def of_economy(ask: Ask) -> Ask:
    """An ask for growth that names nothing (增长了几个点), of a place as a whole: of its economy."""
    indicator = indicators()[_ECONOMY]
    return replace(
        ask, kind="figure", text=f"{_ECONOMY}{ask.text}", indicators=(indicator,), named=(_ECONOMY,), topic=(), head=()
    )


def as_much(ask: Ask, said: Ask) -> Ask:
    """What was asked before, where a follow-up asks how much of it (修路了吗 / 多少公里, 有几个项目 / 要多少钱): as a question for that."""
    thing = "".join((*ask.topic, *ask.named))
    counted_otherwise = bool(said.units) and said.units != ask.units
    if said.kind != "figure" or not thing or not (ask.kind == "passage" or (ask.kind == "figure" and counted_otherwise)):
        return ask
    return replace(read_asks(f"{thing}{said.text}")[0], aim=ask.aim, when=ask.when)


def with_flow_of(ask: Ask, said: Ask) -> Ask:
    """What was asked before, of the flow that a follow-up names: 新增了多少 after 高新技术企业多少家."""
    return replace(ask, text=f"{ask.text}{said.text}") if any(word in said.text for word in FLOW_WORDS) else ask


def is_bare(ask: Ask) -> bool:
    """Whether an ask names a doing or an amount (改造, 产量), and not the thing it is said of."""
    named = ask.indicators or ask.fact or ask.themes
    return not named and bool(ask.topic) and all(word in bare_words() or word in _NO_THINGS for word in _things_named(ask))


def _things_named(ask: Ask) -> Sequence[str]:
    """The words of an ask without those of a rank and of what a share is of: 占全市几成, 全省排第几 name nothing that has it."""
    if ask.measure == "rank":
        return [word for word in ask.topic if word not in _NO_THINGS_OF_RANK]
    whole = _WHOLE.search(ask.text) if ask.measure == "share" else None
    return [word for word in ask.topic if whole is None or word not in whole.group(1).lower()]


def _in_full(ask: Ask, before: Ask) -> Ask | None:
    """A share or a rank as the whole question that it stands for: 占全市几成 is of what was asked about, 里头税收占几成 of it as the whole."""
    if ask.measure not in ("share", "rank") or not (thing := "".join((*before.topic, *before.named))):
        return None
    inside = _OF_IT.match(ask.text)
    if inside is not None and not is_bare(ask):
        whole = read_asks(ask.text[inside.end() :].replace("占", f"占{thing}", 1))[0]
    elif is_bare(ask):
        whole = read_asks(f"{thing}{ask.text}")[0]
    else:
        return None
    return replace(whole, when=ask.when, aim=ask.aim)


def with_subject_of(ask: Ask, before: Ask) -> Ask:
    """A bare ``ask`` said of what ``before`` is for; as it is where that names nothing either."""
    if ask.kind not in ("figure", "passage") or before.kind not in ("figure", "passage"):
        return ask
    if whole := _in_full(ask, before):
        return whole
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
        topic=before.topic if _same_doing(ask, before) else (*things, *(word for word in ask.topic if word not in _NO_THINGS)),
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
