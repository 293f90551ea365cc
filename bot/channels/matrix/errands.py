"""What the bot does in rooms besides talking: join where it is invited, follow upgrades, open direct chats, leave.

Every errand is a note that was written with the turn that caused it, so a crash only means that it is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import NETWORK_ERRORS, Answer, call
from bot.channels.matrix.invitations import MORE, Invitations
from bot.channels.matrix.language import of_profile
from bot.channels.matrix.meaning import address_in
from bot.channels.matrix.outbound import Address, event_of_ours, key_of
from bot.channels.matrix.rooms import Memory
from bot.channels.matrix.sending import Outgoing
from bot.channels.matrix.upgrades import Upgrades
from bot.engine.events import Started, Unreadable
from bot.errors import StoreError
from bot.service.ports import Store
from bot.service.turns import Inbound

log = logging.getLogger("bot.matrix")

_TRIES = 20
"""An invitation that cannot be taken after so many tries, about an hour, is given up."""
_NOT_YET = 30.0
"""Seconds until a room of the settings is looked for again that is not there, or not open to the bot, yet."""
_PROFILE = 5.0
"""Seconds a greeting waits for a profile: it may come from another server, which may be slow or away."""
_API = "/_matrix/client/v3"


class Take(Protocol):
    """Hand events to the conversation, with the notes that changed."""

    def __call__(self, inbound: Sequence[Inbound]) -> Awaitable[object]:
        """Handle and commit them."""
        ...


class Errands:
    """Do what waits, one after the other: an account may only join so often."""

    def __init__(
        self,
        client: GuardedClient,
        store: Store,
        memory: Memory,
        outgoing: Outgoing,
        take: Take,
        invitations: Invitations,
        rooms: Sequence[str],
    ) -> None:
        self._client = client
        self._store = store
        self._memory = memory
        self._outgoing = outgoing
        self._take = take
        self._invitations = invitations
        self._upgrades = Upgrades(client, store, memory, outgoing)
        self._rooms = rooms
        self._wake = asyncio.Event()
        self._tries: dict[str, int] = {}
        self._at: dict[str, float] = {}
        self._settled: set[str] = set()

    def wake(self) -> None:
        """Look at once whether something is to be done."""
        self._wake.set()

    async def run(self) -> None:
        """Do errands until cancelled; never raises on what others do."""
        while True:
            self._wake.clear()
            wait = 60.0
            for name, errand in self._due():
                now = asyncio.get_running_loop().time()
                if self._at.get(name, 0.0) > now:
                    wait = min(wait, self._at[name] - now)
                    continue
                try:
                    again = await errand()
                except NETWORK_ERRORS:
                    again = 2.0
                except StoreError as error:
                    log.error("an errand waits: %s", error)
                    again = 2.0
                except Exception as error:
                    log.error("an errand failed: %s", type(error).__name__)
                    again = 30.0
                if again is None:
                    self._tries.pop(name, None)
                    self._at.pop(name, None)
                    if self._invitations.wanted:
                        self._wake.set()
                    continue
                tries = self._tries[name] = self._tries.get(name, 0) + 1
                delay = max(again, min(300.0, 0.5 * 2.0 ** min(tries, 10)))
                self._at[name] = now + delay
                wait = min(wait, delay)
            try:
                async with asyncio.timeout(max(0.05, wait)):
                    await self._wake.wait()
            except TimeoutError:
                pass

    def _due(self) -> list[tuple[str, Callable[[], Awaitable[float | None]]]]:
        """List what waits, by the name of its note."""
        found: list[tuple[str, Callable[[], Awaitable[float | None]]]] = []
        for room, invite in self._memory.named("invite").items():
            found.append((f"invite {room}", partial(self._invited, room, invite)))
        if self._invitations.wanted:
            found.append((MORE, self._more))
        for person, wish in self._memory.named("private").items():
            found.append((f"private {person}", partial(self._private, person, wish)))
        for room, old in self._memory.named("join").items():
            found.append((f"join {room}", partial(self._follow, room, old)))
        for room in self._memory.named("leave"):
            found.append((f"leave {room}", partial(self._leave, room)))
        for alias in self._rooms:
            if alias not in self._settled:
                found.append((f"room {alias}", partial(self._settle, alias)))
        return found

    async def _invited(self, room: str, invite: Any) -> float | None:
        """Take an invitation, and greet where it is a direct chat."""
        person = str(invite.get("by", ""))
        joined = await self._join(room)
        if joined.status != 200:
            return self._refused(f"invite {room}", joined)
        self._outgoing.expected.setdefault(room, "")
        direct = bool(invite.get("direct")) or await self._is_small(room)
        if direct is None:
            return 0.5
        inbound = []
        if direct:
            self._memory.put(f"direct {room}", person)
            key, address = key_of(self._client.user_id, room, "", person), Address(room, person)
            event = event_of_ours("joined", room, str(invite.get("at", 0)))
            started = Started(await self._language(person))
            inbound.append(Inbound(event, key, address.to_bytes(), started, self._now()))
        self._memory.put(f"invite {room}", None)
        await self._take(inbound)
        if direct:
            await self._mark_direct()
        return None

    async def _more(self) -> float | None:
        """Fetch the invitations there was no room for."""
        again = await self._invitations.ask(self._now())
        if again is None:
            await self._take(())
            self.wake()
        return again

    async def _language(self, person: str) -> str:
        """Ask the server for the language of a person's profile; empty where it does not say, or not soon."""
        try:
            async with asyncio.timeout(_PROFILE):
                profile = await call(self._client, "GET", f"{_API}/profile/{quote(person, safe='')}")
        except NETWORK_ERRORS:
            return ""
        return of_profile(profile.body)

    async def _join(self, room: str) -> Answer:
        return await call(self._client, "POST", f"{_API}/join/{quote(room, safe='')}", {})

    def _refused(self, name: str, answer: Answer) -> float | None:
        """Say when to try a join again; None when it is given up."""
        if answer.status == 429 or answer.code == "M_LIMIT_EXCEEDED":
            return answer.retry_after
        if answer.status in (400, 403, 404) or self._tries.get(name, 0) >= _TRIES:
            log.info("an invitation or room could not be joined (%s %s)", answer.status, answer.code)
            self._invitations.gave_up(name.partition(" ")[2])
            self._memory.put(name, None)
            return None
        return answer.retry_after

    async def _is_small(self, room: str) -> bool | None:
        """Ask the server whether only two people are in a room that nobody else can just walk into; None: not now."""
        members = await call(self._client, "GET", f"{_API}/rooms/{quote(room, safe='')}/joined_members")
        joined = members.body.get("joined")
        if members.status == 429 or members.status >= 500:
            return None
        rules = await call(self._client, "GET", f"{_API}/rooms/{quote(room, safe='')}/state/m.room.join_rules")
        if rules.status == 429 or rules.status >= 500:
            return None
        return isinstance(joined, dict) and len(joined) == 2 and rules.body.get("join_rule") not in ("public", "knock")

    async def _mark_direct(self) -> None:
        """Tell the account's other clients which rooms are direct chats; for us the notes count."""
        people: dict[str, list[str]] = {}
        for room, person in self._memory.named("direct").items():
            people.setdefault(str(person), []).append(room)
        user = quote(self._client.user_id, safe="")
        await call(self._client, "PUT", f"{_API}/user/{user}/account_data/m.direct", people)

    async def _private(self, person: str, wish: Any) -> float | None:
        """Open a direct chat with a person and let their conversation go on there."""
        old = key_of(self._client.user_id, str(wish["room"]), str(wish["part"]), person)
        room = self._memory.direct_room(person)
        if not room:
            made = await call(
                self._client,
                "POST",
                f"{_API}/createRoom",
                {
                    "is_direct": True,
                    "invite": [person],
                    "preset": "trusted_private_chat",
                    "initial_state": [
                        {
                            "type": "m.room.encryption",
                            "state_key": "",
                            "content": {"algorithm": "m.megolm.v1.aes-sha2"},
                        }
                    ],
                },
            )
            found = made.body.get("room_id")
            if made.status != 200 or not isinstance(found, str):
                later = self._refused(f"private {person}", made)
                if later is None:  # who tapped hears that nothing comes of it, and goes on where they are
                    address = address_in(str(wish["room"]), person, str(wish["part"]), self._memory)
                    now = self._now()
                    event = event_of_ours("no private", str(wish["room"]), person, now.isoformat())
                    await self._take([Inbound(event, old, address.to_bytes(), Unreadable("no_private"), now)])
                return later
            room = found
            self._outgoing.expected[room] = person
            self._memory.put(f"direct {room}", person)
            await self._take(())  # the room is known from here on: a crash opens no second one
        key, address = key_of(self._client.user_id, room, "", person), Address(room, person)
        await self._store.move_conversation(old, key, address.to_bytes())
        self._memory.put(f"private {person}", None)
        self._memory.put(f"greeted {wish['room']} {person}", None)
        event = event_of_ours("private", str(wish["room"]), str(wish["part"]), person)
        await self._take([Inbound(event, key, address.to_bytes(), Started(), self._now())])
        await self._mark_direct()
        return None

    async def _follow(self, room: str, old: Any) -> float | None:
        """Follow an upgraded room."""
        known = room in self._client.rooms
        joined = await self._join(room)
        if joined.status != 200:
            if joined.status in (403, 404) and self._tries.get(f"join {room}", 0) < 5:
                return 2.0  # the invitation into the new room may still be on its way
            return self._refused(f"join {room}", joined)
        again = await self._upgrades.follow(room, str(old), known=known)
        if again is None:
            await self._take(())
        return again

    async def _leave(self, room: str) -> float | None:
        """Leave a room nobody else is in, or that was replaced; in the rooms of the settings the bot waits."""
        if any(home == room and alias in self._rooms for alias, home in self._memory.named("home").items()):
            self._memory.put(f"leave {room}", None)
            await self._take(())
            return None
        left = await call(self._client, "POST", f"{_API}/rooms/{quote(room, safe='')}/leave", {})
        if left.status == 429 or left.status >= 500:
            return left.retry_after
        await call(self._client, "POST", f"{_API}/rooms/{quote(room, safe='')}/forget", {})
        self._client.rooms.pop(room, None)
        self._outgoing.left(room)
        self._memory.gone(room)
        self._memory.put(f"leave {room}", None)
        await self._take(())
        return None

    async def _settle(self, alias: str) -> float | None:
        """Join a room of the settings."""
        joined = await self._join(alias)
        if joined.status == 200:
            self._settled.add(alias)
            found = joined.body.get("room_id")
            if isinstance(found, str):
                if found not in self._client.rooms:
                    self._outgoing.expected.setdefault(found, "")
                self._memory.put(f"home {alias}", found)
                await self._take(())
            return None
        log.warning("the room %s cannot be joined yet (%s %s)", alias, joined.status, joined.code)
        return joined.retry_after if joined.status == 429 else _NOT_YET

    def _now(self) -> datetime:
        return datetime.now(UTC)
