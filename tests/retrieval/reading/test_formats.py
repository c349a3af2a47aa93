"""Files made by real programs (``tests/formats/make_files.py``): every format gives the text that was put into it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from retrieval.answers.answerer import Answerer
from retrieval.errors import OcrNotInstalled, OfficeNotInstalled, ReportBotError
from retrieval.ingest.adding import Decision, Original
from retrieval.ingest.understanding import read_reports
from retrieval.language.folding import squeeze
from retrieval.library import Library
from retrieval.reading import limits
from retrieval.reading.loading import read_file, unpacked
from retrieval.report.cleaning import Cleaned

FILES = Path(__file__).parents[2] / "formats" / "files"
TRUTH = json.loads((FILES / "truth.json").read_text(encoding="utf-8"))
REPORT = (Path(__file__).parents[3] / "data" / "samples" / f"{TRUTH['report']}.txt").read_text(encoding="utf-8")
TABLE = [
    "指标 | 2024年实际 | 2025年目标",
    "2024年实际：地区生产总值38.6亿元；2025年目标：地区生产总值增长6.5%左右。",
    "2024年实际：工业总产值71.2亿元；2025年目标：工业总产值80亿元。",
]
NAME = f"{TRUTH['report']}.x"


def read(file: str, name: str | None = None) -> Cleaned:
    (cleaned,) = read_reports(read_file((FILES / file).read_bytes(), name or file))
    return cleaned


def lines(text: str) -> list[str]:
    """The lines of a text without the blanks that no format keeps alike."""
    return [squeezed for line in text.split("\n") if (squeezed := squeeze(line))]


def expected(characters: int | None = None, *, table: bool = True) -> list[str]:
    body = [line for line in lines(REPORT[:characters]) if not line.startswith("来源:")]
    return [*body[:-1], *map(squeeze, TABLE), body[-1]] if table else body


needs_office = pytest.mark.skipif(
    not any(map(shutil.which, ("soffice", "libreoffice", "antiword"))), reason="neither LibreOffice nor antiword is installed"
)


@pytest.mark.parametrize(
    "file",
    [
        "report.docx",
        "report.odt",
        "report.rtf",
        "report.pdf",
        pytest.param("report.doc", marks=needs_office),
        pytest.param("report.wps", marks=needs_office),
    ],
)
def test_every_line_of_the_report_is_read(file: str):
    assert lines(read(file).text) == expected()


@pytest.mark.parametrize("name", ["报告.txt", "报告.docx", "报告", "report.pdf"])
@pytest.mark.parametrize("file", ["report.odt", "report.rtf", "report.pdf", "report.docx"])
def test_a_file_is_what_its_content_says_and_not_its_name(file: str, name: str):
    assert lines(read(file, name).text) == expected()


def test_two_columns_are_read_one_after_the_other():
    assert lines(read("columns.pdf").text) == expected(TRUTH["columns"], table=False)


def test_paragraphs_without_indents_are_told_by_their_short_last_lines():
    found = lines(read("unindented.pdf").text)
    assert "".join(found) == "".join(expected(TRUTH["unindented"]))
    assert "一、过去一年工作回顾" in found


@pytest.mark.parametrize("file", ["report.pdf", "columns.pdf"])
def test_running_heads_and_page_numbers_go_and_are_recorded(file: str):
    cleaned = read(file)
    assert TRUTH["head"] not in cleaned.text
    heads = [one.text for one in cleaned.removals if one.kind == "running_head"]
    assert heads.count(TRUTH["head"]) == len(cleaned.pages) == len(heads) / 2
    assert [squeeze(one) for one in heads if one != TRUTH["head"]] == [f"-{page.number}-" for page in cleaned.pages]


def test_a_page_begins_where_its_first_line_begins():
    cleaned = read("report.pdf")
    assert [page.number for page in cleaned.pages] == list(range(1, len(cleaned.pages) + 1))
    before_second = cleaned.text[: cleaned.pages[1].start]
    import pypdfium2

    first = squeeze(pypdfium2.PdfDocument(FILES / "report.pdf")[0].get_textpage().get_text_range())
    assert squeeze(before_second)[-30:] in first
    assert squeeze(cleaned.text[cleaned.pages[1].start :])[:10] not in first


def test_a_web_page_that_was_saved():
    found = lines(read("page.html").text)
    assert [line for line in expected(table=False) if line not in found] == []


def test_the_main_text_of_a_web_page_with_its_date():
    raw = read_file((FILES / "page.html").read_bytes(), "https://www.liupu.example/zwgk/t1.html")
    (cleaned,) = read_reports(raw)
    assert lines(cleaned.text) == expected(table=False)
    assert (cleaned.url, cleaned.published) == ("https://www.liupu.example/zwgk/t1.html", "2024-02-05")


def test_names_in_gbk_leftovers_and_an_archive_inside():
    found = dict(unpacked((FILES / "reports.zip").read_bytes(), "reports.zip"))
    assert list(found) == [f"{TRUTH['report']}.docx", "青砚镇2024年政府工作报告.txt", "望岚区2025年政府工作报告.txt"]
    assert found[f"{TRUTH['report']}.docx"] == (FILES / "report.docx").read_bytes()


# -- scans ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def original_scan() -> Original:
    """The scan, its letters recognised once: a page takes some seconds."""
    pytest.importorskip("rapidocr", reason="the extra ocr is not installed")
    told: list[tuple[str, int, int]] = []
    content = (FILES / "scan.pdf").read_bytes()
    raw = read_file(content, "scan.pdf", lambda *step: told.append(step))
    assert told == [("recognising", done, 2) for done in range(3)]
    assert raw.kept
    return Original.of(content, "scan.pdf", raw)


@pytest.fixture(scope="module")
def scan(original_scan: Original) -> Cleaned:
    (cleaned,) = original_scan.parts
    return cleaned


def test_the_letters_of_a_scan_are_recognised_page_by_page(scan: Cleaned):
    truth = "".join(expected(table=False))
    text = squeeze(scan.text).replace("\n", "")
    assert errors(text, truth[: len(text)]) < 0.02
    assert [page.number for page in scan.pages] == [1, 2]
    assert all(page.confidence is not None and page.confidence > 0.95 for page in scan.pages)


def test_lines_of_a_scan_are_healed_and_its_heads_go(scan: Cleaned):
    assert TRUTH["head"] not in scan.text
    assert "一、过去一年工作回顾" in scan.text.split("\n")
    assert max(map(len, scan.text.split("\n"))) > 100


def errors(text: str, truth: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(text, truth) / len(truth)


def test_a_scan_is_added_asked_and_verified_without_recognising_again(
    empty_library: Library, original_scan: Original, monkeypatch
):
    added = empty_library.add_part(original_scan, 1, Decision({}))
    assert added.outcome == "added"
    assert added.weak_pages == ()
    reply = Answerer(empty_library).ask(["柳浦镇地区生产总值完成多少"])
    assert "19.4亿元" in reply.answer
    assert (reply.quotes[0].page, reply.quotes[0].recognised) == (1, True)
    assert reply.as_json()["quotes"][0]["page"] == 1
    monkeypatch.setattr("retrieval.reading.loading.read_in_child", lambda *_: pytest.fail("recognised again"))
    assert empty_library.verify() == []
    before = empty_library.text(1), empty_library.pages(1)
    empty_library.rebuild()
    assert (empty_library.text(1), empty_library.pages(1)) == before
    empty_library.remove([1], undoable=True)
    empty_library.restore(1)
    assert (empty_library.text(1), empty_library.pages(1)) == before
    assert empty_library.verify() == []


def test_a_reading_that_was_changed_is_named(empty_library: Library, original_scan: Original):
    empty_library.add_part(original_scan, 1, Decision({}))
    empty_library.store.db.execute("update readings set raw = replace(raw, '19.4', '91.4')")
    assert any("scan.pdf" in problem for problem in empty_library.verify())


def test_without_the_extra_a_scan_says_how_to_install_it(monkeypatch):
    import sys

    from retrieval.reading import scans

    monkeypatch.setattr(scans, "allow_more", lambda: None)
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(OcrNotInstalled, match=r"pip install .*reportbot\[ocr\]"):
        scans.read((FILES / "scan.png").read_bytes(), "scan.png", lambda *_: None)


@pytest.fixture
def only_antiword(tmp_path: Path, monkeypatch) -> None:
    """A machine without LibreOffice: antiword is the only program that the reading process finds."""
    antiword = shutil.which("antiword")
    if antiword is None:
        pytest.skip("antiword is not installed")
    (tmp_path / "antiword").symlink_to(antiword)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.parametrize("file", ["report.doc", "report.wps"])
def test_without_libreoffice_antiword_reads_every_line(only_antiword: None, file: str):
    assert lines(read(file).text) == expected()


def test_what_antiword_can_not_read_is_one_error(only_antiword: None):
    content = (FILES / "report.doc").read_bytes()
    with pytest.raises(ReportBotError, match=r"报告\.doc"):
        read_file(content[:4096], "报告.doc")


@pytest.mark.skipif(not any(map(shutil.which, ("soffice", "libreoffice"))), reason="LibreOffice is not installed")
@pytest.mark.parametrize("file", ["report.doc", "report.wps"])
def test_without_antiword_libreoffice_reads_every_line(file: str, monkeypatch, tmp_path: Path):
    which = shutil.which
    office = which("soffice") or which("libreoffice")
    assert office
    (tmp_path / "soffice").symlink_to(office)
    for tool in ("sh", "bash", "dirname", "basename", "uname", "sed", "grep", "readlink", "ls", "cat", "expr", "pwd", "id", "tr"):
        if found := which(tool):  # its start script needs them
            (tmp_path / tool).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lines(read(file).text) == expected()


def test_without_an_office_an_old_file_says_how_to_install_one(monkeypatch):
    from retrieval.reading import office

    monkeypatch.setattr(office, "programs_found", dict)
    with pytest.raises(OfficeNotInstalled, match=r"antiword"):
        office.read((FILES / "report.doc").read_bytes(), "report.doc", lambda *_: None)


# -- in a library ---------------------------------------------------------------------------------------------------------


def test_quotes_of_a_pdf_name_their_page(empty_library: Library):
    list(empty_library.add([FILES / "report.pdf"]))
    reply = Answerer(empty_library).ask(["柳浦镇2025年城镇新增就业目标是多少"])
    assert "500人以上" in reply.answer
    quote = reply.quotes[0]
    page = next(page for page in reversed(empty_library.pages(1)) if page.start <= quote.start)
    assert (quote.page, quote.recognised) == (page.number, False)
    assert quote.page > 4
    assert empty_library.verify() == []


def test_each_file_of_an_archive_has_its_own_outcome(empty_library: Library):
    outcomes = list(empty_library.add([FILES / "reports.zip"]))
    assert [one.outcome for one in outcomes] == ["added", "added", "added"]
    assert [report.file for report in empty_library.reports()] == [one.file for one in outcomes]
    assert empty_library.verify() == []


def test_the_limits_leave_room_for_what_is_real():
    assert all((FILES / file.name).stat().st_size * 20 < limits.FILE_BYTES for file in FILES.iterdir())
