"""Canonical text: debris goes and is recorded, nothing else is lost."""

from __future__ import annotations

import re

import invented
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.language.folding import chinese_number, fold, simplify, squeeze
from retrieval.report.cleaning import Cleaned, clean, source_of

BLANKS = "\n \t\u3000\xa0"


def put_back(cleaned: Cleaned) -> tuple[str, str, str]:
    """The canonical text with what was removed inside it; what was removed before it, and after it."""
    inner, at = [], 0
    edges = {0: "", len(cleaned.text): ""}
    for removal in cleaned.removals:
        if removal.position in edges:
            edges[removal.position] += removal.text
        else:
            inner += [cleaned.text[at : removal.position], removal.text]
            at = removal.position
    return edges[0], "".join([*inner, cleaned.text[at:]]), edges[len(cleaned.text)]


def assert_nothing_lost(raw: str, cleaned: Cleaned) -> None:
    """Blanks at both ends aside, putting the removals back gives the original with its line ends normalised."""
    original = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", raw)
    before, whole, after = put_back(cleaned)
    if not cleaned.text:
        assert squeeze(before) == squeeze(original)
        return
    at = original.find(whole)
    assert at >= 0
    starts = [m.start() for m in re.finditer(re.escape(whole), original)]
    assert any(squeeze(original[:s]) == squeeze(before) and squeeze(original[s + len(whole) :]) == squeeze(after) for s in starts)
    positions = [removal.position for removal in cleaned.removals]
    assert positions == sorted(positions)
    assert cleaned.text == cleaned.text.strip(BLANKS)


DEBRIS = [
    "[bookmark: _Toc504223334]",
    "[bookmark: _GoBack]",
    "##paidbegin##",
    "##paidend##",
    "公号“老秘带你写材料”整理编辑",
    "\ufeff",
    "\u200b",
    "\x00",
    "https://example.com/a?b=1",
]
BODY = [
    "全镇地区生产总值增长6%。",
    "改造厂房1.3万平方米",
    "（一）稳增长",
    "，",
    "\n",
    "\r\n",
    "　　",
    "各位代表：",
    "|",
    "来源于群众",
    "——",
]


@given(st.lists(st.sampled_from(DEBRIS + BODY), max_size=20).map("".join))
@example("来源：\n\n正文")
@example("\n\n来源：新闻网\n\n\n正文。\n第 3 页\n")
@example("正文。|")
def test_removals_put_back_give_the_original(raw):
    assert_nothing_lost(raw, clean(raw))


@given(st.text(max_size=200))
def test_removals_put_back_give_any_text(raw):
    assert_nothing_lost(raw, clean(raw))


@pytest.mark.parametrize("debris", DEBRIS)
def test_debris_in_the_middle_of_a_word_goes_and_the_word_is_whole(debris):
    cleaned = clean(f"全面推进常态{debris}化防控工作。")
    assert cleaned.text == "全面推进常态化防控工作。"
    assert [(one.text, one.position) for one in cleaned.removals] == [(debris, 6)]


LINES = {
    "来源：云溪日报": "source",
    "来源： 云溪日报  发布时间：2025-01-08": "source",
    "（来源：云溪日报）": "source",
    "- 12 -": "page_number",
    "— 3 —": "page_number",
    "第 5 页 共 20 页": "page_number",
    "更多范文请关注公众号": "advertisement",
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_debris_goes_as_what_it_is(line):
    cleaned = clean(f"全镇工作稳步推进。\n{line}\n各项事业全面发展。")
    assert cleaned.text == "全镇工作稳步推进。\n各项事业全面发展。"
    assert [one.kind for one in cleaned.removals] == [LINES[line]]


@pytest.mark.parametrize("raw, text", [("正文。|", "正文。"), ("正文。\n|", "正文。"), ("\ufeff正文。\n", "正文。")])
def test_a_trailing_mark_and_a_byte_order_mark_go(raw, text):
    assert clean(raw).text == text


KEPT = [
    "让更多群众参加城乡居民养老保险。",
    "为企业提供更多便利，更加主动做好服务。",
    "群众获取信息的渠道不断增加。",
    "资金来源：财政拨款和社会捐赠。",
    "人均可支配收入增长6%；|工业|农业|均有发展。",
    "健全公众号、服务号等政务新媒体管理制度。",
    "面积1-2公顷，人口3—5万人。",
    "第5页所列事项已全部完成，群众十分满意。",
    "“##”号标注的项目为重点项目。",
    "文章合为时而著，新闻网络不断延伸。",
]


@pytest.mark.parametrize("sentence", KEPT)
def test_sentences_of_the_body_are_no_debris(sentence):
    raw = f"全镇工作稳步推进。\n{sentence}\n各项事业全面发展。"
    assert clean(raw) == Cleaned(raw, ())


def test_variants_stay_as_they_were_written():
    raw = "增长６％，１２㎡\xa0土地，（一）　“好”——×亿、xx万元"
    assert clean(raw).text == raw


def test_line_ends_become_line_feeds():
    assert clean("一\r\n二\r三\u2028四").text == "一\n二\n三\n四"


@pytest.mark.parametrize(
    "line, name",
    [
        ("来源：云溪日报", "云溪日报"),
        ("来源： 云溪日报  发布时间：2025-01-08", "云溪日报"),
        ("（来源：云溪日报）", "云溪日报"),
        ("文章来源：云溪网 编辑：王某", "云溪网"),
        ("云溪镇", None),
    ],
)
def test_source_is_read_from_the_line_that_goes(line, name):
    assert source_of(clean(f"标题\n{line}\n正文。").removals) == name


def test_shared_reports_lose_nothing(raw_reports):
    for raw in raw_reports.values():
        assert_nothing_lost(raw, clean(raw))


def test_shared_reports_keep_every_sentence_that_is_no_debris(raw_reports):
    """What cleaning takes out of real reports is little, and none of it holds a full stop inside a sentence of the body."""
    for name, raw in raw_reports.items():
        removed = "".join(one.text for one in clean(raw).removals)
        assert len(removed) < 600, (name, removed)


# -- folding ----------------------------------------------------------------------------------------------------------


@given(st.text())
@example("％，（一）１２　\xa0～—﹪〇╳")
def test_fold_keeps_the_length(text):
    assert len(fold(text)) == len(text)


def test_fold_makes_variants_alike():
    assert fold("６．５％　（一）—～，；") == "6.5% (一)--,;"


@pytest.mark.parametrize(
    "text, value",
    [
        ("二〇二四", 2024),
        ("二零二四", 2024),
        ("十二", 12),
        ("二十", 20),
        ("三百零五", 305),
        ("两千", 2000),
        ("", None),
        ("天", None),
    ],
)
def test_chinese_numbers(text, value):
    assert chinese_number(text) == value


def test_questions_in_traditional_characters_become_simplified():
    assert simplify("迴龍壩鎮２０２４年地區生產總值") == "回龙坝镇2024年地区生产总值"


def test_invented_reports_are_as_clean_as_they_are():
    assert clean(invented.SHIDU).removals == ()
    assert [one.kind for one in clean(invented.YUNXI).removals] == ["source"]


@pytest.mark.parametrize(
    "line, name", [("来源：云州日报", "云州日报"), ("（来源：云州日报）", "云州日报"), ("来源：示例（虚构）", "示例（虚构）")]
)
def test_a_source_keeps_the_brackets_that_are_its_own(line: str, name: str) -> None:
    assert source_of(clean(f"云州省政府工作报告\n{line}\n各位代表：").removals) == name
