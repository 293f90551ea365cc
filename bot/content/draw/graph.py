"""A pack as a graph: places, and the ways between them with the words that lead there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.engine.model import Dialog, Pack, Remind, State

Way = Literal["answer", "value", "next", "branch", "call", "remind"]
"""An answer that is chosen, something from a list or typed, simply going on, a condition, a call, a reminder."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a place to a place (`dialog/state`), with its words in English; `when` is a condition."""

    source: str
    target: str
    way: Way
    label: str = ""
    when: str = ""
    answer: str = ""


def edges(pack: Pack, dialogs: Iterable[str] | None = None) -> Iterator[Edge]:
    """Walk over all ways out of the states of these dialogs (of all where None), in the order of the files."""
    for name in pack.dialogs if dialogs is None else dialogs:
        dialog = pack.dialogs[name]
        for state in dialog.states.values():
            yield from _ways(pack, dialog, state)


def _ways(pack: Pack, dialog: Dialog, state: State) -> Iterator[Edge]:
    here = f"{dialog.name}/{state.name}"

    def place(target: object) -> str:
        own = getattr(target, "dialog", None) or dialog.name
        return f"{own}/{getattr(target, 'state', '')}"

    if state.do is not None and state.do in pack.dialogs:
        yield Edge(here, f"{state.do}/{pack.dialogs[state.do].start}", "call", "calls")
    for answer in state.answers:
        target = answer.go or state.next
        if target is not None:
            when = answer.when.source if answer.when else ""
            yield Edge(here, place(target), "answer", answer.label.msgid, when, answer.id)
    for branch in state.branches:
        yield Edge(here, place(branch.go), "branch", "", branch.when.source if branch.when else "otherwise")
    if state.next is not None:
        listed = state.choose or state.pick
        if listed or state.write:
            label = f"one of {listed}" if state.choose else f"some of {listed}" if listed else f"types {state.write}"
            yield Edge(here, place(state.next), "value", label, answer="value")
        elif state.kind != "ask":
            yield Edge(here, place(state.next), "next")
    if state.remind is not None and state.remind.do in pack.dialogs:
        start = pack.dialogs[state.remind.do].start
        yield Edge(here, f"{state.remind.do}/{start}", "remind", when_due(state.remind))


def when_due(remind: Remind) -> str:
    """Say in words when a reminder comes."""
    if remind.on is not None:
        return f"on {remind.on}"
    return f"in {remind.number} {remind.unit.rstrip('s')}{'' if remind.number == 1 else 's'}"


def returns(pack: Pack) -> Iterator[tuple[str, str]]:
    """Walk over the ways back: from the ends of a called dialog to where its callers go on."""
    for dialog in pack.dialogs.values():
        for state in dialog.states.values():
            called = pack.dialogs.get(state.do or "")
            if called is not None and state.next is not None:
                after = f"{state.next.dialog or dialog.name}/{state.next.state}"
                for end in called.states.values():
                    if end.kind == "end":
                        yield f"{called.name}/{end.name}", after


def command_starts(pack: Pack) -> Iterator[tuple[str, str]]:
    """Walk over the commands and the places they lead to."""
    for rule in pack.commands.values():
        if rule.do in pack.dialogs:
            yield rule.name, f"{rule.do}/{pack.dialogs[rule.do or ''].start}"
        elif rule.go is not None:
            yield rule.name, f"{rule.go.dialog or pack.start}/{rule.go.state}"


def distances(pack: Pack, target: str) -> Mapping[str, int]:
    """Reckon for every place from which `target` can be reached how many answers it takes at least.

    Conditions are not looked at. A command counts as one answer, from any question.
    """
    asking = [f"{d.name}/{s.name}" for d in pack.dialogs.values() for s in d.states.values() if s.kind == "ask"]
    into: dict[str, list[tuple[str, int]]] = {}
    questions = set(asking)
    calling = {f"{d.name}/{s.name}" for d in pack.dialogs.values() for s in d.states.values() if s.kind == "call"}
    for edge in edges(pack):
        if edge.way == "next" and edge.source in calling:
            continue  # only through the dialog that is called
        cost = 1 if edge.way in {"answer", "value", "remind"} else 0
        into.setdefault(edge.target, []).append((edge.source, cost))
    for end, after in returns(pack):
        into.setdefault(after, []).append((end, 0))
    for _, start in command_starts(pack):
        into.setdefault(start, []).extend((place, 1) for place in questions)
    found = {target: 0}
    queue = deque([target])
    while queue:
        place = queue.popleft()
        for source, cost in into.get(place, ()):
            if found[place] + cost < found.get(source, 1_000_000):
                found[source] = found[place] + cost
                # The cheap ones first: no place is then looked at much more than once.
                queue.append(source) if cost else queue.appendleft(source)
    return found
