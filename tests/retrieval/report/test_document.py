"""What a text is: a report, news of one, a resolution or notice about one, or something else."""

from __future__ import annotations

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.ingest.understanding import read_reports, understand_report
from retrieval.library import Library
from retrieval.reading.raw import RawText, left_out

NEWS = """云溪镇第十二届人民代表大会第四次会议开幕
本报讯（记者 田野）1月6日，云溪镇第十二届人民代表大会第四次会议开幕。镇长秦若川代表镇人民政府向大会作政府工作报告。
报告指出，2024年，云溪镇地区生产总值完成18.2亿元，增长6.1%。
报告提出，2025年主要预期目标是：地区生产总值增长6%左右。
"""
TEXTS = {
    "report": [
        invented.YUNXI,
        invented.SHIDU,
        invented.SONGLING,
        "一、2024年工作回顾\n一年来，全镇平稳。\n二、2025年工作安排\n做好工作。",
        "（二）坚定不移抓招商。全年新签约项目41个。\n（三）持续改善民生。新建幼儿园6所。",
    ],
    "news": [NEWS, "一图读懂2025年云溪镇政府工作报告\n2025年目标：增长6%。"],
    "resolution": ["云溪镇第十二届人民代表大会第四次会议关于镇人民政府工作报告的决议\n会议听取了报告，决定批准。"],
    "notice": ["关于印发云溪镇2025年政府工作报告任务分解的通知\n各村（社区）：\n现予印发。", "公告\n现公布如下。"],
    "other": [
        "云溪镇天气预报\n明天晴。",
        "指标：6%",
        "云溪县2024年国民经济和社会发展统计公报\n全县固定资产投资增长6%，粮食产量32万吨。",
        "云溪公司2024年年度报告\n全年营业收入6亿元，固定资产投资2亿元，招商顺利。",
    ],
}


@pytest.mark.parametrize("kind, text", [(kind, text) for kind, texts in TEXTS.items() for text in texts])
def test_kinds(kind: str, text: str):
    (cleaned,) = read_reports(RawText(text))
    assert understand_report(cleaned, {}).metadata.kind == kind


def added(library: Library, tmp_path, text: str, name: str = "a.txt") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (outcome,) = library.add([path], {"place": "云溪镇"})
    assert outcome.outcome == "added"
    assert outcome.report is not None
    return outcome.report.kind


def test_what_news_tell_is_said_to_be_reported(empty_library: Library, tmp_path):
    assert added(empty_library, tmp_path, NEWS) == "news"
    assert empty_library.reports()[0].as_json()["kind"] == "news"
    reply = Answerer(empty_library).ask(["云溪镇2025年地区生产总值目标是多少"])
    assert reply.status == "answered"
    assert reply.answer.startswith("据报道，6%左右")


def test_what_a_report_tells_is_not(empty_library: Library, tmp_path):
    assert added(empty_library, tmp_path, invented.YUNXI) == "report"
    assert "据报道" not in Answerer(empty_library).ask(["云溪镇2025年地区生产总值目标是多少"]).answer


WITH_PICTURE = (
    "<html><body><div><h1>云溪镇2025年政府工作报告</h1><p>各位代表：</p><p>一、2024年工作回顾</p><p>2024年，全镇工作平稳有序，群众满意。</p>"
    '<p>二、2025年工作安排</p><p>主要目标见图。</p><img src="a.png" width="700"></div></body></html>'
)


@pytest.mark.parametrize("question", ["云溪镇2025年地区生产总值目标是多少", "哪些报告提到了枫桥经验", "云溪镇的财政收入怎么样"])
def test_what_was_not_read_is_not_denied(empty_library: Library, tmp_path, question: str):
    added(empty_library, tmp_path, WITH_PICTURE, "a.html")
    (report,) = empty_library.reports()
    assert report.skipped == ("picture",)
    reply = Answerer(empty_library).ask([question])
    assert "图片" in reply.answer
    assert "没有提" not in reply.answer
    assert "没有说明" not in reply.answer


def test_what_a_reader_left_out_is_recorded_in_its_place():
    raw = RawText(f"增长{left_out('hidden', '9.9%')}6.5%。\n{left_out('picture', '图')}\n完。", marked=True)
    (cleaned,) = read_reports(raw)
    assert cleaned.text == "增长6.5%。\n完。"
    assert [(one.kind, one.text, one.position) for one in cleaned.removals] == [("hidden", "9.9%", 2), ("picture", "图", 8)]


def test_control_characters_of_a_typed_text_do_not_pass_for_marks():
    (cleaned,) = read_reports(RawText("增长\x12hidden\x149.9%\x13左右。"))
    assert cleaned.text == "增长hidden9.9%左右。"


@pytest.mark.parametrize("question", ["什么是规模以上工业企业", "规上工业企业是什么意思", "云溪镇报告里规模以上工业企业指什么"])
def test_the_meaning_of_a_word_is_what_the_report_says_it_is(empty_library: Library, tmp_path, question: str):
    glossary = f"{invented.YUNXI}名词解释\n1.规模以上工业企业：指年主营业务收入2000万元以上的工业企业。\n"
    added(empty_library, tmp_path, glossary)
    reply = Answerer(empty_library).ask([question])
    assert (reply.status, reply.intent) == ("answered", "definition")
    assert "2000万元以上" in reply.answer
    assert reply.quotes[0].text == "1.规模以上工业企业：指年主营业务收入2000万元以上的工业企业。"


def test_the_meaning_of_a_word_that_is_not_explained_is_no_figure(empty_library: Library, tmp_path):
    added(empty_library, tmp_path, invented.YUNXI)
    assert Answerer(empty_library).ask(["什么是规上工业企业"]).status != "answered"
