"""Getting updates in, whatever the network, Telegram or an update does: nothing lost, nothing twice, never deaf."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.channels.telegram import polling
from bot.engine.session import decode
from bot.engine.step import step as engine_step
from bot.errors import StoreError
from bot.service.library import Library
from tests.kit.person import Person
from tests.kit.telegram_bot import TelegramBot, telegram_bot
from tests.kit.telegram_double import Fault, TelegramDouble
from tests.kit.telegram_double.server import BOT


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let back-offs last a fiftieth, so that tests of many failures take seconds."""
    monkeypatch.setattr(polling, "sleep", lambda seconds: asyncio.sleep(seconds / 50))


async def turn_of(bot: TelegramBot, person: Person) -> int:
    key = f"telegram:{BOT['id']}:{person.id}:0:{person.id}"
    stored = (await bot.store.load_sessions([key]))[key]
    return decode(stored.data).turn


@pytest.mark.parametrize("how", [401, 404, 409, 429, 500, 502, 504, 302, 418, "garbage", "cut", "lost", "truncated"])
async def test_n11_a_poll_that_fails_is_told_and_tried_again(small: Library, how: int | str) -> None:
    async with telegram_bot(small) as bot:
        await bot.settle()
        bot.double.faults.append(Fault("getUpdates", how, times=3))
        ada = bot.person()
        ada.writes("/start")
        while not bot.health.channel("telegram").receiving and bot.double.pending:
            await asyncio.sleep(0.001)
        assert [one.text for one in await ada.hears()] == ["Hello!", "Which animal do you have?"]
        while bot.health.channel("telegram").receiving:
            await asyncio.sleep(0.001)


async def test_n11_a_server_that_always_refuses_is_not_asked_in_a_hurry(small: Library) -> None:
    async with telegram_bot(small) as bot:
        await bot.settle()
        bot.double.faults.append(Fault("getUpdates", 401, times=10_000))
        bot.person().writes("/start")
        await asyncio.sleep(0.5)
        asked = sum(method == "getUpdates" for method, _ in bot.double.requests)
        assert asked < 12
        assert "token" in bot.health.channel("telegram").receiving
        assert not bot.health.ready
        bot.double.faults.clear()
        bot.double.pending.clear()


async def test_a_server_that_is_gone_for_a_while_is_found_again(small: Library) -> None:
    async with TelegramDouble() as double, telegram_bot(small, double=double) as bot:
        ada = bot.person()
        await ada.says("/start")
        port = double.port
        await double.stop()
        ada.writes("dog")
        await asyncio.sleep(0.2)
        await double.start(port)
        assert [one.text for one in await ada.hears() if one.what == "new"] == ["Where does it live?"]
        double.check()


POISON: list[dict[str, Any]] = [
    {"message": None},
    {"message": {"chat": None, "from": [], "text": 7}},
    {"message": {"chat": {"id": 10**30, "type": "private"}, "from": {"id": 10**30}, "text": "x"}},
    {"callback_query": {"id": None, "from": "me", "message": 3, "data": ["x"]}},
    {"edited_message": {"chat": {"id": {}, "type": 5}}},
    {"my_chat_member": {"chat": 1}},
    {"tomorrows_kind": {"of": "update"}},
]


@pytest.mark.parametrize("poison", POISON, ids=lambda poison: next(iter(poison)))
async def test_n05_a_poison_update_stops_nobody(small: Library, poison: dict[str, Any]) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        bot.double.allowed = None
        bot.double.update(**poison)
        await ada.says("/start")
        bot.double.allowed = None
        bot.double.update(**poison)
        await ada.says("dog")
        assert await turn_of(bot, ada) == 2
        assert not bot.double.pending


@pytest.mark.parametrize("body", ['"\\ud800"', "[" * 5000 + "]" * 5000, '"\\ud83d"', "1e999", "NaN"])
async def test_n06_an_update_that_is_hardly_json_stops_nobody(small: Library, body: str) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        raw_answers(bot.double, body)
        ada.writes("dog")
        bot.double.update(message={"poison": "here"})
        ada.writes("Germany")
        await ada.hears()
        assert await turn_of(bot, ada) == 3


def raw_answers(double: TelegramDouble, body: str) -> None:
    """Let the double answer with the words of a text in the place of `"poison": "here"`, whatever they are."""
    real = double._call

    async def call(request: web.Request) -> web.StreamResponse:
        answer = await real(request)
        if isinstance(answer, web.Response) and answer.text and '"poison": "here"' in answer.text:
            return web.Response(
                body=answer.text.replace('"here"', body).encode(), status=answer.status, content_type="application/json"
            )
        return answer

    double._call = call  # type: ignore[method-assign]  # the route below looks the method up at every call
    assert double._runner is not None
    for route in double._runner.app.router.routes():
        route._handler = call


async def test_n03_the_same_update_ten_times_changes_one_state(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        update = bot.double.pending[ada.writes("dog")]
        await ada.hears()
        for _ in range(10):
            await bot.channel._intake.take([update, update])
        await bot.settle()
        assert await turn_of(bot, ada) == 2
        assert ada.sees()[-1] == "Where does it live?"


async def test_n04_ids_may_have_gaps_and_begin_anew_lower(small: Library) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        bot.double.skip_ids(900_000_000)
        await ada.says("/start")
        bot.double.skip_ids(900_000_500)
        await ada.says("dog")
        bot.clock.advance(timedelta(days=7))
        bot.double.skip_ids(55)
        ada.writes("Germany")
        bot.double._news.set()
        await bot.channel.stop()
        await bot.start()
        await ada.hears()
        assert await turn_of(bot, ada) == 3


async def test_a_thousand_people_at_once_are_all_answered(small: Library) -> None:
    async with telegram_bot(small) as bot:
        people = [bot.person(name=str(number)) for number in range(300)]
        for one in people:
            one.writes("/start")
            one.writes("dog")
        await bot.settle(60)
        for one in people:
            assert one.sees() == ["Hello!", "Which animal do you have?", "Where does it live?"]


async def test_e01_three_answers_at_once_are_taken_in_order(small: Library) -> None:
    async with telegram_bot(small) as bot:
        people = [bot.person() for _ in range(20)]
        for one in people:
            for words in ("/start", "dog", "Germany", "meat", "3"):
                one.writes(words)
        await bot.settle()
        for one in people:
            assert one.sees()[-1] == "When was it born?"
            assert await turn_of(bot, one) == 5


async def test_s02_while_nothing_can_be_written_nothing_is_confirmed(
    small: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram_bot(small) as bot:
        ada = bot.person()
        await ada.says("/start")
        real, full = bot.store.commit, True

        async def commit(batch: Any) -> Any:
            if full:
                raise StoreError("The database has no room left; nothing was written, free some space and it goes on.")
            return await real(batch)

        monkeypatch.setattr(bot.store, "commit", commit)
        ada.presses("A dog")
        while not bot.double.answered:
            await asyncio.sleep(0.01)
        assert bot.double.pending
        assert "no room" in bot.health.channel("telegram").receiving
        assert set(bot.double.answered) == {"q1"}
        full = False
        await ada.hears()
        assert await turn_of(bot, ada) == 2


async def test_e11_an_accident_in_one_turn_is_told_and_stops_nobody(
    small: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = engine_step

    def step(library: Any, session: Any, event: Any, now: Any) -> Any:
        if getattr(event, "text", "") == "a secret of Eve":
            raise RuntimeError("a secret of Eve")
        return real(library, session, event, now)

    async with telegram_bot(small) as bot:
        ada, eve = bot.person(), bot.person()
        for one in (ada, eve):
            await one.says("/start")
        monkeypatch.setattr("bot.service.turns.step", step)
        with caplog.at_level(logging.DEBUG):
            eve.writes("a secret of Eve")
            ada.writes("dog")
            await bot.settle()
        assert await turn_of(bot, ada) == 2
        assert "phrase sorry" in eve.sees()
        assert (await bot.store.counts()).dead_letters == 1
        assert "secret" not in caplog.text


async def test_what_came_while_the_bot_was_down_is_answered(small: Library) -> None:
    async with TelegramDouble() as double, telegram_bot(small, double=double) as bot:
        ada = bot.person()
        await ada.says("/start")
        await bot.channel.stop()
        ada.writes("dog")
        ada.writes("Germany")
        await bot.start()
        await ada.hears()
        assert await turn_of(bot, ada) == 3
        double.check()


async def test_a_webhook_left_from_before_is_taken_away_before_polling(small: Library) -> None:
    async with TelegramDouble() as double:
        double.webhook = {"url": "https://old.example.org/"}
        async with telegram_bot(small, double=double) as bot:
            await bot.person().says("/start")
            assert double.webhook is None


async def test_p01_no_log_line_holds_what_somebody_wrote(
    shipped: Library, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with telegram_bot(shipped) as bot:
            ada = bot.person("en", name="Canaryname")
            for words in (
                "/start",
                "canaryone",
                "Germany",
                "canarytwo <b>",
                "/forget canarythree",
                "\x1b[31mcanaryfour\nx",
            ):
                await ada.says(words)
            bot.double.faults.append(Fault("sendMessage", "garbage"))
            await ada.says("canaryfive")
    said = capsys.readouterr()
    assert "canary" not in (caplog.text + said.out + said.err).lower()


async def test_a01_a_flood_of_one_person_is_answered_once_and_others_are_not_slowed(small: Library) -> None:
    async with telegram_bot(small, floods=True) as bot:
        eve, ada = bot.person(name="Eve"), bot.person()
        await ada.says("/start")
        await eve.says("/start")
        now = time.time()
        for _ in range(300):
            eve.writes("nonsense of all sorts", at=now)
        began = time.monotonic()
        await ada.says("dog")
        assert time.monotonic() - began < 2.0
        assert sum("phrase flood" in text for text in eve.sees()) == 1
        assert len(eve.sees()) < 40
        assert await turn_of(bot, ada) == 2
