"""Find addresses, numbers and dates in texts: they belong to the facts, where they have a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.d209_secret import secrets
from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import blank
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem

CODE = "D204"
TITLE = "A fact stands in a text."
LEVEL: Level = "error"
EXPLANATION = (
    "Addresses, e-mail and phone numbers, article numbers and dates live in `facts/`, each with a source and "
    "a date, and are filled in by name: `{deadline}`, `[words](form_link)`. In a text nobody would notice "
    "when they are outdated, and every translation could change them."
)
WHOLE = False
say = teller(CODE, LEVEL)

_ENDINGS = "com|org|net|eu|de|info|gov|io|me"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
FACTS = (
    ("an e-mail address", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    ("an address", re.compile(rf"(?:https?:|www\.)\S+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})\b(?:/\S*)?")),
    ("a phone number", re.compile(r"(?<!\w)\+?\d[\d ()/-]{7,}\d")),
    ("an article of a law", re.compile(r"(?:\b(?:Art(?:icle|\.)?|Section|Sec\.)|§§?) ?\d+", re.IGNORECASE)),
    ("a date", re.compile(rf"\b(?:\d{{1,2}}\.? )?(?:{_MONTHS})(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? \d{{4}}\b")),
    ("a date", re.compile(r"\b\d{4}-\d\d-\d\d\b")),
)
_FREE = {"date_wanted", "date_range", "number_wanted"}
"""Phrases that show how a date or number is written."""


def check(view: View) -> Iterator[Problem]:
    """Look for the shapes of facts outside marks."""
    for one in view.texts:
        last = one.text.place.rpartition("/")[2]
        if one.role == "words" or (one.role == "phrase" and last in _FREE):
            continue
        text = blank(one.source)
        # A token is told as a secret (D209); that part of it looks like a phone number helps nobody.
        seen = [range(*found.span()) for _, found in secrets(text)]
        for what, pattern in FACTS:
            if what == "a date" and last == "not_understood":
                continue  # D215 asks for it: how a date is written
            for found in pattern.finditer(text):
                if any(found.start() in part for part in seen):
                    continue
                seen.append(range(*found.span()))
                message = f"{what} («{found[0].strip()[:40]}») stands in the text."
                yield say(
                    view.spot(one.scalar, found.start()), message, "Put it into the facts and fill it in: {name}."
                )


GOOD = (
    Example(),
    Example(
        {"main.yaml": MAIN.replace("    save:", "    not_understood: For example 24 December 2026.\n    save:", 1)}
    ),
)
BAD = tuple(
    Example({"main.yaml": MAIN.replace("Thank you.", text)}, 21)
    for text in (
        "Write to lamps@city.example.",
        "See www.city.example/lamps.",
        "Call +49 30 1234567.",
        "Art. 21 says so.",
        "Since 27 May 2025 it is so.",
    )
)
