"""Opens what ``peers`` built, answers one question, and prints, as JSON, the seconds and the memory in MB that took.

Arguments: the folder, the name of the peer ("" for the library), and a file with the question, its vector, and the engine's
fingerprint. The vector is given, so that no embedding model is in what is measured.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.memory import memory_of


def main() -> None:
    folder, name, file = sys.argv[1:]
    given = json.loads(Path(file).read_text(encoding="utf-8"))
    before, started = memory_of().now, time.perf_counter()
    held = _peer(Path(folder), name, given) if name else _library(Path(folder), given)
    print(json.dumps([time.perf_counter() - started, memory_of().now - before]))
    del held  # until here, so that its memory is counted


def _peer(folder: Path, name: str, given: dict[str, Any]) -> object:
    import numpy as np

    from benchmarks.peer_engines import PEERS

    engine = PEERS[name]()
    engine.open(folder)
    engine.find(given["question"], np.array(given["vector"], np.float32), None, 10)
    return engine


def _library(folder: Path, given: dict[str, Any]) -> object:
    import numpy as np

    from benchmarks.stopwatch import GivenVectors
    from retrieval.answers.answerer import Answerer
    from retrieval.library import Library

    library = Library.open(folder, GivenVectors(given["fingerprint"], {}, np.array(given["vector"], np.float32)))
    Answerer(library).ask([given["question"]])
    return library


if __name__ == "__main__":
    main()
