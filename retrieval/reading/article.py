"""The article of a web page: the element that holds most of its sentences, with the title before it; the rest is furniture."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from retrieval.language.folding import fold
from retrieval.language.patterns import pattern
from retrieval.reading.raw import FURNITURE_END, FURNITURE_START, LEFT_OUT, left_out, unmarked

_MOST = 0.7  # of the sentences of a page, by their characters: an element with as many holds the article
_SIDE = 0.4  # of the article's: what has more is no side matter, whatever it is called
_TELLS = re.compile(r"[。！？；，]")
_LONG_LINE = 20  # characters: without any mark, too, a piece of text tells something
_TITLES = ("h1", "h2")
_NO_ARTICLES = ("p", "table", "tbody", "tr", "ul", "ol", "li", "span", "font", "blockquote")
_NO_SIDES = ("html", "body", "article", "main", "table", "tbody", "tr", "td", "th", "a", "p", "span", "strong", "b", "font")
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
    return _Page(body, _squeezed(soup.title.get_text()) if soup.title else "").mark()


@dataclass
class _Measure:
    """Of an element: the characters of its text, of those in links, and of those that tell something; its links and items of lists."""

    text: int = 0
    linked: int = 0
    told: int = 0
    links: int = 0
    items: int = 0

    def add(self, other: _Measure) -> None:
        self.text += other.text
        self.linked += other.linked
        self.told += other.told
        self.links += other.links
        self.items += other.items

    @property
    def share(self) -> float:
        """The share of the text that is links."""
        return self.linked / self.text if self.text else 0.0


_NOTHING = _Measure()


class _Page:
    """A page on its way to its article; its elements are measured once, each after those in it."""

    def __init__(self, body: Tag, title: str) -> None:
        self.body = body
        self.title = title
        self.measures: dict[int, _Measure] = {}
        tags = [body, *body.find_all(True)]
        for tag in reversed(tags):
            measure = _Measure(links=int(tag.name == "a"), items=int(tag.name == "li"))
            for child in tag.children:
                measure.add(self.measures.get(id(child), _NOTHING) if isinstance(child, Tag) else _of_text(child))
            if tag.name == "a":
                measure.linked, measure.told = measure.text, 0
            self.measures[id(tag)] = measure

    def of(self, tag: Tag) -> _Measure:
        return self.measures.get(id(tag), _NOTHING)

    def mark(self) -> bool:
        body, whole = self.body, self.of(self.body).told
        more = _next_page(body)
        for tag in body.find_all(_SIDE_TAGS):
            if _stands(tag) and self.of(tag).told <= _SIDE * whole and not tag.find([*_TITLES, "article"]):
                _mark(tag)
        article = self._article(whole)
        if article is not body:
            self._mark_around(article)
        limit = _SIDE * self.of(article).told
        for tag in article.find_all(True):
            if _stands(tag) and self._is_side(tag, limit):
                _mark(tag)
        if more is not None:
            article.append(left_out("more_pages", more))
        return bool(whole) or not _is_shell(body)

    def _article(self, whole: int) -> Tag:
        """The innermost element with most of what is told; of those that are named as articles are the first with any."""
        body = self.body
        for name in _ARTICLE_NAMES:
            found = body.find(id=name) or body.find(class_=name)
            if isinstance(found, Tag) and self.of(found).told > _SIDE * whole:
                return found
        at = body
        while whole:
            inner = next((one for one in at.find_all(True, recursive=False) if self.of(one).told >= _MOST * whole), None)
            if inner is None or inner.name in _NO_ARTICLES:
                return at
            at = inner
        return body

    def _mark_around(self, article: Tag) -> None:
        """Marks what stands around the article; the title before it, and what follows that, belong to it."""
        before: list[PageElement] = []
        after: list[PageElement] = []
        at: Tag | None = article
        while at is not None and at is not self.body:
            before += at.previous_siblings
            after += at.next_siblings
            at = at.parent
        kept = self._from_title(before)
        for one in kept:
            if isinstance(one, Tag):
                _mark_about(one)
        chosen = {id(one) for one in kept}
        for one in [*(one for one in before if id(one) not in chosen), *after]:
            if not self._is_annex(one):
                _mark(one)

    def _from_title(self, before: list[PageElement]) -> list[PageElement]:
        """Of what stands before an article, nearest first: all up to its title, less lists of links."""
        for index, one in enumerate(before):
            if isinstance(one, Tag) and _holds_title(one, self.title):
                return [each for each in before[: index + 1] if not (isinstance(each, Tag) and self.of(each).share > 0.5)]
        return []

    def _is_annex(self, one: PageElement) -> bool:
        """Whether what stands after an article is a table of its own."""
        if not isinstance(one, Tag) or self._is_side(one, 0):
            return False
        return not self.of(one).links and (one.name == "table" or one.find("table") is not None)

    def _is_side(self, tag: Tag, limit: float) -> bool:
        """Whether an element inside an article is side matter: by what it is called, what heads it, or its many links."""
        measure = self.of(tag)
        if tag.name in _NO_SIDES or not measure.text or (limit and measure.told > limit):
            return False
        if _names(tag) & _SIDE_NAMES:
            return True
        if measure.links >= 2 and measure.share > 0.6:
            return True
        return bool(
            (measure.links or measure.items) and measure.text < 3_000 and _SIDE_HEADING.match(_squeezed(tag.get_text()[:200]))
        )


def _of_text(text: PageElement) -> _Measure:
    if not isinstance(text, NavigableString) or isinstance(text, PreformattedString):
        return _NOTHING
    said = _squeezed(LEFT_OUT.sub("", str(text)))
    return _Measure(len(said), 0, len(said) if len(said) >= _LONG_LINE or _TELLS.search(said) else 0)


def _stands(tag: Tag) -> bool:
    """Whether an element is still a part of the page: not of a piece that was marked."""
    return tag.parent is not None and not tag.decomposed


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


def _names(tag: Tag) -> set[str]:
    written = [*(tag.get("class") or []), str(tag.get("id") or "")]
    return {word.lower() for one in written for word in _NAMES.findall(one)}


def _is_shell(body: Tag) -> bool:
    """Whether a page without a sentence is the frame of one that a script fills: menus, lists, and no text."""
    return bool(body.find_all(["ul", "ol", "li", "a", "iframe"])) and body.find("table") is None


def _next_page(body: Tag) -> str | None:
    """Where the next page of an article is, if it has several."""
    for link in body.find_all("a", href=True):
        if _NEXT_PAGE.fullmatch(_squeezed(link.get_text())) and not str(link["href"]).startswith(("javascript:void", "#")):
            return str(link["href"])[:500]
    return None


def _mark(one: PageElement) -> None:
    text = one.get_text(" ", strip=True) if isinstance(one, Tag) else str(one).strip()
    shown = unmarked(LEFT_OUT.sub("", text))
    one.replace_with(f"\n{FURNITURE_START}{shown}{FURNITURE_END}\n" if shown else "\n")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
