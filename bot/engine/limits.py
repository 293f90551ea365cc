"""Every limit of the conversation, each with its reason."""

from __future__ import annotations

SILENT_STEPS = 100
"""States passed in one turn without asking; more is a loop an author made by mistake (E05)."""

MESSAGES_PER_TURN = 8
"""Messages one event may cause; a tiny input must not become a flood (A02). The longest shipped turn needs six."""

TEXT_READ = 4000
"""Characters of an answer that are looked at; Telegram itself allows 4096."""

TEXT_KEPT = 500
"""Characters a free text keeps unless its slot says otherwise; a form box takes about 900."""

NAME_KEPT = 80
"""Characters of a person's name; longer ones are pasted text."""

HISTORY = 12
"""Questions one can go back; keeps a stored session under 2 KiB."""

FRAMES = 8
"""Dialogs called inside one another; the shipped pack needs three."""

PART_FROM = 3
"""Shortest word that stands for a longer answer it is part of («art» for «Art and drawings»)."""

FUZZY_FROM = 4
"""Shortest word that may be matched with a slip; shorter ones have too many neighbours."""

SURE_FROM = 6
"""Shortest word with a slip that is taken without asking; shorter ones are confirmed ("Did you mean A?")."""

NEAR = 2
"""Edits within which two words count as near neighbours: a slip between them is asked back, never guessed."""

HELP_AFTER = 3
"""Misunderstood answers in a row after which help is offered (E06)."""

CONTACT_AFTER = 5
"""Misunderstood answers in a row after which the operator's contact is named (E06)."""

CANDIDATES = 4
"""Most answers offered by "did you mean"."""
