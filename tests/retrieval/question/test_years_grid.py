"""Grids of years: ranges, which year, computed values, gaps; regions; the first mention. Towns are invented."""

from __future__ import annotations

from collections.abc import Iterator

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.language.values import find_values
from retrieval.question.collectives import region_at
from retrieval.question.selections import read_selection
from retrieval.question.years import read_course

# The report that plans 2023 is not held.
GROWTH = {2021: (7.0, 3.1), 2022: (5.5, 8.4), 2024: (6.2, 4.9)}  # planned for the year, reached in the year before


def report_of(year: int) -> str:
    target, result = GROWTH[year]
    scheme = "推进竹溪工程。" if year > 2021 else ""
    return (
        f"松溪县{year}年政府工作报告\n各位代表：\n我代表县人民政府报告工作，请予审议。\n一、{year - 1}年工作回顾\n"
        f"地区生产总值增长{result}%。{scheme}\n二、{year}年工作安排\n今年的主要预期目标是：地区生产总值增长{target}%左右。"
    )


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    library = invented.library_of(tmp_path_factory.mktemp("grid"), *(report_of(year) for year in GROWTH))
    yield Answerer(library)
    library.close()


@pytest.mark.parametrize(
    "question, told",
    [
        ("哪一年GDP增速最高", "最高：2021年结果（8.4%）"),
        ("GDP增速低于4%的年份", "2020年结果：3.1%"),
        ("2021年到2022年GDP增长目标平均是多少", "平均：6.25%（计算值，由2个年份的数字算出）"),
        ("2022年GDP目标比2021年低多少", "相差1.5个百分点（计算值）"),
        ("GDP增速最近一次低于5%是哪年", "最近一次：2023年结果（4.9%）"),
        ("哪一年第一次提到竹溪工程", "松溪县2022年的报告首次提到“竹溪工程”"),
    ],
)
def test_what_is_asked_of_the_years(answerer: Answerer, question: str, told: str):
    assert told in answerer.ask([question]).answer


def test_what_is_not_held_is_a_gap(answerer: Answerer):
    reply = answerer.ask(["历年GDP增长目标"])
    assert "2023年：库中没有计划这一年的报告" in reply.answer
    assert "未提出" not in reply.answer
    (chart,) = reply.comparisons
    assert [line.low for line in chart.lines] == [7.0, 5.5, None, 6.2]


def test_a_follow_up_selects_of_the_years_before(answerer: Answerer):
    assert answerer.ask(["2021年到2024年GDP增长目标", "哪一年最低"]).answer.startswith("最低：2022年目标（5.5%左右）")


def test_main_targets_of_two_years_are_both_told(answerer: Answerer):
    answer = answerer.ask(["2021年与2022年的目标对比"]).answer
    assert "7.0%左右" in answer
    assert "5.5%左右" in answer


def test_digits_of_a_year_are_no_bound():
    assert not read_selection("GDP增速超过2024年的是哪些")[0].bounds


def test_what_the_year_before_was_is_no_course():
    assert read_course("GDP比上年增长多少") is None


def test_a_region_goes_on_with_what_is_asked():
    assert [one.name for one in region_at("四个直辖市2024年城镇新增就业", 0).members][-1] == "重庆市"
    assert region_at("西部陆海新通道怎么建设", 0) is None


def test_amounts_in_numerals():
    (share,) = find_values("增长百分之八至九")
    assert (share.low, share.high, share.unit) == (8.0, 9.0, "%")
    (grain,) = find_values("达到三亿六千万斤")
    assert grain.low == 3.6e8
    assert find_values("办好十件实事") == []
