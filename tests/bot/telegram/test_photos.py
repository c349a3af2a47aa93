"""Photographed pages in the chat of an administrator: one photo, albums, and what keeps an album whole."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import invented
import pypdfium2
import pytest
from PIL import Image, ImageSequence
from telegram import Update
from telegram.error import BadRequest, NetworkError
from telegram_kit import TOKEN, Person, Session, shown

from bot.settings import settings_from
from bot.telegram import photos
from retrieval.errors import DamagedFile, OcrNotInstalled, PictureTooLarge
from retrieval.ingest.adding import Original
from retrieval.library import Library
from retrieval.messages import message
from retrieval.reading.raw import RawText
from retrieval.reading.sandbox import bind_in_child

FILES = Path(__file__).parents[2] / "formats" / "files"
ADMIN, ALICE, GROUP = Person(1, "管理员"), Person(7), -100500


@pytest.fixture
def session(library: Library, monkeypatch) -> Iterator[Session]:
    monkeypatch.setattr(photos, "_COMPLETE_SECONDS", 0.05)
    settings = settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "1"})
    with Session(library, settings) as opened:
        yield opened


@pytest.fixture
def taken_in(monkeypatch) -> list[tuple[str, bytes]]:
    """What is read, by name and content; the recogniser itself is tested with the formats."""
    found: list[tuple[str, bytes]] = []

    def read(content: bytes, name: str, progress: object = None) -> Original:
        found.append((name, content))
        return Original.of(content, name, RawText(invented.SHIDU.replace("石渡镇", "石桥镇"), kept=True))

    monkeypatch.setattr(Original, "read", read)
    return found


def jpeg(width: int, height: int = 300, **how: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(written, "JPEG", **how)
    return written.getvalue()


def widths(content: bytes) -> list[int]:
    """Of the pictures on the pages of a PDF, in pixels."""
    pages = pypdfium2.PdfDocument(content)
    return [next(iter(page.get_objects())).get_px_size()[0] for page in pages]


def handled(session: Session) -> list[int]:
    return [row[0] for row in session.services.state.execute("select id from updates where handled = 1 order by id")]


def arrive(session: Session, contents: list[bytes], album: str) -> list[Update]:
    """The updates of an album as the inbox has written them down."""
    made = []
    for number, content in enumerate(contents, 50):
        session.request.files[f"p{number}"] = content
        photo = [{"file_id": f"p{number}", "file_unique_id": f"p{number}", "width": 9, "height": 9}]
        said = {**session.message(ADMIN, None, photo=photo, media_group_id=album), "message_id": number}
        update = Update.de_json({"update_id": number, "message": said}, session.application.bot)
        assert session.services.updates.arrived({number: update.to_json()})
        made.append(update)
    return made


def test_a_photo_is_previewed_under_its_time_and_added(session: Session, library: Library, taken_in):
    (preview,) = shown(session.send_photos(ADMIN, [jpeg(400)]))
    ((name, content),) = taken_in
    assert content == jpeg(400)
    assert name.startswith("照片 20")
    assert name.endswith(".jpg")
    assert name in preview.text
    session.press(ADMIN, preview.buttons["添加"]["callback_data"])
    assert library.reports()[-1].place == "石桥镇"
    assert library.verify() == []


def test_an_album_is_one_report_in_the_order_it_was_sent_in(session: Session, taken_in):
    updates = arrive(session, [jpeg(401), jpeg(402), jpeg(403)], "a")

    async def come_in_another_order() -> None:
        for update in (updates[2], updates[0], updates[0], updates[1]):
            await session.application.process_update(update)
        assert not taken_in
        assert handled(session) == []
        await session.services.settled()

    session.run(come_in_another_order())
    ((name, content),) = taken_in
    assert "（3 张）.pdf" in name
    assert widths(content) == [401, 402, 403]
    assert handled(session) == [50, 51, 52]
    assert session.services.retrying == set()
    assert session.services.albums == {}


def test_albums_beside_each_other_and_single_photos_stay_apart(session: Session, taken_in):
    requests = session.send_photos(ADMIN, [jpeg(401), jpeg(402)], "a") + session.send_photos(ADMIN, [jpeg(500)], "b")
    assert len(shown(requests)) == 2
    assert [name.split(".")[-1] for name, _ in taken_in] == ["pdf", "jpg"]


def test_an_album_that_a_stop_interrupts_is_read_after_the_next_start(session: Session, library: Library, taken_in):
    updates = arrive(session, [jpeg(401), jpeg(402)], "a")

    async def stopped_while_gathering() -> None:
        for update in updates:
            await session.application.process_update(update)
        await session.services.close()

    session.run(stopped_while_gathering())
    assert taken_in == []
    with Session(library, session.settings, session.request) as after:

        async def started() -> None:
            assert len(after.services.updates.unfinished()) == 2
            for update in updates:
                await after.application.process_update(update)
            await after.services.settled()

        after.run(started())
        assert [widths(content) for _, content in taken_in] == [[401, 402]]
        assert handled(after) == [50, 51]


def test_an_album_is_gathered_again_where_telegram_was_out_of_reach(session: Session, taken_in, monkeypatch):
    updates = arrive(session, [jpeg(401), jpeg(402)], "a")
    monkeypatch.setattr("bot.telegram.incidents._RETRY_SECONDS", 0.0)
    session.request.failures["getFile"] = NetworkError("away")

    async def away_and_back() -> None:
        for update in updates:
            await session.application.process_update(update)
        await session.services.settled()
        assert handled(session) == []
        del session.request.failures["getFile"]
        for _ in updates:
            await session.application.process_update(await session.application.update_queue.get())
        await session.services.settled()

    session.run(away_and_back())
    assert [widths(content) for _, content in taken_in] == [[401, 402]]
    assert handled(session) == [50, 51]


def test_a_page_that_is_no_picture_is_one_sentence_and_ends_the_album(session: Session):
    updates = arrive(session, [jpeg(401), b"\xff\xd8\xff broken"], "a")

    async def come() -> None:
        for update in updates:
            await session.application.process_update(update)
        await session.services.settled()

    session.run(come())
    (told,) = [one for one in session.request.requests if one.method == "sendMessage"]
    assert "损坏" in told.text
    assert handled(session) == [50, 51]


def test_a_photo_that_is_gone_keeps_half_a_report_out(session: Session, taken_in):
    session.request.failures["getFile"] = BadRequest("wrong file_id")
    (told,) = shown(session.send_photos(ADMIN, [jpeg(401), jpeg(402)], "a"))
    assert "下载失败" in told.text
    assert taken_in == []


def test_photos_of_others_get_the_hint_and_those_in_groups_silence(session: Session, taken_in):
    assert [one.text for one in shown(session.send_photos(ALICE, [jpeg(400)]))] == [message("telegram.not_a_question")]
    assert session.send_photos(ADMIN, [jpeg(400)], chat=GROUP) == []
    assert session.send_photos(ALICE, [jpeg(400), jpeg(401)], "a", chat=GROUP) == []
    assert taken_in == []


def test_a_photo_that_is_exchanged_is_read_again_and_one_of_an_album_is_asked_for(session: Session, taken_in):
    def exchanged(file: str, **more: str) -> list[str]:
        photo = [{"file_id": file, "file_unique_id": file, "width": 9, "height": 9}]
        return [one.text for one in shown(session.edit(ADMIN, session.last_message_id, photo=photo, **more))]

    session.request.files["new"] = jpeg(700)
    session.send_photos(ADMIN, [jpeg(400)])
    assert exchanged("new", caption="请看")
    session.send_photos(ADMIN, [jpeg(401), jpeg(402)], "a")
    session.request.files["newer"] = jpeg(800)
    assert exchanged("newer", media_group_id="a") == [message("telegram.edited_album")]
    assert len(taken_in) == 3


def test_without_the_extra_a_photo_says_how_to_install_it(session: Session, monkeypatch):
    def not_installed(content: bytes, name: str, progress: object = None) -> Original:
        raise OcrNotInstalled(file=name)

    monkeypatch.setattr(Original, "read", not_installed)
    (told,) = shown(session.send_photos(ADMIN, [jpeg(400), jpeg(400)], "a"))
    assert "reportbot[ocr]" in told.text


def test_an_album_is_recognised_page_by_page(session: Session, library: Library):
    pytest.importorskip("rapidocr", reason="the extra ocr is not installed")
    place = json.loads((FILES / "truth.json").read_text(encoding="utf-8"))["report"][:3]
    pages = []
    with Image.open(FILES / "scan.tiff") as scan:
        for frame in ImageSequence.Iterator(scan):
            written = io.BytesIO()
            top = frame.crop((0, 0, frame.width, frame.height // 3))  # each line takes its time
            top.convert("L").save(written, "JPEG", quality=87)
            pages.append(written.getvalue())
    preview = shown(session.send_photos(ADMIN, pages, "a"))[-1]
    assert "扫描件" in preview.text
    assert place in preview.text
    session.press(ADMIN, preview.buttons["添加"]["callback_data"])
    assert [page.number for page in library.pages(library.reports()[-1].id)] == [1, 2]
    assert library.verify() == []


# -- binding --------------------------------------------------------------------------------------------------------------


def test_an_upright_jpeg_is_bound_byte_by_byte():
    assert jpeg(640) in bind_in_child([jpeg(640)], "a.pdf")


def test_a_picture_that_lies_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    (page,) = pypdfium2.PdfDocument(bind_in_child([jpeg(640, 300, exif=exif)], "a.pdf"))
    assert page.get_width() < page.get_height()


def test_what_can_not_be_bound_is_one_error():
    with pytest.raises(DamagedFile):
        bind_in_child([b"no picture"], "a.pdf")
    header = bytearray(jpeg(640))
    start = header.index(b"\xff\xc0") + 5
    header[start : start + 4] = (60_000).to_bytes(2, "big") * 2
    with pytest.raises(PictureTooLarge):
        bind_in_child([bytes(header)], "a.pdf")
