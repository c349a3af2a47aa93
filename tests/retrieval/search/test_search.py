"""Ranking: scope first, and scores that can be worked out by hand."""

from __future__ import annotations

import math
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import COUNTED

from retrieval.answers.matching.words import Weights, match
from retrieval.language.tokens import cut, dictionary_version, words
from retrieval.library import Library
from retrieval.reach import ALL, of_ids
from retrieval.search import candidates
from retrieval.search.lexical import lexical_query
from retrieval.search.ranking import DENSE_WEIGHT, LEXICAL_SPREADS, search
from retrieval.storage import passages as stored_passages


def test_only_passages_of_the_scope_are_found(small_library: Library):
    found = search(small_library, "地区生产总值增长", of_ids((2,)), 100)
    assert {one.report.place for one in found} == {"石渡镇"}
    assert len(found) == small_library.report(2).passages


def test_the_passage_with_the_words_comes_first(small_library: Library):
    found = search(small_library, "白茶产业综合产值", ALL)
    assert "白茶产业综合产值" in found[0].text
    assert found[0].report.place == "云溪镇"


def test_scores_come_best_first_and_are_the_weighted_sum_of_their_parts(small_library: Library):
    found = search(small_library, "农村水利工业", ALL, 1000)
    lexical, dense = np.array([one.lexical for one in found]), np.array([one.dense for one in found])
    assert lexical.max() > 0
    every = small_library.store.passages.stored_vectors()[1]
    assert len(every) < 200  # so that the sample is all of them, as passage ids have no gaps here
    products = every @ small_library.embedder.embed_query("农村水利工业")
    most = lexical_query(small_library, "农村水利工业").most
    assert lexical.max() < most
    expected = (1 - DENSE_WEIGHT) * LEXICAL_SPREADS * lexical / most + DENSE_WEIGHT * (dense - products.mean()) / products.std()
    assert [one.score for one in found] == pytest.approx(expected, abs=1e-4)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_score_does_not_depend_on_the_other_candidates(small_library: Library):
    """With few candidates, each that both find has the score that it has among all."""
    query = "农村水利工业"
    every = {one.id: one.score for one in search(small_library, query, ALL, 1000)}
    with patch.multiple(candidates, NARROW=0, _EACH_SIDE=3):
        few = search(small_library, query, ALL, 1000)
    assert 3 <= len(few) < len(every)
    assert {one.id: one.score for one in few} == pytest.approx({one.id: every[one.id] for one in few})


def test_sampled_vectors_are_taken_from_all_of_the_library(small_library: Library):
    ids, every = small_library.store.passages.stored_vectors()
    small_library.store.reader.forget_kept()
    with patch.object(stored_passages, "_SAMPLED", 4):
        sampled = small_library.sampled_vectors()
    small_library.store.reader.forget_kept()
    assert ids == list(range(1, 26))
    assert np.array_equal(sampled, every[[0, 8, 16, 24]])


def test_the_dense_part_is_the_cosine_of_counted_characters(small_library: Library):
    """石渡镇's passage on its target counts 增 twice and, by its heading 二、2025年工作安排, 工 once; the query counts 增 once."""
    found = search(small_library, "增", of_ids((2,)), 100)
    passage = next(one for one in found if "增长×％" in one.text)
    assert passage.text.count("增") == 2
    assert not any(char in passage.text for char in COUNTED[1:])
    assert passage.dense == pytest.approx((2 * 1 + 1 * 1) / (math.sqrt(2**2 + 1**2 + 1**2) * math.sqrt(1**2 + 1**2)), abs=1e-3)


def test_the_lexical_part_is_zero_where_no_word_occurs(small_library: Library):
    found = search(small_library, "低空经济产业园", ALL, 1000)
    assert found[0].lexical > 0
    assert all(one.lexical == 0 for one in found if not set("低空经济产业园") & set(one.text + "".join(one.section)))


def test_periods_that_are_wanted_get_ahead(small_library: Library):
    reach = of_ids((1,))
    assert search(small_library, "高标准农田", reach, 1, ["plan"])[0].period == "plan"
    assert search(small_library, "高标准农田", reach, 1, ["review"])[0].period == "review"


@pytest.mark.parametrize("query", ['"', "' OR 1", "*", "NEAR(", "a-b", "？", "AND", "body:增长", "％", "-"])
def test_signs_of_the_query_language_are_only_words(small_library: Library, query):
    assert len(search(small_library, query, ALL, 3)) == 3


def test_the_count_is_kept_and_nothing_comes_of_no_reports(small_library: Library):
    assert len(search(small_library, "增长", ALL, 2)) == 2
    assert search(small_library, "增长", of_ids(())) == []


def test_every_found_text_is_its_slice(small_library: Library):
    for one in search(small_library, "工业", ALL, 100):
        assert small_library.text(one.report.id)[one.start : one.end] == one.text


# -- tokens and words ---------------------------------------------------------------------------------------------------


def test_terms_of_the_genre_are_kept_whole():
    assert "地区生产总值" in cut("地区生产总值增长6%")
    assert words("规模以上工业增加值增长")[0] == "规模以上工业增加值"


@given(st.text(max_size=60))
def test_tokens_have_no_punctuation_and_do_not_depend_on_width(text):
    assert all(any(char.isalnum() or char == "_" for char in token) for token in cut(text))
    assert cut("增长６．５％") == cut("增长6.5%")


def test_the_dictionary_has_a_version():
    assert dictionary_version() == dictionary_version()
    assert len(dictionary_version()) == 12


@pytest.mark.parametrize("term, text, low, high", [("茶园", "现有茶园8600亩", 1, 1), ("茶园", "今天天气好", 0, 0)])
def test_how_well_a_word_is_met(term, text, low, high):
    assert low <= match(term, text) <= high


def test_rare_words_weigh_more():
    weights = Weights(["茶园增长", "工业增长", "投资增长"])
    assert weights.of("茶园") > weights.of("增长")
    assert weights.coverage([], "任何") == 1
    assert weights.coverage(["茶园"], "茶园") == pytest.approx(1)
    assert weights.coverage(["茶园"], "工业") == 0
