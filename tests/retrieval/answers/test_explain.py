"""Why an answer came out so: figures of other places and the names that people's words were weighed against are told, too."""

from __future__ import annotations

import pytest
from invented import library_of, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.embedding.embedder import open_embedder
from retrieval.explain import explain, lines_of

TEXT = two_chapters(
    "城镇新增就业8300人，粮食产量26万吨。柳塘镇粮食产量3万吨，柳塘镇接待游客12万人次。全省地区生产总值增长5.1%，全省粮食产量增长2%。",
    "新建改建农村公路48公里。",
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory):
    library = library_of(tmp_path_factory.mktemp("explained"), TEXT, embedder=open_embedder("bundled"))
    yield Answerer(library)
    library.close()


def told(answerer: Answerer, question: str, by: str) -> dict[str, tuple[bool, str | None]]:
    """The candidates of the step ``by``: whether each was chosen, or what vetoed it."""
    considered = explain(answerer, [question]).as_json()["considered"]
    candidates = [candidate for one in considered if one["by"] == by for candidate in one["candidates"]]
    return {one["value"]: (one["chosen"], one["vetoed_by"]) for one in candidates}


def test_the_figures_of_a_place_without_a_report_are_told(answerer: Answerer):
    assert told(answerer, "柳塘镇去年粮食产量多少", "place") == {"3万吨": (True, None), "12万人次": (False, "indicator")}


def test_the_figures_of_a_larger_place_are_told(answerer: Answerer):
    assert told(answerer, "松岭市去年全省地区生产总值增长多少", "place") == {"5.1%": (True, None), "2%": (False, "indicator")}


def test_the_names_that_were_weighed_are_told(answerer: Answerer):
    if not answerer.library.learned:
        pytest.skip("the bundled engine's int8 runtime is not there: names are not told by meaning")
    question = "松岭市去年帮多少个人找着饭碗了"
    explanation = explain(answerer, [question])
    (weighed,) = explanation.as_json()["spoken"]
    names = weighed["names"]
    assert next(iter(names)) == "城镇新增就业"
    assert sorted(names.values(), reverse=True) == [*names.values()]
    assert (len(names), weighed["clear"]) == (3, True)
    assert told(answerer, question, "spoken") == {"8300人": (True, None)}
    assert any("城镇新增就业=" in line for line in lines_of(explanation))


def test_nothing_is_weighed_where_reports_say_it_so(answerer: Answerer):
    assert explain(answerer, ["松岭市去年城镇新增就业多少人"]).as_json()["spoken"] == []
