"""The Matrix channel as a whole: open the account, sync, hand over what happened with the position, send.

The loop is ours. matrix-nio's moves its token before anything is handled; here the token is committed in the same
transaction as the turns it covers, so a crash at any instant only means that the same sync is read again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import nio

from bot.channels.matrix.crypto import maintain, make_client, open_store, prepare, refresh_members
from bot.channels.matrix.errands import Errands
from bot.channels.matrix.files import Lock, make_folder
from bot.channels.matrix.http import NETWORK_ERRORS
from bot.channels.matrix.intake import Intake
from bot.channels.matrix.login import Account, Credentials, obtain
from bot.channels.matrix.rooms import CHANNEL, Memory
from bot.channels.matrix.seeds import Seeds
from bot.channels.matrix.sending import Outgoing
from bot.errors import SettingsError, StoreError, TryLater
from bot.service.health import ChannelHealth
from bot.service.ports import Store
from bot.service.turns import Turns

log = logging.getLogger("bot.matrix")

CREDENTIALS = "credentials.json"
FILTER = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {
        "timeline": {"limit": 100},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
}
_LONG_POLL = 25_000
_FIRST_SECONDS = 300.0
_START_PATIENCE = 60.0


class Matrix:
    """Be one Matrix account. `open`, then `run` until `stop`, then `close`."""

    channel = CHANNEL

    def __init__(
        self,
        account: Account,
        turns: Turns,
        store: Store,
        folder: Path,
        pickle_key: bytes,
        health: ChannelHealth,
        *,
        allow: Sequence[str] = (),
        rooms: Sequence[str] = (),
    ) -> None:
        self._account = account
        self._turns = turns
        self._store = store
        self._folder = folder
        self._health = health
        self._allow = tuple(allow)
        self._rooms = tuple(rooms)
        self._lock: Lock | None = None
        self._ending = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._since: str | None = None
        self._full = True
        self.client = make_client(account, folder, pickle_key)
        self.up = asyncio.Event()
        """Set after the first sync: messages are read and can be sent."""

    async def open(self) -> None:
        """Log in, open the keys, sign the device; waits where time heals.

        Raises `SettingsError` or `StoreError` with one sentence where only the operator can help.
        """
        make_folder(self._folder)
        self._lock = Lock(self._folder / "lock")
        pause = 1.0
        while True:
            try:
                credentials = await self._login()
                await open_store(self.client, credentials, self._folder)
                await prepare(self.client, self._account, self._folder)
                break
            except TryLater as error:
                self._health.deaf(str(error))
                wait = max(pause, error.after)
            except NETWORK_ERRORS as error:
                self._health.deaf(f"{self._account.homeserver} cannot be reached ({type(error).__name__})")
                wait = pause
            await self._sleep(min(wait, _START_PATIENCE))
            if self._ending.is_set():
                return
            pause = min(_START_PATIENCE, pause * 2)
        self.memory = Memory(await self._store.notes(CHANNEL))
        self.outgoing = Outgoing(self.client, self._store, self._turns, self.memory)
        self.intake = Intake(
            self.client, self._store, self._turns, self.memory, self.outgoing, self._health, self._allow
        )
        self.errands = Errands(self.client, self._store, self.memory, self.outgoing, self.intake.take_own, self._rooms)
        self.seeds = Seeds(self.outgoing, self._store, self.client)
        self.outgoing.asked = self.seeds.asked
        self.intake.heard = self.seeds.cancel
        self.intake.errands = self.errands.wake
        self._since = await self._store.position(CHANNEL)

    async def run(self) -> None:
        """Receive until stopped; raises `SettingsError` when the session ended for good, nothing else."""
        self._tasks = [
            asyncio.create_task(self.errands.run()),
            asyncio.create_task(self.intake.watch_locked()),
        ]
        pause = 0.0
        try:
            while not self._ending.is_set():
                try:
                    await self._round()
                    pause = 0.0
                    continue
                except TryLater as error:
                    self._health.deaf(str(error))
                    wait = error.after
                except SettingsError:
                    raise
                except StoreError as error:
                    self._health.deaf(str(error))
                    wait = 1.0
                except NETWORK_ERRORS as error:
                    self._health.deaf(f"the homeserver cannot be reached ({type(error).__name__})")
                    wait = 0.0
                except asyncio.CancelledError:
                    raise
                except Exception as error:
                    # Whatever a server or a stranger made of this sync, the bot goes on; the text may quote somebody.
                    log.error("a sync could not be read: %s", type(error).__name__)
                    wait = 5.0
                pause = min(60.0, max(1.0, pause * 2))
                await self._sleep(max(wait, pause))
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self.seeds.stop()

    async def stop(self) -> None:
        """End `run` soon; what was received is handled."""
        self._ending.set()
        if self._polling is not None:
            self._polling.cancel()

    async def close(self) -> None:
        """Close connections and let go of the device."""
        self._ending.set()
        with suppress(Exception):
            await self.client.close()  # type: ignore[no-untyped-call]
        store = getattr(self.client.store, "database", None)
        if store is not None:
            with suppress(Exception):
                store.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    _polling: asyncio.Task[Any] | None = None

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ending.wait()

    async def _login(self) -> Credentials:
        return await obtain(self.client, self._account, self._folder / CREDENTIALS)

    async def _round(self) -> None:
        """Read one sync and commit it."""
        full, since = self._full, self._since
        # The library would skip a response whose token it knows, and use its own token where we give none.
        self.client.next_batch = "" if full else since or ""
        self._polling = asyncio.create_task(self._sync(full, since))
        try:
            response = await self._polling
        except asyncio.CancelledError:
            if self._ending.is_set():
                return
            raise
        finally:
            self._polling = None
        if not isinstance(response, nio.SyncResponse):
            await self._not_synced(response)
            return
        self._turns.faults.reached("after_fetch")
        if full:
            refresh_members(self.client)
        await maintain(self.client, response)
        await self.intake.take(response, since, full=full)
        self._since = response.next_batch
        self._full = False
        self.up.set()
        self._health.up = True

    async def _sync(self, full: bool, since: str | None) -> Any:
        async with asyncio.timeout(_FIRST_SECONDS if full else _LONG_POLL / 1000 + 30):
            return await self.client.sync(
                timeout=0 if full else _LONG_POLL, since=since, full_state=full, sync_filter=FILTER
            )

    async def _not_synced(self, response: Any) -> None:
        """Sort an error of sync by its code: log in again, begin anew, or wait."""
        code = str(getattr(response, "status_code", "") or "")
        status = getattr(getattr(response, "transport_response", None), "status", 0)
        if code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"):
            credentials = await self._login()  # raises SettingsError where the session ended for good
            self.client.access_token = credentials.access_token
            return
        if status == 400 and self._since is not None:
            log.warning("the homeserver no longer knows where we were; what was written meanwhile may be missing")
            self._since, self._full = None, True
            self.intake.gap = True
            return
        wait = getattr(response, "retry_after_ms", None)
        seconds = float(wait) / 1000 if isinstance(wait, (int, float)) and 0 < wait < 86_400_000 else 0.0
        raise TryLater(f"the homeserver cannot sync now ({code or status})", seconds)
