"""Let go of facts that are no longer in use."""

from __future__ import annotations

from bot.facts import cited, models


def let_go() -> None:
    """Empty what is kept beside the facts: it holds every pack of facts it was worked out from.

    What is worked out from the facts in use is found anew at the next question, in microseconds.
    """
    for module in (cited, models):
        for one in list(vars(module).values()):
            clear = getattr(one, "cache_clear", None)
            if clear is not None:
                clear()
