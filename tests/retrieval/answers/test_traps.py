"""Traps in which a wrong figure is near: each a general rule, shown on sentences invented for it."""

from __future__ import annotations

import pytest
from invented import CountingEmbedder, library_of, outcome

from retrieval.answers.answerer import Answerer
from retrieval.library import Library

REPORT = """2025年云州省政府工作报告
2025年1月15日在云州省第十四届人民代表大会第三次会议上云州省人民政府省长白某作政府工作报告。
各位代表：
现在，我代表省人民政府向大会报告工作，请予审议。
一、2024年工作回顾
全年地区生产总值增长6.2%、固定资产投资增长8.1%、规上工业增加值增长7.3%，分别高于全国平均水平1.2、4.9、1.5个百分点。
民营企业、外资企业出口分别占全省的50.6%、41.9%。
跨国公司地区总部、外资研发中心分别新认定60家和30家，累计分别达到1016家和591家。
海滨新区地区生产总值增长9.5%、规上工业增加值增长11%。
老旧小区改造新开工742个、完工548个，新增公园141座、累计达到973座。
农产品网络零售额、出口额分别增长8.4%、39.8%。
困难补贴、护理补贴标准分别从每人每月202元、270元提高到209元、280元。
排查矛盾纠纷412件，化解405件，化解率98.3%。
完成招商引资任务的104.5%，全年区级留存税收8.4亿元，全国排名第九。
高新技术企业由69家增加到156家。
绿色发展指数达到86.4、列江东地区第二。
安全生产事故起数下降12.5%，非安全生产事件亡人数下降25.7%。
发放救助资金300.6万元，为93名残疾人办理证件。
粮食产量首次突破450亿斤大关，达到452.3亿斤。新增森林3.1万亩，新建绿地800公顷，流转土地1.6万亩。
新增15家备案博物馆和29家类博物馆，增加中小学学位2万个。城乡低保标准分别增长5%、12%，城乡居民收入比缩小至2.31∶1。
战略性新兴产业增加值占规上工业增加值的比重达到34.6%，税收收入占一般公共预算收入比重达到78.2%。
新认定创新型中小企业718家、专精特新企业305家。PM2.5浓度下降8.4%，居民消费价格下降0.1%。
全年招商引资签约亿元以上项目956个、总金额4.6万亿元。研发从业人员突破3000名。
新建和改造提升112万亩高标准农田。安排“三农”资金37.8亿元。城镇新增48.7万人就业。
2018年以来累计关闭小煤窑73家、督促整改286家，粮库由31座增加到44座。
刑事警情、刑事立案数量分别下降6.3%、2.6%。
二、2025年工作安排
今年的主要预期目标是：地区生产总值增长6%以上、力争达到7%；城镇调查失业率、居民消费价格涨幅分别控制在5%和3%以内；固定资产投资增长7%左右。
货物贸易、服务贸易进出口分别增长10%、15%左右。新引入落地企业10家以上，培育创新型中小企业5家。
城乡居民人均可支配收入分别增长6.5%和8%。力争整车产量20万辆、新能源汽车14万辆。
未来三年，累计建成绿道900公里。
"""

TRAPS = [
    ("云州省固定资产投资增速高于全国多少", "answered", "4.9"),
    ("云州省民营企业出口占比是多少", "answered", "50.6%"),
    ("云州省外资研发中心累计多少家", "answered", "591家"),
    ("云州省新认定外资研发中心多少家", "answered", "30家"),
    ("云州省2024年规上工业增加值增长多少", "answered", "7.3%"),
    ("云州省老旧小区改造完工多少个", "answered", "548个"),
    ("云州省公园一共多少座", "answered", "973座"),
    ("云州省2024年出口增长多少", "not_found", ""),
    ("云州省护理补贴标准是多少元", "answered", "280元"),
    ("云州省化解矛盾纠纷多少件", "answered", "405件"),
    ("云州省区级留存税收排名第几", "answered", "全国排名第九"),
    ("云州省绿色发展指数排第几", "answered", "江东地区第二"),
    ("云州省高新技术企业有多少家", "answered", "156家"),
    ("云州省2025年失业率目标", "answered", "5%（以内）"),
    ("云州省2025年GDP目标", "answered", "6%以上，力争7%"),
    ("云州省2024年GDP增长多少，2025年目标多少", "answered", "6.2%"),
    ("云州省未来三年建成绿道多少公里", "answered", "900公里"),
    ("云州省2025年粮食产量目标", "not_found", ""),
    ("云州省海滨新区2025年GDP目标", "not_found", ""),
    ("云州省2024年粮食产量是多少", "answered", "452.3亿斤"),
    ("云州省森林面积有多少", "not_found", ""),
    ("云州省有多少绿地", "not_found", ""),
    ("云州省去年流转土地面积", "answered", "1.6万亩"),
    ("云州省去年刑事立案数下降了多少", "answered", "2.6%"),
    ("云州省2025年服务贸易进出口增长目标", "answered", "15%左右"),
    ("云州省2025年货物贸易进出口增长目标", "answered", "10%"),
    ("云州省2025年计划引进多少家企业", "answered", "10家以上"),
    ("云州省2025年新能源汽车产量目标", "answered", "14万辆"),
    ("云州省关闭小煤窑多少家", "answered", "73家"),
    ("云州省去年关闭小煤窑多少家", "not_found", ""),
    ("云州省粮库有多少座", "answered", "44座"),
    ("云州省备案博物馆去年新增几家", "answered", "15家"),
    ("云州省去年中小学学位增加多少", "answered", "2万个"),
    ("云州省城乡低保标准分别增长多少", "answered", "12%"),
    ("云州省城乡居民收入比", "answered", "2.31∶1"),
    ("云州省战略性新兴产业增加值占规上工业比重", "answered", "34.6%"),
    ("云州省一般公共预算收入占GDP的比重", "not_found", ""),
    ("云州省去年农产品出口额增长多少", "answered", "39.8%"),
    ("云州省专精特新企业新认定多少家", "answered", "305家"),
    ("云州省去年PM2.5浓度下降多少", "answered", "8.4%"),
    ("云州省去年居民消费价格下降多少", "answered", "0.1%"),
    ("云州省去年招商引资签约亿元以上项目几个", "answered", "956个"),
    ("云州省研发从业人员有多少", "answered", "3000名"),
    ("云州省去年新建和改造高标准农田多少亩", "answered", "112万亩"),
    ("云州省安排三农资金多少", "answered", "37.8亿元"),
    ("云州省去年城镇新增就业多少人", "answered", "48.7万人"),
    ("云州省城乡居民收入目标是多少", "answered", "8%"),
]


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    library = library_of(tmp_path_factory.mktemp("traps"), REPORT)
    return Answerer(library)


@pytest.mark.parametrize("question, status, figure", TRAPS)
def test_the_near_figure_is_not_taken(answerer: Answerer, question: str, status: str, figure: str) -> None:
    reply = answerer.ask([question])
    assert (outcome(reply), figure in reply.answer) == (status, True), reply.answer


def test_a_short_name_needs_what_it_is_short_for(tmp_path) -> None:
    text = REPORT.replace(
        "安全生产事故起数", "粮食面积、总产、单产实现两增一稳，总产762亿斤。棉花产业提质，总产568万吨。\n安全生产事故起数"
    )
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")
    library = Library.open(tmp_path / "library", CountingEmbedder())
    list(library.add([tmp_path / "report.txt"]))
    grain = [f.value for f in library.figures(1) if f.indicator == "粮食产量" and f.kind == "actual"]
    assert "762亿斤" in grain
    assert "568万吨" not in grain


def test_all_but_one_place_with_and_without_the_closing_word(tmp_path) -> None:
    for place in ("云州省", "岭东省", "海屿省"):
        (tmp_path / f"{place}.txt").write_text(REPORT.replace("云州省", place), encoding="utf-8")
    library = Library.open(tmp_path / "library", CountingEmbedder())
    list(library.add([tmp_path]))
    for question in ("除了云州省，哪个省的GDP目标最高", "除云州省以外哪个省的GDP目标最高"):
        answer = Answerer(library).ask([question]).answer
        assert "云州省" not in answer
        assert "岭东省" in answer
