"""Reply markups: inline keyboards with one action a button, and the keyboards under the input field."""

from __future__ import annotations

import re
from typing import Any

from .errors import Refused, bad_request
from .html_rules import utf16
from .params import Params

_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
_MOST_BUTTONS = 100
_MOST_IN_A_ROW = 8
_MOST_REPLY_BUTTONS = 300
_URL = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)*(?:\.[a-z]{2,}|:\d+|\.\d+)(?:[:/?#]\S*)?|tg://\S+", re.IGNORECASE)


def reply_markup(params: Params, *, private: bool) -> dict[str, Any] | None:
    """The markup of a message that is sent. Raises Refused."""
    markup = _given(params)
    if markup is None or "inline_keyboard" in markup:
        return _inline(markup, private)
    if "keyboard" in markup:
        return _reply_keyboard(markup)
    if markup.get("remove_keyboard") is True:
        return markup
    if markup.get("force_reply") is True:
        _check_placeholder(markup)
        return markup
    if markup:
        raise bad_request("can't parse reply keyboard markup JSON object")
    return None


def inline_keyboard(params: Params, *, private: bool) -> dict[str, Any] | None:
    """The markup of a message that is edited: an inline keyboard or none. Raises Refused."""
    markup = _given(params)
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return _inline(markup, private)


def is_inline(markup: dict[str, Any] | None) -> bool:
    return markup is not None and "inline_keyboard" in markup


def _given(params: Params) -> dict[str, Any] | None:
    markup = params.nested("reply_markup", "reply keyboard markup")
    if markup is not None and not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    return markup


def _inline(markup: dict[str, Any] | None, private: bool) -> dict[str, Any] | None:
    if not markup:
        return None
    rows = [row for row in _rows(markup, "inline_keyboard") if row]
    for row in rows:
        for button in row:
            _check_button(button, private)
        if len(row) > _MOST_IN_A_ROW:
            raise bad_request("REPLY_MARKUP_INVALID")
    if sum(map(len, rows)) > _MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _rows(markup: dict[str, Any], name: str) -> list[list[Any]]:
    rows = markup[name]
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" must be an Array of Arrays')
    return rows


def _check_button(button: Any, private: bool) -> None:
    if not isinstance(button, dict):
        raise _unparsable("expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _unparsable('Can\'t find field "text"' if text is None else 'Field "text" must be of type String')
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    actions = [action for action in _ACTIONS if action in button]
    if not actions:
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsable(f"Exactly one action is expected, found {', '.join(actions)}")
    _check_action(actions[0], button[actions[0]], private)


def _check_action(action: str, value: Any, private: bool) -> None:
    match action:
        case "callback_data":
            if not isinstance(value, str):
                raise _unparsable('Field "callback_data" must be of type String')
            if not 1 <= len(value.encode()) <= 64:
                raise bad_request("BUTTON_DATA_INVALID")
        case "url":
            if not isinstance(value, str) or not _URL.fullmatch(value):
                raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        case "copy_text":
            text = value.get("text") if isinstance(value, dict) else None
            if not isinstance(text, str) or not 1 <= utf16(text) <= 256:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
        case "web_app" if not private:
            raise bad_request("BUTTON_TYPE_INVALID")


def _unparsable(what: str) -> Refused:
    return bad_request(f"can't parse inline keyboard button: {what}")


def _reply_keyboard(markup: dict[str, Any]) -> dict[str, Any] | None:
    rows = [row for row in _rows(markup, "keyboard") if row]
    for button in (button for row in rows for button in row):
        text = button.get("text") if isinstance(button, dict) else button
        if not isinstance(text, str):
            raise bad_request("can't parse keyboard button: Can't find field \"text\"")
        if not text.strip():
            raise bad_request("keyboard button text must be non-empty")
    _check_placeholder(markup)
    if sum(map(len, rows)) > _MOST_REPLY_BUTTONS:
        raise bad_request("reply markup is too long")
    return markup | {"keyboard": rows} if rows else None


def _check_placeholder(markup: dict[str, Any]) -> None:
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not (isinstance(placeholder, str) and len(placeholder) <= 64):
        raise bad_request("REPLY_MARKUP_PLACEHOLDER_INVALID")
