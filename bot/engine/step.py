"""One turn of a conversation: `step(library, session, event, now) -> Outcome`.

Pure and total: the same arguments give the same answer, and any event in any state gives a valid session. No clock, no
chance, no input or output. The terminal, the networks, the checks, the examples and the coverage all call this one
function.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.engine import limits
from bot.engine.answering import answered, choose, toggle, written
from bot.engine.asking import (
    DONE,
    NEITHER,
    allowed,
    choices,
    listed,
)
from bot.engine.effects import CancelTimers, Effect, Value
from bot.engine.events import (
    Command,
    Event,
    Joined,
    Left,
    Pressed,
    Reacted,
    Said,
    Started,
    TimerFired,
    Unreadable,
    numbering,
)
from bot.engine.interrupts import back, interrupt, named, obey
from bot.engine.library import Library
from bot.engine.model import Pack
from bot.engine.move import fitted, renamed, stands
from bot.engine.session import Frame, Session
from bot.engine.turn import Passed, Turn
from bot.engine.validate import clean
from bot.engine.walk import again, run


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a turn: the new session, what should happen, and the states passed (for coverage only)."""

    session: Session
    effects: tuple[Effect, ...]
    trace: tuple[Passed, ...] = ()


def step(library: Library, session: Session | None, event: Event, now: datetime) -> Outcome:
    """Handle one event; `now` is aware, `session` is None at the first contact."""
    if session is None:
        return _begin(library, event, now)
    turn, restarted = _resume(library, session, now)
    if isinstance(event, Left):
        turn.effects.append(CancelTimers())
    elif restarted:
        turn.phrase("restarted")
        run(turn)
    else:
        _handle(turn, event)
    return Outcome(turn.session(), tuple(turn.effects), tuple(turn.trace))


def fresh(
    library: Library, language: str, hints: tuple[tuple[str, str], ...] = (), pack: Pack | None = None
) -> Session:
    """Make the session of a conversation that begins; `hints` are taken only where they are valid answers."""
    pack = pack or library.current()
    slots: dict[str, Value] = {}
    for name, value in hints:
        slot = pack.slots.get(name)
        if (
            slot is not None
            and slot.source in library.registry.lists
            and value in library.registry.lists[slot.source].every
        ):
            slots[name] = value
    start = pack.dialogs[pack.start]
    return Session(pack.name, pack.version, (Frame(start.name, start.start),), library.negotiate(language), slots)


def accepts(library: Library, session: Session, answer: str, now: datetime) -> bool:
    """Say whether pressing this answer id means something where the person stands now."""
    turn, _ = _resume(library, session, now)
    if turn.maybe and answer in (*turn.maybe, NEITHER):
        return True
    return turn.here.kind == "ask" and answer in allowed(turn, turn.here)


def apology(library: Library, session: Session, phrase: str, now: datetime) -> Outcome:
    """Say one of the bot's own phrases and ask the open question again, without any change of the conversation."""
    turn, _ = _resume(library, session, now)
    turn.phrase(phrase)
    again(turn)
    return Outcome(turn.session(), tuple(turn.effects))


def stale_question(library: Library, session: Session, now: datetime) -> Outcome:
    """Give what is said in place of an answer that could not be sent in time: a word of excuse, the open question."""
    return apology(library, session, "stale", now)


def _begin(library: Library, event: Event, now: datetime) -> Outcome:
    language = event.language if isinstance(event, (Started, Joined)) else ""
    hints = event.hints if isinstance(event, Started) else ()
    session = fresh(library, language, hints)
    turn = Turn(library, library.current(), session, now)
    if not isinstance(event, Left):
        run(turn)
        # A first message may already be an answer ("Germany") or a command; a greeting ("hello") is simply greeted.
        if isinstance(event, Said) and clean(event.text).startswith("/"):
            _said(turn, event.text)
        elif isinstance(event, Command) and event.name != "start":
            _handle(turn, event)
    return Outcome(turn.session(), tuple(turn.effects), tuple(turn.trace))


def _resume(library: Library, session: Session, now: datetime) -> tuple[Turn, bool]:
    """Find the version a session belongs to, move it by `renamed:`, or restart it; True when it was restarted."""
    pack = library.current(session.pack)
    if session.pack == pack.name and session.version != pack.version:
        moved = renamed(pack, session)
        pinned = library.pack(session.pack, session.version)
        if moved is not None and (pinned is None or stands(pack, moved)):
            session = moved
        elif pinned is not None:
            pack = pinned
        else:
            session = fitted(pack, session)
    if session.pack == pack.name and stands(pack, session):
        return Turn(library, pack, session, now), False
    kept = fitted(pack, session).slots
    start = pack.dialogs[pack.start]
    again_from_start = Session(
        pack.name, pack.version, (Frame(start.name, start.start),), session.language, kept, turn=session.turn
    )
    return Turn(library, pack, again_from_start, now), True


def _handle(turn: Turn, event: Event) -> None:
    match event:
        case Said(text=text):
            _said(turn, text)
        case Pressed():
            _pressed(turn, event)
        case Command(name=name, argument=argument):
            _command(turn, name, argument)
        case Reacted():
            _reacted(turn, event)
        case Started() | Joined():
            _welcome_back(turn, event)
        case TimerFired(place=dialog):
            if dialog in turn.pack.dialogs:
                interrupt(turn, dialog)
        case Unreadable(what=what):
            said = what if what in {"edited", "encrypted", "no_private"} else "unreadable"
            turn.phrase(said if said in turn.pack.phrases else "sorry" if said == "no_private" else "unreadable")
            again(turn)
        case Left():
            pass


def _welcome_back(turn: Turn, event: Started | Joined) -> None:
    if isinstance(event, Started) and event.hints:
        # A poster's link, opened by somebody who is in the middle of it: the link is the newest wish.
        begun = fresh(turn.library, event.language or turn.language, event.hints, turn.pack)
        turn.language = begun.language
        for name, value in begun.slots.items():
            turn.put(name, value)
        turn.ended = True
    if turn.ended or turn.here.kind != "ask":
        start = turn.pack.dialogs[turn.pack.start]
        turn.frames, turn.history, turn.maybe = (Frame(start.name, start.start),), (), ()
        run(turn)
        return
    turn.phrase("welcome_back")
    again(turn, short=False)


def _command(turn: Turn, name: str, argument: str) -> None:
    name = name.lower()
    if name == "start":
        _welcome_back(turn, Started())
        return
    obeyed = obey(turn, name)
    if obeyed and argument.strip() and turn.here.kind == "ask" and not turn.here.write:
        # "/country Austria": the rest of the line answers the question the command leads to.
        turn.effects = [effect for effect in turn.effects if isinstance(effect, CancelTimers)]
        _said(turn, argument)


def _said(turn: Turn, text: str) -> None:
    text = clean(text[: limits.TEXT_READ + 1])
    if text.startswith("/") and len(text) > 1 and text[1].isalpha():
        name, _, argument = text[1:].partition(" ")
        _command(turn, name.partition("@")[0][:64], argument)
        return
    state = turn.here
    if state.kind != "ask":
        rule = named(turn, text)
        if rule is not None:
            obey(turn, rule.name)
        else:
            turn.phrase("ended")
        return
    if len(text) > limits.TEXT_READ:
        turn.phrase("too_long", limit=limits.TEXT_READ, length=len(text))
        again(turn)
    elif state.write is not None:
        written(turn, state, text)
    else:
        answered(turn, state, text)


def _pressed(turn: Turn, event: Pressed) -> None:
    state = turn.here
    other_place = event.place is not None and event.place != turn.place
    other_turn = event.turn is not None and event.turn != turn.number
    if state.kind != "ask" or other_place or other_turn:
        turn.phrase("old_button" if state.kind == "ask" else "ended")
        again(turn)
        return
    if event.answer.startswith("/"):
        # A button that stands for a command («back» under a question).
        obey(turn, event.answer[1:])
    elif turn.maybe and event.answer == NEITHER:
        turn.maybe = ()
        again(turn, short=False)
    elif event.answer not in allowed(turn, state):
        turn.phrase("old_button")
        again(turn)
    elif turn.picked is not None and (event.answer == DONE or event.answer in listed(turn, state)):
        toggle(turn, state, event.answer)
    else:
        turn.maybe = ()
        choose(turn, state, event.answer)


def _reacted(turn: Turn, event: Reacted) -> None:
    state = turn.here
    if event.turn is not None and event.turn != turn.number:
        if not event.added and event.turn == turn.number - 1 and turn.history:
            back(turn)
        else:
            turn.phrase("old_button")
            again(turn)
        return
    offered = choices(turn, state) if state.kind == "ask" else ()
    ids = [*turn.maybe, NEITHER] if turn.maybe else [choice.id for choice in offered]
    if not 1 <= event.number <= len(ids) or (event.offered and event.offered != numbering(ids)):
        turn.phrase("old_button" if state.kind == "ask" else "ended")
        again(turn)
        return
    answer = ids[event.number - 1]
    if turn.picked is not None and answer in listed(turn, state) and (answer in turn.picked) == event.added:
        return
    if event.added or turn.picked is not None:
        _pressed(turn, Pressed(answer))
