"""The ways through the dialogs as a graph: which states follow, what can be reached, where nobody is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from bot.engine.conditions import Condition
from bot.engine.model import Answer, Dialog, Pack, State, Target

Where = tuple[str, str]
"""Dialog and state."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """One way on from a state. `holds` and `fails` are the conditions under which it is taken."""

    to: Where
    answer: Answer | None = None
    holds: tuple[Condition, ...] = ()
    fails: tuple[Condition, ...] = ()
    leaves: bool = False
    """It leads into another dialog for good."""


class Ways:
    """Know the ways between the states of one pack whose names are all right."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.out: dict[Where, tuple[Way, ...]] = {
            (dialog.name, state.name): tuple(_ways(dialog, state))
            for dialog in pack.dialogs.values()
            for state in dialog.states.values()
        }

    def state(self, where: Where) -> State:
        """Give the state at a place."""
        return self.pack.dialogs[where[0]].states[where[1]]

    def start(self, dialog: str) -> Where:
        """Give the place a dialog begins at."""
        return dialog, self.pack.dialogs[dialog].start

    @cached_property
    def entries(self) -> tuple[Where, ...]:
        """Where a conversation can come in: the start, the commands, the reminders."""
        found = [self.start(self.pack.start)]
        for rule in self.pack.commands.values():
            if rule.do:
                found.append(self.start(rule.do))
            if rule.go and rule.go.dialog:
                found.append((rule.go.dialog, rule.go.state))
        return tuple(dict.fromkeys(found))

    @cached_property
    def reachable(self) -> frozenset[Where]:
        """Every place somebody can come to."""
        return frozenset(spread(self.entries, self._next))

    def _next(self, where: Where) -> Iterator[Where]:
        yield from (way.to for way in self.out[where])
        yield from self.called(where)

    def called(self, where: Where) -> Iterator[Where]:
        """Give where a state calls into: its dialog, and that of its reminder."""
        state = self.state(where)
        if state.kind == "call" and state.do:
            yield self.start(state.do)
        if state.remind:
            yield self.start(state.remind.do)

    @cached_property
    def calls(self) -> Mapping[str, tuple[tuple[Where, str], ...]]:
        """By dialog: which states call which other dialogs."""
        found: dict[str, list[tuple[Where, str]]] = {name: [] for name in self.pack.dialogs}
        for where in self.out:
            state = self.state(where)
            if state.kind == "call" and state.do:
                found[where[0]].append((where, state.do))
        return {name: tuple(calls) for name, calls in found.items()}

    @cached_property
    def passable(self) -> frozenset[str]:
        """Dialogs that can be passed from start to end without a question."""
        found: frozenset[str] = frozenset()
        while True:
            more = frozenset(name for name in self.pack.dialogs if self._passes(name, found))
            if more == found:
                return found
            found = more

    def _passes(self, dialog: str, passable: frozenset[str]) -> bool:
        along = spread([self.start(dialog)], lambda where: self.silent(where, passable))
        return any(where[0] == dialog and self.state(where).kind == "end" for where in along)

    def silent(self, where: Where, passable: frozenset[str] | None = None) -> Iterator[Where]:
        """Give what follows, in the same dialog or for good in another, without anybody being asked."""
        state = self.state(where)
        known = self.passable if passable is None else passable
        if state.kind in {"say", "branch"} or (state.kind == "call" and state.do is not None and state.do in known):
            yield from (way.to for way in self.out[where])


def _ways(dialog: Dialog, state: State) -> Iterator[Way]:
    def to(target: Target) -> Where:
        return target.dialog or dialog.name, target.state

    if state.kind == "branch":
        earlier: list[Condition] = []
        for branch in state.branches:
            holds = (branch.when,) if branch.when else ()
            yield Way(to(branch.go), None, holds, tuple(earlier), branch.go.dialog is not None)
            earlier += holds
        return
    if state.kind == "end":
        return
    for answer in state.answers:
        target = answer.go or state.next
        if target is not None:
            yield Way(to(target), answer, (answer.when,) if answer.when else (), (), target.dialog is not None)
    if state.next is not None and (state.kind != "ask" or state.choose or state.pick or state.write):
        yield Way(to(state.next), leaves=state.next.dialog is not None)


def spread(start: Iterable[T], follow: Callable[[T], Iterable[T]]) -> dict[T, None]:
    """Give everything that can be reached, in the order in which it is found."""
    found: dict[T, None] = dict.fromkeys(start)
    waiting = list(found)
    while waiting:
        for one in follow(waiting.pop()):
            if one not in found:
                found[one] = None
                waiting.append(one)
    return found


def circles(nodes: Iterable[T], follow: Callable[[T], Iterable[T]]) -> list[tuple[T, ...]]:
    """Give the groups of nodes that lead to one another (Tarjan, without recursion); single ones only with a loop."""
    order: dict[T, int] = {}
    low: dict[T, int] = {}
    stack: list[T] = []
    inside: set[T] = set()
    groups: list[tuple[T, ...]] = []
    for root in nodes:
        if root in order:
            continue
        work: list[tuple[T, Iterator[T]]] = [(root, iter(tuple(follow(root))))]
        order[root] = low[root] = len(order)
        stack.append(root)
        inside.add(root)
        while work:
            node, rest = work[-1]
            step = next(rest, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    at = stack.index(node)
                    group = tuple(stack[at:])
                    del stack[at:]
                    inside.difference_update(group)
                    if len(group) > 1 or node in follow(node):
                        groups.append(group)
            elif step not in order:
                order[step] = low[step] = len(order)
                stack.append(step)
                inside.add(step)
                work.append((step, iter(tuple(follow(step)))))
            elif step in inside:
                low[node] = min(low[node], order[step])
    return groups
