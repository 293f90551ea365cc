"""Take over findings of other layers, which have their own kinds of problem, into the one list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, cast

from bot.errors import Problem


def adopt(problems: Iterable[object]) -> tuple[Problem, ...]:
    """Turn the findings of facts, letters and texts (file, line, col, code, message, hint, level) into problems."""
    found = []
    for one in problems:
        if isinstance(one, Problem):
            found.append(one)
            continue
        told = cast(Any, one)
        message, hint = str(told.message), str(getattr(told, "hint", ""))
        level: Literal["error", "warning"] = "warning" if getattr(told, "level", "") == "warning" else "error"
        found.append(
            Problem(
                str(told.file),
                int(told.line),
                int(told.col),
                str(told.code),
                message if message.endswith((".", "!", "?")) else f"{message}.",
                hint if not hint or hint.endswith((".", "!", "?")) else f"{hint[0].upper()}{hint[1:]}.",
                level,
            )
        )
    return tuple(found)
