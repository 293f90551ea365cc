"""Sending, whatever Telegram says to it: in order, each thing once, nobody waits for somebody else."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import orjson
import pytest

from bot.channels.telegram.client import ApiError
from bot.channels.telegram.network import GROUP, PRIVATE, verdict
from bot.errors import Closed, Down, RefusedForGood, TryLater
from bot.service import outbox
from bot.service.library import Library
from bot.service.outbox import Lanes, Rate
from bot.service.records import Batch, Outgoing
from bot.texts.tree import Message, Paragraph, Run, to_json
from tests.kit.person import Person
from tests.kit.telegram_bot import TelegramBot, telegram_bot
from tests.kit.telegram_double import Fault, TelegramDouble
from tests.kit.telegram_double.server import BOT


def key_of(person: Person) -> str:
    return f"telegram:{BOT['id']}:{person.id}:0:{person.id}"


async def queue(bot: TelegramBot, person: Person, *texts: str, kind: Any = "notice", minutes: float = 60) -> None:
    """Let messages wait for a person as a reminder or an announcement does."""
    now = bot.clock()
    rows = [
        Outgoing(
            key_of(person), "telegram", orjson.dumps({"chat": person.id}),
            orjson.dumps(to_json(Message((Paragraph((Run(text),)),)))), f"test:{person.id}:{text}", number,
            now + timedelta(minutes=minutes), kind,
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip
    await bot.store.commit(Batch(now, "telegram", outbox=tuple(rows)))
    bot.channel.sender.wake()


@pytest.mark.parametrize(("value", "least", "most"), [
    (1, 1, 2), (30, 30, 31), (3600, 3600, 3601), (None, 1, 10), (-5, 1, 10), (2.5, 2.5, 3.5), ("9", 1, 10),
    (10**12, 1, 90_000), (float("inf"), 1, 10), (float("nan"), 1, 10), (True, 1, 10), (0, 1, 10),
])  # fmt: skip
def test_o01_retry_after_is_obeyed_whatever_it_is(value: Any, least: float, most: float) -> None:
    found = verdict(ApiError(429, "Too Many Requests", {} if value is None else {"retry_after": value}))
    assert isinstance(found, TryLater)
    assert not isinstance(found, Down)
    assert least <= found.after <= most


@pytest.mark.parametrize(("code", "words", "kind"), [
    (403, "Forbidden: bot was blocked by the user", Closed), (403, "Forbidden: user is deactivated", Closed),
    (403, "Forbidden: bot can't initiate conversation with a user", Closed),
    (400, "Bad Request: chat not found", Closed), (400, "Bad Request: BUTTON_DATA_INVALID", RefusedForGood),
    (400, "Bad Request: message is too long", RefusedForGood),
    (500, "Internal Server Error", TryLater), (502, "Bad Gateway", TryLater), (504, "x", TryLater),
    (401, "Unauthorized", Down), (404, "Not Found", Down), (409, "Conflict", Down), (302, "Found", Down),
])  # fmt: skip
def test_every_refusal_has_its_class(code: int, words: str, kind: type[Exception]) -> None:
    assert type(verdict(ApiError(code, words, {}))) is kind


async def test_o01_one_persons_flood_limit_does_not_hold_others(small: Library) -> None:
    async with telegram_bot(small) as bot:
        eve, ada = bot.person(name="Eve"), bot.person()
        for one in (eve, ada):
            await one.says("/start")
        bot.double.faults.append(Fault("*", 429, chat=eve.id, times=1, parameters={"retry_after": 30}))
        eve.writes("dog")
        began = time.monotonic()
        await ada.says("cat")
        assert time.monotonic() - began < 1.0
        assert ada.sees()[-1] == "Where does it live?"
        assert eve.sees()[-1] == "Which animal do you have?"
        bot.clock.advance(timedelta(seconds=31))
        bot.channel.sender.wake()
        await bot.settle()
        assert eve.sees()[-1] == "Where does it live?"


@pytest.mark.parametrize("how", [500, 502, 504, "cut", "lost", "garbage", "truncated"])
async def test_o02_a_call_that_fails_once_is_repeated_once(small: Library, how: int | str) -> None:
    async with telegram_bot(small, in_place=False) as bot:
        ada = bot.person()
        await ada.says("/start")
        bot.double.faults.append(Fault("sendMessage", how))
        ada.writes("dog")
        await bot.settle()
        bot.clock.advance(timedelta(seconds=5))
        bot.channel.sender.wake()
        await bot.settle()
        asked = ada.sees().count("Where does it live?")
        # What was done and whose answer was lost cannot be told from what was not done: then, and only then, twice.
        assert asked == (2 if how in {"lost", "truncated"} else 1)


async def test_o02_what_is_unclear_twice_is_left_and_noted(small: Library) -> None:
    async with telegram_bot(small, in_place=False) as bot:
        ada = bot.person()
        await ada.says("/start")
        bot.double.faults.append(Fault("sendMessage", "lost", times=5))
        ada.writes("dog")
        for _ in range(4):
            await bot.settle()
            bot.clock.advance(timedelta(seconds=60))
            bot.channel.sender.wake()
        await bot.settle()
        assert ada.sees().count("Where does it live?") == 2
        assert (await bot.store.counts()).dead_letters == 1


async def test_o02_nothing_is_sent_twice_when_no_connection_came_about(small: Library) -> None:
    async with TelegramDouble() as double, telegram_bot(small, double=double) as bot:
        ada = bot.person()
        await ada.says("/start")
        port = double.port
        await queue(bot, ada, "one", "two", "three")
        await double.stop()
        await asyncio.sleep(0.05)
        await double.start(port)
        end = time.monotonic() + 20
        while "three" not in ada.sees() and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert ada.sees()[-3:] == ["one", "two", "three"]


async def test_o04_markup_that_telegram_cannot_parse_goes_out_as_plain_text_once(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        words = "Bad Request: can't parse entities: Unsupported start tag"
        bot.double.faults.append(Fault("sendMessage", 400, description=words))
        await ada.says("/start")
        assert ada.sees() == ["Hello!", "Which animal do you have?"]
        assert bot.health.channel("telegram").markup_mistakes == 1


async def test_o07_somebody_who_blocked_the_bot_is_left_alone_until_they_write(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        bot.double.blocked.add(ada.id)
        await ada.says("dog")
        await queue(bot, ada, "a reminder")
        await bot.settle()
        assert (await bot.store.counts()).closed_conversations == 1
        assert (await bot.store.counts()).waiting == {}
        assert len([one for one in bot.double.refusals if one[1] == 403]) == 1
        bot.double.blocked.discard(ada.id)
        await ada.says("Germany")
        assert ada.sees()[-1] == "What does it eat?"


async def test_o07_blocking_and_unblocking_are_heard(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        ada.blocks()
        await bot.settle()
        assert (await bot.store.counts()).closed_conversations == 1
        ada.unblocks()
        await bot.settle()
        assert (await bot.store.counts()).closed_conversations == 0
        await ada.says("/start")
        assert ada.sees()[-1] == "Which animal do you have?"


async def test_o07_a_deactivated_account_closes_the_conversation(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        bot.double.deactivated.add(ada.id)
        await ada.says("/start")
        assert (await bot.store.counts()).closed_conversations == 1


async def test_o09_a_message_that_is_not_modified_is_done(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        for words in ("/start", "dog", "Germany"):
            await ada.says(words)
        ada.screen[-1].markup = None
        question = ada.screen[-1]
        await ada.says("meat")
        assert ada.sees()[-1] == "How many do you have?"
        assert question.text == "What does it eat?"
        assert any("not modified" in words for _, _, words in bot.double.refusals)


async def test_o09_ticks_on_a_deleted_message_are_sent_anew(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        for words in ("/start", "dog", "Germany"):
            await ada.says(words)
        data, question = ada.buttons[0].data, ada.screen[-1]
        seen = bot.double.as_json(question)
        del bot.double.chats[ada.id][question.message_id]
        bot.double.press(ada.id, ada.user, seen, data)
        await ada.hears()
        assert ada.screen[-1].text == "What does it eat?"
        assert ada.buttons[0].label == "✅ Meat"


async def test_o08_answers_go_before_two_hundred_reminders_and_those_keep_to_thirty_a_second(small: Library) -> None:
    async with telegram_bot(small, limits=True) as bot:
        ada = bot.person()
        await ada.says("/start")
        crowd = [bot.person(name=str(number)) for number in range(80)]
        began = time.monotonic()  # the first are on their way while the last are still put down
        for one in crowd:
            await queue(bot, one, "reminder")
        await asyncio.sleep(0.05)
        asked = time.monotonic()
        ada.writes("dog")
        while ada.sees()[-1] != "Where does it live?":
            await asyncio.sleep(0.005)
        answered = time.monotonic() - asked
        while not all(one.sees() for one in crowd):
            await asyncio.sleep(0.02)
        took = time.monotonic() - began
        assert answered < 1.0
        assert took > (80 - 31) / 30 * 0.9


async def test_bursts_pass_and_a_long_series_keeps_to_one_a_second(small: Library) -> None:
    async with telegram_bot(small, limits=True) as bot:
        bot.double.flood_control = True
        ada = bot.person()
        await queue(bot, ada, *[f"message {number:02}" for number in range(12)], kind="answer")
        began = time.monotonic()
        while len(ada.sees()) < 12:
            await asyncio.sleep(0.01)
        assert 1.5 < time.monotonic() - began < 6
        assert ada.sees() == [f"message {number:02}" for number in range(12)]
        assert bot.double.refusals == []


def test_a_group_never_gets_more_than_twenty_in_a_minute() -> None:
    lanes, sent, now = Lanes(), [], 0.0
    while now < 300:
        if not lanes.wait("group", GROUP, now):
            lanes.take("group", GROUP)
            sent.append(now)
        now += 0.05
    assert max(sum(start <= at < start + 60 for at in sent) for start in sent) <= 20


def test_lanes_are_bounded_and_a_clock_set_back_makes_no_storm() -> None:
    lanes = Lanes()
    for number in range(outbox._LANES + 100):
        lanes.wait(str(number), PRIVATE, float(number))
    assert len(lanes._buckets) == outbox._LANES
    lanes = Lanes()
    rate = Rate(1, 1.0)
    assert lanes.wait("a", rate, 100.0) == 0.0
    lanes.take("a", rate)
    assert lanes.wait("a", rate, 50.0) == 1.0


async def test_a_group_that_moved_is_followed(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person("en")
        old, new = -100, -1_000_000_100
        bot.double.chats |= {old: {}, new: {}}
        bot.double.migrated[old] = new
        chat = {"id": old, "type": "group"}
        message = {"message_id": 1, "date": 1, "chat": chat, "from": ada.user, "text": "/start@OptOutDoubleBot"}
        bot.double.update(message=message)
        await bot.settle()
        bot.channel.sender.wake()
        await bot.settle()
        assert [sent.text for sent in bot.double.chats[new].values()] != []


async def test_a_topic_that_is_closed_is_answered_beside_it(shipped: Library) -> None:
    async with telegram_bot(shipped) as bot:
        ada = bot.person("en")
        bot.double.chats[-100] = {}
        bot.double.closed_threads.add(9)
        chat = {"id": -100, "type": "supergroup"}
        message = {"message_id": 1, "date": 1, "chat": chat, "from": ada.user, "text": "/start@OptOutDoubleBot"}
        bot.double.update(message={**message, "message_thread_id": 9, "is_topic_message": True})
        await bot.settle()
        (sent,) = bot.double.chats[-100].values()
        assert sent.thread is None


async def test_a_long_letter_comes_in_parts_without_a_repeat_when_one_part_has_to_wait(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        long = "\n\n".join(f"Paragraph {number}. " + "word " * 300 for number in range(8))
        await queue(bot, ada, long)
        fault = Fault("sendMessage", 429, parameters={"retry_after": 1}, times=0)
        bot.double.faults.append(fault)
        bot.double.on_call = lambda method, values: setattr(fault, "times", int(len(ada.screen) == 3))
        await bot.settle()
        bot.double.on_call = lambda method, values: None
        fault.times = 0
        bot.clock.advance(timedelta(seconds=3))
        bot.channel.sender.wake()
        await bot.settle()
        parts = ada.sees()[2:]
        assert len(parts) > 1
        assert "".join("".join(parts).split()) == "".join(long.split())


async def test_o10_an_outage_of_six_hours_keeps_order_and_says_that_answers_are_late(
    small: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(outbox, "_EXPIRY", 0.02)
    async with telegram_bot(small) as bot:
        people = [bot.person(name=str(number)) for number in range(60)]
        for one in people:
            await one.says("/start")
        fault = Fault("sendMessage", 502, times=10**9)
        edits = Fault("editMessageReplyMarkup", 502, times=10**9)
        bot.double.faults += [fault, edits]
        for one in people:
            one.writes("dog")
            one.writes("Germany")
        for _ in range(6):
            await asyncio.sleep(0.1)
            bot.clock.advance(timedelta(hours=1))
            bot.channel.sender.wake()
        fault.times = edits.times = 0
        end = time.monotonic() + 30
        while any("What does it eat?" not in one.sees() for one in people):
            assert time.monotonic() < end, (await bot.store.counts(), bot.health.page())
            bot.clock.advance(timedelta(seconds=30))
            bot.channel.sender.wake()
            await asyncio.sleep(0.02)
        await bot.settle()
        for one in people:
            assert one.sees()[2:] == ["phrase stale", "What does it eat?"]


async def test_o03_after_a_crash_between_sent_and_marked_one_message_may_come_twice(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        await queue(bot, ada, "one", "two")
        await bot.settle()
        rows = await bot.store.due_outbox("telegram", bot.clock())
        assert rows == ()
        await bot.channel.stop()
        await queue(bot, ada, "three", "four")
        (row,) = await bot.store.due_outbox("telegram", bot.clock())
        await bot.store.mark_sending([row.id])  # and here the process died, after or before it sent
        await bot.start()
        await bot.settle()
        assert ada.sees()[-4:] == ["one", "two", "three", "four"]
