"""Which places a question names, and what is said of those that the library lacks."""

from __future__ import annotations

import pytest
from invented import place_names, report

from retrieval.question.held_places import place_keys
from retrieval.question.parsing import normalise
from retrieval.question.scope import Scope

HUILONGBA = report(1, "回龙坝镇", "乡镇", ("重庆市", "沙坪坝区"), 2023, 2024)
DAZU = report(2, "大足区", "区县", ("重庆市",), 2023, 2024)
JIULONGGANG = report(3, "九龙岗镇", "乡镇", (), 2023, 2024)
BEIJING = report(4, "北京市", "省")
QINGHAI = report(5, "青海省", "省")
JIANGXI = report(6, "江西省", "省")
HUBEI = report(7, "湖北省", "省")
SHANXI = report(8, "山西省", "省")
NINGXIA = report(9, "宁夏回族自治区", "省")
PLACEHOLDER = report(10, "xx镇", "乡镇")
ALL = [HUILONGBA, DAZU, JIULONGGANG, BEIJING, QINGHAI, JIANGXI, HUBEI, SHANXI, NINGXIA, PLACEHOLDER]


def resolve(question: str, held=ALL) -> Scope:
    return place_names(held).resolve(normalise(question))


def firsts(question: str, held) -> list[int]:
    """The first reports of the places that a question names."""
    reach = resolve(question, held).reach
    return [place.first for group in reach.places for place in group]


HELD = [
    ("回龙坝镇2024年GDP目标是多少", "回龙坝镇"),
    ("回龙坝2024年GDP目标是多少", "回龙坝镇"),
    ("请问沙坪坝区回龙坝镇的GDP", "回龙坝镇"),
    ("重庆市沙坪坝区回龙坝镇的GDP", "回龙坝镇"),
    ("2024年回龙坝镇的GDP", "回龙坝镇"),
    ("大足2024年GDP增长多少", "大足区"),
    ("大足县2024年GDP增长多少", "大足区"),
    ("重庆大足的GDP", "大足区"),
    ("那大足区呢", "大足区"),
    ("北京2025年GDP目标", "北京市"),
    ("宁夏的GDP", "宁夏回族自治区"),
    ("迴龍壩鎮2024年的目標", "回龙坝镇"),
    ("大足區的GDP目標", "大足区"),
    ("huilongba 2024 GDP", "回龙坝镇"),
    ("Huilongba Town GDP target 2024", "回龙坝镇"),
    ("dazu district gdp 2024", "大足区"),
    ("Beijing GDP target 2025", "北京市"),
    ("xx镇的财政收入", "xx镇"),
    ("你好啊,我想问问咱回龙坝镇的GDP", "回龙坝镇"),
    ("我姐快退休了,想打听大足区的医院", "大足区"),
    ("听说九龙岗镇修路了", "九龙岗镇"),
]


@pytest.mark.parametrize("question, place", HELD)
def test_places_of_the_library(question, place):
    scope = resolve(question)
    assert (scope.places, scope.named, scope.missing) == ((place,), True, ())


def test_two_places():
    assert resolve("回龙坝镇和大足区2024年GDP目标分别是多少").places == ("回龙坝镇", "大足区")


NOT_HELD = [
    ("南京2025年GDP目标是多少", "南京"),
    ("南京市的GDP", "南京市"),
    ("青岛2025年GDP目标", "青岛"),
    ("江苏2025年GDP目标", "江苏"),
    ("湖南2025年GDP目标", "湖南"),
    ("湖南省2025年GDP目标", "湖南省"),
    ("陕西2025年GDP目标", "陕西"),
    ("宁波2025年GDP目标", "宁波"),
    ("大足镇的GDP", "大足镇"),
    ("青禾镇2024年GDP目标", "青禾镇"),
    ("东京镇的GDP", "东京镇"),
    ("我想问问咱青禾镇的GDP", "青禾镇"),
    ("新九龙岗镇的GDP", "新九龙岗镇"),
    ("四川回龙坝镇的GDP", "四川回龙坝镇"),
]


@pytest.mark.parametrize("question", ["安徽九龙岗镇的GDP", "安徽省九龙岗镇的GDP", "安徽淮南市九龙岗镇的GDP"])
def test_where_a_place_lies_as_no_report_of_it_says(question):
    scope = resolve(question)
    assert (scope.places, scope.missing, scope.rest) == (("九龙岗镇",), (), "的GDP")
    assert [place for place, _ in scope.unsaid] == ["九龙岗镇"]
    assert scope.unsaid[0][1] in question


def test_a_place_beside_another_lies_not_in_it():
    scope = resolve("大足区财政总收入省口径是多少")
    assert (scope.places, scope.missing, scope.unsaid) == (("大足区",), (), ())


def test_where_a_place_lies_as_its_report_says():
    assert resolve("重庆回龙坝镇的GDP").unsaid == ()


@pytest.mark.parametrize("question, name", NOT_HELD)
def test_places_that_the_library_lacks(question, name):
    scope = resolve(question)
    assert (scope.places, scope.reach, scope.named, scope.heard_as) == ((), None, True, None)
    assert scope.missing == (name,)


@pytest.mark.parametrize(
    "question, near", [("湖南的GDP", "湖北省"), ("江苏的GDP", "江西省"), ("广西的GDP", "江西省"), ("陕西的GDP", "山西省")]
)
def test_near_names_are_only_suggested(question, near):
    assert near in resolve(question).suggested


@pytest.mark.parametrize("question", ["九龙冈镇2024年GDP目标", "九龍岡鎮2024年GDP目標"])
def test_a_name_that_sounds_the_same_is_taken_and_told(question):
    scope = resolve(question)
    assert (scope.places, scope.heard_as) == (("九龙岗镇",), ("九龙冈镇", "九龙岗镇"))


def test_a_name_that_sounds_like_two_places_is_not_taken():
    scope = resolve("九龙冈镇的GDP", [JIULONGGANG, report(11, "九龙港镇")])
    assert (scope.places, scope.heard_as, scope.missing) == ((), None, ("九龙冈镇",))
    assert set(scope.suggested) == {"九龙岗镇", "九龙港镇"}


def test_pinyin_of_two_places_is_neither():
    assert resolve("shanxi GDP 2025", [SHANXI, report(12, "陕西省", "省")]).places in ((), ("山西省", "陕西省"))


def test_english_spelling_tells_shaanxi_from_shanxi():
    held = [SHANXI, report(12, "陕西省", "省")]
    assert resolve("Shaanxi GDP target 2025", held).places == ("陕西省",)


def test_what_is_held_inside_a_missing_place_is_told():
    scope = resolve("沙坪坝区2024年GDP目标", [HUILONGBA, DAZU])
    assert (scope.reach, scope.missing, scope.inside) == (None, ("沙坪坝区",), ("回龙坝镇",))


def test_both_places_inside_a_missing_city():
    assert set(resolve("重庆市的GDP", [HUILONGBA, DAZU]).inside) == {"回龙坝镇", "大足区"}


@pytest.mark.parametrize(
    "question",
    [
        "GDP目标是多少",
        "全镇GDP是多少",
        "城乡居民收入增长多少",
        "改造了几个小区",
        "市场主体有多少",
        "社区养老服务中心建了几个",
        "保护区面积",
        "谢谢",
        "哪些地方提到了低空经济",
        "工业园区建设得怎么样",
    ],
)
def test_questions_without_a_place(question):
    scope = resolve(question)
    assert (scope.named, scope.places, scope.missing) == (False, (), ())


def test_the_rest_is_the_question_without_its_places():
    assert resolve("回龙坝镇2024年GDP目标是多少").rest == "2024年GDP目标是多少"


def test_places_of_one_name_in_different_places():
    here, there = report(1, "城关镇", within=("甲县",)), report(2, "城关镇", within=("乙县",))
    keys = place_keys([here, there])
    assert keys[1] != keys[2]
    assert firsts("甲县城关镇的GDP", [here, there]) == [1]
    assert firsts("城关镇的GDP", [here, there]) == [1, 2]


def test_two_years_of_a_place_are_one_place():
    keys = place_keys([report(1, "云溪镇", within=("松岭区",)), report(2, "云溪镇"), report(3, None)])
    assert keys[1] == keys[2] != keys[3]


def test_a_province_by_what_people_call_it():
    names = place_names([report(1, "内蒙古自治区", "省")])
    assert names.resolve("内蒙去年粮食产量").places == ("内蒙古自治区",)
    assert names.resolve("内蒙古去年粮食产量").rest.strip() == "去年粮食产量"


@pytest.mark.parametrize("question", ["两个镇哪个收入高", "三个区的GDP", "12个省的粮食产量"])
def test_counted_places_are_no_name(question):
    assert not place_names([]).resolve(question).named
