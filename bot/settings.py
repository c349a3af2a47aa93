"""The settings: one frozen object, read once from the environment and ``.env``, checked at the start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from retrieval.backup_folder import KEPT, backup_folder
from retrieval.embedding import BUNDLED
from retrieval.errors import ReportBotError
from retrieval.messages import message

Numbers = Annotated[tuple[int, ...], NoDecode]
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_ACCEPTED = {
    "ADMIN_IDS": "settings.numbers",
    "ALLOWED_CHAT_IDS": "settings.numbers",
    "TELEGRAM_API_BASE_URL": "settings.url",
    "WEBHOOK_URL": "settings.url",
    "WEBHOOK_SECRET": "settings.secret",
    "WEBHOOK_LISTEN": "settings.listen",
    "BACKUPS": "settings.on_or_off",
    "BACKUPS_KEPT": "settings.positive",
    "LOG_LEVEL": "settings.log_level",
}


class InvalidSetting(ReportBotError):
    """A setting has a value that is not accepted."""

    key = "errors.invalid_setting"


class Settings(BaseSettings):
    """Each field is set by the environment variable of its alias; empty values count as not set."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    telegram_bot_token: SecretStr | None = Field(None, alias="TELEGRAM_BOT_TOKEN")
    telegram_api_base_url: AnyHttpUrl | None = Field(None, alias="TELEGRAM_API_BASE_URL")
    webhook_url: AnyHttpUrl | None = Field(None, alias="WEBHOOK_URL")
    webhook_secret: SecretStr | None = Field(None, alias="WEBHOOK_SECRET")
    webhook_listen: str | None = Field(None, alias="WEBHOOK_LISTEN")
    admin_ids: Numbers = Field((), alias="ADMIN_IDS")
    allowed_chat_ids: Numbers = Field((), alias="ALLOWED_CHAT_IDS")
    library: Path = Field(Path("data/library"), alias="REPORTBOT_LIBRARY")
    embedding_model: str = Field(BUNDLED, alias="EMBEDDING_MODEL")
    backups: bool = Field(True, alias="BACKUPS")
    backups_kept: int = Field(KEPT, alias="BACKUPS_KEPT", ge=1)
    backup_folder: Path | None = Field(None, alias="BACKUP_FOLDER")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field("WARNING", alias="LOG_LEVEL")

    @property
    def webhook_address(self) -> tuple[str, int]:
        """Where the webhook listens: ``WEBHOOK_LISTEN``, else all interfaces at the port that ``WEBHOOK_URL`` names, or 8080."""
        if self.webhook_listen is not None:
            host, _, port = self.webhook_listen.rpartition(":")
            return host, int(port)
        named = urlsplit(str(self.webhook_url)).netloc.rpartition(":")[2] if self.webhook_url else ""
        return "0.0.0.0", int(named) if named.isdecimal() else 8080

    def backups_of(self, library: Path) -> Path:
        """Where backups of a library lie: in ``BACKUP_FOLDER``, else beside it."""
        return self.backup_folder or backup_folder(library)

    @field_validator("webhook_secret", mode="before")
    @classmethod
    def _accepted_secret(cls, value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
            raise ValueError("not a secret token of the Bot API")
        return value

    @field_validator("webhook_listen")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"\S+:\d{1,5}", value):
            raise ValueError("not host:port")
        return value

    @field_validator("admin_ids", "allowed_chat_ids", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.replace("，", ",").split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        # A wrong value stays as it was written, for the sentence that names it.
        return value.upper() if isinstance(value, str) and value.upper() in _LOG_LEVELS else value


def load_settings() -> Settings:
    """The settings of this process. Raises InvalidSetting for the first wrong value, by its variable's name."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        value = "***" if "TOKEN" in name or "SECRET" in name else first["input"]
        accepted = message(_ACCEPTED.get(name, "settings.text"))
        raise InvalidSetting(name=name, value=value, accepted=accepted) from None
