"""One-time keys and the fallback key: whoever begins to write encrypted finds a key, however many did before."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest

from bot.channels.matrix import fallback
from bot.channels.matrix.http import Answer, call
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse, User


def claimed(server: Synapse, stranger: User, bot: str, device: str) -> dict[str, Any]:
    """Take a one-time key of the bot as anybody may."""
    body = {"one_time_keys": {bot: {device: "signed_curve25519"}}}
    answer = server.call("POST", "/_matrix/client/v3/keys/claim", body, stranger.token)
    (key,) = answer["one_time_keys"][bot][device].values()
    assert isinstance(key, dict)
    return key


async def left(server: Synapse, bot: Bot) -> int:
    """Ask how many one-time keys of the bot's device the server still has."""
    token = bot.raw().access_token
    counts = await asyncio.to_thread(server.call, "POST", "/_matrix/client/v3/keys/upload", {}, token)
    return int(counts["one_time_key_counts"].get("signed_curve25519", 0))


async def test_used_up_keys_are_replaced_and_the_fallback_key_helps_until_then(server: Synapse, tmp_path: Path) -> None:
    account, eve = server.register("bot"), server.register("eve")
    async with Person(server, server.register("ada"), tmp_path / "ada") as ada:
        async with Bot(server, account, tmp_path / "bot") as bot:
            device = bot.raw().device_id
            room = await ada.direct(bot.id, encrypted=True)
            await ada.answered(room)
            full = await left(server, bot)
            assert full >= 50
        first = [claimed(server, eve, account.id, device) for _ in range(full + 1)]
        assert [bool(key.get("fallback")) for key in first] == [False] * full + [True]
        # A device the bot never met begins with the key that is left, and is read when the bot is back.
        async with Person(server, ada.user, tmp_path / "again") as again:
            await again.until(lambda: room in again.client.rooms)
            before = set(again.unreadable)
            said = await again.says(room, "Germany")
            assert claimed(server, eve, account.id, device)["fallback"] is True
            async with Bot(server, account, tmp_path / "bot") as bot:
                await bot.settled(again, said)
                assert "Who is it for?" in str(again.messages(room)[-1]["content"]["body"])
                assert (await bot.store.counts()).undecrypted == 0
                # While it runs, what is taken is replaced with the next sync, also after the very last key.
                for _ in range(await left(server, bot)):
                    claimed(server, eve, account.id, device)
                await again.says(room, "/help")
                async with asyncio.timeout(10):
                    while await left(server, bot) < 50:
                        await asyncio.sleep(0.1)
                assert "fallback" not in claimed(server, eve, account.id, device)
            assert set(again.unreadable) == before
        assert ada.unreadable == []


async def test_while_it_runs_the_fallback_key_is_renewed_weekly_and_when_it_was_used(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads: list[Any] = []
    refused = 0

    async def watched(client: Any, method: str, path: str, body: Any) -> Answer:
        uploads.append(body["fallback_keys"])
        return Answer(429, {}) if len(uploads) <= refused else await call(client, method, path, body)

    monkeypatch.setattr(fallback, "call", watched)
    account, eve = server.register("bot"), server.register("eve")
    mark = tmp_path / "bot" / "matrix" / fallback.MARK

    def older(seconds: float) -> None:
        os.utime(mark, (time.time() - seconds,) * 2)

    async with (
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
        Bot(server, account, tmp_path / "bot") as bot,
    ):
        room = await ada.direct(bot.id, encrypted=False)
        await ada.answered(room)
        older(6 * 86_400)
        await bot.settled(ada, await ada.says(room, "/help"))
        assert len(uploads) == 1
        # Nothing else happens while keys are taken, so the server is out of one-time keys and gives the last one.
        device, full = bot.raw().device_id, await left(server, bot)
        older(60)
        taken = [claimed(server, eve, account.id, device) for _ in range(full + 1)]
        assert taken[-1] in uploads[0].values()
        await bot.settled(ada, await ada.says(room, "/help"))
        assert len(uploads) == 1  # used, but too young: whoever took it may still be writing
        assert bot.raw().fallback_used
        older(fallback.KEPT + 1)
        refused = 2
        await bot.settled(ada, await ada.says(room, "/help"))
        await bot.settled(ada, await ada.says(room, "/help"))
        assert len(uploads) == 3
        assert uploads[0] != uploads[1] == uploads[2]  # refused at first, the same key comes again
        async with asyncio.timeout(10):
            while bot.raw().fallback_used:
                await bot.settled(ada, await ada.says(room, "/help"))
        older(fallback.LIVES + 1)
        await bot.settled(ada, await ada.says(room, "/help"))
        assert len(uploads) == 4
        assert uploads[3] != uploads[2]
