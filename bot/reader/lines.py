"""Look at every line before YAML does: tabs, characters nobody sees, marks of a merge conflict."""

from __future__ import annotations

import re

from bot.errors import Problem

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
# Joiners (U+200C, U+200D) stay: emoji, Persian and Indic languages need them. A mark at the beginning was read away.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060-\u2064\u206a-\u206f\ue000-\uf8ff\ufeff\ufff9-\ufffb\U000e0000-\U000e001f]")
# It looks like a space and is none for YAML: before a line, behind the colon of a key, or at the end, where nobody sees
# it and a name with it is another name.
_NO_SPACE = re.compile(
    "^ *(?:- +)*(?:[a-z][a-z0-9_ ]*:)?(?P<sign>[\u00a0\u2002\u2003\u2009\u202f\u3000])"
    "|(?P<last>[\u00a0\u2002\u2003\u2009\u202f\u3000]) *$"
)
_MARKS = ("\u00a0", "\u2002", "\u2003", "\u2009", "\u202f", "\u3000", "\t", "<<<<<<<", "=======", ">>>>>>>")
_CONFLICT = re.compile(r"(?:\s*(?=[<>])|(?==))(<{7}|={7}|>{7})(?: |$)")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def scan_lines(file: str, text: str) -> list[Problem]:
    """List what no line of ours may have."""
    if (
        not CONTROL.search(text)
        and not _INVISIBLE.search(text)
        and not _BIDI.search(text)
        and not any(mark in text for mark in _MARKS)
    ):
        return []  # nearly every file, and at every start: looking at each line takes ten times as long
    problems = []
    conflict = False
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.lstrip(" ")
        if stripped.startswith("\t"):
            problems.append(
                Problem(file, number, len(line) - len(stripped) + 1, "Y005", "a tab at the beginning of a line.",
                        "Indent with two spaces.")
            )  # fmt: skip
        match = _NO_SPACE.search(line)
        if match:
            sign = match["sign"] or match["last"]
            problems.append(
                Problem(file, number, line.index(sign, match.start()) + 1, "Y009",
                        f"a space of another kind (U+{ord(sign):04X}), which is none here.",
                        "Write a plain space; it came with a copied text.")
            )  # fmt: skip
        match = CONTROL.search(line)
        if match:
            problems.append(
                Problem(file, number, match.start() + 1, "Y006", f"a control character (U+{ord(match[0]):04X}).",
                        "Delete it.")
            )  # fmt: skip
        match = _INVISIBLE.search(line)
        if match:
            shown = line[: match.start()].split(" ")[-1] + line[match.end() :].split(" ")[0]
            problems.append(
                Problem(file, number, match.start() + 1, "Y006",
                        f"a character that nobody sees (U+{ord(match[0]):04X}) in «{shown[:30]}».",
                        "Delete it; it came with a copied text, and would make two equal words differ.")
            )  # fmt: skip
        match = _BIDI.search(line)
        if match:
            problems.append(
                Problem(file, number, match.start() + 1, "Y007",
                        f"a character that turns the reading direction (U+{ord(match[0]):04X}).",
                        "Delete it; the bot isolates foreign words by itself.")
            )  # fmt: skip
        match = _CONFLICT.match(line)
        if match and not (conflict and match[1][0] != "<"):
            hint = "Choose one of the versions, and delete the lines with <<<<<<<, ======= and >>>>>>>."
            problems.append(Problem(file, number, match.start(1) + 1, "Y008", "the mark of a merge conflict.", hint))
        if match:
            conflict = match[1][0] != ">"  # the other marks of the same conflict need no word of their own
    return problems
