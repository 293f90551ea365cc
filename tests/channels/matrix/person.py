"""A person with a Matrix client of their own: real messages, real encryption, and everything they were shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

import nio
from nio.api import RoomPreset
from nio.client.async_client import AsyncClientConfig

from bot.channels.matrix.guards import GuardedClient
from tests.kit.synapse import Synapse, User

SECONDS = 20.0
FILTER = {"room": {"timeline": {"limit": 500}}}


class Person:
    """Use as `async with Person(server, user, folder) as ada:`; `seen` are the readable events of others, in order."""

    def __init__(self, server: Synapse, user: User, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        config = AsyncClientConfig(max_timeouts=0, max_limit_exceeded=20, store_sync_tokens=False)
        self.client = GuardedClient(server.url, user.id, store_path=str(folder), config=config)
        self.server = server
        self.user = user
        self.id = user.id
        self.seen: list[dict[str, Any]] = []
        self.unreadable: list[str] = []
        self.typed: dict[str, set[str]] = {}
        """Who was shown as writing in a room, ever."""
        self.receipts: set[tuple[str, str]] = set()
        """Rooms and events that somebody else marked as read."""
        self.read: dict[tuple[str, str], str] = {}
        """The last event somebody marked as read in a room."""
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._marks: dict[str, int] = {}
        self.synced = False

    async def __aenter__(self) -> Person:
        """Log in and begin to look."""
        await self.client.login(self.user.password)
        await self.client.keys_upload()
        self._task = asyncio.create_task(self._look())
        await self.until(lambda: self.synced)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Stop looking."""
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.client.close()  # type: ignore[no-untyped-call]  # nio leaves a few returns open
        if self.client.store is not None:
            self.client.store.database.close()

    async def _look(self) -> None:
        full = True
        while True:
            response = await self.client.sync(
                timeout=10_000, full_state=full, sync_filter={"room": {"timeline": {"limit": 500}}}
            )
            if not isinstance(response, nio.SyncResponse):
                await asyncio.sleep(0.1)
                continue
            full = False
            self.synced = True
            if self.client.should_upload_keys:
                await self.client.keys_upload()
            if self.client.should_query_keys:
                await self.client.keys_query()
            async with self._changed:
                for room, info in response.rooms.join.items():
                    for event in info.timeline.events:
                        self._saw(room, event)
                    for event in info.ephemeral:
                        self._noticed(room, event)
                self._changed.notify_all()

    def _saw(self, room: str, event: Any) -> None:
        source = dict(event.source, room_id=room, encrypted=bool(getattr(event, "decrypted", False)))
        if isinstance(event, nio.MegolmEvent):
            if event.sender != self.id:
                self.unreadable.append(event.event_id)
        elif source.get("sender") not in (None, self.id) and "content" in source:
            self.seen.append(source)

    def _noticed(self, room: str, event: Any) -> None:
        if isinstance(event, nio.TypingNoticeEvent):
            self.typed.setdefault(room, set()).update(event.users)
        elif isinstance(event, nio.ReceiptEvent):
            for one in event.receipts:
                if one.user_id != self.id:
                    self.receipts.add((room, one.event_id))
                    self.read[room, one.user_id] = one.event_id

    async def until(self, good: Callable[[], Any], seconds: float = SECONDS) -> Any:
        """Wait until something is true and give it."""
        end = time.monotonic() + seconds
        async with self._changed:
            while not (found := good()):
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(
                        f"not within {seconds} s; seen: {[one['content'].get('body') for one in self.seen][-6:]}"
                    )
                try:
                    async with asyncio.timeout(min(left, 1.0)):
                        await self._changed.wait()
                except TimeoutError:
                    pass
        return found

    # --- doing -----------------------------------------------------------------------------------------------------
    async def direct(self, bot: str, *, encrypted: bool) -> str:
        """Open a direct chat with the bot."""
        state = []
        if encrypted:
            content = {"algorithm": "m.megolm.v1.aes-sha2"}
            state.append({"type": "m.room.encryption", "state_key": "", "content": content})
        return await self.room([bot], state=state, is_direct=True)

    async def room(
        self,
        invite: list[str] | tuple[str, ...] = (),
        *,
        state: Any = (),
        public: bool = False,
        is_direct: bool = False,
    ) -> str:
        """Make a room and wait until this client knows it."""
        made = await self.client.room_create(
            invite=list(invite),
            is_direct=is_direct,
            initial_state=list(state),
            preset=RoomPreset.public_chat if public else RoomPreset.private_chat,
        )
        assert isinstance(made, nio.RoomCreateResponse), made
        await self.until(lambda: made.room_id in self.client.rooms)
        return made.room_id

    async def joins(self, room: str) -> None:
        """Join a room and wait until this client knows it."""
        joined = await self.client.join(room)
        assert isinstance(joined, nio.JoinResponse), joined
        await self.until(lambda: joined.room_id in self.client.rooms)

    async def sends(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        """Send any event and give its id."""
        sent = await self.client.room_send(room, kind, content, tx_id=uuid4().hex, ignore_unverified_devices=True)
        assert isinstance(sent, nio.RoomSendResponse), sent
        return sent.event_id

    async def says(self, room: str, text: str, *, thread: str = "", mention: str = "") -> str:
        """Write a message."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if thread:
            content["m.relates_to"] = {
                "rel_type": "m.thread", "event_id": thread, "is_falling_back": True,
                "m.in_reply_to": {"event_id": thread},
            }  # fmt: skip
        if mention:
            content["m.mentions"] = {"user_ids": [mention]}
        return await self.sends(room, content)

    async def reacts(self, room: str, event: str, key: str) -> str:
        """React to a message."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return await self.sends(room, {"m.relates_to": relation}, "m.reaction")

    def messages(self, room: str) -> list[dict[str, Any]]:
        """Give the messages of others in a room."""
        return [one for one in self.seen if one["type"] == "m.room.message" and one["room_id"] == room]

    async def answered(self, room: str, words: str = "", *, seconds: float = SECONDS) -> str:
        """Wait for new messages that are quiet for a moment (and hold these words); give their text together."""
        start = self._marks.get(room, 0)

        def fresh() -> list[dict[str, Any]]:
            return self.messages(room)[start:]

        def text() -> str:
            return "\n\n".join(str(one["content"].get("body", "")) for one in fresh())

        await self.until(lambda: fresh() and words in text(), seconds)
        count = -1
        while count != len(fresh()):
            count = len(fresh())
            await asyncio.sleep(0.25)
        self._marks[room] = start + count
        return text()
