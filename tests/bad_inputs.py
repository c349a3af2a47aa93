"""Bad and hostile files, made here: each with the name it is sent under. See ``test_hostile.py`` and ``docs/hostile-input.md``."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx

FILES = Path(__file__).parent / "formats" / "files"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def word_with(document: bytes) -> bytes:
    """A Word file whose document part is ``document``."""
    made = io.BytesIO()
    docx.Document().save(made)
    stream = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, document if name == "word/document.xml" else old.read(name))
    return stream.getvalue()


def entities_that_unfold() -> bytes:
    """A billion laughs: ten levels of ten."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    return word_with(
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "哈哈哈哈哈哈哈哈">{levels}]>'
        f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>&a10;</w:t></w:r></w:p></w:body></w:document>'.encode()
    )


def external_entity(path: Path) -> bytes:
    """An .odt that asks for a file of the machine."""
    content = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "{path.as_uri()}">]>'
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0"><office:body><office:text>'
        "<text:p>云溪镇政府工作报告&secret;完</text:p></office:text></office:body></office:document-content>"
    )
    return package(
        {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<x/>", "content.xml": content}
    )


def external_entity_in_word(path: Path) -> bytes:
    return word_with(
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "{path.as_uri()}">]><w:document xmlns:w="{_WORD}">'
        "<w:body><w:p><w:r><w:t>云溪镇政府工作报告&secret;完</w:t></w:r></w:p></w:body></w:document>".encode()
    )


def package(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def zeros(count: int, *, declared: int | None = None, name: str = "报告.txt") -> bytes:
    """An archive of one file of ``count`` zeros, made without ever holding them; its directory may ``declare`` less."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    step = 1 << 24
    block = packer.compress(bytes(step)) + packer.flush(zlib.Z_FULL_FLUSH)  # stands for itself, as often as it is put in
    body, crc = block * (count // step) + packer.flush(), 0  # the sum is never reached
    size = min(count if declared is None else declared, 0xFFFFFFFF)
    raw = name.encode()
    fields = struct.pack("<HHHHHIIIHH", 20, 0x800, 8, 0, 33, crc, len(body), size, len(raw), 0)
    local = b"PK\x03\x04" + fields + raw + body
    central = b"PK\x01\x02\x14\x00" + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def entries(count: int) -> bytes:
    """An archive whose directory alone has this many empty members."""
    central = b"PK\x01\x02\x14\x00" + struct.pack("<HHHHHIIIHH", 20, 0x800, 0, 0, 33, 0, 0, 0, 1, 0) + bytes(14) + b"a"
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, len(central) * count, 0, 0)
    return b"PK\x03\x04" + bytes(26) + central * count + _with_start(end, 30)


def _with_start(end: bytes, start: int) -> bytes:
    return end[:16] + struct.pack("<I", start) + end[20:]


def unfolding_type() -> bytes:
    """A package whose member ``mimetype`` is a few hundred bytes that unfold to 320 MB at once, however little is read."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as archive, archive.open("mimetype", "w") as member:
        for _ in range(320):
            member.write(bytes(1 << 20))
    return stream.getvalue()


def tables_in_tables(depth: int) -> bytes:
    """A Word file of tables, each in a cell of the one around it, each with a line of its own."""
    inner = ""
    for level in range(depth):
        line = f"<w:p><w:r><w:t>第{level}层</w:t></w:r></w:p>"
        inner = f"<w:tbl><w:tr><w:tc>{line}{inner}</w:tc></w:tr></w:tbl>"
    return word_with(f'<w:document xmlns:w="{_WORD}"><w:body>{inner}</w:body></w:document>'.encode())


def nested_archives(depth: int) -> bytes:
    content = package({"报告.txt": "云溪镇政府工作报告"})
    for _ in range(depth - 1):
        content = package({"内.zip": content})
    return content


def pdf_of_pages(count: int) -> bytes:
    """A PDF whose every page is the same one."""
    kids = " ".join(["3 0 R"] * count)
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    return pdf_of(objects)


def pdf_of(objects: list[str]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    starts = []
    for number, one in enumerate(objects, 1):
        starts.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{start:010} 00000 n \n".encode() for start in starts)
    return bytes(out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode())


def locked_pdf() -> bytes:
    """A PDF that says it is encrypted, by a password that nobody knows."""
    lock = f"<</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>"
    made = pdf_of(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>", lock])
    return made.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 3 0 R/ID[<41><41>]")


def picture(width: int, height: int) -> bytes:
    """A PNG that says it has this size, of one colour, made without ever holding it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    data = b"".join(packer.compress(row) for _ in range(min(height, 200))) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def encrypted_archive() -> bytes:
    content = bytearray(package({"报告.txt": "云溪镇政府工作报告"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def encrypted_word() -> bytes:
    """What Word makes of a file with a password: a compound file with the package inside."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def slides() -> bytes:
    return package({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<presentation/>"})


def entities_in_ofd() -> bytes:
    """A billion laughs in the page of an OFD."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    page = f'<!DOCTYPE x [<!ENTITY a0 "哈哈哈哈哈哈哈哈">{levels}]><Page><TextObject Size="5"><TextCode>&a10;</TextCode></TextObject></Page>'
    return package(
        {
            "OFD.xml": "<OFD><DocRoot>d.xml</DocRoot></OFD>",
            "d.xml": '<Document><Page BaseLoc="p.xml"/></Document>',
            "p.xml": page,
        }
    )


def endless_sheet() -> bytes:
    """A sheet that says it has a million rows and all columns, by one cell at its end."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "x"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def nested_mail(depth: int) -> bytes:
    """An e-mail whose parts hold parts, without an end."""
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return f"From: a@example.cn\nSubject: x\nMIME-Version: 1.0\n{head}".encode()


def deep_xml() -> bytes:
    depth = 200_000
    return word_with(f'<w:document xmlns:w="{_WORD}"><w:body>{"<w:p>" * depth}{"</w:p>" * depth}</w:body></w:document>'.encode())


def deep_html() -> bytes:
    return b"<!doctype html><html><body>" + b"<div>" * 2_000 + "云溪镇".encode() + b"</body></html>"


def deep_rtf() -> bytes:
    return b"{\\rtf1\\ansi" + b"{" * 3_000 + b"a"


# What is sent, and the class of the error that the sentence belongs to.
BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "空文件": ("空.txt", lambda: b"", "EmptyFile"),
    "不是文字的内容，改名为 .txt": ("乱码.txt", lambda: bytes(range(256)) * 16, "UnreadableFile"),
    "不接受的类型": ("报告.xyz", lambda: "云溪镇政府工作报告".encode(), "UnsupportedType"),
    "演示文稿，改名为 .docx": ("报告.docx", slides, "OtherFormat"),
    "程序，改名为 .txt": ("程序.txt", lambda: b"\x7fELF\x02\x01\x01" + bytes(3000), "OtherFormat"),
    "RAR 压缩包": ("各镇报告.rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(3000), "OtherFormat"),
    "知网的 .caj": ("报告.caj", lambda: b"CAJ\x00" + bytes(3000), "OtherFormat"),
    "苹果 .pages": ("报告.pages", lambda: package({"Index/Document.iwa": b"x"}), "OtherFormat"),
    "安卓程序 .apk": ("报告.apk", lambda: package({"AndroidManifest.xml": b"x", "classes.dex": b"x"}), "OtherFormat"),
    "只有图片的 .ofd": ("章.ofd", lambda: package({"OFD.xml": "<OFD/>", "Doc_0/Res/image_0.png": b"x"}), "NoTextInPages"),
    "XML 实体层层展开的 .ofd": ("笑.ofd", entities_in_ofd, "DamagedFile"),
    "只有开头的 .xlsx": ("坏.xlsx", lambda: package({"xl/workbook.xml": "<workbook/>"}), "DamagedFile"),
    "一百万行的空 .xlsx": ("空.xlsx", endless_sheet, "EmptyFile"),
    "没有正文的网页": (
        "导航.html",
        lambda: b"<html><body><ul><li><a href=/>\xe9\xa6\x96\xe9\xa1\xb5</a></ul></body></html>",
        "NoArticle",
    ),
    "嵌套两千层的邮件": ("套.eml", lambda: nested_mail(2_000), "DamagedFile"),
    "超过大小的文本": ("大.txt", lambda: "云溪镇".encode() * 1_000_000, "FileTooLarge"),
    "文字太多的文本": ("长.txt", lambda: "云溪镇政府。".encode() * 200_000, "TextTooLong"),
    "截断的 .docx": ("坏.docx", lambda: (FILES / "report.docx").read_bytes()[:9000], "DamagedFile"),
    "截断的 .odt": ("坏.odt", lambda: (FILES / "report.odt").read_bytes()[:9000], "DamagedFile"),
    "没有内容的 .pdf": ("坏.pdf", lambda: b"%PDF-1.7\nnothing", "DamagedFile"),
    "只有开头的 .doc": ("坏.doc", lambda: (FILES / "report.doc").read_bytes()[:300], "DamagedFile"),
    "只有开头的 .png": ("坏.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(40), "DamagedFile"),
    "加密的 .docx": ("密.docx", encrypted_word, "EncryptedFile"),
    "加密的 .pdf": ("密.pdf", locked_pdf, "EncryptedFile"),
    "XML 实体层层展开的 .docx": ("笑.docx", entities_that_unfold, "DamagedFile"),
    "解压后 3 GB 的 .docx 部件": ("胀.docx", lambda: zeros(3 << 30, name="word/document.xml"), "UnpacksTooLarge"),
    "嵌套 20 万层的 .docx": ("深.docx", deep_xml, "DamagedFile"),
    "10 万页的 .pdf": ("多.pdf", lambda: pdf_of_pages(100_000), "TooManyPages"),
    "6 万 × 6 万的图片": ("巨.png", lambda: picture(60_000, 60_000), "PictureTooLarge"),
    "空白图片": ("白.png", lambda: picture(800, 200), "NoTextRecognised"),
}
BAD_ARCHIVES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "解压后 10 GB 的 .zip": ("零.zip", lambda: zeros(10 << 30), "UnpacksTooLarge"),
    "套了四层的 .zip": ("套.zip", lambda: nested_archives(4), "TooManyMembers"),
    "有一千个文件的 .zip": ("多.zip", lambda: package({f"{n}.txt": "云溪镇" for n in range(1000)}), "TooManyMembers"),
    "没有文件的 .zip": ("空.zip", lambda: package({"__MACOSX/._a": b"x"}), "EmptyArchive"),
    "加密的 .zip": ("密.zip", encrypted_archive, "EncryptedFile"),
    "截断的 .zip": ("坏.zip", lambda: (FILES / "reports.zip").read_bytes()[:5000], "DamagedFile"),
}
