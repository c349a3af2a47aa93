"""The real application with Telegram replaced at the network seam: requests are recorded, answers are made up."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.error import BadRequest
from telegram.request import BaseRequest, RequestData

from bot.settings import Settings
from bot.telegram.application import build_application
from bot.telegram.services import Services
from retrieval.library import Library

TOKEN = "12345:abcdefghijklmnopqrstuvwxyz012345678"
BOT = {"id": 12345, "is_bot": True, "first_name": "Bot", "username": "report_bot", "supports_inline_queries": True}


@dataclass(frozen=True)
class Request:
    """One recorded request: the method and its parameters, JSON decoded."""

    method: str
    parameters: dict[str, Any]

    @property
    def text(self) -> str:
        return self.parameters.get("text", "")

    @property
    def buttons(self) -> dict[str, dict[str, Any]]:
        """Inline buttons by their text."""
        markup = self.parameters.get("reply_markup") or {}
        return {button["text"]: button for row in markup.get("inline_keyboard", []) for button in row}

    @property
    def rows(self) -> list[list[str]]:
        """The texts of the buttons of either kind of keyboard, row by row."""
        markup = self.parameters.get("reply_markup") or {}
        return [[button["text"] for button in row] for row in markup.get("inline_keyboard") or markup.get("keyboard") or []]


class RecordedRequest(BaseRequest):
    """Answers every request as Telegram would on a good day, unless a failure is ordered for its method."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.files: dict[str, bytes] = {}
        self.failures: dict[str, Exception] = {}
        self._message_id = 1000

    @property
    def last_id(self) -> int:
        """The number of the last message that was sent."""
        return self._message_id

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        if "/file/bot" in url:
            return 200, self.files[url.rsplit("/", 1)[1]]
        endpoint = url.rsplit("/", 1)[1]
        values = {name: _decoded(name, value) for name, value in (request_data.json_parameters if request_data else {}).items()}
        if request_data and request_data.multipart_data:
            values["uploaded"] = {name: (part[0], len(part[1])) for name, part in request_data.multipart_data.items()}
        if endpoint in self.failures:
            raise self.failures[endpoint]
        self.requests.append(Request(endpoint, values))
        return 200, json.dumps({"ok": True, "result": self._result(endpoint, values)}).encode()

    def _result(self, endpoint: str, values: dict[str, Any]) -> Any:
        if endpoint == "getMe":
            return BOT
        if endpoint == "getFile":
            return {"file_id": values["file_id"], "file_unique_id": "u", "file_path": f"documents/{values['file_id']}"}
        if endpoint == "getChat":
            chat = {"id": int(values["chat_id"]), "type": "private", "first_name": "李四"}
            return {**chat, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}
        if endpoint.startswith("send") and endpoint != "sendChatAction":
            self._message_id += 1
            return self._message(self._message_id, values)
        if endpoint.startswith("editMessage"):
            return self._message(int(values["message_id"]), values)
        return True

    def _message(self, message_id: int, values: dict[str, Any]) -> dict[str, Any]:
        chat_id = int(values["chat_id"])
        kind = "private" if chat_id > 0 else "supergroup"
        return {"message_id": message_id, "date": int(time.time()), "chat": {"id": chat_id, "type": kind}, "text": "sent"}


GIFTS = {
    "unlimited_gifts": True,
    "limited_gifts": True,
    "unique_gifts": True,
    "premium_subscription": True,
    "gifts_from_channels": True,
}


def _decoded(name: str, value: Any) -> Any:
    if name.endswith("_id") and str(value).lstrip("-").isdigit():
        return int(value)
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
    except ValueError:
        return value


@dataclass
class Person:
    """Somebody who writes to the bot; ``language`` is the one of the client."""

    id: int
    name: str = "张三"
    language: str = "zh-hans"

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}


@dataclass
class Session:
    """The application in a loop of its own. Each act returns the requests that it led to."""

    library: Library
    settings: Settings
    request: RecordedRequest = field(default_factory=RecordedRequest)

    def __enter__(self) -> Session:
        self._runner = asyncio.Runner()
        self._updates = self._messages = 0
        self.application = build_application(self.settings, self.library, outgoing_limits=False, request=self.request)
        self.services: Services = self.application.bot_data["services"]
        self.run(self.application.initialize())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.services.close())
        self.run(self.application.shutdown())
        self._runner.close()

    def run(self, coroutine: Any) -> Any:
        return self._runner.run(coroutine)

    def update(self, **content: Any) -> list[Request]:
        """Handles one update, and what it set going in the background."""
        return self.updates([content])

    def updates(self, contents: list[dict[str, Any]]) -> list[Request]:
        """Handles updates that come together, and what they set going in the background."""
        before = len(self.request.requests)

        async def handled() -> None:
            for content in contents:
                self._updates += 1
                update = Update.de_json({"update_id": self._updates, **content}, self.application.bot)
                await self.application.process_update(update)
            await self.services.settled()

        self.run(handled())
        return [one for one in self.request.requests[before:] if one.method != "sendChatAction"]

    def say(self, person: Person, text: str, chat: int | None = None, **more: Any) -> list[Request]:
        """A text in private, or in a group (a negative ``chat``)."""
        return self.update(message=self.message(person, chat, text=text, **more))

    def edit(self, person: Person, message_id: int, text: str = "", chat: int | None = None, **more: Any) -> list[Request]:
        edited = self.message(person, chat, **({"text": text} if text else {}), edit_date=int(time.time()), **more)
        return self.update(edited_message={**edited, "message_id": message_id})

    def send_file(self, person: Person, name: str, content: bytes, size: int | None = None) -> list[Request]:
        file_id = f"file{len(self.request.files)}"
        self.request.files[file_id] = content
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": size or len(content)}
        return self.update(message=self.message(person, None, document=document))

    def send_photos(
        self, person: Person, contents: list[bytes], album: str | None = None, chat: int | None = None
    ) -> list[Request]:
        """Photos one after the other, as a client sends an album; each in the sizes that Telegram makes of it."""
        photos = []
        for content in contents:
            file_id = f"file{len(self.request.files)}"
            self.request.files |= {file_id: content, f"{file_id}small": b"a thumbnail"}
            sizes = [(f"{file_id}small", 90), (file_id, 1280)]
            photo = [{"file_id": name, "file_unique_id": name, "width": side, "height": side} for name, side in sizes]
            grouped = {"media_group_id": album} if album else {}
            photos.append({"message": self.message(person, chat, photo=photo, **grouped)})
        return self.updates(photos)

    def press(self, person: Person, data: str, message_id: int = 1, chat: int | None = None) -> list[Request]:
        message = {**self.message(Person(BOT["id"]), chat or person.id, text="answer"), "message_id": message_id}
        query = {"id": str(self._updates), "from": person.as_json(), "chat_instance": "1", "data": data, "message": message}
        return self.update(callback_query=query)

    def inline(self, person: Person, query: str) -> list[Request]:
        return self.update(inline_query={"id": f"i{self._updates}", "from": person.as_json(), "query": query, "offset": ""})

    def message(self, person: Person, chat: int | None, **content: Any) -> dict[str, Any]:
        self._messages += 1
        where = person.id if chat is None else chat
        kind = {"id": where, "type": "private" if where > 0 else "supergroup"}
        text = content.get("text", "")
        said = {"message_id": self._messages, "date": int(time.time()), "chat": kind, "from": person.as_json(), **content}
        entities = []
        if text.startswith("/"):
            entities.append({"type": "bot_command", "offset": 0, "length": len(text.split()[0])})
        if "@report_bot" in text:
            entities.append({"type": "mention", "offset": text.index("@report_bot"), "length": len("@report_bot")})
        return {**said, "entities": entities} if entities else said

    @property
    def last_message_id(self) -> int:
        return self._messages


def shown(requests: list[Request]) -> list[Request]:
    """The messages that were sent or edited."""
    return [one for one in requests if one.method in ("sendMessage", "editMessageText")]


def refused(text: str) -> Callable[[], BadRequest]:
    return lambda: BadRequest(text)
