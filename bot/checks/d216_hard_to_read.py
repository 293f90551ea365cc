"""Find messages that are hard to read, in English and German."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import blank
from bot.checks.sample import MAIN
from bot.checks.sizes import forms
from bot.checks.view import View
from bot.errors import Problem

MOST = {"en": 55, "de": 62}
"""Highest LIX: words a sentence plus percent of words over six letters. A newspaper has 45; German words are long."""

CODE = "D216"
TITLE = "A message is hard to read."
LEVEL: Level = "warning"
EXPLANATION = (
    "Sentences are long, or many words are. The measure is LIX: words a sentence, plus the percentage of "
    "words over six letters; above 55 in English and 62 in German it reads like a law. Make two sentences of "
    "one, and say it simply."
)
WHOLE = False
say = teller(CODE, LEVEL)

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?:;…]+(?=\s|$)|\n\s*\n|\n\s*-\s")
_ENOUGH = 20
"""Words below which a measure says nothing."""


def check(view: View) -> Iterator[Problem]:
    """Measure every message that is long enough to be measured."""
    for language, most in MOST.items():
        if language not in view.languages:
            continue
        for index, form, words in forms(view, language):
            one = view.every[index]
            if one.role not in {"say", "phrase", "fact", "letter"}:
                continue
            reached = lix(blank(words))
            if reached > most:
                spot = view.spot(one.scalar, 0) if language == "en" else view.translation(language, one.text, form)
                yield say(
                    spot, f"this is hard to read (LIX {reached:.0f}).", "Make two sentences of one; use short words."
                )


def lix(text: str) -> float:
    """Reckon how hard a text is to read; 0 for one too short to say."""
    words = _WORD.findall(text)
    if len(words) < _ENOUGH:
        return 0
    sentences = sum(1 for part in _SENTENCE.split(text) if _WORD.search(part))
    long = sum(1 for word in words if len(word) > 6)
    return len(words) / max(sentences, 1) + 100 * long / len(words)


_HARD = (
    "Notwithstanding preceding considerations regarding municipal illumination infrastructure, residents encountering "
    "malfunctioning installations should immediately communicate corresponding identification information, "
    "whereupon responsible departments investigate."
)
GOOD = (Example(),)
BAD = (Example({"main.yaml": MAIN.replace("Which lamp is broken?", _HARD)}, 11),)
