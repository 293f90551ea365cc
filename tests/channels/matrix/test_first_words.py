"""The bot and a person on a real homeserver: the first words, in clear and encrypted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse


@pytest.mark.parametrize("encrypted", [False, True])
async def test_an_invited_bot_joins_greets_and_answers(server: Synapse, tmp_path: Path, encrypted: bool) -> None:
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
    ):
        room = await ada.direct(bot.id, encrypted=encrypted)
        greeting = await ada.answered(room)
        assert "1. " in greeting
        await ada.says(room, "1")
        assert await ada.answered(room)
        assert ada.unreadable == []
        assert all(one["encrypted"] == encrypted for one in ada.messages(room))
