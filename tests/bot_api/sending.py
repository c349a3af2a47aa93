"""Methods that send, and the files of the bot's chats."""

from __future__ import annotations

import struct
from typing import Any

from .errors import Refused, bad_request
from .keyboards import reply_markup
from .methods import method
from .params import Params
from .people import Chat
from .text_rules import Formatted, caption, message_text
from .world import File, Upload, World

_DOWNLOAD_LIMIT = 20 << 20
_UPLOAD_LIMIT = 50 << 20
_PHOTO_LIMIT = 10 << 20
_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "record_audio",
    "upload_audio", "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


@method
def send_message(world: World, params: Params) -> dict[str, Any]:
    chat = world.writable_chat(params)
    text = message_text(params)
    return _send(world, params, chat, {"text": text.text}, text, "entities")


@method
def send_document(world: World, params: Params) -> dict[str, Any]:
    chat = world.writable_chat(params)
    text = caption(params)
    file = _file_of(world, params, "document")
    content: dict[str, Any] = {"document": document_wire(file)}
    if text.text:
        content["caption"] = text.text
    sent = _send(world, params, chat, content, text, "caption_entities")
    world.uploaded.append(Upload(file.name, file.content, text.text, chat.id, sent["message_id"]))
    return sent


@method
def send_photo(world: World, params: Params) -> dict[str, Any]:
    chat = world.writable_chat(params)
    text = caption(params)
    content: dict[str, Any] = {"photo": photo_wire(_file_of(world, params, "photo"))}
    if text.text:
        content["caption"] = text.text
    return _send(world, params, chat, content, text, "caption_entities")


@method
def send_chat_action(world: World, params: Params) -> bool:
    chat = world.writable_chat(params)
    world.thread(chat, params)
    if params.text("action").lower() not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


@method
def get_file(world: World, params: Params) -> dict[str, Any]:
    if not params.text("file_id"):
        raise bad_request("file_id not specified")
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > _DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    ending = f".{file.name.rpartition('.')[2]}" if "." in file.name else ""
    file.path = f"documents/file_{file.unique_id}{ending}"
    world.paths[file.path] = file
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size, "file_path": file.path}


def document_wire(file: File) -> dict[str, Any]:
    """A document as the Bot API writes it."""
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.mime,
        "file_size": file.size,
    }


def photo_wire(file: File) -> list[dict[str, Any]]:
    """A photo as the Bot API writes it: the same picture in several sizes. Raises Refused for what is no PNG of a fair size."""
    if not file.content.startswith(b"\x89PNG"):
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", file.content[16:24])
    if len(file.content) > _PHOTO_LIMIT or width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    same = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}
    return [{**same, "width": round(width * part), "height": round(height * part)} for part in (0.25, 1)]


def _send(world: World, params: Params, chat: Chat, content: dict[str, Any], text: Formatted, entities: str) -> dict[str, Any]:
    thread = world.thread(chat, params)
    markup = reply_markup(params, private=chat.private)
    replied = world.replied(chat, params)
    if text.entities:
        content[entities] = text.entities
    return world.post(chat, world.bot, content, replied=replied, thread=thread, source=text.source, markup=markup).wire


def _file_of(world: World, params: Params, kind: str) -> File:
    """The file of a request: uploaded in its own field or as an attachment, or known by its id. Raises Refused."""
    given = params.text(kind)
    sent = params.files.get(given.removeprefix("attach://") if given.startswith("attach://") else kind)
    if sent is None:
        if not given or given.startswith("attach://"):
            raise bad_request(f"there is no {kind} in the request")
        if given not in world.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return world.files[given]
    if not sent.content:
        raise bad_request("file must be non-empty")
    if len(sent.content) > _UPLOAD_LIMIT:
        raise Refused(413, "Request Entity Too Large")
    return world.add_file(sent.filename, sent.content, sent.mime)
