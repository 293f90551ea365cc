"""Say in an author's words why YAML gave up on a file."""

from __future__ import annotations

import re
from typing import Any

from bot.errors import Problem

_VALUE = re.compile(r"\s*(?:- +)*(?:[^\s:#'\"][^:#]*: +)?(.*)")
"""A line of a block: list marks, a key, and the value it begins."""

_KEY = re.compile(r"(\s*(?:- +)*)([a-z][a-z0-9_ ]*):(?: +|$)(.*)")
"""A line that begins with a key: its indentation with list marks, the key, the value."""

_NAMED = re.compile(r"(\s*(?:- +)*)([A-Za-z0-9][\w -]*):(?: +|$)(.*)")
"""The same with the ids of facts, such as «IE-DPC»."""
_ENTRY = re.compile(r"\s*(?:- +)+(\S)")
"""A line that begins an entry of a list; the group is where its text begins."""

_NO_COLON = re.compile(
    r"\s*(?:- +)*(?:(?P<key>[A-Za-z][A-Za-z0-9_ ]*?)(?::(?=[^\s:/])|\s*[=：])|(?P<dash>[–—•]|\*(?= )|-(?=[A-Za-z]))"
    r"|(?P<comment>//|;|<!--|/\*|--(?= )))"
)
"""A line that was meant to begin with a key, a list mark or the sign of a comment, and does not quite."""

_QUOTES = "Put the text in quotes, or write it below the key after «|»."


def explain(file: str, text: str, error: Any, flow: bool) -> Problem:
    """Say in an author's words why the parser gave up; errors of its own kind have marks and words, others none."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, col = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    whole = lines[line - 1] if line <= len(lines) else ""
    shown = whole.strip()[:60]
    problem, context = str(getattr(error, "problem", "")), str(getattr(error, "context", ""))

    def at(code: str, message: str, hint: str) -> Problem:
        return Problem(file, line, col, code, message, hint)

    def not_beside(odd: int) -> Problem:
        said = f"«{lines[odd - 1].strip()[:60]}» does not begin in the right column; line {line} stumbles over it."
        hint = "What belongs below a key is two spaces further; things of the same kind begin in the same column."
        return Problem(file, odd, _depth(lines[odd - 1]) + 1, "Y014", said, hint)

    def no_entry(bare: int) -> Problem:
        said = f"«{lines[bare - 1].strip()[:60]}» is no entry of the list it stands in; line {line} stumbles over it."
        return Problem(file, bare, _depth(lines[bare - 1]) + 1, "Y014", said, "An entry begins with «- ».")

    if "mapping values are not allowed" in problem:
        bare = _without_a_mark(lines, line, _depth(whole) + 1)
        if bare:
            return no_entry(bare)
        above = _shallower(lines, line, col)
        odd = _odd_line(lines, line, _depth(whole) + 1) if above else 0
        if odd:
            return not_beside(odd)
        if above:
            hint = f"Begin it below «{above}». If it is part of the text above, put that whole text in quotes."
            return at("Y014", f"«{shown}» is indented deeper than the line above.", hint)
        return at(
            "Y010",
            f"a second «: » in «{shown}».",
            "A text with «: » in it needs quotes, or goes below the key after «|».",
        )
    if "escape" in problem:
        return at(
            "Y015", "a backslash in a quoted text means something else here.", "Use single quotes, or write \\\\."
        )
    if "cannot start any token" in problem:
        return at("Y011", f"a text cannot begin with «{whole[col - 1 : col]}».", _QUOTES)
    if "quoted scalar" in problem or "quoted scalar" in context:
        start = error.context_mark or mark
        line, col = (start.line + 1, start.column + 1) if start else (line, col)
        return at(
            "Y013", "a quotation mark is opened and not closed.", "Close it, or write the text below the key after «|»."
        )
    opened = _left_open(lines[: line - 1])
    if opened:
        hint = "Close it, or write the text below the key after «|»."
        return Problem(file, *opened, "Y013", "a quotation mark is opened and not closed.", hint)
    found = _VALUE.match(whole)
    value = found[1] if found else ""
    if value[:1] in {"*", "&", "!"}:
        return at("Y012", f"a text cannot begin with «{value[0]}».", _QUOTES)
    if value[:1] in {"{", "["} and not flow:
        return at("Y016", f"a text cannot begin with «{value[0]}».", _QUOTES)
    if value[:1] in {"|", ">"} and len(value) > 1:
        return at("Y017", f"the text after «{value[0]}» begins on the next line.", "Move it there, indented.")
    if value.startswith("- ") or "sequence entries are not allowed" in problem:
        return at("Y018", "a list begins on the line after its key.", "Move «- » there, indented.")
    meant = _nearly(lines, line) if mark else None
    if meant:
        return Problem(file, *meant)
    if "expected <block end>" in problem or "did not find expected" in problem or "could not find expected" in problem:
        lone = _lone(lines, error)
        if lone:
            hint = "A key ends with «: », an entry begins with «- », a comment with «#»; a longer text goes below «|»."
            said = f"«{lines[lone - 1].strip()[:60]}» is no key, no entry of a list and no comment."
            return Problem(file, lone, _depth(lines[lone - 1]) + 1, "Y014", said, hint)
        odd = _odd_line(lines, line, col)
        if odd:
            return not_beside(odd)
        bare = _without_a_mark(lines, line, col)
        if bare:
            return no_entry(bare)
        first = _without_a_head(lines, line, col)
        if first:
            said = f"«{lines[first - 1].strip()[:60]}» stands under no name; line {line} stumbles over it."
            hint = "Is the line above it missing, such as the name of the state or of the entry?"
            return Problem(file, first, _depth(lines[first - 1]) + 1, "Y014", said, hint)
        bracket = _bracket_left_open(lines, line) if flow else None
        if bracket:
            return Problem(file, *bracket)
        hint = "Look at the indentation of this line and the one above, and at quotes."
        return at("Y014", f"«{shown}» does not fit here." if shown else "something above is not finished.", hint)
    return at("Y001", f"I cannot read «{shown}».", "Look at the indentation, quotes and «: ».")


def _nearly(lines: list[str], line: int) -> tuple[int, int, str, str, str] | None:
    """Find, here or just above, the line whose key or list mark lacks its space or has another sign in its place."""
    above = next((number for number in range(line - 1, 0, -1) if lines[number - 1].strip()), 0)
    for number in (line, above):
        whole = lines[number - 1] if 0 < number <= len(lines) else ""
        found = _NO_COLON.match(whole)
        if found is None or _NAMED.match(whole):
            continue
        place, shown = (number, _depth(whole) + 1, "Y014"), whole.strip()[:40]
        if found["comment"]:
            return *place, f"«{shown}» is no comment here.", "A comment begins with «#»."
        if found["dash"]:
            return *place, f"«{shown}» is no entry of a list.", "An entry begins with a hyphen and a space: «- »."
        return *place, f"«{shown}» is no key with a value.", f"Write «{found['key'].strip()}: …», colon and space."
    return None


def _lone(lines: list[str], error: Any) -> int:
    """Give the line that stands between keys and is none, where the parser waited for its colon; else 0.

    The parser notices only at a later line that has a colon; it remembers where the words before it began.
    """
    begun = getattr(error, "context_mark", None)
    if begun is None or "could not find expected" not in str(getattr(error, "problem", "")):
        return 0
    line = begun.line + 1
    whole = lines[line - 1] if line <= len(lines) else ""
    return line if whole.strip() and whole[: begun.column].strip(" ") == "" and not _NAMED.match(whole) else 0


def _bracket_left_open(lines: list[str], line: int) -> tuple[int, int, str, str, str] | None:
    """Find the value that begins with a bracket and does not end with one, here or just above."""
    for number in (line, line - 1):
        found = _VALUE.match(lines[number - 1]) if 0 < number <= len(lines) else None
        value = found[1].split(" #")[0].rstrip() if found else ""
        for opens, closes in ("[]", "{}"):
            if found and value.startswith(opens) and value.count(opens) > value.count(closes):
                place = number, found.start(1) + 1, "Y014"
                return *place, f"«{value[:40]}» begins with a bracket that is not closed.", f"Close it with «{closes}»."
    return None


def _odd_line(lines: list[str], line: int, col: int) -> int:
    """Give the line above that stands in the wrong column, where a right one made the parser stumble; else 0.

    Levels are two spaces, and no key is empty: a key with nothing below it, or a line between two levels, was moved.
    """
    below = 0
    if (col - 1) % 2:
        return 0  # this line is the odd one itself
    for number in _structure(lines, line):
        depth = _depth(lines[number - 1])
        if depth % 2:
            return number
        found = _NAMED.match(lines[number - 1])
        if found and not found[3].split(" #")[0].strip() and below and _depth(lines[below - 1]) == found.start(2):
            if col - 1 == found.start(2) + 2:
                return below
            if col - 1 == found.start(2) - 2:
                return number
        below = number
    return 0


def _without_a_mark(lines: list[str], line: int, col: int) -> int:
    """Give the first line of a list that lost its «- », where the next key of that entry made the parser stumble."""
    above = next(iter(_structure(lines, line)), 0)
    depth = _depth(lines[above - 1]) if above else 0
    if not above or depth != col - 3 or not _NAMED.match(lines[above - 1]) or _ENTRY.match(lines[above - 1]):
        return 0
    for one in lines[line:]:
        if one.strip() and _depth(one) <= depth:
            return above if _depth(one) == depth and one.lstrip(" ").startswith("- ") else 0
    return 0


def _without_a_head(lines: list[str], line: int, col: int) -> int:
    """Give the first line of a block two levels below the key above it, because its own key was lost; else 0."""
    first = 0
    for number in _structure(lines, line):
        depth = _depth(lines[number - 1])
        if depth < col - 1:
            lost = first and depth == col - 3 and _depth(lines[first - 1]) == col + 1
            return first if lost and _NAMED.match(lines[number - 1]) else 0
        if depth == col - 1:
            return 0
        first = number
    return 0


def _structure(lines: list[str], line: int) -> list[int]:
    """List the lines with a key or a list mark above `line`, the nearest first; not the inside of long texts."""
    found: list[int] = []
    inside = -1
    for number, one in enumerate(lines[: line - 1], 1):
        if not one.strip() or (inside >= 0 and _depth(one) > inside):
            continue
        inside = _depth(one) if re.search(r"(?::|-) +[|>][+-]?\s*$", one) else -1
        if _NAMED.match(one) or _ENTRY.match(one):
            found.append(number)
    return found[::-1]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _shallower(lines: list[str], line: int, col: int) -> str:
    """Give the key of the line above that a key was indented too deep for; empty where that is not what happened.

    YAML takes the deeper line for more words of the text above and stumbles over its colon.
    """
    here = _KEY.match(lines[line - 1]) if line <= len(lines) else None
    number = line - 1
    while number > 0 and not lines[number - 1].strip():
        number -= 1
    above = _KEY.match(lines[number - 1]) if number else None
    entry = _ENTRY.match(lines[number - 1]) if number else None
    if here is None or col != here.end(2) + 1:
        return ""
    if above is not None:
        return above[2] if above.start(2) < here.start(2) and above[3].strip() else ""
    return "- " if entry is not None and here[1].strip() and entry.start(1) < here.start(2) else ""


def _left_open(above: list[str]) -> tuple[int, int] | None:
    """Find the text whose closing quotation mark was lost: it went on until the next one, where the parser stumbled."""
    for number in range(len(above), 0, -1):
        found = _VALUE.match(above[number - 1])
        value = found[1] if found else ""
        mark = value[:1]
        if mark in {"'", '"'} and found:
            # Two of them inside single quotes stand for one.
            inside = value[1:].replace("''", "") if mark == "'" else re.sub(r"\\.", "", value[1:])
            return (number, found.start(1) + 1) if mark not in inside else None
        if re.match(r"\s*(?:- +)*[a-z_ ]+:(?: |$)", above[number - 1]) and mark not in {"'", '"'}:
            continue
    return None
