"""The catalogue: every key used is there, every key there is used, every placeholder is filled."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import get_args

import pytest
from invented import report

from bot import wording
from bot.console import COMMANDS
from retrieval import errors, models
from retrieval.ingest.adding import Outcome
from retrieval.ingest.understanding import CORRECTABLE
from retrieval.language.measures import MEASURES
from retrieval.messages import language_of, message, speaking
from retrieval.question import query
from retrieval.reading.kinds import _OTHER_MEMBERS, _OTHER_SUFFIXES, _OTHERS
from retrieval.report import lines
from retrieval.report.cleaning import _COMPILED, _MARKED

ROOT = Path(__file__).parent.parent


def texts_in(package: str, language: str) -> dict[str, str]:
    """The texts of a package by key."""
    tree = tomllib.loads((ROOT / package / "locale" / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{group}.{key}": text for group, texts in tree.items() for key, text in texts.items()}


LIBRARY, FRONT_ENDS = texts_in("retrieval", "zh"), texts_in("bot", "zh")
CATALOGUE = LIBRARY | FRONT_ENDS
GROUPS = {key.split(".")[0] for key in CATALOGUE}
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8")) for folder in ("bot", "retrieval") for path in (ROOT / folder).rglob("*.py")
}


def keys_in(tree: ast.AST) -> set[str]:
    """The keys that a module spells out, and those that its failures are named by."""
    inside_joined = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    failures = {
        f"errors.{re.sub('(?<!^)(?=[A-Z])', '_', node.name).lower()}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & {"ReportBotError", "OperatorError"}
    }
    return (failures - {"errors.operator_error"}) | {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in inside_joined
        and re.fullmatch(rf"(?:{'|'.join(GROUPS)})\.[a-z_]+", node.value)
    }


def families_in(tree: ast.AST) -> set[str]:
    """The beginnings of keys that a module completes with a value: ``fields.`` of f"fields.{name}"."""
    starts = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value)
            if re.fullmatch(rf"(?:{'|'.join(GROUPS)})\.[a-z_]*", start):
                starts.add(start)
    return starts


TEMPLATES = {path: path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "web" / "templates").glob("*.html")}
# In a template: t("web.name"), t('web.name'), t("removals." ~ kind), t("web.go_on" if reply else "web.your_question").
_IN_TEMPLATE = re.compile(rf"""["']((?:{"|".join(GROUPS)})\.[a-z_]+)["'](?!\s*~)""")
_FAMILY_IN_TEMPLATE = re.compile(rf"""["']((?:{"|".join(GROUPS)})\.[a-z_]*)["']\s*~""")
SPELT = {key for tree in TREES.values() for key in keys_in(tree)} | {
    key for text in TEMPLATES.values() for key in _IN_TEMPLATE.findall(text)
}
FAMILIES = {start for tree in TREES.values() for start in families_in(tree)} | {
    start for text in TEMPLATES.values() for start in _FAMILY_IN_TEMPLATE.findall(text)
}
OF_LIBRARY = [tree for path, tree in TREES.items() if path.is_relative_to(ROOT / "retrieval")]


def test_the_scan_finds_keys():
    assert len(SPELT) > 60
    assert {"web.your_question", "web.go_on", "buttons.passage"} <= SPELT
    assert "web.language_" in FAMILIES
    assert {"fields.", "removals.", "outcomes."} <= FAMILIES


def test_every_key_that_is_used_is_in_the_catalogue():
    assert sorted(SPELT - set(CATALOGUE)) == []


def test_every_family_that_is_used_has_keys():
    assert [start for start in FAMILIES if not any(key.startswith(start) for key in CATALOGUE)] == []


def test_every_key_of_the_catalogue_is_used():
    assert [key for key in CATALOGUE if key not in SPELT and not any(key.startswith(start) for start in FAMILIES)] == []


def test_what_only_front_ends_say_stands_with_them_and_nothing_else_does():
    spelt = {key for tree in OF_LIBRARY for key in keys_in(tree)}
    families = tuple(start for tree in OF_LIBRARY for start in families_in(tree))
    said = {key for key in CATALOGUE if key in spelt or key.startswith(families)}
    assert said == set(LIBRARY)
    assert set(LIBRARY).isdisjoint(FRONT_ENDS)


def test_the_library_says_its_texts_without_a_front_end():
    code = "from retrieval.messages import message; print(message('kinds.target')); message('buttons.add')"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == CATALOGUE["kinds.target"]
    assert "KeyError: 'buttons.add'" in run.stderr


def test_worker_threads_and_processes_know_all_texts():
    elsewhere = replace(report(), place="石渡镇")
    with ThreadPoolExecutor(1) as threads, ProcessPoolExecutor(1, get_context("spawn")) as processes:
        for executor in (threads, processes):
            assert executor.submit(wording.title_of, elsewhere).result() == "云溪镇政府工作报告（石渡镇）"


def of_group(group: str) -> set[str]:
    return {key.split(".", 1)[1] for key in CATALOGUE if key.startswith(f"{group}.")}


def test_the_keys_of_a_family_are_the_values_that_can_occur():
    assert of_group("removals") == {kind for kind, _ in (*_COMPILED, *_MARKED)} | set(models.LEFT_OUT_KINDS) | set(lines.KINDS)
    assert of_group("skipped") == set(models.SKIPPED)
    assert of_group("document_kinds") == set(get_args(models.DocumentKind))
    assert of_group("formats") == {*_OTHERS.values(), *_OTHER_SUFFIXES.values(), *(what for _, what in _OTHER_MEMBERS)}
    assert of_group("periods") == set(get_args(models.Period))
    assert of_group("kinds") == set(get_args(models.Kind))
    assert of_group("measures") == MEASURES.keys()
    assert of_group("console_commands") == {command.name for command in COMMANDS}
    assert of_group("outcomes") == {"added", "duplicate", "conflict", "refused"}
    assert "Literal['added', 'duplicate', 'conflict', 'refused']" in str(Outcome.__annotations__["outcome"]).replace('"', "'")


def test_the_fields_that_have_names_are_those_that_can_be_named():
    facts = set(get_args(query.Fact)) - {"years"}
    assert of_group("fields") == set(wording._FIELDS) | facts | {*CORRECTABLE, "kind", "source", "file", "passages"}
    assert {f"fact_{fact}" for fact in facts} <= of_group("answers")


def all_errors() -> list[type[errors.ReportBotError]]:
    found, todo = [], [errors.ReportBotError]
    while todo:
        todo += (below := todo.pop().__subclasses__())
        found += below
    return [one for one in found if one.__module__.startswith(("bot", "retrieval")) and one is not errors.OperatorError]


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: error.__name__)
def test_every_failure_has_its_own_sentence(error):
    assert error.key in CATALOGUE
    assert error.key.startswith("errors.")
    assert [other for other in all_errors() if other.key == error.key] == [error]
    assert error.__doc__


@pytest.mark.parametrize("error", [one for one in all_errors() if issubclass(one, errors.OperatorError)])
def test_what_is_said_to_everybody_names_nothing_of_the_machine(error):
    assert placeholders(CATALOGUE[error.neutral_key]) == set()


def placeholders(text: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def named_calls() -> list[tuple[str, str, set[str]]]:
    """(where, key, keywords) of each call of message() with a key spelt out, and of each failure raised."""
    keys = {one.__name__: one.key for one in all_errors()}
    found = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or any(k.arg is None for k in node.keywords):
                continue
            keywords = {str(keyword.arg) for keyword in node.keywords}
            where = f"{path.name}:{node.lineno}"
            if node.func.id == "message" and node.args and isinstance(node.args[0], ast.Constant):
                found.append((where, str(node.args[0].value), keywords))
            elif node.func.id in keys:
                found.append((where, keys[node.func.id], keywords))
    return found


@pytest.mark.parametrize("where, key, keywords", named_calls())
def test_every_placeholder_is_filled(where, key, keywords):
    assert placeholders(CATALOGUE[key]) <= keywords, f"{where}: {key}"


def test_a_text_without_values_shows_its_braces_once():
    shown = message("console.invalid_line")
    assert '{"id"' in shown
    assert "{{" not in shown


ENGLISH = texts_in("retrieval", "en") | texts_in("bot", "en")
# What only the command line shows, and questions, which are asked in Chinese in any language.
CHINESE_ONLY = {"verify", "examined", "doctor", "outcomes", "columns", "console", "console_commands", "usage", "help", "examples"}


def test_all_that_the_bot_shows_is_there_in_english():
    assert [key for key in CATALOGUE if key not in ENGLISH and key.split(".")[0] not in CHINESE_ONLY] == []


@pytest.mark.parametrize("key", ENGLISH)
def test_an_english_text_takes_the_same_values(key):
    assert placeholders(ENGLISH[key]) == placeholders(CATALOGUE[key])


def test_the_language_is_that_of_the_client():
    assert [language_of(code) for code in ("en", "en-GB", "EN", "zh-hans", "ru", None)] == ["en", "en", "en", "zh", "zh", "zh"]
    with speaking("en"):
        assert message("buttons.cancel") == "Cancel"
        assert message("console.bye") == "再见。"
    assert message("buttons.cancel") == "取消"


def test_an_unknown_key_fails():
    with pytest.raises(KeyError):
        message("errors.no_such_key")


def test_an_error_carries_its_sentence():
    error = errors.MissingPath(path="/no/where")
    assert error.user_message == str(error) == "找不到 /no/where。请检查路径是否写对。"
