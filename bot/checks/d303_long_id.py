"""Find answer ids that do not fit into what a button carries."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import dialog
from bot.checks.view import View
from bot.errors import Problem

MOST = 32
"""A Telegram button carries 64 bytes; the place of its question and its turn take the other half."""

CODE = "D303"
TITLE = "An answer id is too long for a button."
LEVEL: Level = "error"
EXPLANATION = (
    f"A button carries at most 64 bytes on Telegram, and half of it says which question it belongs to; {MOST} "
    "bytes remain for the id. Shorten the ids of the list, in the facts."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Measure the ids of every list that a question offers."""
    for _, state in view.states():
        provider = view.registry.lists.get(state.choose or state.pick or "")
        long = [one for one in provider.every if len(one.encode()) > MOST] if provider else []
        if long and state.at is not None:
            message = f"the list «{state.choose or state.pick}» has the id «{long[0][:60]}»; at most {MOST} bytes fit."
            yield say(state.at, message, "Shorten it in the facts.")


_SLOTS = "  lamp:\n    type: choice\n    from: {0}\n    about: The lamp\n"
_ASK = (
    "  which:\n    say: Which?\n    choose: {0}\n    save: lamp\n    next: out\n\n"
    "  out:\n    say: So {{lamp}}.\n    end: done\n"
)


def _asking(name: str) -> dict[str, str]:
    return {"main.yaml": dialog(_ASK.format(name), _SLOTS.format(name))}


GOOD = (Example(_asking("colours")),)
BAD = (Example(_asking("wordy"), 11),)
