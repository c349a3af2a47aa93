"""What the handlers of all pages share: the library's thread, the addresses, and what an address asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from bot.addresses import anchor, passage_query
from bot.conversation.services import AnsweringServices
from bot.web import templates
from bot.web.site import Site
from bot.web.templates import Links
from retrieval.answers.answerer import Answerer
from retrieval.library import Library
from retrieval.models import Kind, Span

P = ParamSpec("P")
R = TypeVar("R")
_PIECE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,9}")
_MOST_PIECES = 20
_LONGEST = 200


@dataclass(frozen=True)
class View:
    """One request, with what it is answered from."""

    request: Request
    services: AnsweringServices
    site: Site

    @classmethod
    def of(cls, request: Request) -> View:
        state = request.scope["state"]
        return cls(request, state["services"], state["site"])

    @property
    def library(self) -> Library:
        return self.services.library

    @property
    def answerer(self) -> Answerer:
        return self.services.answerer

    @property
    def links(self) -> Links:
        return Links(self.site, self.request.scope["state"]["lang"])

    def passage(self, report_id: int, span: Span) -> str:
        """The address of a piece of a report: it is marked there, and in the window."""
        return self.links(f"/reports/{report_id}", anchor(span), c=passage_query((span,)))

    async def answered(self, function: Callable[Concatenate[View, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls what reads the library with this view, in its thread; all that it reads is of one moment."""

        def of_one_moment() -> R:
            with self.library.snapshot():
                return function(self, *args, **kwargs)

        return await self.services.answered(of_one_moment)

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """A page; it knows its own address."""
        own = {"path": self.request.scope["path"], "query": tuple(self.request.query_params.multi_items())}
        body = templates.page(template, self.links, **own, **values)
        return Response(body, status, media_type="text/html")

    # -- what the address asks for -----------------------------------------------------------------------------

    def text(self, name: str) -> str:
        return self.request.query_params.get(name, "").strip()[:_LONGEST]

    def texts(self, name: str) -> list[str]:
        return [one.strip() for one in self.request.query_params.getlist(name) if one.strip()]

    def number(self, name: str) -> int | None:
        """A number of the address; None where it names none."""
        said = self.text(name)
        return int(said) if _NUMBER.fullmatch(said) else None

    def kind(self) -> Kind | None:
        kinds: dict[str, Kind] = {"target": "target", "actual": "actual"}
        return kinds.get(self.text("kind"))

    def pieces(self, length: int) -> list[Span]:
        """The pieces of a text of so many characters that the address names, as ``c=1523-1561``."""
        named = (_PIECE.fullmatch(one.strip()) for one in self.text("c").split(",")[:_MOST_PIECES])
        spans = [Span(int(one[1]), int(one[2])) for one in named if one]
        return [one for one in spans if one.start < one.end <= length]
