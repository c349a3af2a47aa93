"""The settings: one frozen object, read once from the environment and ``.env``, checked at the start."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

import msgspec
from dotenv import dotenv_values
from msgspec import Meta

from retrieval.embedding.embedder import BUNDLED
from retrieval.errors import ReportBotError
from retrieval.messages import message
from retrieval.reading.isolation import overwrite_variable
from retrieval.storage.backup_folder import KEPT, backup_folder

Url = Annotated[str, Meta(pattern=r"^(?i:https?)://[^\s/?#]+([/?#]\S*)?\Z")]
Address = Annotated[str, Meta(pattern=r"^\S+:[0-9]{1,5}\Z")]
Positive = Annotated[int, Meta(ge=1)]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
_SECRET_TOKEN = r"^[A-Za-z0-9_-]{1,256}\Z"  # what the Bot API takes as secret_token
_PASSWORD = r"^[!-~]{12,256}\Z"  # printable ASCII: what every client sends in the same way
_LAST_PORT = 65535
_CREDENTIALS = re.compile(r"(?<=//)[^/?#\s]*@")  # of an address
_WORDS = {"on": True, "yes": True, "true": True, "1": True, "off": False, "no": False, "false": False, "0": False}
_ACCEPTED = {
    "ADMIN_IDS": "settings.numbers",
    "ALLOWED_CHAT_IDS": "settings.numbers",
    "TELEGRAM_API_BASE_URL": "settings.url",
    "WEBHOOK_URL": "settings.url",
    "WEBHOOK_SECRET": "settings.secret",
    "WEBHOOK_LISTEN": "settings.listen",
    "WEB_LISTEN": "settings.listen",
    "WEB_URL": "settings.url",
    "WEB_ACCESS": "settings.access",
    "WEB_PROXIES": "settings.proxies",
    "BACKUPS": "settings.on_or_off",
    "BACKUPS_KEPT": "settings.positive",
    "LOG_LEVEL": "settings.log_level",
}


class InvalidSetting(ReportBotError):
    """A setting has a value that is not accepted."""


class UnreadableSettings(ReportBotError):
    """The file ``.env`` can't be opened, or is not in UTF-8."""


class Secret:
    """A value that is shown nowhere by accident."""

    def __init__(self, value: str) -> None:
        self.value = value


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="upper"):
    """Each field is set by the environment variable of its name in capitals, or of the one given."""

    telegram_bot_token: Secret | None = None
    telegram_api_base_url: Url | None = None
    webhook_url: Url | None = None
    webhook_secret: Secret | None = None
    webhook_listen: Address | None = None
    web_listen: Address | None = None
    web_url: Url | None = None
    web_access: Secret | None = None
    web_proxies: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    admin_ids: tuple[int, ...] = ()
    allowed_chat_ids: tuple[int, ...] = ()
    library: Path = msgspec.field(default=Path("data/library"), name="REPORTBOT_LIBRARY")
    embedding_model: str = BUNDLED
    backups: bool = True
    backups_kept: Positive = KEPT
    backup_folder: Path | None = None
    log_level: LogLevel = "WARNING"

    @property
    def webhook_address(self) -> tuple[str, int]:
        """Where the webhook listens: ``WEBHOOK_LISTEN``, else loopback at the port that ``WEBHOOK_URL`` names, or 8080."""
        if self.webhook_listen is not None:
            return _host_and_port(self.webhook_listen)
        return "127.0.0.1", urlsplit(self.webhook_url or "").port or 8080

    @property
    def web_address(self) -> tuple[str, int]:
        """Where the pages are served: ``WEB_LISTEN``, else loopback at 8090."""
        return _host_and_port(self.web_listen or "127.0.0.1:8090")

    def backups_of(self, library: Path) -> Path:
        """Where backups of a library lie: in ``BACKUP_FOLDER``, else beside it."""
        return self.backup_folder or backup_folder(library)


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.removeprefix("[").removesuffix("]"), int(port)


FIELDS = {one.encode_name: one for one in msgspec.structs.fields(Settings)}  # by the name of the variable


def forget_secrets() -> None:
    """Takes the secrets out of this process's environment once they were read: what it starts, and whoever looks, finds none."""
    secret = {name for name, one in FIELDS.items() if Secret in get_args(one.type)}
    for name in [name for name in os.environ if name.upper() in secret]:
        overwrite_variable(name)


def load_settings() -> Settings:
    """The settings of this process; the environment wins over ``.env``. Raises InvalidSetting or UnreadableSettings."""
    try:
        in_file = dotenv_values(".env")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSettings(file=".env") from error
    return settings_from(_given(in_file) | _given(os.environ))


def settings_from(variables: Mapping[str, str]) -> Settings:
    """The settings that variables give; empty and blank ones count as not set, others than ``FIELDS`` are passed over.

    Raises InvalidSetting for the first wrong value, by its variable's name.
    """
    given = _given(variables)
    return Settings(**{one.name: _converted(name, one.type, given[name]) for name, one in FIELDS.items() if name in given})


def _given(variables: Mapping[str, str | None]) -> dict[str, str]:
    """The variables of ``FIELDS`` that are set, whatever the case of their names."""
    named = {name.upper(): value.strip() for name, value in variables.items() if value}
    return {name: value for name, value in named.items() if value and name in FIELDS}


def _converted(name: str, type_: Any, text: str) -> Any:
    prepare = _PREPARED.get(name)
    try:
        return msgspec.convert(prepare(text) if prepare else text, type_, strict=False, dec_hook=_made)
    except (msgspec.ValidationError, ValueError):
        value = "***" if Secret in get_args(type_) else _CREDENTIALS.sub("***@", text)
        raise InvalidSetting(name=name, value=value, accepted=message(_ACCEPTED.get(name, "settings.text"))) from None


def _made(type_: type, value: Any) -> Any:
    """A value of one of the types that msgspec does not know."""
    return type_(value)


def _numbers(text: str) -> list[str]:
    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    if not all(re.fullmatch(r"-?[0-9]+", part) for part in parts):  # msgspec would take 1e3 for a number, too
        raise ValueError("not a number")
    return parts


def _secret_token(text: str) -> str:
    return str(msgspec.convert(text, Annotated[str, Meta(pattern=_SECRET_TOKEN)]))


def _url(text: str) -> str:
    address = urlsplit(text)
    _ = address.port  # raises ValueError where that is no port
    if not address.hostname:
        raise ValueError("no host")
    return text


def _address(text: str) -> str:
    if int(text.rpartition(":")[2]) > _LAST_PORT:
        raise ValueError("no port")
    return text


def _access(text: str) -> str | None:
    """What opens the pages; None where they are everybody's."""
    if text.lower() == "everyone":
        return None
    return str(msgspec.convert(text, Annotated[str, Meta(pattern=_PASSWORD)]))


def _networks(text: str) -> list[str]:
    """Addresses and networks as networks; ``none`` are none."""
    if text.lower() == "none":
        return []
    return [str(ipaddress.ip_network(part.strip())) for part in text.replace("，", ",").split(",") if part.strip()]


# What is done to the text of a variable before it is converted.
_PREPARED: dict[str, Callable[[str], Any]] = {
    "ADMIN_IDS": _numbers,
    "ALLOWED_CHAT_IDS": _numbers,
    "TELEGRAM_API_BASE_URL": _url,
    "WEBHOOK_URL": _url,
    "WEBHOOK_LISTEN": _address,
    "WEB_LISTEN": _address,
    "WEB_URL": _url,
    "WEB_ACCESS": _access,
    "WEB_PROXIES": _networks,
    "WEBHOOK_SECRET": _secret_token,
    "BACKUPS": lambda text: _WORDS.get(text.lower(), text),
    "LOG_LEVEL": str.upper,
}
