"""English questions are put in Chinese, in the order in which Chinese asks; what is not known stays, and is said to be unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from invented import library_of

from retrieval.answers.answerer import Answerer
from retrieval.answers.proof import unquoted
from retrieval.answers.wording.english import name_of, value_in_english
from retrieval.language.data import tables_of
from retrieval.language.indicators import indicators
from retrieval.library import Library
from retrieval.messages import speaking
from retrieval.question.english import in_chinese, is_english

ASKED = [
    ("What is Jiangsu's GDP growth target for 2025?", "江苏2025年地区生产总值增长目标"),
    ("How much did the GDP of Anhui grow last year?", "安徽去年地区生产总值增长多少"),
    ("how many new urban jobs did Gansu create in 2024", "甘肃2024年城镇新增就业多少"),
    ("Which province has the highest grain output?", "哪个省粮食产量最高"),
    ("Compare Hebei and Henan's retail sales", "河北和河南社会消费品零售总额对比"),
    ("GDP and CPI targets of Yunnan", "云南地区生产总值和居民消费价格涨幅目标"),
    ("Is it true that Hunan's GDP grew by 5.2% in 2024?", "湖南2024年地区生产总值增长5.2%，对吗"),
    ("What are Guangdong's main targets?", "广东有哪些主要目标"),
    ("Did Hainan meet its GDP target last year?", "海南去年地区生产总值目标完成了吗"),
    ("Which reports mention artificial intelligence?", "哪些报告提到人工智能"),
    ("What does the Qinghai report say about education?", "青海教育方面说了什么"),
    ("Summarize the Guizhou report", "贵州总结一下"),
    ("Who gave the Sichuan report?", "四川报告是谁作的"),
    ("When was the Sichuan report delivered?", "四川报告是哪天作的"),
    ("provinces with GDP growth above 6%", "各省地区生产总值增长超过6%"),
    ("Which reports do you have?", "库里有哪些报告"),
    ("Why so low?", "为什么这么低"),
    ("And Inner Mongolia?", "内蒙古"),
    ("云溪镇 GDP target", "云溪镇地区生产总值目标"),
    ("GDP target", "地区生产总值目标"),
    ("Was the grain output of Anhui over 20 million tonnes?", "安徽粮食产量超过2000万吨，对吗"),
    ("Is it true that exports of Fujian exceeded 1.2 trillion yuan", "福建出口总额超过1.2万亿元，对吗"),
    ("R&D spending as a share of GDP in Hunan", "湖南研发投入占地区生产总值的比重"),
    ("What are their main problems?", "存在哪些困难和问题"),
    ("By how much?", "差多少"),
    ("Is it higher than Hainan's?", "比海南高吗"),
    ("Top three please", "前三名"),
    ("How many beds do they have?", "床位多少"),
]
CHINESE = ["云溪镇GDP目标", "R&D投入强度目标是多少", "PM2.5 目标", "xx镇GDP目标", "5G基站多少个"]


@pytest.mark.parametrize("question, chinese", ASKED)
def test_a_question_is_put_in_chinese(question: str, chinese: str):
    assert is_english(question)
    assert in_chinese(question) == chinese


@pytest.mark.parametrize("question", CHINESE)
def test_a_chinese_question_with_latin_letters_is_none(question: str):
    assert not is_english(question)


def test_names_that_are_not_known_stay_as_they_are_written():
    assert in_chinese("What is Huilongba's GDP target?") == "Huilongba 地区生产总值目标"
    assert in_chinese("Does it say anything") == "anything"


def test_words_are_not_met_inside_of_others():
    assert "和" not in in_chinese("GDP of Shandong")
    assert in_chinese("overseas students") == "overseas students"


@pytest.fixture
def answerer(small_library: Library) -> Iterator[Answerer]:
    with speaking("en"):
        yield Answerer(small_library)


@pytest.mark.parametrize(
    "question, answer",
    [
        ("What is Yunxi's GDP growth target for 2025?", "about 6% – Yunxi Town’s 2025 GDP growth target."),
        ("What was the GDP of Yunxi in 2024?", "18.2亿元 (1.82 billion yuan, computed), up 6.1% – Yunxi Town’s 2024 GDP."),
        ("How many new urban jobs does Yunxi plan to create?", "at least 400 people – Yunxi Town’s 2025 new urban jobs target."),
        (
            "Fixed asset investment target of Yunxi",
            "at least 7%, striving for 8% – Yunxi Town’s 2025 fixed asset investment growth target.",
        ),
        ("Is it true that Yunxi's GDP grew by 6.1% in 2024?", "Right, the report says 6.1% – Yunxi Town’s 2024 GDP growth."),
    ],
)
def test_an_answer_is_a_whole_sentence_in_english(answerer: Answerer, question: str, answer: str):
    reply = answerer.ask([question])
    assert (reply.status, reply.answer) == ("answered", answer)
    assert reply.quotes
    assert unquoted(reply) == []


def test_a_table_is_in_english_throughout(answerer: Answerer):
    reply = answerer.ask(["What is the average GDP growth target of all places?"])
    assert reply.answer.split("\n")[:2] == ["Average: 5.83% (computed from 3 reports)", "2025 GDP growth target:"]
    assert not re.search(r"[\u4e00-\u9fff]", reply.answer)
    assert [(one.title, one.lines[0].label) for one in reply.comparisons] == [("2025 GDP growth target", "Yunxi Town")]


def test_a_conversation(answerer: Answerer):
    turns = ["What is Yunxi's GDP growth target for 2025?"]
    for turn, told in (("And Shidu?", "about 5.5% – Shidu Town’s"), ("What about last year?", "5.3% – Shidu Town’s 2024")):
        turns.append(turn)
        assert answerer.ask(turns).answer.startswith(told)
    assert answerer.ask([*turns, "Thank you, that's very helpful!"]).intent == "talk"


def test_a_day_is_the_one_of_the_report(answerer: Answerer):
    assert answerer.ask(["When was the Yunxi report delivered?"]).answer.startswith("2025-1-6 –")


def test_what_is_not_known_in_chinese_is_not_denied(answerer: Answerer):
    for question in ("What does Yunxi say about blockchain?", "Which reports mention blockchain?", "Yunxi's blockchain"):
        reply = answerer.ask([question])
        assert "I don’t know the Chinese for “blockchain”" in reply.answer
        assert reply.status in ("related", "not_found")
        assert "says nothing" not in reply.answer


@pytest.mark.parametrize(
    "written, english",
    [
        ("6%左右", "about 6%"),
        ("７％以上", "at least 7%"),
        ("5.0%—5.5%", "5.0–5.5%"),
        ("5%-5.5%", "5–5.5%"),
        ("突破2.6万亿元", "over 2.6 trillion yuan"),
        ("不少于400人", "at least 400 people"),
        ("71.9万人", "71.9万人 (719,000 people, computed)"),
        ("8374.2亿元", "8374.2亿元 (837.42 billion yuan, computed)"),
        ("12家", "12"),
        ("提高0.3个百分点", "提高0.3个百分点"),
        ("正增长", "正增长"),
        ("百分之八至九", "百分之八至九"),
        ("1.25万吨", "1.25万吨 (12,500 tonnes, computed)"),
    ],
)
def test_values_in_english(written: str, english: str):
    with speaking("en"):
        assert value_in_english(written) == english


@pytest.mark.parametrize(
    "name, english",
    [
        ("云溪镇", "Yunxi Town"),
        ("大足区", "Dazu District"),
        ("江苏省", "Jiangsu"),
        ("内蒙古自治区", "Inner Mongolia"),
        ("陕西省", "Shaanxi"),
        ("全国", "China"),
        ("地区生产总值", "GDP"),
        ("xx镇", "xx镇"),
        ("白茶产业综合产值", "白茶产业综合产值"),
    ],
)
def test_names_in_english(name: str, english: str):
    with speaking("en"):
        assert name_of(name) == english


TERMS = [(term, chinese) for term, chinese in tables_of("english.toml")["term"].items() if chinese in indicators()]


@pytest.mark.parametrize("term, chinese", TERMS)
def test_each_english_name_asks_for_its_indicator(term: str, chinese: str):
    assert in_chinese(f"What was the {term} of Yunxi in 2024?") == f"Yunxi 2024年{chinese}"


def test_a_chinese_client_asks_in_english(small_library: Library):
    assert Answerer(small_library).ask(["What is Yunxi's GDP growth target for 2025?"]).answer.startswith("6%左右，云溪镇")


def test_two_years_of_an_english_reader(tmp_path):
    library = library_of(
        tmp_path,
        "松岭市2025年政府工作报告\n各位代表：\n一、2024年工作回顾\n地区生产总值增长5.6%。\n二、2025年工作安排\n地区生产总值增长6%。\n",
    )
    with speaking("en"):
        assert Answerer(library).ask(["Songling GDP growth in 2024"]).answer == "5.6% – Songling’s 2024 GDP growth."
    library.close()
