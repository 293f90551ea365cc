"""Take a sync response: page back what it left out, read it, and commit its turns together with its position."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import nio

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.inbound import Item, Locked, Membership, Reaction, Upgraded, Words
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.language import FirstWords
from bot.channels.matrix.late import LateKeys
from bot.channels.matrix.meaning import Facts, keys_of, place_of, targets_of, understand
from bot.channels.matrix.outbound import Address
from bot.channels.matrix.rooms import CHANNEL, Memory
from bot.channels.matrix.sending import Outgoing
from bot.channels.matrix.tidy import Tidy
from bot.channels.matrix.timelines import Timelines
from bot.engine.events import Command, Said, Started
from bot.engine.session import BrokenSession, decode
from bot.service.flood import Floods
from bot.service.health import ChannelHealth
from bot.service.ports import Store
from bot.service.records import Batch, StoredSession, Undecrypted
from bot.service.turns import Inbound, Taken, Turns
from bot.texts.languages import endonym


class Intake:
    """Turn what the server shows into turns."""

    def __init__(
        self,
        client: GuardedClient,
        store: Store,
        turns: Turns,
        memory: Memory,
        outgoing: Outgoing,
        health: ChannelHealth,
        invitations: Invitations,
    ) -> None:
        self._client = client
        self._store = store
        self._turns = turns
        self._memory = memory
        self._outgoing = outgoing
        self._health = health
        self._invitations = invitations
        self._one = asyncio.Lock()
        self._first_words = FirstWords(turns.library.catalogues)
        self._greetings = Floods(burst=10, per_second=0.2, backlog=100)
        self.tidy = Tidy(client, store, memory, outgoing, self._one)
        self._timelines = Timelines(client, turns.clock)
        self.late = LateKeys(client, store)
        self._heard_at: dict[str, datetime] = {}
        self._background: set[asyncio.Task[None]] = set()
        self.heard: Callable[[str], None] = lambda key: None
        self.errands: Callable[[], None] = lambda: None
        self.gap = False
        """Whether the position was lost: then only what was written lately counts."""

    async def take(self, response: nio.SyncResponse, since: str | None, *, full: bool) -> None:
        """Handle one sync response and commit it; raises only what storing or reading back can raise."""
        items, ciphertexts = [], []
        first = since is None and not self.gap
        if not first:
            for room, info in response.rooms.join.items():
                found, locked = await self._timelines.read(room, info.timeline, since, lately=self.gap)
                items += found
                ciphertexts += locked
        invited = response.rooms.invite.items()
        shown = {room: [_stripped(event) for event in info.invite_state] for room, info in invited}
        self._health.skipped += self._invitations.note(shown, self._turns.clock())
        self._client.invited_rooms.clear()  # the library keeps each for ever: those we refuse too, thousands in a flood
        self._rooms_left(response)
        if since is None:  # what was left while our position was lost is not shown as left
            for room in self._memory.inhabited() - {*self._client.rooms, *self._outgoing.expected}:
                self._memory.gone(room, invited=True)
        for room in list(self._outgoing.expected):
            self._outgoing.awaits(room)
        self._outgoing.synced.set()
        unlocked, opened = await self.late.unlock(self._timelines.name)
        await self.take_items([*unlocked, *items], response.next_batch, ciphertexts, opened)
        self.late.done()
        self.gap = False

    async def take_own(self, inbound: Sequence[Inbound]) -> Taken:
        """Hand over events the bot itself caused (a chat it opened), with the notes that changed."""
        async with self._one:
            return await self._commit(inbound, None, Batch(self._turns.clock()))

    async def take_items(
        self,
        items: Sequence[Item],
        position: str | None,
        ciphertexts: Sequence[Undecrypted] = (),
        opened: Sequence[str] = (),
    ) -> None:
        """Understand and commit items in their order."""
        async with self._one:
            me, now = self._client.user_id, self._turns.clock()
            direct = self._direct(items)
            stored = await self._store.load_sessions(keys_of(items, me, direct, self._memory))
            known = set(stored)
            receipts = await self._store.find_receipts(CHANNEL, targets_of(items, self._memory))
            facts = Facts(me, direct, known, receipts, self._outgoing.own, self._greetings, now)
            inbound: list[Inbound] = []
            seen: dict[str, str] = {}
            crowded: set[str] = set()
            for item in items:
                self._note(item)
                if isinstance(item, Locked):
                    place = place_of(item, facts, self._memory)
                    self.late.wait(item, place)
                    if not self.late.keeps(item, place):
                        crowded.add(item.event_id)
                    continue
                one = understand(item, facts, self._memory)
                if one is None or (item.event_id in opened and self._overtaken(one)):
                    continue
                inbound += self._in_their_language(one, stored.get(one.key), one.key in known)
                known.add(one.key)
                if isinstance(item, (Words, Reaction)):
                    seen[item.room] = item.event_id
            kept = tuple(one for one in ciphertexts if one.event_id not in crowded)
            extra = Batch(self._turns.clock(), undecrypted=kept, decrypted=tuple(opened))
            taken = await self._commit(inbound, position, extra)
            await self.tidy.forget(taken)
            for one in inbound:
                self.heard(one.key)
                self._heard_at[one.key] = one.at
            while len(self._heard_at) > 10_000:
                self._heard_at.pop(next(iter(self._heard_at)))
        self._health.heard(len(inbound))
        answered = {Address.from_bytes(row.address).room for row in taken.queued}
        for room, event in seen.items():
            self._in_background(self._politely(room, event, room in answered))
        self.errands()

    def _in_their_language(self, one: Inbound, stored: StoredSession | None, known: bool) -> list[Inbound]:
        """Let a conversation begin in the language of the first words, or change to it before they are answered."""
        if not isinstance(one.event, Said):
            return [one]
        language = self._first_words.guess(one.event.text) if stored is not None or not known else ""
        if not language:
            return [one]
        if stored is None:
            return [replace(one, event=Started(language))]
        try:
            session = decode(stored.data)
        except BrokenSession:
            return [one]
        if session.turn > 1 or session.slots or session.language == language:
            return [one]
        change = Command("language", endonym(language))
        return [replace(one, event_id=f"{one.event_id} language", event=change, position=0), replace(one, position=1)]

    async def _commit(self, inbound: Sequence[Inbound], position: str | None, extra: Batch) -> Taken:
        notes = self._memory.changes()
        batch = Batch(extra.now, CHANNEL, undecrypted=extra.undecrypted, decrypted=extra.decrypted, notes=notes)
        try:
            return await self._turns.take(CHANNEL, inbound, position=position, extra=batch)
        except BaseException:
            self._memory.unwritten(notes)
            raise

    def _direct(self, items: Sequence[Item]) -> dict[str, str]:
        """Give the direct chats among the rooms of a batch; a third member ends that."""
        found = {}
        for room in {item.room for item in items}:
            person = self._memory.direct(room)
            known = self._client.rooms.get(room)
            if person and (known is None or len(known.users) <= 2):
                found[room] = person
        return found

    def _note(self, item: Item) -> None:
        """Remember what an item means for the rooms themselves."""
        if isinstance(item, Upgraded):
            self._memory.put(f"join {item.replacement}", item.room)
        elif isinstance(item, Membership) and item.now in ("leave", "ban") and item.person != self._client.user_id:
            room = self._client.rooms.get(item.room)
            if room is not None and len(room.users) <= 1:
                self._memory.put(f"leave {item.room}", True)

    def _rooms_left(self, response: nio.SyncResponse) -> None:
        """Notice that we were kicked, banned or left: nothing can be said there any more."""
        for room in response.rooms.leave:
            self._client.rooms.pop(room, None)
            self._outgoing.left(room)
            self._memory.gone(room)

    def _overtaken(self, late: Inbound) -> bool:
        """Tell whether the person wrote again since: then the late message would answer the wrong question."""
        heard = self._heard_at.get(late.key)
        return heard is not None and heard > late.at

    async def finish(self) -> None:
        """Let go of what is only polite."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    # --- manners ---------------------------------------------------------------------------------------------------
    def _in_background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _politely(self, room: str, event: str, answers: bool) -> None:
        """Show that it was read, and that an answer is being written; neither matters if it fails."""
        if self._outgoing.paused:
            return
        with suppress(Exception):
            async with asyncio.timeout(10):
                await self._client.update_receipt_marker(room, event)
                if answers:
                    await self._client.room_typing(room, True, timeout=4000)


def _stripped(event: Any) -> object:
    # The library takes the content out of what the server showed.
    return {**event.source, "content": event.content} if isinstance(event, nio.InviteMemberEvent) else None


__all__ = ["Intake"]
