"""The words by which the answers of a question are known in a language, as the engine would look them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.checks.view import View
from bot.engine.conditions import Condition
from bot.engine.model import State
from bot.engine.recognise import normalise
from bot.engine.text import Text

DONE = "done"


@dataclass(frozen=True, slots=True)
class Word:
    """One way to name an answer: what is written, how the engine reads it, and where it comes from."""

    id: str
    shown: str
    read: str
    text: Text
    label: bool
    """It stands on the button; otherwise it is one of the further words."""
    when: Condition | None = None


def words(view: View, state: State, language: str) -> tuple[Word, ...]:
    """List the words of the fixed answers of a question in one language; reckoned once."""
    key = (id(state), language)
    if key not in view.words:
        view.words[key] = tuple(_words(view, state, language))
    return view.words[key]


def _words(view: View, state: State, language: str) -> Iterator[Word]:
    texts = [(one.id, one.label, one.also, one.when) for one in state.answers]
    if state.done is not None:
        texts.append((DONE, state.done, None, None))
    for one, label, also, when in texts:
        shown = view.catalogues.plain(language, label)
        yield Word(one, shown, normalise(shown), label, True, when)
        if also is not None:
            for piece in view.catalogues.plain(language, also).split(","):
                if piece.strip():
                    yield Word(one, piece.strip(), normalise(piece), also, False, when)


def together(view: View, one: Word, other: Word) -> bool:
    """Say whether two answers can be offered at the same time."""
    conditions = [word.when for word in (one, other) if word.when is not None]
    return len(conditions) < 2 or view.truth.possible(conditions)
