"""From files to cards and canonical text: types, encodings, metadata, what cleaning took out."""
import re

import contract_reports as reports
import pytest
from contract_kit import REPORT_KEYS, leaves, numbers, squeeze

EXPECTED = [
    # place, plan year, review year, level, within, speaker, date, meeting
    ("青禾镇", 2024, 2023, "乡镇", "望川区", "陆远", [2024, 1, 18], "第十八届人民代表大会第五次会议"),
    ("青禾镇", 2025, 2024, "乡镇", "望川区", "陆远", [2025, 1, 16], "第十八届人民代表大会第七次会议"),
    ("柳湾镇", 2024, 2023, "乡镇", "望川区", "顾舟", [2024, 1, 22], "第九届人民代表大会第四次会议"),
    ("石桥镇", 2024, 2023, "乡镇", None, None, None, None),
    ("麦坡镇", 2024, 2023, "乡镇", None, None, None, None),
    ("雁岭镇", 2024, 2023, "乡镇", None, "温岚", [2023, 12, 28], "第六届人民代表大会第三次会议"),
    ("望川区", 2024, 2023, "区县", "云河市", "沈知行", [2024, 2, 6], "第五届人民代表大会第四次会议"),
    ("xx镇", 2024, 2023, "乡镇", None, None, None, None),
]
BODIES = [("青禾镇", 2024, reports.QINGHE_2024), ("青禾镇", 2025, reports.QINGHE_2025), ("柳湾镇", 2024, reports.LIUWAN),
          ("石桥镇", 2024, reports.SHIQIAO), ("xx镇", 2024, reports.PLACEHOLDER), ("雁岭镇", 2024, reports.YANLING)]


def entry(library, place, plan_year):
    assert (place, plan_year) in library.by_key, sorted(library.by_key, key=str)
    return library.by_key[place, plan_year]


def text_of(library, cards, place, plan_year):
    return cards.texts[entry(library, place, plan_year)["id"]]


def test_add_json_has_every_field_and_an_outcome(library):
    assert len(library.entries) == len(EXPECTED)
    for one in library.entries:
        assert REPORT_KEYS | {"outcome", "reason"} <= set(one), REPORT_KEYS - set(one)
        assert one["outcome"] == "added", one


def test_add_json_keeps_standard_output_to_the_json(library):
    assert isinstance(library.run.json, list)
    assert "Traceback" not in library.run.err


def test_ids_are_integers_and_unique(library):
    ids = [one["id"] for one in library.entries]
    assert all(type(i) is int for i in ids) and len(set(ids)) == len(ids), ids


def test_list_json_is_what_add_said(library, cards):
    assert cards.listed.code == 0, cards.listed
    added = {one["id"]: {key: one[key] for key in REPORT_KEYS} for one in library.entries}
    assert {one["id"]: {key: one[key] for key in REPORT_KEYS} for one in cards.listed.json} == added


def test_library_is_found_by_environment_and_by_dotenv(cards):
    assert cards.by_environment.code == 0 and "柳湾镇" in cards.by_environment.out, cards.by_environment
    assert cards.by_dotenv.code == 0 and cards.by_dotenv.json == cards.listed.json, cards.by_dotenv


def test_list_for_people_names_every_place(cards):
    shown = squeeze(cards.by_environment.out)
    assert all(place in shown for place in {row[0] for row in EXPECTED}), cards.by_environment


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row[0]}-{row[1]}")
def test_place_and_years(library, row):
    found = entry(library, *row[:2])
    assert (found["review_year"], found["plan_year"], found["year"]) == (row[2], row[1], row[1])
    assert found["level"] == row[3]
    assert found["passages"] >= 5


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row[0]}-{row[1]}")
def test_what_the_text_states_about_itself_and_null_for_the_rest(library, row):
    found = entry(library, *row[:2])
    _, _, _, _, within, speaker, date, meeting = row
    assert found["speaker"] == speaker
    assert found["delivered_on"] is None if date is None else numbers(found["delivered_on"]) == date
    assert found["meeting"] is None if meeting is None else meeting in found["meeting"]
    assert within is None or within in found["within"], found["within"]


def test_office_and_source(library):
    assert "区长" in entry(library, "望川区", 2024)["office"]
    assert "镇长" in entry(library, "柳湾镇", 2024)["office"]
    assert "云河文稿网" in entry(library, "麦坡镇", 2024)["source"]
    assert entry(library, "柳湾镇", 2024)["source"] is None


def test_title_as_written(library):
    assert entry(library, "望川区", 2024)["title"] == "2024年望川区政府工作报告"
    assert entry(library, "石桥镇", 2024)["title"] == entry(library, "麦坡镇", 2024)["title"] == reports.TOWN_TITLE


def test_each_report_names_its_file(library):
    for name, places in library.places.items():
        assert {e["place"] for e in library.entries if (e["file"] or "").endswith(name)} == set(places), name


def test_text_prints_lines_ended_by_newline_only(cards):
    for run in cards.text_runs.values():
        assert run.code == 0 and run.err.strip() == "", run
        assert "\r" not in run.out and "\ufeff" not in run.out and "\ufffd" not in run.out


@pytest.mark.parametrize("place, year, original", BODIES, ids=lambda v: str(v)[:8].strip())
def test_no_line_of_the_body_is_lost_in_any_encoding(library, cards, place, year, original):
    text = squeeze(text_of(library, cards, place, year))
    lost = [line for line in original.splitlines()[1:]
            if line.strip() and squeeze(re.sub(r"\[bookmark:[^]]*]", "", line)) not in text]
    assert not lost


def test_docx_has_paragraphs_and_table_in_their_order(library, cards):
    text = squeeze(text_of(library, cards, "望川区", 2024))
    pieces = ["主要指标安排如下表", *(cell for row in reports.WANGCHUAN_TABLE for cell in row), "构建现代产业体系"]
    position = 0
    for piece in pieces:
        found = text.find(piece, position)
        assert found >= 0, f"{piece} missing or out of order"
        position = found + len(piece)


def test_html_leaves_markup_and_scripts_behind(library, cards):
    text = text_of(library, cards, "雁岭镇", 2024)
    assert "R&D" in text
    assert not re.search(r"<p|&nbsp;|&amp;|98765|333366|var visitors", text)


def test_reports_of_one_file_are_kept_apart(library, cards):
    shiqiao, maipo = (text_of(library, cards, place, 2024) for place in ("石桥镇", "麦坡镇"))
    assert "麦坡" not in shiqiao and "石桥" not in maipo
    assert "锤炼务实作风" in shiqiao and "建设廉洁政府" in maipo


def test_debris_is_out_of_the_text(library, cards):
    maipo, qinghe = text_of(library, cards, "麦坡镇", 2024), text_of(library, cards, "青禾镇", 2024)
    assert "paidbegin" not in maipo and "农村改厕306户" in maipo
    assert "来源:云河文稿网" not in maipo and not maipo.rstrip().endswith("|")
    assert "bookmark" not in qinghe


def test_show_lists_what_cleaning_removed(library, cards):
    assert cards.shown_json.code == 0, cards.shown_json
    assert any("[bookmark: _Toc501234567]" in leaf for leaf in leaves(cards.shown_json.json))
    assert any("##paidbegin##" in leaf for leaf in leaves(cards.cleaned.json))


def test_show_json_has_metadata_outline_and_figures(cards):
    found = squeeze("\n".join(leaves(cards.shown_json.json)))
    for piece in ("青禾镇", "陆远", "2023年工作回顾", "2024年工作安排", "镇域经济稳中有进", "加强政府自身建设", "12.6"):
        assert piece in found, piece


def test_show_for_people(cards):
    assert cards.shown.code == 0, cards.shown
    shown = squeeze(cards.shown.out)
    assert "青禾镇" in shown and "2023年工作回顾" in shown and "bookmark" in shown


def test_verify_of_a_clean_library(cards):
    assert cards.verified.code == 0, cards.verified


def test_a_text_that_is_no_report_is_added_all_the_same(options):
    found = {e["outcome"]: e for e in options.mixed.json}
    assert set(found) == {"added", "refused"}, options.mixed
    for key in ("place", "level", "year", "review_year", "plan_year", "delivered_on", "meeting", "speaker", "office"):
        assert found["added"][key] is None, key


def test_a_good_file_is_added_beside_a_refused_one(options):
    assert options.mixed.code == 1, options.mixed
    refused = next(e for e in options.mixed.json if e["outcome"] == "refused")
    assert options.empty.name in str(refused["file"]) and refused["reason"]


def test_options_of_add_override(options):
    assert options.told.code == 0, options.told
    for one in (options.told.json[0], next(e for e in options.listed.json if e["title"] == "云溪镇工作要点")):
        assert (one["place"], one["plan_year"], one["review_year"], one["year"]) == ("云溪镇", 2025, 2024, 2025)
    assert len(options.listed.json) == 2
