"""The patterns that texts are read with are data: each is found in its own examples, used by the code, and tried in order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from retrieval.figures import measures
from retrieval.language import patterns
from retrieval.question import aims, facts, mentions, parsing, selections, times
from retrieval.report import outline

ROOT = Path(__file__).parent.parent
READERS = {"pattern", "pattern_group", "fragment", "word_list"}  # the functions that read from the files


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    """The syntax trees of the modules that read patterns, by name."""
    paths = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (ROOT / "retrieval").rglob("*.py")}
    del paths[patterns.__name__]
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in paths.items()}
    return {name: tree for name, tree in trees.items() if any(True for _ in calls(tree))}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """The calls of the functions that read from the files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS:
            yield node.func.id, node


def asked_for(function: str) -> set[str]:
    """What the code asks for by its name."""
    return {
        call.args[0].value
        for tree in modules().values()
        for called, call in calls(tree)
        if called == function and isinstance(call.args[0], ast.Constant)
    }


GROUPS = asked_for("pattern_group")  # whose patterns are known by the file alone
FILES = sorted({name.partition(".")[0] for name in asked_for("pattern") | GROUPS})
TABLES: dict[str, dict[str, Any]] = {name: table for file in FILES for name, table in patterns.tables(file)}


@lru_cache(maxsize=1)
def compiled() -> dict[str, re.Pattern[str]]:
    for name in modules():
        import_module(name)
    return patterns.COMPILED


@pytest.mark.parametrize("name", TABLES)
def test_a_pattern_is_found_in_its_examples_alone(name: str):
    table, pattern = TABLES[name], compiled()[name]
    found = {"start": pattern.match, "whole": pattern.fullmatch}.get(table.get("at", ""), pattern.search)
    assert [text for text in table["yes"] if not found(text)] == []
    assert [text for text in table["no"] if found(text)] == []


@pytest.mark.parametrize("name", TABLES)
def test_a_pattern_says_what_it_is_for(name: str):
    table = TABLES[name]
    assert table.keys() <= {"about", "pattern", "words", "flags", "at", "yes", "no"}
    assert table["about"]
    assert len(table["yes"]) >= 2
    assert len(table["no"]) >= 2
    assert ("pattern" in table) != ("words" in table)
    assert table.get("at", "start") in ("start", "whole")
    assert [word for word in table.get("words", ()) if re.escape(word) != word] == []


@pytest.mark.parametrize("file", FILES)
def test_examples_are_one_line(file: str):
    """They are cut out by lines where patterns are only used."""
    whole = dict(patterns.tables(file))
    for group, used in patterns._file(file).items():
        for name, table in used.items() if group not in patterns._NO_PATTERNS else ():
            examples = {key: value for key, value in whole[f"{file}.{group}.{name}"].items() if key not in table}
            assert examples.keys() == {"about", "yes", "no"}


def test_all_patterns_of_the_files_are_used_and_no_others():
    grouped = {name for name in TABLES if name.rpartition(".")[0] in GROUPS}
    assert grouped.isdisjoint(asked_for("pattern"))
    assert asked_for("pattern") | grouped == TABLES.keys()


def test_all_lists_are_used_and_no_others():
    lists = {f"{file}.{name}" for file in FILES for name in patterns._file(file).get("lists", ())}
    assert asked_for("word_list") == lists


def test_all_pieces_are_used():
    for file in FILES:
        tables = patterns._file(file)
        pieces = tables.get("fragments", {})
        written = [*pieces.values(), *(table.get("pattern", "") for _, table in patterns.tables(file))]
        used = {name for text in written for name in patterns._PIECE.findall(text)}
        by_code = {name.partition(".")[2] for name in asked_for("fragment") if name.startswith(f"{file}.")}
        assert pieces.keys() <= used | by_code, file


def test_patterns_are_compiled_when_their_module_is():
    """Where they are constants of a module, all of them can be found and proved."""
    late = [
        f"{name}: {ast.unparse(call)}"
        for name, tree in modules().items()
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for _, call in calls(function)
    ]
    assert late == []


def test_names_are_written_out():
    assert [
        name for name, tree in modules().items() for _, call in calls(tree) if not isinstance(call.args[0], ast.Constant)
    ] == []


def test_ends_of_lines_are_no_part_of_a_pattern():
    assert patterns._filled("\n甲|乙\n  |{two}丁", {"two": "丙{2}"}) == "甲|乙|丙{2}丁"
    with pytest.raises(KeyError):
        patterns._filled("{unknown}", {})


# -- where the first that is found counts ------------------------------------------------------------------------------------


def test_the_order_of_rules():
    assert [name for name, _ in times._RELATIVE] == ["before_last", "last", "this", "after_next", "next"]
    assert [*aims._MEASURES] == ["rank", "relative", "completion", "share"]
    assert [*measures._BY_WORDS] == ["completion", "share", "relative"]
    assert [name for name, _ in facts._FACTS] == ["meeting", "delivered_on", "speaker", "source", "title", "years"]
    assert [name for name, _ in parsing._LEVELS_NAMED] == ["省", "乡镇", "区县"]
    bounds = [relation for relation, _ in selections._BOUNDS]
    assert bounds == ["at_least", "at_most", "above", "below", "at_least", "equal"]
    assert [name for name, _ in selections._COMPUTED] == ["difference", "average", "median", "sum"]
    markers = [marker for _, marker in outline._MARKERS]
    assert names(markers) == [f"heading.{name}" for name in ("chapter", "in_brackets", "ordinal", "digits", "dash", "one_is")]
    assert names(mentions._FRAMES) == ["frame.listing", "frame.all", "frame.report", "frame.of_places"]


def names(rules: Sequence[re.Pattern[str]]) -> list[str]:
    """The names of patterns, without that of their file."""
    by_pattern = {id(pattern): name.partition(".")[2] for name, pattern in compiled().items()}
    return [by_pattern[id(rule)] for rule in rules]
