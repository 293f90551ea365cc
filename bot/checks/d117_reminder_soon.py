"""Find reminders that come while the person is still there, or so late that nobody remembers."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.errors import Problem

SOONEST = 60
"""Minutes below which a reminder interrupts the conversation that sets it."""
LATEST = 2 * 366 * 24 * 60
"""Minutes after which conversations have long been forgotten (`KEEP_DAYS` of the operator is a few months)."""
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60, "month": 30 * 24 * 60}

CODE = "D117"
TITLE = "A reminder comes at a strange time."
LEVEL: Level = "warning"
EXPLANATION = (
    "Within an hour the person is probably still reading, and the reminder breaks into what they do; after two years "
    "nothing is kept that it could remind of. Often the unit is wrong: «1 minutes» was meant as «1 months»."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Measure the time of every reminder that is set by a span."""
    for _, state in view.states():
        remind = state.remind
        if remind is None or remind.unit not in _MINUTES or state.at is None:
            continue
        minutes = remind.number * _MINUTES[remind.unit]
        if SOONEST <= minutes <= LATEST:
            continue
        spot = view.compiled.marks.get((state.at.file, state.at.line, "remind in"), state.at)
        said = f"{remind.number} {remind.unit}{'s' if remind.number != 1 else ''}"
        when = "while the person is still here" if minutes < SOONEST else "when everything is long forgotten"
        yield say(spot, f"«{remind.name}» comes after {said}, {when}.", "Look at the number and the unit.")


_STATES = (
    "  which:\n    say: I remind you.\n    remind:\n      name: soon\n      in: {}\n      do: help\n    next: out\n"
    "\n  out:\n    say: Bye.\n    end: done\n"
)
GOOD = (
    Example({"main.yaml": dialog(_STATES.format("2 days"))}),
    Example({"main.yaml": dialog(_STATES.format("1 hour"))}),
)
BAD = (
    Example({"main.yaml": dialog(_STATES.format("1 minutes"))}, 9),
    Example({"main.yaml": dialog(_STATES.format("59 minutes"))}, 9),
    Example({"main.yaml": dialog(_STATES.format("40 months"))}, 9),
)
