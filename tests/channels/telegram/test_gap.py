"""An outage longer than Telegram remembers: nothing breaks, and the operator is told that messages may be gone."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram import polling
from bot.service.library import Library
from tests.kit.telegram_bot import TelegramBot, telegram_bot
from tests.kit.telegram_double import Fault, TelegramDouble


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "sleep", lambda seconds: asyncio.sleep(seconds / 50))
    monkeypatch.setattr(polling.Poller.__init__, "__defaults__", (0,))  # and nobody waits for news


async def outage(bot: TelegramBot, hours: float) -> None:
    """Let Telegram be out of reach for so long on the bot's clock, then well again, and wait for a message."""
    while bot.health.channel("telegram").last_received is None:
        await asyncio.sleep(0.002)
    fault = Fault("getUpdates", 502, times=10**9)
    bot.double.faults.append(fault)
    ada = bot.person()
    while not bot.health.channel("telegram").receiving:
        await asyncio.sleep(0.002)
    bot.clock.advance(timedelta(hours=hours))
    fault.times = 0
    await ada.says("/start")
    assert ada.sees() == ["Hello!", "Which animal do you have?"]


@pytest.mark.parametrize(("hours", "told"), [(25, True), (100, True), (23, False)])
async def test_n14_an_outage_longer_than_telegram_remembers_is_told(
    small: Library, caplog: pytest.LogCaptureFixture, hours: float, told: bool
) -> None:
    with caplog.at_level(logging.WARNING):
        async with telegram_bot(small) as bot:
            await outage(bot, hours)
            channel = bot.health.page()["channels"]
    assert isinstance(channel, dict)
    assert (channel["telegram"]["may_be_lost"] != "nothing") == told
    assert any("may be lost" in record.getMessage() for record in caplog.records) == told


@pytest.mark.parametrize(("hours", "told"), [(25, True), (23, False)])
async def test_n14_a_bot_that_was_off_for_longer_says_so_when_it_is_back(
    small: Library, tmp_path: Path, hours: float, told: bool
) -> None:
    async with TelegramDouble() as double:
        async with telegram_bot(small, double=double, path=tmp_path / "bot.db") as bot:
            await bot.person().says("/start")
            last = bot.clock()
        start = last + timedelta(hours=hours)
        async with telegram_bot(small, double=double, path=tmp_path / "bot.db", start=start) as bot:
            bot.person(name="Ben").writes("/start")
            await bot.settle()
            assert bool(bot.health.channel("telegram").gap) == told


async def test_n14_days_without_a_word_are_no_outage(small: Library, tmp_path: Path) -> None:
    async with TelegramDouble() as double:
        async with telegram_bot(small, double=double, path=tmp_path / "bot.db") as bot:
            await bot.person().says("/start")
            for _ in range(30):
                bot.clock.advance(timedelta(hours=1))
                polls = double.polls
                while double.polls < polls + 3:
                    await asyncio.sleep(0.001)
            last = bot.clock()
        async with telegram_bot(small, double=double, path=tmp_path / "bot.db", start=last) as bot:
            await bot.person(name="Ben").says("/start")
            assert not bot.health.channel("telegram").gap
