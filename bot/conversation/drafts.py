"""Reports that administrators sent and have not yet decided on: on disk, so that a restart loses none."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlite_utils import Database

from retrieval.errors import UnreadableFile
from retrieval.ingest.adding import Original
from retrieval.reading.names import suffix_of
from retrieval.reading.raw import RawText

_KEPT_SECONDS = 2 * 86400
_INPUT_SECONDS = 1800.0
_READING = ".reading"  # beside a file: its text, so that a scan is not recognised again at each press of a button
_PART = ".part"
_YEARS = re.compile(r"(?<!\d)(\d{4})(?!\d)")
State = Literal["open", "adding", "done"]
InputKind = Literal["place", "years", "rename_place", "rename_years", "rename_title", "paste"]


@dataclass(frozen=True)
class Draft:
    """One report of a file that was sent: ``ordinal`` (from 1) of ``parts``."""

    id: int
    chat_id: int
    user_id: int
    message_id: int | None
    file: str
    stored_as: str
    ordinal: int
    parts: int
    corrections: Mapping[str, Any]
    state: State


@dataclass(frozen=True)
class ExpectedInput:
    """What the next text of an administrator is for: a correction of a draft or report, or pieces of a pasted report."""

    kind: InputKind
    target: int


class Drafts:
    def __init__(self, db: Database, folder: Path) -> None:
        self._db = db
        self._folder = folder
        rows = db.execute("select chat_id, user_id, asked_at from expected_inputs")
        self._expecting: dict[tuple[int, int], float] = {(row[0], row[1]): row[2] for row in rows}

    def create(self, chat_id: int, user_id: int, original: Original) -> list[Draft]:
        """One draft for each report of a file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        stored_as = hashlib.sha256(original.content).hexdigest() + suffix_of(original.name)
        reading = json.dumps([original.name, original.raw.as_json()], ensure_ascii=False)
        # Never half written: a draft of the same file may be there already, and lives by them.
        for name, content in ((stored_as, original.content), (f"{stored_as}{_READING}", reading.encode())):
            part = self._folder / f"{name}{_PART}"
            part.write_bytes(content)
            part.replace(self._folder / name)
        ids = [
            self._db.execute(
                "insert into drafts (chat_id, user_id, file, stored_as, ordinal, parts, corrections, state, created_at)"
                " values (?, ?, ?, ?, ?, ?, '{}', 'open', ?) returning id",
                [chat_id, user_id, original.name, stored_as, ordinal, len(original.parts), time.time()],
            ).fetchone()[0]
            for ordinal in range(1, len(original.parts) + 1)
        ]
        return [draft for draft in map(self.draft, ids) if draft]

    def draft(self, draft_id: int) -> Draft | None:
        rows = list(self._db.query("select * from drafts where id = ?", [draft_id]))
        if not rows:
            return None
        row = {**rows[0], "corrections": json.loads(rows[0]["corrections"])}
        del row["created_at"]
        return Draft(**row)

    def original(self, draft: Draft) -> Original:
        """The file of a draft as it was read, or read again. Raises UnreadableFile where it is gone."""
        try:
            content = (self._folder / draft.stored_as).read_bytes()
        except OSError as error:
            raise UnreadableFile(file=draft.file) from error
        try:
            name, raw = json.loads((self._folder / f"{draft.stored_as}{_READING}").read_text(encoding="utf-8"))
            if name == draft.file:
                return Original.of(content, draft.file, RawText.from_json(raw))
        except (OSError, ValueError, TypeError):  # that of an earlier program, or half written
            pass
        return Original.read(content, draft.file)

    def shown_as(self, draft_id: int, message_id: int) -> None:
        self._db.execute("update drafts set message_id = ? where id = ?", [message_id, draft_id])

    def correct(self, draft_id: int, corrections: Mapping[str, Any]) -> None:
        draft = self.draft(draft_id)
        if draft:
            merged = json.dumps({**draft.corrections, **corrections}, ensure_ascii=False)
            self._db.execute("update drafts set corrections = ? where id = ?", [merged, draft_id])

    def take(self, draft_id: int) -> bool:
        """Marks a draft as being added; False where it is already, or is decided on."""
        return self._db.execute("update drafts set state = 'adding' where id = ? and state = 'open'", [draft_id]).rowcount == 1

    def give_back(self, draft_id: int) -> None:
        self._db.execute("update drafts set state = 'open' where id = ? and state = 'adding'", [draft_id])

    def finish(self, draft_id: int) -> None:
        """Ends a draft; its file goes with its last one."""
        self._db.execute("update drafts set state = 'done' where id = ?", [draft_id])
        self._delete_unused()

    def interrupted(self) -> list[Draft]:
        """The drafts that were being added when the bot was stopped; they are open again."""
        ids = [row[0] for row in self._db.execute("select id from drafts where state = 'adding'").fetchall()]
        self._db.execute("update drafts set state = 'open' where state = 'adding'")
        return [draft for draft in map(self.draft, ids) if draft]

    def forget_old(self) -> None:
        self._db.execute("delete from drafts where created_at < ?", [time.time() - _KEPT_SECONDS])
        self._delete_unused()

    def _delete_unused(self) -> None:
        used = {row[0] for row in self._db.execute("select stored_as from drafts where state != 'done'")}
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            if path.name.removesuffix(_PART).removesuffix(_READING) not in used or path.name.endswith(_PART):
                path.unlink(missing_ok=True)

    # -- what the next text is for ----------------------------------------------------------------------------

    def expects(self, chat_id: int, user_id: int) -> bool:
        """Whether a person's next text is no question; asks no database, so that a filter may."""
        return time.time() - self._expecting.get((chat_id, user_id), 0.0) < _INPUT_SECONDS

    def expect(self, chat_id: int, user_id: int, kind: InputKind, target: int = 0) -> None:
        """``target`` is the draft or report to correct, or the message that counts the pieces of a pasted report."""
        now = time.time()
        self._db.execute("insert or replace into expected_inputs values (?, ?, ?, ?, ?)", [chat_id, user_id, kind, target, now])
        self._expecting[chat_id, user_id] = now

    def expected(self, chat_id: int, user_id: int) -> ExpectedInput | None:
        row = self._db.execute(
            "select kind, target from expected_inputs where chat_id = ? and user_id = ? and asked_at >= ?",
            [chat_id, user_id, time.time() - _INPUT_SECONDS],
        ).fetchone()
        return ExpectedInput(*row) if row else None

    def expect_nothing(self, chat_id: int, user_id: int) -> None:
        self._expecting.pop((chat_id, user_id), None)
        self._db.execute("delete from expected_inputs where chat_id = ? and user_id = ?", [chat_id, user_id])
        self._db.execute("delete from pasted where chat_id = ? and user_id = ?", [chat_id, user_id])

    def expect_no_correction(self, chat_id: int, user_id: int) -> None:
        """A command came instead of a correction; a report that is being pasted goes on."""
        expected = self.expected(chat_id, user_id)
        if expected is not None and expected.kind != "paste":
            self.expect_nothing(chat_id, user_id)

    def change_piece(self, chat_id: int, user_id: int, message_id: int, text: str) -> None:
        """A piece of a pasted report was edited."""
        self._db.execute(
            "update pasted set text = ? where chat_id = ? and user_id = ? and message_id = ?",
            [text, chat_id, user_id, message_id],
        )

    def paste(self, chat_id: int, user_id: int, message_id: int, text: str) -> list[str]:
        """Keeps a piece of a pasted report; all pieces so far."""
        self._db.execute("insert or replace into pasted values (?, ?, ?, ?)", [chat_id, user_id, message_id, text])
        return self.pieces(chat_id, user_id)

    def pieces(self, chat_id: int, user_id: int) -> list[str]:
        """The pieces of a pasted report, in the order they were sent in."""
        rows = self._db.execute(
            "select text from pasted where chat_id = ? and user_id = ? order by message_id", [chat_id, user_id]
        )
        return [row[0] for row in rows]


def corrections_in(text: str, kind: str) -> dict[str, Any] | None:
    """What a text corrects. Two years are the one reviewed and the one planned for; one is the latter, after the former.

    None where the text is no year, or no place.
    """
    if kind.endswith("place") and any(char.isdigit() for char in text):
        return None  # a question, most likely: names of places have no digits
    if not kind.endswith("years"):
        return {kind.removeprefix("rename_"): text.strip()}
    years = sorted({int(year) for year in _YEARS.findall(text)})
    if not 1 <= len(years) <= 2:
        return None
    return {"review_year": years[0] if len(years) == 2 else years[0] - 1, "plan_year": years[-1]}
