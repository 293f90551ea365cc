"""One turn of a conversation: `step(library, session, event, now) -> Outcome`.

Pure and total: the same arguments give the same answer, and any event in any state gives a valid session. No clock, no
chance, no input or output. The terminal, the networks, the checks, the examples and the coverage all call this one
function.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.engine import limits, recognise
from bot.engine.asking import (
    DONE,
    NEITHER,
    allowed,
    ask,
    choices,
    listed,
    understand,
    understand_several,
    vocabulary,
)
from bot.engine.effects import CancelTimers, Choice, Effect, Listed, Value
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
)
from bot.engine.interrupts import back, interrupt, named, obey
from bot.engine.library import Library
from bot.engine.model import Answer, Pack, State
from bot.engine.recognise import Found
from bot.engine.session import Frame, Session
from bot.engine.text import Text
from bot.engine.turn import Passed, Turn
from bot.engine.validate import Refused, clean, read
from bot.engine.walk import again, follow, run


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
        moved = _renamed(pack, session)
        pinned = library.pack(session.pack, session.version)
        if moved is not None:
            session = moved
        elif pinned is not None:
            pack = pinned
        else:
            session = replace(session, version=pack.version)
    if session.pack == pack.name and _stands(pack, session):
        return Turn(library, pack, session, now), False
    kept = {name: value for name, value in session.slots.items() if name in pack.slots}
    start = pack.dialogs[pack.start]
    again_from_start = Session(
        pack.name, pack.version, (Frame(start.name, start.start),), session.language, kept, turn=session.turn
    )
    return Turn(library, pack, again_from_start, now), True


def _renamed(pack: Pack, session: Session) -> Session | None:
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
    return replace(session, version=pack.version, frames=frames, history=history)


def _stands(pack: Pack, session: Session) -> bool:
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
            turn.phrase(what if what == "edited" and what in turn.pack.phrases else "unreadable")
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
        _written(turn, state, text)
    else:
        _answered(turn, state, text)


def _written(turn: Turn, state: State, text: str) -> None:
    shown = [choice.id for choice in choices(turn, state)]
    if shown:
        # Beside free writing only the exact words or number of an offered answer count, never a near miss.
        position = recognise.number(text)
        slot_is_number = turn.pack.slots[state.write or ""].type == "number"
        if position is not None and 1 <= position <= len(shown) and not slot_is_number:
            _choose(turn, state, shown[position - 1])
            return
        found = understand(turn, state, text)
        if len(found.ids) == 1 and len(text) <= 40 and _is_exact(turn, state, text):
            _choose(turn, state, found.ids[0])
            return
    value = read(turn.pack.slots[state.write or ""], text, turn.now.date())
    if isinstance(value, Refused):
        _missed(turn, state, value)
        return
    turn.remember_question()
    turn.put(state.write or "", value)
    follow(turn, "value")
    run(turn)


def _is_exact(turn: Turn, state: State, text: str) -> bool:
    words = vocabulary(turn.library, turn.pack, turn.place, state, turn.language)
    return bool(words.exact(recognise.normalise(text), allowed(turn, state)))


def _answered(turn: Turn, state: State, text: str) -> None:
    rule = named(turn, text)
    if rule is not None and not _is_exact(turn, state, text):
        obey(turn, rule.name)
        return
    if state.pick and not turn.maybe:
        several = understand_several(turn, state, text)
        if isinstance(several, tuple) and several:
            _pick_all(turn, state, several)
            return
        found = several if isinstance(several, Found) else Found()
        if not found.sure:
            found = Found()
    else:
        found = understand(turn, state, text)
    if not found.ids and _speaks_language(turn, text):
        return
    if not found.ids:
        _missed(turn, state, Refused("not_understood"))
    elif found.ids == (NEITHER,):
        turn.maybe = ()
        again(turn, short=False)
    elif len(found.ids) == 1 and found.sure:
        turn.maybe = ()
        if state.pick:
            _pick_all(turn, state, found.ids)
        else:
            _choose(turn, state, found.ids[0])
    else:
        _did_you_mean(turn, state, found.ids)


def _speaks_language(turn: Turn, text: str) -> bool:
    """Change the language when somebody simply names one («English please»)."""
    provider = turn.library.registry.lists.get("languages")
    words = recognise.normalise(text)
    if provider is None or not words or "language_changed" not in turn.pack.phrases:
        return False
    for one in provider.every:
        names = {recognise.normalise(word) for word in (provider.label(one, one), *provider.words(one, turn.language))}
        if words in names or (len(words.split()) <= 3 and words.split()[0] in names):
            if one != turn.language:
                turn.put("language", one)
                turn.phrase("language_changed")
            again(turn, short=False)
            return True
    return False


def _did_you_mean(turn: Turn, state: State, ids: tuple[str, ...]) -> None:
    turn.maybe = ids
    offered = tuple([Choice(one, _label(state, one)) for one in ids])
    neither = Choice(NEITHER, turn.pack.phrases["neither"])
    if len(ids) == 1:
        yes = Choice(ids[0], turn.pack.phrases["yes"])
        extra: dict[str, Value | Listed | Text] = {"candidate": _label(state, ids[0])}
        turn.say(turn.pack.phrases["did_you_mean_one"], "question", (yes, neither), extra=extra)
    else:
        turn.say(turn.pack.phrases["did_you_mean"], "question", (*offered, neither))


def _label(state: State, answer: str) -> Text | Listed:
    for one in state.answers:
        if one.id == answer:
            return one.label
    if answer == DONE and state.done is not None:
        return state.done
    return Listed(state.choose or state.pick or "", answer)


def _missed(turn: Turn, state: State, why: Refused) -> None:
    """Say what was not understood; help is offered at the third time, the operator's contact at the fifth."""
    turn.misses += 1
    turn.maybe = ()
    if why.phrase in {"not_understood", "number_wanted", "date_wanted"} and state.not_understood is not None:
        turn.say(state.not_understood, "notice", extra=dict(why.extra))
    else:
        turn.phrase(why.phrase, **why.extra)
    contact = turn.lookup("operator_contact") is not None
    if contact and turn.misses % limits.CONTACT_AFTER == 0:
        turn.phrase("not_understood_contact")
    elif turn.misses == limits.HELP_AFTER:
        turn.phrase("not_understood_help")
    again(turn)


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
        _toggle(turn, state, event.answer)
    else:
        turn.maybe = ()
        _choose(turn, state, event.answer)


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
    if not 1 <= event.number <= len(ids):
        turn.phrase("old_button" if state.kind == "ask" else "ended")
        again(turn)
        return
    answer = ids[event.number - 1]
    if turn.picked is not None and answer in listed(turn, state) and (answer in turn.picked) == event.added:
        return
    if event.added or turn.picked is not None:
        _pressed(turn, Pressed(answer))


def _toggle(turn: Turn, state: State, answer: str) -> None:
    picked = turn.picked or ()
    if answer == DONE:
        _pick_all(turn, state, picked)
    elif answer in picked:
        turn.picked = tuple([one for one in picked if one != answer])
        ask(turn, state, edit=True)
    elif state.up_to is not None and len(picked) >= state.up_to:
        turn.phrase("pick_at_most", limit=state.up_to)
        ask(turn, state, again=True)
    else:
        turn.picked = (*picked, answer)
        ask(turn, state, edit=True)


def _pick_all(turn: Turn, state: State, ids: tuple[str, ...]) -> None:
    """End a multiple choice with these answers; a fixed answer beside the list ("none of these") stands alone."""
    fixed_ids = [one for one in ids if one in {answer.id for answer in state.answers}]
    if fixed_ids:
        _choose(turn, state, fixed_ids[0])
        return
    if ids == (DONE,):
        ids = turn.picked or ()
    ids = tuple([one for one in ids if one != DONE])
    if len(ids) < state.at_least:
        turn.phrase("pick_at_least", limit=state.at_least)
        again(turn)
    elif state.up_to is not None and len(ids) > state.up_to:
        turn.phrase("pick_at_most", limit=state.up_to)
        again(turn)
    else:
        order = {one: index for index, one in enumerate(listed(turn, state))}
        turn.remember_question()
        turn.put(state.save or "", tuple(sorted(ids, key=lambda one: order.get(one, 0))))
        turn.picked = None
        follow(turn, "value")
        run(turn)


def _choose(turn: Turn, state: State, answer: str) -> None:
    """Take one answer: keep it, change what it changes, and go on."""
    chosen: Answer | None = next((one for one in state.answers if one.id == answer), None)
    turn.remember_question()
    turn.misses = 0
    if chosen is None:
        if state.save:
            turn.put(state.save, answer)
        follow(turn, "value")
    else:
        if state.save and not state.pick and not state.write:
            turn.put(state.save, answer)
        elif state.pick and state.save:
            turn.put(state.save, None)
        turn.picked = None
        turn.change(chosen.changes)
        turn.answer = answer
        follow(turn, "answer")
    run(turn)
