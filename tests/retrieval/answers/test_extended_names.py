"""A thing's name that goes on into another's: what is asked of the one is not answered by the other."""

from __future__ import annotations

import pytest
from invented import library_of, two_chapters

from retrieval.answers.answerer import Answerer

TEXT = two_chapters(
    "茶叶仓储规模达到3200吨。全年茶叶总产量840吨。完成蔬菜大棚保险86份。出栏肉牛5300头、肉羊1.2万只。"
    "农村生活污水治理率达到71%。新修农村公路26公里。累计安置人员410人、建成安置住房面积9600平方米。",
    "今年的主要预期目标是：建成蔬菜无人农场12个，茶叶产量达到900吨，整治提升老旧街巷综合环境30处。",
)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory):
    library = library_of(tmp_path_factory.mktemp("extended"), TEXT)
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize(
    "question, told",
    [
        ("松岭市去年茶叶收了多少", "840吨"),
        ("松岭市今年茶叶打算收多少", "900吨"),
        ("松岭市今年建成多少蔬菜无人农场", "12个"),
        ("松岭市去年出栏多少肉牛", "5300头"),
        ("松岭市去年修了多少路", "26公里"),
    ],
)
def test_the_thing_itself_is_told(answerer: Answerer, question: str, told: str):
    assert told in answerer.ask([question]).answer


@pytest.mark.parametrize(
    "question, other",
    [
        ("松岭市今年蔬菜打算收多少", "12个"),
        ("松岭市去年蔬菜多少", "86"),
        ("松岭市去年出栏多少牛", "1.2万只"),
        ("松岭市去年茶叶收了多少", "3200"),
        ("松岭市去年没活干的有多少", "71%"),
        ("松岭市去年总共住了多少人", "410人"),
    ],
)
def test_another_thing_is_not(answerer: Answerer, question: str, other: str):
    assert other not in answerer.ask([question]).answer


def test_a_refusal_does_not_name_a_remnant_of_one_character(answerer: Answerer):
    assert "“没活干的有多少”" in answerer.ask(["松岭市去年没活干的有多少"]).answer
