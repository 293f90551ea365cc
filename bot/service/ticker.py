"""What happens by itself: timers that are due, and the sweep that keeps no one's data longer than promised."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from bot.errors import Conflict, StoreError
from bot.service.ports import Store
from bot.service.turns import Turns

log = logging.getLogger("bot.ticker")

_LOOK_AGAIN = 30.0
"""Seconds after which timers are looked at even if none was due: a turn may have set a nearer one."""
_SWEEP_EVERY = 3600.0
_STEP_PAUSE = 0.05


class Ticker:
    """Fire timers and sweep until cancelled."""

    def __init__(self, turns: Turns, store: Store) -> None:
        self._turns = turns
        self._store = store

    async def run(self) -> None:
        """Do both, each at its own pace."""
        await asyncio.gather(self._timers(), self._sweeps())

    async def _timers(self) -> None:
        while True:
            wait = _LOOK_AGAIN
            try:
                fired = await self._turns.fire_due()
                due = await self._store.next_timer()
                if due is not None:
                    wait = min(wait, max(0.0 if fired else 1.0, (due - self._turns.clock()).total_seconds()))
            except Conflict:
                wait = 0.1  # the person wrote at the same moment; their turn comes first
            except StoreError as error:
                log.error("timers wait: %s", error)
            await asyncio.sleep(wait)

    async def _sweeps(self) -> None:
        while True:
            more = False
            with suppress(StoreError):
                more = (await self._store.sweep(self._turns.clock())).more
            await asyncio.sleep(_STEP_PAUSE if more else _SWEEP_EVERY)
