"""Who may see the pages, how much of them in a minute, and what every response carries."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path

import pytest
from invented import YUNXI, library_of
from web_kit import KEY, TOKEN, in_mini_app, site, start_data

from bot.web.identity import ExpiredStart, ForgedStart, TelegramUser, holds_key, started_by

PAGES = [
    "/",
    "/?q=云溪镇2025年GDP目标",
    "/reports",
    "/reports/1",
    "/reports/1/original",
    "/places/云溪镇",
    "/compare",
    "/search?q=工业",
]
PAGES += [
    "/card.png?q=云溪镇2025年GDP目标",
    "/reports/1/figures.csv",
    "/api/reports",
    "/api/figures",
    "/api/ask?q=云溪镇2025年GDP目标",
]


def basic(password: str, name: str = "anybody") -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


# -- the key ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def locked(small_library):
    with site(small_library, WEB_ACCESS=KEY, TELEGRAM_BOT_TOKEN=TOKEN, ALLOWED_CHAT_IDS="7,-100", ADMIN_IDS="9") as opened:
        yield opened


@pytest.mark.parametrize("address", PAGES)
def test_without_the_key_nothing_is_shown(locked, address):
    for headers in (
        {},
        basic("wrong" * 3),
        {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": KEY},
        {"Authorization": "Basic §"},
    ):
        response = locked.get(address, headers={name: value.encode() for name, value in headers.items()})
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Basic ")
        assert "云溪" not in response.text
    for headers in (basic(KEY), {"Authorization": f"Bearer {KEY}"}):
        assert locked.get(address, headers=headers).status_code == 200


def test_style_and_health_need_no_key(locked):
    page = locked.get("/").text
    style = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
    assert locked.get(style).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert locked.get("/health").text == "ok"


@pytest.mark.parametrize(
    "authorization, opens",
    [
        (f"bearer {KEY}", True),
        (f"Bearer  {KEY} ", True),
        (basic(KEY)["Authorization"], True),
        (basic(KEY, "名字:")["Authorization"], False),
        (f"Bearer {KEY[:-1]}", False),
        ("Bearer ", False),
        ("Basic %%%", False),
        (f"Digest {KEY}", False),
        ("", False),
    ],
)
def test_what_opens(authorization, opens):
    assert holds_key(authorization, KEY) is opens


# -- the Mini App -------------------------------------------------------------------------------------------------------


def test_a_signed_start_is_believed():
    assert started_by(start_data(42), TOKEN) == TelegramUser(42, "zh-hans")


def test_a_forged_start_is_not():
    good = start_data(42)
    forged = [
        good.replace("42", "43"),
        start_data(42, token=TOKEN[:-1] + "x"),
        good.rsplit("&hash=", 1)[0],
        f"{good}&extra=1",
        good + "0",
        re.sub(r"hash=\w+", "hash=ü", good),
        "",
        "hash=",
        "&&&",
        start_data(42, user="{}"),
        start_data(42, user="[1]"),
        start_data(42, auth_date="soon"),
    ]
    for one in forged:
        with pytest.raises(ForgedStart):
            started_by(one, TOKEN)


def test_a_start_is_good_for_a_day():
    now = time.time()
    started_by(start_data(at=now - 86_000), TOKEN)
    started_by(start_data(at=now + 200), TOKEN)
    for at in (now - 86_500, now + 400, 0):
        with pytest.raises(ExpiredStart):
            started_by(start_data(at=at), TOKEN)


def test_the_mini_app_opens_for_who_may_ask_in_telegram(locked):
    for user, status in ((7, 200), (9, 200), (8, 403)):
        response = locked.get("/reports/1", headers=in_mini_app(start_data(user)))
        assert response.status_code == status, user
        assert ("云溪" in response.text) is (status == 200)
    assert "8" in locked.get("/", headers=in_mini_app(start_data(8))).text


def test_a_forged_or_old_start_opens_nothing(locked):
    for data in (start_data(7, token="1:x"), start_data(7, at=1), "nonsense"):
        response = locked.get("/reports/1", headers=in_mini_app(data))
        assert response.status_code == 401
        assert "www-authenticate" not in response.headers
        assert "云溪" not in response.text


def test_without_a_token_there_is_no_mini_app(small_library):
    with site(small_library) as opened:
        assert opened.get("/", headers=in_mini_app(start_data())).status_code == 401


def test_the_mini_apps_own_page_holds_nothing_of_the_library(locked):
    response = locked.get("/app/reports/1?c=1-9")
    assert response.status_code == 200
    assert "云溪" not in response.text
    assert 'data-plain="/reports/1?c=1-9"' in response.text
    assert "frame-ancestors https://web.telegram.org" in response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in locked.get("/application").headers["content-security-policy"]


def test_the_mini_app_speaks_its_users_language(locked):
    user = '{"id": 7, "language_code": "en"}'
    assert 'lang="en"' in locked.get("/", headers=in_mini_app(start_data(user=user))).text


# -- how much -----------------------------------------------------------------------------------------------------------


def test_pages_and_interface_share_one_limit_a_client(small_library):
    with site(small_library, requests_a_minute=4) as opened:
        for address in ("/reports", "/api/reports", "/reports/1", "/api/figures"):
            assert opened.get(address, client="203.0.113.5").status_code == 200
        for address in ("/reports", "/api/reports"):
            refused = opened.get(address, client="203.0.113.5")
            assert refused.status_code == 429
            assert refused.headers["retry-after"] == "60"
        assert opened.get("/reports", client="203.0.113.6").status_code == 200


def test_an_address_of_ipv6_is_known_by_its_network(small_library):
    with site(small_library, requests_a_minute=1) as opened:
        assert opened.get("/reports", client="2001:db8::1").status_code == 200
        assert opened.get("/reports", client="2001:db8::2").status_code == 429
        assert opened.get("/reports", client="2001:db8:0:1::2").status_code == 200


def test_only_a_trusted_proxy_says_whom_a_request_is_from(small_library):
    forwarded = {"X-Forwarded-For": "198.51.100.7"}
    with site(small_library, requests_a_minute=1, WEB_PROXIES="10.0.0.0/8") as opened:
        assert opened.get("/reports", client="10.1.2.3", headers=forwarded).status_code == 200
        assert opened.get("/reports", client="10.1.2.4", headers=forwarded).status_code == 429
        other = {"X-Forwarded-For": "198.51.100.8, 198.51.100.9"}  # the last one is what the proxy saw
        assert opened.get("/reports", client="10.1.2.3", headers=other).status_code == 200
        assert opened.get("/reports", client="198.51.100.9").status_code == 429
        assert opened.get("/reports", client="203.0.113.9", headers=forwarded).status_code == 200
        assert opened.get("/reports", client="203.0.113.9", headers={"X-Forwarded-For": "198.51.100.1"}).status_code == 429


def test_guessing_start_data_counts(locked, small_library):
    with site(small_library, requests_a_minute=2, TELEGRAM_BOT_TOKEN=TOKEN) as opened:
        codes = [opened.get("/reports", headers=in_mini_app("x")).status_code for _ in range(4)]
        assert codes == [401, 401, 429, 429]


# -- what every response carries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*PAGES, "/nothing", "/app", "/api/nothing", "/reports/99", "/static/none.css"])
def test_every_response_is_closed_to_others(pages, address):
    response = pages.get(address)
    policy = response.headers["content-security-policy"]
    if address != "/reports/1/original":
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "base-uri 'none'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in response.headers
    assert "server" not in response.headers


@pytest.mark.parametrize("address", [*PAGES[:8], "/app", "/nothing", "/reports/1?c=1-9&removed=1"])
def test_pages_hold_no_script_or_style_of_their_own_and_nothing_from_elsewhere(pages, address):
    if "original" in address:
        return
    page = pages.get(address).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page, re.I)
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    sources = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert [one for one in sources if "//" in one] == []


def test_other_names_for_this_server_are_not_answered(small_library):
    with site(small_library, WEB_URL="https://reports.example.org") as opened:
        for host in ("evil.example", "reports.example.org.evil.example", "", "::::"):
            response = opened.get("/reports/1", headers={"Host": host})
            assert response.status_code == 421
            assert "云溪" not in response.text
        for host in ("reports.example.org", "localhost:8090", "127.0.0.1", "[::1]:8090", "192.168.1.4:8090"):
            assert opened.get("/reports/1", headers={"Host": host}).status_code == 200


def test_what_fails_has_a_number_and_names_nothing_of_the_server(small_library, monkeypatch, caplog):
    with site(small_library) as opened:
        monkeypatch.setattr(opened.services.library, "outline", lambda report: Path("/etc/reportbot/secret").read_text())
        for address in ("/reports/1", "/api/ask?q=云溪镇介绍一下"):
            response = opened.get(address)
            assert response.status_code == 500
            assert "/etc" not in response.text
            assert str(small_library.folder) not in response.text
            incident = re.search(r"\b[0-9a-f]{8}\b", response.text)[0]
            assert incident in caplog.text
        assert opened.get("/reports").status_code == 200


def test_a_library_that_vanished_is_told_without_its_folder(tmp_path):
    library = library_of(tmp_path, YUNXI)
    with site(library) as opened:
        (tmp_path / "library").rename(tmp_path / "elsewhere")
        response = opened.get("/reports/1")
        assert response.status_code == 503
        assert str(tmp_path) not in response.text
        (tmp_path / "elsewhere").rename(tmp_path / "library")
        assert opened.get("/reports/1").status_code == 200
    library.close()


def test_an_original_that_is_gone_is_told_without_its_folder(tmp_path):
    library = library_of(tmp_path, YUNXI)
    with site(library) as opened:
        library.original(1)[1].unlink()
        response = opened.get("/reports/1/original")
        assert response.status_code == 404
        assert str(tmp_path) not in response.text
    library.close()


# -- what reports hold is text ------------------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>"onmouseover="alert(3)" {{ 7 * 7 }} {% raw %}'


@pytest.mark.parametrize("name", ["../../etc/passwd", '"><script>alert(1)</script>.html', "a\r\nSet-Cookie: a=b.svg"])
def test_text_titles_and_names_of_files_are_text(tmp_path, name):
    text = YUNXI.replace("推进精密零部件产业园二期建设", HOSTILE).replace("（一）做强工业支撑", f"（一）{HOSTILE}")
    library = library_of(tmp_path, text)
    library.edit(1, {"title": f"{HOSTILE}报告", "place": "<b>镇"})
    library.store.db.execute("update documents set file = ?", [name])
    library._reader.forget_kept()
    try:
        with site(library) as opened:
            for address in (
                "/reports/1",
                "/reports",
                "/places/<b>镇",
                f"/?q={HOSTILE}",
                f"/search?q={HOSTILE}",
                "/compare?indicator=GDP",
            ):
                response = opened.get(address.replace("{", "%7B").replace('"', "%22"))
                assert response.status_code in (200, 404)
                page = response.text
                assert not re.search(r"<script>|<img src=x|<b>镇", page), address
                assert not re.search(r'\s(onerror|onmouseover)="?alert', re.sub(r'="[^"]*"', "", re.sub(r">[^<]*<", "><", page)))
                assert "49 " not in page
            original = opened.get("/reports/1/original")
            assert original.headers["content-type"] in ("application/octet-stream",)
            assert original.headers["content-disposition"].startswith("attachment")
            assert "set-cookie" not in original.headers
            assert "sandbox" in original.headers["content-security-policy"]
    finally:
        library.close()


def test_what_deceives_is_shown_as_a_mark(tmp_path):
    library = library_of(tmp_path, YUNXI.replace("建设", "建\u202e设").replace("21家", "2\u033021家"))
    try:
        with site(library) as opened:
            shown = opened.get("/reports/1").text
            assert "\u202e" not in shown
            assert "\u0330" not in shown
            assert "\ufffd" in shown
    finally:
        library.close()
