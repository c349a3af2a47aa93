"""Writes ``docs/hostile-input.md``'s table: each bad input with the sentence that is shown (``python docs/make_bad_input_table.py``).

``tests/test_docs.py`` makes the table again and compares it.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "hostile-input.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"
LINKS = (
    "ftp://www.example.gov.cn/a",
    "http://user:password@www.example.gov.cn/",
    "http://127.0.0.1/",
    "http://169.254.169.254/",
    "http:///a",
)


def table() -> str:
    """The table in Markdown, made by sending every input."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from bad_inputs import BAD, BAD_ARCHIVES

    from retrieval.errors import ReportBotError
    from retrieval.reading.links import fetch
    from retrieval.reading.loading import read_file, unpacked

    rows = []

    def told(what: str, call, *arguments: object) -> None:
        try:
            call(*arguments)
        except ReportBotError as error:
            rows.append(f"| {what} | {error.user_message} |\n")

    for what, (name, make, _) in BAD.items():
        told(what, read_file, make(), name)
    for what, (name, make, _) in BAD_ARCHIVES.items():
        told(what, unpacked, make(), name)
    for link in LINKS:
        told(f"`{link}`", fetch, link)
    return "".join(["| 发来的内容 | 看到的话 |\n| --- | --- |\n", *rows])


def main() -> None:
    """Puts the table into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{table()}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
