"""The pages in a real Chromium: asking, quotes in the window, a phone, the keyboard, without scripts, the Mini App."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Iterator
from importlib import resources
from urllib.parse import quote, urlencode

import pytest
from invented import SHIDU, SONGLING, YUNXI, YUNXI_BEFORE, YUNXI_LONG_BEFORE, library_of
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from web_kit import KEY, TOKEN, start_data

from bot.conversation.services import AnsweringServices
from bot.settings import settings_from
from bot.web.application import may_use
from bot.web.running import WebServer

QUESTION = "云溪镇2025年固定资产投资目标是多少"
ASKED = f"/?q={quote(QUESTION)}"
PAGES = [
    "/",
    ASKED,
    "/reports",
    "/reports/1",
    "/reports/1?removed=1",
    f"/places/{quote('云溪镇')}",
    "/compare?indicator=GDP&kind=target",
]
PAGES += [f"/search?q={quote('工业')}", "/nothing"]
PHONE = {"width": 390, "height": 844}


class Serving:
    """The pages on a port of this machine, in a thread of their own."""

    def __init__(self, library: object, **settings: str) -> None:
        self.ready = threading.Event()
        self.address = ""
        self._server: WebServer | None = None
        read = settings_from({"WEB_LISTEN": "127.0.0.1:0", **settings})
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(read, library)))

    async def _serve(self, settings, library) -> None:
        services = AnsweringServices(settings, library)
        self._server = WebServer(services, may_use(settings), requests_a_minute=100_000)
        self.address = f"http://127.0.0.1:{self._server.address[1]}"
        self.ready.set()
        await self._server.run_until_stopped()
        await services.close()

    def __enter__(self) -> Serving:
        self._thread.start()
        assert self.ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.stop()
        self._thread.join(20)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    texts = (YUNXI.replace("各位代表", "— 3 —\n各位代表"), SHIDU, SONGLING, YUNXI_BEFORE, YUNXI_LONG_BEFORE)
    opened = library_of(tmp_path_factory.mktemp("browser"), *texts)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def served(library) -> Iterator[str]:
    with Serving(library) as serving:
        yield serving.address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    options = getattr(request, "param", {})
    opened = chromium.new_context(base_url=served, locale="zh-CN", **{"viewport": {"width": 1280, "height": 900}, **options})
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    opened = context.new_page()
    opened.problems = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on("console", lambda told: opened.problems.append(told.text) if told.type == "error" else None)
    return opened


def is_in_window(page: Page, selector: str) -> bool:
    """Whether an element, or its first line, is seen: in the window and not under the head of the page."""
    return page.eval_on_selector(
        selector,
        """one => { const box = one.getClientRects()[0], head = document.querySelector(".top").getBoundingClientRect();
        return box.top >= head.bottom - 1 && box.top < innerHeight; }""",
    )


# -- asking and reading -------------------------------------------------------------------------------------------------


def test_ask_go_on_and_open_the_quote(page: Page):
    page.goto("/")
    page.get_by_label("您的问题").fill(QUESTION)
    page.get_by_role("button", name="提问").click()
    expect(page.locator(".told mark")).to_have_text("7%以上，力争8%")
    following = page.locator(".next a").first
    words = following.inner_text()
    following.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    expect(page.locator("article.answered")).to_be_visible()
    said = page.locator("blockquote").first.inner_text()
    page.get_by_role("link", name="在原文中打开").first.click()
    page.wait_for_url("**/reports/*")
    fragment = page.url.partition("#")[2]
    assert page.locator(f"mark[id='{fragment}']").inner_text().strip() == said.strip()
    assert is_in_window(page, f"mark[id='{fragment}']")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    assert page.problems == []


def test_a_piece_named_by_the_fragment_alone_is_marked(page: Page, library):
    start = library.text(1).index("（二）做优特色农业")
    page.goto(f"/reports/1#c{start + 3}-{start + 41}")
    page.wait_for_url("**c=*")
    expect(page.locator(f"#c{start + 3}-{start + 41}")).to_be_visible()
    assert is_in_window(page, f"#c{start + 3}-{start + 41}")


def test_a_figure_tells_what_was_read_from_it(page: Page):
    page.goto("/reports/1")
    page.locator("a.f").first.click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("地区生产总值")
    expect(dialog).to_contain_text("18.2亿元")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.problems == []


def test_what_cleaning_removed_is_shown_on_request(page: Page):
    page.goto("/reports/1")
    page.get_by_role("link", name="显示清理掉的内容").click()
    expect(page.locator("del").filter(has_text="— 3 —")).to_be_visible()
    page.get_by_role("link", name="不显示清理掉的内容").click()
    expect(page.locator("del")).to_have_count(0)


# -- how it is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("context", [{"viewport": PHONE}, {"viewport": {"width": 320, "height": 600}}], indirect=True)
def test_a_phone_never_scrolls_sideways(page: Page):
    for address in PAGES:
        page.goto(address, wait_until="domcontentloaded")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


@pytest.mark.parametrize("context", [{"java_script_enabled": False, "viewport": PHONE}], indirect=True)
def test_without_scripts_all_is_there(page: Page):
    page.goto("/")
    page.get_by_label("您的问题").fill(QUESTION)
    page.get_by_role("button", name="提问").click()
    expect(page.locator(".told mark")).to_have_text("7%以上，力争8%")
    page.get_by_role("link", name="在原文中打开").first.click()
    expect(page.locator("mark")).to_contain_text("7%以上")
    top = page.locator("mark").first.bounding_box()["y"]
    assert 0 < top < PHONE["height"]
    page.locator("mark a.f").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("从这个数字读出了什么")


def test_the_keyboard_alone_will_do(page: Page):
    page.goto("/")
    expect(page.get_by_label("您的问题")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("article.answered")).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "在原文中打开":
            break
    outlined = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outlined) == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/1*")
    page.locator("mark a.f").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto("/reports/1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "context",
    [{"color_scheme": "light", "bypass_csp": True}, {"color_scheme": "dark", "bypass_csp": True, "viewport": PHONE}],
    ids=["light", "dark"],
    indirect=True,
)
def test_the_checker_of_accessibility_finds_nothing(page: Page):
    for address in [*PAGES, f"{ASKED}&lang=en"]:
        page.goto(address, wait_until="domcontentloaded")
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        wrong = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
        assert wrong == [], address


@pytest.mark.parametrize("context", [{"color_scheme": "dark"}], indirect=True)
def test_dark_is_dark(page: Page):
    page.goto("/reports/1")
    red = page.evaluate("parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    assert red < 60


def test_nothing_comes_from_elsewhere(page: Page, served: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in PAGES:
        page.goto(address, wait_until="domcontentloaded")
    assert {one for one in asked if not one.startswith(served)} == set()
    assert page.context.cookies() == []


# -- the Mini App -------------------------------------------------------------------------------------------------------

THEME = {"bg_color": "#102030", "text_color": "#fefefe", "link_color": "#66ccff", "secondary_bg_color": "#203040", "evil": "red"}


@pytest.fixture(scope="module")
def closed(library) -> Iterator[str]:
    with Serving(library, WEB_ACCESS=KEY, TELEGRAM_BOT_TOKEN=TOKEN, ALLOWED_CHAT_IDS="7") as serving:
        yield serving.address


def started(address: str, path: str, data: str) -> str:
    fragment = urlencode({"tgWebAppData": data, "tgWebAppVersion": "8.0", "tgWebAppThemeParams": json.dumps(THEME)})
    return f"{address}/app{path}#{fragment}"


def test_the_mini_app_opens_at_the_passage(page: Page, closed: str, library):
    start = library.text(1).index("白茶产业综合产值达到")
    page.goto(started(closed, f"/reports/1?c={start}-{start + 10}", start_data(7)))
    expect(page.locator("mark")).to_have_text("白茶产业综合产值达到")
    assert is_in_window(page, "mark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 32, 48)"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.locator("a.f").first.click()
    expect(page.locator("dialog[open]")).to_contain_text("地区生产总值")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="比较", exact=True).click()
    page.get_by_label("指标").fill("GDP")
    page.get_by_role("button", name="显示").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    page.wait_for_function("() => document.querySelector('.picture img').naturalWidth === 1080")
    page.go_back()
    page.go_back()
    expect(page.locator("mark")).to_have_count(1)  # until then the page that was left stands there, with its marks
    expect(page.locator("mark")).to_have_text("白茶产业综合产值达到")
    page.reload()
    expect(page.locator("mark")).to_have_text("白茶产业综合产值达到")
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    "data, said",
    [
        (start_data(7, token="1:another"), "没有通过验证"),
        (start_data(7, at=1_600_000_000), "打开得太久了"),
        (start_data(8), "机器人只对指定的聊天开放"),
    ],
    ids=["forged", "expired", "not allowed"],
)
def test_the_mini_app_shows_nothing_to_others(page: Page, closed: str, data: str, said: str):
    page.goto(started(closed, "/reports/1", data))
    expect(page.locator("main .failed")).to_contain_text(said)
    assert "云溪" not in page.content()


def test_the_mini_app_outside_of_telegram_is_the_page(page: Page, served: str):
    page.goto("/app/reports/1?c=5-9")
    page.wait_for_url("**/reports/1?c=5-9")
    expect(page.locator("mark").first).to_be_visible()
