"""The article of a web page: the element that holds most of its sentences, with the title before it; the rest is furniture."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.reading.raw import FURNITURE_END, FURNITURE_START, LEFT_OUT, left_out, unmarked

_MOST = 0.7  # of the sentences of a page, by their characters: an element with as many holds the article
_SIDE = 0.4  # of the article's: what has more is no side matter, whatever it is called
_SENTENCE = re.compile(r"[^。！？；\n]{6,}[。！？；]")
_TITLES = ("h1", "h2")
_SIDE_TAGS = ("nav", "header", "footer", "form", "aside")
_NAMES = re.compile(r"[a-z]+|[A-Z][a-z]*")
_SIDE_NAMES = frozenset(
    [
        "side",
        "sidebar",
        "aside",
        "related",
        "relate",
        "relevant",
        "recommend",
        "recommended",
        "hot",
        "hots",
        "rank",
        "ranking",
        "share",
        "sharing",
        "comment",
        "comments",
        "reply",
        "foot",
        "footer",
        "copyright",
        "nav",
        "navigation",
        "menu",
        "breadcrumb",
        "breadcrumbs",
        "crumb",
        "crumbs",
        "location",
        "position",
        "toolbar",
        "tools",
        "print",
        "qrcode",
        "login",
        "search",
        "advert",
        "advertisement",
        "banner",
        "pager",
        "pages",
        "pagination",
        "paging",
        "friendlink",
        "links",
        "prevnext",
        "siblings",
        "widget",
    ]
)
# What content systems call the element with the article.
_ARTICLE_NAMES = ("UCAP-CONTENT", "js_content", "TRS_Editor", "Zoom", "zoom", "vsb_content", "art_content", "articleContent")
_NEXT_PAGE = pattern("tables.page.next")
_ABOUT = pattern("tables.page.about")
_SOURCE = pattern("tables.page.source")
_SIDE_HEADING = pattern("tables.page.side")


def mark_furniture(soup: BeautifulSoup) -> bool:
    """Marks all but the article of a page as furniture, in place. False where the page has no article."""
    body = soup.body or soup
    more = _next_page(body)
    for tag in body.find_all(_SIDE_TAGS):
        if tag.parent is not None and not tag.find([*_TITLES, "article"]) and _sentences(tag) <= _SIDE * _sentences(body):
            _mark(tag)
    title = _squeezed(soup.title.get_text()) if soup.title else ""
    whole = _sentences(body)
    article = _article(body, whole)
    if article is not body:
        _mark_around(body, article, title)
    for tag in [*article.find_all(True)]:
        if tag.parent is not None and _is_side(tag, _sentences(article)):
            _mark(tag)
    if more is not None:
        article.append(left_out("more_pages", more))
    return bool(whole) or not _is_shell(body)


def _article(body: Tag, whole: int) -> Tag:
    """The innermost element with most of the sentences; of those that are named as articles are the first with any."""
    for name in _ARTICLE_NAMES:
        found = body.find(attrs={"id": name}) or body.find(class_=name)
        if isinstance(found, Tag) and _sentences(found) > _SIDE * whole:
            return found
    at = body
    while whole:
        inner = next((one for one in at.find_all(True, recursive=False) if _sentences(one) >= _MOST * whole), None)
        if inner is None or inner.name in ("p", "table", "tbody", "tr", "ul", "ol", "li", "span", "font", "blockquote"):
            return at
        at = inner
    return body


def _mark_around(body: Tag, article: Tag, title: str) -> None:
    """Marks what stands around the article; the title before it, and what follows that, belong to it."""
    before: list[Tag | NavigableString] = []
    after: list[Tag | NavigableString] = []
    at: Tag | None = article
    while at is not None and at is not body:
        before += [one for one in at.previous_siblings if isinstance(one, Tag | NavigableString)]
        after += [one for one in at.next_siblings if isinstance(one, Tag | NavigableString)]
        at = at.parent
    kept = _from_title(before, title)
    for one in kept:
        if isinstance(one, Tag):
            _mark_about(one)
    for one in [*(one for one in before if one not in kept), *after]:
        if _is_own_foot(one):
            continue
        _mark(one)


def _from_title(before: list[Tag | NavigableString], title: str) -> list[Tag | NavigableString]:
    """Of what stands before an article, nearest first: all up to its title, less lists of links."""
    for index, one in enumerate(before):
        if isinstance(one, Tag) and _holds_title(one, title):
            return [each for each in before[: index + 1] if not (isinstance(each, Tag) and _links(each) > 0.5)]
    return []


def _mark_about(tag: Tag) -> None:
    """Marks lines about an article (when it appeared, how large its letters are to be), but for its source."""
    for line in [tag, *tag.find_all(True)]:
        text = " ".join(line.get_text(" ").split())
        if line.parent is None or line.find([*_TITLES, "p"]) or len(text) > 200 or not _ABOUT.search(fold(text)):
            continue
        source = _SOURCE.search(fold(text))
        said = f"{text[: source.start()]}{text[source.end() :]}" if source else text
        kept = f"\n{text[source.start() : source.end()]}\n" if source else ""
        line.replace_with(f"\n{FURNITURE_START}{unmarked(said)}{FURNITURE_END}\n{kept}")


def _holds_title(tag: Tag, title: str) -> bool:
    if tag.name in _TITLES or tag.find(_TITLES):
        return True
    text = _squeezed(tag.get_text())
    named = "title" in _names(tag) or any("title" in _names(one) for one in tag.find_all(True, limit=50))
    return 4 < len(text) < 300 and (named or (bool(title) and text[:20] in title))


def _is_own_foot(one: Tag | NavigableString) -> bool:
    """Whether what stands after an article is a table or a text of its own: an annex."""
    if not isinstance(one, Tag) or _is_side(one, 0) or _links(one) > 0.3:
        return False
    return one.name == "table" or (one.find("table") is not None and not one.find_all("a"))


def _is_side(tag: Tag, sentences: int) -> bool:
    """Whether an element inside an article is side matter: by what it is called, what heads it, or its many links."""
    if tag.name in (
        "html",
        "body",
        "article",
        "main",
        "table",
        "tbody",
        "tr",
        "td",
        "th",
        "a",
        "p",
        "span",
        "strong",
        "b",
        "font",
    ):
        return False
    if sentences and _sentences(tag) > _SIDE * sentences:
        return False
    if _names(tag) & _SIDE_NAMES:
        return True
    text = _squeezed(tag.get_text())
    if not text:
        return False
    if _SIDE_HEADING.match(text) and len(text) < 3_000 and (tag.find("a") or tag.find("li")):
        return True
    return len(tag.find_all("a")) >= 2 and _links(tag) > 0.6


def _names(tag: Tag) -> set[str]:
    written = [*(tag.get("class") or []), str(tag.get("id") or "")]
    return {word.lower() for one in written for word in _NAMES.findall(one)}


def _links(tag: Tag) -> float:
    """The share of an element's text that is links."""
    text = len(_squeezed(tag.get_text()))
    return sum(len(_squeezed(link.get_text())) for link in tag.find_all("a")) / text if text else 0.0


def _sentences(tag: Tag) -> int:
    """How many characters of an element stand in sentences that are no link."""
    linked = {id(text) for link in tag.find_all("a") for text in link.find_all(string=True)}
    pieces = (LEFT_OUT.sub("", str(text)) for text in tag.find_all(string=True) if id(text) not in linked)
    return sum(len(sentence) for sentence in _SENTENCE.findall("".join(pieces)))


def _is_shell(body: Tag) -> bool:
    """Whether a page without a sentence is the frame of one that a script fills: menus, lists, and no text."""
    return bool(body.find_all(["ul", "ol", "li", "a", "iframe"])) and body.find("table") is None


def _next_page(body: Tag) -> str | None:
    """Where the next page of an article is, if it has several."""
    for link in body.find_all("a", href=True):
        if _NEXT_PAGE.fullmatch(_squeezed(link.get_text())) and not str(link["href"]).startswith(("javascript:void", "#")):
            return str(link["href"])[:500]
    return None


def _mark(one: Tag | NavigableString) -> None:
    text = one.get_text(" ", strip=True) if isinstance(one, Tag) else str(one).strip()
    shown = unmarked(LEFT_OUT.sub("", text))
    one.replace_with(f"\n{FURNITURE_START}{shown}{FURNITURE_END}\n" if shown else "\n")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
