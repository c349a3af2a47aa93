"""Telegram's HTML, read as TDLib's ``do_parse_html`` reads it, with its error texts.

Stricter in one point: TDLib drops a quotation inside a quotation silently, here it is refused.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .errors import Refused, bad_request

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\r\n\0\v"
_PLAIN = re.compile("[^<&]+")
_CHARACTER = re.compile("&(?:#x([0-9A-Fa-f]{1,7})|#([0-9]{1,8})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_UNTIL_SPACE = re.compile(f"[^{_SPACE}>]*")
_ATTRIBUTE = re.compile(f"[^{_SPACE}=>]*")
_NAME_TOKEN = re.compile("[A-Za-z0-9.-]*")
_LINK = re.compile(r"(?:https?|tg|ton|tonsite)://[^\s/]+\S*|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[:/?#]\S*)?", re.IGNORECASE)
_USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)")


def utf16(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(char > "\uffff" for char in text)


class _Open(NamedTuple):
    tag: str
    argument: str
    offset: int
    start: int  # where its text starts in the output, by pieces


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without its tags, and the entities in the order their tags close. Raises Refused."""
    return _Parser(source).run()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def run(self) -> tuple[str, list[dict[str, Any]]]:
        while self.at < len(self.source):
            if self._here() == "<":
                self._tag()
            elif self._here() == "&":
                self._emit(self._character())
            else:
                self._emit(self._take(_PLAIN))
        if self.open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.out), self.entities

    def _here(self) -> str:
        return self.source[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        assert found
        self.at = found.end()
        return found[0]

    def _skip_spaces(self) -> None:
        while self._here() and self._here() in _SPACE:
            self.at += 1

    def _emit(self, piece: str) -> None:
        self.out.append(piece)
        self.length += utf16(piece)

    def _character(self) -> str:
        """The character written as an entity; an ampersand that starts none stands for itself."""
        found = _CHARACTER.match(self.source, self.at)
        char = _NAMED[found[3]] if found and found[3] else ""
        if found and not found[3]:
            code = int(found[1], 16) if found[1] else int(found[2])
            char = chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else ""
        if not found or not char:
            self.at += 1
            return "&"
        self.at = found.end()
        return char

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self._here() == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)
        self.at += 1  # the ">"

    def _start_tag(self, begin: int) -> None:
        tag = self._take(_UNTIL_SPACE).lower()
        if not self._here():
            raise self._refused("Unclosed start tag", begin)
        if tag not in TAGS:
            raise self._refused(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while True:
            self._skip_spaces()
            if self._here() == ">":
                break
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument
            if not self._here():
                raise self._refused("Unclosed start tag", begin)
        if tag == "span" and argument != "spoiler":
            raise self._refused('Tag "span" must have class "tg-spoiler"', begin)
        if tag == "tg-emoji" and not argument.isdecimal():
            raise _unparsable("Invalid custom emoji identifier specified")
        if tag == "blockquote" and any(one.tag == tag for one in self.open):
            raise self._refused("Blockquotes can't be nested", begin)
        self.open.append(_Open(tag, argument, self.length, len(self.out)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        if not self._here():
            raise self._refused("Unclosed start tag", begin)
        name = self._take(_ATTRIBUTE).lower()
        if not name:
            raise self._refused(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip_spaces()
        if self._here() != "=":
            if (tag, name) == ("blockquote", "expandable"):
                return name, "1"
            raise self._refused(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        self.at += 1
        self._skip_spaces()
        quote = self._here()
        if quote and quote in "'\"":
            self.at += 1
            return name, self._quoted(quote)
        token_begin = self.at
        value = self._take(_NAME_TOKEN).lower()
        if self._here() and self._here() not in _SPACE + ">":
            raise self._refused("Unexpected end of name token", token_begin)
        return name, value

    def _quoted(self, quote: str) -> str:
        value = []
        while self._here() and self._here() != quote:
            if self._here() == "&":
                value.append(self._character())
            else:
                value.append(self._here())
                self.at += 1
        self.at += 1
        return "".join(value)

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise self._refused("Unexpected end tag", begin)
        self.at += 1
        name = self._take(_UNTIL_SPACE).lower()
        self._skip_spaces()
        if self._here() != ">":
            raise self._refused("Unclosed end tag", begin)
        opened = self.open.pop()
        if name and name != opened.tag:
            where = self._offset(begin)
            raise _unparsable(f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{name}>"')
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: dict[str, Any] = {"type": TAGS[opened.tag], "offset": opened.offset, "length": self.length - opened.offset}
        last = self.entities[-1] if self.entities else {}
        if opened.tag == "a" and not _link_into(entity, opened.argument or "".join(self.out[opened.start :])):
            return
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        if opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        if opened.tag == "pre" and last.get("type") == "code" and _covers_same(last, entity) and "language" in last:
            last["type"] = "pre"
            return
        self.entities.append(entity)

    def _refused(self, what: str, position: int) -> Refused:
        return _unparsable(f"{what} at byte offset {self._offset(position)}")

    def _offset(self, position: int) -> int:
        return len(self.source[:position].encode())


def _unparsable(what: str) -> Refused:
    return bad_request(f"can't parse entities: {what}")


def _argument(tag: str, name: str, value: str) -> str:
    """The part of an attribute that means something; unknown attributes are ignored, as Telegram does."""
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "1"
    return ""


def _link_into(entity: dict[str, Any], url: str) -> bool:
    """Whether a link leads anywhere; Telegram shows others as plain text, without a refusal."""
    if found := _USER_LINK.fullmatch(url):
        entity |= {"type": "text_mention", "user": {"id": int(found[1]), "is_bot": False, "first_name": ""}}
    elif _LINK.fullmatch(url):
        entity["url"] = url if "://" in url else f"http://{url}"
    else:
        return False
    return True


def _covers_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one["offset"], one["length"]) == (other["offset"], other["length"])
