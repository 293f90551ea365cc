"""Find fill-ins of answers that some people have not given yet."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.known import known_at
from bot.checks.markup import names_in
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.engine.model import Item, Place
from bot.engine.text import Text
from bot.errors import Problem

CODE = "D109"
TITLE = "A fill-in may not be answered yet."
LEVEL: Level = "warning"
EXPLANATION = (
    "On at least one way to this text the slot has no value, so the fill-in stays empty. Ask for it before, or say the "
    "text only `when: slot is known`, with another one for the rest."
)
WHOLE = True
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Look at the texts of every state that can be reached, with what is certainly known there."""
    known = known_at(view)
    for found, state in view.states():
        sure = known.get((found.name, state.name))
        if sure is None:
            continue
        asked = {state.save, state.write} if state.kind == "ask" else set()
        texts: list[tuple[Text, frozenset[str]]] = []
        for item in state.items:
            if isinstance(item.body, Text):
                texts.append((item.body, sure | _guard(view, item)))
        texts += [(text, sure) for text in (state.again, state.not_understood, state.done) if text is not None]
        for text, have in texts:
            for source in filter(None, (text.msgid, text.plural)):
                for name in sorted(names_in(source)):
                    if name in view.pack.slots and name not in have and name not in asked:
                        yield _tell(view, text, source, name)


def _guard(view: View, item: Item) -> frozenset[str]:
    return view.truth.known([item.when]) if item.when else frozenset()


def _tell(view: View, text: Text, source: str, name: str) -> Problem:
    scalar = next((one.scalar for one in view.texts if one.text is text and one.source == source), None)
    spot = view.spot(scalar, max(source.find(f"{{{name}}}"), 0)) if scalar else view.place(text)
    hint = f"Ask for it before, or say this only when: {name} is known."
    return say(Place(*spot) if isinstance(spot, tuple) else spot, f"«{{{name}}}» may have no value yet.", hint)


_SLOTS = "  name:\n    type: name\n    about: Your name\n"
_ASK = """  which:
    say: Shall I know your name?
    answers:
      - answer: "Yes"
        go: ask
      - answer: "No"
        go: bye

  ask:
    say: What is it?
    not_understood: Please write a name.
    write: name
    next: bye

  bye:
"""
GOOD = (
    Example(
        {
            "main.yaml": dialog(
                _ASK
                + "    say:\n      - text: Bye, {name}.\n        when: name is known\n      - Bye.\n    end: done\n",
                _SLOTS,
            )
        }
    ),
)
BAD = (Example({"main.yaml": dialog(_ASK + "    say: Goodbye, {name}.\n    end: done\n", _SLOTS)}, 25),)
