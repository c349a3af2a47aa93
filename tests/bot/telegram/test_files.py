"""Files of all kinds, archives and links in the chat of an administrator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bad_inputs
import invented
import pypdfium2
import pytest
from telegram_kit import TOKEN, Person, Request, Session, shown

from bot.settings import settings_from
from retrieval.ingest.adding import Decision, Original
from retrieval.library import Library
from retrieval.models import Page
from retrieval.reading import links
from retrieval.reading.loading import read_file
from retrieval.reading.raw import RawText

FILES = Path(__file__).parents[2] / "formats" / "files"
ADMIN = Person(1, "管理员")


@pytest.fixture
def session(library: Library) -> Iterator[Session]:
    settings = settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "1"})
    with Session(library, settings) as opened:
        yield opened


def only(requests: list[Request]) -> Request:
    (one,) = shown(requests)
    return one


def test_each_report_of_an_archive_is_previewed(session: Session, library: Library):
    previews = shown(session.send_file(ADMIN, "reports.zip", (FILES / "reports.zip").read_bytes()))
    assert [name in preview.text for name, preview in zip(("柳浦镇", "青砚镇", "望岚区"), previews, strict=True)] == [True] * 3
    session.press(ADMIN, previews[1].buttons["添加"]["callback_data"])
    assert library.reports()[-1].place == "青砚镇"
    assert library.verify() == []


def test_a_bad_file_of_an_archive_keeps_no_other_back(session: Session):
    bad = (FILES / "report.docx").read_bytes()[:9000]
    archive = bad_inputs.package({"坏.docx": bad, "好.txt": invented.SHIDU.replace("石渡镇", "石桥镇"), "录像.mp4": b"\0"})
    first, second, third = shown(session.send_file(ADMIN, "a.zip", archive))
    assert "坏.docx" in first.text
    assert "石桥镇" in second.text
    assert "不接受" in third.text


@pytest.mark.parametrize("what", bad_inputs.BAD_ARCHIVES)
def test_a_bad_archive_is_one_sentence_and_the_bot_goes_on(session: Session, what: str):
    name, make, _ = bad_inputs.BAD_ARCHIVES[what]
    assert only(session.send_file(ADMIN, name, make())).text
    assert "6" in shown(session.say(ADMIN, "云溪镇2025年GDP目标是多少"))[-1].text


def test_a_pdf_is_previewed_with_its_pages_and_quoted_with_them(session: Session):
    preview = only(session.send_file(ADMIN, "报告.pdf", (FILES / "report.pdf").read_bytes()))
    assert "共 7 页" in preview.text
    assert "扫描件" not in preview.text
    session.press(ADMIN, preview.buttons["添加"]["callback_data"])
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(FILES / "report.pdf")]
    (number,) = [n for n, page in enumerate(pages, 1) if "一是促进就业增收" in page]
    assert f"第{number}页" in shown(session.say(ADMIN, "柳浦镇2025年城镇新增就业目标是多少"))[-1].text


def test_inline_results_name_the_page_of_what_they_quote(session: Session, library: Library):
    content = (FILES / "report.pdf").read_bytes()
    raw = read_file(content, "报告.pdf")
    scanned = replace(raw, pages=tuple(replace(page, confidence=0.99) for page in raw.pages), kept=True)
    library.add_part(Original.of(content, "报告.pdf", scanned), 1, Decision({}))
    (answer,) = session.inline(ADMIN, "柳浦镇2025年城镇新增就业目标是多少")
    sources = [one["input_message_content"]["message_text"].split("\n")[-1] for one in answer.parameters["results"]]
    assert len(sources) > 2
    assert all(re.search(r"第\d页", line) and "扫描件识别" in line for line in sources)
    assert len({re.search(r"第(\d)页", line).group() for line in sources}) > 1


def test_a_scan_shows_its_progress_and_is_not_read_again(session: Session, library: Library, monkeypatch):
    """The recogniser itself is tested with the formats; here is what the chat makes of a scan."""
    text = invented.SHIDU.replace("石渡镇", "石桥镇")
    pages = (Page(1, 0, 0.99), Page(2, 200, 0.42))
    readings = []

    def recognised(content, name, progress=None):
        readings.append(name)
        for done in range(3):
            progress("recognising", done, 2)
            import time

            time.sleep(0.6)
        return Original.of(content, name, RawText(text, pages, marked=True, kept=True))

    monkeypatch.setattr(Original, "read", recognised)
    requests = session.send_file(ADMIN, "扫描.pdf", b"%PDF-1.4 scan")
    progress, *moved, preview = shown(requests)
    assert "扫描.pdf" in progress.text
    assert "识别文字" in progress.text
    assert all(one.method == "editMessageText" for one in moved)
    assert [one.method for one in requests].count("deleteMessage") == 1
    assert "其中 2 页是扫描件" in preview.text
    assert "第 2 页识别得不可靠" in preview.text
    session.press(ADMIN, preview.buttons["数字"]["callback_data"])
    session.press(ADMIN, preview.buttons["添加"]["callback_data"])
    assert readings == ["扫描.pdf"]
    assert "第1页（扫描件识别）" in shown(session.say(ADMIN, "石桥镇的报告是谁作的"))[-1].text
    assert library.verify() == []


def test_a_link_is_previewed_and_added(session: Session, library: Library, monkeypatch):
    url = "https://www.liupu.example/zwgk/t1.html"
    asked = []

    def fetched(asked_for: str) -> tuple[bytes, str]:
        asked.append(asked_for)
        return (FILES / "page.html").read_bytes(), url

    monkeypatch.setattr("bot.telegram.uploads.fetch", fetched)
    preview = only(session.say(ADMIN, f"/add {url}"))
    assert asked == [url]
    assert "柳浦镇" in preview.text
    session.press(ADMIN, preview.buttons["添加"]["callback_data"])
    assert library.reports()[-1].file == url
    assert library.verify() == []


@pytest.fixture
def pages(monkeypatch) -> list[str]:
    """The links that are fetched; behind each is the same page."""
    asked: list[str] = []

    def fetched(url: str) -> tuple[bytes, str]:
        asked.append(url)
        return (FILES / "page.html").read_bytes(), url

    monkeypatch.setattr("bot.telegram.uploads.fetch", fetched)
    return asked


def test_a_link_that_is_corrected_is_read_again_and_one_that_stays_is_not(session: Session, pages: list[str]):
    session.say(ADMIN, "/add https://www.liupu.example/wrong")
    sent = session.last_message_id
    assert session.edit(ADMIN, sent, "/add https://www.liupu.example/wrong  谢谢") == []
    assert "柳浦镇" in only(session.edit(ADMIN, sent, "/add https://www.liupu.example/right")).text
    assert pages == ["https://www.liupu.example/wrong", "https://www.liupu.example/right"]


def test_a_mistyped_command_that_is_corrected_is_obeyed(session: Session, pages: list[str]):
    session.say(ADMIN, "/ad https://www.liupu.example/a")
    assert "柳浦镇" in only(session.edit(ADMIN, session.last_message_id, "/add https://www.liupu.example/a")).text


def test_a_link_that_failed_is_read_again_by_any_edit(session: Session):
    session.say(ADMIN, "/add http://127.0.0.1/")
    assert "不能打开链接" in only(session.edit(ADMIN, session.last_message_id, "/add http://127.0.0.1/")).text


def test_an_edited_link_ends_no_pasting(session: Session, pages: list[str]):
    session.say(ADMIN, "/add https://www.liupu.example/a")
    sent = session.last_message_id
    session.say(ADMIN, "/add")
    session.say(ADMIN, invented.SHIDU.replace("石渡镇", "石桥镇"))
    assert "柳浦镇" in only(session.edit(ADMIN, sent, "/add https://www.liupu.example/b")).text
    assert session.edit(ADMIN, sent, "/add") == []
    assert "石桥镇" in shown(session.say(ADMIN, "完成"))[-1].text


def test_edits_of_others_fetch_nothing(session: Session, pages: list[str]):
    session.say(Person(7), "/add https://www.liupu.example/a")
    session.edit(Person(7), session.last_message_id, "/add https://www.liupu.example/b")
    assert pages == []


def test_a_file_that_is_exchanged_is_read_again_and_a_new_caption_is_not(session: Session):
    session.send_file(ADMIN, "a.txt", invented.SHIDU.encode())
    sent = session.last_message_id
    session.request.files["other"] = invented.SHIDU.replace("石渡镇", "石桥镇").encode()
    document = {"file_id": "file0", "file_unique_id": "file0", "file_name": "a.txt"}
    assert session.edit(ADMIN, sent, document=document, caption="请看") == []
    other = {"file_id": "other", "file_unique_id": "other", "file_name": "b.txt"}
    assert "石桥镇" in only(session.edit(ADMIN, sent, document=other)).text


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://user:pw@www.example.cn/"]
)
def test_a_link_to_what_is_not_public_is_refused(session: Session, url: str):
    assert "不能打开链接" in only(session.say(ADMIN, f"/add {url}")).text


def test_a_link_that_fails_says_why(session: Session, monkeypatch):
    monkeypatch.setattr(links, "public_only", lambda address, port: True)
    assert "打不开链接" in only(session.say(ADMIN, "/add http://127.0.0.1:9/")).text


@pytest.mark.parametrize("name", ["<b>报告</b>.txt", "../../x\x1b[31m&amp;.txt", "\u202etxt.exe.txt"])
def test_a_name_is_shown_as_text(session: Session, name: str):
    text = f"{invented.SHIDU.replace('石渡镇', '石桥镇')}<script>alert(1)</script> /remove 1 &lt; {{0}}\n"
    preview = only(session.send_file(ADMIN, name, text.encode()))
    assert "<script" not in preview.text
    assert "<b>报告" not in preview.text
    assert "\x1b" not in preview.text
    assert "\u202e" not in preview.text
    shown(session.press(ADMIN, preview.buttons["添加"]["callback_data"]))
    assert "alert(1)" in session.library.text(session.library.reports()[-1].id)


def test_a_file_that_crashes_its_reader_is_one_sentence(session: Session, monkeypatch, tmp_path: Path):
    from retrieval.reading import sandbox

    path = tmp_path / "child.py"
    path.write_text("import os; os.abort()", encoding="utf-8")
    monkeypatch.setattr(sandbox, "_CHILD", path)
    assert "读取程序" in only(session.send_file(ADMIN, "a.docx", (FILES / "report.docx").read_bytes())).text
    assert "6" in shown(session.say(ADMIN, "云溪镇2025年GDP目标是多少"))[-1].text
