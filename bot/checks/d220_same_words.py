"""Find short texts that are an answer in one place and a sentence in another."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View, Written
from bot.errors import Problem

CODE = "D220"
TITLE = "The same words are an answer here and a sentence there."
LEVEL: Level = "warning"
EXPLANATION = (
    "Equal texts are translated once. An answer and a sentence often need different words in another "
    "language: give one of them a `context`, a word that says what it is."
)
WHOLE = False
say = teller(CODE, LEVEL)

_SHORT = 40


def check(view: View) -> Iterator[Problem]:
    """Compare answers with everything else that has no context of its own."""
    first: dict[tuple[str | None, str], Written] = {}
    told = set()
    for one in view.texts:
        if one.role not in {"answer", "say", "phrase"} or len(one.source) > _SHORT:
            continue
        key = (one.text.context, one.source)
        other = first.setdefault(key, one)
        if (one.role == "answer") != (other.role == "answer") and key not in told:
            told.add(key)
            where = f"{other.scalar.file}:{other.scalar.line}"
            message = f"«{one.source}» is also {'an answer' if other.role == 'answer' else 'a sentence'} in {where}."
            yield say(one.scalar, message, "Give one of them a «context».")


_TWICE = MAIN.replace("Which lamp is broken?", "The one at the bridge")
GOOD = (Example({"main.yaml": _TWICE.replace("id: bridge", "id: bridge\n        context: answer")}),)
BAD = (Example({"main.yaml": _TWICE}, 11),)
