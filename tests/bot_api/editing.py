"""Methods that change or remove messages."""

from __future__ import annotations

import time
from typing import Any

from .errors import Refused, bad_request
from .keyboards import inline_keyboard, is_inline
from .methods import method
from .params import Params
from .people import Chat, Stored
from .text_rules import Formatted, caption, message_text
from .world import World

_MOST_DELETED = 100


@method
def edit_message_text(world: World, params: Params) -> dict[str, Any]:
    text = message_text(params)
    chat, message = _editable(world, params)
    if "text" not in message.wire:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, params, chat, message, text, "text", "entities")


@method
def edit_message_caption(world: World, params: Params) -> dict[str, Any]:
    text = caption(params)
    chat, message = _editable(world, params)
    if "document" not in message.wire:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, params, chat, message, text, "caption", "caption_entities")


@method
def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any]:
    chat, message = _editable(world, params)
    return _replace(world, params, chat, message, message.wire, message.source)


@method
def delete_message(world: World, params: Params) -> bool:
    chat = world.chat(params)
    message_id = params.integer("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    if message_id not in chat.messages:
        raise bad_request("message to delete not found")
    _delete(world, chat, message_id)
    return True


@method
def delete_messages(world: World, params: Params) -> bool:
    chat = world.chat(params)
    ids = params.nested("message_ids", "message identifiers")
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > _MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    for message_id in ids:
        if message_id in chat.messages:
            _delete(world, chat, message_id)
    return True


def _delete(world: World, chat: Chat, message_id: int) -> None:
    theirs = not chat.messages[message_id].from_bot
    if theirs and not chat.private and chat.bot_status != "administrator":
        raise bad_request("message can't be deleted")
    del chat.messages[message_id]
    world.notify(chat)


def _editable(world: World, params: Params) -> tuple[Chat, Stored]:
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = world.writable_chat(params)
    message_id = params.integer("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    # A message that brought a keyboard under the input field can't be edited either.
    if not message.from_bot or (message.markup is not None and not is_inline(message.markup)):
        raise bad_request("message can't be edited")
    return chat, message


def _edit(world: World, params: Params, chat: Chat, message: Stored, text: Formatted, name: str, entities: str) -> dict[str, Any]:
    wire = {key: value for key, value in message.wire.items() if key not in (name, entities)}
    if text.text:
        wire[name] = text.text
    if text.entities:
        wire[entities] = text.entities
    return _replace(world, params, chat, message, wire, text.source)


def _replace(world: World, params: Params, chat: Chat, message: Stored, wire: dict[str, Any], source: str) -> dict[str, Any]:
    """Puts the new content and markup; a markup that is not sent is taken away. Raises Refused where nothing changes."""
    markup = inline_keyboard(params, private=chat.private)
    edited = {key: value for key, value in wire.items() if key != "reply_markup"}
    if markup:
        edited["reply_markup"] = markup
    if edited == message.wire:
        raise _not_modified()
    message.wire = edited | {"edit_date": int(time.time())}
    message.source = source
    message.markup = markup
    world.notify(chat)
    return message.wire


def _not_modified() -> Refused:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same"
        " as a current content and reply markup of the message"
    )
