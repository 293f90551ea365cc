"""Fetch updates for as long as the bot runs, whatever the network or an update does.

The offset that is asked for is the one that was committed with the turns before it, so what was not committed comes
again. It is kept with the time of the last update: after a week without any, Telegram may begin counting anew and
lower, so after six days nothing is taken for granted and everything unconfirmed is asked for.

Telegram keeps an update for 24 hours (core.telegram.org/bots/api#getting-updates). After a longer outage, of the
network or of this machine, nobody can say what is gone; so the operator is told that something may be.
"""

from __future__ import annotations

import logging
import random
import re
from asyncio import sleep
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram.client import POLL_SECONDS, ApiError, Client, NoAnswer
from bot.channels.telegram.inbound import ALLOWED
from bot.channels.telegram.intake import CHANNEL, Intake
from bot.channels.telegram.raw import number
from bot.channels.telegram.transport import read_json
from bot.errors import StoreError
from bot.service.health import ChannelHealth
from bot.service.turns import Turns

log = logging.getLogger("bot.telegram")

MOST = 100
_FORGETS_AFTER = 6 * 86_400
_KEPT_FOR = 86_400.0
_MARKED_EVERY = 3_600.0
"""Seconds between two notes that nobody wrote but all was well: a quiet day is no outage."""
_LONGEST = 60.0
_LONGEST_REFUSED = 300.0
_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')


class Poller:
    """Poll until cancelled."""

    def __init__(
        self, client: Client, intake: Intake, turns: Turns, health: ChannelHealth, wait: int = POLL_SECONDS
    ) -> None:
        self._client = client
        self._intake = intake
        self._turns = turns
        self._health = health
        self._wait = wait
        self._offset: int | None = None
        self._at = 0.0
        self._well_at = 0.0
        self._marked_at = 0.0
        self._trouble = 0
        self._limit = MOST

    async def run(self) -> None:
        """Fetch, commit, confirm, for ever."""
        await self._resume()
        while True:
            try:
                await self._once()
                self._trouble = 0
            except ApiError as error:
                await self._refused(error)
            except NoAnswer as error:
                await self._rest(str(error), _LONGEST)
            except StoreError as error:
                await self._rest(str(error), 30.0)

    async def _resume(self) -> None:
        """Read where the last process stopped; the store may be busy for a moment."""
        stored: str | None = None
        asked = False
        while not asked:
            try:
                stored, asked = await self._turns.store.position(CHANNEL), True
            except StoreError as error:
                await self._rest(str(error), 30.0)
        parts = (stored or "").split()
        if parts and parts[0].isdigit():
            self._offset = int(parts[0])
            self._at = float(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0.0
            self._well_at = float(parts[2]) if len(parts) > 2 and parts[2].isdigit() else self._at
            self._marked_at = self._well_at

    async def _once(self) -> None:
        now = self._turns.clock().timestamp()
        offset = self._offset if now - self._at < _FORGETS_AFTER else None
        # After trouble only a quick look, so that the health page knows soon that all is well again.
        wait = 0 if self._trouble else self._wait
        payload = await self._client.updates(offset, ALLOWED, self._limit, wait)
        updates = _updates(payload)
        if updates is None:
            await self._garbled(payload)
            return
        self._health.heard()
        if not updates:
            await self._quiet()
            return
        self._limit = MOST
        known = [one for one in (number(raw, "update_id") for raw in updates) if one is not None]
        if not known:
            raise NoAnswer("Telegram's updates have no ids")
        await self._commit(updates, max(known) + 1)

    async def _commit(self, updates: list[Any], offset: int) -> None:
        now = int(self._turns.clock().timestamp())
        await self._intake.take(updates, f"{offset} {now}")
        self._offset, self._at = offset, float(now)
        self._well(float(now))
        self._marked_at = float(now)

    async def _quiet(self) -> None:
        """Note that all is well although nobody wrote; now and then also in the store, for the next process."""
        now = self._turns.clock().timestamp()
        self._well(now)
        if self._offset is not None and not 0 <= now - self._marked_at < _MARKED_EVERY:
            position = f"{self._offset} {int(self._at)} {int(now)}"
            await self._turns.take(CHANNEL, (), position=position)
            self._marked_at = now

    def _well(self, now: float) -> None:
        """Note that everything that waits is committed, and tell of a time too long for Telegram to remember."""
        if self._well_at and now - self._well_at > _KEPT_FOR:
            self._health.missed(
                datetime.fromtimestamp(self._well_at, UTC), datetime.fromtimestamp(now - _KEPT_FOR, UTC)
            )
        self._well_at = now

    async def _garbled(self, payload: bytes) -> None:
        """Find the one update that makes an answer unreadable: ask for single ones, set aside what still is none."""
        found = _UPDATE_ID.search(payload)
        if found is None or not payload.lstrip().startswith(b"{"):
            raise NoAnswer("Telegram's answer is no answer of a Bot API server")
        if self._limit > 1:
            self._limit = 1
            return
        update, now = int(found[1]), int(self._turns.clock().timestamp())
        await self._intake.set_aside(update, "no JSON", f"{update + 1} {now}")
        self._offset, self._at, self._limit = update + 1, float(now), MOST

    async def _refused(self, error: ApiError) -> None:
        if error.code == 429:
            given = error.parameters.get("retry_after")
            self._trouble += 1
            seconds = float(given) if isinstance(given, (int, float)) and 0 < given < 3600 else 5.0
            self._health.deaf("Telegram asks us to wait before asking for updates again")
            await sleep(seconds + 0.5)
            return
        why = {
            401: "Telegram does not know the token any more; was it revoked? Give the new one and start again",
            404: "Telegram does not know the token, or the API address is wrong",
            409: "another program fetches this bot's updates, or a webhook is set: run only one",
        }.get(error.code, str(error))
        await self._rest(why, _LONGEST_REFUSED if error.code in {401, 404} else _LONGEST)

    async def _rest(self, why: str, longest: float) -> None:
        """Wait longer each time, never less than half a second: a broken server is not asked in a hurry."""
        self._trouble += 1
        self._health.deaf(why)
        await sleep(min(longest, 0.5 * 2 ** min(self._trouble, 12)) * (0.75 + 0.5 * random.random()))  # noqa: S311


def _updates(payload: bytes) -> list[Any] | None:
    """Read an answer to getUpdates; None when it is none."""
    try:
        answer = read_json(payload)
    except ValueError:
        return None
    if not isinstance(answer, dict) or answer.get("ok") is not True or not isinstance(answer.get("result"), list):
        return None
    return list(answer["result"])
