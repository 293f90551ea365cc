"""Commands: valid in every state, never counted as a wrong answer."""

from __future__ import annotations

from bot.engine import recognise
from bot.engine.asking import match_words
from bot.engine.model import CommandRule
from bot.engine.session import Frame
from bot.engine.turn import Passed, Turn
from bot.engine.walk import again, leave_for, run


def named(turn: Turn, text: str) -> CommandRule | None:
    """Find the command that plain words name exactly («help», «zurück»)."""
    words = recognise.normalise(text)
    if not words or len(words) > 60:
        return None
    for language in dict.fromkeys((turn.language, "en")):
        key = (turn.pack.name, turn.pack.version, "commands", language)
        vocabulary = turn.library.vocabularies.get(key)
        if vocabulary is None:
            entries = {
                rule.name: [rule.name, *match_words(turn.library, language, rule.also)]
                for rule in turn.pack.commands.values()
            }
            vocabulary = turn.library.vocabularies[key] = recognise.build([entries])
        ids = vocabulary.exact(words, turn.pack.commands)
        if ids:
            return turn.pack.commands[ids[0]]
    return None


def obey(turn: Turn, name: str) -> bool:
    """Carry out a command by its name, or by a word of the person's language («/zurück»); False when there is none."""
    rule = turn.pack.commands.get(name)
    if rule is None and name not in turn.pack.foreign_commands:
        rule = named(turn, name)
    if rule is None:
        if name in turn.pack.foreign_commands:
            turn.phrase("foreign_command", command=f"/{name}")
        else:
            turn.phrase("unknown_command", command=f"/{name[:32]}")
        again(turn)
        return False
    turn.trace.append(Passed(f"commands/{rule.name}", "command"))
    if rule.built_in == "back":
        back(turn)
    elif rule.do is not None:
        interrupt(turn, rule.do)
    elif rule.go is not None:
        if rule.clear_all:
            turn.forget_answers()
        turn.history, turn.maybe, turn.misses = (), (), 0
        leave_for(turn, rule.go)
        run(turn)
    return True


def interrupt(turn: Turn, dialog: str) -> None:
    """Call a dialog from wherever the person is; when it ends, the open question is asked again.

    A second interrupt takes the place of the first, so that they never pile up.
    """
    for index, frame in enumerate(turn.frames):
        if frame.mark is not None:
            turn.frames = turn.frames[:index]
            turn.history = turn.history[: frame.mark]
            break
    turn.maybe = ()
    mark = len(turn.history)
    if turn.here.kind == "ask":
        turn.history = (*turn.history, turn.frames)
    turn.picked = None
    turn.frames = (*turn.frames, Frame(dialog, turn.pack.dialogs[dialog].start, mark))
    run(turn)


def back(turn: Turn) -> None:
    """Go one question back; answers stay, and a pending "did you mean" is simply dropped."""
    if turn.maybe:
        turn.maybe = ()
        again(turn, short=False)
        return
    if not turn.history:
        turn.phrase("nothing_to_go_back")
        again(turn)
        return
    turn.frames = turn.history[-1]
    turn.history = turn.history[:-1]
    run(turn)
