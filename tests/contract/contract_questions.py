"""Questions over the big library, each with what the contract makes of the reply."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    id: str
    turns: tuple
    status: str = "answered"
    has: tuple = ()       # regular expressions that the answer matches
    forbid: tuple = ()    # regular expressions that it does not match
    quotes: tuple = ()    # each stands in some quote
    places: tuple = ()    # the places of the quoted reports, no more and no less
    also: tuple = ()      # other statuses that the contract allows: `related` where a report lacks a fact, but not a place or year


def case(id, turns, status="answered", has=(), forbid=(), quotes=(), places=(), also=()):
    def many(value):
        return (value,) if isinstance(value, str) else tuple(value)
    return Case(id, many(turns), status, many(has), many(forbid), many(quotes), many(places), many(also))


TARGET_OR_RESULT = [
    case("target", "青禾镇2024年GDP增长目标是多少", has=["6\\.8%以上", "2024", "青禾"], forbid=["6\\.2", "6\\.4", "6\\.5"],
         quotes="地区生产总值增长6.8%以上", places="青禾镇"),
    case("result-of-the-year-before", "青禾镇2023年地区生产总值增长了多少", has="6\\.2%", forbid=["6\\.8", "6\\.4"],
         quotes="地区生产总值增长6.2%", places="青禾镇"),
    case("result-in-the-next-report", "青禾镇2024年GDP增长了多少", has="6\\.4%", forbid=["6\\.8", "6\\.2", "6\\.5"],
         quotes="地区生产总值增长6.4%", places="青禾镇"),
    case("target-in-the-next-report", "青禾镇2025年GDP增长目标是多少", has="6\\.5%左右", forbid=["6\\.8", "6\\.4"],
         quotes="地区生产总值增长6.5%左右", places="青禾镇"),
    case("amount-target", "青禾镇2024年规上工业总产值的目标是多少", has="14亿元", forbid=["12\\.6", "13\\.7", "15亿"],
         quotes="规上工业总产值达到14亿元"),
    case("amount-result", "青禾镇2023年规上工业总产值完成了多少", has="12\\.6亿元", forbid=["14亿", "13\\.7"],
         quotes="规上工业总产值完成12.6亿元"),
    case("stretch-wording", "青禾镇2025年规上工业总产值预期达到多少", has="15亿元以上", forbid=["13\\.7", "14亿"]),
    case("last-years-target-in-the-review", "望川区2023年GDP增长了多少", has="6\\.1%", forbid=["5\\.8", "7%"],
         quotes="268.4亿元、增长6.1%", places="望川区"),
    case("this-years-target", "望川区2024年GDP增长目标是多少", has="7%左右", forbid=["5\\.8", "6\\.1"],
         quotes="地区生产总值增长7%左右", places="望川区"),
    case("second-of-two-in-order", "望川区2024年固定资产投资预期增长多少", has="6\\.5%左右", forbid="8\\.5",
         quotes="规上工业增加值、固定资产投资分别增长8.5%、6.5%左右"),
    case("first-of-two-in-order", "望川区2024年规模以上工业增加值的增长目标", has="8\\.5%", forbid="6\\.5"),
    case("target-outside-its-paragraph", "望川区2024年城镇新增就业的目标是多少", has="1\\.1万人", forbid="10986",
         quotes="全年城镇新增就业不少于1.1万人"),
    case("result-beside-it", "望川区2023年城镇新增就业多少人", has="10986人", forbid="1\\.1万"),
    case("placeholder-place", "xx镇2024年地区生产总值增速目标是多少", has="9[%％]左右", quotes="增速稳定在9％左右", places="xx镇"),
    case("plain-fact", "柳湾镇2023年拆除了多少平方米的违法建筑", has="5230\\.5平方米", quotes="拆除违法建筑5230.5平方米",
         places="柳湾镇"),
    case("fact-of-the-other-report-in-the-file", "石桥镇2023年硬化了多少公里道路", has="42公里", places="石桥镇"),
    case("figure-with-debris-inside", "麦坡镇2023年农村改厕完成了多少户", has="306户", quotes="完成农村改厕306户", places="麦坡镇"),
    case("html", "雁岭镇2023年茶叶产量是多少", has="760吨", forbid="800吨", quotes="全年茶叶产量760吨", places="雁岭镇"),
]

YEARS = [
    case("this-year", "柳湾镇今年财政收入的目标是多少", has="4600万元", forbid="4260", places="柳湾镇"),
    case("last-year", "柳湾镇去年财政收入是多少", has="4260万元", forbid="4600", places="柳湾镇"),
    case("next-year-in-a-december-report", "雁岭镇明年财政收入的目标是多少", has="5200万元", forbid="4870",
         quotes="财政收入预期达到5200万元", places="雁岭镇"),
    case("year-after-in-a-december-report", "雁岭镇下一年的财政收入目标", has="5200万元", forbid="4870"),
    case("chinese-digits", "青禾镇二〇二四年GDP增长目标是多少", has="6\\.8%以上", forbid=["6\\.4", "6\\.5"]),
]

NAMES = [
    case("without-the-suffix", "青禾2024年国内生产总值增长目标", has="6\\.8%以上", places="青禾镇"),
    case("alias-of-the-indicator", "青禾镇2023年社零总额是多少", has="3\\.45亿元", forbid="3\\.76", places="青禾镇"),
    case("traditional", "青禾鎮2024年地區生產總值增長目標是多少", has="6\\.8%以上", places="青禾镇"),
    case("pinyin", "qinghe镇2024年GDP增长目标是多少", has="6\\.8%以上", places="青禾镇"),
    case("same-sound", "柳弯镇2023年财政收入是多少", has=["4260万元", "柳湾镇"], places="柳湾镇"),
]

PARTS = [
    case("two-parts", "青禾镇2023年农村居民人均可支配收入是多少，增长了多少", has=["21860元", "7\\.3%"],
         quotes="农村居民人均可支配收入21860元"),
    case("two-parts-one-stated", "柳湾镇2023年粮食产量是多少，增长了多少", has=["9800吨", "未|没有|无"], forbid=["\\d%", "1\\.2万吨"],
         quotes="全年粮食产量9800吨"),
    case("two-indicators", "青禾镇2024年地区生产总值和规上工业总产值的目标分别是多少", has=["6\\.8%以上", "14亿元"],
         forbid=["6\\.2", "12\\.6"]),
    case("two-places", "对比青禾镇和望川区2024年的GDP增长目标", has=["青禾[^\\n]*6\\.8%", "望川[^\\n]*7%"],
         places=["青禾镇", "望川区"]),
    case("no-place", "2024年一般公共预算收入的增长目标是多少", has=["望川区[^\\n]*4%|4%[^\\n]*望川区", "石桥镇[^\\n]*3\\.5%|3\\.5%[^\\n]*石桥镇"],
         places=["望川区", "石桥镇"]),
]

ABOUT_REPORTS = [
    case("who", "柳湾镇的政府工作报告是谁作的", has="顾舟", quotes="顾舟", places="柳湾镇"),
    case("head-of-the-town", "雁岭镇的镇长是谁", has="温岚", quotes="温岚", places="雁岭镇"),
    case("name-spaced-out", "青禾镇2024年1月作报告的镇长叫什么名字", has="陆远", places="青禾镇"),
    case("when", "望川区政府工作报告是哪天作的", has="2024年2月6日", quotes="2024年2月6日", places="望川区"),
    case("which-meeting", "柳湾镇的政府工作报告是在哪次会议上作的", has="第九届人民代表大会第四次会议",
         quotes="第九届人民代表大会第四次会议", places="柳湾镇"),
    case("which-mention", "哪些报告提到了枫桥经验", has=["青禾", "石桥"], forbid=["柳湾", "麦坡", "雁岭", "望川区政府", "xx镇"]),
    case("does-mention", "柳湾镇的报告提到低空经济了吗", quotes="低空经济", places="柳湾镇"),
    case("does-not-mention", "麦坡镇的报告提到低空经济了吗", status="not_found"),
]

PASSAGES = [
    case("how", "青禾镇2024年打算怎么加强养老服务", quotes="建成青禾镇养老服务中心", places="青禾镇"),
    case("problems", "麦坡镇存在哪些困难和问题", quotes="工业基础薄弱", places="麦坡镇"),
    case("plans", "雁岭镇打算怎么发展茶旅融合", quotes="雁岭茶博园", places="雁岭镇"),
]

BLANK = [
    case("blank-amount", "xx镇2023年国内生产总值是多少", status="blank", quotes="国内生产总值预估×亿", places="xx镇"),
    case("blank-beside-a-figure", "麦坡镇2023年税收收入是多少", status="blank", forbid="2750", quotes="实现税收收入×万元",
         places="麦坡镇"),
    case("blank-investment", "柳湾镇2023年招商引资到位资金是多少", status="blank", quotes="招商引资到位资金×万元",
         places="柳湾镇"),
]

ABSENT = [
    case("no-such-place", "沙溪镇2024年GDP增长目标是多少", status="not_found", has="沙溪镇"),
    case("no-such-year", "青禾镇2019年地区生产总值增长了多少", status="not_found", has=["2019", "202[345]"]),
    case("no-such-fact", "青禾镇2023年常住人口是多少", status="not_found", also="related", has=["青禾", "人口"]),
    case("no-such-indicator-here", "柳湾镇2024年GDP增长目标是多少", status="not_found", also="related", has="柳湾"),
    case("no-target-for-it", "青禾镇2024年粮食总产量目标是多少", status="not_found", also="related", has="青禾"),
    case("near-name", "青木镇2024年GDP增长目标是多少", status="not_found", has="青禾"),
    case("only-a-place-inside-is-held", "云河市2024年GDP增长目标是多少", status="not_found", has=["云河市", "望川|青禾"]),
    case("place-held-fact-of-another", "石桥镇2024年地区生产总值增长目标是多少", status="not_found", also="related", has="石桥"),
]

SMALL_TALK = [
    case("hello", "你好", status="not_found"),
    case("weather", "今天天气怎么样", status="not_found"),
    case("thanks", "谢谢你，辛苦了", status="not_found"),
    case("poem", "帮我写一首关于秋天的诗", status="not_found"),
]

FOLLOW_UPS = [
    case("other-place", ["青禾镇2024年GDP增长目标是多少", "那望川区呢"], has=["7%左右", "望川区"], forbid="6\\.8", places="望川区"),
    case("other-indicator", ["青禾镇2024年GDP增长目标是多少", "固定资产投资呢"], has=["5%左右"], forbid=["6\\.8", "4\\.8"],
         quotes="固定资产投资增长5%左右", places="青禾镇"),
    case("other-year", ["青禾镇2024年规上工业总产值完成了多少", "2023年呢"], has="12\\.6亿元", forbid=["13\\.7", "14亿"],
         places="青禾镇"),
    case("last-year-after-a-target", ["柳湾镇今年财政收入目标是多少", "去年实际完成了多少呢"], has="4260万元", forbid="4600",
         places="柳湾镇"),
    case("through-small-talk", ["望川区2024年GDP增长目标是多少", "谢谢", "那青禾镇呢"], has="6\\.8%以上", places="青禾镇"),
    case("to-a-place-not-held", ["望川区2024年GDP增长目标是多少", "那沙溪镇呢"], status="not_found", has="沙溪"),
    case("whole-new-question", ["望川区2024年GDP增长目标是多少", "麦坡镇2023年财政收入是多少"], has="2750万元", forbid="7%",
         places="麦坡镇"),
]

# Judged by a test of its own: the contract allows more than one reply.
LENIENT = [case("year-after-the-plan", "柳湾镇明年粮食产量的目标是多少"),
           case("bare-last-year", ["柳湾镇今年财政收入目标是多少", "去年呢"])]

JUDGED = [*TARGET_OR_RESULT, *YEARS, *NAMES, *PARTS, *ABOUT_REPORTS, *PASSAGES, *BLANK, *ABSENT, *SMALL_TALK, *FOLLOW_UPS]
CASES = [*JUDGED, *LENIENT]
assert len({c.id for c in CASES}) == len(CASES)
