"""From bytes to raw text: encodings, types, refusals."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import invented
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import DamagedFile, EmptyFile, MissingPath, ReportBotError, UnreadableFile, UnsupportedType
from retrieval.reading.kinds import accepted_types
from retrieval.reading.loading import load, read_file
from retrieval.reading.plain import decode
from retrieval.report.cleaning import clean

ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16 little with mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16 big with mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16 little": lambda text: text.encode("utf-16-le"),
    "utf-16 big": lambda text: text.encode("utf-16-be"),
}
SENTENCES = [line for text in (invented.YUNXI, invented.SHIDU, invented.SONGLING) for line in text.splitlines() if len(line) > 20]
report_like = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map("\n".join)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=report_like)
def test_every_accepted_encoding_is_read_back_without_loss(encoding, text):
    assert decode(ENCODINGS[encoding](text), "a.txt") == text


@given(text=report_like, rare=st.text(st.characters(min_codepoint=0x20000, max_codepoint=0x2A6D6), min_size=1, max_size=3))
def test_gb18030_keeps_characters_outside_the_basic_plane(text, rare):
    assert decode((text + rare).encode("gb18030"), "a.txt") == text + rare


def test_text_of_western_letters_only_is_read_as_utf_8():
    assert decode(b"Report of the government, 2024.\n", "a.txt") == "Report of the government, 2024.\n"


BINARY = {
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06" + bytes(range(256)) * 8,
    "zip": b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(255, -1, -1)) * 8,
    "counting bytes": bytes(range(256)) * 16,
    "elf": b"\x7fELF\x02\x01\x01" + b"\x00" * 9 + bytes((7 * n) % 256 for n in range(3000)),
    "utf-8 cut in a character": b"\xef\xbb\xbf" + "云溪镇".encode()[:-1],
    "utf-16 of odd length": b"\xff\xfe" + "云溪镇".encode("utf-16-le") + b"\x00",
}


@pytest.mark.parametrize("content", BINARY.values(), ids=BINARY)
def test_bytes_that_are_no_text_are_refused_by_name(content):
    with pytest.raises(ReportBotError) as refused:
        read_file(content, "表格.txt")
    assert "表格.txt" in refused.value.user_message


def test_utf_8_with_one_broken_byte_is_not_replaced_in_silence():
    broken = invented.YUNXI.encode()[:900] + b"\xff" + invented.YUNXI.encode()[900:]
    try:
        text = decode(broken, "a.txt")
    except UnreadableFile:
        return
    assert "\ufffd" not in text
    assert text.encode("gb18030") == broken or "云溪镇" in text


@pytest.mark.parametrize("content", [b"", b"\n\n  \t", b"\xef\xbb\xbf", "\u3000\u3000\n".encode(), b"\x00\x00\x00\x00"])
def test_a_file_without_text_is_empty(content):
    with pytest.raises(EmptyFile):
        read_file(content, "a.txt")


@pytest.mark.parametrize("name", ["a.xyz", "a.docs", "a"])
def test_another_type_is_refused_with_the_accepted_ones(name):
    with pytest.raises(UnsupportedType) as refused:
        read_file(b"abc", name)
    assert all(suffix in refused.value.user_message for suffix in accepted_types())


def test_accepted_types():
    assert {".txt", ".md", ".docx", ".html"} <= set(accepted_types())


def test_suffix_in_capitals_is_the_same_type():
    assert read_file("云溪镇工作报告".encode(), "报告.TXT").text == "云溪镇工作报告"


def test_missing_path(tmp_path: Path):
    with pytest.raises(MissingPath, match="nowhere"):
        load(tmp_path / "nowhere.txt")


def word_file(*blocks: str | list[list[str]]) -> bytes:
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            table = document.add_table(len(block), len(block[0]))
            for row, texts in enumerate(block):
                for column, text in enumerate(texts):
                    table.cell(row, column).text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_paragraphs_and_tables_come_in_order():
    text = read_file(word_file("前面的话。", [["指标", "增速"], ["工业", "6%"]], "后面的话。"), "a.docx").text
    assert text.split("\n") == ["前面的话。", "工业增速6%。", "后面的话。"]


def test_empty_word_file():
    with pytest.raises(EmptyFile):
        read_file(word_file(""), "a.docx")


def zipped(**entries: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def without_body(content: bytes) -> bytes:
    """A Word file whose document part is no XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<w:document" if name == "word/document.xml" else old.read(name))
    return stream.getvalue()


WORD = word_file("各位代表：", "一、2024年工作回顾")
DAMAGED = {
    "no zip": b"this is no word file",
    "cut short": WORD[: len(WORD) // 2],
    "other zip": zipped(a="b"),
    "broken xml": without_body(WORD),
    "flipped bytes": WORD[:400] + bytes(byte ^ 0xFF for byte in WORD[400:900]) + WORD[900:],
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_damaged_word_file(content):
    with pytest.raises(DamagedFile, match=r"a\.docx"):
        read_file(content, "a.docx")


def test_html_gives_its_visible_blocks_as_lines():
    page = (
        "<html><head><title>站点</title><style>p{}</style></head><body><nav>首页</nav><h1>云溪镇政府工作报告</h1>"
        "<p>各位代表：<br>现在<b>报告</b>工作。</p><script>var a;</script><table><tr><td>增长</td><td>6%</td></tr></table></body></html>"
    )
    cleaned = clean(read_file(page.encode(), "a.html"))
    lines = cleaned.text.split("\n")
    assert lines[:3] == ["云溪镇政府工作报告", "各位代表：", "现在报告工作。"]
    assert lines[3] == "增长：6%。"
    assert len(lines) == 4
    assert ["首页" in one.text for one in cleaned.removals] == [True]


def test_html_in_the_encoding_that_it_declares():
    page = '<html><head><meta charset="gbk"></head><body><p>云溪镇</p></body></html>'
    assert read_file(page.encode("gbk"), "a.html").text == "云溪镇"
