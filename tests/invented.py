"""What the tests share: an embedder whose vectors are worked out by hand, and short invented reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding.embedder import Embedder, open_embedder
from retrieval.embedding.vectors import Vectors
from retrieval.library import Library
from retrieval.models import Report
from retrieval.question.scope import PlaceNames
from retrieval.reach import Place
from retrieval.replies import Reply, Status

COUNTED = "增农工学医水路税"


class CountingEmbedder:
    """How often each character of COUNTED stands in a text, and a constant 1, at unit length."""

    learned = False

    dimension = len(COUNTED) + 1

    def __init__(self, fingerprint: str = "counting-1") -> None:
        self.fingerprint = fingerprint
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        self.embedded += texts
        if progress:
            progress(len(texts))
        return np.array([self.embed_query(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def embed_query(self, text: str) -> Vectors:
        vector = np.array([*(text.count(char) for char in COUNTED), 1], dtype=np.float32)
        return vector / np.linalg.norm(vector)


def report(
    id: int = 1,
    place: str | None = "云溪镇",
    level: str | None = "乡镇",
    within: tuple[str, ...] = (),
    review_year: int | None = 2024,
    plan_year: int | None = 2025,
) -> Report:
    """A report of the library as :mod:`retrieval.question.scope` sees it."""
    title = f"{place}政府工作报告"
    return Report(
        id, title, place, level, within, review_year, plan_year, None, None, None, None, None, f"{id}.txt", 1, 1, plan_year
    )


def places_of(reports: Sequence[Report]) -> list[Place]:
    """The places of reports, by a pass over all of them."""
    found: dict[object, list[Report]] = {}
    for one in reports:
        found.setdefault((one.place, one.level, one.within) if one.place else one.id, []).append(one)
    latest = [max(each, key=lambda one: (one.year or 0, -one.id)) for each in found.values()]
    return [
        Place(one.place, one.level, one.within, min(other.id for other in each), one.id, one.year)
        for one, each in zip(latest, found.values(), strict=True)
    ]


class HeldReports:
    """What the names of places are read from, of a library that holds some reports."""

    generation = 1

    def __init__(self, reports: Sequence[Report]) -> None:
        self._reports = reports

    def places(self, names: Collection[str | None] | None = None) -> list[Place]:
        return [place for place in places_of(self._reports) if names is None or place.name in names]


def place_names(reports: Sequence[Report]) -> PlaceNames:
    """The names of the places of ``reports``."""
    return PlaceNames(HeldReports(reports)).current()  # type: ignore[arg-type]


_UNITS = "‰|个百分点|[百千万亿]+|元|人|户|亩|公顷|吨|公斤|斤|克|个|家|件|座|套|所|项|条|辆|台|株|名|位|倍|公里|米|平方|立方|度|千瓦|小时|分钟|天"
NUMBER = re.compile(rf"(?<![\d.])\d[\d,]*(?:\.\d+)?\s?(?:[%％]|{_UNITS})")


def refusal(reply: Reply) -> bool:
    """Whether a reply states nothing: without quotes, or with those that stand nearest; its answer holds no figure."""
    quoted = {"not_found": not reply.quotes, "related": 1 <= len(reply.quotes) <= 3}
    return quoted.get(reply.status, False) and not NUMBER.search(reply.answer) and not reply.comparisons


def outcome(reply: Reply) -> Status:
    """A reply's status, for tables of questions: a refusal is ``not_found``, whether or not it shows what stands nearest."""
    if reply.status not in ("not_found", "related"):
        return reply.status
    assert refusal(reply), reply
    return "not_found"


def two_chapters(review: str = "全年工作平稳。", plan: str = "继续做好各项工作。", place: str = "松岭市") -> str:
    """A report that reviews 2024 and plans 2025, with the given paragraphs."""
    return f"2025年{place}政府工作报告\n\n各位代表：\n一、2024年工作回顾\n{review}\n二、2025年工作安排\n{plan}\n"


YUNXI = """松岭区云溪镇2024年政府工作报告
2025年1月6日在松岭区云溪镇第十二届人民代表大会第四次会议上
云溪镇人民政府镇长  秦若川
来源：测试样例

各位代表：
我代表云溪镇人民政府，向大会报告工作，请予审议。
一、2024年工作回顾
2024年，全镇地区生产总值完成18.2亿元，增长6.1%；固定资产投资5.4亿元，增长8.2%；一般公共预算收入1.1亿元，增长4.5%。
（一）工业经济稳步提升
新增规上工业企业3家，总数达到21家。
（二）农业基础不断巩固
粮食总产量1.25万吨，新建高标准农田1500亩。城镇新增就业412人。白茶产业综合产值2.3亿元。
同时，我们也清醒地看到，发展中还存在不少困难和问题：龙头企业不多，农产品加工不足，基层治理能力有待提高，公共服务供给不够均衡，部分村集体经济薄弱。
二、2025年工作安排
2025年全镇经济社会发展的主要预期目标是：地区生产总值增长6%左右，固定资产投资增长7%以上、力争达到8%，一般公共预算收入增长5%左右，城镇新增就业不少于400人。
（一）做强工业支撑
推进精密零部件产业园二期建设，支持企业改造设备，新增规上工业企业2家以上。
（二）做优特色农业
新建高标准农田1200亩，推广水肥一体化，白茶产业综合产值达到2.5亿元以上。
三、政府自身建设
坚持依法行政，自觉接受人大监督，一般性支出压减5%以上。
"""

SHIDU = """松岭区石渡镇2024年政府工作报告
2025年1月9日在石渡镇第九届人民代表大会第三次会议上
石渡镇人民政府镇长  温有棠

各位代表：
我代表石渡镇人民政府，向大会报告工作。
一、2024年工作回顾
2024年，全镇地区生产总值完成11.6亿元，增长5.3％；财政收入xx万元；社会消费品零售总额3.9亿元，增长5.1％。
（一）乡村旅游加快发展
全年接待游客21.4万人次，增长9.6％，建成石渡古桥民俗馆。
二、2025年工作安排
2025年全镇经济社会发展的主要预期目标是：地区生产总值增长5.5％左右，社会消费品零售总额增长×％。
未来三年，力争接待游客突破50万人次。
（一）做旺乡村旅游
全年接待游客25万人次以上，新建民宿12家。
"""

SONGLING = """2025年松岭区政府工作报告
——2025年1月16日在松岭区第五届人民代表大会第四次会议上
松岭区人民政府区长  叶望舒

各位代表：
现在，我代表松岭区人民政府，向大会报告工作。
一、2024年工作回顾
初步核算，预计地区生产总值增长6.4%左右，总量突破310亿元；城镇、农村居民人均可支配收入分别增长5.2%、7.1%。
（一）科技创新提速
新增高新技术企业18家，技术合同成交额4.6亿元。
二、2025年工作安排
今年经济社会发展的主要预期目标是：地区生产总值增长6%以上、力争达到7%；固定资产投资增长5.0%—5.5%；城镇、农村居民人均可支配收入分别增长5%、6.5%左右。
（一）狠抓重点项目
安排重点项目96个，年度计划投资72亿元，推动低空经济产业园开工。
"""

TWO_IN_ONE = """乡镇政府2024工作报告

各位代表：
我代表麦泉镇人民政府，向大会报告工作，请予审议。
一、2024年工作回顾
2024年，全镇完成固定资产投资2.1亿元，增长6.6%。一年来，我们坚持把发展经济放在首位，全力推进项目建设，工业和农业都有新的进步，群众的日子越过越好，社会大局保持稳定，各项事业全面发展。
二、2025年工作安排
2025年主要预期目标是：固定资产投资增长7%以上。我们将继续推进产业发展，加快农村建设，办好民生实事。

乡镇政府2024工作报告

各位代表：
我代表柏桥镇人民政府，向大会报告工作，请予审议。
一、2024年工作回顾
2024年，全镇完成固定资产投资3.3亿元，增长5.8%。一年来，我们坚持稳中求进，工业园区扩容，水利设施加固，学校和医院条件改善，群众获得感不断增强，社会大局保持稳定。
二、2025年工作安排
2025年主要预期目标是：固定资产投资增长6%以上。我们将继续推进产业发展，加快农村建设，办好民生实事。
"""

YUNXI_BEFORE = """松岭区云溪镇2023年政府工作报告
2024年1月5日在松岭区云溪镇第十二届人民代表大会第三次会议上
云溪镇人民政府镇长  秦若川

各位代表：
我代表云溪镇人民政府，向大会报告工作，请予审议。
一、2023年工作回顾
2023年，全镇地区生产总值完成17.1亿元，增长5.8%；固定资产投资5亿元，增长7.5%；一般公共预算收入1.02亿元，增长4%。
粮食总产量1.21万吨，城镇新增就业380人。
二、2024年工作安排
2024年全镇经济社会发展的主要预期目标是：地区生产总值增长6.5%左右，固定资产投资增长8%以上，一般公共预算收入增长4%，城镇调查失业率控制在5.5%以内。
"""

YUNXI_LONG_BEFORE = """松岭区云溪镇2022年政府工作报告
2023年1月6日在松岭区云溪镇第十二届人民代表大会第二次会议上
云溪镇人民政府镇长  秦若川

各位代表：
我代表云溪镇人民政府，向大会报告工作，请予审议。
一、2022年工作回顾
2022年，全镇地区生产总值完成16.2亿元，增长4.9%；固定资产投资xx亿元，增长6%。
二、2023年工作安排
2023年全镇经济社会发展的主要预期目标是：地区生产总值增长5.5%以上，固定资产投资增长7%左右。
"""


def library_of(folder: Path, *texts: str, embedder: Embedder | None = None) -> Library:
    """A library in ``folder`` that holds ``texts``, each a report; words are counted where no ``embedder`` is given."""
    library = Library.open(folder / "library", embedder or CountingEmbedder())
    for number, text in enumerate(texts, 1):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        assert [one.outcome for one in library.add([path])] == ["added"]
    return library


def learned_library(folder: Path, *texts: str) -> Library:
    """As :func:`library_of`, with the engine of whose vectors was learned what people mean; the test is skipped where that does not run."""
    embedder = open_embedder("bundled")
    if not embedder.learned:
        pytest.skip("the bundled engine's int8 runtime is not there: nothing is told by meaning")
    return library_of(folder, *texts, embedder=embedder)
