"""Look every name of a pack up: states, dialogs, slots, lists, values, blocks, files, answer ids in conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.engine.conditions import Comparison, Condition
from bot.engine.effects import Value
from bot.engine.model import Change, Dialog, Pack, Place, Slot, State, Target
from bot.engine.providers import Registry
from bot.errors import Problem
from bot.reader import nearest

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KIND = {"name": "text", "yes_no": "choice"}
"""Types whose values another type holds as well."""


def resolve(pack: Pack, registry: Registry, marks: Mapping[tuple[str, int, str], Place] | None = None) -> list[Problem]:
    """List every name in a pack that does not exist, and every value that cannot be.

    With the `marks` of the compiled pack a problem stands at the value itself, else at the state or answer around it.
    """
    return list(_Resolver(pack, registry, marks or {}).all())


def answer_ids(pack: Pack, registry: Registry, slot: Slot) -> frozenset[str] | None:
    """Give all ids a slot can ever hold, or None where it holds free text."""
    if slot.type == "yes_no":
        return frozenset({"yes", "no"})
    if slot.type not in {"choice", "choices"}:
        return None
    ids: set[str] = set()
    if slot.source and slot.source in registry.lists:
        ids.update(registry.lists[slot.source].every)
    for dialog in pack.dialogs.values():
        for state in dialog.states.values():
            if state.save == slot.name:
                ids.update(answer.id for answer in state.answers)
                for name in filter(None, (state.choose, state.pick)):
                    if name in registry.lists:
                        ids.update(registry.lists[name].every)
            for change in (*state.changes, *[c for answer in state.answers for c in answer.changes]):
                if change.slot == slot.name and change.value is not None:
                    ids.add(str(change.value))
    return frozenset(ids)


class _Resolver:
    def __init__(self, pack: Pack, registry: Registry, marks: Mapping[tuple[str, int, str], Place]) -> None:
        self.pack = pack
        self.registry = registry
        self.marks = marks
        self.names = {*pack.slots, *registry.values, "language"}
        self.found_ids: dict[str, frozenset[str] | None] = {}

    def all(self) -> Iterator[Problem]:
        if self.pack.start not in self.pack.dialogs:
            place = next((at for (_, line, key), at in self.marks.items() if (line, key) == (0, "start")), None)
            yield self.at(place, "P010", f"the pack starts with «{self.pack.start}», which is no dialog.",
                          nearest(self.pack.start, set(self.pack.dialogs)))  # fmt: skip
        for rule in self.pack.commands.values():
            if rule.do is not None:
                yield from self.dialog(self.of(rule.at, "do"), rule.do)
            if rule.go is not None:
                yield from self.target(rule.at, rule.go, None)
        for slot in self.pack.slots.values():
            yield from self.slot(slot)
        for dialog in self.pack.dialogs.values():
            for state in dialog.states.values():
                yield from self.state(dialog, state)

    def of(self, place: Place | None, key: str) -> Place | None:
        """Give the place of the value under a key of what stands at `place`."""
        return self.marks.get((place.file, place.line, key), place) if place is not None else None

    def at(self, place: Place | None, code: str, message: str, hint: str = "") -> Problem:
        if place is None:
            return Problem("pack.yaml", 1, 1, code, message, hint)
        return Problem(place.file, place.line, place.col, code, message, hint)

    def known(self, place: Place | None, code: str, name: str, what: str, known: Iterable[str]) -> Iterator[Problem]:
        names = set(known)
        if name not in names:
            yield self.at(place, code, f"there is no {what} «{name}».", nearest(name, names))

    def dialog(self, place: Place | None, name: str) -> Iterator[Problem]:
        yield from self.known(place, "D040", name, "dialog", self.pack.dialogs)

    def target(self, place: Place | None, target: Target, own: Dialog | None) -> Iterator[Problem]:
        place = target.at or place
        dialog = own if target.dialog is None else self.pack.dialogs.get(target.dialog)
        if dialog is None:
            yield from self.dialog(place, target.dialog or "")
        elif target.state not in dialog.states:
            where = "" if target.dialog is None else f" in dialog «{dialog.name}»"
            hint = nearest(target.state, set(dialog.states))
            if target.dialog is None and target.state in self.pack.dialogs and "Did" not in hint:
                hint = f"It is a dialog: a state of its own calls it with «do: {target.state}»."
            yield self.at(place, "D041", f"there is no state «{target.state}»{where}.", hint)

    def slot(self, slot: Slot) -> Iterator[Problem]:
        if slot.source is not None:
            yield from self.known(self.of(slot.at, "from"), "D042", slot.source, "list", self.registry.lists)
        if slot.depends_on is not None:
            yield from self.known(self.of(slot.at, "depends on"), "D043", slot.depends_on, "slot", self.pack.slots)
        if slot.name in self.registry.values:
            hint = "Choose another name."
            yield self.at(slot.at, "D044", f"«{slot.name}» is the name of a value of the facts.", hint)

    def state(self, dialog: Dialog, state: State) -> Iterator[Problem]:
        for target in filter(None, (state.next, *[a.go for a in state.answers], *[b.go for b in state.branches])):
            yield from self.target(state.at, target, dialog)
        for key, name in (("do", state.do), ("remind do", state.remind.do if state.remind else None)):
            if name is not None:
                yield from self.dialog(self.of(state.at, key), name)
        for key, name in (("choose", state.choose), ("pick", state.pick)):
            if name is not None:
                yield from self.known(self.of(state.at, key), "D042", name, "list", self.registry.lists)
        for key, name in (("save", state.save), ("write", state.write)):
            if name is not None:
                yield from self.known(self.of(state.at, key), "D043", name, "slot", self.pack.slots)
        yield from self.types(state)
        for item in state.items:
            if item.form == "show":
                yield from self.known(self.of(item.at, "show"), "D045", str(item.body), "block", self.registry.blocks)
            elif item.form == "attach":
                yield from self.known(self.of(item.at, "attach"), "D046", str(item.body), "file", self.registry.files)
            elif not isinstance(item.body, str) and item.body.by is not None:
                yield from self.known(self.of(item.at, "by"), "D047", item.body.by, "value", self.names)
            yield from self.condition(item.at, item.when)
        for answer in state.answers:
            yield from self.condition(answer.at, answer.when)
            yield from self.changes(answer.at, answer.changes)
        for branch in state.branches:
            yield from self.condition(branch.go.at, branch.when)
        yield from self.changes(state.at, state.changes)
        if state.remind is not None and state.remind.on is not None:
            yield from self.known(self.of(state.at, "remind on"), "D047", state.remind.on, "value", self.names)

    def types(self, state: State) -> Iterator[Problem]:
        kept = self.pack.slots.get(state.save or "")
        if kept is not None and state.pick and kept.type != "choices":
            message = f"«{kept.name}» keeps one answer, but several are picked."
            yield self.at(self.of(state.at, "save"), "D048", message, "Its type: choices.")
        if kept is not None and not state.pick and kept.type not in {"choice", "yes_no"}:
            message = f"«{kept.name}» has the type {kept.type}, but an answer id is kept."
            yield self.at(self.of(state.at, "save"), "D048", message, "Its type: choice.")
        written = self.pack.slots.get(state.write or "")
        if written is not None and written.type not in {"text", "name", "number", "date"}:
            message = f"«{written.name}» has the type {written.type}, which nobody can write freely."
            yield self.at(self.of(state.at, "write"), "D048", message, "Use answers, choose or pick.")

    def changes(self, owner: Place | None, changes: tuple[Change, ...]) -> Iterator[Problem]:
        for change in changes:
            place = self.of(owner, "clear" if change.verb == "clear" else f"{change.verb} {change.slot}")
            known = {*self.pack.slots, "language"}
            yield from self.known(place, "D043", change.slot, "slot", known)
            if change.source is not None:
                yield from self.known(place, "D047", change.source, "value", self.names)
            slot = self.pack.slots.get(change.slot)
            if slot is None:
                continue
            if change.verb == "add" and slot.type != "choices":
                yield self.at(place, "D048", f"«{slot.name}» keeps one value; only «choices» can be added to.")
            yield from self.value(place, slot, change.value)
            yield from self.taken(place, slot, change)

    def taken(self, place: Place | None, slot: Slot, change: Change) -> Iterator[Problem]:
        """A value that is taken over must be of a kind that the slot can hold."""
        other, value = self.pack.slots.get(change.source or ""), self.registry.values.get(change.source or "")
        kind = other.type if other else value.type if value else None
        if kind is not None and change.verb == "set" and _KIND.get(kind, kind) != _KIND.get(slot.type, slot.type):
            message = f"«{slot.name}» has the type {slot.type}, but «{change.source}» has the type {kind}."
            yield self.at(place, "D048", message, "Change the type of the slot, or take another value.")

    def value(self, place: Place | None, slot: Slot, value: Value | None) -> Iterator[Problem]:
        """A value that is written out must be one that the slot can hold."""
        if not isinstance(value, str):
            return
        if slot.type == "number":
            yield self.at(place, "D051", f"«{slot.name}» keeps a whole number, read «{value[:20]}».")
        elif slot.type == "yes_no" and value not in {"yes", "no"}:
            yield self.at(place, "D051", f"«{slot.name}» is yes or no, read «{value[:20]}».")
        elif slot.type == "date" and not _DAY.fullmatch(value):
            yield self.at(place, "D051", f"«{slot.name}» keeps a date, read «{value[:20]}».", "Write 2024-05-01.")
        elif slot.source in self.registry.lists:
            every = self.registry.lists[slot.source].every
            if value not in every and len(every) > 0:
                yield self.at(place, "D051", f"the list «{slot.source}» has no «{value[:30]}».", nearest(value, every))

    def condition(self, place: Place | None, condition: Condition | None) -> Iterator[Problem]:
        for one in condition.comparisons if condition else ():
            if place is not None and condition is not None and condition.spot is not None:
                line, col = condition.spot
                place = Place(place.file, line, col + (one.offset if "\n" not in condition.source else 0))
            yield from self.comparison(place, one)

    def comparison(self, place: Place | None, one: Comparison) -> Iterator[Problem]:
        if one.name not in self.names:
            yield from self.known(place, "D047", one.name, "answer or value", self.names)
            return
        slot, value = self.pack.slots.get(one.name), self.registry.values.get(one.name)
        kind = slot.type if slot else value.type if value else "choice"
        if one.verb in {"<", ">", "<=", ">=", "="} and kind != "number":
            yield self.at(place, "D049", f"«{one.name}» is no number, so «{one.verb}» cannot be used.")
        elif one.verb == "truth" and kind != "yes_no":
            yield self.at(place, "D049", f"«{one.name}» alone must be a yes/no value; it is a {kind}.",
                          f"Write «{one.name} is known» or «{one.name} is …».")  # fmt: skip
        elif one.verb == "has" and kind != "choices":
            yield self.at(place, "D049", f"«{one.name}» keeps one value, so «has» cannot be used.", "Write «is».")
        elif one.verb == "is" and kind not in {"choice", "yes_no"}:
            yield self.at(place, "D049", f"«{one.name}» is a {kind}, so «is» can only ask «is known».",
                          "Use «has» for several answers, < > = for numbers.")  # fmt: skip
        ids = self.ids(slot, one.name)
        for wanted in one.ids if ids is not None else ():
            if wanted not in (ids or ()):
                yield self.at(place, "D050", f"«{one.name}» is never «{wanted}».", nearest(wanted, set(ids or ())))

    def ids(self, slot: Slot | None, name: str) -> frozenset[str] | None:
        if slot is not None:
            if slot.name not in self.found_ids:
                self.found_ids[slot.name] = answer_ids(self.pack, self.registry, slot)
            return self.found_ids[slot.name]
        value = self.registry.values.get(name)
        if value is None or not value.choices:
            return frozenset({"yes", "no"}) if value is not None and value.type == "yes_no" else None
        return frozenset(value.choices)
