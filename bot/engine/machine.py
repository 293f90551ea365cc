"""The finite-state machine of one dialog. The only file that imports `transitions`.

One synchronous flat `Machine` per dialog version, built once and shared by every conversation; nothing is ever
registered with it. A turn is a light object with a `state`; guards choose among the transitions of a trigger,
closures from the compiled dialog collect what was decided. There are three triggers: `answer` (a fixed answer was
recognised), `value` (something was chosen or written) and `next` (a state that does not ask goes on). A target
outside the dialog is an internal transition that leaves a `jump`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from transitions import EventData, Machine

from bot.engine.conditions import Condition
from bot.engine.effects import Value
from bot.engine.model import Dialog, State, Target

# At INFO the library logs every callback, which costs four times the turn and writes where people stand.
logging.getLogger("transitions").setLevel(logging.WARNING)


class Turn(Protocol):
    """What the machine needs of a turn: the state by name, the answer in hand, a way to look values up."""

    state: str
    answer: str
    jump: Target | None

    def lookup(self, name: str, /) -> Value | None:
        """Give a remembered answer or a value."""


def build(dialog: Dialog) -> Machine:
    """Build the machine of a dialog whose targets were checked by the compiler."""
    machine = Machine(
        model=None,
        states=list(dialog.states),
        initial=dialog.start,
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    for state in dialog.states.values():
        for trigger, target, guard in _edges(state):
            external = target.dialog is not None
            machine.add_transition(
                trigger,
                state.name,
                None if external else target.state,
                conditions=[] if guard is None else [guard],
                after=[_leave_jump(target)] if external else [],
            )
    return machine


def fire(machine: Machine, trigger: str, turn: Turn) -> bool:
    """Take the first transition of this trigger whose guard holds; False where none does."""
    event = machine.events.get(trigger)
    if event is None or turn.state not in event.transitions:
        return False
    return bool(event.trigger(turn))


def _edges(state: State) -> list[tuple[str, Target, Callable[[EventData], bool] | None]]:
    edges: list[tuple[str, Target, Callable[[EventData], bool] | None]] = []
    for answer in state.answers:
        target = answer.go or state.next
        if target is not None:
            edges.append(("answer", target, _answered(answer.id)))
    for branch in state.branches:
        edges.append(("next", branch.go, None if branch.when is None else _holds(branch.when)))
    if state.next is not None:
        edges.append(("value" if state.kind == "ask" else "next", state.next, None))
    return edges


def _answered(answer_id: str) -> Callable[[EventData], bool]:
    def guard(event: EventData) -> bool:
        turn: Any = event.model
        return bool(turn.answer == answer_id)

    return guard


def _holds(condition: Condition) -> Callable[[EventData], bool]:
    holds = condition.holds

    def guard(event: EventData) -> bool:
        turn: Any = event.model
        return holds(turn.lookup)

    return guard


def _leave_jump(target: Target) -> Callable[[EventData], None]:
    def after(event: EventData) -> None:
        turn: Any = event.model
        turn.jump = target

    return after
