"""Figures of single sentences: indicator, kind, year, measure and value, as real reports word them."""

from __future__ import annotations

import invented
import pytest
from hypothesis import given
from report_texts import texts

from retrieval.answers.answerer import Answerer
from retrieval.ingest.understanding import understand_report
from retrieval.library import Library
from retrieval.models import Figure
from retrieval.report.cleaning import clean


def figures(**chapters: str) -> list[Figure]:
    return list(understand_report(clean(invented.two_chapters(**chapters)), {}).figures)


def told(found: list[Figure]) -> list[tuple]:
    return [(one.indicator, one.kind, one.year, one.measure, one.value) for one in found]


GDP, FAI, RETAIL, BUDGET = "地区生产总值", "固定资产投资", "社会消费品零售总额", "一般公共预算收入"
URBAN, RURAL = "城镇居民人均可支配收入", "农村居民人均可支配收入"
CPI, UNEMPLOYED, JOBS, GRAIN = "居民消费价格涨幅", "城镇调查失业率", "城镇新增就业", "粮食产量"

PLANNED = [
    ("地区生产总值增长6%左右。", [(GDP, "growth", "6%左右")]),
    ("GDP增长６％以上。", [(GDP, "growth", "６％以上")]),
    ("地区生产总值增长7%以上、力争达到8%。", [(GDP, "growth", "7%以上"), (GDP, "growth", "8%")]),
    ("固定资产投资增长5.0%—5.5%。", [(FAI, "growth", "5.0%—5.5%")]),
    ("城镇、农村居民人均可支配收入分别增长5%、6.5%左右。", [(URBAN, "growth", "5%"), (RURAL, "growth", "6.5%左右")]),
    ("城镇和农村居民人均可支配收入分别增长5%和6.5%左右。", [(URBAN, "growth", "5%"), (RURAL, "growth", "6.5%左右")]),
    ("固定资产投资、社会消费品零售总额分别增长5%、6.5%左右。", [(FAI, "growth", "5%"), (RETAIL, "growth", "6.5%左右")]),
    ("城镇调查失业率、居民消费价格涨幅分别控制在5%和3%以内。", [(UNEMPLOYED, "level", "5%"), (CPI, "level", "3%以内")]),
    ("城镇调查失业率控制在5.5%以内。", [(UNEMPLOYED, "level", "5.5%以内")]),
    ("居民消费价格涨幅2%左右。", [(CPI, "level", "2%左右")]),
    ("社会消费品零售总额达到120亿元。", [(RETAIL, "level", "120亿元")]),
    ("城镇新增就业不少于26万人。", [(JOBS, "level", "不少于26万人")]),
    ("城镇新增就业1.2万人以上。", [(JOBS, "level", "1.2万人以上")]),
    ("粮食产量稳定在21.5万吨以上。", [(GRAIN, "level", "21.5万吨以上")]),
    ("地区生产总值增长6%左右，固定资产投资增长7%。", [(GDP, "growth", "6%左右"), (FAI, "growth", "7%")]),
    ("社会消费品零售总额增长×％。", [(RETAIL, "growth", "×％")]),
    ("一般公共预算收入xx万元。", [(BUDGET, "level", "xx万元")]),
]


@pytest.mark.parametrize("sentence, expected", PLANNED)
def test_targets_of_a_plan(sentence, expected):
    assert told(figures(plan=sentence)) == [(name, "target", 2025, measure, value) for name, measure, value in expected]


REVIEWED = [
    ("地区生产总值增长6.3%。", [(GDP, "growth", "6.3%")]),
    ("一般公共预算收入23.7亿元、增长5.4%。", [(BUDGET, "level", "23.7亿元"), (BUDGET, "growth", "5.4%")]),
    ("地区生产总值完成19.4亿元，同比增长5.7％。", [(GDP, "level", "19.4亿元"), (GDP, "growth", "5.7％")]),
    ("全市固定资产投资增长6.9%，快于全国。", [(FAI, "growth", "6.9%")]),
    ("城镇新增就业超过1.2万人。", [(JOBS, "level", "超过1.2万人")]),
    ("城镇新增就业约3.5万人。", [(JOBS, "level", "约3.5万人")]),
    ("城镇新增就业1200余人。", [(JOBS, "level", "1200余人")]),
    ("城镇、农村居民人均可支配收入分别达到45380元、26940元。", [(URBAN, "level", "45380元"), (RURAL, "level", "26940元")]),
    ("城镇调查失业率平均为5.1%。", [(UNEMPLOYED, "level", "5.1%")]),
    ("——粮食总产量达718.6亿斤，再创历史新高。", [(GRAIN, "level", "718.6亿斤")]),
    ("一是地区生产总值增长6.3%。", [(GDP, "growth", "6.3%")]),
    ("固定资产投资由降转升、增长0.8%。", [(FAI, "growth", "0.8%")]),
    ("前三季度地区生产总值增长6.3%。", [(GDP, "growth", "6.3%")]),
    ("1-10月社会消费品零售总额达到296.9亿元。", [(RETAIL, "level", "296.9亿元")]),
    ("PM10、PM2.5分别下降9%、4.9%。", [(None, "growth", "9%"), ("PM2.5平均浓度", "growth", "4.9%")]),
    ("全社会R&D经费支出占地区生产总值比重提高到2.81%。", [("研发投入强度", "level", "2.81%")]),
    ("全社会研发经费支出相当于全市生产总值的比例达到3.4%左右。", [("研发投入强度", "level", "3.4%左右")]),
    ("固定资产投资增长-3.1%。", [(FAI, "growth", "-3.1%")]),
    ("每万元地区生产总值能耗下降2.6%。", [("单位地区生产总值能耗", "growth", "2.6%")]),
    ("一般公共预算收入23.7亿元，税收占比76.5%。", [(BUDGET, "level", "23.7亿元"), ("税收收入", "share", "76.5%")]),
    ("省重大项目投资73亿元、超年度计划目标13.9%。", [(None, "level", "73亿元"), (None, "level", "13.9%")]),
]


@pytest.mark.parametrize("sentence, expected", REVIEWED)
def test_results_of_a_review(sentence, expected):
    assert told(figures(review=sentence)) == [(name, "actual", 2024, measure, value) for name, measure, value in expected]


def test_the_same_words_are_an_estimated_result_in_a_review_and_a_target_in_a_plan():
    result, target = figures(review="预计地区生产总值增长6%左右。", plan="地区生产总值增长6%左右。")
    assert (result.kind, result.year, result.estimated) == ("actual", 2024, True)
    assert (target.kind, target.year, target.estimated) == ("target", 2025, False)
    assert result.value == target.value == "6%左右"


RECALLED = [
    "市人大四次会议提出的地区生产总值增长6%左右等年度预期目标如期实现。",
    "圆满完成了年初确定的地区生产总值增长6%左右的预期目标。",
]


@pytest.mark.parametrize("sentence", RECALLED)
def test_a_review_that_recalls_last_years_target_gives_no_result(sentence):
    (found,) = figures(review=sentence)
    assert (found.kind, found.year, found.value) == ("target", 2024, "6%左右")


@pytest.mark.parametrize("sentence", RECALLED)
def test_the_recalled_target_is_one_of_its_indicator(sentence):
    (found,) = figures(review=sentence)
    assert found.indicator == GDP


def test_the_stretch_value_is_marked():
    assert [one.stretch for one in figures(plan="地区生产总值增长7%以上、力争达到8%。")] == [False, True]


def test_the_target_paragraph_is_marked():
    sentence = "2025年经济社会发展的主要预期目标是：地区生产总值增长6%左右，固定资产投资增长7%。"
    assert [one.primary for one in figures(plan=f"{sentence}\n粮食产量稳定在20万吨。")] == [True, True, False]


PARTS = [
    "滨海新区地区生产总值增长7.2%。",
    "海洋生产总值增长7.2%。",
    "经济技术开发区规模以上工业增加值增长7.2%。",
    "亿元以上固定资产投资项目增长7.2%。",
]


@pytest.mark.parametrize("sentence", PARTS)
def test_a_part_is_not_the_whole(sentence):
    (found,) = figures(review=sentence)
    assert (found.indicator, found.value) == (None, "7.2%")


def test_after_a_part_the_place_itself_is_meant_again_when_named():
    found = figures(review="滨海新区地区生产总值增长7.2%；全市地区生产总值增长5.1%。")
    assert [(one.indicator, one.value) for one in found] == [(None, "7.2%"), (GDP, "5.1%")]


def test_numbers_of_a_value_are_in_its_unit():
    (found,) = figures(plan="固定资产投资完成5.4亿元。")
    assert (found.low, found.high, found.unit) == (pytest.approx(5.4e8), pytest.approx(5.4e8), "元")
    (range_,) = figures(plan="固定资产投资增长5.0%—5.5%。")
    assert (range_.low, range_.high, range_.unit) == (5.0, 5.5, "%")


@pytest.mark.parametrize("sentence", ["一般公共预算收入xx万元。", "社会消费品零售总额增长×％。"])
def test_a_blank_has_no_number(sentence):
    (found,) = figures(plan=sentence)
    assert (found.blank, found.low, found.high) == (True, None, None)


MEASURES = [
    ("税收收入占一般公共预算收入比重达到78.3%。", "share", ""),
    ("单位地区生产总值能耗下降2.9%。", "growth", "下降"),
    ("完成年度任务的104%。", "completion", ""),
    ("城镇调查失业率下降0.2个百分点。", "change", "下降"),
    ("固定资产投资增速高于全省平均水平1.2个百分点。", "relative", ""),
]


@pytest.mark.parametrize("sentence, measure, direction", MEASURES)
def test_measures(sentence, measure, direction):
    (found,) = figures(review=sentence)
    assert (found.measure, found.direction) == (measure, direction)


YEARS = [
    ("review", "2023年地区生产总值增长5%。", "actual", 2023),
    ("plan", "去年地区生产总值增长5%。", "actual", 2024),
    ("plan", "到2027年，地区生产总值达到500亿元。", "target", 2027),
    ("plan", "未来三年，地区生产总值突破500亿元。", "target", None),
    ("review", "过去五年，地区生产总值年均增长5%。", "actual", None),
    ("review", "地区生产总值比去年同期增长5%。", "actual", 2024),
    ("plan", "今年，地区生产总值增长5%。", "target", 2025),
]


@pytest.mark.parametrize("chapter, sentence, kind, year", YEARS)
def test_years_that_a_sentence_names(chapter, sentence, kind, year):
    (found,) = figures(**{chapter: sentence})
    assert (found.indicator, found.kind, found.year) == (GDP, kind, year)


def test_a_target_without_a_number():
    (found,) = figures(plan="居民收入增长与经济增长同步。")
    assert (found.indicator, found.kind, found.low, found.blank) == ("居民人均可支配收入", "target", None, False)
    assert "同步" in found.value


def test_what_is_no_indicator_keeps_the_words_of_the_report():
    (found,) = figures(review="新增停车位165个。")
    assert found.indicator is None
    assert "停车位" in found.subject


def assert_sound(text: str, found: tuple[Figure, ...]) -> None:
    for one in found:
        assert text[one.start : one.end] == one.value
        assert one.sentence_start <= one.start < one.end <= one.sentence_end


@given(texts)
def test_every_value_is_its_slice_of_generated_text(text):
    understood = understand_report(clean(text), {})
    assert_sound(understood.text, understood.figures)


def test_every_value_is_its_slice_of_the_shared_reports(shared_reports):
    for understood in shared_reports.values():
        assert_sound(understood.text, understood.figures)
        for one in understood.figures:
            section = understood.outline[one.section]
            assert section.start <= one.start < one.end <= section.end


def counted(review: str) -> list[tuple]:
    return [(one.subject, one.measure, one.value) for one in figures(review=review)]


@pytest.mark.parametrize(
    "sentence, expected",
    [
        ("税收收入2亿元，全区排名第九。", [("税收收入", "level", "2亿元"), ("税收收入", "rank", "全区排名第九")]),
        ("地区生产总值增长6%，总量居全县第二。", [("地区生产总值", "growth", "6%"), ("地区生产总值", "rank", "全县第二")]),
        ("锂电池出口居全国首位。", [("锂电池出口", "rank", "全国首位")]),
        ("粮食单产跃居全省第13位。", [("粮食单产", "rank", "全省第13位")]),
        ("纳入全国第三批试点，第一产业增加值增长4%。", [("第一产业增加值", "growth", "4%")]),
    ],
)
def test_ranks_belong_to_what_was_named_last(sentence, expected):
    assert counted(sentence) == expected


@pytest.mark.parametrize("value, number", [("第九", 9), ("第十二", 12), ("第3位", 3), ("首位", 1)])
def test_the_number_of_a_rank(value, number):
    (rank,) = figures(review=f"群众满意度居全市{value}。")
    assert (rank.measure, rank.low, rank.high) == ("rank", number, number)


@pytest.mark.parametrize(
    "sentence, expected",
    [
        (
            "新一代信息技术、高端装备产业增加值增长13.6%、9.8%。",
            [("新一代信息技术产业增加值", "growth", "13.6%"), ("高端装备产业增加值", "growth", "9.8%")],
        ),
        (
            "生产安全事故起数和死亡人数分别下降39.7%和39.1%。",
            [("生产安全事故起数", "growth", "39.7%"), ("生产安全事故死亡人数", "growth", "39.1%")],
        ),
        (
            "固定资产投资增长12.1%、规上工业增加值增长9%，分别高于全市平均水平5.2、2.3个百分点。",
            [
                ("固定资产投资", "growth", "12.1%"),
                ("规模以上工业增加值", "growth", "9%"),
                ("固定资产投资", "relative", "5.2"),
                ("规模以上工业增加值", "relative", "2.3个百分点"),
            ],
        ),
        ("省管企业净资产增长8.9%、研发投入增长34.4%。", [("省管企业净资产", "growth", "8.9%"), ("研发投入", "growth", "34.4%")]),
        ("新增文化项目10个，80%的村建成广场。", [("新增文化项目", "level", "10个"), ("村建成广场", "level", "80%")]),
        ("设备巡查偷排、漏排、直排100余次。", [("设备巡查偷排、漏排、直排", "level", "100余次")]),
        ("投入45万元，解决农村饮水问题。", [("投入解决农村饮水问题", "level", "45万元")]),
        ("推行240小时过境免签。", []),
    ],
)
def test_what_a_number_counts(sentence, expected):
    assert counted(sentence) == expected


def test_an_amount_of_each_is_none_of_the_whole():
    (each,) = figures(review="10个村的村集体经济收入均达到20万元。")[1:]
    assert (each.indicator, each.value) == (None, "20万元")


@pytest.mark.parametrize(
    "sentence, year",
    [
        ("过去一年，新建道路3公里。", 2024),
        ("2024年以来，新建道路3公里。", 2024),
        ("2018年以来，新建道路3公里。", None),
        ("耕地面积连续4年净增累计超过170万亩。", None),
        ("十四年来首次举办，进出口总额36亿元。", 2024),
    ],
)
def test_years_of_a_review(sentence, year):
    assert figures(review=sentence)[-1].year == year


def test_what_a_plan_says_is_there_already():
    (existing, *_) = figures(plan="对现有的30户困难家庭定期走访。")
    assert (existing.kind, existing.year) == ("actual", 2024)


def test_scale_and_unit():
    (amount,) = figures(review="一般公共预算收入1.35万亿元。")
    assert (amount.scale, amount.unit, amount.low) == ("万亿", "元", 1.35e12)


def test_two_statements_that_disagree_are_both_quoted(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        invented.two_chapters(
            "2024年，全市地区生产总值增长6.1%，粮食产量12.4万吨。\n全年地区生产总值增长6.8%，粮食产量12.38万吨。"
        ),
        encoding="utf-8",
    )
    library = Library.open(tmp_path / "library", invented.CountingEmbedder())
    assert [one.outcome for one in library.add([path])] == ["added"]
    reply = Answerer(library).ask(["松岭市2024年GDP增速"])
    assert "同一份报告另一处写的是6.8%" in reply.answer
    assert len(reply.quotes) == 2
    assert "另一处" not in Answerer(library).ask(["松岭市2024年粮食产量"]).answer  # rounded, not another number
    library.close()


# -- the year of paragraphs and sentences -----------------------------------------------------------------------------------

MIXED = """2025年松岭市政府工作报告

各位代表：
一、过去五年和2024年工作回顾
过去五年，全市地区生产总值连跨两个台阶，由2019年的210亿元增加到2024年的300亿元，年均增长7.4%。城镇新增就业累计9万人。新建道路300公里，城镇化率达到61%。
全市人民团结一心。新建桥梁30座。
2024年是极不平凡的一年。地区生产总值增长6.1%。城镇新增就业2.1万人。
（一）交通更加便捷。新建道路50公里。
（二）五年来，农村面貌改变。新建高标准农田40万亩。完成改厕9万户。
二、今后五年和2025年工作安排
今后五年，地区生产总值年均增长6.5%左右，到2029年城镇化率达到66%。
2025年，地区生产总值增长6%。新建道路60公里。
"""


def test_a_chapter_on_several_years_and_one_comes_to_speak_of_the_one():
    found = understand_report(clean(MIXED), {}).figures
    assert [(one.kind, one.year, one.value) for one in found] == [
        ("actual", 2019, "210亿元"),
        ("actual", 2024, "300亿元"),
        ("actual", None, "7.4%"),
        ("actual", None, "9万人"),
        ("actual", None, "300公里"),
        ("actual", 2024, "61%"),
        ("actual", None, "30座"),
        ("actual", 2024, "6.1%"),
        ("actual", 2024, "2.1万人"),
        ("actual", 2024, "50公里"),
        ("actual", None, "40万亩"),
        ("actual", None, "9万户"),
        ("target", None, "6.5%左右"),
        ("target", 2029, "66%"),
        ("target", 2025, "6%"),
        ("target", 2025, "60公里"),
    ]


def of_five_years(paragraphs: str) -> list[tuple]:
    text = f"松岭市政府工作报告\n\n各位代表：\n一、过去五年工作回顾\n{paragraphs}\n二、2025年工作安排\n新建道路60公里。"
    return [(one.year, one.value) for one in understand_report(clean(text), {}).figures if one.kind == "actual"]


def test_a_paragraph_on_one_year_of_five_speaks_for_itself_alone():
    assert of_five_years("2024年，地区生产总值增长6%。新建道路50公里。\n新建桥梁30座。") == [
        (2024, "6%"),
        (2024, "50公里"),
        (None, "30座"),
    ]
    assert of_five_years("2022年，地区生产总值增长5%。新建道路40公里。\n新建桥梁30座。") == [
        (2022, "5%"),
        (2022, "40公里"),
        (None, "30座"),
    ]


def test_an_announcement_of_the_year_holds_for_what_follows():
    found = of_five_years(
        "五年来，新建道路300公里。\n一年来，我们重点做了以下工作：\n（一）抓交通。新建道路50公里。\n五年来，新建桥梁30座。"
    )
    assert found == [(None, "300公里"), (2024, "50公里"), (None, "30座")]


def test_a_paragraph_on_five_years_in_a_chapter_on_one():
    found = figures(review="新建道路50公里。\n五年来，新建桥梁30座。新建公园8个。\n新建学校2所。")
    assert [(one.year, one.value) for one in found] == [(2024, "50公里"), (None, "30座"), (None, "8个"), (2024, "2所")]


def test_what_five_years_announce_is_of_the_five():
    review = "五年来，重点做了以下工作：\n一是抓项目。实施项目820个。\n二是抓民生。新建学校30所。\n2024年，新建医院1所。"
    found = [(one.year, one.value) for one in figures(review=review)]
    assert found == [(None, "820个"), (None, "30所"), (2024, "1所")]


def test_a_chapter_of_a_plan_for_five_years_is_of_no_single_one():
    text = (
        "松岭市政府工作报告\n\n各位代表：\n一、2020年工作回顾\n财政收入增长1%。\n二、“十四五”发展目标\n"
        "粮食产量稳定在50万吨。到2025年，财政收入达到6亿元。\n三、实现“十四五”良好开局，做好2021年工作\n财政收入增长2%。"
    )
    found = [(one.kind, one.year, one.value) for one in understand_report(clean(text), {}).figures]
    assert found == [
        ("actual", 2020, "1%"),
        ("target", None, "50万吨"),
        ("target", 2025, "6亿元"),
        ("target", 2021, "2%"),
    ]


FROM_TO = [
    ("地区生产总值由2019年的210亿元增加到2024年的300亿元。", [(GDP, 2019, "level"), (GDP, 2024, "level")]),
    ("地区生产总值由2019年的210亿元增加到300亿元。", [(GDP, 2019, "level"), (GDP, 2024, "level")]),
    (
        "地区生产总值由2019年的210亿元增加到300亿元；一般公共预算收入由10亿元增加到16亿元。",
        [(GDP, 2019, "level"), (GDP, 2024, "level"), (BUDGET, 2019, "level"), (BUDGET, 2024, "level")],
    ),
    ("常住人口城镇化率由41.2%提高到50.3%。", [("常住人口城镇化率", None, "level"), ("常住人口城镇化率", 2024, "level")]),
    (
        "地区生产总值由2019年的210亿元增加到2024年的300亿元；社会消费品零售总额120亿元。",
        [(GDP, 2019, "level"), (GDP, 2024, "level"), (RETAIL, None, "level")],
    ),
]


@pytest.mark.parametrize("sentence, expected", FROM_TO)
def test_what_something_had_been_and_what_it_came_to(sentence, expected):
    text = f"松岭市政府工作报告\n\n各位代表：\n一、过去五年工作回顾\n{sentence}\n二、2025年工作安排\n继续努力。"
    found = [one for one in understand_report(clean(text), {}).figures if one.kind == "actual"]
    assert [(one.indicator, one.year, one.measure) for one in found] == expected


OVER_YEARS = [
    ("固定资产投资年均增长11.3%。", [None]),
    ("固定资产投资、社会消费品零售总额年均分别增长8%、9%。", [None, None]),
    ("年均新增就业2万人。", [None]),
    ("细颗粒物年均浓度30微克/立方米，下降6.2%。", [2024, 2024]),
    ("固定资产投资比2020年增长31%。", [None]),
    ("固定资产投资比2023年增长31%。", [2024]),
    ("高铁里程比2020年增加30公里，比2023年增加5公里。", [None, 2024]),
    ("近五年森林覆盖率提高2.1个百分点。", [None]),
    ("用三年时间新建学校30所。", [None]),
    ("五年来人均地区生产总值突破9万元，贷款余额达到276亿元，贷款累计达到500亿元。", [2024, 2024, None]),
    ("高新技术企业达到582家，是2019年的3.4倍，新建道路50公里。", [2024, 2024, 2024]),
    ("存款余额、贷款余额分别达到412亿元、276亿元，较2019年分别增长68.4%、133.9%。", [2024, 2024, None, None]),
]


@pytest.mark.parametrize("sentence, years", OVER_YEARS)
def test_means_and_changes_over_years_are_of_no_single_year(sentence, years):
    assert [one.year for one in figures(review=sentence)] == years


def test_amounts_beside_an_earlier_years_are_the_last_years():
    found = of_five_years("存款余额达到412亿元，较2019年增长68.4%。社会消费品零售总额达到142亿元，是2019年的1.6倍。")
    assert found == [(2024, "412亿元"), (None, "68.4%"), (2024, "142亿元"), (None, "1.6倍")]


def test_a_year_ahead_is_no_part_of_an_indicators_name():
    (one,) = figures(plan="到2030年人均地区生产总值达到12万元。")
    assert (one.indicator, one.kind, one.year) == ("人均地区生产总值", "target", 2030)
    (one,) = figures(plan="“十五五”末常住人口城镇化率达到70%。")
    assert (one.indicator, one.kind, one.year) == ("常住人口城镇化率", "target", 2030)


def test_a_review_that_recalls_the_target_it_passed():
    found = figures(review="地区生产总值增长5.1%，略高于年初确定的5%左右的目标；财政收入增长7%，高于全省1.2个百分点。")
    assert [(one.indicator, one.kind, one.year, one.measure, one.value) for one in found] == [
        (GDP, "actual", 2024, "growth", "5.1%"),
        (GDP, "target", 2024, "growth", "5%左右"),
        ("财政收入", "actual", 2024, "growth", "7%"),
        ("财政收入", "actual", 2024, "relative", "1.2个百分点"),
    ]


@pytest.mark.parametrize(
    "sentence, expected",
    [
        ("固定资产投资完成1\u20665亿元。", []),
        ("固定资产投资完成1\u03365.5亿元。", []),
        ("社会消费品零售总额达到12\u20690亿元。", []),
        ("城镇新增就业1.2\u2062万人以上。", []),
        ("一般公共预算收入5亿\u202e元。", []),
        ("固定资产投资\u206715亿元\u2069。", ["15亿元"]),
        ("地区生产总值\x9b增长6.5%。", ["6.5%"]),
    ],
)
def test_what_something_unseen_parts_is_no_figure(sentence: str, expected: list[str]):
    assert [one.value for one in figures(plan=sentence)] == expected
