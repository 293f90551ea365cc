"""More invitations than may wait at once are all taken, some after the others, without a start in between."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from bot.channels.matrix import invitations
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse


async def test_n18_invitations_there_is_no_room_for_are_taken_when_others_are(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "INVITES", 2)
    monkeypatch.setattr(invitations, "AGAIN", 0.3)
    asked: list[int] = []
    ask = invitations.Invitations.ask

    async def asks(self: invitations.Invitations, now: datetime) -> float | None:
        waiting = len(self._memory.named("invite"))
        again = await ask(self, now)
        if again is None:
            asked.append(waiting)
        return again

    monkeypatch.setattr(invitations.Invitations, "ask", asks)
    account = server.register("bot")
    async with Person(server, server.register("ada"), tmp_path / "ada") as ada:
        # Nobody is left in this one: it cannot be joined, and the server shows the invitation for ever.
        empty = await ada.direct(account.id, encrypted=False)
        await ada.client.room_leave(empty)
        rooms = [await ada.direct(account.id, encrypted=False) for _ in range(5)]
        async with Bot(server, account, tmp_path / "bot") as bot:
            await ada.until(lambda: all(len(ada.messages(room)) == 2 for room in rooms), 20.0)
            await asyncio.sleep(0.7)
            assert bot.matrix.memory.named("invite") == {}
            assert bot.matrix.memory.get(invitations.MORE) is None
            assert empty not in bot.raw().rooms
        assert 2 <= len(asked) <= 5
        assert all(waiting <= 1 for waiting in asked)


@pytest.mark.parametrize(
    "event",
    [
        None, 7, "x", [], {}, {"type": "m.room.member"}, {"type": "m.room.member", "state_key": "@bot:x", "content": 7},
        {"type": "m.room.member", "state_key": "@bot:x", "content": {"membership": "invite"}, "sender": 7},
        {"type": "m.room.member", "state_key": "@ada:x", "content": {"membership": "invite"}, "sender": "@ada:x"},
        {"type": "m.room.member", "state_key": "@bot:x", "content": {"membership": "join"}, "sender": "@ada:x"},
    ],
)  # fmt: skip
def test_what_is_no_invitation_of_us_is_none(event: object) -> None:
    assert invitations.invitation([event], "@bot:x") is None
