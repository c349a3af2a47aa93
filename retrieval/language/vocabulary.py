"""Word lists of questions: which words name nothing, which say little, and which mean the same."""

from __future__ import annotations

from functools import cache, lru_cache

from retrieval.language.data import lines_of

_LONG_ENOUGH = 3


_DOINGS = ("renew", "build", "reach", "remove")


def stop_words() -> frozenset[str]:
    """Words of questions that name nothing to look for."""
    return _words_of("stop")


def weak_words() -> frozenset[str]:
    """Verbs and fillers that say little about what is asked for."""
    return _words_of("weak")


def bare_words() -> frozenset[str]:
    """Verbs and words for an amount that name no thing by themselves."""
    return _words_of("bare")


@lru_cache(maxsize=1)
def doings() -> tuple[frozenset[str], ...]:
    """What can be done to a thing, the words of one kind of doing together."""
    return tuple(_words_of(doing) for doing in _DOINGS)


@lru_cache(maxsize=1)
def classes() -> dict[str, tuple[str, ...]]:
    """The words that say less than others, each with all classes that it belongs to."""
    return {word: tuple(of) for word, *of in map(str.split, lines_of("words.txt"))}


@cache
def _words_of(kind: str) -> frozenset[str]:
    return frozenset(word for word, of in classes().items() if kind in of)


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
