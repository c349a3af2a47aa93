"""Every page over a small library: what stands on it, where its links lead, and that its address is all it needs."""

from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from invented import SHIDU, YUNXI, YUNXI_BEFORE, YUNXI_LONG_BEFORE, library_of
from PIL import Image
from web_kit import HOST, site

PREFIX = "/gov"
QUESTION = "云溪镇2025年固定资产投资目标是多少"


def inner(address: str) -> str:
    """An address as a link of a page, from the root of the pages."""
    assert address.startswith(f"{PREFIX}/") or address == PREFIX, address
    return address[len(PREFIX) :]


def links(page: BeautifulSoup, words: str) -> list[str]:
    return [inner(one["href"]) for one in page.select("main a") if words in one.get_text()]


# -- asking -------------------------------------------------------------------------------------------------------------


def test_the_first_page_offers_questions_that_are_answered(pages):
    page = pages.page("/")
    assert "库中有 3 份报告" in page.main.get_text()
    asked = [inner(one["href"]) for one in page.select(".next a")]
    assert len(asked) >= 2
    for address in asked:
        assert pages.page(address).select_one("article.answered")


def test_an_answer_stands_at_the_address_of_its_question(pages):
    page = pages.page("/", params={"q": QUESTION})
    assert page.select_one(".told mark").get_text() == "7%以上，力争8%"
    assert page.h1.get_text() == QUESTION
    assert QUESTION in page.title.get_text()
    quote = page.select_one("blockquote").get_text()
    assert quote in YUNXI
    assert page.select_one("blockquote mark").get_text() == "7%以上"


def test_a_quote_leads_to_where_it_stands_and_is_marked_there(pages):
    page = pages.page("/", params={"q": QUESTION})
    quote = page.select_one("blockquote").get_text()
    (address,) = links(page, "在原文中打开")
    path, _, fragment = address.partition("#")
    report = pages.page(path)
    marked = report.select_one(f"#{fragment}")
    assert marked.name == "mark"
    start, end = map(int, fragment[1:].split("-"))
    assert pages.services.library.text(1)[start:end] == quote
    assert "".join(one.get_text() for one in report.select(".text mark")) == quote


def test_a_follow_up_holds_the_turns_before_it_in_its_address(pages):
    page = pages.page("/", params={"q": [QUESTION, "那GDP呢"]})
    assert "6%左右" in page.select_one(".told").get_text()
    assert [one.get_text() for one in page.select(".turns a")] == [QUESTION]
    assert [one["value"] for one in page.select("form input[type=hidden]")] == [QUESTION, "那GDP呢"]
    going_on = [inner(one["href"]) for one in page.select(".next a")]
    assert going_on
    following = pages.page(going_on[0])
    assert [one.get_text() for one in following.select(".turns a")] == [QUESTION, "那GDP呢"]
    assert following.select_one("article.answered")


@pytest.mark.parametrize(
    "question, status", [("石渡镇2025年社会消费品零售总额增长目标", "blank"), ("云溪镇的地铁有几条", "not_found")]
)
def test_what_is_not_stated_says_so(pages, question, status):
    page = pages.page("/", params={"q": question})
    found = page.select_one("article.answer")["class"]
    assert found[1] in (status, "related")


def test_a_question_that_is_none_is_told_and_asked_again(pages):
    response = pages.get("/", params={"q": "？" * 3})
    assert response.status_code == 400
    assert "alert" in response.text
    assert pages.get("/", params={"q": "问" * 2500}).status_code == 400


def test_a_comparison_has_a_picture(pages):
    page = pages.page("/", params={"q": "各地2025年地区生产总值增长目标分别是多少"})
    picture = page.select_one(".picture img")
    assert "地区生产总值" in picture["alt"]
    drawn = pages.get(inner(picture["src"]))
    assert drawn.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(drawn.content)).width == 1080
    assert pages.get("/chart.png", params={"q": QUESTION}).status_code == 404


def test_an_answer_as_a_picture_to_share(pages):
    drawn = pages.get("/card.png", params={"q": QUESTION})
    assert drawn.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(drawn.content)).size == (1200, 630)
    page = pages.page("/", params={"q": QUESTION})
    shared = page.select_one("meta[property='og:image']")["content"]
    assert shared.startswith("https://reports.example.org/gov/card.png?q=")


# -- a report -----------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("address", ["/reports/1", "/reports/1?c=30-400,420-430", "/reports/1?c=0-99999", "/reports/2"])
def test_a_report_shows_its_whole_text_once(pages, address):
    page = pages.page(address)
    number = int(address.split("/")[2][0])
    assert plain(page.select_one(".text").get_text()) == plain(pages.services.library.text(number))
    ids = [one["id"] for one in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_each_heading_of_the_outline_leads_to_where_it_stands(pages):
    page = pages.page("/reports/1")
    entries = page.select(".outline a")
    assert "二、2025年工作安排" in [one.get_text() for one in entries]
    for one in entries:
        target = page.select_one(one["href"])
        assert target is not None
        assert target.get_text().startswith(one.get_text().rstrip("…")[:10])
    assert [one.get_text() for one in page.select(".text h2")][-2:] == ["二、2025年工作安排", "三、政府自身建设"]


def test_every_passage_has_a_name_of_its_own(pages):
    page = pages.page("/reports/1")
    for one in pages.services.library.passages(1):
        found = page.select_one(f"#c{one.start}-{one.end}")
        assert plain(found.get_text()) in plain(pages.services.library.text(1)[one.start : one.end])


def test_a_piece_that_is_not_there_is_said_to_be_gone(pages):
    assert "报告可能已经更新" in pages.page("/reports/1?c=900000-900001").main.get_text()
    assert "报告可能已经更新" in pages.page("/reports/1?c=seven").main.get_text()
    assert not pages.page("/reports/1?c=9-5").select(".text mark")


def test_a_figure_leads_to_what_was_read_from_it(pages):
    page = pages.page("/reports/1")
    figures = pages.services.library.figures(1)
    shown = page.select(".text a.f")
    assert len(shown) == len({one.start for one in figures})
    read = pages.page(f"/reports/{shown[0]['href']}")
    figure = min(figures, key=lambda one: one.start)
    text = read.select_one("article.figure").get_text()
    assert figure.indicator in text
    assert figure.value in text
    assert "结果" in text
    assert read.select_one("blockquote mark").get_text() == figure.value
    assert pages.get("/reports/1/figures/1").status_code == 404


def test_what_cleaning_removed_is_shown_when_it_is_asked_for(tmp_path):
    library = library_of(tmp_path, YUNXI.replace("各位代表", "— 3 —\n各位代表"))
    try:
        with site(library) as pages:
            plainly = pages.page("/reports/1")
            assert not plainly.select("del")
            (ask,) = [one["href"] for one in plainly.select(".tools a") if "清理掉" in one.get_text()]
            removed = pages.page(ask)
            kinds = [one["title"] for one in removed.select("del")]
            assert "页码" in kinds
            assert any("3" in one.get_text() for one in removed.select("del"))
            for one in removed.select("del"):
                one.decompose()
            assert plain(removed.select_one(".text").get_text()) == plain(library.text(1))
    finally:
        library.close()


def test_the_original_is_a_file_to_keep(pages):
    response = pages.get("/reports/1/original")
    assert response.content == YUNXI.encode()
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="yunxi.txt"'


def test_figures_of_a_report_as_spreadsheets(pages):
    csv = pages.get("/reports/1/figures.csv")
    assert csv.content.decode("utf-8-sig").count("\n") == len(pages.services.library.figures(1)) + 1
    assert csv.headers["content-disposition"].startswith("attachment")
    assert pages.get("/reports/1/figures.xlsx").content.startswith(b"PK")
    assert pages.get("/reports/1/figures.exe").status_code == 404


# -- places, comparisons, lists -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    library = library_of(tmp_path_factory.mktemp("years"), YUNXI, YUNXI_BEFORE, YUNXI_LONG_BEFORE, SHIDU)
    with site(library) as opened:
        yield opened
    library.close()


def test_a_place_shows_its_figures_over_the_years(years):
    page = years.page("/places/云溪镇")
    table = page.select_one("table")
    assert [one.get_text() for one in table.select("thead th[scope=colgroup]")] == ["2022", "2023", "2024", "2025"]
    rows = {row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in table.select("tbody tr")}
    gdp = rows["地区生产总值"]
    assert gdp[0] == "—"
    assert "16.2亿元" in gdp[1]
    assert gdp[2] == "5.5%以上"
    assert gdp[6] == "6%左右"
    for cell in table.select("td a"):
        path, _, fragment = cell["href"].partition("#")
        assert cell.get_text().split(" / ")[0] in years.page(path).select_one(f"#{fragment}").get_text()
    assert Image.open(io.BytesIO(years.get(page.select_one(".picture img")["src"]).content)).width == 1080
    assert len(page.select(".reports a")) == 3
    told = page.select_one(".told").get_text()
    assert "增速" in told
    assert "2025年目标：6%左右" in told  # of the usual measure of both kinds: no target is denied beside an amount


def test_another_indicator_of_a_place_is_chosen_by_its_address(years):
    page = years.page("/places/云溪镇", params={"indicator": "一般公共预算收入"})
    assert "2023年结果：4%" in page.select_one(".told").get_text()
    assert page.select_one("option[selected]").get_text() == "一般公共预算收入"


def test_an_unknown_place_is_said_to_be_unknown(pages):
    response = pages.get("/places/梅岭镇")
    assert response.status_code == 404
    assert "梅岭镇" in response.text


def test_places_of_one_name_are_told_apart(tmp_path):
    elsewhere = YUNXI.replace("松岭区", "竹山区").replace("18.2", "19.3")
    library = library_of(tmp_path, YUNXI, elsewhere)
    try:
        with site(library) as opened:
            chosen = opened.page("/places/云溪镇").select("main a")
            assert sorted(one.get_text() for one in chosen) == ["松岭区云溪镇", "竹山区云溪镇"]
            for one in chosen:
                assert len(opened.page(one["href"]).select(".reports a")) == 1
    finally:
        library.close()


def test_places_are_compared_in_order(pages):
    page = pages.page("/compare", params={"indicator": "GDP", "kind": "target"})
    rows = [[cell.get_text() for cell in row.select("th, td")][:4] for row in page.select("tbody tr")]
    assert rows[0] == ["云溪镇", "6%左右", "目标", "2025"]
    assert ["石渡镇", "5.5％左右", "目标", "2025"] in rows
    assert "最高：" in page.select_one(".told").get_text()
    lowest = pages.page("/compare", params={"indicator": "GDP", "kind": "target", "order": "lowest"})
    assert lowest.select_one("tbody th").get_text() == "石渡镇"
    path, _, fragment = inner(page.select_one("tbody td a")["href"]).partition("#")
    assert "6%左右" in pages.page(path).select_one(f"#{fragment}").get_text()


def test_a_comparison_is_of_the_places_that_were_chosen(pages):
    page = pages.page("/compare", params={"indicator": "GDP", "kind": "target", "place": ["石渡镇"]})
    assert {row.th.get_text() for row in page.select("tbody tr")} == {"石渡镇"}
    assert [one["value"] for one in page.select("input[checked]")] == ["石渡镇"]
    assert pages.page("/compare", params={"indicator": "GDP", "level": "国"}).select("tbody tr") == []
    assert pages.get("/compare", params={"indicator": "GDP", "place": "梅岭镇"}).status_code == 404
    assert pages.get("/compare", params={"indicator": "云朵指数"}).status_code == 400


def test_a_comparison_can_be_kept(pages):
    page = pages.page("/compare", params={"indicator": "GDP", "kind": "target"})
    csv, xlsx = (inner(one["href"]) for one in page.select("a[download]"))
    lines = pages.get(csv).content.decode("utf-8-sig").splitlines()
    assert len(lines) == len(page.select("tbody tr")) + 1
    assert "云溪镇" in lines[1]
    assert pages.get(xlsx).content.startswith(b"PK")
    assert pages.get(inner(page.select_one(".picture img")["src"])).headers["content-type"] == "image/png"
    assert pages.get("/compare.csv").status_code == 404


def test_reports_by_place_level_and_year(pages):
    def found(**params: object) -> list[str]:
        return [one.get_text() for one in pages.page("/reports", params=params).select(".reports > li > a")]

    assert len(found()) == 3
    assert found(place="云溪") == ["松岭区云溪镇2024年政府工作报告"]
    assert found(level="区县") == ["2025年松岭区政府工作报告"]
    assert len(found(year=2025)) == 3
    assert found(year=1999) == []


def test_a_search_shows_what_is_around_its_hits(pages):
    page = pages.page("/search", params={"q": "高标准农田"})
    assert "共 2 处，在 1 份报告里（查了 3 份）" in page.main.get_text()
    hits = page.select(".hits a mark")
    assert [one.get_text() for one in hits] == ["高标准农田"] * 2
    path, _, fragment = inner(hits[0].parent["href"]).partition("#")
    assert pages.page(path).select_one(f"#{fragment}").get_text() == "高标准农田"


def test_a_search_without_hits_shows_what_is_nearest(pages):
    page = pages.page("/search", params={"q": "农民田地改造"})
    assert "共 0 处" in page.main.get_text()
    assert page.select("ul.hits a")


# -- languages, addresses -----------------------------------------------------------------------------------------------


def test_the_language_is_the_browsers_and_can_be_changed(pages):
    english = pages.page("/", headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"})
    assert english.html["lang"] == "en"
    assert "Your question" in english.get_text()
    assert pages.page("/", headers={"Accept-Language": "fr,zh;q=0.5,en;q=0.4"}).html["lang"] == "zh-CN"
    chosen = pages.page("/", params={"q": QUESTION, "lang": "en"})
    assert chosen.html["lang"] == "en"
    assert all("lang=en" in one["href"] for one in chosen.select("main a"))
    (back,) = [one["href"] for one in chosen.select("footer a")]
    assert "lang=zh" in back
    assert pages.page(inner(back)).h1.get_text() == QUESTION


ADDRESSES = ["/", f"/?q={QUESTION}", "/reports", "/reports/1", "/places/云溪镇", "/compare?indicator=GDP", "/search?q=工业"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_of_a_page_leads_somewhere(pages, address):
    page = pages.page(address)
    for one in page.select("a[href], link[href], script[src], img[src]"):
        link = one.get("href") or one.get("src")
        if link.startswith("#"):
            assert page.select_one(link) is not None
        elif "a.f" not in str(one) and "f" not in one.get("class", []):
            assert pages.get(inner(link)).status_code == 200, link


def test_pages_answer_below_the_path_of_their_address_too(pages):
    assert pages.get(f"{PREFIX}/reports/1").text == pages.get("/reports/1").text
    assert pages.get(PREFIX).status_code == 200
    assert pages.get(f"{HOST}/government").status_code == 404
