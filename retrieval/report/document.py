"""What a text is: a report, news of one, a resolution or a notice about one, or something else."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.models import DocumentKind, Section

_RESOLUTION = pattern("reports.document.resolution")
_NOTICE = pattern("reports.document.notice")
_NEWS_HEAD = pattern("reports.document.news_head")
_NEWS = pattern("reports.document.news")
_GREETING = pattern("reports.document.greeting")
_SPOKEN = pattern("reports.document.spoken")
_HEAD = 400  # characters in which a text says what it is
_TITLE_LINES = 4


def document_kind(text: str, title: str | None, outline: Sequence[Section]) -> DocumentKind:
    """What ``text`` is, by its first lines and by who speaks in it."""
    lines = [line.strip() for line in fold(text[:_HEAD]).split("\n") if line.strip()][:_TITLE_LINES]
    spoken = bool(_GREETING.search(fold(text[:1_500])) or _SPOKEN.search(fold(text[:3_000])))
    if any(_RESOLUTION.search(line) for line in lines) and not spoken:
        return "resolution"
    if any(_NOTICE.search(line) for line in lines) and not spoken:
        return "notice"
    if not spoken and (_NEWS_HEAD.search("\n".join(lines)) or _NEWS.search(fold(text))):
        return "news"
    chapters = {section.period for section in outline if section.heading and section.depth == 1}
    return "report" if title or spoken or {"review", "plan"} <= chapters else "other"
