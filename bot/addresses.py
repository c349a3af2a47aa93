"""The addresses of a report's passages on the pages, as every front end writes them."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.models import Span


def passage_query(spans: Sequence[Span]) -> str:
    """Pieces of a report as an address names them: 1523-1561."""
    return ",".join(f"{one.start}-{one.end}" for one in spans)


def anchor(span: Span) -> str:
    """The name that a piece of a report has on its page."""
    return f"c{span.start}-{span.end}"


def passage_address(web_url: str, report_id: int, span: Span) -> str:
    """Where a piece of a report stands marked in the window of a browser."""
    return f"{web_url.rstrip('/')}/reports/{report_id}?c={passage_query((span,))}#{anchor(span)}"


def passage_in_mini_app(web_url: str, report_id: int, span: Span) -> str:
    """The same in the Mini App, whose fragment is Telegram's."""
    return f"{web_url.rstrip('/')}/app/reports/{report_id}?c={passage_query((span,))}"
