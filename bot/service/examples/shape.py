"""Every key of an example file, in tables: the reader and the JSON Schema are made from them."""

from __future__ import annotations

from bot.content.shape import Key

EXAMPLE = (
    Key("example", "plain", "What the conversation shows, in one line.", "example: A typing error", required=True),
    Key("language", "plain", "The language of the person (en unless said).", "language: de"),
    Key("now", "value", "When it begins (2026-11-23T09:00Z unless said).", "now: 2026-11-23T09:00+01:00"),
    Key("hints", "changes", "Answers that the link on a poster already gives.", "territory: DE"),
    Key("talk", "answers", "The conversation, step by step.", required=True),
    Key("expect", "changes", "How everything stands at the end.", "state: pets/goodbye"),
)  # fmt: skip

STEP = (
    Key("they say", "plain", "What the person types.", "they say: dgo"),
    Key("they tap", "plain", "The answer the person presses, by its id or its words.", "they tap: none"),
    Key("they react", "number", "The number a person reacts with (1 is the first answer).", "they react: 1"),
    Key("they send", "plain", "Something that is no text.", "they send: photo"),
    Key("bot", "plain", "The next message; * stands for anything, ... for any number of messages.", "bot: Hello*"),
    Key("buttons", "plain", "The answers offered, by words or ids, with commas; * stands for any.", "buttons: Yes, No"),
    Key("wait", "span", "Time goes by, and reminders come.", "wait: 31 days"),
)

EXPECT = (
    Key("state", "target", "Where the person stands: dialog/state.", "state: pets/goodbye"),
    Key("slots", "changes", "Remembered answers; an empty value says that nothing is remembered.", "animal: none"),
    Key("language", "plain", "The language at the end.", "language: de"),
    Key("ended", "choice", "Whether the conversation is over.", "ended: yes", choices=("yes", "no")),
    Key("forgotten", "choice", "Whether nothing is kept.", "forgotten: yes", choices=("yes", "no")),
)

TABLES = {"example": EXAMPLE, "step": STEP, "expectation": EXPECT}
"""Every table of an example file by what it describes."""
