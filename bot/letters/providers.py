"""Offer the letters to dialogs: blocks to show, a file to keep, values to decide by.

| kind | name | what |
|---|---|---|
| block | `draft` | the objection to copy, in the length that slot `length` asks for (`long`, else short) |
| block | `draft_short`, `draft_long` | the same in one length |
| block | `share_text` | a text to forward to friends |
| file | `letter_file` | the long letter as UTF-8 text, `objection-2026-11-23.txt` |
| value | `draft_length` | characters of `draft`, as long as it was asked for |
| value | `draft_fits` | `draft` fits a form box |
| value | `has_draft` | enough is known to write it: country and situation |
| value | `no_reasons` | neither a reason nor own words |
"""

from __future__ import annotations

from bot.engine.providers import BlockProvider, File, FileProvider, Labels, Registry, Scope, ValueProvider
from bot.letters.case import CompanyFacts, read_case
from bot.letters.compose import Letter, compose, length
from bot.letters.models import Letters
from bot.texts.tree import Body, CodeBlock

OBJECTION = "objection"
SHARE = "share"


def register(registry: Registry, letters: Letters, facts: CompanyFacts, labels: Labels) -> None:
    """Add the letters' blocks, file and values to the registry; those of the facts may come before or after."""

    def letter(scope: Scope, kind: str = OBJECTION) -> Letter:
        return compose(letters, kind, read_case(scope, registry, letters, facts), labels)

    def short(scope: Scope) -> Body:
        return _copy(letter(scope).short)

    def long(scope: Scope) -> Body:
        return _copy(letter(scope).long)

    def draft(scope: Scope) -> Body:
        return long(scope) if scope.slots.get("length") == "long" else short(scope)

    def draft_length(scope: Scope) -> int:
        written = letter(scope)
        return length(written.long) if scope.slots.get("length") == "long" else written.length

    def draft_fits(scope: Scope) -> bool:
        return draft_length(scope) <= letters.letters[OBJECTION].limit

    def share(scope: Scope) -> Body:
        return _copy(letter(scope, SHARE).short) if SHARE in letters.letters else ()

    def file(scope: Scope) -> File:
        name = f"{letters.letters[OBJECTION].file}-{scope.now.date().isoformat()}.txt"
        return File(name, "text/plain; charset=utf-8", f"{letter(scope).long}\n".encode("utf-8", "replace"))

    def no_reasons(scope: Scope) -> bool:
        case = read_case(scope, registry, letters, facts)
        return not case.grounds and "own_words" not in case.values

    registry.blocks |= {
        "draft": BlockProvider(draft, "the text to copy, short or long as chosen"),
        "draft_short": BlockProvider(short, "the text to copy, short enough for a form box"),
        "draft_long": BlockProvider(long, "the whole letter with addresses and date"),
        "share_text": BlockProvider(share, "a text to forward to friends"),
    }
    registry.files["letter_file"] = FileProvider(file, "the whole letter as a text file")
    registry.values |= {
        "draft_length": ValueProvider("number", draft_length, about="characters of the draft"),
        "draft_fits": ValueProvider("yes_no", draft_fits, about="the draft fits a form box"),
        "has_draft": ValueProvider("yes_no", _ready, about="country and situation are known"),
        "no_reasons": ValueProvider("yes_no", no_reasons, about="neither a reason nor own words"),
    }


def _ready(scope: Scope) -> bool:
    return bool(scope.slots.get("territory")) and bool(scope.slots.get("situation"))


def _copy(text: str) -> Body:
    return (CodeBlock(text),) if text else ()
