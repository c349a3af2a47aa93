"""Methods about the bot itself: commands, descriptions, updates and webhook."""

from __future__ import annotations

import re
from typing import Any

from .errors import Refused, bad_request
from .methods import async_method, method
from .params import Params
from .world import World

_MOST_COMMANDS = 100
_TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_GENERAL_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


@method
def get_me(world: World, params: Params) -> dict[str, Any]:
    return world.bot.wire() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method
def set_my_commands(world: World, params: Params) -> bool:
    commands = params.nested("commands", "commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array")
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = _scope(world, params)
    checked = [_command(one) for one in commands]
    if checked:
        world.commands[key] = checked
    else:
        world.commands.pop(key, None)
    return True


@method
def get_my_commands(world: World, params: Params) -> list[dict[str, Any]]:
    return world.commands.get(_scope(world, params), [])


@method
def delete_my_commands(world: World, params: Params) -> bool:
    world.commands.pop(_scope(world, params), None)
    return True


def _command(command: Any) -> dict[str, str]:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(command.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    name = command["command"].strip().removeprefix("/")
    description = command["description"].strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not re.fullmatch("[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description}


def _scope(world: World, params: Params) -> tuple[str, Any, str]:
    """The key of a list of commands: scope, chat (for a member: chat and user), language. Raises Refused."""
    language = _language(params)
    scope = params.nested("scope", "bot command scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _GENERAL_SCOPES:
        return kind, None, language
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = world.chat(Params(scope))
    if chat.private and kind != "chat":
        raise bad_request("can't use specified scope in private chats")
    if kind != "chat_member":
        return kind, chat.id, language
    user_id = Params(scope).integer("user_id")
    if user_id not in world.users:
        raise bad_request("user not found")
    return kind, (chat.id, user_id), language


def _language(params: Params) -> str:
    language = params.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def _set_text(world: World, params: Params, name: str) -> bool:
    language = _language(params)
    if len(params.text(name)) > _TEXT_LIMITS[name]:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    world.texts[name, language] = params.text(name)
    return True


def _text(world: World, params: Params, name: str) -> dict[str, str]:
    return {name: world.texts.get((name, _language(params)), world.texts.get((name, ""), ""))}


@method
def set_my_name(world: World, params: Params) -> bool:
    return _set_text(world, params, "name")


@method
def set_my_description(world: World, params: Params) -> bool:
    return _set_text(world, params, "description")


@method
def set_my_short_description(world: World, params: Params) -> bool:
    return _set_text(world, params, "short_description")


@method
def get_my_name(world: World, params: Params) -> dict[str, str]:
    return _text(world, params, "name") if ("name", "") in world.texts else {"name": world.bot.first_name}


@method
def get_my_description(world: World, params: Params) -> dict[str, str]:
    return _text(world, params, "description")


@method
def get_my_short_description(world: World, params: Params) -> dict[str, str]:
    return _text(world, params, "short_description")


@method
def set_chat_menu_button(world: World, params: Params) -> bool:
    chat = world.chat(params) if params.text("chat_id") else None
    button = params.nested("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse MenuButton: Unsupported type specified")
    world.menu_buttons[chat.id if chat else None] = button
    return True


@method
def log_out(world: World, params: Params) -> bool:
    world.logged_out = True
    return True


@method
def close(world: World, params: Params) -> bool:
    return True


# -- updates and webhook ------------------------------------------------------------------------------------------------


@async_method
async def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    _take_allowed(world, params)
    limit = params.integer("limit")
    limit = 100 if limit is None or not 1 <= limit <= 100 else limit
    timeout = min(max(params.integer("timeout") or 0, 0), 50)
    return await world.updates.get(params.integer("offset") or 0, limit, timeout)


@method
def set_webhook(world: World, params: Params) -> bool:
    url = params.text("url")
    secret = params.text("secret_token")
    if url and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch("[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    _take_allowed(world, params)
    webhook = {
        "url": url,
        "secret_token": secret or None,
        "max_connections": params.integer("max_connections") or 40,
        "drop_pending_updates": params.flag("drop_pending_updates"),
    }
    world.updates.set_webhook(webhook if url else None, drop_pending=params.flag("drop_pending_updates"))
    return True


@method
def delete_webhook(world: World, params: Params) -> bool:
    world.updates.set_webhook(None, drop_pending=params.flag("drop_pending_updates"))
    return True


@method
def get_webhook_info(world: World, params: Params) -> dict[str, Any]:
    return world.updates.webhook_info()


def _take_allowed(world: World, params: Params) -> None:
    """Remembers the kinds of updates asked for; where they are not sent, the former ones stay."""
    allowed = params.nested("allowed_updates", "allowed updates")
    if allowed is None:
        return
    if not isinstance(allowed, list) or not all(isinstance(kind, str) for kind in allowed):
        raise _no_list()
    world.updates.allowed = allowed


def _no_list() -> Refused:
    return bad_request("can't parse allowed updates: expected an Array of String")
