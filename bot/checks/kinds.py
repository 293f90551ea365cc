"""What a check is: a module with a code, a sentence, what to do about it, and examples that prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from bot.engine.model import Place
from bot.errors import Problem
from bot.reader import Node

if TYPE_CHECKING:
    from bot.checks.view import View

Level = Literal["error", "warning"]
Spot = Place | Node | tuple[str, int, int]
"""Where something stands: a place of the compiled pack, a piece of a file, or file, line and column."""


@dataclass(frozen=True, slots=True)
class Example:
    """A small source that shows a check at work: files that are laid over `bot.checks.sample.FILES`.

    `line` is where the check must find something in `file` (0: it must find nothing). `covered` are the states that
    example conversations reach; None where nobody counted.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    file: str = "main.yaml"
    covered: frozenset[str] | None = None


class Check(Protocol):
    """What every module `bot/checks/<letter><number>_<name>.py` offers."""

    CODE: str
    TITLE: str
    """The finding in one sentence, for the list of codes."""
    LEVEL: Level
    EXPLANATION: str
    """Why it matters and what to do."""
    WHOLE: bool
    """Whether it looks at the pack as a whole and so waits until every name in it is right."""
    GOOD: tuple[Example, ...]
    BAD: tuple[Example, ...]

    @staticmethod
    def check(view: View) -> Iterator[Problem]:
        """List what is found."""
        ...


Say = Callable[..., Problem]


def teller(code: str, level: Level) -> Callable[..., Problem]:
    """Make the function with which a check tells its findings: `say(place, message, hint, level)`."""

    def say(spot: Spot, message: str, hint: str = "", as_level: Level = level) -> Problem:
        if isinstance(spot, tuple):
            return Problem(*spot, code, message, hint, as_level)
        return Problem(spot.file, spot.line, spot.col, code, message, hint, as_level)

    return say
