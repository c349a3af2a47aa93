"""One person, one chat, one group holds nobody else up, and nobody makes the bot talk without end."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from telegram import Update
from telegram.error import RetryAfter
from telegram_kit import TOKEN, Person, Session

from bot.conversation import turns as turns_module
from bot.conversation.deadlines import StoppableThread
from bot.conversation.turns import Places, Turns
from bot.settings import settings_from
from bot.telegram.delivery import OutgoingLimits
from bot.telegram.inbox import AT_ONCE, InOrder

GROUP, SECOND = -100, 0.02


class Traffic:
    """People who make the bot send things, over the real processor and limits, with a second that is short."""

    def __init__(self) -> None:
        self.places = Places(AT_ONCE)
        self.processor = InOrder(self.places)
        self.limits = OutgoingLimits(self.places, SECOND)
        self.sent: list[tuple[int, float]] = []
        self.refused: dict[int, list[RetryAfter]] = {}
        self.handled = 0

    async def send(self, chat: int) -> None:
        async def callback() -> bool:
            if self.refused.get(chat):
                raise self.refused[chat].pop()
            self.sent.append((chat, time.monotonic()))
            return True

        await self.limits.process_request(callback, (), {}, "sendMessage", {"chat_id": chat}, None)

    async def ask(self, user: int, chat: int, messages: int = 1) -> float:
        """Seconds until a question of ``user`` in ``chat`` is answered by so many messages."""
        self.handled += 1
        person = {"id": user, "is_bot": False, "first_name": "A"}
        kind = {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "G"}
        content = {"message_id": 1, "date": 1, "chat": kind, "from": person, "text": "问"}
        update = Update.de_json({"update_id": self.handled, "message": content}, None)

        async def handle() -> None:
            for _ in range(messages):
                await self.send(chat)

        return await timed(self.processor, update, handle())


async def timed(processor: InOrder, update: Update, handling: Any) -> float:
    began = time.monotonic()
    try:
        await processor.do_process_update(update, handling)
    finally:
        handling.close()  # where its turn never came
    return time.monotonic() - began


def test_twenty_people_of_one_group_take_no_places_while_they_wait_for_its_limit():
    async def run() -> None:
        traffic = Traffic()
        crowd = [asyncio.create_task(traffic.ask(1000 + one, GROUP, 3)) for one in range(20)]
        await asyncio.sleep(5 * SECOND)
        assert len(traffic.sent) == 20  # the rest of the 60 waits for the group's next minute
        assert await traffic.ask(1, 1) < 10 * SECOND
        assert not any(one.done() for one in crowd[10:])
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)

    asyncio.run(run())


def test_a_group_gets_twenty_messages_a_minute_and_all_of_them_in_the_end():
    async def run() -> list[float]:
        traffic = Traffic()
        begun = time.monotonic()
        await asyncio.gather(*[traffic.ask(one, GROUP, 3) for one in range(20)])
        return [at - begun for _, at in traffic.sent]

    sent = asyncio.run(run())
    assert len(sent) == 60
    # Counted from the beginning: whatever holds a busy machine up can only make it longer.
    assert sent[20] >= 60 * SECOND
    assert sent[40] >= 120 * SECOND


def test_a_429_of_one_chat_waits_for_that_chat_only_and_takes_no_place():
    async def run() -> None:
        traffic = Traffic()
        traffic.refused = {chat: [RetryAfter(1)] for chat in range(100, 100 + AT_ONCE)}
        waiting = [asyncio.create_task(traffic.ask(chat, chat)) for chat in traffic.refused]
        await asyncio.sleep(5 * SECOND)
        assert await traffic.ask(1, 1) < 10 * SECOND
        assert [chat for chat, _ in traffic.sent] == [1]
        assert min(await asyncio.gather(*waiting)) >= 1
        assert len(traffic.sent) == AT_ONCE + 1

    asyncio.run(run())


def test_a_chat_that_is_refused_again_and_again_is_given_up():
    async def run() -> None:
        traffic = Traffic()
        traffic.refused = {7: [RetryAfter(0)] * 9}
        with pytest.raises(RetryAfter):
            await traffic.send(7)
        assert len(traffic.refused[7]) == 5

    asyncio.run(run())


def test_with_three_hundred_strangers_waiting_whoever_asked_little_comes_next():
    async def run() -> None:
        traffic = Traffic()

        async def stranger(number: int) -> None:
            for _ in range(5):
                await traffic.ask(number, number)

        strangers = [asyncio.create_task(stranger(1000 + one)) for one in range(300)]
        while len(traffic.sent) < 350:  # each of them had one answer
            await asyncio.sleep(SECOND)
        before = len(traffic.sent)
        seconds = await traffic.ask(1, 1)
        after = [chat for chat, _ in traffic.sent[before:]]
        assert after.index(1) <= 2 * AT_ONCE + 30
        assert seconds < 5 * SECOND  # 300 at 30 a second would be ten seconds
        for one in strangers:
            one.cancel()
        await asyncio.gather(*strangers, return_exceptions=True)

    asyncio.run(run())


def test_who_is_cancelled_while_waiting_keeps_no_place():
    async def run() -> None:
        turns = Turns(1)
        await turns.take((1,))
        gone, stays = asyncio.create_task(turns.take((2,))), asyncio.create_task(turns.take((3,)))
        await asyncio.sleep(0)
        gone.cancel()
        turns.give_back()
        await stays
        turns.give_back()
        assert turns.is_free

    asyncio.run(run())


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(turns_module.time, "monotonic", lambda: self.now)


async def order_of(turns: Turns, waiting: list[tuple[float, str, float]], clock: Clock) -> list[str]:
    """Who comes when, of those who begin to wait ``(after so many seconds, as who, for so much)``, while one has the place."""
    await turns.take(("first",))
    order: list[str] = []

    async def wait(who: str, weight: float) -> None:
        await turns.take((who,), weight)
        order.append(who)

    tasks = []
    for seconds, who, weight in waiting:
        clock.now += seconds
        tasks.append(asyncio.create_task(wait(who, weight)))
        await asyncio.sleep(0)
    for _ in waiting:
        turns.give_back()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    return order


def test_what_somebody_had_is_forgiven_while_they_wait_as_while_others_do(monkeypatch):
    """Who had a turn and waits since then is not behind those who had theirs at the same time, and come again later."""
    clock = Clock(monkeypatch)

    async def run() -> list[str]:
        turns = Turns(1)
        await turns.take(("patient",))
        turns.give_back()
        await turns.take(("eager",))
        turns.give_back()
        return await order_of(turns, [(0, "patient", 1), (20, "eager", 1)], clock)

    assert asyncio.run(run()) == ["patient", "eager"]


def test_what_is_short_comes_before_what_is_long_and_that_before_all_who_come_much_later(monkeypatch):
    clock = Clock(monkeypatch)
    waiting = [(0.0, "long", 3.0), (1.0, "short", 0.2), (200.0, "late", 0.2)]
    assert asyncio.run(order_of(Turns(1), waiting, clock)) == ["short", "long", "late"]


def test_however_much_somebody_had_they_come_in_the_end(monkeypatch):
    clock = Clock(monkeypatch)
    waiting = [(0.0, "much", 1000.0), (301.0, "late", 0.0)]
    assert asyncio.run(order_of(Turns(1), waiting, clock)) == ["much", "late"]


@pytest.mark.parametrize("text", ["/nothing", "/stats", "/start", "/help", "/here", "😀"])
def test_every_reply_counts(library, text: str):
    with Session(library, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "9"})) as session:
        replies = [one for _ in range(100) for one in session.say(Person(5), text) if one.method == "sendMessage"]
        assert 20 <= len(replies) <= 22


def test_buttons_of_others_count(library):
    with Session(library, settings_from({"TELEGRAM_BOT_TOKEN": TOKEN, "ADMIN_IDS": "9"})) as session:
        message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}
        press = {"id": "1", "from": Person(5).as_json(), "chat_instance": "1", "message": message, "data": "1:log:0"}
        told = [one for _ in range(100) for one in session.update(callback_query=press)]
        assert 60 <= len(told) <= 62


def test_who_asked_little_comes_next_in_the_thread_that_answers_too():
    order: list[int] = []

    async def run() -> None:
        places, thread = Places(AT_ONCE), StoppableThread("test")

        async def ask(user: int) -> None:
            async with places.held(user):
                await thread.call(lambda: (time.sleep(0.01), order.append(user)), 30)

        for _ in range(3):
            await asyncio.gather(*[ask(user) for user in range(100, 110)])
        strangers = [asyncio.create_task(ask(user)) for user in range(100, 110)]
        await asyncio.sleep(0)
        await ask(1)
        await asyncio.gather(*strangers)
        thread.shutdown()

    asyncio.run(run())
    assert order.index(1) <= 30 + 2  # one was being answered


def test_questions_that_take_long_hold_nobody_up_longer_than_one_of_them():
    """Ordinary people beside strangers whose questions take a tenth of a second each."""

    async def run() -> tuple[float, float]:
        traffic, thread = Traffic(), StoppableThread("test")

        async def slow(user: int, seconds: float) -> float:
            person = {"id": user, "is_bot": False, "first_name": "A"}
            content = {"message_id": 1, "date": 1, "chat": {"id": user, "type": "private"}, "from": person, "text": "问"}
            update = Update.de_json({"update_id": user, "message": content}, None)
            return await timed(traffic.processor, update, thread.call(lambda: time.sleep(seconds), 30))

        alone = await slow(1, 0.05)

        served = 0

        async def stranger(user: int) -> None:
            nonlocal served
            while True:
                await slow(user, 0.02)
                served += 1

        strangers = [asyncio.create_task(stranger(1000 + one)) for one in range(300)]
        while served < 320:  # each had one
            await asyncio.sleep(0.05)
        beside = await slow(2, 0.05)
        for one in strangers:
            one.cancel()
        await asyncio.gather(*strangers, return_exceptions=True)
        thread.shutdown()
        return alone, beside

    alone, beside = asyncio.run(run())
    print(f"alone {alone:.3f} s, beside 300 strangers {beside:.3f} s")
    assert beside < 6 * alone  # at most one that is being answered, one that has the place, and itself
