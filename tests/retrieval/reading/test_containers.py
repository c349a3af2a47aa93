"""Containers are what they are: those that can be read are, the others are refused by a sentence of their own."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import bad_inputs
import pytest
from made import kinds, page, paragraph, seen, word

from retrieval.errors import DamagedFile, NoArticle, NoTextInPages, OtherFormat, PicturesOnly
from retrieval.reading.loading import read_file, unpacked
from retrieval.report.cleaning import clean

LINES = ["云溪镇2025年政府工作报告", "2025年主要预期目标是：地区生产总值增长6.5%左右。"]
BODY = "".join(map(paragraph, LINES))
HTML = page("<h1>云溪镇2025年政府工作报告</h1><p>2025年主要预期目标是：地区生产总值增长6.5%左右。</p>")


def read(content: bytes, name: str) -> list[str]:
    return seen(content, name).text.split("\n")


def repacked(content: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            part = old.read(member)
            for before, after in changes:
                part = part.replace(before, after)
            new.writestr(member, part)
    return stream.getvalue()


def test_word_files_with_macros_and_strict_ones():
    macros = repacked(word(BODY), (b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml"))
    strict = repacked(
        word(BODY),
        (b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    assert read(macros, "a.docm") == read(strict, "a.docx") == LINES


def test_word_2003_xml():
    old = (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
        ' xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core">'
        "<w:body><wx:sect><w:p><w:r><w:t>云溪镇2025年政府工作报告</w:t></w:r></w:p><w:p><w:r><w:t>2025年主要预期目标是："
        '地区生产总值增长</w:t></w:r><aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>9.9%</w:delText></w:r>'
        "</aml:content></aml:annotation><w:r><w:rPr><w:vanish/></w:rPr><w:t>8.8%</w:t></w:r><w:r><w:t>6.5%左右。</w:t></w:r></w:p>"
        "</wx:sect></w:body></w:wordDocument>"
    )
    assert read(old.encode(), "a.xml") == read(old.encode(), "a.doc") == LINES
    assert kinds(seen(old.encode(), "a.doc")) == {"deleted": "9.9%", "hidden": "8.8%"}


def test_a_flat_word_package():
    with zipfile.ZipFile(io.BytesIO(word(BODY))) as package:
        parts = "".join(
            f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{package.read(name).decode().split("?>")[-1]}</pkg:xmlData></pkg:part>'
            for name in ("_rels/.rels", "word/document.xml")
        )
    flat = (
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{parts}</pkg:package>'
    )
    assert read(flat.encode(), "a.xml") == LINES


def ofd(*pages: str, template: str = "") -> bytes:
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    members = {
        "OFD.xml": f"<ofd:OFD {ns}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {ns}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        **{
            f"Doc_0/Pages/Page_{n}/Content.xml": f"<ofd:Page {ns}><ofd:Content><ofd:Layer>{one}</ofd:Layer></ofd:Content></ofd:Page>"
            for n, one in enumerate(pages)
        },
    }
    return bad_inputs.package({**members})


def text_object(text: str, x: float, y: float, more: str = "", size: int = 5) -> str:
    return (
        f'<ofd:TextObject Boundary="{x} {y} 150 6" Size="{size}" {more}><ofd:TextCode X="0" Y="5" DeltaX="g {max(len(text) - 1, 1)} 5">'
        f"{text}</ofd:TextCode></ofd:TextObject>"
    )


def test_the_pages_of_an_ofd():
    first = text_object("云溪镇2025年政府工作报告", 60, 20, size=8)
    first += text_object("草稿草稿", 50, 150, 'CTM="0.7 0.7 -0.7 0.7 0 0"') + text_object("看不见", 50, 160, 'Visible="false"')
    second = text_object("2025年主要预期目标是：地区生产总值增长6.5%左右。", 20, 20) + '<ofd:ImageObject ResourceID="3"/>'
    cleaned = seen(ofd(first, second), "a.ofd")
    assert cleaned.text.split("\n") == LINES
    assert [page_.number for page_ in cleaned.pages] == [1, 2]
    assert kinds(cleaned) == {"picture": ""}


def test_an_ofd_of_pictures_says_so():
    with pytest.raises(NoTextInPages, match=r"OFD.*a\.ofd"):
        read_file(ofd('<ofd:ImageObject ResourceID="3"/>'), "a.ofd")


def mail(body: str, subtype: str = "plain", charset: str = "gb18030") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.cn", "工作报告"
    message.set_content(body, subtype=subtype, charset=charset)
    return message


def test_an_e_mail_whose_text_is_a_report():
    content = mail("\n".join(LINES)).as_bytes()
    assert [name for name, _ in unpacked(content, "a.eml")] == ["a.eml"]
    assert read(content, "a.eml") == LINES


def test_the_files_of_an_e_mail():
    message = mail("请查收附件。")
    message.add_attachment(word(BODY), maintype="application", subtype="octet-stream", filename="云溪镇报告.docx")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    (one,) = unpacked(message.as_bytes(), "a.eml")
    assert one[0] == "云溪镇报告.docx"
    assert clean(read_file(one[1], one[0])).text.split("\n") == LINES


@pytest.mark.parametrize("name", ["a.mht", "a.doc", "a.mhtml"])
def test_a_web_archive_whatever_it_is_called(name: str):
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content(HTML.decode(), subtype="html", charset="utf-8", cte="quoted-printable")
    message.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<a>")
    assert read(message.as_bytes(), name) == LINES


OTHERS = {
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(99), "a.rar", "zip"),
    "rar that calls itself a report": (b"Rar!\x1a\x07\x00" + bytes(99), "报告.docx", "zip"),
    "caj": (b"CAJ\x00" + bytes(99), "a.caj", "CAJViewer"),
    "slides": (bad_inputs.package({"ppt/presentation.xml": "<x/>"}), "a.pptx", "PDF"),
    "pages": (bad_inputs.package({"Index/Document.iwa": "x"}), "a.pages", "Pages"),
    "program": (bad_inputs.package({"AndroidManifest.xml": "x", "classes.dex": "x"}), "a.apk", "程序"),
    "program in a zip": (bad_inputs.package({"META-INF/MANIFEST.MF": "x"}), "a.zip", "程序"),
    "old sheets": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le"), "a.xls", "xlsx"),
    "book": (bad_inputs.package({"mimetype": "application/epub+zip"}), "a.epub", "电子书"),
    "sound": (b"ID3\x04" + bytes(99), "a.mp3", "文字稿"),
}


@pytest.mark.parametrize("content, name, hint", OTHERS.values(), ids=OTHERS)
def test_other_formats_are_refused_with_what_to_do(content: bytes, name: str, hint: str):
    for refuse in (read_file, unpacked):
        with pytest.raises(OtherFormat) as caught:
            refuse(content, name)
        assert name in caught.value.user_message
        assert hint in caught.value.user_message


def test_a_damaged_ofd_is_no_archive_of_reports():
    with pytest.raises((DamagedFile, NoTextInPages)):
        read_file(bad_inputs.package({"OFD.xml": "<x", "Doc_0/a.txt": "云溪镇政府工作报告"}), "a.ofd")


def test_a_word_file_of_pictures_only_is_not_called_empty(monkeypatch):
    drawn = '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>'
    with pytest.raises(PicturesOnly, match=r"a\.docx"):
        read_file(word(paragraph(drawn)), "a.docx")


# -- the article of a page ------------------------------------------------------------------------------------------------

ARTICLE = "".join(
    f"<p>{line}</p>" for line in ("各位代表：", "2024年，全镇地区生产总值增长6.1%，工作平稳。", "2025年目标是增长6.5%左右。")
)
SIDES = {
    "a sidebar of news": '<div class="side"><h3>热点新闻</h3><ul><li>桃源镇：2025年进出口总额增长15%以上。</li></ul></div>',
    "related links": '<div><h4>相关链接</h4><p><a href="/x">云泽县2025年政府工作报告</a></p></div>',
    "many links": '<ul><li><a href="/1">首页</a></li><li><a href="/2">桃源镇2025年政府工作报告</a></li></ul>',
    "comments": '<div id="comments"><p>网友：去年增长9.9%，不错。</p></div>',
    "a footer": "<footer>主办：云溪镇人民政府，备案号1。</footer>",
    "recommended": '<div class="recommend-list"><p>柳浦镇2025年增长9.9%。</p></div>',
}


@pytest.mark.parametrize("side", SIDES.values(), ids=SIDES)
@pytest.mark.parametrize("inside", [False, True], ids=["beside", "inside"])
def test_only_the_article_of_a_page_is_read(side: str, inside: bool):
    body = f"<h1>云溪镇2025年政府工作报告</h1>{ARTICLE}{side}" if inside else f"<h1>云溪镇2025年政府工作报告</h1>{ARTICLE}"
    cleaned = seen(page(f'{"" if inside else side}<div class="c">{body}</div>'), "a.html")
    assert cleaned.text.split("\n")[0] == "云溪镇2025年政府工作报告"
    assert cleaned.text.endswith("2025年目标是增长6.5%左右。")
    assert "page_furniture" in kinds(cleaned)


def test_a_page_without_an_article_is_refused():
    for body in ("<ul><li>首页</li><li>政务公开</li></ul><div id='c'></div>", "<a href='/'>首页</a><iframe src='/x'></iframe>"):
        with pytest.raises(NoArticle, match=r"a\.html"):
            read_file(page(body), "a.html")


def test_an_article_that_goes_on_on_another_page_says_so():
    more = '<div class="page"><a href="t_2.html">2</a> <a href="t_2.html">下一页</a></div>'
    assert kinds(seen(page(f"<div>{ARTICLE}</div>{more}"), "a.html"))["more_pages"] == "t_2.html"


def test_an_article_of_wechat_is_seen_though_its_style_hides_it():
    body = f'<div id="js_content" style="visibility: hidden; opacity: 0;">{ARTICLE}</div>'
    assert "2025年目标是增长6.5%左右。" in seen(page(body), "a.html").text


def test_a_picture_in_an_article_is_named():
    cleaned = seen(page(f'<div>{ARTICLE}<p><img src="t.png" width="600"></p></div><img src="logo.png">'), "a.html")
    assert [removal.kind for removal in cleaned.removals] == ["picture"]
