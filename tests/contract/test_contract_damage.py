"""Tampering that `verify` must see, `rebuild`, a newer library, two processes at once, kill -9."""
import pytest
from contract_kit import CJK, clear_message


def needs(found, what):
    if found is None:
        pytest.skip(f"can't find {what} from outside")
    return found


def names_a_disagreement(run, *words):
    assert run.code == 1, run
    said = run.out + run.err
    assert CJK.search(said) and "Traceback" not in said, run
    assert any(word in said for word in words), f"none of {words} is named: {run}"


def test_verify_names_a_broken_index(broken_index):
    names_a_disagreement(needs(broken_index, "the index").junk, "索引", "index", "faiss")


def test_rebuild_makes_a_deleted_index_again(broken_index):
    found = needs(broken_index, "the index")
    assert found.rebuilt.code == 0, found.rebuilt
    assert found.verified.code == 0 and found.exists, found.verified
    assert "3180万元" in found.replies[0]["answer"]


def test_verify_names_a_changed_original(broken_originals):
    found = needs(broken_originals, "the original")
    names_a_disagreement(found.changed, found.name, "towns.txt", "石桥镇", "原文", "原件", "原始文件")


def test_verify_names_a_missing_original(broken_originals):
    found = needs(broken_originals, "the original")
    names_a_disagreement(found.missing, found.name, "towns.txt", "石桥镇", "原文", "原件", "原始文件")


def test_verify_names_a_changed_text(small, broken_text):
    names_a_disagreement(needs(broken_text, "the canonical text").verified, "石桥镇", small.shiqiao)


def test_verify_names_a_changed_passage(small, broken_passage):
    names_a_disagreement(needs(broken_passage, "a stored sentence").verified, "石桥镇", small.shiqiao)


def test_a_library_of_a_newer_version_is_refused_and_left_alone(newer_schema):
    found = needs(newer_schema, "the schema's version")
    for run in (found.listed, found.added):
        assert run.code == 1, run
        clear_message(run)
    assert found.after == found.before


def test_two_adds_at_once_both_succeed(side_by_side):
    for run in side_by_side.runs:
        assert run.code == 0 and [one["outcome"] for one in run.json] == ["added"], run
    assert sorted(one["place"] for one in side_by_side.listed.json) == sorted(["松坪镇", "柏岭镇"])
    assert len({one["id"] for one in side_by_side.listed.json}) == 2
    assert side_by_side.verified.code == 0, side_by_side.verified


def test_a_killed_add_leaves_a_whole_library(killed):
    for one in killed.rounds:
        assert one.verified.code == 0, f"killed at {one.moment:.2f} s (exit {one.code}): {one.verified}"


def test_add_after_the_kills_succeeds(small, killed):
    assert {one["outcome"] for one in killed.added.json} <= {"added", "duplicate"}, killed.added
    assert "Traceback" not in killed.added.err
    assert sorted(one["place"] for one in killed.listed.json) == sorted(["石桥镇", "麦坡镇", "松坪镇", "柏岭镇"])
    assert killed.verified.code == 0, killed.verified
    listed = {one["id"]: one for one in killed.listed.json}
    assert {one["id"]: one for one in small.listed.json}.items() <= listed.items(), "an older report changed"
