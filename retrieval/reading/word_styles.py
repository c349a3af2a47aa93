"""Which text of a Word file a person sees: what runs and the styles behind them say of it."""

from __future__ import annotations

import re
from typing import Any

from retrieval.reading.word_package import W

_OFF = ("0", "false", "off", "none")
_TINY = 4  # half points: letters of two points are no letters to anybody
_WHITE = re.compile(r"[Ff][A-Fa-f\d][Ff][A-Fa-f\d][Ff][A-Fa-f\d]")
_DEPTH = 12  # styles that are based on one another
_CONTENTS = re.compile(r"(?:toc|目录)\s*\d", re.I)


class Styles:
    """The styles of a file; a file without any has none that hide."""

    def __init__(self, root: Any) -> None:
        styles = root.iter(f"{W}style") if root is not None else ()
        self._styles = {style.get(f"{W}styleId"): style for style in styles}

    def unseen(self, run: Any, paragraph: Any) -> str | None:
        """Why nobody sees a run's text, as the kind of a removal, or None where it is seen."""
        properties = [run.find(f"{W}rPr")] if run is not None else []
        named = _value(properties[0], "rStyle") if properties and properties[0] is not None else None
        properties += self._of_style(named)
        of_paragraph = paragraph.find(f"{W}pPr") if paragraph is not None else None
        properties += self._of_style(_value(of_paragraph, "pStyle"))
        properties = [one for one in properties if one is not None]
        if _is_on(properties, "vanish") or _is_on(properties, "specVanish"):
            return "hidden"
        if _is_on(properties, "strike") or _is_on(properties, "dstrike"):
            return "struck_out"
        size = next((value for one in properties if (value := _value(one, "sz"))), None)
        if size is not None and size.isdigit() and int(size) <= _TINY:
            return "hidden"
        return "hidden" if self._is_white(properties, run, of_paragraph) else None

    def is_contents(self, paragraph: Any) -> bool:
        """Whether a paragraph is a line of a table of contents."""
        named = _value(paragraph.find(f"{W}pPr"), "pStyle")
        style = self._styles.get(named)
        return bool(_CONTENTS.match(_value(style, "name") or "" if style is not None else named or ""))

    def numbering(self, paragraph: Any) -> Any:
        """The numbering that a paragraph has, by itself or by its style, or None."""
        of_paragraph = paragraph.find(f"{W}pPr")
        own = of_paragraph.find(f"{W}numPr") if of_paragraph is not None else None
        if own is not None:
            return own
        for style in self._chain(_value(of_paragraph, "pStyle")):
            found = style.find(f"{W}pPr/{W}numPr")
            if found is not None:
                return found
        return None

    def _is_white(self, properties: list[Any], run: Any, of_paragraph: Any) -> bool:
        """White letters are unseen, unless something dark lies behind them."""
        color = next((value for one in properties if (value := _value(one, "color"))), None)
        if color is None or not _WHITE.fullmatch(color):
            return False
        if any(_is_dark(one) or _value(one, "highlight") not in (None, "none", "white") for one in [*properties, of_paragraph]):
            return False
        around = list(run.iterancestors()) if run is not None else []
        cells = [one.find(f"{W}tcPr") for one in around if one.tag == f"{W}tc"]
        rows = any(one.find(f"{W}tblPr/{W}tblStyle") is not None for one in around if one.tag == f"{W}tbl")
        boxed = any(one.tag == f"{W}txbxContent" for one in around)
        return not (rows or boxed or any(_is_dark(cell) for cell in cells))

    def _of_style(self, named: str | None) -> list[Any]:
        return [style.find(f"{W}rPr") for style in self._chain(named)]

    def _chain(self, named: str | None) -> list[Any]:
        found: list[Any] = []
        while named in self._styles and len(found) < _DEPTH:
            found.append(self._styles[named])
            named = _value(found[-1], "basedOn")
        return found


def _value(element: Any, name: str) -> str | None:
    found = element.find(f"{W}{name}") if element is not None else None
    return found.get(f"{W}val") if found is not None else None


def _is_on(properties: list[Any], name: str) -> bool:
    """Whether a property is switched on by the nearest that names it."""
    for one in properties:
        found = one.find(f"{W}{name}")
        if found is not None:
            return found.get(f"{W}val", "1") not in _OFF
    return False


def _is_dark(element: Any) -> bool:
    shading = element.find(f"{W}shd") if element is not None else None
    return shading is not None and shading.get(f"{W}fill", "auto").lower() not in ("auto", "ffffff")
