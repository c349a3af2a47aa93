"""The parameters of a request: form, multipart, JSON and query string, read as telegram-bot-api reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .errors import Refused, bad_request

# The parameters whose value is JSON; a text that starts with "[" must stay a text.
_NESTED = {
    "allowed_updates", "button", "caption_entities", "commands", "entities", "link_preview_options", "menu_button",
    "message_ids", "reply_markup", "reply_parameters", "results", "scope",
}  # fmt: skip


@dataclass(frozen=True)
class SentFile:
    filename: str
    content: bytes
    mime: str


@dataclass
class Params:
    """``values`` are strings, or what a JSON body held."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, SentFile] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The value as text; empty where it was not sent."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str) -> int | None:
        """The value as a number; None where it is missing or none, which Telegram takes for the same."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        return self.text(name).strip('"').lower() in ("true", "yes", "1")

    def nested(self, name: str, what: str) -> Any:
        """A JSON value, None where it was not sent. ``what`` names it in the refusal."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def log(self) -> dict[str, Any]:
        """The parameters for the log: nested JSON decoded, whole numbers as such, files by name."""
        shown = {name: _decoded(name, value) for name, value in self.values.items()}
        return shown | {name: file.filename for name, file in self.files.items()}


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _NESTED:
        try:
            return json.loads(value)
        except ValueError:
            return value
    if name.endswith("_id") and value.removeprefix("-").isdecimal():
        return int(value)
    return value


async def read_params(request: web.Request) -> Params:
    """Raises Refused for a body that can't be read."""
    params = Params(dict(request.query))
    kind = request.content_type
    try:
        if kind == "application/json":
            body = await request.json()
            if not isinstance(body, dict):
                raise bad_request("can't parse request: object expected")
            params.values.update({name: value for name, value in body.items() if value is not None})
        elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    params.files[name] = SentFile(value.filename, value.file.read(), value.content_type)
                else:
                    params.values[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    except ValueError:
        raise bad_request("can't parse request body") from None
    return params
