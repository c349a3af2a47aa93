"""The commands as a terminal starts them: wrong usage, odd input, and what is not done in vain."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import invented
import pytest

from bot.cli import main
from bot.commands import shared
from retrieval.answers.answerer import Answerer
from retrieval.messages import message


@pytest.fixture
def folder(tmp_path: Path, monkeypatch, capsysbinary) -> Path:
    """A library with one report, in the folder that the commands are run in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "云溪镇.txt").write_text(invented.YUNXI, encoding="utf-8")
    assert main(["add", "云溪镇.txt"]) == 0
    capsysbinary.readouterr()
    return tmp_path


def batch(lines: bytes, monkeypatch, capsysbinary) -> list[dict]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    assert main(["batch"]) == 0
    return [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]


def test_a_question_that_fails_in_an_unforeseen_way_does_not_end_a_batch(folder, monkeypatch, capsysbinary):
    answered = Answerer.ask

    def ask(self, turns, *more):
        if turns == ["坏"]:
            raise IndexError
        return answered(self, turns, *more)

    monkeypatch.setattr(Answerer, "ask", ask)
    lines = [{"id": 1, "turns": ["坏"]}, {"id": 2, "turns": ["云溪镇2025年GDP目标是多少"]}]
    replies = batch("\n".join(json.dumps(line) for line in lines).encode(), monkeypatch, capsysbinary)
    assert [(reply["id"], reply["status"]) for reply in replies] == [(1, "not_found"), (2, "answered")]
    assert "事件号" in replies[0]["error"]
    assert replies[0]["quotes"] == []


def test_no_line_ends_a_batch(folder, monkeypatch, capsysbinary):
    lines = [rb'{"id": "\ud800", "turns": ["\ud800"]}', b"[" * 100_000, b"\xff", b'{"id": 9, "turns": ["x"]}']
    replies = batch(b"\n".join(lines), monkeypatch, capsysbinary)
    assert [reply["id"] for reply in replies] == ["?", None, None, 9]


def test_no_model_is_loaded_where_there_is_no_library(tmp_path: Path, monkeypatch, capsys):
    ahead = []
    opened = shared.open_embedder

    def watched(*arguments, **options):
        ahead.append(options["ahead"])
        return opened(*arguments)

    monkeypatch.setattr(shared, "open_embedder", watched)
    assert main(["ask", "x", "--library", str(tmp_path / "none")]) == 1
    assert "没有报告库" in capsys.readouterr().err
    assert ahead == [False]


def test_without_a_command_the_commands_are_told(capsys):
    assert main([]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("用法：reportbot")
    assert "rebuild" in told.err


@pytest.mark.parametrize("command", [[], ["ask"], ["model"], ["model", "build"], ["restore"]])
def test_help_pages_have_no_english_words_of_the_command_line_library(command, capsys):
    for name in ("-h", "--help"):
        assert main([*command, name]) == 0
        told = capsys.readouterr().out
        assert told.startswith(f"用法：{' '.join(['reportbot', *command])} ")
        assert not {"Usage", "Options", "Commands", "OPTIONS", "COMMAND", "ARGS", "Show"} & set(re.findall(r"[A-Za-z]+", told))
        assert told.count("--help") == 1


def test_a_wrong_value_is_named_as_the_help_names_it(capsys):
    assert main(["show", "abc"]) == 2
    assert "参数 ID 的值不对" in capsys.readouterr().err
    assert main(["figures", "--year", "abc"]) == 2
    assert "参数 --year 的值不对" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"reportbot {metadata.version('reportbot')}\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["text", "1"]])
def test_a_full_disk_behind_standard_output_is_one_sentence(folder, arguments):
    command = [sys.executable, "-m", "bot.cli", *arguments, "--library", str(folder / "data" / "library")]
    root = Path(__file__).parents[2]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, cwd=root, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (1, message("console.output_full") + "\n")


def test_the_package_runs_a_command_that_it_is_given(tmp_path):
    told = subprocess.run(
        [sys.executable, "-m", "bot", "list", "--library", str(tmp_path / "none")], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert "没有报告库" in told.stderr
    assert not told.stdout
