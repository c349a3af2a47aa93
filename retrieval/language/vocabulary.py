"""Word lists of questions: which words name nothing, which say little, and which mean the same."""

from __future__ import annotations

from functools import lru_cache

from retrieval.language.data import lines_of

_LONG_ENOUGH = 3


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Words of questions that name nothing to look for."""
    return frozenset(word for line in lines_of("stop_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def weak_words() -> frozenset[str]:
    """Verbs and fillers that say little about what is asked for."""
    return frozenset(word for line in lines_of("weak_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def bare_words() -> frozenset[str]:
    """Verbs and words for an amount that name no thing by themselves."""
    return frozenset(word for line in lines_of("bare_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def doings() -> tuple[frozenset[str], ...]:
    """What can be done to a thing, the words of one kind of doing together."""
    return tuple(frozenset(line.split()) for line in lines_of("doings.txt"))


def synonyms(word: str) -> frozenset[str]:
    """Words of the genre that mean the same as ``word``, without itself."""
    return _synonym_groups().get(word, frozenset())


@lru_cache(maxsize=1)
def _synonym_groups() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for line in lines_of("synonyms.txt"):
        # A line explains its first word; the others are not one another's synonyms, and short ones mean too much.
        head, *others = line.split()
        groups.setdefault(head, set()).update(others)
        for other in others:
            if len(other) >= _LONG_ENOUGH:
                groups.setdefault(other, set()).add(head)
    return {word: frozenset(others - {word}) for word, others in groups.items()}
