"""Reckon which answers are certainly known at a place, on every way to it: a data flow over all dialogs."""

from __future__ import annotations

from collections.abc import Iterable

from bot.checks.view import View
from bot.checks.ways import Way, Where
from bot.engine.model import Change, State

Known = frozenset[str]


def known_at(view: View) -> dict[Where, Known]:
    """Give for every place that can be reached the slots that certainly have a value when its texts are said."""
    return _Flow(view).run()


class _Flow:
    def __init__(self, view: View) -> None:
        self.view = view
        self.ways = view.ways
        self.before: dict[Where, Known] = {}
        self.dependents: dict[str, set[str]] = {}
        for slot in view.pack.slots.values():
            if slot.depends_on:
                self.dependents.setdefault(slot.depends_on, set()).add(slot.name)
        self.lost = {name: self._cleared(name) for name in view.pack.dialogs}
        self.guards: dict[int, Known] = {}
        self.waiting: dict[Where, None] = {}

    def run(self) -> dict[Where, Known]:
        for entry in self.ways.entries:
            self._arrive(entry, frozenset())
        while self.waiting:
            where = next(iter(self.waiting))
            del self.waiting[where]
            self._pass(where)
        return {where: self._here(where) for where in self.before}

    def _arrive(self, where: Where, known: Known) -> None:
        had = self.before.get(where)
        now = known if had is None else had & known
        if now != had:
            self.before[where] = now
            self.waiting[where] = None

    def _here(self, where: Where) -> Known:
        return self._changed(self.before[where], self.ways.state(where).changes)

    def _pass(self, where: Where) -> None:
        state = self.ways.state(where)
        known = self._here(where)
        if state.remind:
            self._arrive(self.ways.start(state.remind.do), known)
        if state.kind == "call" and state.do:
            self._arrive(self.ways.start(state.do), known)
            ends = self._ends(state.do)
            if ends is None:
                return
            known = ends | (known - self.lost[state.do])
        if state.kind == "end":
            # Whoever called this dialog goes on from here.
            for caller, calls in self.ways.calls.items():
                self.waiting |= {at: None for at, to in calls if to == where[0] and at in self.before and caller}
            return
        for way in self.ways.out[where]:
            self._arrive(way.to, self._along(state, way, known))

    def _ends(self, dialog: str) -> Known | None:
        """Give what is known at every end of a dialog, or None while no end was reached."""
        found: Known | None = None
        for name, state in self.view.pack.dialogs[dialog].states.items():
            if state.kind == "end" and (dialog, name) in self.before:
                here = self._here((dialog, name))
                found = here if found is None else found & here
        return found

    def _along(self, state: State, way: Way, known: Known) -> Known:
        if state.kind == "branch":
            return known | self._guard(way)
        if state.kind != "ask":
            return known
        if way.answer is not None:
            if state.save and not state.pick:
                known = self._set(known, state.save)
            return self._changed(known, way.answer.changes)
        slot = state.write or (state.save if not state.pick or state.at_least > 0 else None)
        return self._set(known, slot) if slot else known

    def _guard(self, way: Way) -> Known:
        if id(way) not in self.guards:
            self.guards[id(way)] = self.view.truth.known(way.holds, way.fails) & self.view.pack.slots.keys()
        return self.guards[id(way)]

    def _set(self, known: Known, slot: str) -> Known:
        return (known - self._gone(slot)) | {slot}

    def _gone(self, slot: str) -> set[str]:
        found: set[str] = set()
        waiting = [slot]
        while waiting:
            for one in self.dependents.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    def _changed(self, known: Known, changes: Iterable[Change]) -> Known:
        for one in changes:
            sure = one.source is None or one.source in known
            if one.verb != "clear" and (sure or (one.verb == "add" and one.slot in known)):
                known = self._set(known, one.slot)
            elif one.verb != "add":
                known = known - {one.slot} - self._gone(one.slot)
        return known

    def _cleared(self, dialog: str) -> Known:
        """Give every slot that a dialog, or one it calls, may clear."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [dialog]
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self.view.pack.dialogs:
                continue
            seen.add(name)
            for state in self.view.pack.dialogs[name].states.values():
                waiting += [state.do] if state.do else []
                changes = (*state.changes, *[one for answer in state.answers for one in answer.changes])
                for one in changes:
                    if one.verb == "clear" or one.source is not None:
                        found |= {one.slot} | self._gone(one.slot)
                    else:
                        found |= self._gone(one.slot)
                for slot in filter(None, (state.save, state.write)):
                    found |= self._gone(slot)
        return frozenset(found)
