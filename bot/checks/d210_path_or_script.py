"""Find paths out of the folder and addresses that run something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem

CODE = "D210"
TITLE = "A path or an address that has no business here."
LEVEL: Level = "error"
EXPLANATION = (
    "Nothing in a pack names files of the machine (`../`, `/etc/…`, `file:`), nor addresses that run or hide something "
    "(`javascript:`, `data:`, `tg:`, an internal host). Files are named by the letters, links by the facts."
)
WHOLE = False
say = teller(CODE, LEVEL)

_SHAPES = (
    ("a path out of the folder", re.compile(r"(?<![\w.])\.\.[/\\]")),
    ("a path of the machine", re.compile(r"(?<![\w/:.])/(?:etc|proc|sys|dev|var|usr|tmp|root)/")),
    ("a path of the machine", re.compile(r"(?<!\w)(?:\\\\\w+\\|[A-Z]:\\)")),
    ("an address that runs something", re.compile(r"\b(?:javascript|vbscript|data|file|tg|intent):(?=[^\s\"'])", re.I)),
    (
        "an address inside a network",
        re.compile(r"\b(?:localhost|127\.0\.0\.1|169\.254\.\d+\.\d+|192\.168\.\d+\.\d+)\b"),
    ),
    ("an address inside a network", re.compile(r"\b10\.\d+\.\d+\.\d+\b")),
)


_PARTS = (
    *("../", "..\\", "\\\\", ":\\"),
    *(f"/{folder}/" for folder in ("etc", "proc", "sys", "dev", "var", "usr", "tmp", "root")),
    *("script:", "data:", "file:", "tg:", "intent:", "localhost", "127.0.", "169.254.", "192.168.", "10."),
)
"""What they consist of, in small letters: most files and lines have none, and are passed over quickly."""


def check(view: View) -> Iterator[Problem]:
    """Look at every line of the pack that is no comment."""
    for path, text in view.files.items():
        low = text.lower()
        there = [part for part in _PARTS if part in low]
        for number, line in enumerate(text.split("\n") if there else (), 1):
            low = line.lower()
            if not any(part in low for part in there) or line.lstrip().startswith("#"):
                continue
            for what, pattern in _SHAPES:
                found = pattern.search(line)
                if found:
                    hint = "Take it out; files come from the letters, links from the facts."
                    yield say((view.prefix + path, number, found.start() + 1), f"{what} («{found[0]}»).", hint)


GOOD = (Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. No data, no file.")}),)
BAD = tuple(
    Example({"main.yaml": MAIN.replace("Thank you.", text)}, 21)
    for text in (
        "See ../../etc/passwd.",
        "See /etc/passwd.",
        "[Open](javascript:alert(1))",
        "Look at 169.254.169.254 or tg://user?id=1.",
    )
)
