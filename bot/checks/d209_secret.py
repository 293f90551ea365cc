"""Find secrets that were pasted into a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem

CODE = "D209"
TITLE = "Something that looks like a secret stands in a file."
LEVEL: Level = "error"
EXPLANATION = (
    "Tokens, keys and passwords never stand in dialogs, facts or translations; everybody can read those. Take"
    " it out, and have it replaced by a new one: what was once in a file is known."
)
WHOLE = False
say = teller(CODE, LEVEL)

_COLON = re.compile(r":[A-Za-z0-9_-]{35}")
_LOGIN = re.compile(r"://[^\s/:@]{1,64}:[^\s/:@]{3,128}@")

_SECRETS = (
    ("a Telegram token", _COLON, re.compile(r"(?<![\w-])\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])")),
    ("a Matrix token", "syt_", re.compile(r"(?<!\w)syt_[A-Za-z0-9]+_[A-Za-z0-9]{10,}_[A-Za-z0-9]{4,}")),
    ("a Matrix token", "MDAx", re.compile(r"(?<!\w)MDAx[A-Za-z0-9_-]{40,}")),
    ("a GitHub token", "gh", re.compile(r"(?<!\w)gh[pousr]_[A-Za-z0-9]{30,}")),
    ("a GitHub token", "github_pat_", re.compile(r"(?<!\w)github_pat_[A-Za-z0-9_]{40,}")),
    ("an API key", "sk-", re.compile(r"(?<!\w)sk-[A-Za-z0-9_-]{20,}")),
    ("an API key", "AIza", re.compile(r"(?<!\w)AIza[A-Za-z0-9_-]{35}")),
    ("an API key", "xox", re.compile(r"(?<!\w)xox[abp]-[\w-]{20,}")),
    ("an API key", "AKIA", re.compile(r"(?<!\w)AKIA[A-Z0-9]{16}(?!\w)")),
    ("a private key", "PRIVATE KEY", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("a web token", "eyJ", re.compile(r"(?<!\w)eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    ("a password in an address", _LOGIN, re.compile(r"(?<!\w)\w{2,20}://[^\s/:@]{1,64}:[^\s/:@]{3,128}@")),
)
"""What it is, a part that every one of them has (looked for first, it is much quicker), and its shape."""


def check(view: View) -> Iterator[Problem]:
    """Look at every line of every file, whoever reads it."""
    files = {f"{view.prefix}{path}": text for path, text in view.files.items()} | dict(view.locales.values())
    for file, text in files.items():
        for what, found in secrets(text):
            line = text.count("\n", 0, found.start()) + 1
            col = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
            yield say((file, line, col), f"this looks like {what}.", "Take it out, and have it replaced.")


def secrets(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Find what looks like a secret: what it is, and where."""
    for what, part, pattern in _SECRETS:
        if part in text if isinstance(part, str) else part.search(text):
            for found in pattern.finditer(text):
                yield what, found


GOOD = (Example({"main.yaml": MAIN.replace("Thank you.", "Thank you. It was 12:30.")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("Thank you.", "123456789:" + "AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr")}, 21),
    Example({"help.yaml": "# db: postgresql://bot:hunter22@db/bot\ndialog: help\nstart: say\n"}, 1, "help.yaml"),
)
