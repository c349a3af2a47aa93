"""Texts drawn from the lines of reports, for tests of what holds for any text."""

from __future__ import annotations

from hypothesis import strategies as st

from retrieval.report.cleaning import clean

PIECES = [
    "一、2024年工作回顾",
    "二、2025年工作安排",
    "三、政府自身建设",
    "（一）稳增长",
    "(二)促改革",
    "（1）抓产业",
    "1.项目建设",
    "一是扩投资。安排项目90个，完成投资20亿元。",
    "第一，路网更畅。新改建公路12公里。",
    "——经济运行平稳。地区生产总值增长6%。",
    "夯实平安建设基层基础。深入开展专项整治，整改隐患1137处。",
    "我们也清醒地看到，发展还面临不少困难和问题：龙头企业不多，加工不足，服务供给不够均衡，有待改进，财政收支矛盾突出，基层治理能力还需提高。",
    "各位代表！让我们团结奋斗。",
    "附件1",
    "",
    "云溪镇政府工作报告",
    "2024年，全镇地区生产总值增长6.1%；固定资产投资5.4亿元。",
]
texts = st.tuples(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["\n", "\n\n", " ", "", "\n　　"])).map(
    lambda drawn: clean(drawn[1].join(drawn[0])).text
)
