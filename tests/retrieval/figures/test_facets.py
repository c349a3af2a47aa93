"""What the words around a number make of it, read once: each facet of figures in sentences as reports word them."""

from __future__ import annotations

import invented
import pytest

from retrieval.ingest.understanding import understand_report
from retrieval.language.proper_names import proper_names
from retrieval.library import Library
from retrieval.models import Figure
from retrieval.report.cleaning import clean


def figure(sentence: str, value: str) -> Figure:
    found = understand_report(clean(invented.two_chapters(sentence)), {}).figures
    return next(one for one in found if one.value == value)


FACETS = [
    ("新增停车位500个。", "500个", "flow", "added"),
    ("高新技术企业总数达到120家。", "120家", "flow", "total"),
    ("城镇新增就业累计达到5万人。", "5万人", "flow", "either"),
    ("建成停车位500个。", "500个", "flow", ""),
    ("新增停车位500个、充电桩30个。", "30个", "flow", "added"),
    ("新增停车位500个、充电桩30个。", "30个", "flow_words", ""),
    ("累计新增城镇就业5万人。", "5万人", "flow_words", "累计 新增"),
    ("净增停车位500个。", "500个", "flow_words", "净增"),
    ("一般公共预算收入同口径增长5%。", "5%", "basis", "同口径"),
    ("一般公共预算收入20亿元、自然口径增长3%，同口径增长5%。", "3%", "basis", "自然口径"),
    ("一般公共预算收入同口径增长5%，固定资产投资增长7%。", "7%", "basis", ""),
    ("高技术制造业增加值占规上工业增加值的比重达到34.6%。", "34.6%", "whole", "规上工业增加值"),
    ("汽车、手机产量分别占全省的50.6%、41.9%。", "41.9%", "whole", "全省"),
    ("新能源汽车占比达到30%。", "30%", "whole", ""),
    ("汽车产量占全省的50.6%。", "50.6%", "lead", "占全省的"),
    ("地区生产总值增长6%，高于全国平均水平1.2个百分点。", "1.2个百分点", "compared_with", "全国平均水平"),
    ("地区生产总值增长6%，高于全国平均水平1.2个百分点。", "1.2个百分点", "lead", "高于全国平均水平"),
    ("地区生产总值达到60亿元，是2017年的3.4倍。", "3.4倍", "compared_with", "2017年"),
    ("地区生产总值达到60亿元，是2017年的3.4倍。", "3.4倍", "lead", "是2017年的"),
    ("五年来，地区生产总值年均增长7.5%。", "7.5%", "mean", True),
    ("地区生产总值增长7.5%。", "7.5%", "mean", False),
    ("高新技术企业由69家增加到156家。", "69家", "earlier", True),
    ("高新技术企业由69家增加到156家。", "156家", "earlier", False),
    ("自由贸易区企业500家。", "500家", "earlier", False),
    ("从业人员3000人。", "3000人", "earlier", False),
    ("养老保险、医疗保险参保率均达95%。", "95%", "shared", True),
    ("养老保险参保率达95%。", "95%", "shared", False),
    ("全省地区生产总值增长5.5%。", "5.5%", "of_place", "全省"),
    ("全国首创案例22个。", "22个", "of_place", ""),
    ("云溪开发区规上工业总产值60亿元，固定资产投资20亿元。", "20亿元", "of_place", "云溪开发区"),
    ("地区生产总值增长5.5%。", "5.5%", "of_place", ""),
    ("白沙机场旅客吞吐量12万人次。", "12万人次", "proper_names", "白沙机场"),
    ("上河村流转土地60亩；下河村集体经济收入42万元。", "60亩", "proper_names", "上河村 下河村"),
    ("上河村流转土地60亩；下河村集体经济收入42万元。", "42万元", "proper_names", "下河村"),
    ("建成精品村12个。", "12个", "proper_names", ""),
]


@pytest.mark.parametrize("sentence, value, facet, expected", FACETS)
def test_a_facet_is_read_with_its_figure(sentence, value, facet, expected):
    assert getattr(figure(sentence, value), facet) == expected


def test_a_target_in_words_is_one():
    plan = "主要预期目标是：地区生产总值增长6%左右，进出口促稳提质。"
    found = understand_report(clean(invented.two_chapters(plan=plan)), {}).figures
    assert [(one.value, one.in_words) for one in found] == [("6%左右", False), ("促稳提质", True)]


def test_names_of_their_own():
    assert proper_names("三峡机场和宁德集团") == ("三峡机场", "宁德集团")
    assert proper_names("建成精品村、三个村，新增产业园区") == ()


def test_facets_are_stored_as_they_were_read(empty_library: Library, tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(invented.two_chapters("".join(dict.fromkeys(sentence for sentence, *_ in FACETS))), encoding="utf-8")
    (added,) = empty_library.add([path])
    assert added.outcome == "added"
    read = understand_report(clean(path.read_text(encoding="utf-8")), {}).figures
    assert sorted(read, key=lambda one: one.start) == list(empty_library.figures(1))
