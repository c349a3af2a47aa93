"""Reports that are not decided on yet, and what corrects them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.conversation.drafts import Drafts, corrections_in
from retrieval.ingest.adding import Original


def test_the_file_of_a_draft_goes_with_its_last_report(db: Database, tmp_path: Path, files: Path):
    drafts = Drafts(db, tmp_path / "drafts")
    original = Original.read((files / "two_in_one.txt").read_bytes(), "two_in_one.txt")
    first, second = drafts.create(1, 1, original)
    assert drafts.take(first.id)
    assert not drafts.take(first.id)
    assert drafts.original(first) == original
    drafts.finish(first.id)
    assert drafts.original(second) == original
    assert [draft.id for draft in drafts.interrupted()] == []
    drafts.take(second.id)
    assert [draft.id for draft in drafts.interrupted()] == [second.id]
    drafts.finish(second.id)
    assert list((tmp_path / "drafts").iterdir()) == []


@pytest.mark.parametrize(
    "text, kind, corrections",
    [
        ("2023 2024", "years", {"review_year": 2023, "plan_year": 2024}),
        ("计划的是2024年，回顾的是2023年", "years", {"review_year": 2023, "plan_year": 2024}),
        ("2025年", "rename_years", {"review_year": 2024, "plan_year": 2025}),
        ("去年", "years", None),
        ("2022 2023 2024", "years", None),
        ("20245", "years", None),
        ("石渡镇2025年GDP目标是多少", "rename_place", None),
        (" 沙坪坝区回龙坝镇 ", "place", {"place": "沙坪坝区回龙坝镇"}),
        ("新标题", "rename_title", {"title": "新标题"}),
    ],
)
def test_what_a_text_corrects(text, kind, corrections):
    assert corrections_in(text, kind) == corrections
