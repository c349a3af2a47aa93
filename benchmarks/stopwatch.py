"""Timing the product from outside: functions wrapped for the length of a measurement, and an embedder that is timed."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.vectors import Vectors


class Stopwatch:
    """Seconds spent in wrapped functions, by name; a function that calls another wrapped one includes it."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - started

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function``, its calls timed under ``name``."""

        def timed(*arguments: Any, **options: Any) -> Any:
            with self.running(name):
                return function(*arguments, **options)

        return timed

    def around_context(self, name: str, function: Callable[..., AbstractContextManager[Any]]) -> Callable[..., Any]:
        """``function``, the contexts that it gives timed under ``name`` from before entering to after leaving."""

        @contextmanager
        def timed(*arguments: Any, **options: Any) -> Iterator[Any]:
            with self.running(name), function(*arguments, **options) as value:
                yield value

        return timed


class TimedEmbedder:
    """An embedder that counts the seconds spent in it (under ``embedding``) and keeps the texts that it was given."""

    def __init__(self, embedder: Embedder, watch: Stopwatch) -> None:
        self._embedder = embedder
        self._watch = watch
        self.texts: list[Sequence[str]] = []

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def learned(self) -> bool:
        return self._embedder.learned

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        self.texts.append(texts)
        with self._watch.running("embedding"):
            return self._embedder.embed_passages(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        with self._watch.running("embedding"):
            return self._embedder.embed_query(text)


class RememberingEmbedder:
    """An embedder that embeds the same query once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._queries: dict[str, Vectors] = {}

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def learned(self) -> bool:
        return self._embedder.learned

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        return self._embedder.embed_passages(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        if text not in self._queries:
            self._queries[text] = self._embedder.embed_query(text)
        return self._queries[text]


class GivenVectors:
    """An embedder that is told its vectors: those of passages by their texts, and the one of every query."""

    learned = False

    def __init__(self, fingerprint: str, passages: Mapping[str, Vectors], query: Vectors) -> None:
        self.fingerprint = fingerprint
        self.dimension = len(query)
        self._passages = passages
        self._query = query

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        return np.stack([self._passages[text] for text in texts])

    def embed_query(self, text: str) -> Vectors:
        return self._query
