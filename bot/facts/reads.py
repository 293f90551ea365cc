"""Which answers the facts look at, by name: the checks need to know that somebody does."""

from __future__ import annotations

READS = frozenset(
    {
        "territory",
        "subdivision",
        "situation",
        "accounts",
        "same_centre",
        "grounds",
        "form",
        "forms_done",
        "forms_later",
        "forms_failed",
        "sent_on",
    }
)
