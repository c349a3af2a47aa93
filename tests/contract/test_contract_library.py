"""Adding again, replacing, correcting, removing; refusals that change nothing; exit status."""
import pytest
from contract_kit import CJK, clear_message, squeeze


def outcomes(run):
    return [one["outcome"] for one in run.json]


def places(run):
    return sorted(one["place"] for one in run.json)


def test_add_for_people_says_a_line_a_report(small):
    said = squeeze(small.run.out + small.run.err)
    assert "石桥镇" in said and "麦坡镇" in said, small.run


# -- refusals

BAD = ["missing", "empty", "unsupported", "damaged", "junk"]


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_refused_with_one_clear_sentence(refusals, kind):
    run = refusals.runs[kind]
    assert run.code == 1, run
    clear_message(run, refusals.inputs[kind].name)


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_refused_in_json_too(refusals, kind):
    found = refusals.runs[kind].json
    assert [one["outcome"] for one in found] == ["refused"], found
    assert CJK.search(found[0]["reason"]), found


def test_refused_type_lists_what_is_accepted(refusals):
    said = refusals.runs["unsupported"].err
    assert all(suffix in said for suffix in ("txt", "md", "docx", "html")), said


def test_refusals_change_nothing(small, refusals):
    assert refusals.after == refusals.before
    assert refusals.listed.json == small.listed.json


# -- wrong usage and unknown ids

@pytest.mark.parametrize("kind", ["no such command", "add without a path", "no such option", "k is no number"])
def test_wrong_usage_exits_2(usage, kind):
    run = usage[kind]
    assert run.code == 2, run
    assert run.err.strip() and "Traceback" not in run.err, run


@pytest.mark.parametrize("command", ["show", "remove", "edit"])
def test_unknown_id_exits_1(unknown_ids, command):
    run = unknown_ids[command]
    assert run.code == 1, run
    clear_message(run, "4711")
    assert run.out.strip() == ""


def test_wrong_setting_stops_with_name_value_and_choices(settings):
    run = settings.wrong
    assert run.code != 0 and "Traceback" not in run.err, run
    assert all(word in run.err for word in ("LOG_LEVEL", "loudest", "INFO")), run


def test_run_without_token_names_the_variable(settings):
    assert settings.bot.code == 1, settings.bot
    assert "TELEGRAM_BOT_TOKEN" in settings.bot.err and "Traceback" not in settings.bot.err, settings.bot


# -- the same again, and another text for the same place and year

def test_same_content_under_another_name_is_a_duplicate(twice):
    assert outcomes(twice.duplicate) == ["duplicate", "duplicate"], twice.duplicate
    assert "Traceback" not in twice.duplicate.err


def test_duplicate_names_the_report_it_equals(small, twice):
    for one, original in zip(sorted(twice.duplicate.json, key=lambda e: str(e["place"])),
                             sorted(small.listed.json, key=lambda e: str(e["place"]))):
        named = (str(original["id"]), original["place"], original["title"])
        assert any(name in one["reason"] for name in named), one


def test_another_text_of_the_same_place_and_year_is_a_conflict(twice):
    assert twice.conflict.code == 1 and outcomes(twice.conflict) == ["conflict"], twice.conflict
    said = twice.conflict.json[0]["reason"] + twice.conflict.err
    assert "--replace" in said and "--keep-both" in said, said


def test_duplicate_and_conflict_change_nothing(small, twice):
    assert twice.listed.json == small.listed.json


def test_keep_both_adds_it_beside_the_other(twice):
    assert twice.kept.code == 0 and outcomes(twice.kept) == ["added"], twice.kept
    assert places(twice.both) == sorted(["石桥镇", "石桥镇", "麦坡镇"])


def test_a_name_that_two_reports_bear_gets_a_line_from_each(twice):
    reply = twice.replies[0]
    assert reply["status"] == "answered"
    assert "3180万元" in reply["answer"] and "3260万元" in reply["answer"], reply
    assert len({quote["report"]["id"] for quote in reply["quotes"]}) == 2


def test_replace_puts_the_new_text_in_place_of_the_old(replaced):
    assert replaced.added.code == 0 and outcomes(replaced.added) == ["added"], replaced.added
    assert places(replaced.listed) == sorted(["石桥镇", "麦坡镇"])
    answer = replaced.replies[0]["answer"]
    assert "3260万元" in answer and "3180" not in answer


def test_replace_leaves_the_other_report_of_the_old_file(small, replaced):
    assert replaced.other.code == 0 and replaced.other.out == small.text
    assert "2750万元" in replaced.replies[1]["answer"]


def test_rebuild_does_not_bring_the_replaced_report_back(replaced):
    """`listed` is from after the rebuild."""
    assert replaced.rebuilt.code == 0, replaced.rebuilt
    assert len(replaced.listed.json) == 2
    assert replaced.verified.code == 0, replaced.verified


# -- remove, edit, rebuild

def test_remove_takes_one_report_and_leaves_the_other_of_its_file(small, corrected):
    assert corrected.removed.code == 0, corrected.removed
    assert [one["id"] for one in corrected.listed.json] == [small.ids["麦坡镇"]]
    assert corrected.gone.code == 1 and corrected.gone.out.strip() == "", corrected.gone
    clear_message(corrected.gone, small.shiqiao)


def test_edit_corrects(corrected):
    assert corrected.edited.code == 0, corrected.edited
    one, = corrected.listed.json
    assert (one["place"], one["plan_year"], one["review_year"], one["year"], one["title"]) == (
        "云溪镇", 2026, 2025, 2026, "云溪镇2025年政府工作报告")


def test_rebuild_keeps_ids_corrections_and_removals(small, corrected):
    assert corrected.rebuilt.code == 0, corrected.rebuilt
    assert corrected.relisted.json == corrected.listed.json
    assert corrected.retext.out == small.text
    assert corrected.verified.code == 0, corrected.verified


def test_questions_follow_the_correction_and_the_removal(corrected):
    edited, removed = corrected.replies
    assert edited["status"] == "answered" and "306户" in edited["answer"], edited
    assert edited["quotes"][0]["report"]["place"] == "云溪镇"
    assert removed["status"] == "not_found" and removed["quotes"] == [], removed
    assert not any(p["report"]["place"] == "石桥镇" for p in removed["passages"])
