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
_ANOTHER = pattern("reports.document.another")
_SPEAKS_SO = pattern("reports.document.speaks_so")
_BODY, _LEAST_WORDS = 3_000, 3  # characters that are looked through for such words; how many different ones tell
_HEAD = 400  # characters in which a text says what it is
_TITLE_LINES, _TITLE = 4, 40  # lines; characters


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
    if title or spoken or {"review", "plan"} <= chapters:
        return "report"
    return "report" if not any(_ANOTHER.search(line) for line in lines if len(line) <= _TITLE) and _is_excerpt(text) else "other"


def _is_excerpt(text: str) -> bool:
    """Whether ``text`` speaks as a report does from its middle on: of several of the things that only governments count."""
    return len({found.group() for found in _SPEAKS_SO.finditer(fold(text[:_BODY]))}) >= _LEAST_WORDS
