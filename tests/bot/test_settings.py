"""One frozen settings object, from environment and .env; a wrong value is named with what is accepted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import FIELDS, InvalidSetting, Settings, UnreadableSettings, load_settings

NAMES = list(FIELDS)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path: Path) -> Path:
    for name in list(os.environ):
        if name.upper() in NAMES:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_names_are_those_of_the_contract_and_a_few_more():
    assert {name for name in NAMES if not name.startswith(("WEB_", "BACKUP"))} - {"WEBHOOK_LISTEN"} == {
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_API_BASE_URL",
        "WEBHOOK_URL",
        "WEBHOOK_SECRET",
        "ADMIN_IDS",
        "ALLOWED_CHAT_IDS",
        "REPORTBOT_LIBRARY",
        "EMBEDDING_MODEL",
        "LOG_LEVEL",
    }


def test_the_example_names_every_setting():
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    assert {line.split("=")[0] for line in example.splitlines() if line and not line.startswith("#")} == set(NAMES)


def test_defaults():
    settings = load_settings()
    assert (settings.telegram_bot_token, settings.admin_ids, settings.allowed_chat_ids) == (None, (), ())
    assert (settings.library, settings.embedding_model) == (Path("data/library"), "bundled")


def test_the_example_as_it_stands_gives_the_defaults(clean_environment: Path):
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    (clean_environment / ".env").write_text(example, encoding="utf-8")
    assert load_settings() == Settings()


def test_values_from_the_environment(monkeypatch):
    monkeypatch.setenv("ADMIN_IDS", "12, -1003,4")
    monkeypatch.setenv("ALLOWED_CHAT_IDS", "5，6,")
    monkeypatch.setenv("REPORTBOT_LIBRARY", "/tmp/somewhere")
    monkeypatch.setenv("LOG_LEVEL", "info")
    monkeypatch.setenv("TELEGRAM_API_BASE_URL", "http://127.0.0.1:8081")
    settings = load_settings()
    assert (settings.admin_ids, settings.allowed_chat_ids) == ((12, -1003, 4), (5, 6))
    assert (settings.library, settings.log_level) == (Path("/tmp/somewhere"), "INFO")
    assert str(settings.telegram_api_base_url).rstrip("/") == "http://127.0.0.1:8081"


def test_names_in_small_letters_are_those_names(monkeypatch, clean_environment: Path):
    (clean_environment / ".env").write_text("log_level=ERROR\nadmin_ids=7\n")
    monkeypatch.setenv("Log_Level", "DEBUG")
    assert (load_settings().log_level, load_settings().admin_ids) == ("DEBUG", (7,))


def test_the_environment_wins_over_the_file(monkeypatch, clean_environment: Path):
    (clean_environment / ".env").write_text("LOG_LEVEL=ERROR\nADMIN_IDS=7\nUNKNOWN=1\n")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    assert (load_settings().log_level, load_settings().admin_ids) == ("DEBUG", (7,))


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_value_counts_as_not_set(monkeypatch, name):
    monkeypatch.setenv(name, "")
    assert load_settings() == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_value_counts_as_not_set(monkeypatch, name):
    monkeypatch.setenv(name, " \t")
    assert load_settings() == Settings()


def test_blanks_around_a_value_do_not_count(monkeypatch):
    monkeypatch.setenv("BACKUPS_KEPT", " 12 ")
    monkeypatch.setenv("LOG_LEVEL", "info ")
    monkeypatch.setenv("REPORTBOT_LIBRARY", "/tmp/somewhere ")
    settings = load_settings()
    assert (settings.backups_kept, settings.log_level, settings.library) == (12, "INFO", Path("/tmp/somewhere"))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_in_another_encoding_is_one_sentence(clean_environment: Path, encoding):
    (clean_environment / ".env").write_text("# 管理员\nADMIN_IDS=7\n", encoding=encoding)
    with pytest.raises(UnreadableSettings) as error:
        load_settings()
    assert ".env" in error.value.user_message
    assert "UTF-8" in error.value.user_message


def test_credentials_in_an_address_are_not_shown(monkeypatch):
    monkeypatch.setenv("TELEGRAM_API_BASE_URL", "https://somebody:geheim@example.com:99999/bots")
    with pytest.raises(InvalidSetting) as error:
        load_settings()
    assert "geheim" not in error.value.user_message
    assert "@example.com:99999/bots" in error.value.user_message


WRONG = [
    ("ADMIN_IDS", "1e3", "123456,789012"),
    ("ADMIN_IDS", "12,abc", "123456,789012"),
    ("ALLOWED_CHAT_IDS", "everyone", "123456,789012"),
    ("TELEGRAM_API_BASE_URL", "localhost", "http://"),
    ("WEBHOOK_URL", "ftp://example.com", "https://"),
    ("WEBHOOK_URL", "https://:443", "https://"),
    ("WEBHOOK_URL", "https://example.com:99999", "https://"),
    ("WEBHOOK_LISTEN", "8080", "127.0.0.1:8080"),
    ("WEBHOOK_LISTEN", "0.0.0.0:99999", "127.0.0.1:8080"),
    ("WEB_LISTEN", "8090", "127.0.0.1:8080"),
    ("WEB_URL", "reports.example.org", "https://"),
    ("WEB_PROXIES", "10.0.0.1/8", "10.0.0.0/8"),
    ("WEB_PROXIES", "proxy", "10.0.0.0/8"),
    ("BACKUPS", "sometimes", "on 或 off"),
    ("BACKUPS_KEPT", "0", "大于 0"),
    ("LOG_LEVEL", "loud", "WARNING"),
]


@pytest.mark.parametrize("name, value, accepted", WRONG)
def test_a_wrong_value_is_told_with_its_name_and_what_is_accepted(monkeypatch, name, value, accepted):
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSetting) as error:
        load_settings()
    text = error.value.user_message
    assert name in text
    assert value.split(",")[-1] in text
    assert accepted in text


def test_a_secret_that_telegram_would_not_take_is_refused_and_not_shown(monkeypatch):
    monkeypatch.setenv("WEBHOOK_SECRET", "密码 with blanks")
    with pytest.raises(InvalidSetting) as error:
        load_settings()
    assert "WEBHOOK_SECRET" in error.value.user_message
    assert "密码" not in error.value.user_message


@pytest.mark.parametrize(
    "url, listen, address",
    [
        ("https://example.com/bot", "", ("127.0.0.1", 8080)),
        ("https://example.com:8443/bot", "", ("127.0.0.1", 8443)),
        ("http://127.0.0.1:9000", "", ("127.0.0.1", 9000)),
        ("https://example.com", "127.0.0.1:81", ("127.0.0.1", 81)),
        ("https://example.com", "[::1]:81", ("::1", 81)),
        ("https://example.com", "::1:81", ("::1", 81)),
        ("HTTPS://example.com:8443", "", ("127.0.0.1", 8443)),
    ],
)
def test_where_the_webhook_listens(monkeypatch, url, listen, address):
    monkeypatch.setenv("WEBHOOK_URL", url)
    monkeypatch.setenv("WEBHOOK_LISTEN", listen)
    assert load_settings().webhook_address == address


def test_secrets_are_not_shown(monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "12345:secret")
    monkeypatch.setenv("WEBHOOK_SECRET", "hidden")
    shown = repr(load_settings()) + str(load_settings())
    assert "12345:secret" not in shown
    assert "hidden" not in shown


def test_settings_are_frozen():
    with pytest.raises(AttributeError):
        load_settings().log_level = "DEBUG"


def test_secrets_are_gone_from_the_environment_and_from_the_memory_it_was_given_in():
    code = """
import os
from pathlib import Path
from bot.settings import forget_secrets, load_settings
settings = load_settings()
forget_secrets()
print(settings.telegram_bot_token.value, settings.webhook_secret.value, os.environ["ADMIN_IDS"])
print("TELEGRAM_BOT_TOKEN" in os.environ, b"7:secret" in Path("/proc/self/environ").read_bytes(), b"hidden" in Path("/proc/self/environ").read_bytes())
"""
    environment = {**os.environ, "telegram_bot_token": "7:secret", "WEBHOOK_SECRET": "hidden", "ADMIN_IDS": "5"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert ran.stdout.split() == ["7:secret", "hidden", "5", "False", "False", "False"], ran.stderr
