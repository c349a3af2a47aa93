"""The words that tell whether a number is what was added or what there is in all, of reports and of questions."""

from __future__ import annotations

from retrieval.language.patterns import word_list

ADDED_WORDS, TOTAL_WORDS = word_list("figures.added"), word_list("figures.total")
