"""The words that say less than others stand in one list, once each, with all their classes."""

from __future__ import annotations

from collections import Counter

from retrieval.language.data import lines_of
from retrieval.language.vocabulary import bare_words, classes, doings, stop_words, weak_words


def test_a_word_stands_once():
    counts = Counter(line.split()[0] for line in lines_of("words.txt"))
    assert [word for word, count in counts.items() if count > 1] == []


def test_a_word_has_classes_that_are_known():
    known = {"stop", "weak", "bare", "renew", "build", "reach", "remove"}
    assert {word: of for word, of in classes().items() if not of or not set(of) <= known} == {}


def test_a_doing_is_of_one_kind():
    assert [word for word in classes() if sum(word in kind for kind in doings()) > 1] == []


def test_one_line_serves_all_that_ask():
    assert "改造" in weak_words() & bare_words() & doings()[0]
    assert "查" in stop_words() & weak_words() & bare_words()
    assert "多少" in stop_words() - weak_words() - bare_words()
    assert "老旧小区" not in classes()
