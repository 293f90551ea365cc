"""What was missed is read back in little memory, however large the events are that somebody wrote meanwhile."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import nio
import pytest

from bot.channels.matrix import late, timelines

LARGE = 20_000


class Pages:
    """Be a client that is shown pages of large events."""

    user_id = "@bot:x"

    def __init__(self, kind: str) -> None:
        self.rooms: dict[str, Any] = {}
        self.page = 0
        self.kind = kind

    async def room_messages(self, room: str, **options: Any) -> Any:
        self.page += 1
        chunk = [self.event(self.page * 100 + number) for number in range(100)]
        return nio.RoomMessagesResponse.from_dict({"start": "x", "end": f"e{self.page}", "chunk": chunk}, room)

    def event(self, number: int) -> dict[str, Any]:
        large = f"{number} " + "x" * LARGE
        content = {"msgtype": "m.text", "body": "short", "more": large}
        if self.kind == "m.room.encrypted":
            content = {
                "algorithm": "m.megolm.v1.aes-sha2", "sender_key": "A" * 43, "device_id": "X", "session_id": "B" * 43,
                "ciphertext": large,
            }  # fmt: skip
        return {
            "type": self.kind, "event_id": f"${number}", "sender": "@eve:x", "origin_server_ts": 1, "content": content,
        }  # fmt: skip


@pytest.mark.parametrize("kind", ["m.room.message", "m.room.encrypted"])
async def test_n15_p01_large_events_that_were_missed_are_not_held_together(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "PAGES", 8)
    pages: Any = Pages(kind)
    reader = timelines.Timelines(pages, lambda: datetime.now(UTC))
    tracemalloc.start()
    try:
        found = await reader._page_back("!room:x", "s", "since", Counter())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found[0][0].event_id == "$899"
    assert len(found) == 800
    assert sum(ciphertext is not None for _, ciphertext in found) == (late.EACH if kind == "m.room.encrypted" else 0)
    assert peak < 4 * 100 * LARGE
