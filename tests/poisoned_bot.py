"""``reportbot`` with a fault: while there is a file ``poison``, a message with 毒 in it does to the process what the file says."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path
from typing import Any

from bot.cli import main
from bot.conversation import deadlines, services
from bot.telegram import application, heartbeat
from bot.telegram.services import services_of

POISON = "毒"
WAYS = {
    "exits": lambda: os._exit(3),
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "never returns": lambda: time.sleep(10**6),
    "hangs": lambda: re.match(r"(?:并且?|且)+x", "并且" * 60),  # holds the interpreter
}
_answer = application.on_question


async def _answer_or_end(update: Any, context: Any) -> None:
    poison = Path("poison")
    if poison.exists() and POISON in (update.effective_message.text or ""):
        way = poison.read_text()
        if way == "never returns":  # in the thread that answers
            await services_of(context).answered(WAYS[way])
        WAYS[way]()
    await _answer(update, context)


if __name__ == "__main__":
    application.on_question = _answer_or_end
    heartbeat.SILENT_SECONDS = 3.0
    services.ANSWER_SECONDS = deadlines.STOP_SECONDS = 2.0
    main()
