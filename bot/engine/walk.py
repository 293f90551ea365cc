"""Going through states until a question is asked or the conversation is over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.engine import limits
from bot.engine.asking import ask, listed, say_item
from bot.engine.effects import CancelTimers, End, Forget, Record, SetTimer
from bot.engine.machine import fire
from bot.engine.model import Remind, State, Target
from bot.engine.session import Frame
from bot.engine.turn import Passed, Turn

_MORNING = time(8, 0, tzinfo=UTC)
"""A reminder on a date comes at eight in the morning (UTC): in Europe nobody is woken, in America it waits for
the day.
"""


class AuthorMistake(RuntimeError):
    """Say that a compiled dialog cannot go on: a loop without a question, or a branch that fits nothing."""


def run(turn: Turn) -> None:
    """Enter the state in hand and go on until a state asks or everything has ended."""
    for _ in range(limits.SILENT_STEPS):
        state = turn.here
        turn.trace.append(Passed(turn.place, "entered"))
        _do_side_effects(turn, state)
        if state.kind == "ask":
            turn.number += 1
            turn.misses = 0
            turn.maybe = ()
            turn.ended = False
            _begin_picking(turn, state)
            ask(turn, state)
            return
        for item in state.items:
            if item.when is None or item.when.holds(turn.lookup):
                say_item(turn, item)
        if state.kind == "call":
            _call(turn, state)
        elif state.kind == "end":
            if _end(turn, state):
                return
        else:
            follow(turn, "next")
    raise AuthorMistake(f"{turn.place}: {limits.SILENT_STEPS} states in one turn without a question")


def follow(turn: Turn, trigger: str) -> None:
    """Take a transition of the dialog's machine and stand where it leads."""
    top = turn.frames[-1]
    turn.state, turn.jump = top.state, None
    if not fire(turn.dialog.machine, trigger, turn):
        raise AuthorMistake(f"{turn.place}: no way on for «{trigger}»")
    turn.trace.append(Passed(turn.place, turn.answer if trigger == "answer" else trigger))
    jump = turn.take_jump()
    if jump is not None:
        leave_for(turn, jump)
    else:
        turn.move(turn.state)


def leave_for(turn: Turn, target: Target) -> None:
    """Leave everything that was called and stand at a place of another dialog."""
    turn.frames = (Frame(target.dialog or turn.frames[-1].dialog, target.state),)
    turn.picked = None


def again(turn: Turn, *, short: bool = True) -> None:
    """Ask the question in hand once more; after the end there is none.

    A «did you mean» is over then: a number means what was shown last.
    """
    state = turn.here
    if state.kind == "ask":
        turn.maybe = ()
        ask(turn, state, again=short)


def _call(turn: Turn, state: State) -> None:
    if len(turn.frames) >= limits.FRAMES:
        raise AuthorMistake(f"{turn.place}: more than {limits.FRAMES} dialogs called inside one another")
    dialog = turn.pack.dialogs[state.do or ""]
    turn.frames = (*turn.frames, Frame(dialog.name, dialog.start))


def _end(turn: Turn, state: State) -> bool:
    """End the innermost dialog; True when nothing more happens in this turn."""
    if state.end == "forget":
        said = [effect for effect in turn.effects if not isinstance(effect, (Forget, CancelTimers))]
        turn.effects[:] = [Forget(), *said]
        turn.forget_answers()
        turn.history, turn.picked = (), None
        turn.frames = (Frame(turn.frames[-1].dialog, state.name),)
        turn.ended = True
        turn.effects.append(End())
        return True
    top = turn.frames[-1]
    if len(turn.frames) == 1:
        turn.ended = True
        turn.picked = None
        turn.effects.append(End())
        return True
    turn.frames = turn.frames[:-1]
    if top.mark is None:
        follow(turn, "next")
        return False
    turn.history = turn.history[: top.mark]
    below = turn.here
    turn.ended = below.kind != "ask"
    if below.kind == "ask":
        _begin_picking(turn, below)
        turn.number += 1
        ask(turn, below, again=True)
    return True


def _begin_picking(turn: Turn, state: State) -> None:
    """Tick what was picked earlier and is still offered, so that coming back loses nothing."""
    turn.picked = None
    if state.pick:
        earlier = turn.slots.get(state.save or "", ())
        open_ids = set(listed(turn, state))
        turn.picked = tuple([one for one in earlier if one in open_ids]) if isinstance(earlier, tuple) else ()


def _do_side_effects(turn: Turn, state: State) -> None:
    if state.changes:
        turn.change(state.changes)
    if state.record:
        turn.effects.append(Record(state.record, turn.slots))
    if state.forget_reminder:
        turn.effects.append(CancelTimers((state.forget_reminder,)))
    if state.remind:
        due = due_at(turn, state.remind)
        if due is not None:
            turn.effects.append(SetTimer(state.remind.name, state.remind.do, due))


def due_at(turn: Turn, remind: Remind) -> datetime | None:
    """Reckon when a reminder is due; None where its date is not known."""
    if remind.on is not None:
        value = turn.lookup(remind.on)
        if not isinstance(value, str):
            return None
        return datetime.combine(datetime.fromisoformat(value).date(), _MORNING)
    return turn.now + duration(remind.number, remind.unit)


def duration(number: int, unit: str) -> timedelta:
    """Turn «31 days» into a span; a month counts 30 days here (deadlines are reckoned by the facts, not here)."""
    days = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30}
    return timedelta(days=number * days[unit.rstrip("s")])
