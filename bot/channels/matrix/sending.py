"""Send one message to Matrix, under a transaction id that makes a repetition the same message."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import nio

from bot.channels.matrix.crypto import check_can_send
from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import NETWORK_ERRORS, answer_of
from bot.channels.matrix.inbound import PRIVATE
from bot.channels.matrix.outbound import Address, contents, file_content
from bot.channels.matrix.rooms import CHANNEL, Memory
from bot.channels.matrix.shares import Shares
from bot.errors import Closed, Down, RefusedForGood, TryLater
from bot.service.outbox import Rate
from bot.service.ports import Store
from bot.service.records import Batch, OutboxRow
from bot.service.turns import Turns
from bot.texts.tree import Message, Paragraph, RenderedFile, Run

log = logging.getLogger("bot.matrix")

_SECONDS = 60.0
_SYNC_SECONDS = 10.0
_GONE = frozenset({"M_FORBIDDEN", "M_NOT_FOUND"})
_OWN = 5000
_SIGN = "💬"
"""What a thread begins with where the one somebody wrote in cannot be answered in; it needs no language."""
_ROOTLESS = 1000


class Outgoing:
    """Be the side of Matrix that sends: a `bot.service.outbox.Network`."""

    channel = CHANNEL
    notices: Rate | None = Rate(5, 0.1)
    """Reminders leave most of the server's default allowance (0.2 a second) to people who are waiting."""

    def __init__(self, client: GuardedClient, store: Store, turns: Turns, memory: Memory) -> None:
        self._client = client
        self._store = store
        self._turns = turns
        self._memory = memory
        self._shares = Shares(client)
        self._pause_until = 0.0
        self.expected: dict[str, str] = {}
        """Rooms that were joined but not shown by a sync yet, and who has to be in there, empty where it is nobody."""
        self.synced = asyncio.Event()
        """Set when a sync was read."""
        self.asked: Callable[[OutboxRow, Address, Message, str], None] = lambda row, address, message, event: None
        """Called when a question was sent, for the reactions under it."""
        self.own: dict[str, str] = {}
        """Our last messages in rooms, to recognise replies to them."""
        self._rootless: dict[str, str] = {}
        """Threads the server took nothing under, as their root is not there or refers to another event itself; and the
        message that begins one instead, empty in a direct chat, which needs none."""

    @property
    def paused(self) -> float:
        """Seconds the homeserver wants nothing from us."""
        return max(0.0, self._pause_until - _now())

    def lane(self, row: OutboxRow) -> tuple[str, Rate | None]:
        """Give no rate of our own: the server's differ, and it says how long to wait."""
        return "", None

    async def send(self, row: OutboxRow, message: Message) -> str:
        """Send a message; gives the id of the event that carries its choices, of an edit that of the edited event."""
        try:
            address = Address.from_bytes(row.address)
        except ValueError:
            raise RefusedForGood("the address cannot be read") from None
        room = await self._room(address)
        edits = ""
        if message.replaces_last:
            last = await self._store.last_receipt(row.key)
            edits = last.receipt if last is not None else ""
            if not message.body and not message.choices:
                return ""
        if address.pending:
            address = _under(address, self._memory.root(address.pending))
        if not address.direct and row.position % 100 == 0 and await self._store.last_receipt(row.key) is None:
            message = self._with_way_out(message)
        quiet = not address.direct and row.kind == "answer"
        sent = ""
        position = 0
        for content in contents(message, address, quiet=quiet, edits=edits):
            if address.pending and not address.thread:
                sent = await self.event(room, "m.room.message", content, f"{row.transaction}.{position}")
                await self._begin_thread(address.pending, sent)
                address = _under(address, sent)
            else:
                if address.thread and "m.relates_to" not in content:
                    content |= _relation(address)
                sent = await self.event(room, "m.room.message", content, f"{row.transaction}.{position}")
            position += 1
        for file in message.files:
            content = file_content(file, address, await self._upload(room, file))
            sent = await self.event(room, "m.room.message", content, f"{row.transaction}.{position}")
            position += 1
        if edits and position == 1:
            sent = edits
        if message.choices:
            self.asked(row, address, message, sent)
        return sent

    def _with_way_out(self, message: Message) -> Message:
        """Say under the first words in a room how to go on in private."""
        words = f"{PRIVATE} {self.phrase(message.language, 'private')}"
        return replace(message, body=(*message.body, Paragraph((Run(words),))))

    def phrase(self, language: str, name: str) -> str:
        """Give one of the bot's own phrases."""
        library = self._turns.library
        return library.words(language, library.current().phrases[name])

    async def event(self, room: nio.MatrixRoom, kind: str, content: dict[str, Any], transaction: str) -> str:
        """Send one event and give its id, outside of a thread that the server does not take; raises as `send` does."""
        thread = _thread(content)
        if thread in self._rootless:
            content, thread = _instead(content, self._rootless[thread]), ""
        if self.paused:
            raise TryLater("the homeserver wants a pause", self.paused)
        check_can_send(self._client, room)
        try:
            async with asyncio.timeout(_SECONDS):
                await self._shares.ready(room)
                response = await self._client.room_send(
                    room.room_id, kind, content, tx_id=transaction, ignore_unverified_devices=True
                )
        except NETWORK_ERRORS as error:
            raise Down(f"the homeserver did not answer ({type(error).__name__})", 0.0) from error
        except (nio.LocalProtocolError, nio.EncryptionError) as error:
            # Logged out meanwhile, or members and keys not there yet: the sync loop sees to both.
            raise TryLater(f"the room is not ready ({type(error).__name__})", 1.0) from error
        if isinstance(response, nio.RoomSendResponse):
            _keep(self.own, response.event_id, _OWN)
            return response.event_id
        if thread and getattr(response.transport_response, "status", 0) == 400:
            # Servers say in words only that it was the thread, so whatever is malformed is tried without it.
            root = ""
            if not self._memory.direct(room.room_id):
                # What is answered is nobody's business in the open room: a sign begins a thread, all else stands below.
                sign = {"msgtype": "m.text", "body": _SIGN} | {
                    name: value for name, value in content.items() if name == "m.mentions"
                }
                root = await self.event(room, "m.room.message", sign, f"{transaction}.r")
                await self._begin_thread(thread, root)
            sent = await self.event(room, kind, _instead(content, root), f"{transaction}.o")
            _keep(self._rootless, thread, _ROOTLESS, root)
            return sent
        raise await self._verdict(response, room)

    async def _room(self, address: Address) -> nio.MatrixRoom:
        end = _now() + _SYNC_SECONDS
        while self.awaits(address.room) and _now() < end:
            self.synced.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(end - _now()):
                    await self.synced.wait()
        if address.room in self.expected:
            raise TryLater("the room is not synced yet", 1.0)
        room: nio.MatrixRoom | None = self._client.rooms.get(address.room)
        if room is None:
            raise Closed("the bot is not in the room")
        if address.direct and len(room.users) > 2:
            raise RefusedForGood("somebody else came into the direct chat")
        return room

    def awaits(self, room_id: str) -> bool:
        """Tell whether a sync still has to show a room before anything may be sent there.

        A sync that was under way while we made a room shows the beginning of it: not encrypted yet, and nobody in it.
        What was sent then would be sent in clear, or in a way that the person we made it for could never read.
        """
        person = self.expected.get(room_id)
        if person is None:
            return False
        room = self._client.rooms.get(room_id)
        if room is None or (person and not (room.encrypted and person in room.users)):
            return True
        del self.expected[room_id]
        return False

    def left(self, room_id: str) -> None:
        """Forget a room the bot is no longer in."""
        self.expected.pop(room_id, None)
        self._shares.gone(room_id)

    async def _begin_thread(self, part: str, root: str) -> None:
        self._memory.begun(part, root)
        await self.write_notes()

    async def write_notes(self) -> None:
        """Write what changed in the memory by itself, with no turn."""
        notes = self._memory.changes()
        try:
            await self._store.commit(Batch(self._turns.clock(), CHANNEL, notes=notes))
        except BaseException:
            self._memory.unwritten(notes)
            raise

    async def _upload(self, room: nio.MatrixRoom, file: RenderedFile) -> dict[str, Any]:
        """Upload a file, encrypted where the room is."""
        try:
            async with asyncio.timeout(2 * _SECONDS):
                response, keys = await self._client.upload(
                    io.BytesIO(file.data),
                    content_type="application/octet-stream" if room.encrypted else file.media_type,
                    filename=None if room.encrypted else file.name,
                    encrypt=room.encrypted,
                    filesize=len(file.data),
                )
        except NETWORK_ERRORS as error:
            raise Down(f"the homeserver did not take a file ({type(error).__name__})", 0.0) from error
        if not isinstance(response, nio.UploadResponse):
            raise await self._verdict(response, room)
        if keys:
            return {"file": {**keys, "url": response.content_uri}}
        return {"url": response.content_uri}

    async def _verdict(self, response: Any, room: nio.MatrixRoom) -> Exception:
        """Sort a refusal by its code and status."""
        answer = await answer_of(response)
        code, status = answer.code, answer.status
        if code == "M_LIMIT_EXCEEDED" or status == 429:
            self._pause_until = max(self._pause_until, _now() + answer.retry_after)
            return TryLater("the homeserver wants a pause", answer.retry_after)
        if code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"):
            return Down("the session ended", 1.0)
        if code in _GONE:
            if room.room_id not in self._client.rooms:
                return Closed(f"the room is closed to the bot ({code})")
            return RefusedForGood(f"the homeserver refused it ({code})")
        if 400 <= status < 500 or code in ("M_TOO_LARGE", "M_BAD_JSON", "M_UNSUPPORTED"):
            return RefusedForGood(f"the homeserver refused it ({code or status})")
        return TryLater(f"the homeserver cannot take it now ({code or status})", 0.0)


def _under(address: Address, thread: str) -> Address:
    return Address(address.room, address.person, thread, address.direct, address.pending)


def _thread(content: dict[str, Any]) -> str:
    relation = content.get("m.relates_to", {})
    return str(relation["event_id"]) if relation.get("rel_type") == "m.thread" else ""


def _instead(content: dict[str, Any], root: str) -> dict[str, Any]:
    """Put what was meant for a thread under another root, or outside of any."""
    outside = {name: value for name, value in content.items() if name != "m.relates_to"}
    return outside | _below(root) if root else outside


def _keep(ids: dict[str, str], one: str, most: int, value: str = "") -> None:
    ids[one] = value
    while len(ids) > most:
        ids.pop(next(iter(ids)))


def _relation(address: Address) -> dict[str, Any]:
    return _below(address.thread)


def _below(root: str) -> dict[str, Any]:
    return {
        "m.relates_to": {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": root},
        }
    }


def _now() -> float:
    return asyncio.get_running_loop().time()
