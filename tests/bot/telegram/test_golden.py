"""Every screen of the bot as it would look, in a file that a person can review: ``tests/golden/telegram.txt``.

``UPDATE_GOLDEN=1 .venv/bin/python -m pytest tests/bot/telegram/test_golden.py`` writes it anew; read the difference before
it is committed.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import invented
import pytest
from telegram_kit import BOT, TOKEN, Person, Request, Session

from bot.conversation.limits import Limits
from bot.settings import settings_from
from retrieval.library import Library

GOLDEN = Path(__file__).parents[2] / "golden" / "telegram.txt"
ADMIN, ALICE, BOB, ANN = Person(1, "管理员"), Person(7), Person(8, "李四"), Person(9, "Ann", "en")
GROUP = -100500


class Script:
    """Plays scenes and writes down what was done and what was seen."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lines: list[str] = []
        self.last: Request | None = None

    def scene(self, title: str) -> None:
        self.session.services.limits = Limits()  # a scene is played in no time
        self.lines += ["", "=" * 100, title, "=" * 100]

    def say(self, person: Person, text: str, chat: int | None = None) -> None:
        self._did(f"{person.name}：{text if len(text) < 90 else text[:60] + '……'}")
        self._saw(self.session.say(person, text, chat))

    def reply(self, person: Person, to: dict[str, Any], text: str, quote: str = "") -> None:
        quoted = {"quote": {"text": quote, "position": 0, "is_manual": True}} if quote else {}
        shown = f"引用“{quote}”" if quote else f"回复“{to['text']}”"
        self._did(f"{person.name} {shown}：{text}")
        self._saw(self.session.say(person, text, GROUP, reply_to_message=to, **quoted))

    def edit(self, person: Person, text: str) -> None:
        self._did(f"{person.name} 把上一条改为：{text}")
        self._saw(self.session.edit(person, self.session.last_message_id, text))

    def file(self, person: Person, name: str, content: str | bytes, size: int | None = None) -> None:
        self._did(f"{person.name} 发来文件 {name}")
        self._saw(self.session.send_file(person, name, content.encode() if isinstance(content, str) else content, size))

    def press(self, person: Person, label: str, chat: int | None = None) -> None:
        assert self.last is not None
        self._did(f"{person.name} 按下 [{label}]")
        self._saw(self.session.press(person, self.last.buttons[label]["callback_data"], 1, chat))

    def inline(self, person: Person, query: str) -> None:
        self._did(f"{person.name} 在别的聊天里输入：@report_bot {query}")
        (answer,) = self.session.inline(person, query)
        for result in answer.parameters["results"]:
            self.lines += [f"  ▸ {result['title']}", f"    {result['description']}"]
            self.lines += [f"    | {line}" for line in seen(result["input_message_content"]["message_text"]).split("\n")]
        if "button" in answer.parameters:
            self.lines.append(f"  [{answer.parameters['button']['text']}]")

    def _did(self, what: str) -> None:
        self.lines += ["", f">>> {what}"]

    def _saw(self, requests: list[Request]) -> None:
        for one in requests:
            self.lines += self._shown(one)
            if one.buttons:
                self.last = one

    def _shown(self, one: Request) -> list[str]:
        if one.method == "answerCallbackQuery":
            return [f"  （弹出）{one.text}"] if one.text else []
        if one.method == "sendDocument":
            return [f"  （文件）{next(iter(one.parameters['uploaded'].values()))[0]}"]
        if one.method in ("sendPhoto", "editMessageMedia"):
            picture = one.parameters.get("caption") or one.parameters["media"]["caption"]
            return [f"  （{'图改为' if one.method == 'editMessageMedia' else '图'}）{picture}"]
        if one.method not in ("sendMessage", "editMessageText"):
            return []
        how = "改为" if one.method == "editMessageText" else f"发给 {one.parameters['chat_id']}"
        quoting = "，引用提问" if "reply_parameters" in one.parameters else ""
        lines = [f"  （{how}{quoting}）", *(f"  | {line}" for line in seen(one.text).split("\n"))]
        copied = {text for text, button in one.buttons.items() if "copy_text" in button}
        for row in one.rows:
            lines.append("  " + " ".join(f"[{text}{'⧉' if text in copied else ''}]" for text in row))
        return lines


def seen(text: str) -> str:
    """Telegram's HTML as a person sees it: bold between **, quotations behind ▎, behind ▼ where they open by a tap."""
    text = re.sub(r"</?(?:b|i)>", lambda tag: "**" if "b" in tag.group() else "_", text)
    text = re.sub(r"<blockquote expandable>(.*?)</blockquote>", lambda q: "▼" + q.group(1).replace("\n", "\n▼"), text, flags=re.S)
    text = re.sub(r"<blockquote>(.*?)</blockquote>", lambda q: "▎" + q.group(1).replace("\n", "\n▎"), text, flags=re.S)
    return html.unescape(re.sub(r"</?(?:pre|code)>", "`", text))


def settled(text: str) -> str:
    """Without what differs from run to run."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d[:.]\d\d(?:\.\d\d)?", "<时间>", text)
    text = re.sub(r"\d{8}-\d{6}", "<时间>", text)
    return re.sub(r"\d+ ms", "<…> ms", text)


@pytest.fixture
def session(library: Library) -> Iterator[Session]:
    with Session(library, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "1"})) as opened:
        yield opened


def play(script: Script) -> None:
    asking(script)
    comparing(script)
    around_an_answer(script)
    groups(script)
    guidance(script)
    uploads(script)
    administration(script)


def asking(script: Script) -> None:
    script.scene("提问")
    script.say(ALICE, "云溪镇2025年GDP目标是多少")
    script.say(ALICE, "固定资产投资呢")
    script.say(ALICE, "云溪镇和石渡镇2025年GDP目标是多少")
    script.say(ALICE, "石渡镇2024年财政收入是多少")
    script.say(ALICE, "云溪镇2024年存在哪些困难和问题")
    script.say(ALICE, "云溪镇的报告是谁作的")
    script.say(ALICE, "哪些报告提到了高标准农田")
    script.say(ALICE, "你好")
    script.say(ALICE, "？？？")
    script.scene("修改过的问题")
    script.say(ALICE, "云溪镇2025年GDP目标是多少")
    script.edit(ALICE, "云溪镇2024年GDP是多少")


def comparing(script: Script) -> None:
    script.scene("比较、提到、图")
    script.say(ALICE, "各地2025年GDP增长目标分别是多少")
    script.edit(ALICE, "各地2024年GDP增速排名")
    script.edit(ALICE, "云溪镇2025年GDP目标是多少")
    script.say(ALICE, "各地GDP增长目标，哪个最高")
    script.say(ALICE, "超过5.5%的有哪些")
    script.say(ALICE, "平均呢")
    script.say(ALICE, "那社会消费品零售总额呢")
    script.say(ALICE, "云溪镇去年的目标完成了吗")
    script.say(ALICE, "没有提到高标准农田的有哪些报告")
    script.scene("一个地方的数字")
    script.say(ALICE, "/figures")
    script.say(ALICE, "/figures 火星镇")
    script.say(ALICE, "/figures 云溪镇")
    script.press(ALICE, "目标")
    script.press(ALICE, "Excel")
    script.press(ALICE, "报告")


def around_an_answer(script: Script) -> None:
    script.scene("答案下面的按钮")
    script.say(ALICE, "云溪镇2025年GDP目标是多少")
    answer = script.last
    script.press(ALICE, "上下文")
    script.press(ALICE, "上一段")
    script.last = answer
    script.press(ALICE, "更多依据")
    script.last = answer
    script.press(ALICE, "报告")
    script.press(ALICE, "原文")
    script.press(ALICE, "‹ 返回答案")
    script.press(ALICE, "👍")
    script.press(ALICE, "👍")
    script.scene("几份报告一起回答")
    script.say(ALICE, "云溪镇、石渡镇和松岭区2025年GDP目标是多少")
    several = script.last
    script.press(ALICE, "上下文")
    script.press(ALICE, "2")
    script.last = several
    script.press(ALICE, "报告")
    script.last = several
    script.press(ALICE, "复制引用")
    script.scene("没有说明")
    script.say(ALICE, "麦泉镇2025年固定资产投资目标是多少")
    script.press(ALICE, "有了告诉我")
    script.scene("最接近的原文")
    script.say(ALICE, "云溪镇2025年粮食产量目标是多少")
    script.press(ALICE, "更多依据")
    script.press(ALICE, "‹ 返回答案")
    script.press(ALICE, "有了告诉我")
    script.inline(ALICE, "云溪 2025年粮食产量目标")


def groups(script: Script) -> None:
    script.scene("群聊")
    script.say(ALICE, "云溪镇2025年GDP目标是多少（没有提到机器人，不回答）", GROUP)
    script.say(ALICE, "@report_bot 云溪镇2025年GDP目标是多少", GROUP)
    script.say(ALICE, "/here 石渡镇", GROUP)
    script.say(ALICE, "/ask 2025年GDP目标是多少", GROUP)
    script.say(ALICE, "/here 火星镇", GROUP)
    script.say(ALICE, "/here", GROUP)
    script.press(ALICE, "清除默认地名", GROUP)
    script.say(ALICE, "/ask", GROUP)
    script.scene("群聊：回复别人")
    script.say(ALICE, "@report_bot 云溪镇2025年GDP目标是多少", GROUP)
    answer = {**script.session.message(Person(BOT["id"]), GROUP, text="答案"), "message_id": script.session.request.last_id}
    script.reply(BOB, answer, "固定资产投资呢")
    script.reply(BOB, answer, "去年完成了多少", "固定资产投资增长7%以上")
    written = script.session.message(BOB, GROUP, text="听说云溪镇去年GDP增长7%，城镇新增就业412人")
    script.reply(ALICE, written, "@report_bot 这些对吗")


def guidance(script: Script) -> None:
    script.scene("开始、说明、报告列表、隐私")
    for command in ("/start", "/help", "/reports"):
        script.say(ALICE, command)
    script.press(ALICE, "松岭区 2025年")
    script.press(ALICE, "‹ 返回列表")
    for command in ("/reset", "/privacy", "/forget"):
        script.say(ANN, command)
        script.say(ALICE, command)
    script.press(ALICE, "取消")
    script.say(ALICE, "/nosuch")
    script.say(ALICE, "/stats")
    script.file(ALICE, "报告.docx", b"x")
    script.scene("English client")
    script.say(ANN, "/start")
    script.say(ANN, "/help")
    script.say(ANN, "云溪镇2025年GDP目标是多少")
    script.press(ANN, "Report")
    script.say(ANN, "云溪镇2025年火星探测目标是多少")
    script.say(ANN, "What was Yunxi's GDP in 2024?")
    script.say(ANN, "How many new urban jobs are planned?")
    script.say(ANN, "Which place has the highest GDP growth target?")
    script.say(ANN, "What does Yunxi say about blockchain?")
    script.say(ANN, "Thank you, that's very helpful!")
    script.scene("内联提问")
    script.inline(ALICE, "云溪 GDP目标")
    script.inline(ALICE, "云溪 火星探测目标")
    script.inline(ALICE, "")
    script.scene("问得太快")
    for _ in range(20):
        script.session.say(Person(55), "你好")
    script.say(Person(55), "云溪镇2025年GDP目标是多少")
    script.say(Person(55), "云溪镇2025年GDP目标是多少")


def uploads(script: Script) -> None:
    script.scene("管理员：发文件添加")
    script.file(ADMIN, "两份.txt", invented.TWO_IN_ONE.replace("收\n", "收##paidbegin##\n", 1))
    second = script.last
    script.press(ADMIN, "修改地名")
    script.say(ADMIN, "松岭区柏桥镇")
    script.press(ADMIN, "修改年份")
    script.say(ADMIN, "明年")
    script.say(ADMIN, "2024 2025")
    script.press(ADMIN, "添加")
    script.last = second
    script.press(ADMIN, "取消")
    script.scene("管理员：重复的、更新的")
    script.file(ADMIN, "云溪.txt", invented.YUNXI)
    script.file(ADMIN, "云溪（定稿）.txt", invented.YUNXI.replace("增长6%左右", "增长6.5%左右") + "以上报告，请予审议。\n")
    script.press(ADMIN, "替换")
    script.file(ADMIN, "石渡（稿）.txt", invented.SHIDU + "以上报告，请予审议。\n")
    script.press(ADMIN, "取消")
    script.scene("管理员：不能添加的文件")
    script.file(ADMIN, "菜谱.txt", "红烧茄子\n茄子三根切段，撒盐腌十分钟，下锅炸软，加酱油和糖烧五分钟即可。\n")
    script.press(ADMIN, "取消")
    script.file(ADMIN, "大.docx", b"", size=30_000_000)
    script.file(ADMIN, "表.xlsx", b"PK")
    script.file(ADMIN, "坏.docx", b"PK\x03\x04")
    script.file(ADMIN, "空.txt", b" ")
    script.scene("管理员：粘贴文字添加；有人在等它")
    text = invented.TWO_IN_ONE.split("\n\n乡镇政府2024工作报告")[0]
    half = text.index("二、2025年")
    script.say(ADMIN, "/add")
    script.say(ADMIN, text[:half])
    script.say(ADMIN, text[half:])
    script.press(ADMIN, "完成")
    script.press(ADMIN, "添加")


def administration(script: Script) -> None:
    script.scene("管理员：删除、恢复、修改")
    script.say(ADMIN, "/remove")
    script.press(ADMIN, "[2] 石渡镇 2025年")
    script.press(ADMIN, "确定删除")
    script.press(ADMIN, "撤销删除")
    script.say(ADMIN, "/remove 石渡")
    script.press(ADMIN, "取消")
    script.say(ADMIN, "/rename 火星镇")
    script.say(ADMIN, "/rename 2")
    script.press(ADMIN, "修改标题")
    script.say(ADMIN, "石渡镇2024年政府工作报告（修订）")
    script.scene("管理员：统计、记录、管理员、打包、说明")
    script.say(ALICE, "云溪镇2025年GDP目标是多少")
    script.press(ALICE, "👎")
    script.say(ALICE, "火星镇2025年GDP目标是多少")
    script.say(ADMIN, "/stats")
    script.press(ADMIN, "粮食产量")
    script.press(ADMIN, "云溪镇2025年粮食产量目标是多少")
    script.press(ADMIN, "‹ 统计")
    for command in ("/explain", "/log", "/admins 8", "/admins 张三", "/export", "/help"):
        script.say(ADMIN, command)


def of_two_chapters(place: str, review: str, plan: str, year: int = 2025) -> str:
    return f"{place}{year}年政府工作报告\n各位代表：\n一、{year - 1}年工作回顾\n{review}\n二、{year}年工作安排\n主要预期目标是：{plan}\n"


def many_places_and_years(script: Script, folder: Path) -> None:
    script.scene("两年的报告对照；长表")
    both = "（二）整治乡村环境。清理河道35公里。\n（三）改善办学条件。新建小学2所。"
    texts = [
        of_two_chapters(
            "砚口县",
            "全县地区生产总值增长5.4%。",
            f"地区生产总值增长6%，外贸进出口增长4%。\n（一）做强茶叶产业。新建茶园6处。\n{both}",
            2024,
        ),
        of_two_chapters(
            "砚口县",
            "全县地区生产总值增长6.4%。",
            f"地区生产总值增长7%，城镇新增就业2600人。\n（一）发展低空物流。开通航线7条。\n{both}",
        ),
    ]
    for number, name in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午", 1):
        target = f"地区生产总值增长{number}%。" if number < 16 else "粮食产量12万吨。"
        texts.append(of_two_chapters(f"松{name}县", "全年工作平稳。", target))
    for number, text in enumerate(texts):
        path = folder / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        list(script.session.library.add([path]))
    script.say(ALICE, "砚口县2025年的报告比2024年新提了什么")
    script.say(ALICE, "各地2025年GDP增长目标")
    script.press(ALICE, "全图")


def test_every_screen_looks_as_it_was_reviewed(session: Session, tmp_path_factory: pytest.TempPathFactory):
    script = Script(session)
    play(script)
    many_places_and_years(script, tmp_path_factory.mktemp("places"))
    written = settled("\n".join(script.lines).strip() + "\n")
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(written, encoding="utf-8")
    assert written == GOLDEN.read_text(encoding="utf-8")
