"""Read the timelines a sync shows, and page back what they left out."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import nio
import orjson
from nio.api import MessageDirection

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import answer_of
from bot.channels.matrix.inbound import Item, Locked, Membership, read
from bot.channels.matrix.late import EACH
from bot.channels.matrix.rooms import CHANNEL
from bot.errors import TryLater
from bot.service.records import Undecrypted

log = logging.getLogger("bot.matrix")

PAGES, PAGE = 50, 100
"""Pages, and events on each, read back in one room; more is a room we were away from for very long, and is said."""
_AFTER_GAP = timedelta(minutes=15)


class Timelines:
    """Turn room events into items, and those that cannot be read into ciphertexts to keep."""

    def __init__(self, client: GuardedClient, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._clock = clock

    async def read(
        self, room: str, timeline: Any, since: str | None, *, lately: bool = False
    ) -> tuple[list[Item], list[Undecrypted]]:
        """Read a timeline with what it left out; `lately` takes only what was written within the last minutes."""
        kept: Counter[str] = Counter()
        found = self._read(room, timeline.events, kept)
        if timeline.limited and since and timeline.prev_batch:
            found = [*await self._page_back(room, timeline.prev_batch, since, kept), *found]
        me = self._client.user_id
        oldest = self._clock() - _AFTER_GAP
        items: list[Item] = []
        locked: list[Undecrypted] = []
        for item, ciphertext in found:
            if lately and item.at < oldest:
                continue
            if isinstance(item, Membership) and item.person == me:
                # What was said before we were invited was not said to us; what came since then was.
                if item.now == "invite" or (item.now == "join" and item.before not in ("join", "invite")):
                    items, locked = [], []
                continue
            items.append(item)
            if ciphertext is not None:
                locked.append(ciphertext)
        return items, locked

    def _read(self, room: str, events: Iterable[Any], kept: Counter[str]) -> list[tuple[Item, Undecrypted | None]]:
        """Read events, each with the ciphertext it is; of one sender no more of those are held than will be kept."""
        name = self.name(room)
        found: list[tuple[Item, Undecrypted | None]] = []
        for event in events:
            source = getattr(event, "source", None)
            item = read(room, source, self._client.user_id, name, decrypted=bool(getattr(event, "decrypted", False)))
            if item is None:
                continue
            ciphertext = None
            if isinstance(item, Locked):
                kept[item.sender] += 1
                if kept[item.sender] <= EACH:
                    try:
                        # A copy, because orjson gives its buffer back many times as large as what stands in it.
                        data = memoryview(orjson.dumps(source)).tobytes()
                    except orjson.JSONEncodeError:
                        # Lone surrogates or endless nesting: no client writes that, and no key would ever open it.
                        log.warning("an encrypted event that cannot be kept was ignored")
                        continue
                    ciphertext = Undecrypted(CHANNEL, item.event_id, room, data, self._clock())
            found.append((item, ciphertext))
        return found

    async def _page_back(
        self, room: str, start: str, since: str, kept: Counter[str]
    ) -> list[tuple[Item, Undecrypted | None]]:
        """Read what a limited timeline left out, oldest first; a page is let go of before the next one comes."""
        found: list[tuple[Item, Undecrypted | None]] = []
        for _ in range(PAGES):
            response = await self._client.room_messages(
                room, start=start, end=since, direction=MessageDirection.back, limit=PAGE
            )
            if not isinstance(response, nio.RoomMessagesResponse):
                answer = await answer_of(response)
                if 400 <= answer.status < 500 and answer.status != 429:
                    # Not ours to read, or no longer there: waiting would not help, and would stop everybody.
                    code = answer.code or answer.status
                    log.warning("what was missed in a room cannot be read back (%s); it is left out", code)
                    break
                raise TryLater(f"the homeserver did not show what was missed ({answer.code})", answer.asked_wait or 1.0)
            found += self._read(room, response.chunk, kept)
            if not response.chunk or not response.end or response.end == start:
                break
            start = response.end
        else:
            log.warning("a room has more than %d events that were missed; the oldest are left out", PAGES * PAGE)
        found.reverse()
        return found

    def name(self, room: str) -> str:
        """Give our display name in a room, empty where it is not known."""
        known = self._client.rooms.get(room)
        name = known.user_name(self._client.user_id) if known is not None else None
        return name or ""
