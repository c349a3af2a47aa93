"""Names, lists and sentences as reports of small places word them: whose figure it is, and what it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import invented
import pytest
from invented import place_names

from retrieval.answers.answerer import Answerer
from retrieval.ingest.understanding import understand_report
from retrieval.language.folding import with_full_stops
from retrieval.library import Library
from retrieval.models import Figure
from retrieval.report.cleaning import clean
from retrieval.report.splitting import is_title

STREET = """松岭区柳湾街道2024年工作总结和2025年工作思路
（2024年12月20日，柳湾街道居民代表会议材料）
柳湾街道办事处主任 宋知遥
各位居民代表：
第一部分  2024年工作情况
一年来，街道在区委的领导下，各项事业平稳发展，辖区居民的生活一天比一天方便，邻里之间的来往也一天比一天多。加装电梯21台。
第二部分  2025年工作思路
主要目标：加装电梯30台以上，城镇新增就业260人。
"""
NAMELESS = "今天的会议上大家一起回顾了过去的工作，并且对今后怎样做好服务提出了许多意见。\n加装电梯99台，推广共享菜园。\n"


def figures(**chapters: str) -> list[Figure]:
    return list(understand_report(clean(invented.two_chapters(**chapters)), {}).figures)


@pytest.fixture
def answers(tmp_path: Path) -> Iterator[Callable[..., Answerer]]:
    """An answerer over a library of the given texts."""
    opened: list[Library] = []

    def over(*texts: str) -> Answerer:
        library = Library.open(tmp_path / "library", invented.CountingEmbedder())
        opened.append(library)
        for number, text in enumerate(texts):
            path = tmp_path / f"{number}.txt"
            path.write_text(text, encoding="utf-8")
            assert [one.outcome for one in library.add([path])] == ["added"]
        return Answerer(library)

    yield over
    for library in opened:
        library.close()


@pytest.mark.parametrize(
    "line",
    [
        "松岭区柳湾街道2024年工作总结和2025年工作思路",
        "柳湾街道办事处2024年工作总结及2025年工作计划",
        "云溪镇人民政府2024年工作情况暨2025年工作要点",
    ],
)
def test_a_summary_with_plans_is_the_title_of_a_report(line):
    assert is_title(line)


@pytest.mark.parametrize(
    "line", ["关于柳湾街道2024年工作总结和2025年工作思路的汇报", "2024年工作总结和2025年工作思路", "柳湾街道2024年工作总结"]
)
def test_a_summary_of_no_place_or_without_plans_is_none(line):
    assert not is_title(line)


def test_a_subdistrict_is_a_place_and_its_office_has_a_head():
    found = understand_report(clean(STREET), {}).metadata
    assert (found.place, found.level, found.within) == ("柳湾街道", "街道", ("松岭区",))
    assert (found.title, found.speaker) == ("松岭区柳湾街道2024年工作总结和2025年工作思路", "宋知遥")
    assert (found.review_year, found.plan_year) == (2024, 2025)


def test_the_office_alone_names_the_subdistrict():
    text = STREET.replace("松岭区柳湾街道2024年工作总结和2025年工作思路", "工作汇报").replace("，柳湾街道居民代表会议材料", "")
    assert understand_report(clean(text), {}).metadata.place == "柳湾街道"


def test_who_heads_a_subdistrict(answers):
    assert answers(STREET).ask(["柳湾街道办事处主任是谁"]).answer.startswith("宋知遥")


def test_a_report_without_a_place_is_not_preferred(answers):
    answerer = answers(invented.YUNXI, invented.SONGLING, NAMELESS)
    assert "云溪镇" in answerer.ask(["哪些报告提到高标准农田"]).answer
    reply = answerer.ask(["2025年地区生产总值目标是多少"])
    assert {quote.report.place for quote in reply.quotes} == {"云溪镇", "松岭区"}


def test_what_turned_round_is_a_clause_of_its_own():
    industry, investment, other = figures(
        plan="规模以上工业增加值增长7%左右；固定资产投资由降转增、力争增长3%；城市更新有序推进、力争增长4%。"
    )
    assert (industry.indicator, industry.value, industry.stretch) == ("规模以上工业增加值", "7%左右", False)
    assert (investment.indicator, investment.value, investment.stretch) == ("固定资产投资", "3%", False)
    assert (other.indicator, other.subject[:4]) == (None, "城市更新")


@pytest.mark.parametrize("turned", ["由负转正、", "止跌回升、", "保持稳定，", "企稳回升，"])
def test_how_an_indicator_moved_does_not_hide_it(turned):
    (found,) = figures(plan=f"民间投资{turned}增长2%。")
    assert (found.indicator, found.value) == ("民间投资", "2%")


def test_a_half_width_full_stop_ends_a_sentence():
    found = figures(review="农业稳中有增.小麦1.2万吨,玉米0.8万吨.流转土地60亩,参保率98%.新建学校2所(含扩建).整修道路3.5公里.\n")
    assert [(one.subject, one.value) for one in found] == [
        ("小麦", "1.2万吨"),
        ("玉米", "0.8万吨"),
        ("流转土地", "60亩"),
        ("参保率", "98%"),
        ("新建学校", "2所"),
        ("整修道路", "3.5公里"),
    ]


def test_decimals_numbers_of_items_and_abbreviations_end_no_sentence():
    text = "一.重点工作.PM2.5浓度下降2.5%.1.改造危房3户.接入No.1系统"
    stops = [at for at, character in enumerate(with_full_stops(text)) if character == "。"]
    assert [text[:at].rsplit("。")[-1][-2:] for at in stops] == ["工作", "5%", "3户"]
    assert len(with_full_stops(text)) == len(text)


def test_the_number_of_an_item_is_no_part_of_its_name():
    found = figures(plan="办好实事：1.新建学校5所；2、城镇新增就业260人以上；3）改造管网28公里；④新建公园2个。")
    assert [(one.indicator, one.subject, one.value) for one in found] == [
        (None, "新建学校", "5所"),
        ("城镇新增就业", "城镇新增就业", "260人以上"),
        (None, "改造管网", "28公里"),
        (None, "新建公园", "2个"),
    ]


COUNTY = invented.two_chapters(
    review="全县粮食产量21万吨，增长1.4%。云溪镇粮食产量3.4万吨。白沙港集装箱吞吐量突破30万标箱。石渡镇、芦湾镇固定资产投资分别增长12%、9%。",
    plan="全省经济增长预期目标为5%左右，全市提出增长6%左右，我县提出主要预期目标是：地区生产总值增长6.5%左右，粮食产量22万吨。\n"
    "支持松岭经济开发区扩区升级，确保规上工业增加值增长10%以上。白沙机场旅客吞吐量80万人次。",
    place="松岭县",
)


def test_figures_of_larger_places_and_of_zones_are_not_the_place_s_own():
    found = {one.value: one for one in understand_report(clean(COUNTY), {}).figures}
    assert (found["5%左右"].indicator, found["5%左右"].subject) == (None, "全省经济增长预期目标")
    assert (found["6%左右"].indicator, found["6%左右"].subject) == (None, "全市经济增长预期目标")
    assert found["6.5%左右"].indicator == "地区生产总值"
    assert (found["10%以上"].indicator, found["10%以上"].subject) == (None, "松岭经济开发区规上工业增加值")


@pytest.mark.parametrize("zone", ["产业园区", "国家级高新区"])
def test_zones_without_a_name_leave_the_indicator_the_place_s_own(zone):
    (found,) = figures(plan=f"推动{zone}提质，规上工业增加值增长8%。")
    assert found.indicator == "规模以上工业增加值"


@pytest.mark.parametrize(
    "question, answer",
    [
        ("松岭县2025年GDP增长目标", "6.5%左右，松岭县2025年地区生产总值增长目标。"),
        ("松岭县2025年全市GDP增长目标", "6%左右，全市2025年地区生产总值增长目标（松岭县的报告所写）。"),
        ("松岭县2025年全县GDP增长目标", "6.5%左右，松岭县2025年地区生产总值增长目标。"),
        ("松岭经济开发区2025年规上工业增加值增长目标", "10%以上，松岭县2025年松岭经济开发区规上工业增加值增长目标。"),
        ("云溪镇粮食产量多少", "3.4万吨，云溪镇2024年粮食产量（松岭县的报告所写）。\n云溪镇：库中没有这个地方的报告"),
        (
            "芦湾镇2024年固定资产投资增长多少",
            "9%，芦湾镇2024年固定资产投资增速（松岭县的报告所写）。\n芦湾镇：库中没有这个地方的报告",
        ),
    ],
)
def test_whose_figure_is_told(answers, question, answer):
    assert answers(COUNTY).ask([question]).answer == answer


@pytest.mark.parametrize(
    "question",
    [
        "云溪镇2024年GDP增长多少",  # the sentence that names it does not state it
        "云溪镇2025年粮食产量目标",  # a result is no target
        "云溪镇粮食产量增长多少",  # the growth is the county's
        "云溪乡粮食产量多少",  # another place
        "松岭县2025年全国GDP增长目标",
        "松岭县2025年全市粮食产量目标",
    ],
)
def test_no_other_place_s_figure_is_told(answers, question):
    reply = answers(COUNTY).ask([question])
    assert invented.refusal(reply)


def test_a_list_that_dealt_out_names_what_it_deals():
    found = figures(
        review="装备制造、农产品加工、精细化工分别实现产值46亿元、78亿元、61亿元，分别增长11.5%、8.6%、5.3%。"
        "光伏、电池、航空3条产业链产值分别达到21亿元、14亿元、13亿元，分别增长-6.2%、18.5%、15.1%。"
        "丝绸、茶叶两大产业分别完成产值5亿元、6亿元。"
    )
    assert [(one.subject, one.value) for one in found] == [
        ("装备制造产值", "46亿元"),
        ("农产品加工产值", "78亿元"),
        ("精细化工产值", "61亿元"),
        ("装备制造产值", "11.5%"),
        ("农产品加工产值", "8.6%"),
        ("精细化工产值", "5.3%"),
        ("光伏产业链产值", "21亿元"),
        ("电池产业链产值", "14亿元"),
        ("航空产业链产值", "13亿元"),
        ("光伏产业链产值", "-6.2%"),
        ("电池产业链产值", "18.5%"),
        ("航空产业链产值", "15.1%"),
        ("丝绸产业产值", "5亿元"),
        ("茶叶产业产值", "6亿元"),
    ]


def test_a_count_that_is_not_that_of_the_list_stays_a_figure():
    found = figures(review="新建学校、医院5所，改造道路、管网分别达到3公里、4公里。")
    assert [(one.subject, one.value) for one in found][1:] == [("改造道路", "3公里"), ("管网", "4公里")]
    assert found[0].value == "5所"


SET_EARLIER = (
    "地区生产总值增长4.8%，地区生产总值、社会消费品零售总额增速与年初确定的7.5%、10%左右的目标有一定差距；"
    "规模以上工业增加值增长6.2%，略高于年初提出的6%的目标；固定资产投资下降2%，未能完成年初确定的增长5%的目标。"
)


def test_targets_set_earlier_are_targets_of_their_indicators():
    found = [(one.indicator, one.kind, one.year, one.measure, one.value) for one in figures(review=SET_EARLIER)]
    assert found == [
        ("地区生产总值", "actual", 2024, "growth", "4.8%"),
        ("地区生产总值", "target", 2024, "growth", "7.5%"),
        ("社会消费品零售总额", "target", 2024, "growth", "10%左右"),
        ("规模以上工业增加值", "actual", 2024, "growth", "6.2%"),
        ("规模以上工业增加值", "target", 2024, "growth", "6%"),
        ("固定资产投资", "actual", 2024, "growth", "2%"),
        ("固定资产投资", "target", 2024, "growth", "5%"),
    ]


@pytest.mark.parametrize(
    "question, value",
    [
        ("松岭市2024年GDP增长目标是多少", "7.5%（左右）"),
        ("松岭市2024年年初定的固投增速目标", "5%"),
        ("松岭市2024年原定的社零增长目标", "10%左右"),
        ("松岭市2024年GDP增长了多少", "4.8%"),
        ("松岭市2024年规上工业增加值增速", "6.2%"),
    ],
)
def test_a_target_set_earlier_answers_for_the_target_only(answers, question, value):
    assert answers(invented.two_chapters(review=SET_EARLIER)).ask([question]).answer.startswith(f"{value}，")


def test_what_was_met_in_the_clause_before_makes_no_target():
    *_, jobs = figures(review="完成年初确定的增长5%的目标，城镇新增就业3万人，完成年度目标的110%。")[:2]
    assert (jobs.indicator, jobs.kind) == ("城镇新增就业", "actual")


BASES = "一般公共预算收入同口径增长9.5%，自然口径下降2.3%。税收收入按自然口径增长1%，同口径增长4%。"


@pytest.mark.parametrize(
    "question, answer",
    [
        ("松岭市2024年一般公共预算收入按自然口径是增是降", "下降2.3%，松岭市2024年一般公共预算收入（自然口径）。"),
        ("松岭市2024年一般公共预算收入同口径增长多少", "9.5%，松岭市2024年一般公共预算收入增速（同口径）。"),
        ("松岭市2024年税收收入增长多少", "4%，松岭市2024年税收收入增速（同口径）。"),
    ],
)
def test_the_basis_asked_for_decides(answers, question, answer):
    assert answers(invented.two_chapters(review=BASES)).ask([question]).answer == answer


def test_a_basis_that_the_report_does_not_give_is_not_found(answers):
    answerer = answers(invented.two_chapters(review="一般公共预算收入增长9.5%。"))
    assert invented.refusal(answerer.ask(["松岭市2024年一般公共预算收入按自然口径增长多少"]))


RATIOS = (
    "高新技术企业达到58家，是2019年的3.4倍。社会消费品零售总额14亿元，是2018年的1.6倍。城镇新增就业4.3万人，完成年度目标的109%。\n"
    "存在的问题：一是经济总量还不够大，占全省比重仅为4.1%；地区生产总值仅占全国的0.2%。"
)


@pytest.mark.parametrize(
    "question, answer",
    [
        ("松岭市高新技术企业是2019年的多少倍", "是2019年的3.4倍，松岭市2024年高新技术企业。"),
        ("松岭市社零是2018年的几倍", "14亿元，是2018年的1.6倍，松岭市2024年社会消费品零售总额。"),
        ("松岭市去年城镇新增就业完成年度目标的百分之几", "完成年度目标的109%，松岭市2024年城镇新增就业。"),
        ("松岭市GDP占全省的比重是多少", "占全省比重仅为4.1%，松岭市2024年地区生产总值。"),
        ("松岭市GDP占全国多少", "占全国的0.2%，松岭市2024年地区生产总值仅占全国。"),
    ],
)
def test_ratios(answers, question, answer):
    assert answers(invented.two_chapters(review=RATIOS)).ask([question]).answer == answer


def test_a_share_of_another_whole_is_not_told(answers):
    assert invented.refusal(answers(invented.two_chapters(review=RATIOS)).ask(["松岭市GDP占全世界的比重是多少"]))


def test_a_share_without_a_whole_is_of_what_the_sentence_spoke_of(answers):
    answerer = answers(invented.two_chapters(review="一般公共预算收入13亿元，其中税收收入9亿元，占比68.1%。"))
    assert answerer.ask(["松岭市2024年税收收入占一般公共预算收入的比重"]).answer.startswith("占比68.1%")
    assert invented.refusal(answerer.ask(["松岭市2024年税收收入占全省的比重"]))


def test_an_amount_and_its_rate_are_both_told(answers):
    text = invented.two_chapters(review="蔬菜、水果产值分别达到15亿元、21亿元，分别增长6.5%、9.2%。")
    assert answers(text).ask(["松岭市2024年水果产值和增速"]).answer == "21亿元，增长9.2%，松岭市2024年水果产值。"


def test_parts_of_a_whole_are_counted_as_the_whole_is():
    found = figures(review="粮食总产1.8万吨，其中小麦0.9万吨,玉米0.8万吨。蔬菜产值2亿元，其中净菜7万箱。")
    assert [(one.subject, one.value) for one in found] == [
        ("粮食产量", "1.8万吨"),
        ("小麦产量", "0.9万吨"),
        ("玉米产量", "0.8万吨"),
        ("蔬菜产值", "2亿元"),
        ("净菜", "7万箱"),
    ]


DAYS = invented.two_chapters(
    review="工业用电量1820万度，下降4.5%。绿色铝产能达到20万吨。", plan="绿色铝产值突破50亿元，企业开办时间压缩至0.5个工作日。"
)


@pytest.mark.parametrize(
    "question, answer",
    [
        ("松岭市2025年企业开办时间要压缩到多久", "0.5个工作日，松岭市2025年企业开办时间压缩目标。"),
        ("松岭市2024年工业用电量变化", "下降4.5%，松岭市2024年工业用电量。"),
    ],
)
def test_days_and_changes_are_figures(answers, question, answer):
    assert answers(DAYS).ask([question]).answer == answer


@pytest.mark.parametrize("question", ["松岭市2025年工业用电量目标", "松岭市2025年绿色铝产能目标"])
def test_what_only_comes_near_a_target_is_no_answer(answers, question):
    reply = answers(DAYS).ask([question])
    assert invented.refusal(reply)


def test_a_mention_is_one_in_either_order(answers):
    answerer = answers(
        invented.two_chapters(plan="改造城镇老旧小区18个。", place="松岭市"),
        invented.two_chapters(plan="推进老旧小区改造。", place="白沙市"),
        invented.two_chapters(plan="改造危房，关心老旧小区的居民。", place="芦湾市"),
    )
    answer = answerer.ask(["哪些报告提到了老旧小区改造"]).answer
    assert ("松岭市" in answer, "白沙市" in answer, "芦湾市" in answer) == (True, True, False)


def test_a_target_recalled_is_set_against_the_result(answers):
    text = invented.two_chapters(review="面对年初确定的地区生产总值增长6%的目标，地区生产总值完成18亿元，增长6.8%。")
    answer = answers(text).ask(["松岭市2024年GDP目标与实际完成情况对比"]).answer
    assert "6%" in answer.replace("6.8%", "")
    assert "6.8%" in answer


@pytest.mark.parametrize(
    "question, missing", [("那曲市GDP是多少", "那曲市"), ("和田地区GDP是多少", "和田地区"), ("那曲靖市的GDP呢", "曲靖市")]
)
def test_a_name_that_begins_like_a_leading_word_is_a_name(question, missing):
    assert place_names([invented.report()]).resolve(question).missing == (missing,)


PARTS = (
    "全省地区生产总值增长5.1%。岭南、岭北、岭东生产总值分别增长5.2%、4.6%、5.7%。\n"
    "云溪经开区完成规上工业总产值26亿元，增长8.8%，固定资产投资8亿元。\n"
    "原煤、天然气产量分别为7.9亿吨、365亿立方米，分别增长1.6%、3.9%。集成电路产值146亿元，增长18.5%。粮食总产1.8万吨，其中小麦0.9万吨。"
)


@pytest.mark.parametrize(
    "question, answer",
    [
        ("岭北地区生产总值增速", "4.6%，松岭省2024年岭北生产总值增速。"),
        ("云溪经开区固定资产投资多少", "8亿元，松岭省2024年云溪经开区固定资产投资。"),
        ("松岭省天然气产量", "365亿立方米，松岭省2024年天然气产量。"),
        ("松岭省集成电路产值多少增长多少", "146亿元，增长18.5%，松岭省2024年集成电路产值。"),
        ("松岭省小麦产了多少", "0.9万吨，松岭省2024年小麦产量。"),
        ("松岭省GDP增长多少", "5.1%，松岭省2024年地区生产总值增速。"),
    ],
)
def test_figures_of_parts(answers, question, answer):
    assert answers(invented.two_chapters(review=PARTS, place="松岭省")).ask([question]).answer == answer


@pytest.mark.parametrize("question", ["松岭省2024年固定资产投资多少亿元", "松岭省2024年规上工业总产值"])
def test_a_figure_of_a_zone_is_not_the_whole_s(answers, question):
    assert invented.refusal(answers(invented.two_chapters(review=PARTS, place="松岭省")).ask([question]))


def test_of_two_things_asked_of_a_place_without_a_report_the_one_not_stated_is_named(answers):
    answer = answers(COUNTY).ask(["芦湾镇2024年固定资产投资增长多少，粮食产量多少"]).answer
    assert answer.startswith("9%，芦湾镇2024年固定资产投资增速（松岭县的报告所写）；松岭县的报告没有说明2024年的“芦湾镇粮食产量”")


def test_lists_of_a_larger_place_or_a_zone_are_not_the_place_s_own():
    text = invented.two_chapters(
        review="全省城镇、农村居民人均可支配收入分别增长5%、6%。云溪经开区完成规上工业总产值26亿元，工业投资、民间投资分别增长7%、8%；"
        "城镇、农村居民人均可支配收入分别增长4%、4.5%。",
        place="松岭县",
    )
    found = understand_report(clean(text), {}).figures
    assert [(one.indicator, one.subject, one.value) for one in found] == [
        (None, "全省城镇居民人均可支配收入", "5%"),
        (None, "全省农村居民人均可支配收入", "6%"),
        (None, "云溪经开区完成规上工业总产值", "26亿元"),
        (None, "云溪经开区工业投资", "7%"),
        (None, "云溪经开区民间投资", "8%"),
        ("城镇居民人均可支配收入", "城镇居民人均可支配收入", "4%"),
        ("农村居民人均可支配收入", "农村居民人均可支配收入", "4.5%"),
    ]


TOWN = invented.two_chapters(
    review="全县地区生产总值增长6.1%。上河村流转土地600亩，集体经济收入达到86万元；下河村集体经济收入42万元。",
    plan="全国GDP预期增长5%左右，全省5.5%以上，全县提出增长6%左右；我镇地区生产总值增长5.6%以上、力争6.5%。",
    place="青禾镇",
)


@pytest.mark.parametrize(
    "question, value",
    [
        ("青禾镇2025年GDP增长目标", "5.6%以上，力争6.5%，青禾镇"),
        ("青禾镇2025年全县GDP增长目标", "6%左右，全县"),
        ("青禾镇2025年全省GDP增长目标", "5.5%以上，全省"),
        ("青禾镇2025年全国GDP增长目标", "5%左右，全国"),
        ("青禾镇2024年全县GDP增长多少", "6.1%，全县"),
        ("下河村集体经济收入多少", "42万元，青禾镇2024年下河村"),
    ],
)
def test_levels_listed_one_after_the_other(answers, question, value):
    assert answers(TOWN).ask([question]).answer.startswith(value)


@pytest.mark.parametrize("question", ["上河村集体经济收入多少", "青禾镇2024年GDP增长多少"])
def test_what_another_village_or_the_county_has_is_not_told(answers, question):
    answer = answers(TOWN).ask([question]).answer
    assert "42万元" not in answer
    assert "6.1%" not in answer


def test_a_passage_about_another_airport_is_no_answer(answers):
    answerer = answers(invented.two_chapters(review="白沙机场旅客吞吐量再创新高。"))
    assert invented.refusal(answerer.ask(["松岭市2024年芦新机场旅客吞吐量"]))
    assert answerer.ask(["松岭市2024年白沙机场旅客吞吐量"]).status == "answered"
