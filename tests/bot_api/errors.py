"""What Telegram answers to a request it does not carry out."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request is refused: ``code`` is the HTTP status as well, ``description`` the text Telegram gives."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def payload(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str, **parameters: Any) -> Refused:
    return Refused(400, f"Bad Request: {what}", **parameters)


def forbidden(what: str) -> Refused:
    return Refused(403, f"Forbidden: {what}")


def conflict(what: str) -> Refused:
    return Refused(409, f"Conflict: {what}")


def too_old() -> Refused:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
