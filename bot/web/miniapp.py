"""The Mini App: one page without content, whose script sends what Telegram signed and shows the pages as everybody sees them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.web.views import View


async def shell(request: Request) -> Response:
    """``/app/reports/7?c=1523-1561`` shows ``/reports/7?c=1523-1561`` inside Telegram."""
    view = View.of(request)
    plain = request.scope["path"].removeprefix("/app") or "/"
    query = request.url.query
    return view.page("app.html", plain=f"{view.site.prefix}{plain}{'?' if query else ''}{query}")
