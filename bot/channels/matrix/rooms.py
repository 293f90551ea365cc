"""What the bot remembers about its rooms between starts: a handful of notes, all in memory, written with the turns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from bot.service.records import Note

CHANNEL = "matrix"
RECENT = 1000
"""Reactions and polls remembered, so that one taken back and a vote can be understood; older ones were answered."""
_RECENT = ("reaction ", "poll ")


class Memory:
    """Hold the notes; every change is kept until `changes` hands it to a transaction.

    `invite <room>`, `join <room>`, `private <event>`: errands that are still to be done · `direct <room>`: the person
    of a direct chat · `greeted <room> <person>`: where their conversation is · `root <begun>`: the first message of a
    thread that we began · `reaction <event>`: what it was a reaction to · `poll <event>`: the question it offers again
    · `home <alias>`: a room of the settings · `more invitations`: there were more than could wait.
    """

    def __init__(self, notes: dict[str, bytes]) -> None:
        self._notes: dict[str, Any] = {}
        self._changed: dict[str, None] = {}
        self._begun: dict[str, str] = {}
        self._recent: list[str] = []
        self.load(notes)

    def load(self, notes: dict[str, bytes]) -> None:
        """Take what an earlier process wrote."""
        for name, data in notes.items():
            try:
                self._notes[name] = orjson.loads(data)
            except orjson.JSONDecodeError:
                continue
        self._begun = {str(root): name[5:] for name, root in self._notes.items() if name.startswith("root ")}
        self._recent = [name for name in self._notes if name.startswith(_RECENT)]

    def changes(self) -> tuple[Note, ...]:
        """Give what changed since the last time, for a transaction; `unwritten` takes it back if that fails."""
        changed, self._changed = self._changed, {}
        return tuple(
            Note(CHANNEL, name, orjson.dumps(self._notes[name]) if name in self._notes else None) for name in changed
        )

    def unwritten(self, notes: Iterable[Note]) -> None:
        """Note that these changes were not written."""
        self._changed = {note.name: None for note in notes} | self._changed

    def put(self, name: str, value: Any) -> None:
        """Remember something; None forgets it."""
        if value is None:
            if self._notes.pop(name, None) is None:
                return
        elif self._notes.get(name) == value:
            return
        else:
            self._notes[name] = value
        self._changed[name] = None

    def get(self, name: str) -> Any:
        """Give what is remembered, None where nothing is."""
        return self._notes.get(name)

    def named(self, prefix: str) -> dict[str, Any]:
        """Give everything whose name begins so, by the rest of the name."""
        start = f"{prefix} "
        return {name[len(start) :]: value for name, value in self._notes.items() if name.startswith(start)}

    # --- direct chats ----------------------------------------------------------------------------------------------
    def direct(self, room: str) -> str:
        """Give the person of a direct chat, empty for other rooms."""
        return str(self._notes.get(f"direct {room}") or "")

    def direct_room(self, person: str) -> str:
        """Give the direct chat with a person, empty where there is none."""
        return next((room for room, one in self.named("direct").items() if one == person), "")

    # --- threads ---------------------------------------------------------------------------------------------------
    def part(self, thread: str) -> str:
        """Give the name a thread has in conversation keys: its root, or what stood in for it before that existed."""
        return self._begun.get(thread, thread)

    def root(self, part: str) -> str:
        """Give the root event of a thread, empty while our first message is not sent.

        A thread that a person named is its own root, unless the server took nothing under that.
        """
        return str(self._notes.get(f"root {part}") or ("" if part.startswith("~") else part))

    def begun(self, part: str, root: str) -> None:
        """Note the root of a thread that our own first message began."""
        self._begun[root] = part
        self.put(f"root {part}", root)

    def greeted(self, room: str, person: str) -> str:
        """Give where in this room the person's conversation is, empty where there is none."""
        return str(self._notes.get(f"greeted {room} {person}") or "")

    def conversations(self) -> dict[str, tuple[str, str, str]]:
        """List the remembered conversations in rooms by their notes: room, where in it, and person."""
        found = {}
        for rest, part in self.named("greeted").items():
            room, _, person = rest.partition(" ")
            found[f"greeted {rest}"] = (room, str(part), person)
        return found

    def roots_of_nobody(self) -> set[str]:
        """List the notes of threads that no remembered conversation is in."""
        used = {part for _, part, _ in self.conversations().values()}
        return {f"root {part}" for part in self.named("root") if part not in used}

    def drop_root(self, name: str) -> None:
        """Forget the root of a thread that nothing is said in any more."""
        self._begun.pop(str(self._notes.get(name)), None)
        self.put(name, None)

    def belongs_to_another(self, room: str, part: str, person: str) -> bool:
        """Tell whether somebody else's conversation is in this thread."""
        return any(
            value == part and name != f"greeted {room} {person}"
            for name, value in self._notes.items()
            if name.startswith(f"greeted {room} ")
        )

    # --- reactions and polls ---------------------------------------------------------------------------------------
    def reacted(self, event: str, target: str, number: int) -> None:
        """Remember a reaction."""
        self._keep(f"reaction {event}", [target, number])

    def polled(self, event: str, question: str) -> None:
        """Remember which question a poll of ours offers again."""
        self._keep(f"poll {event}", question)

    def question(self, poll: str) -> str:
        """Give the question that a poll offers again, empty where it is none of ours."""
        return str(self._notes.get(f"poll {poll}") or "")

    def _keep(self, name: str, value: Any) -> None:
        """Remember for a while: the oldest go where there are too many."""
        if name not in self._notes:
            self._recent.append(name)
        self.put(name, value)
        while len(self._recent) > RECENT:
            self.put(self._recent.pop(0), None)

    def reaction(self, event: str) -> tuple[str, int] | None:
        """Give what a reaction was to."""
        found = self._notes.get(f"reaction {event}")
        if not isinstance(found, list) or len(found) != 2:
            return None
        return str(found[0]), int(found[1])

    def inhabited(self) -> set[str]:
        """List the rooms that conversations are remembered in."""
        return {*self.named("direct"), *(name.partition(" ")[0] for name in self.named("greeted"))}

    def gone(self, room: str, *, invited: bool = False) -> None:
        """Forget a room the bot is no longer in; `invited` keeps an invitation back into it."""
        self.put(f"direct {room}", None)
        if not invited:
            self.put(f"invite {room}", None)
        for name in [name for name in self._notes if name.startswith(f"greeted {room} ")]:
            part = self._notes[name]
            self.put(name, None)
            root = self._notes.get(f"root {part}")
            if root is not None:
                self._begun.pop(str(root), None)
                self.put(f"root {part}", None)
