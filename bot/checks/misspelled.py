"""Tell a name that is misspelled where it is declared there, once, and not wherever it is used rightly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from bot.errors import Problem

_NAMES = re.compile(r"D01[67]|D04\d|D05[01]|D114|D201|D203|E402|F020|L01[45]|L02[0-3]|P010")
"""Findings that a name is not known; what they name as nearest is declared somewhere."""
_OF_EXAMPLES = "E402"
_MEANT = re.compile(r"Did you mean «(\w+)»")
_WORD = re.compile(r"\w+")
_ALIKE = 0.6

Names = Mapping[tuple[str, str], list[Problem]]


def where_declared(files: Mapping[str, str], problems: Iterable[Problem]) -> Iterator[Problem]:
    """Give the problems; what all come from one misspelled declaration as one, at its place.

    `files` are those of the pack by the name they have in problems. A declaration is taken for misspelled where nothing
    else has its name, while names like it are looked for in vain in several places, or are spelled as other words are.
    Where only examples look for another one, it is they that were forgotten when it got a new name.
    """
    found = list(problems)
    pairs = _pairs(found)
    words = Counter[str]()
    parts = Counter[str]()
    for text in files.values() if pairs else ():
        for word in _WORD.findall(_without_comments(text)):
            words[word] += 1
            parts.update(word.split("_"))
    told: dict[str, Problem] = {}
    for (declared, meant), ones in pairs.items():
        if any(one.code != _OF_EXAMPLES for one in ones) and _misspelled(declared, meant, words, parts):
            told[declared] = _tell(files, declared, meant, ones)
    lost = {id(one) for (declared, _), ones in pairs.items() if declared in told for one in ones}
    yield from told.values()
    for one in found:
        # Whoever lists what there is (a form for every product) now misses something for a name that should not be.
        if id(one) not in lost and not told.keys() & set(_WORD.findall(one.message)):
            yield one


def _pairs(problems: Iterable[Problem]) -> Names:
    """Collect the problems by the name that is near and the name that was looked for."""
    pairs: dict[tuple[str, str], list[Problem]] = {}
    for one in problems:
        near = _MEANT.search(one.hint) if _NAMES.fullmatch(one.code) else None
        if near is None:
            continue
        likeness = {word: SequenceMatcher(None, word, near[1]).ratio() for word in _WORD.findall(one.message)}
        meant = max(likeness, key=likeness.__getitem__, default="")
        if meant not in {"", near[1]} and likeness[meant] >= _ALIKE:
            pairs.setdefault((near[1], meant), []).append(one)
    return pairs


def _misspelled(declared: str, meant: str, words: Counter[str], parts: Counter[str]) -> bool:
    if words[declared] != 1:
        return False  # it is used, so it is no slip; or it is a word of the texts
    if words[meant] > 1:
        return True
    return min(parts[part] for part in declared.split("_")) == 1 < min(parts[part] for part in meant.split("_"))


def _tell(files: Mapping[str, str], declared: str, meant: str, ones: list[Problem]) -> Problem:
    first = min(ones, key=lambda one: (one.code == _OF_EXAMPLES, one.file, one.line))
    file, line, col = _place(files, declared)
    uses = (
        f"{len(ones)} times, first in {first.file}:{first.line}" if len(ones) > 1 else f"in {first.file}:{first.line}"
    )
    message = f"«{declared}» is named nowhere else, but «{meant}» is, {uses}."
    return replace(first, file=file, line=line, col=col, message=message, hint=f"Did you mean «{meant}» here?")


def _place(files: Mapping[str, str], name: str) -> tuple[str, int, int]:
    pattern = re.compile(rf"(?<!\w){name}(?!\w)")
    for file, text in files.items():
        for number, line in enumerate(_without_comments(text).split("\n"), 1):
            if found := pattern.search(line):
                return file, number, found.start() + 1
    raise AssertionError("the word was counted")


def _without_comments(text: str) -> str:
    return re.sub(r"^[ \t]*#.*$", "", text, flags=re.MULTILINE)
