"""Breaks, blanks and marks that a copy put into running text."""

from __future__ import annotations

import pytest

from retrieval.report.cleaning import clean

HEAD = "云溪镇2024年政府工作报告\n镇长 秦若川\n各位代表:\n一、2023年工作回顾\n"


def kept(body: str) -> str:
    return clean(HEAD + body).text.removeprefix(HEAD)


def test_sentences_broken_by_width_run_on():
    body = "过去一年,全镇固定资产投资\n完成3.1亿元,农民收入达到\n16520元,增长6%。\n口岸通关、成\n功开出首趟班车,群众好评。\n二、2024年工作安排\n继续努力。"
    assert (
        kept(body)
        == "过去一年,全镇固定资产投资完成3.1亿元,农民收入达到16520元,增长6%。\n口岸通关、成功开出首趟班车,群众好评。\n二、2024年工作安排\n继续努力。"
    )


def test_every_number_on_a_line_of_its_own():
    body = "完成财政收入\n1310\n万元,增长\n4.9%\n;固定资产投资\nXX\n亿\n元。"
    assert kept(body) == "完成财政收入1310万元,增长4.9%;固定资产投资XX亿元。"


WHOLE = [
    "全镇工业提速,农业增效\n一年来,我们办成了许多大事。\n二、2024年工作安排\n抓产业,促发展\n新建学校3所。",
    "工业经济稳步提升\n规模以上工业企业达到12家。\n民生福祉持续增进\n新增就业300人。",
]


@pytest.mark.parametrize("body", WHOLE)
def test_headings_stay_lines_of_their_own(body):
    assert kept(body) == body


def test_letters_at_the_end_of_most_lines_are_a_mark():
    body = "\n".join(f"完成任务{number}项。kQz" for number in range(6))
    assert "kQz" not in kept(body)
    assert kept("引进企业KTV一家。\n全镇用上了APP") == "引进企业KTV一家。\n全镇用上了APP"


def test_blanks_inside_words_and_numbers_go():
    assert (
        kept("社会消费品零售总额增长 13%,外 贸进出口增长4 9 2 5万吨。") == "社会消费品零售总额增长 13%,外贸进出口增长4925万吨。"
    )
    assert kept("镇长 秦若川 代表政府,作报告。") == "镇长 秦若川 代表政府,作报告。"


def test_what_was_taken_out_can_be_put_back():
    raw = HEAD + "完成财政收入\n1310\n万元,增长\n4.9%\n;外 贸进出口增长5%。"
    cleaned = clean(raw)
    text = cleaned.text
    for removal in reversed(cleaned.removals):
        text = text[: removal.position] + removal.text + text[removal.position :]
    assert text == raw


def test_a_number_broken_at_the_end_of_a_page_runs_on():
    body = "全镇完成农村建设项目2\n- 3 -\n\n14个,新增就业1200人,固定资产投资增长\n- 4 -\n\n7%,农民收入达到\n1.6万元。"
    assert kept(body) == "全镇完成农村建设项目214个,新增就业1200人,固定资产投资增长7%,农民收入达到1.6万元。"


def test_a_number_that_goes_on_with_a_nought_was_one():
    assert kept("地区生产总值3 05.2亿元,增长6%。") == "地区生产总值305.2亿元,增长6%。"
    assert kept("2024 305.2亿元,增长6%。") == "2024 305.2亿元,增长6%。"
