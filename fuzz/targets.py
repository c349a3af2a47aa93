"""What is fuzzed: each reader in this process (its child process would hide what goes wrong), and what works on texts."""

from __future__ import annotations

import io
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from retrieval.models import Page
from retrieval.reading.raw import HEAD_END, HEAD_START, RawText
from retrieval.report.cleaning import clean
from retrieval.report.splitting import split_reports

_ROOT = Path(__file__).parents[1]
_FILES = _ROOT / "tests" / "formats" / "files"
_SAMPLES = _ROOT / "data" / "samples"
Run = Callable[[bytes], object]


@dataclass(frozen=True)
class Target:
    """``make`` gives the function that takes an input, ``seeds`` what inputs are made from.

    ``may_die`` marks targets whose libraries are no Python: their input is on disk before they get it.
    """

    make: Callable[[], Run]
    seeds: Callable[[], list[bytes]]
    inputs: int
    may_die: bool = False


def _nothing(stage: str, done: int, total: int) -> None: ...


def _reader(kind: str, name: str) -> Run:
    from retrieval.reading.readers import reader_of

    read = reader_of(kind)
    return lambda data: read(data, name, _nothing)


def _package(part: str, kind: str, name: str) -> Run:
    """The XML of a package rather than its zip, which would nearly always be broken."""
    read = _reader(kind, name)
    original = (_FILES / f"report.{kind}").read_bytes()

    def run(data: bytes) -> object:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(original)) as old, zipfile.ZipFile(stream, "w") as new:
            for member in old.namelist():
                if not member.startswith(("Thumbnails", "docProps")):
                    new.writestr(member, data if member == part else old.read(member))
        return read(stream.getvalue())

    return run


def _part(part: str, kind: str) -> list[bytes]:
    with zipfile.ZipFile(_FILES / f"report.{kind}") as package:
        return [package.read(part)[:20_000], package.read(part)[-20_000:], package.read(part)]


def _ofd_page() -> Run:
    """The page of an OFD rather than its zip."""
    read = _reader("ofd", "a.ofd")

    def run(data: bytes) -> object:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("OFD.xml", "<OFD><DocRoot>d.xml</DocRoot></OFD>")
            archive.writestr("d.xml", '<Document><Page BaseLoc="p.xml"/></Document>')
            archive.writestr("p.xml", data)
        return read(stream.getvalue())

    return run


def _sheet() -> list[bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["指标", "2025年目标"])
    book.active.append(["地区生产总值", 0.065])
    book.active.merge_cells("A3:B4")
    stream = io.BytesIO()
    book.save(stream)
    return [stream.getvalue()]


def _tables(data: bytes) -> object:
    from retrieval.reading.tables import Cell, lines_of, spread

    rows = [row.split("\t") for row in data.decode("utf-8", "ignore").split("\n")]
    spans = [[Cell(cell, len(cell) % 4, len(cell) % 3) for cell in row] for row in rows]
    return lines_of(rows, rows[0][0]), lines_of(spread(spans))


def _typed(data: bytes) -> object:
    from retrieval.reading.typed import typed

    return clean(typed(data.decode("utf-8", "ignore"), markdown=True))


def _attachments(data: bytes) -> object:
    from retrieval.reading.mail import members

    return list(members(data, "a.eml"))


def _archive() -> Run:
    from retrieval.reading.archives import members

    return lambda data: list(members(data, "a.zip"))


def _plain(data: bytes) -> object:
    from retrieval.reading.loading import read_file

    return split_reports(clean(read_file(data, "报告.txt")))


def _kind(data: bytes) -> object:
    from retrieval.reading.kinds import kind_of
    from retrieval.reading.names import safe_name

    return kind_of(data, safe_name(data[:40].decode("utf-8", "surrogateescape")))


def _marked(data: bytes) -> object:
    """A text with marks and pages: what cleaning and splitting make of it stays in order."""
    text = data.decode("utf-8", "ignore")
    starts = sorted(
        {byte % (len(text) + 1) for byte in struct.unpack(f"<{len(data[:64]) // 2}H", data[: len(data[:64]) // 2 * 2])}
    )
    raw = RawText(text, tuple(Page(n, start) for n, start in enumerate(starts, 1)), marked=True)
    for part in split_reports(clean(raw)):
        found = [page.start for page in part.pages]
        assert found == sorted(found)
        assert all(0 <= start <= len(part.text) for start in found)
        assert all(0 <= removal.position <= len(part.text) for removal in part.removals)
    return None


def _layout() -> Run:
    from retrieval.reading.layout import running_text
    from retrieval.reading.printed import Line, PrintedPage

    def run(data: bytes) -> object:
        lines = []
        for start in range(0, len(data) - 12, 12):
            left, top, width, height = struct.unpack("<4H", data[start : start + 8])
            text = data[start + 8 : start + 12].decode("gb18030", "replace")
            lines.append(Line(text, left / 64, top / 64, (left + width) / 64, (top + height) / 64, max(height / 64, 0.1)))
        half = len(lines) // 2
        return clean(running_text([PrintedPage(1, tuple(lines[:half])), PrintedPage(2, tuple(lines[half:]), True)]))

    return run


def _link(data: bytes) -> object:
    from retrieval.reading.links import _checked, is_public

    text = data.decode("utf-8", "surrogateescape")
    is_public(text)
    parts = _checked(text, text[:50])
    assert parts.scheme in ("http", "https")
    assert "@" not in parts.netloc
    return parts


def _question() -> Run:
    """Questions over a small library, up to the search for passages."""
    sys.path.insert(0, str(_ROOT / "tests"))
    import invented

    from retrieval.library import Library
    from retrieval.question.reading import QuestionReader

    library = Library.open(Path(tempfile.mkdtemp(prefix="reportbot-fuzz-")), invented.CountingEmbedder())
    list(library.add(sorted(_SAMPLES.iterdir())))
    reader = QuestionReader(library)
    return lambda data: reader.read(data.decode("utf-8", "ignore").split("\x1f")[:4] or [""], None)


def _understood(data: bytes) -> object:
    from retrieval.ingest.understanding import understand_report

    return [understand_report(part, {}) for part in split_reports(clean(data.decode("utf-8", "ignore")[:6000]))]


def _questions() -> list[bytes]:
    asked = [
        "青砚镇2025年GDP目标是多少",
        "那望岚区呢",
        "各地2025年GDP增长目标，哪个最高",
        "哪些报告提到了枫桥经验",
        "既提到乡村振兴又提到数字经济的有哪些",
        "近三年财政收入",
        "去年的目标完成了吗",
        "超过6%的有哪些",
        "柳浦镇和青砚镇相差多少",
        "平均呢",
        "前三名",
        "没有提到…的有哪些",
        "谁作的报告",
        "望岚区二〇二四年社会消费品零售总额增长百分之几？",
        "回龍壩鎮２０２４年地區生產總值",
        "青砚镇2025年GDP目标\x1f柳浦镇呢\x1f那人均收入",
        "/remove 1 <b>%s</b>{0}",
    ]
    return [one.encode() for one in asked]


def _texts() -> list[bytes]:
    whole = [path.read_bytes() for path in sorted(_SAMPLES.iterdir())]
    return [one[start : start + 1500] for one in whole for start in range(0, 9000, 1500)]


def _file(*names: str) -> list[bytes]:
    return [(_FILES / name).read_bytes() for name in names]


TARGETS: dict[str, Target] = {
    "question": Target(_question, _questions, 300_000),
    "plain": Target(lambda: _plain, lambda: [*_texts(), *(one.decode().encode("gb18030") for one in _short())], 200_000),
    "marked": Target(
        lambda: _marked, lambda: [*_short(), *(f"{HEAD_START}头{HEAD_END}".encode() + one for one in _short())], 200_000
    ),
    "kind": Target(lambda: _kind, lambda: [one[:3000] for one in _file(*sorted(p.name for p in _FILES.iterdir()))], 100_000),
    "link": Target(lambda: _link, lambda: _LINKS, 200_000),
    "layout": Target(_layout, lambda: [bytes(range(240)), b"\x10\x20" * 90], 20_000),
    "understood": Target(lambda: _understood, _texts, 5_000),
    "docx": Target(
        partial(_package, "word/document.xml", "docx", "a.docx"), partial(_part, "word/document.xml", "docx"), 3_000, True
    ),
    "docx-zip": Target(partial(_reader, "docx", "a.docx"), partial(_file, "report.docx"), 5_000, True),
    "odt": Target(partial(_package, "content.xml", "odt", "a.odt"), partial(_part, "content.xml", "odt"), 3_000, True),
    "odt-zip": Target(partial(_reader, "odt", "a.odt"), partial(_file, "report.odt"), 5_000, True),
    "rtf": Target(partial(_reader, "rtf", "a.rtf"), lambda: [one[:8000] for one in _file("report.rtf")], 5_000),
    "html": Target(partial(_reader, "html", "a.html"), lambda: [one[:6000] for one in _file("page.html")], 8_000, True),
    "page": Target(
        partial(_reader, "page", "https://a.example/b"), lambda: [one[:6000] for one in _file("page.html")], 2_000, True
    ),
    "pdf": Target(partial(_reader, "pdf", "a.pdf"), partial(_file, "unindented.pdf"), 4_000, True),
    "ofd": Target(_ofd_page, lambda: [_OFD_PAGE.encode()], 20_000, True),
    "xlsx": Target(partial(_reader, "xlsx", "a.xlsx"), _sheet, 3_000, True),
    "csv": Target(partial(_reader, "csv", "a.csv"), lambda: [_TABLE.replace("\t", ",").encode()], 50_000),
    "tables": Target(lambda: _tables, lambda: [_TABLE.encode()], 50_000),
    "typed": Target(lambda: _typed, lambda: [*_texts(), _MARKDOWN.encode()], 50_000),
    "mail": Target(partial(_reader, "mail", "a.eml"), lambda: [_MAIL.encode()], 20_000),
    "attachments": Target(lambda: _attachments, lambda: [_MAIL.encode()], 20_000),
    "wordml": Target(partial(_reader, "wordml", "a.xml"), lambda: [_WORD_2003.encode()], 20_000, True),
    "zip": Target(_archive, partial(_file, "reports.zip"), 20_000),
}
_TABLE = "指标\t单位\t2024年实际\t2025年目标\n地区生产总值\t亿元\t31.7\t增长6.5%左右\n单位：亿元\n\t\t\n粮食（吨）\t\t100\t—\n"
_MARKDOWN = "# 报告\n\n| 指标 | 目标 |\n|---|---:|\n| 增长~~9%~~ | 6.5% |\n\n<!-- x -->![图](a.png)[^1]\n\n[^1]: 注\n"
_MAIL = (
    "From: a@example.cn\nSubject: =?utf-8?B?5oql5ZGK?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>=E5=A2=9E=E9=95=BF6%</p>\n"
    '--b\nContent-Type: application/octet-stream; name="a.txt"\nContent-Disposition: attachment; filename="a.txt"\n'
    "Content-Transfer-Encoding: base64\n\n5oql5ZGK\n--b--\n"
)
_OFD_PAGE = (
    '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer><ofd:TextObject Boundary="10 20 150 6" Size="5" CTM="1 0 0 1 0 0">'
    '<ofd:TextCode X="0" Y="5" DeltaX="g 3 5 4.5">地区生产总值</ofd:TextCode></ofd:TextObject><ofd:ImageObject/></ofd:Layer></ofd:Content></ofd:Page>'
)
_WORD_2003 = (
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:aml="http://schemas.microsoft.com/aml/2001/core">'
    '<w:styles><w:style w:styleId="a"><w:rPr><w:vanish/></w:rPr></w:style></w:styles><w:body><w:p><w:pPr><w:pStyle w:val="a"/></w:pPr>'
    '<aml:annotation w:type="Word.Deletion"><w:r><w:delText>9%</w:delText></w:r></aml:annotation><w:r><w:t>增长6%</w:t></w:r></w:p>'
    '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl></w:body></w:wordDocument>'
)
_LINKS: list[bytes] = [
    one.encode()
    for one in (
        "https://www.example.gov.cn/zwgk/2025/t1.html?x=1#y",
        "http://[::1]/",
        "http://user:pw@10.0.0.1:80/",
        "http://127.1/",
        "64:ff9b::7f00:1",
        "http://中国.cn/报告",
        "file:///etc/passwd",
        "::ffff:127.0.0.1",
        "8.8.8.8",
        "http://a:99999/",
        "https://xn--fiqs8s/",
        "fe80::1%eth0",
    )
]


def _short() -> list[bytes]:
    return [one[: 100 * 3].decode("utf-8", "ignore").encode() for one in _texts()]
