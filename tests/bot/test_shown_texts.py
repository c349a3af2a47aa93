"""Texts of a hostile report, wherever they are shown: nothing turns, hides, commands, or is taken for markup."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import pytest
from telegram_kit import TOKEN, Person, Session

from bot.cli import main
from bot.commands import shared
from bot.console import Session as ConsoleSession
from bot.exports import csv_table, xlsx_table
from bot.settings import settings_from
from bot.terminal import Terminal
from retrieval.library import Library
from retrieval.messages import message
from retrieval.search.figure_lookup import FigureQuery, select_figures

HOSTILE = """[/red]青禾镇2025年政府工作报告
一、2024年工作回顾
2024年，全镇粮食产量达到\u202e%1.56\u202c万吨，\x9b31m完成固定资产投资6\u0336.5亿元，[bold red]财政收入增长12.5%[/bold red]。
二、2025年工作安排
2025年主要预期目标是：地区生产总值增长7.5%左右，\u2066新建农村公路23公里\u2069。
"""
QUESTIONS = (
    "青禾镇2025年地区生产总值增长目标是多少",
    "青禾镇2025年新建农村公路多少公里",
    "青禾镇2024年财政收入增长多少",
    "青禾镇",
)


@pytest.fixture
def hostile(empty_library: Library, tmp_path: Path) -> Library:
    path = tmp_path / "青禾镇2025年政府工作报告.txt"
    path.write_text(HOSTILE, encoding="utf-8")
    (outcome,) = empty_library.add([path], {"place": "青禾镇", "title": "\u202e[/bold]青禾镇\x1b[31m2025年政府工作报告"})
    assert outcome.outcome == "added"
    other = tmp_path / "b.txt"
    other.write_text(HOSTILE.replace("青禾镇", "白石镇"), encoding="utf-8")
    assert [one.outcome for one in empty_library.add([other], {"place": "[/red]白\u2067石\x9b镇"})] == ["added"]
    return empty_library


def unseen(text: str) -> set[str]:
    """Characters that no text that is shown may have."""
    found = {char for char in text if unicodedata.category(char) in ("Cc", "Cf") and char not in "\n\t\r"}
    return found | ({"\u0336"} & {*text})


@pytest.mark.parametrize(
    "line", [*QUESTIONS, "/reports", "/show 1", "/figures 青禾镇", "/source 1", "/figures [/red]白", "/nothing[/red]"]
)
def test_the_console(hostile: Library, line: str):
    out = io.StringIO()
    session = ConsoleSession(hostile, Terminal(file=out, width=200, force_terminal=False))
    session.handle(QUESTIONS[1])
    session.handle(line)
    assert unseen(out.getvalue()) == set()


def test_a_quote_with_unseen_characters_is_marked_and_its_offsets_are_true(hostile: Library):
    out = io.StringIO()
    session = ConsoleSession(hostile, Terminal(file=out, width=200))
    session.handle(QUESTIONS[1])
    assert message("console.hidden") == "含不可见字符"
    assert "含不可见字符" in out.getvalue()
    assert session.last is not None
    for quote in session.last.quotes:
        assert hostile.text(quote.report.id)[quote.start : quote.end] == quote.text


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["ask", QUESTIONS[1]], ["search", "公路"], ["figures"]])
@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_line(hostile: Library, capfd, monkeypatch, command: list[str], as_json: bool):
    monkeypatch.setattr(shared, "open_embedder", lambda *_, **__: hostile.embedder)
    assert main([*command, *(["--json"] if as_json else []), "--library", str(hostile.folder)]) == 0
    out = capfd.readouterr().out
    assert unseen(out) == set()
    if as_json:
        assert "\u202e" in json.dumps(json.loads(out), ensure_ascii=False)  # the program that reads it has the text as it is


def test_the_text_alone_is_as_it_is_where_a_program_reads_it(hostile: Library, capfd):
    assert main(["text", "1", "--library", str(hostile.folder)]) == 0
    assert capfd.readouterr().out == hostile.text(1)


def test_telegram(hostile: Library):
    with Session(hostile, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "9"})) as session:
        asker = Person(5, "张\u202e三")
        sent = [one for question in QUESTIONS for one in session.say(asker, question)]
        sent += session.say(asker, "/reports") + session.say(asker, "/start") + session.inline(asker, QUESTIONS[1])
        for request in list(sent):
            for button in request.buttons.values():
                if "callback_data" in button:
                    sent += session.press(asker, button["callback_data"], 1001)
    written = json.dumps([one.parameters for one in sent], ensure_ascii=False)
    assert [one for one in sent if unseen(json.dumps(one.parameters, ensure_ascii=False))] == []
    assert "含不可见字符" in written
    assert "[/bold]" in written


def test_tables(hostile: Library):
    figures = select_figures(hostile, hostile.reports(), FigureQuery())
    assert figures
    assert unseen(csv_table(figures).decode("utf-8-sig")) == set()
    assert xlsx_table(figures)


@pytest.mark.parametrize(
    "title", ["=1+1", "＝1+1", " =1+1", "\u200b=1+1", '"=1+1', "-1", "+1", "@SUM(A1)", "\t=1", "\u3000＠x", "|calc", "'=1"]
)
def test_no_cell_begins_a_formula(empty_library: Library, tmp_path: Path, title: str):
    path = tmp_path / "a.txt"
    path.write_text(HOSTILE, encoding="utf-8")
    empty_library.add([path], {"title": title})
    figures = select_figures(empty_library, empty_library.reports(), FigureQuery())
    cells = [cell for row in csv.reader(io.StringIO(csv_table(figures).decode("utf-8-sig"))) for cell in row]
    assert not any(cell.lstrip(' \u3000"\ufffd').startswith(tuple("=+-@＝＋－＠\t|")) for cell in cells)
