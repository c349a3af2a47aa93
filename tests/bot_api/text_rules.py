"""Texts of messages: cleaned, parsed, trimmed and measured, and the entities Telegram finds by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .errors import bad_request
from .html_rules import parse_html, utf16
from .params import Params

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_SOURCE_LIMIT = 1 << 15  # bytes with the tags, in telegram-bot-api's get_formatted_text
_ENTITY_LIMIT = 100
_REMOVED = re.compile("[\r\u2028-\u202e]")
_TO_SPACE = re.compile("[\x00-\x09\x0b-\x1f]")
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u3164]*")
# TDLib's find_entities: letters of any script, Chinese too, are word characters next to which nothing is recognised.
_FOUND = [
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}(?![\w#])")),
    ("url", re.compile(r"(?<!\w)https?://[A-Za-z0-9.-]+\.[a-z]{2,}(?:[:/?#][^\s，。；、）》”]*)?")),
]


@dataclass(frozen=True)
class Formatted:
    """``source`` is what was sent, ``text`` and ``entities`` what stands in the chat."""

    text: str
    entities: list[dict[str, Any]]
    source: str


def find_entities(text: str) -> list[dict[str, Any]]:
    """The entities Telegram finds without being told, in order, none inside another."""
    found: list[tuple[int, int, str]] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((match.start(), match.end(), kind))
    return [{"type": kind, "offset": utf16(text[:start]), "length": utf16(text[start:end])} for start, end, kind in sorted(found)]


def message_text(params: Params, name: str = "text") -> Formatted:
    """The text of a message. Raises Refused for what Telegram does not send."""
    source = params.text(name)
    if not source:
        raise bad_request("message text is empty")
    result = _formatted(source, params, "entities")
    if _INVISIBLE.fullmatch(result.text):
        raise bad_request("text must be non-empty")
    if utf16(result.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return result


def caption(params: Params) -> Formatted:
    """The caption of a document, which may be empty. Raises Refused."""
    result = _formatted(params.text("caption"), params, "caption_entities")
    if utf16(result.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return result


def _formatted(source: str, params: Params, entities_name: str) -> Formatted:
    try:
        size = len(source.encode())
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    if size > _SOURCE_LIMIT:
        raise bad_request("text is too long")
    cleaned = _TO_SPACE.sub(" ", _REMOVED.sub("", source))
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(cleaned)
    elif mode in ("", "none"):
        text, entities = cleaned, _given(params, entities_name)
    else:
        raise bad_request("unsupported parse_mode")
    return Formatted(*_settled(text, entities), source)


def _given(params: Params, name: str) -> list[dict[str, Any]]:
    given = params.nested(name, "entities") or []
    if not isinstance(given, list):
        raise bad_request("can't parse entities: Array expected")
    for entity in given:
        if not isinstance(entity, dict):
            raise bad_request("can't parse entities: expected an Object")
        if not all(isinstance(entity.get(key), kind) for key, kind in (("type", str), ("offset", int), ("length", int))):
            raise bad_request('can\'t parse MessageEntity: Field "type", "offset" and "length" are required')
    return [dict(entity) for entity in given]


def _settled(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The text without spaces around it, and the entities moved and cut to fit: TDLib's fix_formatted_text."""
    stripped = text.rstrip(" \n")
    leading = len(stripped) - len(stripped.lstrip(" \n"))
    leading = min([leading, *(entity["offset"] for entity in entities)])
    stripped = stripped[leading:]
    whole = utf16(stripped)
    kept = []
    for entity in entities:
        offset = entity["offset"] - leading
        length = min(entity["length"], whole - offset)
        if length > 0:
            kept.append(entity | {"offset": offset, "length": length})
    kept += [one for one in find_entities(stripped) if not any(_overlap(one, other) for other in kept)]
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    verbatim = [entity for entity in kept if entity["type"] in ("code", "pre")]
    kept = [one for one in kept if one in verbatim or not any(_inside(one, other) for other in verbatim)]
    return stripped, kept[:_ENTITY_LIMIT]


def _overlap(found: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a found entity must yield: it may stand inside bold text, not inside a link or code."""
    if other["type"] not in ("code", "pre", "text_link", "text_mention", "custom_emoji"):
        return False
    (start, end), (other_start, other_end) = _span(found), _span(other)
    return start < other_end and other_start < end


def _inside(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    (start, end), (outer_start, outer_end) = _span(inner), _span(outer)
    return outer_start <= start and end <= outer_end


def _span(entity: dict[str, Any]) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
