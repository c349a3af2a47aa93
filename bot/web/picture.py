"""An answer as a picture to share: 1200 by 630 pixels, with its first quote, the source and the address of the pages."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from bot import wording
from bot.chart_canvas import ACTUAL, FAINT, INK, PAPER, font_file, wrapped
from retrieval.language.hidden import visible
from retrieval.messages import message
from retrieval.replies import Reply

WIDTH, HEIGHT = 1200, 630
_MARGIN, _BAR = 64, 14
_QUESTION, _ANSWER, _QUOTE, _SOURCE = 34, 60, 32, 24  # pixels of their letters
_QUESTION_LINES, _ANSWER_LINES, _QUOTE_LINES, _SOURCE_LINES = 1, 2, 5, 1
_COLOURS = 32  # of letters on paper
_LINE = 1.45  # heights of its letters


def card_of(question: str, reply: Reply, address: str) -> bytes:
    """The picture as a PNG."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(picture)
    canvas.rectangle((0, 0, _BAR, HEIGHT), fill=ACTUAL)
    told, heading = wording.told(reply)
    at: float = _MARGIN - 10
    at = _written(canvas, question, at, _QUESTION, FAINT, _QUESTION_LINES)
    at = _written(canvas, told.split("\n", 1)[0], at + 4, _ANSWER, INK, _ANSWER_LINES) + 12
    if reply.quotes:
        quote = reply.quotes[0]
        if heading:
            at = _written(canvas, heading, at, _SOURCE, FAINT, 1)
        text = message("console.open_quote") + quote.text.strip().replace("\n", " ") + message("console.close_quote")
        at = _written(canvas, text, at, _QUOTE, INK, _QUOTE_LINES)
        _written(canvas, wording.where_quoted(quote), at + 6, _SOURCE, FAINT, _SOURCE_LINES)
    foot = message("web.name") + (f" · {address}" if address else "")
    _written(canvas, foot, HEIGHT - _MARGIN - 8, _SOURCE, ACTUAL, 1)
    out = io.BytesIO()
    picture.quantize(_COLOURS).save(out, "PNG")
    return out.getvalue()


def _written(canvas: Any, text: str, top: float, size: int, color: str, most: int) -> float:
    """Writes a text in lines that fit, the last of which ends with … where there is more; where the next one begins."""
    lines = wrapped(visible(text), (WIDTH - 2 * _MARGIN) * 2 // size)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
    for line in lines:
        canvas.text((_MARGIN, top), line, font=_font(size), fill=color)
        top += size * _LINE
    return top


@lru_cache(maxsize=8)
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(font_file(), size)
