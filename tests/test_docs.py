"""What the documents say is so: the table of bad inputs is made again and compared."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_the_table_of_bad_inputs_shows_the_sentences_that_are_shown():
    pytest.importorskip("rapidocr", reason="the table holds what the extra ocr says")
    if not any(map(shutil.which, ("soffice", "libreoffice", "antiword"))):
        pytest.skip("the table holds what LibreOffice or antiword says")
    made = runpy.run_path(str(ROOT / "docs" / "make_bad_input_table.py"))
    page = (ROOT / "docs" / "hostile-input.md").read_text(encoding="utf-8")
    assert page.partition(made["BEGIN"])[2].partition(made["END"])[0] == made["table"]()
