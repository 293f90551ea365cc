"""Write the page `docs/authors/checks.md`: `python -m bot.checks.page --write`; without `--write` it is shown."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.checks.registry import explain_all

PAGE = Path("docs", "authors", "checks.md")


def main(arguments: list[str]) -> int:
    """Show the page, or write it below the folder one stands in."""
    text = explain_all()
    if "--write" in arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
