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
from bot.channels.matrix.fallback import FallbackKey
from bot.channels.matrix.files import Lock, make_folder
from bot.channels.matrix.http import NETWORK_ERRORS, answer_of
from bot.channels.matrix.intake import Intake
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.login import Account, Credentials, obtain
from bot.channels.matrix.rooms import CHANNEL, Memory
from bot.channels.matrix.seeds import Seeds
from bot.channels.matrix.sending import Outgoing
from bot.errors import BotError, SettingsError, StoreError, TryLater
from bot.service.health import Health
from bot.service.outbox import Sender
from bot.service.ports import Store
from bot.service.turns import Turns

log = logging.getLogger("bot.matrix")

CREDENTIALS = "credentials.json"
FILTER: dict[str, Any] = {
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


class MatrixChannel:
    """Be one Matrix account. `start` it, `stop` it at the end; `failed` ends when only the operator can help."""

    def __init__(
        self,
        account: Account,
        turns: Turns,
        store: Store,
        folder: Path,
        pickle_key: bytes,
        health: Health,
        *,
        allow: Sequence[str] = (),
        rooms: Sequence[str] = (),
    ) -> None:
        self._account = account
        self._turns = turns
        self._store = store
        self._folder = folder
        self._health = health.channel(CHANNEL)
        self._lock: Lock | None = None
        self._ending = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._receiving: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[None] | None = None
        self._polling: asyncio.Task[Any] | None = None
        self._since: str | None = None
        self._full = True
        self._logged_out = False
        self._up = asyncio.Event()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Gets what ended the channel while it was running: only the operator can help, or we made a mistake."""
        self.client = make_client(account, folder, pickle_key)
        self.client.refused = self._refused
        self._fallback = FallbackKey(self.client, folder)
        self.memory = Memory({})
        self.outgoing = Outgoing(self.client, store, turns, self.memory)
        self.sender = Sender(self.outgoing, store, turns, self._health)
        invitations = Invitations(self.client, self.memory, tuple(allow))
        self.intake = Intake(self.client, store, turns, self.memory, self.outgoing, self._health, invitations)
        self.errands = Errands(
            self.client, store, self.memory, self.outgoing, self.intake.take_own, invitations, tuple(rooms)
        )
        self.seeds = Seeds(self.outgoing, self.client, self.memory)
        self.outgoing.asked = self.seeds.asked
        self.intake.heard = self.seeds.cancel
        self.intake.errands = self.errands.wake

    async def start(self) -> None:
        """Come up: log in, open the keys, sign the device, read the first sync; waits where time heals.

        Raises `SettingsError` or `StoreError` with one sentence where only the operator can help.
        """
        make_folder(self._folder)
        self._lock = Lock(self._folder / "lock")
        await self._open()
        self.memory.load(await self._store.notes(CHANNEL))
        self._since = await self._store.position(CHANNEL)
        self._receiving = asyncio.create_task(self._receive())
        up = asyncio.create_task(self._up.wait())
        await asyncio.wait((up, self._receiving), return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._receiving.done():
            self._receiving.result()
            return
        self._sending = asyncio.create_task(self.sender.run())
        self._tasks = [
            asyncio.create_task(self.errands.run()),
            asyncio.create_task(self.intake.late.tell(self.intake.take_own)),
            asyncio.create_task(self.intake.tidy.run()),
        ]
        for task in (self._receiving, self._sending, *self._tasks):
            task.add_done_callback(self._ended)
        self._health.up = True

    async def stop(self, seconds: float = 10.0) -> None:
        """Receive nothing more, finish what is being sent, close the connections, let go of the device."""
        self._health.up = False
        self._ending.set()
        self.seeds.stop()
        if self._polling is not None:
            self._polling.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._receiving is not None:
            await asyncio.wait((self._receiving,), timeout=seconds / 2)
            self._receiving.cancel()
            await asyncio.gather(self._receiving, return_exceptions=True)
        await self.intake.finish()
        await self.sender.stop(seconds)
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        if not self.failed.done():
            self.failed.cancel()
        with suppress(Exception):
            await self.client.close()  # type: ignore[no-untyped-call]  # nio leaves a few returns open
        database = getattr(self.client.store, "database", None)
        if database is not None:
            database.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self.failed.done():
            self._health.up = False
            if not isinstance(error, BotError):
                log.critical("a part of the Matrix channel ended: %s", type(error).__name__)
            self.failed.set_exception(error)

    async def _open(self) -> None:
        pause = 1.0
        while not self._ending.is_set():
            try:
                credentials = await self._login()
                await open_store(self.client, credentials, self._folder)
                await prepare(self.client, self._account, self._folder, self._fallback)
                return
            except TryLater as error:
                self._health.deaf(str(error))
                wait = max(pause, error.after)
            except NETWORK_ERRORS as error:
                self._health.deaf(f"{self._account.homeserver} cannot be reached ({type(error).__name__})")
                wait = pause
            await self._sleep(min(wait, _START_PATIENCE))
            pause = min(_START_PATIENCE, pause * 2)

    async def _receive(self) -> None:
        """Receive until stopped; raises `SettingsError` when the session ended for good, nothing else."""
        pause = 0.0
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
                self._health.deaf(f"what the homeserver shows cannot be read ({type(error).__name__})")
                wait = 5.0
            pause = min(60.0, max(1.0, pause * 2))
            await self._sleep(max(wait, pause))

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ending.wait()

    async def _login(self) -> Credentials:
        return await obtain(self.client, self._account, self._folder / CREDENTIALS)

    def _refused(self) -> None:
        """Look at once whether the session ended: whatever is sent meanwhile is refused."""
        self._logged_out = True
        if self._polling is not None:
            self._polling.cancel()

    async def _round(self) -> None:
        """Read one sync and commit it."""
        renewed = self._logged_out or not self.client.access_token
        if renewed:  # the library drops the token of a soft logout
            credentials = await self._login()  # raises SettingsError where the session ended for good
            self.client.access_token = credentials.access_token
            self._logged_out = False
        full, since = self._full, self._since
        # The library would skip a response whose token it knows, and use its own token where we give none.
        self.client.next_batch = "" if full else since or ""
        self._polling = asyncio.create_task(self._sync(full, since))
        try:
            response = await self._polling
        except asyncio.CancelledError:
            if self._logged_out and renewed and not self._ending.is_set():
                # It says that it knows the session, and refuses it: asking at once again would storm it.
                raise TryLater("the homeserver refuses a session that it knows", 0.0) from None
            if self._ending.is_set() or self._logged_out:
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
        await maintain(self.client, response, self._fallback)
        await self.intake.take(response, since, full=full)
        self._since = response.next_batch
        self._full = False
        self._up.set()

    async def _sync(self, full: bool, since: str | None) -> Any:
        async with asyncio.timeout(_FIRST_SECONDS if full else _LONG_POLL / 1000 + 30):
            return await self.client.sync(
                timeout=0 if full else _LONG_POLL, since=since, full_state=full, sync_filter=FILTER
            )

    async def _not_synced(self, response: Any) -> None:
        """Sort an error of sync by its code: begin anew, or wait."""
        answer = await answer_of(response)
        if answer.status == 400 and self._since is not None:
            log.warning("the homeserver no longer knows where we were; what was written meanwhile may be missing")
            self._since, self._full = None, True
            self.intake.gap = True
            return
        raise TryLater(f"the homeserver cannot sync now ({answer.code or answer.status})", answer.asked_wait or 0.0)
