"""The bot as a process for ``serving``: without outgoing limits, and with a watch on its event loop.

Prints, when it is stopped, a JSON list: how long, in ms, a task that wants to run every 5 ms had to wait longer than that,
each time with the moment (of the monotonic clock, which all processes share).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from bot.settings import load_settings
from bot.telegram.application import build_application
from bot.telegram.running import serve
from retrieval.embedding.embedder import open_embedder
from retrieval.library import Library

_EVERY = 0.005


async def _watched(library: Library) -> list[tuple[float, float]]:
    settings = load_settings()
    application = build_application(settings, library, outgoing_limits=False)
    late: list[tuple[float, float]] = []

    async def watch() -> None:
        while not application.running:  # until then nobody is served
            await asyncio.sleep(_EVERY)
        while True:
            started = time.monotonic()
            await asyncio.sleep(_EVERY)
            late.append((started, 1000 * (time.monotonic() - started - _EVERY)))

    task = asyncio.get_running_loop().create_task(watch())
    await serve(application, settings)
    task.cancel()
    return late


def main() -> None:
    settings = load_settings()
    library = Library.open(Path(sys.argv[1]), open_embedder(settings.embedding_model))
    late = asyncio.run(_watched(library))
    library.close()
    print(json.dumps(late))


if __name__ == "__main__":
    main()
