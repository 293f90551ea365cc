"""What the examples reach: states, answers, answers not understood, reminders, commands – and what they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from bot.engine.effects import SetTimer, Value
from bot.engine.events import TimerFired
from bot.engine.model import Pack, Place, State
from bot.service.examples.conversation import Turn

Group = Literal["states", "answers", "not understood", "reminders", "commands"]
GROUPS: tuple[Group, ...] = ("states", "answers", "not understood", "reminders", "commands")


@dataclass(frozen=True, slots=True)
class Point:
    """Something that can be reached. `place` is its state; `what` an answer id, a command, or empty."""

    group: Group
    place: str
    what: str = ""
    at: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """Name it for its reader."""
        match self.group:
            case "answers":
                return f"{self.place}, answer {self.what}"
            case "not understood":
                return f"{self.place}, an answer that is not understood"
            case "reminders":
                return f"{self.place}, its reminder"
            case "commands":
                return f"/{self.what}"
            case _:
                return self.place


@dataclass(slots=True)
class Reached:
    """What was reached so far; `passages` counts how often the way from one place to another was taken."""

    points: Counter[Point] = field(default_factory=Counter)
    passages: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: dict[str, dict[Value, None]] = field(default_factory=dict)
    """Answers that were given, by slot: good ones to try when a way is looked for."""

    def add(self, pack: Pack, turns: Iterable[Turn]) -> None:
        """Look at the turns of one conversation, in order."""
        pending: dict[str, str] = {}
        for turn in turns:
            if isinstance(turn.event, TimerFired) and turn.event.name in pending:
                self.points[Point("reminders", pending.pop(turn.event.name))] += 1
            if turn.how == "missed" and turn.before is not None:
                self.points[Point("not understood", turn.before.state)] += 1
            for name, value in turn.after.slots.items():
                self.values.setdefault(name, {})[value] = None
            set_now = {effect.name for effect in turn.effects if isinstance(effect, SetTimer)}
            last = ""
            for passed in turn.trace:
                if passed.what == "command":
                    self.points[Point("commands", "", passed.place.partition("/")[2])] += 1
                    last = ""
                elif passed.what == "entered":
                    self.points[Point("states", passed.place)] += 1
                    if last:
                        self.passages[last, passed.place] += 1
                    dialog, _, name = passed.place.partition("/")
                    state = pack.state(dialog, name)
                    if state and state.remind and state.remind.name in set_now:
                        pending[state.remind.name] = passed.place
                    last = passed.place if state and state.kind == "call" else ""
                else:
                    if passed.what != "next":
                        self.points[Point("answers", passed.place, passed.what)] += 1
                    last = passed.place

    def missing(self, pack: Pack) -> list[Point]:
        """List what was not reached, in the order of the files."""
        return [point for point in everything(pack) if point not in self.points]

    def table(self, pack: Pack) -> list[tuple[Group, int, int]]:
        """Give for each group how many were reached, and how many there are."""
        all_points = list(everything(pack))
        rows: list[tuple[Group, int, int]] = []
        for group in GROUPS:
            own = [point for point in all_points if point.group == group]
            rows.append((group, sum(1 for point in own if point in self.points), len(own)))
        return rows


def everything(pack: Pack) -> Iterator[Point]:
    """Walk over everything that can be reached in a pack."""
    for dialog in pack.dialogs.values():
        for state in dialog.states.values():
            place = f"{dialog.name}/{state.name}"
            yield Point("states", place, at=state.at)
            yield from _answers(pack, place, state)
            if state.remind is not None:
                yield Point("reminders", place, at=state.at)
    for rule in pack.commands.values():
        yield Point("commands", "", rule.name, rule.at)


def _answers(pack: Pack, place: str, state: State) -> Iterator[Point]:
    for answer in state.answers:
        yield Point("answers", place, answer.id, answer.at)
    if state.choose or state.pick or state.write:
        yield Point("answers", place, "value", state.at)
    if state.kind == "ask" and not _takes_anything(pack, state):
        yield Point("not understood", place, at=state.at)


def _takes_anything(pack: Pack, state: State) -> bool:
    """Say whether every text is an answer there (a name, own words), so that none can be misunderstood."""
    slot = pack.slots.get(state.write or "")
    return slot is not None and slot.type in {"text", "name"}
