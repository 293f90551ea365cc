"""Read robots.txt as RFC 9309 has it: the group that names us, else `*`; the longest rule wins, allow wins a tie.

The standard library's reader takes the first rule that fits and does not know `*` and `$` inside a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*(.*?)\s*(?:#.*)?\Z")
LONGEST_DELAY = 30.0
"""Seconds; who asks for more between two requests is not waited for longer."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site asks of us: (path pattern, may it be opened), and seconds between two requests."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    def allows(self, url: str) -> bool:
        """Say whether an address may be opened."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fitting = [(len(pattern), allow) for pattern, allow in self.rules if _fits(pattern, path)]
        return max(fitting, default=(0, True))[1]


NOTHING = Rules((("/", False),))
"""The rules of a site that cannot say what it allows: nothing."""


def read_robots(text: str, agent: str) -> Rules:
    """Read the rules that hold for a program of this name."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    delays: dict[str, float] = {}
    names: list[str] = []
    naming = False
    for line in text.removeprefix("\ufeff").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        key, value = match[1].lower(), match[2]
        if key == "user-agent":
            names = [*names, value.lower()] if naming else [value.lower()]
            groups.setdefault(value.lower(), [])
            naming = True
            continue
        naming = False
        for name in names:
            if key in ("allow", "disallow") and value:
                groups[name].append((value, key == "allow"))
            elif key == "crawl-delay":
                delays[name] = _seconds(value)
    own = next((name for name in groups if name != "*" and name in agent.lower()), "*")
    return Rules(tuple(groups.get(own, ())), delays.get(own, 0.0))


def _seconds(value: str) -> float:
    return min(float(value), LONGEST_DELAY) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value) else 0.0


def _fits(pattern: str, path: str) -> bool:
    """Match a path from its beginning; `*` stands for anything, `$` at the end for the end. Linear, no backtracking."""
    whole = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(rest):
        if whole and number == len(rest) - 1:
            return path.endswith(piece) and len(path) - len(piece) >= at
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not whole or at == len(path)
