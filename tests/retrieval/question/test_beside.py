"""Turns that set another place or another time beside what was talked about, or that ask how far apart they lie."""

from __future__ import annotations

import pytest
from invented import library_of, two_chapters

from retrieval.answers.answerer import Answerer
from retrieval.question.beside import APART, beside_places, is_how_far_apart

TEXTS = [
    two_chapters(
        f"全年地区生产总值{total}亿元，增长{grew}%。粮食总产量{grain}万吨。全市高新技术企业达到{firms}家。",
        f"今年的主要预期目标是：地区生产总值增长{aim}%左右，粮食产量{grain}万吨左右。",
        place=place,
    )
    for place, total, grew, grain, firms, aim in (
        ("松岭市", 812.5, 6.1, 88.4, 310, 6),
        ("竹溪市", 640.2, 5.4, 120.9, 205, 5.5),
        ("柳泉市", 930.7, 7.2, 45.3, 420, 7),
    )
]

APART_FROM = [
    (("松岭市2024年粮食产量", "比竹溪市高多少"), "相差32.5万吨（计算值）：竹溪市（120.9万吨）高于松岭市（88.4万吨）"),
    (("松岭市2024年粮食产量", "竹溪市呢", "差多少"), "相差32.5万吨（计算值）"),
    (("松岭市2024年粮食产量", "竹溪市呢", "那高多少呢"), "相差32.5万吨（计算值）"),
    (("松岭市2024年GDP增速", "跟柳泉市差几个点"), "相差1.1个百分点（计算值）"),
    (("松岭市2025年GDP增长目标", "竹溪市跟松岭市一样吗"), "相差0.5个百分点（计算值）"),
    (("松岭市2024年粮食产量", "竹溪市呢", "柳泉市呢", "三个市里谁最高"), "最高：竹溪市（120.9万吨）"),
    (("松岭市2024年粮食产量", "竹溪市呢", "去年呢", "两地"), "竹溪市2024年粮食产量：120.9万吨"),
    (("松岭市2024年粮食产量", "竹溪市呢", "相比之下谁强"), "最高：竹溪市（120.9万吨）"),
    (("松岭市2025年GDP增长目标", "跟竹溪市的目标比呢", "它俩哪个定得高"), "最高：松岭市（6%左右）"),
    (("松岭市2024年GDP", "竹溪市呢", "谢谢", "哪个高"), "最高：松岭市（812.5亿元）"),
]
APART_IN_TIME = [
    (("松岭市2025年GDP增长目标", "跟去年实际比是高了还是低了"), "相差0.1个百分点（计算值）"),
    (("松岭市2025年GDP增长目标", "去年实际呢", "变了没有"), "相差0.1个百分点（计算值）"),
    (("松岭市2025年GDP增长目标", "去年实际呢", "这两年哪个高"), "相差0.1个百分点（计算值）"),
    (("松岭市2025年GDP增长目标", "去年实际呢", "差多少"), "相差0.1个百分点（计算值）"),
    (("松岭市2024年粮食产量", "2025年目标呢", "多了多少"), "两者相同"),
]


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory):
    library = library_of(tmp_path_factory.mktemp("beside"), *TEXTS)
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize("turns, said", [*APART_FROM, *APART_IN_TIME], ids="/".join)
def test_how_far_apart_is_computed(answerer: Answerer, turns: tuple[str, ...], said: str):
    reply = answerer.ask(turns)
    assert reply.status == "answered"
    assert said in reply.answer


def test_a_place_that_is_not_said_to_be_beside_the_one_before_stands_alone(answerer: Answerer):
    reply = answerer.ask(["松岭市2024年粮食产量", "竹溪市高新技术企业有多少家"])
    assert "205家" in reply.answer
    assert "松岭市" not in reply.answer


def test_nothing_is_apart_from_nothing(answerer: Answerer):
    assert answerer.ask(["松岭市2024年粮食产量", "差多少"]).status != "answered"


def test_a_place_among_all(answerer: Answerer):
    reply = answerer.ask(["松岭市2024年GDP增速", "在各市里排第几"])
    assert "2. 松岭市：6.1%" in reply.answer


@pytest.mark.parametrize(
    "rest, asked",
    [("跟 比呢", ""), ("比 高多少", APART), ("和 一样吗", APART), ("跟 的投资比呢", None), ("的投资比", None), ("呢", None)],
)
def test_what_is_asked_beside_another_place(rest: str, asked: str | None):
    assert beside_places(rest) == asked


def test_how_far_apart():
    assert is_how_far_apart("差多少")
    assert not is_how_far_apart("差多少没完成")
