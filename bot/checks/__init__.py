"""Checks over dialogs, facts, letters and translations: used by `optout-bot check` and before content is accepted.

`run(view)` looks at one pack; `check_folder` reads a content folder and looks at everything in it. Each check is a file
of its own with a code, an explanation and examples; `explain_all` writes the page about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.checks.command import command_check
    from bot.checks.folder import Found, check_folder
    from bot.checks.registry import explain_all
    from bot.checks.runner import run
    from bot.checks.view import Outside, View

__all__ = ["Found", "Outside", "View", "check_folder", "command_check", "explain_all", "run"]

_HOMES = {
    "Found": "folder", "Outside": "view", "View": "view", "check_folder": "folder", "command_check": "command",
    "explain_all": "registry", "run": "runner",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a part when it is asked for: who only talks does not wait for fifty checks."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"bot.checks.{_HOMES[name]}"), name)
