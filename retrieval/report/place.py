"""Of which place a report is: the first of what names one, from the title to a clause that tells what the place did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.language.places import NATION, PLACEHOLDER, level_of, split_chain

_OPENING = 800  # characters: what a text says of itself stands here, in a head or in a news story's first sentences
_OFFICE = pattern("reports.head.office")
_BODY = pattern("reports.head.body")
_SESSION = pattern("reports.head.session")
_REPRESENTS = pattern("reports.head.represents")
_STATE_COUNCIL = pattern("reports.head.state_council")
_GIVEN_BY_STATE_COUNCIL = pattern("reports.head.given_by_state_council")
_GENERIC = pattern("reports.head.generic")
_TITLE_PLACE = pattern("reports.title.place")
_CONGRESS = pattern("reports.place.congress")
_OFFICER = pattern("reports.place.officer")
_DID = pattern("reports.place.did")
_LEAD_IN = pattern("reports.place.lead_in")


def place_chain(title: str | None, meeting: str | None, office: str | None, text: str) -> tuple[str, ...]:
    """The place with what it lies in, from the first that names it; a longer chain to the same place wins."""
    if of_the_nation(title, text):
        return (NATION,)
    stated = [chain for chain in _chains(title, meeting, office, text) if chain]
    if not stated:
        return ()
    return max((chain for chain in stated if chain[-1] == stated[0][-1]), key=len)


def of_the_nation(title: str | None, text: str) -> bool:
    """Whether it is a report of the State Council, by its title or by the body in whose name it is given."""
    named = _STATE_COUNCIL.search(fold(title or "")) if title else None
    return bool(named or _GIVEN_BY_STATE_COUNCIL.search(fold(text[:_OPENING])))


def _chains(title: str | None, meeting: str | None, office: str | None, text: str) -> Iterator[tuple[str, ...]]:
    """What each statement of a place names, those that say it outright first."""
    opening = fold(text[:_OPENING])
    titled = _TITLE_PLACE.match(fold(title or ""))
    yield _chain(_SESSION.split(titled.group("place"))[0] if titled else None)
    yield _chain(_SESSION.split(meeting)[0] if meeting else None)
    yield from (_chain(found.group("place")) for found in _BODY.finditer(opening))
    yield _chain(_OFFICE.sub("", office) if office else None)
    yield from (_chain_at_end(found.group("place")) for found in _CONGRESS.finditer(opening))
    yield _chain(_represented(text))
    for said in (_OFFICER, _DID):
        yield from (_chain_at_end(found.group("place")) for found in said.finditer(opening))


def _chain(name: str | None) -> tuple[str, ...]:
    if not name or _GENERIC.match(name):
        return ()
    return split_chain(name)


def place_at_end(words: str) -> str:
    """The place at the end of some words of a sentence, with what it lies in: of 今天上午苍湖市 the last three characters."""
    name = _LEAD_IN.sub("", words)
    chain = _chain(name)
    return name if chain and level_of(chain[-1]) else ""


def _chain_at_end(words: str) -> tuple[str, ...]:
    return _chain(place_at_end(words))


def _represented(text: str) -> str | None:
    """The government in whose name the speaker reports or gives thanks; a real name before a placeholder."""
    names = Counter(m.group(1) for m in _REPRESENTS.finditer(fold(text)) if not _GENERIC.match(m.group(1)))
    real = [name for name, _ in names.most_common() if not PLACEHOLDER.match(name)]
    return real[0] if real else next(iter(names), None)
