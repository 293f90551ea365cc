"""Leave out what only follows from another mistake: one slip of an author is told once, where it stands.

A file that cannot be read takes its slots, states and answers with it; everybody who names them would be told then, in
dozens of findings that stand before the one that matters. They are judged again when that one is mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.checks.view import View
from bot.errors import Problem

_UNKNOWN = frozenset({"D041", "D043", "D047", "D201", "D203", "L021"})
"""Findings that a name is not known."""
_OF_SLOTS = frozenset({"D043", "D047", "D109", "D201", "E402", "L021"})
"""Findings that a slot is not known."""
_NEVER = frozenset({"D050", "L022", "L023"})
"""Findings that a slot never has a value, or that there is no such answer."""
_BEHIND = frozenset({"T301", "T304", "T305"})
"""Findings that catalogues and texts do not fit; an entry that cannot be read fits nothing."""
_DAMAGED = re.compile(r"T10[1-5]")
_NO_TEXTS = "there are no texts in"
"""Of an example in a language whose catalogue lies in the wrong place."""
_NEAR = "Did you mean"
_NAMED = re.compile(r"«\{?([a-z0-9_]+)\}?»")


def without_aftermath(view: View, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Give the problems without those that a file with another mistake in it, or a missing file, explains."""
    found = list(problems)
    hurt = {one.file for one in view.compiled.problems if one.level == "error"}
    texts = [text for path, text in view.files.items() if f"{view.prefix}{path}" in hurt]
    damaged = {one.file for one in found if _DAMAGED.fullmatch(one.code)}
    unusable = {_place(one) for one in found if one.code[0] == "T" and one.level == "error"}
    # A state or slot whose name cannot be one is missed under the right name.
    unnamed = {one.file for one in found if one.code == "D006" and "no name for a" in one.message}
    words = {_place(one) for one in found if one.code[:2] == "D2"}
    lost = _lost(found)
    empty = {_name(one) for one in found if one.code == "D110"}
    # An example alone makes no error of it: it keeps the bot from nothing.
    asked = empty & {_asked(one) for one in found if one.code != "E402"}
    # A dialog that is called and is like none of those there are: its file is missing, with everything in it.
    gone = any(one.code == "D040" and _NEAR not in one.hint for one in found)
    gone = gone or any(f"{name}.yaml" not in view.files for name in view.compiled.unread)
    gone = gone or any(one.code == "Y002" for one in view.compiled.problems)  # emptied, or all of it a comment
    voiceless = any(one.code == "T109" for one in found)
    for one in found:
        if _asked(one) in asked:
            told = False  # a slot that nothing fills is never anything
        elif one.code == "D110" and _name(one) in asked:
            one, told = replace(one, level="error"), True
        elif one.code in _OF_SLOTS and lost.get(_name(one), one) is not one:
            told = False
        elif one.code in _UNKNOWN | _NEVER:
            told = not (_explained(one, texts) or ((gone or one.file in unnamed) and _NEAR not in one.hint))
        elif one.code == "E402" and one.message.startswith(_NO_TEXTS):
            told = not voiceless
        elif one.code == "T305" and _changed_here(view, one, words):
            told = False
        elif one.code in _BEHIND:
            told = one.file not in damaged and not (one.code == "T305" and damaged)
            # The one text that is not translated is the one that cannot be used.
            told = told and not (one.code == "T301" and one.message.startswith("1 of ") and _place(one) in unusable)
        else:
            told = True
        if told:
            yield one


def _changed_here(view: View, one: Problem, words: set[tuple[str, int]]) -> bool:
    """Say whether something is wrong with the words of a changed text: it will be another one when that is mended."""
    for text, _, _ in view.stood.changed:
        file, line, _ = view.written(text)
        if (file, line) == _place(one):
            lines = range(line, line + text.msgid.count("\n") + 2)
            return any((file, number) in words for number in lines)
    return False


def _lost(found: list[Problem]) -> dict[str, Problem]:
    """Give the finding to tell of each slot that is declared nowhere: where it is filled; one line mends them all."""
    filled: dict[str, Problem] = {}
    for one in sorted(found):
        if one.code == "D043" and _NEAR not in one.hint:
            filled.setdefault(_name(one), one)
    return filled


def _name(one: Problem) -> str:
    named = _NAMED.search(one.message)
    return named[1] if named else ""


def _asked(one: Problem) -> str:
    """Give the slot of which a value is asked that it never has."""
    return _name(one) if one.code in {"D050", "L022", "E402"} and "is never" in one.message else ""


def _place(one: Problem) -> tuple[str, int]:
    return one.file, one.line


def _explained(one: Problem, texts: list[str]) -> bool:
    """Say whether what is missed stands in one of these texts after all, so that only nobody could read it there."""
    name = _name(one)
    if not name:
        return False
    declared = rf"^\s*(?:- )?{name}\s*[:：=]"
    if one.code in _NEVER and _NEAR not in one.hint:
        # Its answers may stand where it is saved; what has a near neighbour is a slip of its own.
        declared += rf"|[:：=]\s*{name}\s*$"
    elif one.code in _NEVER:
        return False
    return any(re.search(declared, text, re.MULTILINE) for text in texts)
