"""No regular expression takes more time than its text deserves: proved for each, whatever the text is."""

from __future__ import annotations

import re
import sys
import time

import linear_patterns
import pytest
from collected_patterns import Found, collected
from linear_patterns import EXPONENTIAL, TooLarge, growth

from retrieval.figures import areas as figure_areas
from retrieval.figures import clauses as figures
from retrieval.figures import names as figure_names
from retrieval.figures import times as figure_times
from retrieval.figures import years as figure_years
from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.language import indicators, tokens, values
from retrieval.question import mentions as question_mentions
from retrieval.question import selections
from retrieval.question.parsing import parse
from retrieval.reading import layout
from retrieval.reading.raw import RawText
from retrieval.report import chapters, cleaning

# The square of a sentence (1,000 characters) or of a question (500) is nothing; test_growth.py measures whole texts.
MOST = 2
FOUND, UNRESOLVED = collected()


def assert_grows_slowly(one: Found) -> None:
    try:
        found = growth(one.pattern, one.flags & ~re.UNICODE, anywhere=one.anywhere, whole=one.whole)
    except TooLarge:
        pytest.fail(f"{one.where}: too large to be looked through; write it as several patterns, or with fewer repetitions")
    kind = "exponentially" if found.exponent == EXPONENTIAL else f"with the length to the power of {found.exponent}"
    assert found.exponent <= MOST, f"{one.where} grows {kind} on repetitions of {found.repeated!r}: {one.pattern}"


@pytest.mark.parametrize("one", FOUND, ids=lambda one: one.where)
def test_no_pattern_reads_a_text_in_too_many_ways(one: Found):
    assert_grows_slowly(one)


def test_nearly_all_patterns_are_found():
    assert len(FOUND) > 400
    assert {"values._RANK", "mentions._BUT", "cleaning._COMPILED[4][1]"} <= {".".join(one.where.split(".")[-2:]) for one in FOUND}


# What a call puts together: words of a lexicon, names, and terms of a question, which are escaped.
def test_patterns_made_of_names_and_words_are_as_harmless(monkeypatch):
    """Those that are made while reports and questions are read; nearly all of ``UNRESOLVED`` is among them."""
    made: dict[tuple[str, int], str] = {}
    original = re._compile  # type: ignore[attr-defined]

    def noted(pattern, flags):
        caller = sys._getframe(2)
        module = caller.f_globals.get("__name__", "")
        if isinstance(pattern, str) and module.startswith(("retrieval.", "bot.")):
            made[pattern, int(flags)] = f"{module}:{caller.f_lineno}"
        return original(pattern, flags)

    known = {one.pattern for one in FOUND}
    monkeypatch.setattr(re, "_compile", noted)
    for place in ("云溪镇", "的云县的的县"):
        text = f"2025年{place}政府工作报告\n一、2024年工作回顾\n全年{place}完成地区生产总值5亿元，增长6%。\n二、2025年工作安排\n增长6%。"
        for part in read_reports(RawText(text)):
            understand_report(part, {})
    for question in (
        "云溪镇2025年GDP目标是多少",
        "哪些报告提到了枫桥经验但没提低空经济",
        "超过6%的有哪些镇",
        "各省的经济增长目标",
    ):
        parse(question, 2)
    for (pattern, flags), where in made.items():
        if pattern not in known:
            assert_grows_slowly(Found(pattern, flags, where, True, False))


# -- the proof itself -----------------------------------------------------------------------------------------------------

EXPONENTIAL_ONES = (
    *(
        r"(a+)+$",
        r"(a|a)*$",
        r"(?:并且?|且)+x",
        r"(?:ab|a|b)*x",
        r"(?:a|b|ab)*$",
        r"(?:a?b?)*c",
        r"(?:(?:a?)*b)*c",
        r"(?:a{1,2})*b",
    ),
    *(
        r"(?:.*c|b)*$",
        r"(?:达到|完成|达到)*的",
        r"(?:\S{0,4}级|省级)+区$",
        r"(?i)(?:AB|ab)*c",
        r"(?:\d+|[0-9])*x",
        r"(?=(?:a|a)*x)b",
    ),
)
EXPONENTS = {
    r"(a+)+": 1,  # has matched as soon as it has begun
    r"^a+$": 1,
    r"a+$": 2,  # from each of n places up to n steps
    r"^a+a+$": 2,
    r"a+a+$": 3,
    r"^(.*?),(.*?),(.*?)$": 3,
    r"^\s*\s*\s*x": 3,
    r"^\s*+\s*+\s*+x": 1,
    r"^a*+a*b": 1,
    r"\d+年\d+月\d+日": 2,
    r"^[^,]*a[^,]*$": 2,
    r"^(?:a|ba(?!a))*$": 1,
    r"^(?:ab|cd|a(?!b))*$": 1,
    r"^(?=.*x)(?=.*y)b": 1,
    r"^a{1,30}a{1,30}b": 1,
    r"^a{1,300}a{1,300}b": 2,
}


@pytest.mark.parametrize("pattern", EXPONENTIAL_ONES)
def test_what_is_exponential_is_found(pattern: str):
    found = growth(pattern)
    assert found.exponent == EXPONENTIAL
    assert found.repeated


@pytest.mark.parametrize("pattern", EXPONENTS)
def test_a_power_is_found(pattern: str):
    assert growth(pattern).exponent == EXPONENTS[pattern]


@pytest.mark.parametrize("pattern", [r"(?:并且?|且)+x", r"(?:ab|a|b)*x", r"(?:达到|完成|达到)*的", r"(?:a?b?)*c"])
def test_what_is_shown_as_proof_is_slow_indeed(pattern: str):
    found, compiled = growth(pattern), re.compile(pattern)

    def seconds(times: int) -> float:
        begun = time.process_time()
        assert compiled.match(found.repeated * times + "\0") is None
        return time.process_time() - begun

    times = 4
    while (once := seconds(times)) < 0.01:
        times += 1
    assert seconds(times + 3) > 3 * once


def test_a_pattern_that_is_only_matched_is_not_begun_everywhere():
    assert growth(r"a+$", anywhere=False).exponent == 1
    assert growth(r"[ab]*a[ab]*", anywhere=False, whole=True).exponent == 2


def test_the_search_is_bounded(monkeypatch):
    monkeypatch.setattr(linear_patterns, "MOST_STEPS", 10)
    with pytest.raises(TooLarge):
        growth(r"(?:一二|二三|三四|四五)*(?:一二三|四五六)*x")


# -- what was mended matches what it matched ------------------------------------------------------------------------------

SEARCHED: list[tuple[re.Pattern[str], str, str | None]] = [
    (question_mentions._BUT, "甲并且没提到乙", "并且"),
    (question_mentions._BUT, "甲并没提到乙", "并"),
    (question_mentions._BUT, "甲，但是却没有提到乙", "，但是却"),
    (question_mentions._BUT, "甲且乙", None),
    (question_mentions._OPPOSITE, "没提到的省区市有哪些", "没提到的省区市有哪些"),
    (question_mentions._OPPOSITE, "没提的乡镇级报告呢", "没提的乡镇级报告呢"),
    (question_mentions._OPPOSITE, "没提的乡镇报告和地区", None),
    (question_mentions._OPPOSITE, "没提的省份城市地方地区区县乡镇政府工作报告", "没提的省份城市地方地区区县乡镇政府工作报告"),
    (figure_times.SET_EARLIER, "超额完成达到年初制定的", "超额完成达到年初制定的"),
    (figures.TRAILING, "产值分别达到约", "分别达到约"),
    (figures.TRAILING, "收入均居", "均居"),
    (figures.TRAILING, "排名升至", "排名升至"),
    (figures.TRAILING, "签约", None),
    (figure_names._COUNTED_LIST, "光伏和航空、储能等三大产业产值", "光伏和航空、储能等三大产业产值"),
    (chapters._OPENING_YEAR, "\n 各位代表：\n 2024年", "\n 各位代表：\n 2024年"),
    (chapters._OPENING_YEAR, " \n 2024年以来", None),
    (figure_years._PARAGRAPH, "增长6%。 下一段。\n", "增长6%。"),
    (figure_years._PARAGRAPH, "增长6%。   \n", "增长6%。   "),
    (figure_years._PARAGRAPH, "一 二", "一 二"),
    (selections._BETWEEN, "5 % 到 6 % 之间", "5 % 到 6 % 之间"),
    (selections._BETWEEN, "在百分之五和百分之六的", "在百分之五和百分之六"),
    (selections._BOUND_AFTER, "5 万 亩 以上", "5 万 亩 以上"),
    (selections._BOUNDS[2][1], "超过5 以上", "超过5 以上"),
    (selections._BOUNDS[2][1], "超过5亿元 以上", "超过5亿元"),
    (selections._BOUNDS[2][1], "超过百分之五 以上", "超过百分之五"),
    (selections._BOUNDS[2][1], "超过5年", None),
    (values.VALUE, "超过 1,234.5 亿 元 以上", "超过 1,234.5 亿 元 以上"),
    (values.VALUE, "5 % - 6 %左右", "5 % - 6 %左右"),
    (values.VALUE, "5 多 万 亩", "5 多 万 亩"),
    (indicators._AFTER, "达到再创历史新高升至增长率首次实现", "达到再创历史新高升至增长率首次实现"),
    (indicators._AFTER, "按可比价格计算同比增长", "按可比价格计算同比增长"),
    (indicators._AFTER, "总量按可比口径按不变价计算", "总量按可比口径按不变价计算"),
    (indicators._AFTER, "项目", None),
    (figure_areas._NAMELESS_ZONE, "国家级高新技术开发区", "国家级高新技术开发区"),
    (figure_areas._NAMELESS_ZONE, "省级特色工业园区", "省级特色工业园区"),
    (figure_areas._NAMELESS_ZONE, "云溪开发区", None),
]


@pytest.mark.parametrize("pattern, text, expected", SEARCHED)
def test_a_mended_pattern_matches_what_it_did(pattern: re.Pattern[str], text: str, expected: str | None):
    found = pattern.search(text)
    assert (found.group() if found else None) == expected


@pytest.mark.parametrize("line", ["12", "- 12 -", "第 12 页", "12 / 30 页", "12 /共 30", "·12 / 30  ", " 第3页 / 共 5 页 -"])
def test_a_page_number_is_one(line: str):
    assert layout._PAGE_NUMBER.fullmatch(line)
    assert not layout._PAGE_NUMBER.fullmatch(f"{line}人")


def test_a_token_is_one():
    assert [text for text in ("5.5%", "%%a", "a+b", "&", "--", "一") if tokens._TOKEN.fullmatch(text)] == [
        "5.5%",
        "%%a",
        "a+b",
        "一",
    ]


@pytest.mark.parametrize(
    "line, taken",
    [
        ("来源：望岚日报", True),
        ("来源： \t", True),
        ("来源：", False),
        (f"来源： {'报' * 80}  ", True),
        (f"来源： {'报' * 81}", False),
        ("更多范文请关注微信公众号 \t", True),
        ("更多范文请关注微信公众号。 \t", True),
        (f"更多范文请关注微信群{'好' * 21}", False),
        ("本文由某某网 整理  ", True),
        ("第 3 页 共 5 页", True),
    ],
)
def test_a_line_of_debris_goes(line: str, taken: bool):
    assert (cleaning.clean(f"一\n{line}\n二").text == "一\n二") is taken


@pytest.mark.parametrize(
    "before, clause",
    [
        ("", ""),
        ("全镇", ""),
        ("云溪镇级", ""),
        ("云溪镇2024年末", ""),
        ("按可比价格计算云溪", ""),
        ("截至2024年底云溪镇", ""),
        ("“十四五”时期", ""),
        ("抓好项目带动云溪", "抓好项目"),
        ("海洋", None),
        ("云溪经开区", None),
    ],
)
def test_only_function_words_and_the_own_place_stand_before_an_indicator(before: str, clause: str | None):
    own = indicators.own_names("云溪镇", ("松岭区",), "township")
    assert indicators._before(before, own) == clause
