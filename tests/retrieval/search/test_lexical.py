"""BM25 as FTS5 counts it, whatever the scope, and candidates that stand for all."""

from __future__ import annotations

import pytest

from retrieval.library import Library
from retrieval.reach import ALL, of_ids
from retrieval.search import lexical
from retrieval.search.lexical import HEADING_WEIGHT, LexicalQuery, bm25, lexical_query, likely

QUERIES = ["高标准农田", "2025年地区生产总值增长目标", "工业企业新增", "教育医疗", "困难和问题", "发展"]


def by_fts5(library: Library, query: LexicalQuery) -> dict[int, float]:
    expression = " OR ".join(f'"{term.token}"' for term in query.terms)
    rows = library.store.db.execute(
        f"select rowid, -bm25(passages_fts, 1.0, {HEADING_WEIGHT}) from passages_fts where passages_fts match ?", [expression]
    )
    return dict(rows.fetchall())


def of_all(library: Library, query: LexicalQuery) -> dict[int, float]:
    rows = library.store.db.execute("select rowid, body, heading from passages_fts").fetchall()
    scores = bm25(query, [row[1:] for row in rows])
    return {row[0]: score for row, score in zip(rows, scores, strict=True) if score > 0}


@pytest.mark.parametrize("text", QUERIES)
def test_the_scores_are_those_of_fts5(sample_library: Library, text):
    query = lexical_query(sample_library, text)
    assert of_all(sample_library, query) == pytest.approx(by_fts5(sample_library, query), abs=1e-9)


@pytest.mark.parametrize("text", QUERIES)
def test_the_likely_passages_are_the_best_ones(sample_library: Library, text):
    query = lexical_query(sample_library, text)
    scores = of_all(sample_library, query)
    found = likely(sample_library, query, 10, ALL)
    assert sorted((scores[id_] for id_ in found), reverse=True) == pytest.approx(sorted(scores.values(), reverse=True)[:10])


def test_the_likely_passages_of_a_report_are_of_that_report(sample_library: Library):
    query = lexical_query(sample_library, "高标准农田新建")
    ids = {passage.id for passage in sample_library.passages(2)}
    found = likely(sample_library, query, 20, of_ids((2,)))
    assert found
    assert set(found) <= ids


def test_a_rare_word_decides_which_passages_are_scored(sample_library: Library, monkeypatch):
    query = lexical_query(sample_library, "高标准农田建设发展")
    rarest, commonest = query.terms[0], query.terms[-1]
    assert rarest.passages < commonest.passages
    monkeypatch.setattr(lexical, "_SCORED_AT_MOST", rarest.passages)
    bodies = dict(sample_library.store.db.execute("select rowid, body || ' ' || heading from passages_fts").fetchall())
    found = likely(sample_library, query, 100, ALL)
    assert len(found) == rarest.passages
    assert all(rarest.token in bodies[id_].split() for id_ in found)
    monkeypatch.setattr(lexical, "_COUNTED_AT_MOST", 0)
    assert set(likely(sample_library, query, 100, ALL)) == set(found)


def test_common_words_alone_still_find_passages(sample_library: Library, monkeypatch):
    monkeypatch.setattr(lexical, "_SCORED_AT_MOST", 0)
    query = lexical_query(sample_library, "建设发展")
    bodies = dict(sample_library.store.db.execute("select rowid, body || ' ' || heading from passages_fts").fetchall())
    found = likely(sample_library, query, 5, ALL)
    assert found
    assert all({term.token for term in query.terms[:3]} <= set(bodies[id_].split()) for id_ in found)


def test_words_that_stand_nowhere_find_nothing(sample_library: Library):
    query = lexical_query(sample_library, "量子隧穿效应")
    assert [term for term in query.terms if "量子" in term.token] == []
    assert likely(sample_library, LexicalQuery((), 1.0, 0), 5, ALL) == []


def test_the_numbers_by_token_follow_every_change(library: Library):
    library.edit(1, {"title": "改过的标题"})
    library.remove([2])
    assert library.verify() == []
    assert not library.store.db.execute("select 1 from tokens where passages <= 0").fetchall()
    library.remove([1, 3])
    assert library.store.db.execute("select count(*) from tokens").fetchone()[0] == 0


def test_more_passages_are_scored_in_a_library_beyond_the_ordinary(sample_library: Library, monkeypatch):
    query = lexical_query(sample_library, "高标准农田建设发展")
    monkeypatch.setattr(lexical, "_SCORED_AT_MOST", query.terms[0].passages / 2)
    monkeypatch.setattr(lexical, "_COUNTED_AT_MOST", 0)
    assert lexical._parted(query)[0] == []
    monkeypatch.setattr(lexical, "_ORDINARY", query.passages / 4)
    assert lexical._parted(query)[0] == [query.terms[0]]


def test_an_indicator_is_searched_by_its_own_name_too(sample_library: Library):
    tokens = {term.token for term in lexical_query(sample_library, "GDP").terms}
    assert tokens >= {term.token for term in lexical_query(sample_library, "地区生产总值").terms}
