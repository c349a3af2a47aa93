"""The fields of messages that are no text: photos, voice, places and the rest a person may send to a bot."""

from __future__ import annotations

import secrets
from typing import Any

from .sending import document_wire
from .world import World

_TIMED = {"voice": "audio/ogg", "audio": "audio/mpeg", "video": "video/mp4", "animation": "video/mp4", "video_note": "video/mp4"}


def media_fields(world: World, kind: str, content: bytes) -> dict[str, Any]:
    """What a message of this kind holds. Raises ValueError for a kind not known here."""
    match kind:
        case "photo":
            return {"photo": [{**_file(world, kind, content), "width": side, "height": side} for side in (90, 800)]}
        case "sticker":
            shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "🙂"}
            return {"sticker": _file(world, kind, content) | shape}
        case "voice" | "audio" | "video" | "animation" | "video_note":
            timed = _file(world, kind, content) | {"duration": 3}
            if kind != "video_note":
                timed["mime_type"] = _TIMED[kind]
            if kind in ("video", "animation"):
                timed |= {"width": 320, "height": 240}
            if kind == "video_note":
                timed["length"] = 240
            # Telegram gives animations as documents too, for bots from before there were animations.
            document = {"document": document_wire(world.add_file("a.mp4", content, "video/mp4"))} if kind == "animation" else {}
            return {kind: timed} | document
        case "location":
            return {"location": {"latitude": 30.5, "longitude": 114.3}}
        case "venue":
            place = {"latitude": 30.5, "longitude": 114.3}
            return {"location": place, "venue": {"location": place, "title": "镇政府", "address": "云溪镇"}}
        case "contact":
            return {"contact": {"phone_number": "+8613800000000", "first_name": "联系人"}}
        case "dice":
            return {"dice": {"emoji": "🎲", "value": 4}}
        case "poll":
            options = [{"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate("甲乙")]
            flags = {"is_closed": False, "is_anonymous": True, "allows_multiple_answers": False, "total_voter_count": 0}
            more = {"allows_revoting": True, "members_only": False}
            poll = {"id": secrets.token_hex(8), "question": "？", "options": options, "type": "regular", **flags, **more}
            return {"poll": poll}
    raise ValueError(f"no such kind of message here: {kind}")


def _file(world: World, kind: str, content: bytes) -> dict[str, Any]:
    file = world.add_file(kind, content, _TIMED.get(kind, "application/octet-stream"))
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}
