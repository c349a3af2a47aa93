"""What stands nearest where nothing states what was asked: quoted where it is near, and told without a figure."""

from __future__ import annotations

import invented
import pytest

from retrieval.answers.answerer import Answerer
from retrieval.library import Library

SHARED_WORD = "云溪镇2025年粮食产量目标是多少"


def test_what_shares_a_rare_word_is_quoted_and_called_nearest(small_library: Library):
    reply = Answerer(small_library).ask([SHARED_WORD])
    assert reply.status == "related"
    assert invented.refusal(reply)
    assert reply.answer.split("\n") == [
        "云溪镇的报告没有提出2025年的“粮食产量”目标，只写了2024年的完成情况。",
        "最接近的原文见引文。",
    ]
    assert "粮食总产量1.25万吨" in reply.quotes[0].text
    assert {quote.report.place for quote in reply.quotes} == {"云溪镇"}


@pytest.mark.parametrize(
    "question",
    [
        "云溪镇2025年火星探测目标是多少",  # 2025 and 目标 stand in every plan
        "你辛苦了",  # 了 is rare in a small library
        "石渡镇的报告来源是什么",  # what stands before the text has nothing near in it
        "云溪镇2030年粮食产量是多少",
        "沙坪坝区粮食产量是多少",
    ],
)
def test_what_shares_but_little_words_is_not_near(small_library: Library, question: str):
    reply = Answerer(small_library).ask([question])
    assert reply.status == "not_found"
    assert invented.refusal(reply)


def test_a_salutation_is_never_quoted(small_library: Library):
    for question in ("石渡镇乡村旅游情况", "云溪镇特色农业成效", "云溪镇工业支撑进展", "石渡镇怎么发展海水养殖", SHARED_WORD):
        reply = Answerer(small_library).ask([question])
        assert not [quote.text for quote in reply.quotes if quote.text == "各位代表："], question
