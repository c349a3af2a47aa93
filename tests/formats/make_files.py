"""Makes the files of ``tests/formats/files`` with real programs, from the invented reports of ``data/samples``.

Run once, by hand: ``python tests/formats/make_files.py``. Needs LibreOffice Writer and a Chinese font (on Debian: ``apt
install libreoffice-writer fonts-noto-cjk``); the tests need neither. ``truth.json`` says what
each holds.
"""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import docx
import numpy as np
import pypdfium2
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image

FILES = Path(__file__).parent / "files"
SAMPLES = Path(__file__).parents[2] / "data" / "samples"
REPORT = "柳浦镇2024年政府工作报告"
HEAD = "柳浦镇人民代表大会会议文件"
FONT = "Noto Serif CJK SC"
SCANNED_PAGES = 2
COLUMNS_HOLD, UNINDENTED_HOLDS = 2600, 1000  # characters: fonts are embedded, and the files are to be small
TABLE = [["指标", "2024年实际", "2025年目标"], ["地区生产总值", "38.6亿元", "增长6.5%左右"], ["工业总产值", "71.2亿元", "80亿元"]]


def main() -> None:
    """Makes all files anew."""
    shutil.rmtree(FILES, ignore_errors=True)
    FILES.mkdir(parents=True)
    text = (SAMPLES / f"{REPORT}.txt").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        plain = written(work / "report.docx", text, columns=1, size=14)
        for suffix, made_by in (("doc", "doc:MS Word 97"), ("odt", "odt"), ("rtf", "rtf"), ("pdf", "pdf")):
            shutil.copy(converted(plain, made_by, suffix), FILES / f"report.{suffix}")
        shutil.copy(plain, FILES / "report.docx")
        shutil.copy(FILES / "report.doc", FILES / "report.wps")
        columns = written(work / "columns.docx", text[:COLUMNS_HOLD], columns=2, size=10.5)
        shutil.copy(converted(columns, "pdf", "pdf"), FILES / "columns.pdf")
        unindented = written(work / "unindented.docx", text[:UNINDENTED_HOLDS], columns=1, size=12, indent=False)
        shutil.copy(converted(unindented, "pdf", "pdf"), FILES / "unindented.pdf")
    make_scans()
    make_archive(text)
    (FILES / "page.html").write_text(web_page(text), encoding="utf-8")
    (FILES / "gbk.txt").write_bytes(text.encode("gb18030"))
    truth = {"report": REPORT, "scanned_pages": SCANNED_PAGES, "table": TABLE, "head": HEAD}
    truth |= {"columns": COLUMNS_HOLD, "unindented": UNINDENTED_HOLDS}
    (FILES / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def written(path: Path, text: str, *, columns: int, size: float, indent: bool = True) -> Path:
    """A Word file of the report, with a running head, page numbers, and a table before its last paragraph."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = document.sections[0]
    section.header.paragraphs[0].text = HEAD
    section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _number_pages(section.footer.paragraphs[0])
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for index, line in enumerate(lines):
        if index == len(lines) - 1 and columns == 1:
            _add_table(document)
        paragraph = document.add_paragraph(line)
        if index < 3:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            paragraph.paragraph_format.first_line_indent = Pt(2 * size) if indent else None
            paragraph.paragraph_format.space_after = Pt(0)
    if columns > 1:
        section._sectPr.xpath("./w:cols")[0].set(qn("w:num"), str(columns))
    document.save(str(path))
    return path


def _add_table(document: docx.document.Document) -> None:
    table = document.add_table(len(TABLE), len(TABLE[0]), style="Table Grid")
    for row, texts in enumerate(TABLE):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text


def _number_pages(paragraph: docx.text.paragraph.Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)
    paragraph.add_run(" —")


def converted(path: Path, made_by: str, suffix: str) -> Path:
    """What LibreOffice makes of a file."""
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", made_by, "--outdir", str(path.parent / suffix), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return path.parent / suffix / f"{path.stem}.{suffix}"


def make_scans() -> None:
    """The first pages of the PDF as a scanner sees them: grey, tilted, noisy."""
    pages = rendered(FILES / "report.pdf", SCANNED_PAGES, dpi=150)
    scans = [scanned(page, tilt=tilt, noise=9, seed=n) for n, (page, tilt) in enumerate(zip(pages, (0.6, -0.8), strict=True))]
    scans[0].save(FILES / "scan.pdf", save_all=True, append_images=scans[1:], resolution=150, quality=30)
    scans[0].save(FILES / "scan.jpg", quality=30, dpi=(150, 150))
    black = [scan.point(lambda level: 255 if level > 140 else 0).convert("1") for scan in scans]
    black[0].save(FILES / "scan.png", dpi=(150, 150))
    black[0].save(FILES / "scan.tiff", save_all=True, append_images=black[1:], compression="group4", dpi=(150, 150))


def rendered(path: Path, count: int, dpi: int) -> list[Image.Image]:
    """The first pages of a PDF as grey pictures."""
    document = pypdfium2.PdfDocument(path)
    return [document[index].render(scale=dpi / 72, grayscale=True).to_pil() for index in range(count)]


def scanned(page: Image.Image, *, tilt: float, noise: float, seed: int, blur: float = 0.0) -> Image.Image:
    """A page turned by ``tilt`` degrees, blurred by a radius of ``blur`` pixels, with noise of that standard deviation."""
    from PIL import ImageFilter

    turned = page.convert("L").rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if blur:
        turned = turned.filter(ImageFilter.GaussianBlur(blur))
    levels = np.asarray(turned, dtype=np.float32) * 0.88 + 20
    levels += np.random.default_rng(seed).normal(0, noise, levels.shape)
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8))


def make_archive(text: str) -> None:
    """An archive as Chinese Windows makes it: names in GBK without saying so, leftovers of a Mac, one archive inside."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_gbk("望岚区2025年政府工作报告.txt"), (SAMPLES / "望岚区2025年政府工作报告.txt").read_bytes())
    with zipfile.ZipFile(FILES / "reports.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_gbk(f"各镇报告/{REPORT}.docx"), (FILES / "report.docx").read_bytes())
        archive.writestr(_gbk("各镇报告/青砚镇2024年政府工作报告.txt"), (SAMPLES / "青砚镇2024年政府工作报告.txt").read_bytes())
        archive.writestr("__MACOSX/._x.txt", random.Random(1).randbytes(100))
        archive.writestr(".DS_Store", b"\0" * 10)
        archive.writestr(_gbk("区县.zip"), inner.getvalue())


class _Named(zipfile.ZipInfo):
    """A member whose name is written as GBK, with the flag of UTF-8 left off."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits


def _gbk(name: str) -> zipfile.ZipInfo:
    info = _Named(name, (2025, 1, 10, 9, 30, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def web_page(text: str) -> str:
    """The report as a government's site shows it, with all that such a page has around its text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    body = "\n".join(f'<p style="text-indent: 2em;">{line}</p>' for line in lines[1:])
    links = "".join(f'<li><a href="/n{n}/">栏目{n}</a></li>' for n in range(1, 13))
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{lines[0]}_柳浦镇人民政府</title>
<meta name="SiteName" content="柳浦镇人民政府"><meta name="PubDate" content="2024-02-05 09:30">
<meta name="ContentSource" content="柳浦镇党政办"></head>
<body><div class="header"><div class="logo">柳浦镇人民政府</div><form action="/search"><input name="q"></form></div>
<ul class="nav">{links}</ul>
<div class="location">您的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 政府工作报告</div>
<div class="article"><h1>{lines[0]}</h1>
<div class="info">发布时间：2024-02-05 09:30　来源：柳浦镇党政办　字体：<a>大</a> <a>中</a> <a>小</a></div>
<div class="content">{body}</div></div>
<div class="related"><h3>相关链接</h3><ul><li><a href="/a1">上级政策文件汇编</a></li><li><a href="/a2">部门网站</a></li></ul></div>
<div class="footer"><p>主办：柳浦镇人民政府办公室　备案号：示例备00000000号</p><p>网站地图 | 联系我们 | 隐私声明</p></div>
<script>var visited = 12345;</script></body></html>
"""


if __name__ == "__main__":
    main()
