"""What is left of a question's subject: light verbs, how it goes, who is at work, what there is to do."""

from __future__ import annotations

import pytest
from invented import library_of, refusal

from retrieval.answers.answerer import Answerer
from retrieval.question.parsing import parse

REPORT = """2025年云州省政府工作报告
2025年1月15日在云州省第十四届人民代表大会第三次会议上云州省人民政府省长白某作政府工作报告。
各位代表：
一、2024年工作回顾
居民消费价格上涨0.4%，固定资产投资增长8.1%。成立招商引资专班，全员招商的格局初步形成。重大工程投资完成760亿元。
布局合成生物等未来产业。第五次全国经济普查登记完成。整治“散乱污”企业23家。村级集体经济收入5.2亿元。
工业用电量增长4.6%，新增中小学学位3200个，民宿接待旅客人次增长12%。苹果总产68.6万吨，葡萄总产值31亿元。全省现有茶农户7580户，为3850户茶农户分红3383万元。为龙头企业提供厂房20万立方米。
二、2025年工作安排
今年的主要预期目标是：固定资产投资增长7%，工业固定资产投资增长9%，招商引资到位资金达到86亿元，医疗保险参保率稳定在97%以上。
（一）全力扩大内需。
推进重大工程建设，全年完成投资810亿元。打赢国资国企改革攻坚战。
（二）加快建设现代产业体系。
积极引进外商投资企业，积极引进外资。壮大合成生物产业。
（三）着力改善民生。
新增公共停车泊位6000个，改造老旧小区312个、棚户区2750套。抓紧清理拖欠企业账款。
"""
OTHER = """2025年岭东省政府工作报告
2025年1月18日在岭东省第十四届人民代表大会第三次会议上岭东省人民政府省长石某作政府工作报告。
各位代表：
一、2024年工作回顾
固定资产投资增长3.1%，全省工作平稳。
二、2025年工作安排
今年的主要预期目标是：固定资产投资增长4%。继续做好各项工作。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory):
    library = library_of(tmp_path_factory.mktemp("spoken"), REPORT, OTHER)
    yield Answerer(library)
    library.close()


FIGURES = [
    ("云州省今年工业固投打算搞多少", "9%"),
    ("云州省医保参保率要保持在多少", "97%以上"),
    ("云州省去年苹果产了多少", "68.6万吨，云州省2024年苹果总产。"),
    ("云州省有多少茶农户", "7580户"),
    ("云州省棚户区今年改造多少套", "2750套"),
    ("云州省2024年苹果产量", "68.6万吨"),
    ("云州省去年产了多少苹果", "68.6万吨"),
    ("云州省招商引资目标是多少", "86亿元，云州省2025年招商引资到位资金目标。"),
    ("云州省去年居民消费价格怎么样", "0.4%"),
    ("云州省物价情况如何", "0.4%"),
    ("云州省今年重大工程投资计划多少", "810亿元，云州省2025年重大工程投资目标。"),
    ("云州省跟岭东省今年固投目标差多少", "相差3个百分点"),
    ("云州省和岭东省固投怎么样", "8.1%"),
    ("云州省今年重大工程投资目标", "810亿元"),
    ("云州省去年农村集体收入多少", "5.2亿元"),
]


@pytest.mark.parametrize("question, words", FIGURES)
def test_figures(answerer: Answerer, question, words):
    reply = answerer.ask([question])
    assert reply.status == "answered"
    assert words in reply.answer


PASSAGES = [
    ("云州省招商引资做了哪些事", "招商引资专班"),
    ("云州省去年招商引资情况", "招商引资专班"),
    ("云州省怎么吸引外资", "积极引进外资"),
    ("云州省停车难怎么解决", "停车泊位"),
    ("云州省企业欠款怎么办", "拖欠企业账款"),
    ("云州省污染企业怎么处理的", "散乱污"),
    ("云州省国企改革怎么搞", "国资国企改革攻坚战"),
]


@pytest.mark.parametrize("question, words", PASSAGES)
def test_passages(answerer: Answerer, question, words):
    reply = answerer.ask([question])
    assert reply.status == "answered"
    assert words in "".join(quote.text for quote in reply.quotes)


@pytest.mark.parametrize(
    "question", ["合成生物都有哪些省在搞", "哪些省在发展合成生物", "谁在搞合成生物", "哪些报告提到第五次经济普查"]
)
def test_who_is_at_work_on_it(answerer: Answerer, question):
    reply = answerer.ask([question])
    assert reply.status == "answered"
    assert "云州省" in reply.answer
    assert "岭东省" not in reply.answer


@pytest.mark.parametrize("text", ["哪些项目在建设", "哪些省的GDP在增长", "哪些省发展最快", "哪些省在建设的机场最多"])
def test_what_is_no_question_for_mentions(text):
    assert [ask.kind for ask in parse(text).asks] != ["mention"]


@pytest.mark.parametrize("question", ["云州省今年重点工作有哪几个方面", "云州省下一步工作", "云州省今年的工作任务有哪些"])
def test_what_there_is_to_do_is_told_by_the_headings(answerer: Answerer, question):
    reply = answerer.ask([question])
    assert [quote.text for quote in reply.quotes] == [
        "（一）全力扩大内需。",
        "（二）加快建设现代产业体系。",
        "（三）着力改善民生。",
    ]
    assert reply.answer == "云州省2025年的主要工作安排（原文见引文）：全力扩大内需；加快建设现代产业体系；着力改善民生。"


@pytest.mark.parametrize(
    "question", ["云州省今年工业用电量目标", "云州省去年新建学校多少所", "云州省去年民宿接待多少旅客", "云州省去年引进外资多少"]
)
def test_another_number_is_no_answer(answerer: Answerer, question):
    reply = answerer.ask([question])
    assert refusal(reply)


def test_too_few_headings_are_no_answer(answerer: Answerer):
    assert "标题" not in answerer.ask(["岭东省今年重点工作有哪些"]).answer


def test_how_an_absent_indicator_goes_is_not_told(answerer: Answerer):
    reply = answerer.ask(["岭东省招商引资情况"])
    assert refusal(reply)


@pytest.mark.parametrize(
    "text, topic",
    [("参保率要保持在多少", ("参保率",)), ("垃圾分类怎么管", ("垃圾分类",)), ("哪些项目开工了", ("项目", "开工"))],
)
def test_the_topic(text, topic):
    assert parse(text).asks[0].topic == topic


@pytest.mark.parametrize(
    "text, aim", [("筛选了多少项民生实事", None), ("建成了多少项民生实事", "actual"), ("选了多少项实事目标", "target")]
)
def test_what_was_chosen_may_be_still_to_be_done(text, aim):
    assert parse(text).asks[0].aim == aim


def test_what_is_counted_is_not_what_it_was_given(answerer: Answerer):
    reply = answerer.ask(["云州省龙头企业多少"])
    assert "20万立方米" not in reply.answer


def test_the_worth_of_an_output_is_no_output(answerer: Answerer):
    assert refusal(answerer.ask(["云州省去年葡萄产量是多少"]))


def test_a_target_asked_for_after_last_years_result_is_the_one_set_now(answerer: Answerer):
    assert answerer.ask(["云州省去年固定资产投资增长了多少", "目标呢"]).answer.startswith("7%，云州省2025年")


@pytest.mark.parametrize("question", ["云州省后年固定资产投资目标", "云州省上上年固定资产投资增长多少"])
def test_years_further_off_are_not_those_next_to_them(answerer: Answerer, question: str):
    reply = answerer.ask([question])
    assert reply.status == "not_found"
    assert not reply.quotes
