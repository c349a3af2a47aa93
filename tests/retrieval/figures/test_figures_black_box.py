"""Figures as a reader of the interface expects them, without knowing how they are made."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import product
from pathlib import Path

import invented
import pytest

from bot.cli import main
from retrieval.answers.answerer import Answerer
from retrieval.library import Library


def town(place: str, year: int, session: str, mayor: str, review: str, plan: str) -> str:
    """The report of a town of 乌石县 that reviews ``year`` and plans the year after."""
    return f"""乌石县{place}{year}年政府工作报告
{year + 1}年1月8日在{place}第七届人民代表大会第{session}次会议上
{place}人民政府镇长  {mayor}

各位代表：
我代表{place}人民政府，向大会报告工作，请予审议。
一、{year}年工作回顾
{review}
二、{year + 1}年工作安排
{plan}
三、政府自身建设
坚持依法行政，自觉接受人大监督。
"""


QINGGOU_2022 = town(
    "青沟镇",
    2022,
    "二",
    "方知远",
    """2022年，全镇地区生产总值完成15.2亿元，增长5.1%；固定资产投资4.6亿元，增长6.3%；财政收入8600万元。
新建高标准农田900亩，粮食总产量1.1万吨。""",
    """2023年全镇经济社会发展的主要预期目标是：地区生产总值增长5.5%左右，固定资产投资增长7%以上，财政收入9000万元。
继续修缮青沟渡槽。""",
)
QINGGOU_2023 = town(
    "青沟镇",
    2023,
    "三",
    "方知远",
    """2023年，全镇地区生产总值完成16.1亿元，增长5.8%；固定资产投资5亿元，增长6.6%；财政收入9300万元。
新建高标准农田1100亩，粮食总产量1.15万吨。""",
    """2024年全镇经济社会发展的主要预期目标是：地区生产总值增长6.5%左右，固定资产投资增长7.5%以上，财政收入1亿元。
新建高标准农田1300亩。""",
)
QINGGOU_2024 = town(
    "青沟镇",
    2024,
    "四",
    "方知远",
    """2024年，全镇地区生产总值完成17.3亿元，增长6.2%，增速全县排名第九；固定资产投资5.4亿元，增长8.1%；财政收入1.05亿元，增长12.9%。
新建高标准农田1250亩，粮食总产量1.2万吨，新增停车位260个，接待游客超过12万人次。
城镇、农村居民人均可支配收入分别增长4.8%、6.9%。办理人大代表建议58件、政协委员提案32件。
发展低空经济，建成无人机起降点3处。""",
    """2025年全镇经济社会发展的主要预期目标是：地区生产总值增长6%左右，固定资产投资增长8%以上、力争达到9%，财政收入1.1亿元。
新建高标准农田1400亩以上，城镇、农村居民人均可支配收入分别增长5%、6.5%左右。
低空经济企业达到5家。推进冷链物流园建设。""",
)
BAIYANG = town(
    "白羊镇",
    2024,
    "三",
    "闻秋雨",
    """2024年，全镇地区生产总值完成9.8亿元，增长5.4%；固定资产投资xx亿元，增长7.7%；财政收入8800万元，增长6.3%。
新建高标准农田800亩，粮食总产量2000万斤，新增停车位约120个。预计全年接待游客8万余人次。
冷链物流园一期投用，冷链物流企业达到6家。""",
    """2025年全镇经济社会发展的主要预期目标是：地区生产总值增长5.5%—6.5%，固定资产投资增长×%，财政收入9500万元左右。
新建高标准农田1000亩。""",
)
HEISONG = town(
    "黑松镇",
    2024,
    "五",
    "贺兰舟",
    """2024年，全镇地区生产总值完成21.6亿元，增长7.3%，总量居全县第二；固定资产投资7.2亿元，增长9.4%；财政收入1.4亿元，增长8.8%。
新建高标准农田2100亩，粮食总产量1.6万吨。刑事案件、治安案件立案数分别下降19.1%、27.9%。
低空经济起步，低空经济产业园开工。""",
    """2025年全镇经济社会发展的主要预期目标是：地区生产总值增长7%以上，固定资产投资增长8.5%，财政收入1.5亿元以上。
新建高标准农田1800亩。城镇调查失业率控制在5.5%以内。""",
)
YANGQIAO = town(
    "杨桥镇",
    2024,
    "二",
    "苏望川",
    """2024年，全镇地区生产总值完成6.5亿元，增长4.6%；固定资产投资2.3亿元，增长3.8%。
=共享晒场建成12处。新增停车位75个，粮食总产量6000吨。
文旅融合持续推进，修缮杨桥古渡口。""",
    """2025年全镇经济社会发展的主要预期目标是：地区生产总值增长5%左右，固定资产投资增长5%。
推进冷链物流园选址。城镇调查失业率控制在6%左右。""",
)
WUSHI = """2025年乌石县政府工作报告
——2025年1月16日在乌石县第九届人民代表大会第四次会议上
乌石县人民政府县长  陆青禾

各位代表：
现在，我代表乌石县人民政府，向大会报告工作。
一、2024年工作回顾
初步核算，预计地区生产总值增长6.4%左右，总量突破210亿元，增速全市排名第三。
固定资产投资增长12.1%、规上工业增加值增长9%，分别高于全市平均水平3.2和1.5个百分点。
（一）民生持续改善
城镇新增就业1.2万人，城镇调查失业率5.3%。新改建农村公路86公里。
二、2025年工作安排
今年经济社会发展的主要预期目标是：地区生产总值增长6%以上、力争达到7%；固定资产投资增长5.0%—5.5%；城镇新增就业1万人以上。
（一）狠抓重点项目
安排重点项目66个，年度计划投资52亿元，发展低空经济。
"""

FIRST, SECOND, THIRD, WHITE, BLACK, BRIDGE, COUNTY = range(1, 8)  # the ids: reports are added in this order
REPORTS = (QINGGOU_2022, QINGGOU_2023, QINGGOU_2024, BAIYANG, HEISONG, YANGQIAO, WUSHI)
TOWNS = ("青沟镇", "白羊镇", "黑松镇", "杨桥镇")


def run(*argv: str) -> tuple[int, bytes, str]:
    """The command in this process: exit status, what it wrote to standard output, what to standard error."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        status = main(list(argv))
    finally:
        sys.stdout, sys.stderr = before
    for stream in (out, err):
        stream.flush()
    return status, out.buffer.getvalue(), err.buffer.getvalue().decode()


@pytest.fixture(scope="session")
def report_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("wushi")
    paths = [folder / f"{number}.txt" for number in range(1, len(REPORTS) + 1)]
    for path, text in zip(paths, REPORTS, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.fixture(scope="session")
def folder(report_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A library built by the command, with its own embedder."""
    library = str(tmp_path_factory.mktemp("command") / "library")
    status, _, err = run("add", *map(str, report_files), "--library", library)
    assert status == 0, err
    return library


@pytest.fixture(scope="session")
def texts(folder: str) -> dict[int, str]:
    """The canonical text of each report, as ``text ID`` prints it."""
    return {id: run("text", str(id), "--library", folder)[1].decode() for id in range(1, len(REPORTS) + 1)}


@pytest.fixture(scope="session")
def figures(folder: str) -> list[dict]:
    """All figures of the library, as ``figures --json`` prints them."""
    return exported(folder)


def exported(folder: str, *options: str) -> list[dict]:
    status, out, err = run("figures", *options, "--json", "--library", folder)
    assert status == 0, err
    return json.loads(out)


def figure(figures: list[dict], id: int, value: str, subject: str = "") -> dict:
    """The one figure of a report with this value, of a subject that has these characters."""
    found = [one for one in figures if one["report_id"] == id and one["value"] == value and subject in one["subject"]]
    assert len(found) == 1, (value, [one["value"] for one in figures if one["report_id"] == id])
    return found[0]


@pytest.fixture(scope="session")
def ask(report_files: list[Path], tmp_path_factory: pytest.TempPathFactory):
    """Asks the turns of a conversation over the same reports, with an embedder that is quick; each but once."""
    library = Library.open(tmp_path_factory.mktemp("questions") / "library", invented.CountingEmbedder())
    assert [one.outcome for one in library.add(report_files)] == ["added"] * len(REPORTS)
    answerer = Answerer(library)
    answered: dict[tuple[str, ...], object] = {}

    def ask(*turns: str):
        if turns not in answered:
            answered[turns] = answerer.ask(list(turns))
        return answered[turns]

    yield ask
    library.close()


def lines(reply, place: str) -> list[str]:
    """The lines of the answer that begin with the place (after a number of its rank)."""
    return [line for line in reply.answer.splitlines() if re.sub(r"^\d+\. ?", "", line).startswith(place)]


def order(reply) -> list[str]:
    """The towns in the order of the lines that bear them and a figure."""
    found = [re.search("|".join(TOWNS), line) for line in reply.answer.splitlines()[1:] if "未提出" not in line]
    return [match.group() for match in found if match]


# figures: what the store holds


def test_every_value_stands_between_its_offsets_and_so_does_its_sentence(figures: list[dict], texts: dict[int, str]) -> None:
    assert figures
    for one in figures:
        text = texts[one["report_id"]]
        assert text[one["start"] : one["end"]] == one["value"]
        assert text[one["sentence_start"] : one["sentence_end"]] == one["sentence"]
        assert one["sentence_start"] <= one["start"] < one["end"] <= one["sentence_end"]


def test_each_figure_says_what_it_is_of_which_year_and_whether_target_or_actual(figures: list[dict]) -> None:
    for one in figures:
        assert one["kind"] in ("target", "actual")
        assert one["subject"]
        assert isinstance(one["year"], int)
    assert figure(figures, THIRD, "17.3亿元")["kind"] == "actual"
    assert figure(figures, THIRD, "17.3亿元")["year"] == 2024
    assert figure(figures, THIRD, "6%左右")["kind"] == "target"
    assert figure(figures, THIRD, "6%左右")["year"] == 2025
    assert figure(figures, SECOND, "6.5%左右")["year"] == 2024
    assert figure(figures, FIRST, "8600万元")["year"] == 2022


def test_an_indicator_has_its_canonical_name_and_anything_else_its_noun_phrase(figures: list[dict]) -> None:
    assert figure(figures, THIRD, "17.3亿元")["indicator"] == "地区生产总值"
    assert figure(figures, BLACK, "5.5%以内")["indicator"] == "城镇调查失业率"
    parking = figure(figures, THIRD, "260个")
    assert "停车位" in parking["subject"]
    assert not parking["indicator"] or "停车位" in parking["indicator"]


def test_a_level_and_its_growth_are_two_figures_of_one_indicator(figures: list[dict]) -> None:
    level, growth = figure(figures, BLACK, "1.4亿元"), figure(figures, BLACK, "8.8%")
    assert level["indicator"] == growth["indicator"] == "财政收入"
    assert level["measure"] != growth["measure"]
    assert level["sentence"] == growth["sentence"]


def test_a_unit_is_stored_with_its_scale(figures: list[dict]) -> None:
    wanted = {(WHITE, "8800万元"): "万元", (BLACK, "1.4亿元"): "亿元", (WHITE, "2000万斤"): "万斤", (BRIDGE, "6000吨"): "吨"}
    wanted |= {(COUNTY, "86公里"): "公里", (COUNTY, "1.2万人"): "万人", (THIRD, "1250亩"): "亩", (THIRD, "6.2%"): "%"}
    for (id, value), unit in wanted.items():
        assert figure(figures, id, value)["unit"] == unit


def test_a_comparator_is_kept_with_the_value(figures: list[dict]) -> None:
    wanted = {(THIRD, "6%左右"): "左右", (BLACK, "7%以上"): "以上", (BLACK, "5.5%以内"): "以内"}
    wanted |= {(THIRD, "超过12万人次"): "超过", (WHITE, "约120个"): "约", (WHITE, "8万余人次"): "余"}
    for (id, value), comparator in wanted.items():
        assert figure(figures, id, value)["comparator"] == comparator
    assert not figure(figures, THIRD, "6.2%")["comparator"]


def test_a_stretch_value_stands_beside_the_value_it_goes_beyond(figures: list[dict]) -> None:
    for id, plain, stretch in ((THIRD, "8%以上", "9%"), (COUNTY, "6%以上", "7%")):
        assert not figure(figures, id, plain)["stretch"]
        assert figure(figures, id, stretch)["stretch"]
        assert figure(figures, id, plain)["indicator"] == figure(figures, id, stretch)["indicator"]


def test_an_estimate_is_actual_and_marked(figures: list[dict]) -> None:
    for id, value in ((COUNTY, "6.4%左右"), (WHITE, "8万余人次")):
        assert figure(figures, id, value)["kind"] == "actual"
        assert figure(figures, id, value)["estimated"]
    assert not figure(figures, WHITE, "9.8亿元")["estimated"]


def test_a_blank_is_stored_as_blank_and_without_a_value(figures: list[dict]) -> None:
    for value in ("xx亿元", "×%"):
        blank = figure(figures, WHITE, value)
        assert blank["blank"]
        assert blank["low"] is None
        assert blank["high"] is None
        assert blank["indicator"] == "固定资产投资"
    assert [one["value"] for one in figures if one["blank"]] == ["xx亿元", "×%"]


def test_a_range_has_both_ends(figures: list[dict]) -> None:
    for id, value, low, high in ((WHITE, "5.5%—6.5%", 5.5, 6.5), (COUNTY, "5.0%—5.5%", 5.0, 5.5)):
        assert (figure(figures, id, value)["low"], figure(figures, id, value)["high"]) == (low, high)


def test_a_rank_is_stored_as_a_rank(figures: list[dict]) -> None:
    ranks = [one for one in figures if "第" in one["value"]]
    assert [(one["report_id"], one["low"]) for one in ranks] == [(THIRD, 9), (BLACK, 2), (COUNTY, 3)]
    assert {one["measure"] for one in ranks}.isdisjoint({one["measure"] for one in figures if one not in ranks})


def test_the_rank_of_a_total_belongs_to_the_indicator_before_it(figures: list[dict]) -> None:
    """地区生产总值完成21.6亿元，增长7.3%，总量居全县第二: the total is that of 地区生产总值."""
    assert [one["indicator"] for one in figures if "第" in one["value"]] == ["地区生产总值"] * 3


def test_coordinated_values_are_given_out_in_order(figures: list[dict]) -> None:
    assert figure(figures, THIRD, "4.8%")["indicator"] == "城镇居民人均可支配收入"
    assert figure(figures, THIRD, "6.9%")["indicator"] == "农村居民人均可支配收入"
    assert figure(figures, THIRD, "6.5%左右")["indicator"] == "农村居民人均可支配收入"
    assert figure(figures, THIRD, "5%")["indicator"] == "城镇居民人均可支配收入"
    assert "建议" in figure(figures, THIRD, "58件")["subject"]
    assert "提案" in figure(figures, THIRD, "32件")["subject"]
    falls = [one for one in figures if one["report_id"] == BLACK and ("19.1%" in one["value"] or "27.9%" in one["value"])]
    assert [("刑事" in one["subject"], "治安" in one["subject"]) for one in falls] == [(True, False), (False, True)]


def test_how_far_above_the_average_is_no_growth_of_the_indicator(figures: list[dict]) -> None:
    investment = figure(figures, COUNTY, "3.2")
    industry = [one for one in figures if one["report_id"] == COUNTY and one["value"].startswith("1.5")]
    assert investment["indicator"] == "固定资产投资"
    assert [one["indicator"] for one in industry] == [figure(figures, COUNTY, "9%")["indicator"]]
    assert investment["unit"] == industry[0]["unit"] == "个百分点"
    assert investment["measure"] != figure(figures, COUNTY, "12.1%")["measure"]


def test_nothing_is_stored_that_is_no_figure(figures: list[dict]) -> None:
    """Dates, sessions, headings and years are none."""
    for one in figures:
        assert "大会第" not in one["sentence"]
        assert not one["value"].endswith(("年", "月", "日", "次会议"))


def test_verify_names_a_figure_whose_offsets_are_wrong(folder: str, tmp_path: Path) -> None:
    copy = tmp_path / "library"
    shutil.copytree(folder, copy)
    assert run("verify", "--library", str(copy))[0] == 0
    with closing(sqlite3.connect(copy / "library.db")) as database, database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        columns = {name: {row[1] for row in database.execute(f'pragma table_info("{name}")')} for name in tables}
        table = next((name for name in tables if "figure" in name and "start" in columns[name]), None)
        if table is None:
            pytest.skip("the database has no table of figures by that name")
        database.execute(f'update "{table}" set "start" = "start" - 1 where rowid = (select min(rowid) from "{table}")')
    assert run("verify", "--library", str(copy))[0] == 1


# figures: the command


def test_place_indicator_year_and_kind_narrow_the_figures(folder: str, figures: list[dict]) -> None:
    assert exported(folder, "--place", "白羊镇") == [one for one in figures if one["report_id"] == WHITE]
    assert exported(folder, "--year", "2023") == [one for one in figures if one["year"] == 2023]
    assert exported(folder, "--kind", "target") == [one for one in figures if one["kind"] == "target"]
    products = exported(folder, "--indicator", "地区生产总值")
    assert products == [one for one in figures if one["indicator"] == "地区生产总值"]
    assert exported(folder, "--indicator", "GDP") == products
    one = exported(folder, "--place", "青沟镇", "--indicator", "GDP", "--year", "2024", "--kind", "target")
    assert [(each["report_id"], each["value"]) for each in one] == [(SECOND, "6.5%左右")]


def test_a_noun_phrase_serves_as_an_indicator(folder: str) -> None:
    assert [one["value"] for one in exported(folder, "--indicator", "新增停车位")] == ["260个", "约120个", "75个"]


def test_an_indicator_no_report_states_leaves_an_empty_list(folder: str) -> None:
    assert exported(folder, "--indicator", "高铁里程") == []


def test_csv_is_read_back_by_the_csv_module_with_a_row_a_figure(folder: str, figures: list[dict]) -> None:
    status, out, _ = run("figures", "--csv", "--library", folder)
    assert status == 0
    rows = list(csv.reader(io.StringIO(out.decode("utf-8-sig"))))
    assert len(rows) == len(figures) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    for row, one in zip(rows[1:], figures, strict=True):
        assert one["value"] in row
        assert str(one["year"]) in row
        assert one["place"] in row
        assert one["unit"] in row
        assert {str(one["start"]), str(one["end"])} <= set(row)


def test_csv_takes_the_same_filters(folder: str) -> None:
    _, out, _ = run("figures", "--csv", "--place", "杨桥镇", "--kind", "target", "--library", folder)
    rows = list(csv.reader(io.StringIO(out.decode("utf-8-sig"))))
    assert len(rows) == 1 + 3
    assert all("杨桥镇" in row for row in rows[1:])


def test_a_subject_that_begins_with_an_equals_sign_is_no_formula_in_csv(folder: str, figures: list[dict]) -> None:
    assert "晒场" in figure(figures, BRIDGE, "12处")["subject"]
    _, out, _ = run("figures", "--csv", "--place", "杨桥镇", "--library", folder)
    rows = list(csv.reader(io.StringIO(out.decode("utf-8-sig"))))
    assert any("共享晒场" in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_without_a_format_the_figures_are_a_table_for_people(folder: str) -> None:
    status, out, _ = run("figures", "--place", "青沟镇", "--year", "2025", "--library", folder)
    table = out.decode()
    assert status == 0
    assert "青沟镇" in table
    for part in ("目标", "2025", "地区生产总值", "6%左右", "8%以上", "1.1亿元", "1400亩以上"):
        assert part in table
    assert "17.3亿元" not in table


def test_show_prints_the_figures_of_one_report(folder: str, figures: list[dict]) -> None:
    status, out, _ = run("show", str(WHITE), "--library", folder)
    assert status == 0
    for one in figures:
        if one["report_id"] == WHITE:
            assert one["value"] in out.decode()
    assert "21.6亿元" not in out.decode()


def test_show_json_has_the_same_figures(folder: str, figures: list[dict]) -> None:
    status, out, _ = run("show", str(THIRD), "--json", "--library", folder)
    assert status == 0
    lists = [value for value in json.loads(out).values() if isinstance(value, list)]
    shown = [[(one["value"], one["start"], one["end"]) for one in each] for each in lists if each and "value" in each[0]]
    assert len(shown) == 1
    assert shown[0] == [(one["value"], one["start"], one["end"]) for one in figures if one["report_id"] == THIRD]


def test_wrong_options_are_wrong_usage(folder: str) -> None:
    for wrong in (["--kind", "wish"], ["--year", "去年"], ["--csv", "--json"]):
        status, out, err = run("figures", *wrong, "--library", folder)
        assert (status, out) == (2, b"")
        assert err


def test_a_place_that_is_not_there_is_said(folder: str) -> None:
    status, out, err = run("figures", "--place", "赤岭镇", "--library", folder)
    assert status == 1
    assert "赤岭镇" in out.decode() + err


# questions: one report


@pytest.mark.parametrize(
    "question, value, id",
    [
        ("黑松镇2024年地区生产总值是多少？", "21.6亿元", BLACK),
        ("白羊镇2025年GDP增长目标是多少？", "5.5%—6.5%", WHITE),
        ("青沟镇2025年农村居民人均可支配收入增长目标是多少？", "6.5%左右", THIRD),
        ("青沟镇2022年财政收入是多少？", "8600万元", FIRST),
        ("黑松镇2025年失业率目标是多少？", "5.5%以内", BLACK),
        ("青沟镇2024年新增停车位多少个？", "260个", THIRD),
        ("杨桥镇2024年粮食产量是多少？", "6000吨", BRIDGE),
        ("青沟镇办理政协委员提案多少件？", "32件", THIRD),
        ("乌石县2025年固定资产投资增长目标是多少？", "5.0%—5.5%", COUNTY),
    ],
)
def test_one_figure_is_answered_word_for_word_and_quoted(ask, question: str, value: str, id: int) -> None:
    reply = ask(question)
    assert reply.status == "answered"
    assert reply.answer.startswith(value)
    assert any(quote.report.id == id and value in quote.text for quote in reply.quotes)


def test_a_stretch_value_is_answered_beside_the_target(ask) -> None:
    reply = ask("青沟镇2025年固定资产投资增长目标是多少？")
    assert "8%以上" in reply.answer
    assert "9%" in reply.answer
    assert "力争" in reply.answer


def test_an_estimate_is_said_to_be_one(ask) -> None:
    reply = ask("乌石县2024年GDP增速是多少？")
    assert "6.4%左右" in reply.answer
    assert "预计" in reply.answer


@pytest.mark.parametrize(
    "question, rank",
    [("青沟镇GDP增速全县排名第几？", "第九"), ("乌石县2024年GDP增速全市排名第几？", "第三")],
)
def test_a_rank_is_answered_from_the_report(ask, question: str, rank: str) -> None:
    reply = ask(question)
    assert reply.status == "answered"
    assert rank in reply.answer
    assert any(rank in quote.text for quote in reply.quotes)


def test_a_rank_that_is_stated_is_not_also_said_to_be_missing(ask) -> None:
    reply = ask("青沟镇2024年地区生产总值在全县排第几？")
    assert "第九" in reply.answer
    assert "没有说明" not in reply.answer


def test_a_blanked_figure_is_said_to_be_blank(ask) -> None:
    reply = ask("白羊镇2025年固定资产投资增长目标是多少？")
    assert reply.status == "blank"
    assert any("×%" in quote.text for quote in reply.quotes)


def test_a_blanked_level_is_not_passed_over_for_the_growth_beside_it(ask) -> None:
    reply = ask("白羊镇2024年固定资产投资是多少亿元？")
    assert "留空" in reply.answer
    assert any("xx亿元" in quote.text for quote in reply.quotes)


def test_what_a_report_does_not_state_is_not_answered(ask) -> None:
    reply = ask("杨桥镇2024年财政收入是多少？")
    assert reply.status == "not_found"
    assert not reply.quotes


# questions: tables


def test_a_table_has_one_line_a_report(ask) -> None:
    reply = ask("各镇2025年地区生产总值增长目标分别是多少？")
    wanted = {"青沟镇": "6%左右", "白羊镇": "5.5%—6.5%", "黑松镇": "7%以上", "杨桥镇": "5%左右"}
    assert reply.status == "answered"
    for place, value in wanted.items():
        assert [value in line for line in lines(reply, place)] == [True]
    assert "乌石县" not in reply.answer


def test_a_report_without_the_figure_is_in_the_table_as_not_stated(ask) -> None:
    reply = ask("各镇2025年城镇调查失业率目标分别是多少？")
    assert ["未提出" in line for place in ("青沟镇", "白羊镇") for line in lines(reply, place)] == [True, True]
    assert ["5.5%以内" in line for line in lines(reply, "黑松镇")] == [True]
    assert ["6%左右" in line for line in lines(reply, "杨桥镇")] == [True]


def test_a_blanked_figure_is_in_the_table_as_blank_and_quoted(ask) -> None:
    reply = ask("2025年各镇固定资产投资增长目标分别是多少？")
    assert ["原文留空" in line for line in lines(reply, "白羊镇")] == [True]
    assert any(quote.report.id == WHITE and "×%" in quote.text for quote in reply.quotes)


def test_a_blanked_level_is_in_a_table_of_levels_as_blank(ask) -> None:
    reply = ask("各镇2024年固定资产投资分别是多少亿元？")
    assert any("原文留空" in line for line in lines(reply, "白羊镇"))


def test_places_named_in_the_question_are_compared(ask) -> None:
    reply = ask("对比青沟镇、黑松镇和白羊镇2025年财政收入目标")
    wanted = {"青沟镇": "1.1亿元", "黑松镇": "1.5亿元以上", "白羊镇": "9500万元左右"}
    for place, value in wanted.items():
        assert [value in line for line in lines(reply, place)] == [True]
    assert "杨桥镇" not in reply.answer


@pytest.mark.parametrize(
    "question",
    [
        "各镇2025年地区生产总值增长目标分别是多少？",
        "各镇2024年财政收入哪个最高？",
        "2025年各镇固定资产投资增长目标分别是多少？",
        "各镇2024年粮食产量分别是多少？",
        "2024年各镇GDP增速前三名是哪些？",
        "青沟镇近三年GDP增速",
        "哪些报告提到了低空经济？",
    ],
)
def test_every_line_with_a_figure_has_its_quote(ask, question: str) -> None:
    reply = ask(question)
    quoted = {quote.report.place for quote in reply.quotes}
    for line in reply.answer.splitlines()[1:]:
        found = re.match(r"(?:\d+\. ?)?(青沟镇|白羊镇|黑松镇|杨桥镇|乌石县)", line)
        if found and "未提出" not in line:
            assert found.group(1) in quoted, line


def test_in_a_table_of_one_year_a_place_with_more_reports_is_not_given_another_year(ask) -> None:
    """17.3亿元 is of 2024: 2025年 beside it is wrong, and so is that 2024 is not stated for 青沟镇."""
    reply = ask("各镇2024年地区生产总值分别是多少？")
    assert any("17.3亿元" in line for line in lines(reply, "青沟镇"))
    assert not [line for line in lines(reply, "青沟镇") if re.search(r"2025年[^报]*17\.3亿元", line)]
    assert not [line for line in lines(reply, "青沟镇") if re.search(r"^青沟镇2024年[^报]*未提出", line)]


def test_the_highest_is_named_first_over_different_units(ask) -> None:
    reply = ask("各镇2024年财政收入哪个最高？")
    assert "黑松镇" in reply.answer.splitlines()[0]
    assert "1.4亿元" in reply.answer.splitlines()[0]
    assert order(reply) == ["黑松镇", "青沟镇", "白羊镇"]
    assert any("未提出" in line for line in lines(reply, "杨桥镇"))


def test_the_lowest_is_named_first_over_different_units(ask) -> None:
    reply = ask("2024年各镇粮食产量哪个最低？")
    assert "杨桥镇" in reply.answer.splitlines()[0]
    assert "6000吨" in reply.answer.splitlines()[0]
    assert order(reply) == ["杨桥镇", "白羊镇", "青沟镇", "黑松镇"]


def test_a_converted_unit_is_marked_as_computed(ask) -> None:
    reply = ask("各镇2024年粮食产量分别是多少？")
    for line in lines(reply, "白羊镇"):
        assert "2000万斤" in line
        assert "万吨" not in line or "计算" in line or "换算" in line


def test_a_range_counts_by_its_lower_end_and_the_rule_is_said(ask) -> None:
    reply = ask("2025年各镇GDP增长目标哪个最低？")
    assert order(reply) == ["杨桥镇", "白羊镇", "青沟镇", "黑松镇"]
    assert "下限" in reply.answer


def test_the_first_three_are_ranked_and_the_others_counted(ask) -> None:
    reply = ask("2025年各镇GDP增长目标前三名是哪些？")
    assert order(reply) == ["黑松镇", "青沟镇", "白羊镇"]
    assert re.search(r"其余1份", reply.answer)
    assert not lines(reply, "杨桥镇")


def test_the_first_two_of_an_amount_are_ranked_by_the_amount(ask) -> None:
    """财政收入 without 增速 is the amount: the same order as for 哪个最高."""
    reply = ask("2024年各镇财政收入前两名是哪些？")
    assert order(reply) == ["黑松镇", "青沟镇"]
    assert "增速：" not in reply.answer


def test_amounts_of_named_places_are_not_called_growth(ask) -> None:
    reply = ask("2024年青沟镇、白羊镇、黑松镇财政收入分别是多少？")
    assert "增速：" not in reply.answer
    for value in ("1.05亿元", "8800万元", "1.4亿元"):
        assert value in reply.answer


@pytest.mark.parametrize(
    "question, matching, others",
    [
        ("2025年各镇GDP增长目标超过6%的有哪些？", ["黑松镇"], 3),
        ("2025年各镇GDP增长目标不低于6%的有哪些？", ["黑松镇", "青沟镇"], 2),
        ("2025年各镇GDP增长目标低于6%的有哪些？", ["白羊镇", "杨桥镇"], 2),
        ("2025年各镇财政收入目标超过1亿元的有哪些？", ["黑松镇", "青沟镇"], 2),
    ],
)
def test_a_threshold_leaves_those_that_match_ranked_and_the_number_of_the_others(
    ask, question: str, matching: list[str], others: int
) -> None:
    reply = ask(question)
    assert order(reply) == matching
    assert f"其余{others}份" in reply.answer
    assert {quote.report.place for quote in reply.quotes} == set(matching)


def test_matching_and_others_are_together_the_reports_of_the_table(ask) -> None:
    table = ask("各镇2024年财政收入分别是多少？")
    reply = ask("各镇2024年财政收入低于1亿元的有哪些？")
    assert order(reply) == ["白羊镇"]
    count = sum(len(lines(table, place)) for place in TOWNS)
    assert int(re.search(r"其余(\d+)份", reply.answer).group(1)) == count - 1


@pytest.mark.parametrize(
    "question", ["2024年GDP增速超过6%的镇有哪些？", "2024年固定资产投资增速最高的镇是哪个？", "没有提到冷链物流的镇有哪些？"]
)
def test_a_question_about_towns_leaves_the_county_out(ask, question: str) -> None:
    reply = ask(question)
    assert reply.status == "answered"
    assert "乌石县" not in reply.answer


def test_an_average_is_marked_as_computed_and_says_from_what(ask) -> None:
    reply = ask("各镇2025年GDP增长目标平均是多少？")
    assert re.search(r"5\.8[78]\d*%[^\n]*计算", reply.answer)  # (6 + 5.5 + 7 + 5) / 4
    for place, value in {"青沟镇": "6%左右", "白羊镇": "5.5%—6.5%", "黑松镇": "7%以上", "杨桥镇": "5%左右"}.items():
        assert any(value in line for line in lines(reply, place))
    assert {quote.report.place for quote in reply.quotes} == set(TOWNS)


def test_an_average_over_different_units_converts_first(ask) -> None:
    reply = ask("各镇2024年粮食产量平均是多少？")
    assert re.search(r"(1\.1万|11000)吨[^\n]*计算", reply.answer)  # 1.2, 1, 1.6 and 0.6


def test_a_difference_is_marked_as_computed_with_both_operands_quoted(ask) -> None:
    reply = ask("黑松镇2024年的财政收入比白羊镇高多少？")
    assert re.search(r"(5200万元|0\.52亿元)[^\n]*计算", reply.answer)
    assert "1.4亿元" in reply.answer
    assert "8800万元" in reply.answer
    assert {quote.report.id for quote in reply.quotes} == {WHITE, BLACK}


def test_an_indicator_nobody_states_makes_no_table_of_figures(ask) -> None:
    reply = ask("各镇2024年旅游总收入分别是多少？")
    assert reply.status == "not_found"
    assert not reply.quotes


SEEDED = "import sys; from bot.cli import main; sys.exit(main(['batch', '--library', sys.argv[1]]))"
TIES = (
    "各镇2024年财政收入哪个最高？",
    "黑松镇2024年的财政收入比白羊镇高多少？",
    "2024年各镇财政收入前两名是哪些？",
    "各镇2024年地区生产总值分别是多少？",
    "青沟镇GDP从2022年到2024年增加了多少？",
    "各镇2024年固定资产投资平均是多少？",
)


def test_the_same_question_has_the_same_answer_in_every_process(folder: str) -> None:
    """Whether 财政收入 is the amount or its growth must not hang on the order of a set of strings."""
    lines_in = "".join(json.dumps({"id": str(i), "turns": [turn]}) + "\n" for i, turn in enumerate(TIES))
    answers = []
    for seed in ("1", "3", "4"):
        done = subprocess.run(
            [sys.executable, "-c", SEEDED, folder],
            input=lines_in.encode(),
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        )
        answers.append([json.loads(line)["answer"] for line in done.stdout.decode().splitlines()])
    for turn, *told in zip(TIES, *answers, strict=True):
        assert len(set(told)) == 1, (turn, told)


# questions: over time


def test_three_years_are_told_year_by_year_with_targets_and_results_apart(ask) -> None:
    reply = ask("青沟镇近三年GDP增速")
    found = reply.answer.splitlines()
    for year, kind, value in (
        (2022, "结果", "5.1%"),
        (2023, "结果", "5.8%"),
        (2024, "结果", "6.2%"),
        (2023, "目标", "5.5%左右"),
        (2024, "目标", "6.5%左右"),
    ):
        assert [line for line in found if str(year) in line and kind in line and value in line], (year, kind)
    assert not [line for line in found if "5.5%" in line and "5.8%" in line]
    assert {FIRST, SECOND, THIRD} == {quote.report.id for quote in reply.quotes}


def test_levels_over_three_years_are_in_order_of_years_and_their_difference_computed(ask) -> None:
    reply = ask("青沟镇近三年的地区生产总值是多少？")
    places = [reply.answer.index(value) for value in ("15.2亿元", "16.1亿元", "17.3亿元")]
    assert places == sorted(places)
    assert "2.1亿元" not in reply.answer or re.search(r"2\.1亿元[^\n]*计算", reply.answer)


def test_a_trend_over_different_units_converts_first(ask) -> None:
    reply = ask("青沟镇近三年财政收入")
    for value in ("8600万元", "9300万元", "1.05亿元"):
        assert value in reply.answer
    computed = re.search(r"([\d.]+)(万元|亿元)（计算值", reply.answer)
    assert computed is None or computed.groups() in (("1900", "万元"), ("0.19", "亿元"))


def test_targets_alone_are_told_when_targets_are_asked_for(ask) -> None:
    reply = ask("青沟镇近三年GDP增长目标")
    assert all(value in reply.answer for value in ("5.5%左右", "6.5%左右", "6%左右"))
    assert not any(value in reply.answer for value in ("5.1%", "5.8%", "6.2%"))


def test_targets_and_results_are_both_told_when_both_are_asked_for(ask) -> None:
    reply = ask("青沟镇近三年固定资产投资增长目标和结果")
    for value in ("7%以上", "7.5%以上", "6.3%", "6.6%", "8.1%"):
        assert value in reply.answer
    assert "2022年：未提出" not in reply.answer


def test_the_change_over_three_years_of_what_is_no_main_indicator_is_found(ask) -> None:
    reply = ask("青沟镇粮食产量近三年变化")
    assert reply.status == "answered"
    assert all(value in reply.answer for value in ("1.1万吨", "1.15万吨", "1.2万吨"))


def test_two_years_are_compared_and_neither_is_said_to_be_missing(ask) -> None:
    reply = ask("青沟镇2024年GDP比2023年增加了多少？")
    assert "17.3亿元" in reply.answer
    assert "16.1亿元" in reply.answer
    assert "没有写" not in reply.answer


def test_last_years_targets_stand_beside_this_years_results(ask) -> None:
    reply = ask("青沟镇去年的目标完成了吗？")
    found = reply.answer.splitlines()
    for name, target, result, difference in (
        ("地区生产总值", "6.5%左右", "6.2%", "0.3个百分点"),
        ("固定资产投资", "7.5%以上", "8.1%", "0.6个百分点"),
    ):
        line = next(line for line in found if name in line)
        assert target in line
        assert result in line
        assert re.search(rf"{re.escape(difference)}[^\n]*计算", line)
    income = next(line for line in found if "财政收入" in line)
    assert "1亿元" in income
    assert "1.05亿元" in income
    assert re.search(r"(500万元|0\.05亿元)[^\n]*计算", income)
    assert {quote.report.id for quote in reply.quotes} == {SECOND, THIRD}


@pytest.mark.parametrize(
    "question, target, result, difference",
    [
        ("青沟镇2024年GDP增长目标完成了吗？", "6.5%左右", "6.2%", "0.3个百分点"),
        ("青沟镇去年的固定资产投资目标完成了吗？", "7.5%以上", "8.1%", "0.6个百分点"),
        ("青沟镇去年的高标准农田目标完成了吗？", "1300亩", "1250亩", "50亩"),
        ("青沟镇2023年固定资产投资目标完成了吗？", "7%以上", "6.6%", "0.4个百分点"),
    ],
)
def test_one_target_is_held_against_its_result(ask, question: str, target: str, result: str, difference: str) -> None:
    reply = ask(question)
    assert target in reply.answer
    assert result in reply.answer
    assert re.search(rf"{re.escape(difference)}[^\n]*计算", reply.answer)
    assert any(target in quote.text for quote in reply.quotes)
    assert any(result in quote.text for quote in reply.quotes)


def test_a_target_and_its_result_asked_for_in_one_breath_are_not_denied(ask) -> None:
    reply = ask("青沟镇2024年GDP增长目标是多少，完成了多少？")
    assert "6.5%左右" in reply.answer
    assert "6.2%" in reply.answer
    assert "没有写" not in reply.answer


def test_without_last_years_report_nothing_is_held_against_anything(ask) -> None:
    reply = ask("白羊镇去年的目标完成了吗？")
    assert reply.status == "not_found"
    assert not reply.quotes


# questions: mentions


def test_each_report_that_mentions_a_theme_is_listed_with_its_count(ask) -> None:
    reply = ask("哪些报告提到了低空经济？")
    assert "3份" in reply.answer.splitlines()[0]
    assert "7份" in reply.answer.splitlines()[0]
    assert "4份" in reply.answer.splitlines()[0]
    assert {place: ["2次" in line for line in lines(reply, place)] for place in ("青沟镇", "黑松镇")} == {
        "青沟镇": [True],
        "黑松镇": [True],
    }
    assert ["1次" in line for line in lines(reply, "乌石县")] == [True]
    assert "白羊镇" not in reply.answer
    assert "杨桥镇" not in reply.answer
    assert [quote.report.id for quote in reply.quotes] == [THIRD, BLACK, COUNTY]
    assert all("低空经济" in quote.text for quote in reply.quotes)


@pytest.mark.parametrize("theme", ["低空经济", "冷链物流", "停车位", "高标准农田", "渡口", "渡槽", "文旅融合", "失业率"])
def test_a_list_of_mentions_is_complete_and_its_counts_are_those_of_the_text(ask, texts: dict[int, str], theme: str) -> None:
    reply = ask(f"哪些报告提到了{theme}？")
    counts = {id: text.count(theme) for id, text in texts.items()}
    mentioning = {id for id, count in counts.items() if count}
    assert reply.status == "answered"
    assert {quote.report.id for quote in reply.quotes} == mentioning
    assert all(theme in quote.text for quote in reply.quotes)
    assert sorted(int(count) for count in re.findall(r"(\d+)次", reply.answer)) == sorted(filter(None, counts.values()))
    assert f"{len(mentioning)}份" in reply.answer
    assert f"{len(REPORTS) - len(mentioning)}份" in reply.answer


def test_the_towns_whose_reports_have_a_theme_are_listed_without_the_county(ask) -> None:
    reply = ask("低空经济被哪几个镇写进了报告？")
    assert {quote.report.id for quote in reply.quotes} == {THIRD, BLACK}
    assert "乌石县" not in reply.answer
    assert "6份" in reply.answer


def test_whether_one_report_mentions_a_theme(ask) -> None:
    yes, no = ask("白羊镇的报告提到冷链物流了吗？"), ask("白羊镇的报告提到低空经济了吗？")
    assert yes.status == "answered"
    assert "2次" in yes.answer
    assert [quote.report.id for quote in yes.quotes] == [WHITE]
    assert no.status == "not_found"
    assert not no.quotes


def test_whether_two_named_reports_mention_a_theme(ask) -> None:
    reply = ask("杨桥镇和白羊镇的报告提到冷链物流了吗？")
    assert {quote.report.id for quote in reply.quotes} == {BRIDGE, WHITE}
    assert "提到" in reply.answer
    assert any("2次" in line for line in lines(reply, "白羊镇"))


def test_a_theme_nobody_mentions_is_said_with_the_number_scanned(ask) -> None:
    reply = ask("哪些报告提到了月球基地？")
    assert reply.status == "not_found"
    assert not reply.quotes
    assert "7份" in reply.answer


@pytest.mark.parametrize("question", ["不提低空经济的有哪些？", "哪些报告没有提到低空经济？", "不含低空经济的报告有哪些？"])
def test_the_reports_without_a_theme_are_listed_and_nothing_is_quoted(ask, question: str) -> None:
    reply = ask(question)
    assert reply.status == "answered"
    assert not reply.quotes
    assert len(lines(reply, "青沟镇")) == 2
    assert len(lines(reply, "白羊镇")) == len(lines(reply, "杨桥镇")) == 1
    assert not lines(reply, "黑松镇")
    assert not lines(reply, "乌石县")
    assert "4份" in reply.answer
    assert "3份" in reply.answer


def test_two_themes_at_once(ask) -> None:
    reply = ask("哪些报告既提到低空经济又提到冷链物流？")
    assert {quote.report.id for quote in reply.quotes} == {THIRD}
    assert any("低空经济" in quote.text for quote in reply.quotes)
    assert any("冷链物流" in quote.text for quote in reply.quotes)
    assert not any(place in reply.answer for place in ("白羊镇", "黑松镇", "杨桥镇", "乌石县"))


def test_one_theme_without_another(ask) -> None:
    reply = ask("哪些报告提到低空经济但不含冷链物流？")
    assert {quote.report.id for quote in reply.quotes} == {BLACK, COUNTY}
    assert "青沟镇" not in reply.answer


# questions: follow-ups over tables


def test_a_follow_up_names_another_indicator_for_the_same_table(ask) -> None:
    reply = ask("各镇2025年GDP增长目标分别是多少？", "那失业率呢？")
    assert ["5.5%以内" in line for line in lines(reply, "黑松镇")] == [True]
    assert ["6%左右" in line for line in lines(reply, "杨桥镇")] == [True]
    assert ["未提出" in line for place in ("青沟镇", "白羊镇") for line in lines(reply, place)] == [True, True]


def test_a_follow_up_keeps_what_was_asked_about_the_table(ask) -> None:
    reply = ask("2024年各镇财政收入哪个最低？", "那粮食产量呢？")
    assert "杨桥镇" in reply.answer.splitlines()[0]
    assert "6000吨" in reply.answer.splitlines()[0]


def test_a_follow_up_narrows_the_table_to_one_place(ask) -> None:
    reply = ask("各镇2025年GDP增长目标分别是多少？", "只看黑松镇的")
    assert "7%以上" in reply.answer
    assert {quote.report.id for quote in reply.quotes} == {BLACK}
    assert not any(place in reply.answer for place in ("青沟镇", "白羊镇", "杨桥镇"))


def test_a_follow_up_narrows_the_table_to_two_places(ask) -> None:
    reply = ask("各镇2025年GDP增长目标分别是多少？", "只看黑松镇和白羊镇的")
    assert "7%以上" in reply.answer
    assert "5.5%—6.5%" in reply.answer
    assert {quote.report.id for quote in reply.quotes} == {WHITE, BLACK}


def test_two_follow_ups_build_on_each_other(ask) -> None:
    reply = ask("各镇2025年GDP增长目标分别是多少？", "那失业率呢？", "只看黑松镇的")
    assert "5.5%以内" in reply.answer
    assert {quote.report.id for quote in reply.quotes} == {BLACK}


def test_a_follow_up_asks_for_the_highest_of_the_same_amounts(ask) -> None:
    reply = ask("各镇2024年财政收入分别是多少？", "哪个最高？")
    assert "黑松镇" in reply.answer.splitlines()[0]


def test_a_follow_up_over_years_and_one_over_mentions(ask) -> None:
    years = ask("青沟镇近三年GDP增速", "那财政收入呢？")
    assert all(value in years.answer for value in ("8600万元", "9300万元", "1.05亿元"))
    mentions = ask("哪些镇提到了低空经济？", "那冷链物流呢？")
    assert {quote.report.id for quote in mentions.quotes} == {THIRD, WHITE, BRIDGE}


# pictures


def png_width(path: Path) -> int:
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(head[16:20], "big")


@pytest.mark.parametrize(
    "turns",
    [
        ["各镇2025年GDP增长目标分别是多少？"],
        ["青沟镇近三年GDP增速"],
        ["对比青沟镇、黑松镇、白羊镇2025年固定资产投资增长目标"],  # one of the three is blank
        ["各镇2025年失业率目标分别是多少？", "那财政收入目标呢？"],
    ],
)
def test_a_comparison_of_three_or_a_trend_is_drawn(folder: str, tmp_path: Path, turns: list[str]) -> None:
    path = tmp_path / "图.png"
    status, out, err = run("ask", *turns, "--chart", str(path), "--library", folder)
    assert status == 0, err
    assert png_width(path) >= 800
    assert "青沟镇" in out.decode()


def test_a_chart_leaves_the_json_of_the_reply_alone(folder: str, tmp_path: Path) -> None:
    path = tmp_path / "chart.png"
    status, out, _ = run("ask", "各镇2025年财政收入目标分别是多少？", "--json", "--chart", str(path), "--library", folder)
    assert status == 0
    assert json.loads(out)["status"] == "answered"
    assert png_width(path) >= 800


@pytest.mark.parametrize("question", ["白羊镇2024年粮食产量是多少？", "对比青沟镇和黑松镇2025年GDP增长目标", "哪里有月球基地？"])
def test_without_three_to_compare_there_is_a_sentence_and_no_file(folder: str, tmp_path: Path, question: str) -> None:
    path = tmp_path / "chart.png"
    _, out, err = run("ask", question, "--chart", str(path), "--library", folder)
    assert out
    assert "图" in err
    assert not path.exists()
    assert "Traceback" not in err


def test_a_chart_that_cannot_be_written_is_refused_with_its_name(folder: str, tmp_path: Path) -> None:
    path = tmp_path / "no folder" / "chart.png"
    status, _, err = run("ask", "各镇2025年GDP增长目标分别是多少？", "--chart", str(path), "--library", folder)
    assert status == 1
    assert "chart.png" in err
    assert "Traceback" not in err
    assert not path.exists()


# the property: no figure without its quote

UNITS = "个百分点|人次|亿元|万元|元|吨|斤|亩|公里|人|%|％|个|处|件|家|项|户"
NUMBER = re.compile(rf"\d+(?:\.\d+)?(?:[%％]?[—－-]\d+(?:\.\d+)?)?[万亿]?余?(?:{UNITS})")
COMPUTED = re.compile(r"(?:\d+(?:\.\d+)?[^\d（]*)?（计算值[^）]*）|（[^）]*计算[^）]*）")

INDICATORS = ("GDP", "GDP增速", "固定资产投资", "固定资产投资增速", "财政收入", "粮食产量", "高标准农田", "失业率", "新增停车位")
NAMED = [
    f"{place}{year}年{name}{kind}是多少？"
    for place, year, name, kind in product((*TOWNS, "乌石县", "赤岭镇"), (2022, 2024, 2025), INDICATORS, ("", "目标"))
]
OVER_ALL = [
    f"{year}年各镇{name}{kind}{ending}"
    for (year, kind), name, ending in product(
        ((2023, ""), (2024, ""), (2025, "目标")),
        INDICATORS,
        ("分别是多少？", "哪个最高？", "哪个最低？", "前两名", "平均是多少？", "超过6%的有哪些？", "低于1亿元的有哪些？"),
    )
]
OVER_YEARS = [
    f"{place}{question}"
    for place, question in product(
        ("青沟镇", "白羊镇"),
        (
            *(f"近三年{name}" for name in INDICATORS),
            *(f"去年的{name}目标完成了吗？" for name in INDICATORS),
            *(f"2024年{name}比2023年增加了多少？" for name in INDICATORS),
            "去年的目标完成了吗？",
            "2023年的目标完成了吗？",
            "今年的主要目标有哪些？",
        ),
    )
]
OF_TWO = [f"对比{one}和{other}2024年{name}" for one, other, name in product(TOWNS[:2], TOWNS[2:], INDICATORS)]
INVENTED = [
    f"{place}{name}是多少？"
    for place, name in product((*TOWNS, "各镇"), ("旅游总收入", "高铁里程", "森林覆盖率", "人口出生率", "2031年GDP"))
]


@pytest.mark.parametrize(
    "questions", [NAMED, OVER_ALL, OVER_YEARS, OF_TWO, INVENTED], ids=["named", "all", "years", "two", "none"]
)
def test_no_answer_holds_a_figure_that_its_quotes_do_not_hold(
    ask: Callable[..., object], texts: dict[int, str], questions: list[str]
) -> None:
    wrong = []
    for question in questions:
        reply = ask(question)
        assert reply.status in ("answered", "blank") or invented.refusal(reply), question
        for quote in reply.quotes:
            assert texts[quote.report.id][quote.start : quote.end] == quote.text, question
        stated = NUMBER.findall(COMPUTED.sub("", reply.answer))
        if missing := [number for number in stated if not any(number in quote.text for quote in reply.quotes)]:
            wrong.append((question, missing, reply.answer))
    assert wrong == []


@pytest.mark.parametrize(
    "questions", [NAMED, OVER_ALL, OVER_YEARS, OF_TWO, INVENTED], ids=["named", "all", "years", "two", "none"]
)
def test_no_answer_denies_a_figure_of_a_year_and_states_it_in_the_next_line(ask, questions: list[str]) -> None:
    """青沟镇的报告没有写2024年…的完成情况 must not stand beside 青沟镇2024年…：17.3亿元."""
    wrong = []
    for question in questions:
        found = ask(question).answer.splitlines()
        for denied in found:
            match = re.match(r"(.+?)的报告没有(?:写|说明|提出)(?:所问的)?(\d{4})年的?“(.+?)”的?(完成情况|目标)?", denied)
            if match and not denied.startswith("库中"):
                place, year, name, kind = match.groups()
                stated = [
                    line
                    for line in found
                    if line != denied
                    and line.startswith(f"{place}{year}年{name}")
                    and ("目标" in line.split("：")[0]) == (kind == "目标")
                ]
                if stated:
                    wrong.append((question, denied, stated))
    assert wrong == []
