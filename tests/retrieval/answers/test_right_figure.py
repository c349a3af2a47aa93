"""Which of several figures is the one that is asked for, and what it is called: thresholds, books, kin, changes."""

from __future__ import annotations

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.library import Library

REVIEW = (
    "村集体经营性收入都在12万元以上,其中,20万以上26个村,占比60%,40万以上14个村,占比32%。签约亿元以上项目32个、投资规模126亿元。"
    "财政总收入(市口径)完成74.3亿元,增长15%,财政总收入(省口径)完成58.2亿元,增长18%;地方财政收入14.9亿元。"
    "规模以上工业企业营业收入68亿元,增长1.9%;规模以上工业企业利润总额6.2亿元。规模以上工业总产值增长11.4%达88.4亿元。"
    "农民人均纯收入7140元,增长13%。森林覆盖率提高0.7个百分点。空气优良率比上年提高5.6个百分点。三次产业结构比为:31:16:53。"
    "约9万实际管理人口、6100多家市场主体保持稳定。改造农村公路24公里。出栏生猪2.9万头、山羊1.8万只。"
)
PLAN = "主要预期目标是:一般公共预算收入增长16%,进出口保持稳定增长,城镇登记失业率控制在3.5%以内。改造农村公路31公里。"

ANSWERS = [
    ("松岭市经营性收入40万以上的村有多少个", ["14个"], ["26个"]),
    ("松岭市去年签约了多少亿元以上项目", ["32个"], ["126"]),
    ("松岭市财政总收入省口径是多少", ["58.2亿元"], ["74.3"]),
    ("松岭市去年财政总收入多少", ["74.3亿元", "58.2亿元", "省口径"], []),
    ("松岭市地方财政收入多少", ["14.9亿元", "地方财政收入"], ["74.3"]),
    ("松岭市规上企业赚了多少钱", ["6.2亿元"], ["68亿"]),
    ("松岭市规上工业产值多少", ["88.4亿元"], ["增速"]),
    ("松岭市农民收入多少", ["7140元", "农民人均纯收入", "问的是"], ["，松岭市2024年农村居民人均可支配收入"]),
    ("松岭市森林覆盖率多少", ["提高0.7个百分点"], []),
    ("松岭市空气优良率提高了多少", ["5.6个百分点", "优良率"], ["优良天数"]),
    ("松岭市三次产业比例", ["31:16:53"], []),
    ("松岭市有多少管理人口", ["9万"], ["6100"]),
    ("松岭市有多少家市场主体", ["6100多家"], ["9万"]),
    ("松岭市今年财政收入计划增长多少", ["16%", "一般公共预算收入"], []),
    ("松岭市今年进出口目标是啥", ["保持稳定增长"], []),
    ("松岭市失业率目标", ["3.5%以内", "登记失业率"], []),
    ("松岭市今年要修多少路", ["31公里"], ["24公里"]),
    ("松岭市出栏了多少头猪", ["2.9万头"], ["1.8万"]),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):
    library = invented.library_of(tmp_path_factory.mktemp("right"), invented.two_chapters(REVIEW, PLAN))
    yield library
    library.close()


@pytest.mark.parametrize("question, words, others", ANSWERS)
def test_the_figure_that_is_asked_for(library: Library, question, words, others):
    reply = Answerer(library).ask([question])
    assert reply.status == "answered"
    assert [word for word in words if word not in reply.answer] == []
    assert [word for word in others if word in reply.answer] == []


def test_the_targets_of_a_plan_period_are_not_those_of_a_year(library: Library):
    reply = Answerer(library).ask(["松岭市十四五目标是什么"])
    assert reply.status in ("not_found", "related")
    assert "16%" not in reply.answer


def test_a_report_without_a_year_answers_and_names_none(tmp_path):
    text = "各位代表:\n我代表云溪县人民政府,向大会报告工作。\n20XX年工作回顾\n20XX年,实现地区生产总值371亿元,增长8.4%。汀桥建成投入使用。"
    library = invented.library_of(tmp_path, text)
    assert Answerer(library).ask(["云溪县GDP多少"]).answer == "371亿元，增长8.4%，云溪县地区生产总值。"
    assert "云溪县年" not in Answerer(library).ask(["云溪县汀桥建成了吗"]).answer
    library.close()


def test_a_half_years_blank_is_the_half_years(tmp_path):
    text = "云溪镇2022年上半年政府工作报告\n各位代表:\n2022年上半年工作回顾\n半年来,规上工业增加值完成xxxx万元、增长x.x%。"
    library = invented.library_of(tmp_path, text)
    assert Answerer(library).ask(["云溪镇2022年上半年规上工业增加值是多少"]).status == "blank"
    library.close()
