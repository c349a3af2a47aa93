"""Names of places: levels, short forms, chains, the gazetteer."""

from __future__ import annotations

import pytest

from retrieval.language.places import gazetteer, has_suffix, level_of, official_name, short_name, split_chain


@pytest.mark.parametrize(
    "name, level",
    [
        ("江苏省", "省"),
        ("上海市", "省"),
        ("新疆维吾尔自治区", "省"),
        ("南京市", "市"),
        ("延边朝鲜族自治州", "市"),
        ("沙坪坝区", "区县"),
        ("滨海新区", "区县"),
        ("大足县", "区县"),
        ("回龙坝镇", "乡镇"),
        ("xx镇", "乡镇"),
        ("青山乡", "乡镇"),
        ("云溪街道", "街道"),
        ("义乌市", "区县"),
        ("云溪", None),
    ],
)
def test_levels(name, level):
    assert level_of(name) == level


@pytest.mark.parametrize(
    "name, short",
    [
        ("回龙坝镇", "回龙坝"),
        ("大足区", "大足"),
        ("上海市", "上海"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("广西壮族自治区", "广西"),
        ("宁夏回族自治区", "宁夏"),
        ("西藏自治区", "西藏"),
        ("xx镇", "xx"),
        ("渝区", "渝区"),
    ],
)
def test_short_names(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize(
    "text, chain",
    [
        ("重庆市沙坪坝区回龙坝镇", ("重庆市", "沙坪坝区", "回龙坝镇")),
        ("重庆市大足区", ("重庆市", "大足区")),
        ("沙坪坝区回龙坝镇", ("沙坪坝区", "回龙坝镇")),
        ("新疆", ("新疆维吾尔自治区",)),
        ("江苏省南京市", ("江苏省", "南京市")),
        ("xx镇", ("xx镇",)),
        ("关于工作", ()),
        ("", ()),
    ],
)
def test_chains(text, chain):
    assert split_chain(text) == chain


@pytest.mark.parametrize(
    "name, official", [("新疆", "新疆维吾尔自治区"), ("北京", "北京市"), ("回龙坝镇", "回龙坝镇"), ("云溪", "云溪")]
)
def test_official_names(name, official):
    assert official_name(name) == official


def test_the_gazetteer_knows_provinces_by_both_names():
    assert {one.level for one in gazetteer()["江苏"]} == {one.level for one in gazetteer()["江苏省"]} == {"省"}
    assert len({one.name for found in gazetteer().values() for one in found if one.level == "省"}) == 34


@pytest.mark.parametrize("name, has", [("回龙坝镇", True), ("大足", False), ("延边朝鲜族自治州", True)])
def test_suffixes(name, has):
    assert has_suffix(name) is has
