"""Every error the project raises on purpose.

BotError
├── UsageError        what was typed cannot be done         (what was read, what would be right)
├── ContentError      the author or translator can fix it   (problems, each with file, line, column)
│   └── NoContent     there is no such content, a UsageError too
├── SettingsError     the operator can fix it               (variable, what was read, an example)
├── StoreError        the database cannot be used           (what was found, what to do)
│   ├── NoDatabase    there is no such file, a UsageError too
│   └── Conflict      somebody else changed the session first; read it again
└── SendError         a network did not take a message
    ├── TryLater      (after: seconds)
    │   └── Down      nobody can be reached at the moment
    ├── RefusedForGood
    │   └── Closed    nothing can be said in this conversation until its person writes again
    └── Unknown       it may have arrived
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


class BotError(Exception):
    """Be the parent of every error raised on purpose; the message is one sentence for its reader."""


class UsageError(BotError):
    """Say what was typed and cannot be done, and what can be: the exit code is that of a wrong option."""


class ContentError(BotError):
    """Say that dialogs, facts or translations cannot be used; `problems` lists every reason with its place."""

    def __init__(self, message: str, problems: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class NoContent(ContentError, UsageError):
    """Say that the folder, the pack or the file that was named is not there, and which there are."""


class SettingsError(BotError):
    """Say which setting is wrong, what was read and what a right one looks like."""


class StoreError(BotError):
    """Say that the database cannot be opened, read or written, and what to do."""


class NoDatabase(StoreError, UsageError):
    """Say that the database file that was named is not there."""


class Conflict(StoreError):
    """Say that another process changed a session between reading and writing it."""


class SendError(BotError):
    """Be the parent of the three ways in which a network does not take a message."""


class TryLater(SendError):
    """Say that sending may work again after `after` seconds."""

    def __init__(self, message: str, after: float) -> None:
        super().__init__(message)
        self.after = after


class Down(TryLater):
    """Say that the whole network cannot be reached: nobody else's message would arrive either."""


class RefusedForGood(SendError):
    """Say that this message, or this conversation, will never be taken."""


class Closed(RefusedForGood):
    """Say that the person blocked the bot, left or is gone; they open the conversation again by writing."""


class Unknown(SendError):
    """Say that the message may have arrived: the connection ended after the request had left."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Name one mistake in a file: where it stands (line and column from 1), its code, what was read and what to do."""

    file: str
    line: int
    col: int
    code: str
    message: str
    hint: str = ""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Give the problem as `file:line:col: CODE message. hint`."""
        tail = f" {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}:{self.col}: {self.code} {self.message}{tail}"

    @property
    def in_one_line(self) -> str:
        """The problem as lists of problems show it: a warning says that it is one, and a line is a line."""
        warning = " warning:" if self.level == "warning" else ""
        return " ".join(str(self).replace(self.code, f"{self.code}{warning}", 1).split("\n"))
