"""Figures asked for in people's own words: the name that reports have for them, and never another thing's figure."""

from __future__ import annotations

import pytest
from invented import learned_library, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.embedding.embedder import open_embedder
from retrieval.language import spoken
from retrieval.language.spoken import NAMELESS, nearest_name, says_little, wordings

TEXT = two_chapters(
    "全市地区生产总值增长5.6%，达到412亿元。城镇新增就业8300人。粮食产量达到26万吨，建成粮食烘干中心4个。新增学位2150个。"
    "签约项目37个，合同金额95亿元。农村居民人均可支配收入21800元。接待游客318万人次。松北开发区工业增势良好，松北开发区完成技改。",
    "今年的主要预期目标是：地区生产总值增长6%，社会消费品零售总额增长7%。新建改建农村公路48公里。",
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory):
    library = learned_library(tmp_path_factory.mktemp("spoken"), TEXT)
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize("question", ["松岭市去年田里打了多少粮", "松岭市去年地里打了多少粮食"])
def test_where_it_grew_is_no_part_of_its_name(answerer: Answerer, question: str):
    assert answerer.ask([question]).answer.startswith("26万吨")


@pytest.mark.parametrize(
    "question, figure, name",
    [
        ("松岭市去年帮多少个人找着饭碗了", "8300人", "城镇新增就业"),
        ("松岭市去年村里种地的人一年能挣多少钱", "21800元", "农村居民人均可支配收入"),
        ("松岭市去年有多少人跑来玩", "318万人次", "接待游客"),
        ("松岭市今年经济想往上蹿几个点", "6%", "地区生产总值"),
    ],
)
def test_people_are_understood_and_told_as_what(answerer: Answerer, question: str, figure: str, name: str):
    reply = answerer.ask([question])
    assert reply.status == "answered"
    assert figure in reply.answer
    assert f"按“{name}”理解" in reply.answer


@pytest.mark.parametrize(
    "question",
    ["松岭市去年松北开发区打了多少粮", "松岭市去年彩礼要给多少钱", "松岭市去年局长工资多少钱", "松岭市今年打算打多少粮食"],
)
def test_another_thing_is_not_told(answerer: Answerer, question: str):
    assert answerer.ask([question]).status != "answered"


def test_a_count_is_no_amount_of_money(answerer: Answerer):
    assert "95亿元" not in answerer.ask(["松岭市去年谈成了多少个项目"]).answer


def test_the_vectors_are_of_the_wordings():
    """Each wording is nearest to its own name, as far as names can be told apart at all."""
    engine = open_embedder("bundled")
    if not engine.learned:
        pytest.skip("the bundled engine's int8 runtime is not there")
    own = wordings()[::97]
    right = [nearest_name(engine.embed_query(said)).name == name for name, said in own if name != NAMELESS]
    assert sum(right) >= 0.9 * len(right)


def test_what_is_said_of_many_things_says_little():
    assert says_little("一共")
    assert not says_little("学位")
    assert {name for name, _ in wordings()} >= {"地区生产总值", NAMELESS}
    assert spoken.LEAST_MARGIN > 0
