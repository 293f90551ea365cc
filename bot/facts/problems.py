"""One problem found in the facts, with its place and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class FactProblem:
    """Say what is wrong in `file` at `line` and `col` (from 1); `hint` says what to do.

    F001 unreadable · F002 repeated key · F003 wrong key · F004 YAML feature not allowed · F005 too large or deep ·
    F006 invisible character · F007 file missing or unknown · F010 unknown key · F011 missing key · F012 wrong value ·
    F020 unknown id · F021 territory or regime not covered · F030 link not allowed · F040 no source ·
    F041 review overdue · F042 contradiction · F043 wording does not fit · F044 summary too long ·
    F050 worth a look, no error.
    """

    file: str
    line: int
    col: int
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}:{self.col}: {self.code} {self.message}{hint}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Offer the nearest right word as a hint, or the few that there are."""
    words = sorted(set(known))
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"known: {', '.join(words)}" if 0 < len(words) <= 12 else ""
