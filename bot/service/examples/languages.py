"""The same conversation in another language: every choice by its answer id, so that only the words change."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.asking import DONE, NEITHER
from bot.engine.events import Command, Event, Pressed, Reacted, Said
from bot.engine.session import Session
from bot.service.examples.conversation import Conversation, Turn
from bot.service.examples.match import spoken
from bot.service.examples.play import Difference, Played, in_words
from bot.service.library import Library

NONSENSE = "☃☃☃"
"""What is typed where the author typed something that is not understood: it is no word in any language."""


def replay(library: Library, played: Played, language: str) -> Difference | None:
    """Play an example in another language; gives the first place where it does not go the same way, or None.

    Typed words become the answer ids they were understood as, free texts stay as they are, and the bot's lines are
    not compared: it must only come to the same states with the same answers, and always say something.
    """
    example = played.example
    talk = Conversation(library, example.now)
    for scene in played.scenes:
        node = scene.step.value if scene.step else example.at
        try:
            if scene.step is not None and scene.step.verb == "wait":
                turns = talk.wait(scene.step.number, scene.step.unit)
            elif scene.step is None:
                turns = [talk.start(language, example.hint_pairs)]
            else:
                turns = [talk.send(event) for event in events(library, talk, scene.turns[0])]
        except Exception as error:
            message = f"in «{language}» the bot failed here: {type(error).__name__}: {error}"
            return Difference(node.problem("E031", message))
        if scene.turns and turns:
            strayed = _strayed(scene.turns[-1].after, turns[-1].after)
            if strayed is not None:
                what, wanted, came = strayed
                return Difference(
                    node.problem("E030", f"in «{language}», {what} is another one here."), wanted, (came,)
                )
        if any(not spoken(message) for turn in turns for message in turn.messages):
            return Difference(node.problem("E032", f"in «{language}» the bot says an empty message here."))
    return None


def events(library: Library, talk: Conversation, turn: Turn) -> Iterator[Event]:
    """Give what must happen in any language for the same choice; nothing where the choice comes with the next turn."""
    event, before, after = turn.event, turn.before, turn.after
    if turn.how == "answer":
        yield Pressed(turn.trace[0].what)
    elif turn.how in {"chosen", "picked"} and before is not None:
        state = library.current().state(before.top.dialog, before.top.state)
        slot = state.save if state and state.save else ""
        value = after.language if slot == "language" else after.slots.get(slot)
        if turn.how == "chosen" and isinstance(value, str):
            yield Pressed(value)
        elif isinstance(value, tuple):
            ticked = talk.session.picked or () if talk.session else ()
            yield from [Pressed(one) for one in (*ticked, *value) if (one in ticked) != (one in value)]
            yield Pressed(DONE)
        else:
            yield event
    elif turn.how == "command" and isinstance(event, Said) and not event.text.startswith("/"):
        yield Command(turn.trace[0].place.partition("/")[2])
    elif turn.how == "missed":
        state = library.current().state(after.top.dialog, after.top.state)
        yield event if state is None or state.write else Said(NONSENSE)
    elif _asked_back(turn):
        # "Did you mean …" depends on the words of a language; the answer itself comes with the next step.
        return
    elif isinstance(event, Pressed):
        yield Pressed(event.answer)
    elif isinstance(event, Reacted):
        yield Reacted(event.number, event.added)
    else:
        yield event


def _asked_back(turn: Turn) -> bool:
    pending = bool(turn.before and turn.before.maybe)
    if isinstance(turn.event, Pressed):
        return pending and turn.event.answer == NEITHER
    return isinstance(turn.event, (Said, Reacted)) and (pending or bool(turn.after.maybe))


def _strayed(wanted: Session, came: Session) -> tuple[str, str, str] | None:
    if wanted.stack != came.stack:
        return "the state", " > ".join(wanted.stack), " > ".join(came.stack)
    for name in sorted({*wanted.slots, *came.slots}):
        one, other = in_words(wanted.slots.get(name)), in_words(came.slots.get(name))
        if one != other:
            return f"the answer «{name}»", one or "(nothing)", other or "(nothing)"
    return None
