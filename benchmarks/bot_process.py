"""The bot as a process for ``serving``: without outgoing limits, and with a watch on its event loop.

Prints, when it is stopped, a JSON object: the longest and the 99th percentile of the times, in ms, that a task which
wants to run every 5 ms had to wait longer than that.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from benchmarks.tables import percentile
from bot.settings import load_settings
from bot.telegram.application import build_application
from bot.telegram.running import serve
from retrieval.embedding import open_embedder
from retrieval.library import Library

_EVERY = 0.005


async def _watched(library: Library) -> list[float]:
    settings = load_settings()
    application = build_application(settings, library, outgoing_limits=False)
    late: list[float] = []

    async def watch() -> None:
        while not application.running:  # until then nobody is served
            await asyncio.sleep(_EVERY)
        while True:
            started = time.perf_counter()
            await asyncio.sleep(_EVERY)
            late.append(1000 * (time.perf_counter() - started - _EVERY))

    task = asyncio.get_running_loop().create_task(watch())
    await serve(application, settings)
    task.cancel()
    return late


def main() -> None:
    settings = load_settings()
    library = Library.open(Path(sys.argv[1]), open_embedder(settings.embedding_model))
    late = asyncio.run(_watched(library))
    library.close()
    print(json.dumps({"longest": max(late), "p99": percentile(late, 0.99)}))


if __name__ == "__main__":
    main()
