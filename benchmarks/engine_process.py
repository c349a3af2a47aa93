"""One embedding engine in a process of its own, for ``engine``: ``python -m benchmarks.engine_process KIND FOLDER``.

KIND is ``bundled``, ``four-bit``, ``torch`` or ``products``. A line of JSON is a request ``[NAME, ARGUMENT]``, answered by a line:
``passages`` and ``queries`` by seconds, ``vectors`` by vectors, ``memory`` by MB. The first line comes after the first text.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

_PAUSE = 0.02  # between queries: a question finds the processor's caches used by others, and no thread spinning


def main() -> None:
    """Serves until standard input ends. Only the engine asked for is imported."""
    told = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no answer
    kind, folder = sys.argv[1], Path(sys.argv[2])
    engine = _engine(kind, folder)
    engine.embed_query("经济")
    _answer(told, _resident())
    for line in sys.stdin:
        name, argument = json.loads(line)
        _answer(told, _reply(engine, name, argument))


def _answer(told: Any, value: Any) -> None:
    told.write(json.dumps(value) + "\n")
    told.flush()


def _reply(engine: Any, name: str, argument: list[str]) -> Any:
    if name == "passages":
        started = time.perf_counter()
        engine.embed_passages(argument)
        return time.perf_counter() - started
    if name == "queries":
        return [_query(engine, text) for text in argument]
    if name == "vectors":
        return engine.embed_passages(argument).tolist()
    return _resident()


def _query(engine: Any, text: str) -> float:
    time.sleep(_PAUSE)
    started = time.perf_counter()
    engine.embed_query(text)
    return time.perf_counter() - started


def _engine(kind: str, folder: Path) -> Any:
    if kind == "four-bit":
        from retrieval.embedding.four_bit_engine import FourBitEmbedder

        return FourBitEmbedder()
    if kind == "torch":
        from retrieval.embedding.sentence_transformer_engine import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(str(folder))
    from retrieval.embedding.embedder import BundledEmbedder

    bundled = BundledEmbedder()
    if kind == "bundled":
        return bundled
    from benchmarks.engine_models import Products

    return Products(bundled.engine)  # type: ignore[arg-type]


def _resident() -> float | None:
    """The memory of this process, in MB; None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
