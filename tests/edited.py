"""A copy of the package whose files may be edited: what a library answers after a line of its language data is another one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
IN_THE_LIBRARY = """
import json, sys
from pathlib import Path
from invented import CountingEmbedder
from retrieval.answers.answerer import Answerer
from retrieval.library import Library
library = Library.open(Path(sys.argv[1]), CountingEmbedder())
left = library.store.reader.read_otherwise()
replies = [Answerer(library).ask([question]) for question in sys.argv[2:]]
print(json.dumps([left, [f"{reply.status} {reply.answer}" for reply in replies]]))
library.close()
"""


def told(reply: str, value: str) -> bool:
    """Whether a question was answered with a value."""
    return reply.startswith("answered") and value in reply.split("\n")[0]


class Edited:
    """A copy of the package; questions are asked in a process of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        shutil.copytree(ROOT / "retrieval", folder / "retrieval", ignore=shutil.ignore_patterns("__pycache__"))

    def append(self, name: str, text: str) -> None:
        self.replace(f"lexicon/{name}", "", text)

    def replace(self, name: str, old: str, new: str) -> None:
        """In a file of ``language``; an empty ``old`` is its end."""
        path = self._folder / "retrieval" / "language" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    def ask(self, library: Path, *questions: str) -> tuple[list[int], list[str]]:
        """The reports whose figures are still the old ones, and the status and the text of each reply."""
        environment = os.environ | {"PYTHONPATH": f"{self._folder}{os.pathsep}{ROOT / 'tests'}"}
        command = [sys.executable, "-c", IN_THE_LIBRARY, str(library), *questions]
        run = subprocess.run(command, env=environment, cwd=self._folder, capture_output=True, check=True, timeout=120)
        left, replies = json.loads(run.stdout)
        return left, replies
