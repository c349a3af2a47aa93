"""Text that a person does not see is no text, whatever hides it; what is left out is told with its kind."""

from __future__ import annotations

import io
import zipfile

import pytest
from made import Printed, kinds, page, paragraph, pdf, run, seen, word

WHITE_ON_DARK = '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>'
HIDDEN_IN_WORD = {
    "vanish": (run("9.9%", "<w:vanish/>"), "hidden"),
    "strike": (run("9.9%", "<w:strike/>"), "struck_out"),
    "dstrike": (run("9.9%", '<w:dstrike w:val="true"/>'), "struck_out"),
    "white": (run("9.9%", '<w:color w:val="FFFFFF"/>'), "hidden"),
    "one point": (run("9.9%", '<w:sz w:val="2"/>'), "hidden"),
    "hidden by its style": (run("9.9%", '<w:rStyle w:val="Draft"/>'), "hidden"),
    "hidden by a style that its style is based on": (run("9.9%", '<w:rStyle w:val="Later"/>'), "hidden"),
    "deleted": ('<w:del w:id="1"><w:r><w:delText>9.9%</w:delText></w:r></w:del>', "deleted"),
    "moved away": (f'<w:moveFrom w:id="1">{run("9.9%")}</w:moveFrom>', "moved"),
    "placeholder": (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('9.9%')}</w:sdtContent></w:sdt>",
        "placeholder",
    ),
}
STYLES = (
    '<w:style w:styleId="Draft" w:type="character"><w:name w:val="Draft"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Later" w:type="character"><w:name w:val="Later"/><w:basedOn w:val="Draft"/></w:style>'
)


@pytest.mark.parametrize("hidden, kind", HIDDEN_IN_WORD.values(), ids=HIDDEN_IN_WORD)
def test_word_files(hidden: str, kind: str):
    cleaned = seen(word(paragraph("地区生产总值增长", hidden, "6.5%左右。"), styles=STYLES), "a.docx")
    assert cleaned.text == "地区生产总值增长6.5%左右。"
    assert kinds(cleaned) == {kind: "9.9%"}


@pytest.mark.parametrize(
    "properties", [WHITE_ON_DARK, '<w:vanish w:val="0"/>', '<w:strike w:val="false"/>', '<w:color w:val="FF0000"/>']
)
def test_what_word_shows_is_read(properties: str):
    cleaned = seen(word(paragraph("增长", run("6.5%", properties), "左右。")), "a.docx")
    assert (cleaned.text, cleaned.removals) == ("增长6.5%左右。", ())


def test_a_paragraph_whose_mark_was_deleted_goes_on_in_the_next():
    first = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>固定资产投资</w:t></w:r></w:p>'
    assert seen(word(first + paragraph("增长7%。")), "a.docx").text == "固定资产投资增长7%。"


ELEMENTS = {
    "a hyphen that does not break": (paragraph("增长5", "<w:r><w:noBreakHyphen/></w:r>", "7%。"), "增长5‑7%。"),
    "an equation": (paragraph("增长", "<m:oMath><m:r><m:t>7%</m:t></m:r></m:oMath>", "。"), "增长7%。"),
    "a fraction": (
        paragraph(
            "占", "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></m:oMath>"
        ),
        "占1/3",
    ),
    "the mark of a note": (paragraph("企业", run("1", '<w:vertAlign w:val="superscript"/>'), "5家。"), "企业5家。"),
    "a square": (paragraph("3km", run("2", '<w:vertAlign w:val="superscript"/>'), "。"), "3km²。"),
    "readings": (
        paragraph(f"<w:r><w:ruby><w:rt>{run('gù')}</w:rt><w:rubyBase>{run('固')}</w:rubyBase></w:ruby></w:r>", "定投资。"),
        "固定投资。",
    ),
    "a text box": (
        paragraph(
            "前。",
            f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{paragraph('框内。')}"
            f"</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{paragraph('框内。')}"
            "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        ),
        "前。\n框内。",
    ),
}


@pytest.mark.parametrize("body, text", ELEMENTS.values(), ids=ELEMENTS)
def test_what_word_keeps_in_elements_of_its_own(body: str, text: str):
    assert seen(word(body), "a.docx").text == text


def test_notes_of_word_stand_at_the_end_and_their_place_is_known():
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>按可比价格计算。</w:t></w:r></w:p></w:footnote>'
    body = paragraph("地区生产总值增长6.5%", '<w:r><w:footnoteReference w:id="2"/></w:r>', "。")
    cleaned = seen(word(body, footnotes=note), "a.docx")
    assert cleaned.text.split("\n") == ["地区生产总值增长6.5%。", "注释：", "注1：按可比价格计算。"]
    (mark,) = cleaned.removals
    assert (mark.kind, mark.text, mark.position) == ("note_mark", "注1", len("地区生产总值增长6.5%"))


def test_automatic_numbers_of_word_are_rebuilt_and_told():
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )

    def numbered(text: str, depth: int = 0) -> str:
        return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')

    body = numbered("工作回顾") + numbered("工业", 1) + numbered("农业", 1) + numbered("工作安排") + numbered("交通", 1)
    cleaned = seen(word(body, numbering=numbering), "a.docx")
    assert cleaned.text.split("\n") == ["一、工作回顾", "一.1工业", "一.2农业", "二、工作安排", "二.1交通"]
    assert [removal.kind for removal in cleaned.removals] == ["automatic_number"] * 5


NAMED_IN_WORD = {
    "chart": '<w:r><w:drawing><a:graphic><a:graphicData><c:chart r:id="rId9"/></a:graphicData></a:graphic></w:drawing></w:r>',
    "embedded": '<w:r><w:object><v:shape><v:imagedata r:id="rId9"/></v:shape><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>',
    "picture": '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>',
}


@pytest.mark.parametrize("kind", NAMED_IN_WORD)
def test_what_is_not_read_of_word_is_named(kind: str):
    cleaned = seen(word(paragraph("见下图。", NAMED_IN_WORD[kind])), "a.docx")
    assert cleaned.text == "见下图。"
    assert list(kinds(cleaned)) == [kind]


HIDDEN_IN_HTML = {
    "del": ("<del>9.9%</del>", "", "struck_out"),
    "strike": ("<strike>9.9%</strike>", "", "struck_out"),
    "display": ('<span style="display: none">9.9%</span>', "", "hidden"),
    "visibility": ('<span style="visibility:hidden;color:red">9.9%</span>', "", "hidden"),
    "attribute": ("<span hidden>9.9%</span>", "", "hidden"),
    "size": ('<span style="font-size:0">9.9%</span>', "", "hidden"),
    "off the page": ('<span style="position:absolute; left:-9999px">9.9%</span>', "", "hidden"),
    "white": ('<span style="color:#FFFFFF">9.9%</span>', "", "hidden"),
    "white font": ('<font color="white">9.9%</font>', "", "hidden"),
    "line-through": ('<span style="text-decoration: line-through">9.9%</span>', "", "struck_out"),
    "by its class": ('<span class="old x">9.9%</span>', "p{} .old , b { display:none }", "hidden"),
    "by its id": ('<span id="o">9.9%</span>', "span#o{visibility:hidden}", "hidden"),
}


@pytest.mark.parametrize("hidden, style, kind", HIDDEN_IN_HTML.values(), ids=HIDDEN_IN_HTML)
def test_web_pages(hidden: str, style: str, kind: str):
    cleaned = seen(page(f"<p>地区生产总值增长{hidden}6.5%左右。</p>", style), "a.html")
    assert cleaned.text == "地区生产总值增长6.5%左右。"
    assert kinds(cleaned) == {kind: "9.9%"}


@pytest.mark.parametrize(
    "shown, style",
    [
        ('<span style="color:#fff;background:#900">6.5%</span>', ""),
        ('<span class="p">6.5%</span>', "@media print {.p{display:none}}"),
        ('<span class="p" style="display:inline">6.5%</span>', ".p{display:none}"),
        ("<ins>6.5%</ins>", ""),
        ('<span style="opacity:0.8">6.5%</span>', ""),
    ],
)
def test_what_a_page_shows_is_read(shown: str, style: str):
    cleaned = seen(page(f"<p>增长{shown}左右。</p>", style), "a.html")
    assert (cleaned.text, cleaned.removals) == ("增长6.5%左右。", ())


def test_raised_marks_of_pages():
    text = seen(
        page("<p>企业<sup>1</sup>5家，广场3km<sup>2</sup>，<ruby>堍<rt>tù</rt></ruby>镇<sup>[2]</sup>。</p>"), "a.html"
    ).text
    assert text == "企业5家，广场3km²，堍镇。"


HIDDEN_IN_RTF = {
    "v": (r"{\v 9.9%}", "hidden"),
    "v switched on and off": (r"\v 9.9%\v0 ", "hidden"),
    "deleted": (r"{\deleted 9.9%}", "deleted"),
    "strike": (r"{\b\strike 9.9%}", "struck_out"),
    "striked": (r"\striked1 9.9%\striked0 ", "struck_out"),
    "white": (r"{\cf2 9.9%}", "hidden"),
    "tiny": (r"{\fs2 9.9%}", "hidden"),
}


def rtf(body: str) -> bytes:
    def escaped(text: str) -> str:
        return "".join(
            char if ord(char) < 128 else f"\\u{ord(char) if ord(char) < 32768 else ord(char) - 65536}?" for char in text
        )

    colors = r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}"
    return (r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0 SimSun;}}" + colors + escaped(body) + r"\par}").encode()


@pytest.mark.parametrize("hidden, kind", HIDDEN_IN_RTF.values(), ids=HIDDEN_IN_RTF)
def test_rich_text(hidden: str, kind: str):
    cleaned = seen(rtf(f"地区生产总值增长{hidden}6.5%左右。"), "a.rtf")
    assert cleaned.text == "地区生产总值增长6.5%左右。"
    assert kinds(cleaned) == {kind: "9.9%"}


def test_marks_and_notes_of_rich_text():
    cleaned = seen(rtf(r"企业{\super 1}5家{\super\chftn{\footnote 不含个体户。}}。"), "a.rtf")
    assert cleaned.text.split("\n")[0] == "企业5家。"
    assert cleaned.text.endswith("注释：\n注1：不含个体户。")


def odt(body: str, styles: str = "") -> bytes:
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(
        f'xmlns:{prefix}="{ns}:{long}:1.0"'
        for prefix, long in (
            *(("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("draw", "drawing")),
            ("fo", "xsl-fo-compatible"),
        )
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", "<x/>")
        archive.writestr("content.xml", content)
    return stream.getvalue()


HIDDEN_IN_ODT = {
    "display": ('text:display="none"', "hidden"),
    "line through": ('style:text-line-through-style="solid"', "struck_out"),
    "white": ('fo:color="#ffffff"', "hidden"),
}


@pytest.mark.parametrize("property_, kind", HIDDEN_IN_ODT.values(), ids=HIDDEN_IN_ODT)
def test_opendocument(property_: str, kind: str):
    style = f'<style:style style:name="T1" style:family="text"><style:text-properties {property_}/></style:style>'
    cleaned = seen(odt('<text:p>增长<text:span text:style-name="T1">9.9%</text:span>6.5%左右。</text:p>', style), "a.odt")
    assert cleaned.text == "增长6.5%左右。"
    assert kinds(cleaned) == {kind: "9.9%"}


def test_marks_and_notes_of_opendocument():
    style = (
        '<style:style style:name="T1" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    )
    body = (
        '<text:p>企业<text:span text:style-name="T1">1</text:span>5家<text:note><text:note-citation>2</text:note-citation>'
        "<text:note-body><text:p>不含个体户。</text:p></text:note-body></text:note>。</text:p>"
    )
    assert seen(odt(body, style), "a.odt").text.split("\n") == ["企业5家。", "注释：", "注1：不含个体户。"]


LINES = [
    Printed("云溪镇2025年政府工作报告", 160, 70, 20),
    Printed("2025年主要预期目标是：地区生产总值增长6.5%左右，固定资产投", 98, 120),
    Printed("资增长7%，社会消费品零售总额增长8%以上。", 70, 140),
]
HIDDEN_IN_PDF = {
    "white": (Printed("地区生产总值增长9.9%。", 70, 300, grey=255), "hidden"),
    "off the page": (Printed("地区生产总值增长9.9%。", 900, 300), "hidden"),
    "tiny": (Printed("地区生产总值增长9.9%。", 70, 300, size=1), "hidden"),
    "invisible": (Printed("地区生产总值增长9.9%。", 70, 300, mode=3), "hidden"),
    "slanting": (Printed("地区生产总值增长9.9%。", 100, 300, angle=40), "watermark"),
}


@pytest.mark.parametrize("hidden, kind", HIDDEN_IN_PDF.values(), ids=HIDDEN_IN_PDF)
def test_pdf(hidden: Printed, kind: str):
    cleaned = seen(pdf([*LINES, hidden]), "a.pdf")
    assert cleaned.text.split("\n")[1:] == [
        "2025年主要预期目标是：地区生产总值增长6.5%左右，固定资产投资增长7%，社会消费品零售总额增长8%以上。"
    ]
    assert kinds(cleaned) == {kind: "地区生产总值增长9.9%。"}


def test_white_letters_of_a_pdf_are_seen_on_something_dark():
    lines = [*LINES, Printed("粮食产量稳定在3万吨。", 70, 300, grey=255)]
    assert "粮食产量稳定在3万吨。" in seen(pdf(lines, filled=(60, 280, 400, 40)), "a.pdf").text


def test_a_pale_text_that_stands_everywhere_is_a_watermark():
    pages = [[*LINES, Printed("内部资料", 200, 100 + 200 * n, 30, grey=200)] for n in range(3)]
    cleaned = seen(pdf(*pages), "a.pdf")
    assert "内部资料" not in cleaned.text
    assert [removal.kind for removal in cleaned.removals].count("watermark") == 3


def test_a_raised_mark_of_a_pdf():
    lines = [
        *LINES[:1],
        Printed("新增规模以上企业", 70, 300),
        Printed("1", 182, 294, 8),
        Printed("5家，总数达到23家。", 187, 300),
    ]
    assert "企业5家" in seen(pdf(lines), "a.pdf").text


def test_a_note_at_the_foot_of_a_page_does_not_cut_a_sentence():
    first = [Printed(f"第{n}段，全镇各项工作平稳有序推进，群众生活稳步改善提高。", 70, 60 + 20 * n) for n in range(1, 20)]
    first += [Printed("全年预期目标是：地区生产总值增长6.5%左右，固定资产投资增", 70, 460)]
    first += [Printed("[1]固定资产投资：指建造和购置固定资产的工作量，全国增长4.2%。", 70, 780, 10)]
    second = [Printed("长7%，社会消费品零售总额增长8%以上。", 70, 70), *[Printed("各项工作继续推进，谢谢大家。", 70, 90)]]
    text = seen(pdf(first, second), "a.pdf").text
    assert "固定资产投资增长7%，社会消费品零售总额增长8%以上。" in text
    assert text.endswith("注释：\n[1]固定资产投资：指建造和购置固定资产的工作量，全国增长4.2%。")
