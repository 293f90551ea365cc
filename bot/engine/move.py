"""Take a session over from the version of a pack it began with to another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.engine.effects import Value
from bot.engine.model import Pack
from bot.engine.session import Frame, Session


def renamed(pack: Pack, session: Session) -> Session | None:
    """Move a session by the `renamed:` of a newer version; None where nothing it stands in was renamed."""
    touched = False

    def move(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        nonlocal touched
        moved = []
        for frame in frames:
            dialog = pack.dialogs.get(frame.dialog)
            new = dialog.renamed.get(frame.state) if dialog and frame.state not in dialog.states else None
            touched = touched or new is not None
            moved.append(frame if new is None else Frame(frame.dialog, new, frame.mark))
        return tuple(moved)

    frames = move(session.frames)
    if not touched:
        return None
    history = tuple([move(one) for one in session.history])
    return fitted(pack, replace(session, frames=frames, history=history))


def fitted(pack: Pack, session: Session) -> Session:
    """Take a session over to this version: answers it has no slot for, and ways back to places it lacks, are left out.

    Without that, one forgotten answer or one question of long ago would have people begin again.
    """
    slots = {name: value for name, value in session.slots.items() if name in pack.slots and _fits(pack, name, value)}
    lost = [any(pack.state(one.dialog, one.state) is None for one in frames) for frames in session.history]

    def marked(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        # A mark counts the ways back that were there when a command interrupted.
        return tuple(
            [one if one.mark is None else replace(one, mark=one.mark - sum(lost[: one.mark])) for one in frames]
        )

    history = tuple([marked(frames) for frames, gone in zip(session.history, lost, strict=True) if not gone])
    return replace(session, version=pack.version, frames=marked(session.frames), slots=slots, history=history)


def _fits(pack: Pack, name: str, value: Value) -> bool:
    """Say whether an answer has the form of its slot, whose type may be another one than when it was given."""
    match pack.slots[name].type:
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "date":
            return isinstance(value, str) and _is_day(value)
        case "choices":
            return isinstance(value, tuple)
        case _:
            return isinstance(value, (str, bool))


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def stands(pack: Pack, session: Session) -> bool:
    """Say whether every frame is a place of this version, and the callers really call."""
    for index, frame in enumerate(session.frames):
        state = pack.state(frame.dialog, frame.state)
        if state is None:
            return False
        inner = index + 1 < len(session.frames)
        if inner and state.kind != "call" and session.frames[index + 1].mark is None:
            return False
        if not inner and state.kind not in {"ask", "end"}:
            return False
    known = all(pack.state(frame.dialog, frame.state) for frames in session.history for frame in frames)
    return known and all(name in pack.slots for name in session.slots)
