"""Pages from their templates: what is put in is text, whatever it holds; the words come from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot import wording
from bot.web.assets import address_of
from bot.web.site import Site
from retrieval.language.hidden import visible
from retrieval.messages import LANGUAGES, message, spoken
from retrieval.models import Span

_TAGS = {"zh": "zh-CN", "en": "en"}  # BCP 47


@dataclass(frozen=True)
class Links:
    """Addresses as a page writes them: they stay in the language that was chosen, where one was."""

    site: Site
    lang: str | None = None

    def __call__(self, path: str, fragment: str = "", /, **query: Any) -> str:
        """``query`` leaves out what is None or empty; a list is told one by one."""
        pairs = [(name, str(one)) for name, value in query.items() for one in _several(value)]
        if self.lang and "lang" not in query:
            pairs.append(("lang", self.lang))
        return f"{self.site.path(path, pairs)}{'#' if fragment else ''}{fragment}"

    def from_outside(self, path: str, /, **query: Any) -> str:
        """The whole address, for whoever is elsewhere; empty where the public one is not known."""
        return f"{self.site.url.removesuffix(self.site.prefix)}{self(path, **query)}" if self.site.url else ""

    def in_language(self, path: str, query: Sequence[tuple[str, str]], lang: str) -> str:
        """The same page in another language."""
        return self.site.path(path, [*((name, value) for name, value in query if name != "lang"), ("lang", lang)])


def _several(value: Any) -> Sequence[Any]:
    if isinstance(value, list | tuple):
        return value
    return () if value in (None, "") else (value,)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(t=message, asset=address_of, title_of=wording.title_of, languages=LANGUAGES)
    made.filters["visible"] = visible
    made.filters["zipped"] = lambda names: [(name, name) for name in names]
    return made


def compile_all() -> None:
    """Reads all templates, so that no visitor waits for it."""
    for name in _environment().list_templates():
        _environment().get_template(name)


def page(template: str, links: Links, /, **values: Any) -> str:
    """A page in the language spoken."""
    found = _environment().get_template(template)
    own = {"path": "/", "query": (), "description": "", "picture": ""}
    return found.render({**own, **values}, href=links, tag=_TAGS[spoken()], lang=spoken(), prefix=links.site.prefix)


def emphasised(text: str, spans: Sequence[Span], start: int = 0) -> Markup:
    """``text``, which begins at ``start`` of what ``spans`` are counted in, with them marked."""
    parts: list[str | Markup] = []
    at = start
    shown = visible(text)
    for one in sorted(spans, key=lambda span: span.start):
        first, last = max(one.start, at), min(one.end, start + len(text))
        if first < last:
            marked = Markup("<mark>{}</mark>").format(shown[first - start : last - start])
            parts += [escape(shown[at - start : first - start]), marked]
            at = last
    parts.append(escape(shown[at - start :]))
    return Markup("").join(parts)
