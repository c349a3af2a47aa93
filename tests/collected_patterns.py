"""Every regular expression of ``retrieval`` and ``bot``: those that modules hold, and those written where they are used."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import bot
import retrieval

_FUNCTIONS = {"compile": 2, "search": 3, "match": 3, "fullmatch": 3, "split": 4, "findall": 3, "finditer": 3, "sub": 5, "subn": 5}
_REGISTER = "COMPILED"  # of retrieval.language.patterns: all in it are held by the modules that use them, by names of their own
_NOT_IMPORTED = {"bot.__main__", "retrieval.reading.child"}  # they begin to work when they are imported


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and how it is used: begun anywhere in a text, required to reach its end."""

    pattern: str
    flags: int
    where: str
    anywhere: bool
    whole: bool


@dataclass(frozen=True)
class Unresolved:
    """A pattern that is made of what only a call knows: where it stands, as it is written."""

    where: str
    written: str


def modules() -> list[ModuleType]:
    """All modules of both packages, wherever they lie."""
    names = [
        one.name
        for package in (bot, retrieval)
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if one.name not in _NOT_IMPORTED
    ]
    return [bot, retrieval, *map(importlib.import_module, names)]


def collected() -> tuple[list[Found], list[Unresolved]]:
    """All patterns, each once, and the calls of ``re`` whose pattern is not known before they are made."""
    found: dict[tuple[object, ...], Found] = {}
    unresolved: list[Unresolved] = []
    trees = {module: ast.parse(inspect.getsource(module)) for module in modules()}
    uses = _uses(trees.values())
    for module, tree in trees.items():
        held = [
            _used(pattern, f"{module.__name__}.{name}", uses.get(re.split(r"[.[]", name)[0], set()))
            for name, pattern in _held(module)
        ]
        for one in (*held, *_written(module, tree)):
            if isinstance(one, Unresolved):
                unresolved.append(one)
            else:
                found.setdefault((one.pattern, one.flags, one.anywhere, one.whole), one)
    return list(found.values()), unresolved


def _used(pattern: re.Pattern[str], where: str, uses: set[str]) -> Found:
    return Found(pattern.pattern, pattern.flags, where, not uses or bool(uses - {"match", "fullmatch"}), "fullmatch" in uses)


def _held(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The compiled patterns that a module's names lead to, through containers, classes and their instances."""
    seen: set[int] = set()
    for name, value in vars(module).items():
        if not name.startswith("__") and name != _REGISTER:
            yield from _inside(name, value, module.__name__, seen)


def _inside(name: str, value: Any, module: str, seen: set[int]) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield name, value
        return
    if id(value) in seen or isinstance(value, (str, bytes, int, float, ModuleType)):
        return
    seen.add(id(value))
    if isinstance(value, dict):
        parts: Any = [(f"{name}[{key!r}]", part) for pair in value.items() for key, part in ((pair[0], pair[0]), pair)]
    elif isinstance(value, (tuple, list, set, frozenset)):
        parts = [(f"{name}[{position}]", part) for position, part in enumerate(value)]
    elif (isinstance(value, type) and value.__module__ == module) or type(value).__module__ == module:
        parts = [(f"{name}.{key}", part) for key, part in getattr(value, "__dict__", {}).items()]
    else:
        return
    for name_of_part, part in parts:
        yield from _inside(name_of_part, part, module, seen)


def _uses(trees: Iterable[ast.AST]) -> dict[str, set[str]]:
    """How each name is used as a pattern; a name that is handed on counts as searched with."""
    found: dict[str, set[str]] = {}
    for tree in trees:
        called: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in _FUNCTIONS:
                for name in ast.walk(node.value):
                    if isinstance(name, ast.Name):
                        called.add(id(name))
                        found.setdefault(name.id, set()).add(node.attr)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
                found.setdefault(node.id, set()).add("search")
    return found


def _written(module: ModuleType, tree: ast.AST) -> Iterator[Found | Unresolved]:
    """The patterns in calls of ``re``, worked out from what the module knows by its names."""
    in_functions = {id(part) for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) for part in ast.walk(one)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "re"):
            continue
        name = node.func.attr
        if name not in _FUNCTIONS or not node.args or (name == "compile" and id(node) not in in_functions):
            continue  # what a module compiles is held by one of its names
        where = f"{module.__name__}:{node.lineno}"
        given = {word.arg: word.value for word in node.keywords}.get("flags")
        if len(node.args) == _FUNCTIONS[name]:
            given = node.args[-1]
        try:
            pattern, flags = _value(node.args[0], module), int(_value(given, module)) if given is not None else 0
        except NameError:
            yield Unresolved(where, ast.unparse(node.args[0]))
            continue
        if isinstance(pattern, str):
            yield _used(re.compile(pattern, flags), where, {name})


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), "<pattern>", "eval"), vars(module))
