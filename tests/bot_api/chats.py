"""Methods about chats and who is in them."""

from __future__ import annotations

from typing import Any

from .errors import bad_request
from .methods import method
from .params import Params
from .people import Chat, User
from .world import World


@method
def get_chat(world: World, params: Params) -> dict[str, Any]:
    chat = world.chat(params)
    return chat.wire() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


@method
def get_chat_member(world: World, params: Params) -> dict[str, Any]:
    chat = world.chat(params)
    user_id = params.integer("user_id")
    if user_id is None:
        raise bad_request("invalid user_id specified")
    user = world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    return _member(world, chat, user)


@method
def get_chat_administrators(world: World, params: Params) -> list[dict[str, Any]]:
    chat = world.chat(params)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    return [_member(world, chat, chat.members[user_id]) for user_id in sorted(chat.admins)]


@method
def get_chat_member_count(world: World, params: Params) -> int:
    chat = world.chat(params)
    return 2 if chat.private else len(chat.members) + 1


@method
def leave_chat(world: World, params: Params) -> bool:
    chat = world.chat(params)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    return True


def _member(world: World, chat: Chat, user: User) -> dict[str, Any]:
    return member_wire(user, status(world, chat, user))


def status(world: World, chat: Chat, user: User) -> str:
    if user is world.bot:
        return chat.bot_status
    if user.id in chat.admins:
        return "administrator"
    return "member" if chat.private or user.id in chat.members else "left"


def member_wire(user: User, status: str) -> dict[str, Any]:
    """A member as the Bot API writes it, with the fields each status has to have."""
    member: dict[str, Any] = {"status": status, "user": user.wire()}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        rights = (
            "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
            "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
            "can_delete_stories",
        )  # fmt: skip
        member |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(rights, True)}
    return member
