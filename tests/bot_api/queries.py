"""Answers to pressed buttons and to inline queries."""

from __future__ import annotations

import re
from typing import Any

from .errors import Refused, bad_request, too_old
from .keyboards import inline_keyboard
from .methods import method
from .params import Params
from .text_rules import message_text
from .world import World

_MOST_RESULTS = 50
_TYPES = {
    "article", "audio", "contact", "document", "game", "gif", "location", "mpeg4_gif", "photo", "sticker", "venue",
    "video", "voice",
}  # fmt: skip


@method
def answer_callback_query(world: World, params: Params) -> bool:
    query_id = params.text("callback_query_id")
    if query_id not in world.open_callbacks:
        raise too_old()
    if len(params.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    world.open_callbacks.discard(query_id)
    world.callback_answers[query_id] = {
        "text": params.text("text"),
        "show_alert": params.flag("show_alert"),
        "url": params.text("url"),
        "cache_time": params.integer("cache_time") or 0,
    }
    world.changed.notify_all()
    return True


@method
def answer_inline_query(world: World, params: Params) -> bool:
    query_id = params.text("inline_query_id")
    if query_id not in world.open_inline:
        raise too_old()
    results = params.nested("results", "inline query results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results: expected an Array")
    if len(results) > _MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    checked = [_result(one) for one in results]
    ids = [one["id"] for one in checked]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(params.text("next_offset").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    button = params.nested("button", "inline query results button")
    if button is not None:
        _check_button(button)
    cache_time = params.integer("cache_time")
    world.open_inline.discard(query_id)
    world.inline_answers[query_id] = {
        "results": checked,
        "cache_time": 300 if cache_time is None else cache_time,
        "is_personal": params.flag("is_personal"),
        "next_offset": params.text("next_offset"),
        "button": button,
    }
    world.changed.notify_all()
    return True


def _result(result: Any) -> dict[str, Any]:
    """A checked result. The text it would send is added to ``input_message_content`` as ``text``, plain. Raises Refused."""
    if not isinstance(result, dict):
        raise _unparsable("expected an Object")
    if result.get("type") not in _TYPES:
        raise _unparsable("invalid inline query result type specified")
    if not isinstance(result.get("id"), str) or not 1 <= len(result["id"].encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    markup = inline_keyboard(Params({"reply_markup": result.get("reply_markup")}), private=False)
    content = result.get("input_message_content")
    if result["type"] == "article":
        if not isinstance(result.get("title"), str) or not result["title"].strip():
            raise bad_request("ARTICLE_TITLE_EMPTY")
        if not isinstance(content, dict) or not content:
            raise _unparsable("message content is not specified")
    if isinstance(content, dict) and "message_text" in content:
        text = message_text(Params(content), "message_text")
        content = content | {"text": text.text, "found_entities": text.entities}
    elif result["type"] == "article" and not {"latitude", "phone_number", "payload"} & set(content or ()):
        raise bad_request("message text is empty")
    return result | {"input_message_content": content} | ({"reply_markup": markup} if markup else {})


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad_request('can\'t parse inline query results button: field "text" is required')
    if "web_app" not in button and not re.fullmatch("[A-Za-z0-9_-]{1,64}", str(button.get("start_parameter", ""))):
        raise bad_request("START_PARAM_INVALID")


def _unparsable(what: str) -> Refused:
    return bad_request(f"can't parse InlineQueryResult: {what}")
