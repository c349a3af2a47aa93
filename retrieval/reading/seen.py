"""Which text of a web page a person sees: elements that its styles hide or strike out are left out with their kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag

from retrieval.reading.raw import left_out

_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,2000})\}")
_PLAIN_SELECTOR = re.compile(r"[A-Za-z][\w-]*|(?:[A-Za-z][\w-]*)?[.#][\w-]+")
_OTHER_MEDIA = re.compile(r"@(?:media\s+(?:print|speech)|font-face|keyframes|-webkit-keyframes)\b")
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$|!)|font-size:(?:0|1px|1pt)(?:\D|$)|mso-hide:all"
    r"|(?:left|top|text-indent|margin-left|right):-\d{4,}|clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%"
    r"|(?:^|;)(?:width|height|max-height|max-width):0(?:px|pt|em)?(?:;|$|!)[^}]*overflow:hidden|overflow:hidden[^}]*(?:^|;)(?:height|max-height|width):0(?:px|pt|em)?(?:;|$|!)"
    r"|transform:scale\(0\)"
)
_STRIKING = re.compile(r"text-decoration(?:-line)?:[^;]{0,40}line-through")
_WHITE = re.compile(
    r"(?:^|;)color:(?:white|#f[0-9a-f]?f[0-9a-f]?f[0-9a-f]?|rgba?\(25[0-5],25[0-5],25[0-5](?:,1)?\)|transparent|rgba\([\d,]+,0\))(?:;|$|!)"
)
_BACKGROUND = re.compile(r"background(?:-color|-image)?:(?!(?:white|#fff(?:fff)?|transparent|none|inherit|initial)(?:;|$|!))")
_MOST_RULES = 5_000
_SHOWN_BY_SCRIPTS = ("js_content",)  # WeChat hides its articles until a script has run
_STRUCK_TAGS = ("del", "s", "strike")


def leave_out_unseen(soup: BeautifulSoup) -> None:
    """Puts what nobody sees of a page out of its text, in place."""
    rules = dict(_rules(soup))
    for tag in soup.find_all(["script", "style", "noscript", "template", "select", "textarea", "button"]):
        tag.decompose()
    for tag in soup.find_all(_STRUCK_TAGS):
        _leave(tag, "struck_out")
    for tag in soup.find_all(["rt", "rp"]):
        _leave(tag, "ruby")
    for tag in soup.find_all(True) if rules else ():
        if said := ";".join(filter(None, map(rules.get, _selectors(tag)))):
            tag["style"] = f"{said};{tag.get('style', '')}"  # its own comes later, and counts for more
    for tag in soup.find_all(lambda tag: tag.has_attr("style") or tag.has_attr("hidden") or tag.has_attr("color")):
        if tag.decomposed or tag.parent is None or tag.get("id") in _SHOWN_BY_SCRIPTS:
            continue
        kind = _unseen(tag)
        if kind:
            _leave(tag, kind)


def _rules(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """The rules of a page's own style sheets that hide something: a plain selector, and what is said of it."""
    count = 0
    for sheet in soup.find_all("style"):
        if str(sheet.get("media", "")).strip().lower() in ("print", "speech"):
            continue
        written = re.sub(r"/\*.{0,5000}?\*/", "", sheet.get_text(), flags=re.S)
        for match in _RULE.finditer(_of_the_screen(written)):
            said = _squeezed(match.group(2))
            if not (_HIDING.search(said) or _STRIKING.search(said) or _WHITE.search(said)):
                continue
            for selector in match.group(1).split(","):
                count += 1
                if count <= _MOST_RULES and _PLAIN_SELECTOR.fullmatch(selector.strip()):
                    yield selector.strip(), said


def _of_the_screen(sheet: str) -> str:
    """A style sheet without the blocks that are for printing, or no rules of elements."""
    kept, at = [], 0
    while found := _OTHER_MEDIA.search(sheet, at):
        kept.append(sheet[at : found.start()])
        depth, end = 0, len(sheet)
        for brace in re.finditer(r"[{}]", sheet[found.end() :]):
            depth += 1 if brace.group() == "{" else -1
            if depth <= 0:
                end = found.end() + brace.end()
                break
        at = end
    return "".join([*kept, sheet[at:]])


def _selectors(tag: Tag) -> list[str]:
    """The plain selectors that an element answers to; the weaker first."""
    if tag.name in ("html", "body"):
        return []
    classes: list[str] = list(tag.get("class") or [])
    marks = [*(f".{one}" for one in classes), *([f"#{tag['id']}"] if tag.get("id") else [])]
    return [tag.name, *marks, *(f"{tag.name}{mark}" for mark in marks)]


def _unseen(tag: Tag) -> str | None:
    said = _effective(str(tag.get("style", "")))
    if tag.has_attr("hidden") and "display:" not in said:
        return "hidden"
    if _HIDING.search(said):
        return "hidden"
    if _STRIKING.search(said):
        return "struck_out"
    color = _squeezed(str(tag.get("color", "")))
    if (_WHITE.search(said) or _WHITE.search(f"color:{color}")) and not _has_background(tag, said):
        return "hidden"
    return None


def _effective(style: str) -> str:
    """A style of which each property is said once, as it was said last; one that is important stays."""
    last: dict[str, str] = {}
    for one in _squeezed(style).split(";"):
        name, mark, value = one.partition(":")
        if mark and not ("!important" in last.get(name, "") and "!important" not in value):
            last[name] = value
    return ";".join(f"{name}:{value}" for name, value in last.items())


def _has_background(tag: Tag, said: str) -> bool:
    """Whether something of another colour may lie behind white letters."""
    if _BACKGROUND.search(said):
        return True
    around = [tag, *tag.parents]
    return any(
        isinstance(one, Tag)
        and (_BACKGROUND.search(_squeezed(str(one.get("style", "")))) or one.get("bgcolor") or one.get("background"))
        for one in around
    )


def _squeezed(style: str) -> str:
    return re.sub(r"\s+", "", style).lower()


def _leave(tag: Tag, kind: str) -> None:
    text = tag.get_text(" ", strip=True)
    tag.replace_with(left_out(kind, text) if text else "")
