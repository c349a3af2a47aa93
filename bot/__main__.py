"""The main job, as ``make run`` starts it: the console over the library, or the Telegram bot when a token is set.

With arguments it is the command ``reportbot``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.cli import main
from bot.settings import load_settings
from retrieval.errors import ReportBotError

SAMPLES = Path(__file__).parent.parent / "data" / "samples"


def arguments() -> list[list[str]]:
    """The commands to run one after the other; the sample reports come first into a library that isn't there yet."""
    settings = load_settings()
    first = [] if (settings.library / "library.db").exists() else [["add", str(SAMPLES)]]
    return [*first, ["run" if settings.telegram_bot_token else "console"]]


if __name__ == "__main__":
    try:
        steps = [sys.argv[1:]] if sys.argv[1:] else arguments()
    except ReportBotError as error:
        raise SystemExit(error.user_message) from None
    for step in steps:
        status = main(step)
        if status:
            raise SystemExit(status)
