"""Read the slots of a dialog file: what is remembered of a person, and what fits into it."""

from __future__ import annotations

from datetime import date
from typing import cast, get_args

from bot.content.pieces import NAME, Reading
from bot.engine.model import Slot, SlotType
from bot.reader import Entries, Piece, Scalar

_KEYS = {
    "to": ("number",), "up to": ("text", "name"), "earliest": ("date",), "latest": ("date",),
}  # fmt: skip
"""The types a key of a slot belongs to."""


def read_slot(reading: Reading, dialog: str, key: Scalar, piece: Piece) -> Slot | None:
    """Read a slot; None where its name is none. One whose keys are wrong is still known to those who name it."""
    if not NAME.match(key.text):
        reading.fail(key, "D006", f"«{key.text[:40]}» is no name for a slot.", "Use a-z, 0-9 and _.")
        return None
    entries = reading.entries(piece, "slot")
    kind = reading.choice(entries.get("type"), "type", "slot") if entries else None
    if entries is None:
        return Slot(key.text, "choice", at=reading.place(key))
    reading.mark(key, entries)
    said = kind is not None
    kind = kind or _meant(entries)  # a slip in the type is one mistake, not one more at every use of the slot
    for word in (*_KEYS, "from"):
        if said and entries.get(word) is not None and kind not in _KEYS.get(word, ("choice", "choices", "number")):
            reading.fail(entries.key(word) or key, "D039", f"a slot of the type {kind} has no «{word}».", "Delete it.")
    number = kind == "number"
    slot = Slot(
        key.text,
        cast(SlotType, kind),
        source=None if number else reading.name(entries.get("from"), "from"),
        minimum=reading.number(entries.get("from"), "from") if number else None,
        maximum=reading.number(entries.get("to" if number else "up to"), "to" if number else "up to"),
        earliest=_day(reading, entries, "earliest"),
        latest=_day(reading, entries, "latest"),
        depends_on=reading.name(entries.get("depends on"), "depends on"),
        about=reading.text(entries.get("about"), "about", f"{dialog}/slots/{key.text}/about"),
        at=reading.place(key),
    )
    days = [day for day in (slot.earliest, slot.latest) if day is not None and day != "today"]
    low = (slot.minimum or 0) if number else 1
    if (slot.maximum is not None and slot.maximum < low) or (len(days) == 2 and days[0] > days[1]):
        reading.fail(key, "D038", f"nothing fits into «{key.text}»: its end is before its beginning.", "Swap the two.")
    return slot


def _meant(entries: Entries) -> SlotType:
    """Guess the type an author meant, for the checks alone; a pack with a wrong type is never run."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    types = get_args(SlotType)
    written = entries.get("type")
    found = process.extractOne(written.text, types, scorer=OSA.distance) if isinstance(written, Scalar) else None
    return cast(SlotType, found[0] if found else "choice")


def _day(reading: Reading, entries: Entries, key: str) -> str | None:
    scalar = reading.scalar(entries.get(key), key)
    if scalar is None:
        return None
    try:
        return scalar.text if scalar.text == "today" else date.fromisoformat(scalar.text).isoformat()
    except ValueError:
        reading.fail(scalar, "D018", f"«{scalar.text[:20]}» is no date.", "Write 2024-05-01 or today.")
        return None
