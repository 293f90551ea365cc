"""Find every check and every code, and write the page that explains them all."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from typing import cast

import bot.checks
from bot.checks.codes import CODED, GROUPS, Coded
from bot.checks.kinds import Check, Example

_CHECK = re.compile(r"[a-z]\d{3}_[a-z0-9_]+\Z")


@cache
def all_checks() -> tuple[Check, ...]:
    """Import every module of this folder that is named like a check, sorted by code."""
    names = sorted(one.name for one in pkgutil.iter_modules(bot.checks.__path__) if _CHECK.match(one.name))
    return tuple(cast(Check, importlib.import_module(f"bot.checks.{name}")) for name in names)


def all_codes() -> dict[str, Coded]:
    """Give every code there is with its title, level and what to do."""
    made = {one.CODE: Coded(one.TITLE, one.LEVEL, one.EXPLANATION) for one in all_checks()}
    return dict(sorted({**CODED, **made}.items()))


def explain_all() -> str:
    """Write `docs/authors/checks.md`: every code, what it means, what to do, and an example where there is one."""
    checks = {one.CODE: one for one in all_checks()}
    codes = all_codes()
    parts = [_HEAD.format(count=len(codes))]
    for letters, title in GROUPS.items():
        parts.append(f"## {title}\n")
        own = {code: coded for code, coded in codes.items() if code.startswith(letters)}
        rows = [f"| {code} | {one.title} | {one.explanation} |" for code, one in own.items() if code not in checks]
        if rows:
            parts.append("\n".join(("| code | found | what to do |", "|---|---|---|", *rows)) + "\n")
        for code, coded in own.items():
            if code in checks:
                parts.append(f"### {code}\n\n**{coded.title}** ({coded.level})\n\n{coded.explanation}\n")
                parts.append(_shown(checks[code].BAD[0]))
    return "\n".join(part for part in parts if part).rstrip() + "\n"


def _shown(example: Example) -> str:
    """Show the line that a check complains about, with a few lines around it."""
    lines = example.files.get(example.file, "").split("\n")
    first, last = max(example.line - 3, 0), min(example.line + 2, len(lines))
    while first < last and not lines[first].strip():
        first += 1
    while first < last and not lines[last - 1].strip():
        last -= 1
    if first == last or example.file not in example.files:
        return ""
    kind = "yaml" if example.file.endswith(".yaml") else "po"
    width = max(len(line) for line in lines[first:last])
    shown = [
        f"{line:{width}}  # ← here" if number == example.line else line
        for number, line in enumerate(lines[first:last], first + 1)
    ]
    body = "\n".join(line.rstrip() for line in shown)
    return f"For example, in `{example.file}`:\n\n```{kind}\n{body}\n```\n"


_HEAD = """# What the checks say

`optout-bot check` reads dialogs, facts, letters and translations, and lists every problem at once:

```
dialogs/lamps/main.yaml:14:11: D041 there is no state «thank». Did you mean «thanks»?
```

The place (file, line, column), the code, what was found, and what to do.
Errors keep the content from being used and end the command with exit code 1; warnings do not.
Some findings are right in general and wrong here. Then say so, on the line or the one above, with the reason:

```yaml
    # check: ignore D216 because the sentence quotes the law
    say: …
```

There are {count} codes. This page is made from them (`python -m bot.checks.page --write`).
"""
