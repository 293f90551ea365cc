"""Where log lines go, and what never goes there: secrets, and the chatter of libraries that write addresses."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable

_LIBRARIES = ("httpx", "httpcore", "telegram", "aiohttp", "asyncio", "uvicorn", "nio", "aiosqlite", "peewee", "urllib3")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Redacting(logging.Formatter):
    """Write `***` in the place of every secret, wherever in a line or a traceback it stands."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(_FORMAT)
        parts = set()
        for secret in secrets:
            parts.add(secret)
            # A bot token is «id:rest»; the rest alone is as good as the whole.
            _, colon, rest = secret.partition(":")
            if colon and len(rest) >= 8:
                parts.add(rest)
        self._secrets = sorted(parts, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Write a line, on one line: what it tells may come from outside."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return "".join(char if char.isprintable() else " " for char in text)


def set_up_logs(level: str, secrets: Iterable[str]) -> None:
    """Send log lines to stderr. The filter sits on the handler, so that it also holds for other libraries' loggers."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
