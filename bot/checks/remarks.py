"""Remarks in the files themselves: `# check: ignore D216 because the law is quoted here`, on the line or above it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.errors import Problem

_REMARK = re.compile(r"#[.,:]?\s*check:(.*)$")
_IGNORE = re.compile(r"\s*ignore\s+([A-Z]\d{3}(?:\s*,\s*[A-Z]\d{3})*)\s+because\s+(\S.*)")
_SHORT = 4
"""Characters below which a reason says nothing: «x», «no»."""
_WITHOUT = re.compile(r"\s*ignore\s+([A-Z]\d{3}(?:\s*,\s*[A-Z]\d{3})*)\s*(because)?\s*$")


@dataclass(slots=True)
class Remark:
    """One remark: which codes it silences on which lines, and which of them it met."""

    file: str
    line: int
    col: int
    codes: tuple[str, ...]
    lines: range
    met: set[str] = field(default_factory=set)


def find(file: str, text: str) -> tuple[list[Remark], list[Problem]]:
    """Find the remarks of one file; one that cannot be read, or gives no reason, is a problem itself."""
    if "check:" not in text:
        return [], []
    remarks: list[Remark] = []
    problems: list[Problem] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = _REMARK.search(line)
        if found is None:
            continue
        place = (file, number, found.start() + 1)
        said = _IGNORE.match(found[1])
        if said and len(said[2].strip()) < _SHORT:
            hint = "Say why in a few words: # check: ignore D012 because the law says it so."
            problems.append(Problem(*place, "I901", f"the reason «{said[2].strip()}» is too short.", hint))
        elif said:
            codes = tuple(code.strip() for code in said[1].split(","))
            remarks.append(Remark(*place, codes, _reach(lines, number, alone=not line[: found.start()].strip())))
        elif _WITHOUT.match(found[1]):
            hint = "Say why: # check: ignore D012 because the reason."
            problems.append(Problem(*place, "I901", "this remark gives no reason.", hint))
        else:
            hint = "Write: # check: ignore D012 because the reason."
            problems.append(Problem(*place, "I901", "this remark to the checks cannot be read.", hint))
    return remarks, problems


def _reach(lines: list[str], number: int, *, alone: bool) -> range:
    """Say for which lines a remark counts: its own, or what follows the comment it stands in.

    In a catalogue what follows is the whole entry, up to the next empty line.
    """
    if not alone:
        return range(number, number + 1)
    end = number
    while end < len(lines) and (lines[end].lstrip().startswith("#") or not lines[end].strip()):
        end += 1
    last = end + 1
    if end < len(lines) and lines[end].startswith(("msgctxt", "msgid")):
        while last < len(lines) and lines[last].strip():
            last += 1
    return range(number, last + 1)


def obey(
    problems: Iterable[Problem], files: Mapping[str, str], ignorable: Collection[str], ran: Collection[str]
) -> list[Problem]:
    """Take out what the remarks silence. `ignorable` errors only; warnings always. `ran` are the codes looked for."""
    remarks: dict[str, list[Remark]] = {}
    kept: list[Problem] = []
    for file, text in files.items():
        found, wrong = find(file, text)
        kept += wrong
        if found:
            remarks[file] = found
    for problem in problems:
        silenced = False
        for remark in remarks.get(problem.file, ()):
            if problem.code in remark.codes and problem.line in remark.lines:
                remark.met.add(problem.code)
                silenced = problem.level == "warning" or problem.code in ignorable
                if not silenced:
                    hint = "Mend it; only findings that leave the dialog usable can be ignored."
                    message = f"{problem.code} cannot be ignored."
                    kept.append(Problem(remark.file, remark.line, remark.col, "I903", message, hint))
        if not silenced:
            kept.append(problem)
    for remark in (one for found in remarks.values() for one in found):
        for code in remark.codes:
            if code not in remark.met and (code in ran or code not in ignorable):
                message = f"nothing here has the code {code} any more."
                kept.append(
                    Problem(remark.file, remark.line, remark.col, "I902", message, "Delete the remark.", "warning")
                )
    return kept
