"""Let everybody walk at once and judge what they heard: by the thread, the mention and the words of every event."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from tests.bench.matrix.crowd import Crowd
from tests.bench.matrix.scripts import Script, echoed, words_of

AFTER = 1.0
"""Seconds after the last answer in which something said twice would still be seen."""


@dataclass
class Person:
    """One of many: what they wrote and heard, with the server's times in milliseconds."""

    number: int
    script: Script
    root: str = ""
    wrote: list[int] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    heard_at: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    turns: int = 0
    unanswered: int = 0


class Walk:
    """One bot, one crowd. `threads` tells whether the bot answers in threads and names whom it answers."""

    def __init__(self, crowd: Crowd, bot: str, scripts: Sequence[Script], *, threads: bool, patience: float) -> None:
        self.crowd = crowd
        self.bot = bot
        self.people = [Person(number, script) for number, script in enumerate(scripts)]
        self.threads = threads
        self.patience = patience
        self.seconds = 0.0
        self.messages = 0
        self.reactions = 0
        self.astray: list[str] = []
        """Events of the bot in nobody's thread, or in one person's thread with another one's name."""
        self._by_id = {crowd.users[one.number].id: one for one in self.people}
        self._by_event: dict[str, Person] = {}
        self._last = 0.0

    async def go(self, turns: int) -> None:
        """Walk so many turns each, all at once; gives up when the bot says nothing more."""
        self.crowd.seen = self.saw
        began = self._last = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for person in self.people:
                group.create_task(self._walk(person, turns))
        self.seconds = time.monotonic() - began

    async def finish(self) -> None:
        """Wait for what would come too much, and look no more."""
        await asyncio.sleep(AFTER)
        self.crowd.seen = lambda event: None

    async def _walk(self, person: Person, turns: int) -> None:
        for turn in range(turns):
            text, wanted = person.script.next()
            person.wanted += wanted
            await self.crowd.says(person.number, text, thread=person.root)
            written = time.monotonic()
            while len(person.heard) < len(person.wanted):
                person.changed.clear()
                try:
                    async with asyncio.timeout(1.0):
                        await person.changed.wait()
                except TimeoutError:
                    if time.monotonic() - max(written, self._last) > self.patience:
                        break
            if len(person.heard) < len(person.wanted):
                person.unanswered += 1
                if self.threads:
                    return  # the next answer would be to another question
                del person.wanted[-len(wanted) :]
                continue
            person.turns += 1
            if turn < len(person.wrote):  # in a crowd the server may leave somebody's own words out of a sync
                person.waits.append(person.heard_at[len(person.wanted) - 1] - person.wrote[turn])

    def saw(self, event: dict[str, Any]) -> None:
        """Look at one event of the room."""
        person = self._by_id.get(event["sender"])
        if person is not None:
            if event["type"] == "m.room.message":
                person.root = person.root or event["event_id"]
                person.wrote.append(event["origin_server_ts"])
                self._by_event.setdefault(person.root, person)
            return
        if event["sender"] != self.bot or event["type"] not in ("m.room.message", "m.reaction"):
            return
        self._last = time.monotonic()
        if event["type"] == "m.reaction":
            self.reactions += 1
            return
        self.messages += 1
        person = self._owner(event)
        if person is None:
            self.astray.append(str(event["content"].get("body")))
            return
        self._by_event[event["event_id"]] = person
        person.heard.append(words_of(event))
        person.heard_at.append(event["origin_server_ts"])
        person.changed.set()

    def _owner(self, event: dict[str, Any]) -> Person | None:
        if not self.threads:
            number = echoed(event)
            return self.people[number] if number is not None and number < len(self.people) else None
        content = event["content"]
        relation = content.get("m.relates_to", {})
        person = self._by_event.get(relation.get("event_id", ""))
        if relation.get("rel_type") == "m.replace":
            return person  # an edit names nobody anew
        if person is None or relation.get("rel_type") != "m.thread" or relation["event_id"] != person.root:
            return None
        return person if content["m.mentions"] == {"user_ids": [self.crowd.users[person.number].id]} else None

    # --- judging ---------------------------------------------------------------------------------------------------
    @property
    def turns(self) -> int:
        """Turns that were answered."""
        return sum(person.turns for person in self.people)

    @property
    def waits(self) -> list[float]:
        """Milliseconds from every person's event to the last event that answers it, by the server's clock, sorted."""
        return sorted(wait for person in self.people for wait in person.waits)

    @property
    def unanswered(self) -> int:
        """Messages that were not answered until the bot fell silent."""
        return sum(person.unanswered for person in self.people)

    @property
    def lost(self) -> int:
        """Messages that had to be said and were not."""
        return sum((Counter(one.wanted) - Counter(one.heard)).total() for one in self.people)

    @property
    def wrong(self) -> int:
        """Messages to the wrong person: astray, or none that this person had to hear (or not once more)."""
        return len(self.astray) + sum((Counter(one.heard) - Counter(one.wanted)).total() for one in self.people)

    @property
    def unordered(self) -> int:
        """People who heard what they should, in another order."""
        return sum(1 for one in self.people if one.heard != one.wanted and Counter(one.heard) == Counter(one.wanted))

    def strange(self) -> list[str]:
        """Describe the first things that were wrong, for whoever has to find out why."""
        found = [f"astray: {text[:80]}" for text in self.astray[:3]]
        for one in self.people:
            if one.heard != one.wanted and len(found) < 6:
                pairs = zip_longest(one.heard, one.wanted)
                at = next(place for place, (came, wanted) in enumerate(pairs) if came != wanted)
                found.append(f"person {one.number} at {at}: heard {one.heard[at:][:2]}, wanted {one.wanted[at:][:2]}")
        return found
