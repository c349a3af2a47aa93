"""A question is read once: behind its reader nobody searches its words; they are only compared for similarity."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ANSWERS = Path(__file__).parent.parent / "retrieval" / "answers"
WORDS = {"wording", "text"}  # of a Part, a Wanted or a Query
OWNERS = {"part", "query", "wanted"}
# What compares words, and what hands them on to it: nothing is decided by which words they are.
COMPARING = {"search", "bare", ".embed_query", "Wanted", "wanted_of", "replace", "lexical_query"}
# `x in wanted.wording` for words of the report: how much of them the question has.
SIMILARITY = {("facets.py", "_wording"), ("choice.py", "_sibling_named")}


def is_words(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Attribute) and node.attr in WORDS):
        return False
    owner = node.value
    return (owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else "") in OWNERS


def uses(path: Path) -> Iterator[tuple[str, int, ast.AST | None]]:
    """Where the words of a question are used: in which function, on which line, and by what."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        parents = {child: parent for parent in ast.walk(function) for child in ast.iter_child_nodes(parent)}
        for node in ast.walk(function):
            if is_words(node):
                parent = parents[node]
                while isinstance(parent, ast.keyword | ast.BoolOp | ast.IfExp):
                    parent = parents[parent]
                yield function.name, node.lineno, parent


def called(node: ast.AST | None) -> str:
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return f".{node.func.attr}"
    return node.func.id if isinstance(node.func, ast.Name) else ""


def problems(path: Path) -> list[str]:
    return [
        f"{path.name}:{line} in {function}"
        for function, line, by in uses(path)
        if called(by) not in COMPARING and not isinstance(by, ast.Assign) and (path.name, function) not in SIMILARITY
    ]


@pytest.mark.parametrize("path", sorted(ANSWERS.rglob("*.py")), ids=lambda path: path.name)
def test_no_module_decides_by_the_words_of_a_question(path: Path):
    assert problems(path) == []


def test_the_check_finds_a_search(tmp_path: Path):
    guilty = tmp_path / "guilty.py"
    guilty.write_text("def choose(part):\n    return _ADDED.search(part.wording) or '新增' in part.wording\n")
    assert len(problems(guilty)) == 2
