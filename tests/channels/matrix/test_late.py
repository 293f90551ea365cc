"""What could not be read when the bot went down is not forgotten when it comes up again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreError
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.late import late_message
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse

BROKEN = {
    "algorithm": "m.megolm.v1.aes-sha2", "sender_key": "A" * 43, "device_id": "GONE", "session_id": "B" * 43,
    "ciphertext": "AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg",
}  # fmt: skip


async def test_s01_what_waits_for_its_key_is_read_or_told_also_when_the_bot_went_down_in_between(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.matrix.late.EACH", 3)
    account = server.register("bot")
    async with Person(server, server.register("ada"), tmp_path / "ada") as ada:
        async with Bot(server, account, tmp_path / "bot") as bot:
            room = await ada.direct(bot.id, encrypted=True)
            await ada.answered(room)
            late = bot.matrix.intake.late
            inner = late.unlock
            failed = asyncio.Event()

            async def unlock(*arguments: Any) -> tuple[list[Any], list[str]]:
                found = await inner(*arguments)
                if found[1] or failed.is_set():
                    failed.set()
                    raise StoreError("The disk is full.")
                return found

            monkeypatch.setattr(late, "unlock", unlock)
            # Its key comes with a sync that cannot be committed, and is opened only once.
            opened = await late_message(server, ada, bot, room, "Germany")
            async with asyncio.timeout(10):
                await failed.wait()
        monkeypatch.undo()
        monkeypatch.setattr("bot.channels.matrix.late.EACH", 3)
        async with Bot(server, account, tmp_path / "bot") as bot:
            await bot.settled(ada, opened)
            assert "Who is it for?" in str(ada.messages(room)[-1]["content"]["body"])
            for number in range(5):
                path = f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/{number}"
                server.call("PUT", path, BROKEN, ada.client.access_token)
            await bot.settled(ada, await ada.says(room, "/status"))
            # Nobody's broken messages crowd out those of others.
            assert (await bot.store.counts()).undecrypted == 3
        monkeypatch.setattr("bot.channels.matrix.late.TELL_AFTER", 0.1)
        async with Bot(server, account, tmp_path / "bot"):
            await ada.answered(room, "send it again")
