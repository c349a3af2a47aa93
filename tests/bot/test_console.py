"""Whole console sessions as literal text."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from bot.console import COMMANDS, run_console
from retrieval.answers.answerer import Answerer
from retrieval.library import Library

WELCOME = "政府工作报告问答。库中有 3 份报告。直接输入问题，/help 看命令，/quit 退出。\n"
BYE = "再见。\n"


def reader(lines: tuple[str | BaseException, ...]) -> Callable[[], str]:
    """A prompt that gives one line after the other, raises the exceptions among them, and then ends."""
    left: Iterator[str | BaseException] = iter(lines)

    def read() -> str:
        line = next(left, EOFError())
        if isinstance(line, BaseException):
            raise line
        return line

    return read


SUGGESTIONS = re.compile(r"\n可以接着问.*\n(?:  \(\d\) .*\n)+")


def session(library: Library, *lines: str | BaseException) -> str:
    """What :func:`whole_session` shows, without what may be asked next."""
    return SUGGESTIONS.sub("", whole_session(library, *lines))


def whole_session(library: Library, *lines: str | BaseException) -> str:
    """What the terminal showed, blanks at the ends of lines aside, between the welcome and the farewell."""
    out = io.StringIO()
    run_console(library, Console(file=out, width=100), reader(lines))
    shown = "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
    assert shown.startswith(WELCOME)
    assert shown.endswith(BYE)
    return shown.removeprefix(WELCOME).removesuffix(BYE)


TARGETS = """
  “2025年全镇经济社会发展的主要预期目标是：地区生产总值增长6%左右，固定资产投资增长7%以上、力争达到8
  %，一般公共预算收入增长5%左右，城镇新增就业不少于400人。”
  —— [1] 《松岭区云溪镇2024年政府工作报告》 › 二、2025年工作安排
"""


def test_questions_and_follow_ups(small_library: Library):
    shown = session(small_library, "云溪镇2025年GDP目标是多少", "固定资产投资呢", "那石渡镇呢", "/quit", "never read")
    assert shown == (
        f"6%左右，云溪镇2025年地区生产总值增长目标。\n{TARGETS}"
        f"7%以上，力争8%，云溪镇2025年固定资产投资增长目标。\n（按上一问的“2025年”）\n{TARGETS}"
        "石渡镇的报告没有说明2025年的“固定资产投资”。\n（按上一问的“2025年”）\n"
    )


def test_the_number_of_a_suggestion_asks_it(small_library: Library):
    first = whole_session(small_library, "云溪镇2025年GDP目标是多少")
    (suggested,) = re.findall(r"  \(2\) (.*)\n", first)
    pressed = whole_session(small_library, "云溪镇2025年GDP目标是多少", "2", "那石渡镇呢")
    assert pressed == whole_session(small_library, "云溪镇2025年GDP目标是多少", suggested, "那石渡镇呢")
    assert pressed != whole_session(small_library, "云溪镇2025年GDP目标是多少", "9", "那石渡镇呢")


def test_a_blank_a_missing_place_and_what_is_no_question(small_library: Library):
    shown = session(small_library, "石渡镇2024年财政收入是多少", "沙坪坝区2025年GDP目标", "？？", "", "问" * 10_000)
    assert shown == (
        "报告原文此处留空：石渡镇2024年财政收入没有写出数字。\n\n"
        "  “2024年，全镇地区生产总值完成11.6亿元，增长5.3％；财政收入xx万元；社会消费品零售总额3.9亿元，增长5\n"
        "  .1％。”\n"
        "  —— [1] 《松岭区石渡镇2024年政府工作报告》 › 一、2024年工作回顾\n"
        "库中没有沙坪坝区的报告。\n库中现有：云溪镇、石渡镇、松岭区。\n"
        "问题是空的。请输入想问的内容，例如：库里有哪些报告。\n"
        "问题太长了（10000 字），最多 500 字。请只写要问的那一句。\n"
    )


def test_the_source_of_a_quote(small_library: Library):
    shown = session(small_library, "石渡镇2024年接待游客多少人次", "/source 1", "/source 2")
    assert shown.count("建成石渡古桥民俗馆。") == 2
    assert "—— [1] 《松岭区石渡镇2024年政府工作报告》 › 一、2024年工作回顾 › （一）乡村旅游加快发展\n" in shown
    assert "二、2025年工作安排" in shown
    assert shown.endswith("上一个回答没有第 2 条引文。\n")


def test_help_and_commands_that_are_written_wrong(small_library: Library):
    shown = session(small_library, "/help", "/nothing", "/show", "/show x", "/show 99", "/source", "/add")
    assert shown == (
        "直接输入问题，例如：库里有哪些报告\n"
        "  /reports         列出库中的报告\n"
        "  /show N          看编号为 N 的报告：元数据、大纲、数字\n"
        "  /source N        看上一个回答第 N 条引文的上下文\n"
        "  /figures PLACE   列出一个地方的全部数字\n"
        "  /chart FILE.png  把上一个回答的比较画成图片\n"
        "  /add PATH        添加文件或文件夹\n"
        "  /reset           清空上下文\n"
        "  /help            显示这段说明\n"
        "  /quit            退出\n"
        "没有 /nothing 这个命令。输入 /help 看全部命令。\n"
        "请写成 /show N。\n"
        "请写成 /show N。\n"
        "没有编号为 99 的报告，可能已被删除。请在报告列表里查看现有编号。\n"
        "上一个回答没有第 1 条引文。\n"
        "请写成 /add PATH。\n"
    )


def test_the_commands_are_those_of_the_issue():
    assert {"reports", "show", "source", "add", "reset", "help", "quit"} <= {command.name for command in COMMANDS}


REPORTS = """
 编号   地名     年份   标题                             报告人   段落   数字
 ────────────────────────────────────────────────────────────────────────────
    1   云溪镇   2025   松岭区云溪镇2024年政府工作报告   秦若川     12     21
    2   石渡镇   2025   松岭区石渡镇2024年政府工作报告   温有棠      7     12
    3   松岭区   2025   2025年松岭区政府工作报告         叶望舒      6     13

"""


def test_the_table_of_reports(small_library: Library):
    assert session(small_library, "/reports", "/REPORTS") == REPORTS * 2


def test_the_card_of_a_report(small_library: Library):
    assert session(small_library, "/show 2") == (
        "[2] 松岭区石渡镇2024年政府工作报告\n"
        "地名      石渡镇\n"
        "级别      乡镇\n"
        "所属      松岭区\n"
        "回顾年份  2024\n"
        "计划年份  2025\n"
        "日期      2025-01-09\n"
        "会议      石渡镇第九届人民代表大会第三次会议\n"
        "报告人    温有棠\n"
        "职务      石渡镇人民政府镇长\n"
        "来源      （报告未写明）\n"
        "文件      shidu.txt\n"
        "段落数    7\n"
        "\n"
        "大纲\n"
        "├── 一、2024年工作回顾  工作回顾\n"
        "│   └── （一）乡村旅游加快发展\n"
        "└── 二、2025年工作安排  工作安排\n"
        "    └── （一）做旺乡村旅游\n"
        "\n"
        "没有需要清理的内容\n"
        "\n"
        "数字（12 个）\n"
        "\n"
        " 类别   年份   项目                 口径   原文数字\n"
        " ──────────────────────────────────────────────────────\n"
        " 结果   2024   地区生产总值         数值   11.6亿元\n"
        " 结果   2024   地区生产总值         增速   5.3％\n"
        " 结果   2024   财政收入             数值   xx万元\n"
        " 结果   2024   社会消费品零售总额   数值   3.9亿元\n"
        " 结果   2024   社会消费品零售总额   增速   5.1％\n"
        " 结果   2024   接待游客             数值   21.4万人次\n"
        " 结果   2024   接待游客             增速   9.6％\n"
        " 目标   2025   地区生产总值         增速   5.5％左右\n"
        " 目标   2025   社会消费品零售总额   增速   ×％\n"
        " 目标   多年   接待游客             数值   突破50万人次\n"
        " 目标   2025   接待游客             数值   25万人次以上\n"
        " 目标   2025   新建民宿             数值   12家\n"
        "\n"
    )


def test_a_reset_forgets_place_and_year(small_library: Library):
    shown = session(small_library, "石渡镇2025年固定资产投资目标是多少", "/reset", "去年呢")
    before, reset, then = shown.partition("已清空上下文，可以重新提问。\n")
    assert before.split("\n")[0] == "石渡镇的报告没有说明2025年的“固定资产投资”。"
    assert reset
    assert "石渡镇" not in then
    assert then.startswith("想了解哪个地方的什么？")


def test_adding(library: Library, files: Path):
    shown = session(library, f"/add {files / 'yunxi.txt'}", f'/add "{files / "two_in_one.txt"}"', "/add /no/where.txt")
    assert shown == (
        "已跳过 yunxi.txt：库中已有内容相同的报告：编号 1《松岭区云溪镇2024年政府工作报告》，没有重复添加。\n"
        "已添加 [4]《乡镇政府2024工作报告》：麦泉镇，2025年，6 个段落，3 个数字。没能读出：日期、报告人（可用\n"
        "reportbot edit 4 补上）\n"
        "已添加 [5]《乡镇政府2024工作报告》：柏桥镇，2025年，6 个段落，3 个数字。没能读出：日期、报告人（可用\n"
        "reportbot edit 5 补上）\n"
        "未添加 where.txt：找不到 /no/where.txt。请检查路径是否写对。\n"
    )


def test_ctrl_c_while_answering_cancels_the_question_only(small_library: Library, monkeypatch):
    answers = Answerer.ask
    interrupts = iter([True])

    def ask(self, turns):
        if next(interrupts, False):
            raise KeyboardInterrupt
        return answers(self, turns)

    monkeypatch.setattr(Answerer, "ask", ask)
    shown = session(small_library, "云溪镇2025年GDP目标是多少", "云溪镇2025年GDP目标是多少")
    assert shown == f"已取消这个问题。\n6%左右，云溪镇2025年地区生产总值增长目标。\n{TARGETS}"


def test_a_cancelled_question_is_no_part_of_the_conversation(small_library: Library, monkeypatch):
    asked: list[list[str]] = []

    def ask(self, turns):
        asked.append(list(turns))
        raise KeyboardInterrupt

    monkeypatch.setattr(Answerer, "ask", ask)
    session(small_library, "云溪镇2025年GDP目标是多少", "那石渡镇呢")
    assert asked == [["云溪镇2025年GDP目标是多少"], ["那石渡镇呢"]]


def test_ctrl_c_at_the_prompt_does_not_end_the_console(small_library: Library):
    assert session(small_library, KeyboardInterrupt(), "/nothing") == "没有 /nothing 这个命令。输入 /help 看全部命令。\n"


@pytest.mark.parametrize("line", ["[bold]云溪镇[/bold]2025年GDP目标", "/[red]", "/show [/]"])
def test_what_looks_like_markup_is_only_text(small_library: Library, line):
    assert session(small_library, line)


def test_the_answering_words_are_emphasised(small_library: Library):
    out = io.StringIO()
    terminal = Console(file=out, width=100, force_terminal=True, color_system="standard", legacy_windows=False)
    run_console(small_library, terminal, reader(("石渡镇2025年GDP目标是多少",)))
    assert "\x1b[1;7m5.5％左右\x1b[0m" in out.getvalue()
