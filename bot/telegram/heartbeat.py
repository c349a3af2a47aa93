"""Ends the process where none of its threads gets on any more.

One call can hold the interpreter for ever; no signal is heard then, and no code of ours runs. faulthandler's own thread
needs no interpreter. It writes where the threads are, and ends the process with a failure, after which systemd and Docker
start it again.
"""

from __future__ import annotations

import asyncio
import faulthandler
import sys

SILENT_SECONDS = 60.0
_BEAT_SECONDS = 5.0


async def beat() -> None:
    """Says again and again that the event loop runs; from the first time on it has to."""
    if sys.__stderr__ is None:
        return
    try:
        while True:
            faulthandler.dump_traceback_later(SILENT_SECONDS, exit=True, file=sys.__stderr__)
            await asyncio.sleep(min(_BEAT_SECONDS, SILENT_SECONDS / 3))
    finally:
        faulthandler.cancel_dump_traceback_later()
