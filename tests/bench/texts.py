"""The translation cycle on the shipped content and on a made-up pack of 2,000 states and 5,000 messages."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.app import load
from bot.commands.source_texts import gather, of_pack
from bot.content.compile import read_pack
from bot.texts.pobook import Book, read_book, write_book
from bot.texts.pseudo import pseudo
from bot.texts.reconcile import Entry, merge, template, update
from tests.bench.timing import table
from tests.kit.shipped import loaded

DIALOGS, STATES = 100, 20
BABELS_SIZE = 400
"""Babel's own update takes the square of this; 136 s were measured at 5,000 messages."""


def made_up(dialogs: int = DIALOGS, states: int = STATES) -> dict[str, str]:
    """Write the files of a pack: each state asks, every second has one answer, the others two."""
    files = {"pack.yaml": "pack: big\ntitle: A large pack\nstart: d0\n"}
    for dialog in range(dialogs):
        lines = [f"dialog: d{dialog}", "start: s0", "states:"]
        for state in range(states):
            name = f"number {dialog * states + state}"
            lines += [
                f"  s{state}:",
                f"    say: This is question {name}; it asks {{what}} about {name}.",
                "    answers:",
            ]
            for answer in range(1 + state % 2):
                to = f"s{(state + 1 + answer) % states}"
                lines += [f"      - answer: Answer {answer} to {name}", f"        id: a{answer}", f"        go: {to}"]
        files[f"d{dialog}.yaml"] = "\n".join(lines) + "\n"
    return files


def entries_of(files: dict[str, str]) -> list[Entry]:
    """Read the pack and list its texts, as `texts extract` does."""
    pack = read_pack("big", files).draft
    assert pack is not None
    return [
        Entry(text.msgid, text.place, f"dialogs/big/{text.place.split('/')[1]}.yaml", text.context, text.plural)
        for text in of_pack(pack)
    ]


def translated(entries: list[Entry]) -> str:
    """Make a catalogue where every message has a translation."""
    text, _ = update(entries, "", "de")
    book: Book = read_book(text, "de")
    for one in book.messages.values():
        one.strings = tuple(f"Übersetzt: {one.msgid}" for _ in one.strings)
    return write_book(book)


def changed(entries: list[Entry], every: int = 10) -> list[Entry]:
    """Change every tenth text."""
    return [
        replace(entry, msgid=f"{entry.msgid} Changed.") if number % every == 0 else entry
        for number, entry in enumerate(entries)
    ]


def seconds(run: Callable[[], object], times: int = 5) -> float:
    """Give the median CPU seconds of a run: the machine may be busy with other things."""
    found = []
    for _ in range(times):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return statistics.median(found)


def bench() -> str:
    """Measure extract, update and the made-up language, and Babel's update beside ours at a size it can do."""
    files = made_up()
    large = entries_of(files)
    old = translated(large)
    shipped = list(gather(loaded()))
    german = translated(shipped)
    later, now = changed(large), changed(shipped)
    rows = [
        _row("extract: read, list, write", "", seconds(lambda: template(gather(load()))), seconds(_extract(files))),
        _row("update, nothing changed", "2", *_updates((shipped, german), (large, old))),
        _row("update, every tenth text changed", "2", *_updates((now, german), (later, old))),
        _row("made-up language", "", seconds(lambda: pseudo(shipped)), seconds(lambda: pseudo(large))),
    ]
    head = ("what", f"shipped ({len(merge(shipped))} messages)", f"made up ({len(merge(large))})", "target")
    return table("Translations (CPU seconds, median of 5)", head, rows) + "\n" + _beside_babel(large)


def _row(name: str, target: str, small: float, big: float) -> tuple[str, ...]:
    return name, f"{small:.3f}", f"{big:.3f}", target


def _updates(*pairs: tuple[list[Entry], str]) -> list[float]:
    return [seconds(partial(update, entries, text, "de")) for entries, text in pairs]


def _extract(files: dict[str, str]) -> Callable[[], object]:
    return lambda: template(entries_of(files))


def _beside_babel(large: list[Entry]) -> str:
    few = large[:BABELS_SIZE]
    old, now = translated(few), changed(few)

    def babel() -> Catalog:
        catalog = read_po(io.BytesIO(old.encode()), locale="de")
        catalog.update(read_po(io.BytesIO(template(now).encode())))
        return catalog

    update(now, old, "de")
    ours, theirs = [], []
    for _ in range(3):
        ours.append(seconds(lambda: update(now, old, "de"), 1))
        theirs.append(seconds(babel, 1))
    rows = [
        ("ours, by place", f"{statistics.median(ours):.3f}"),
        ("Catalog.update", f"{statistics.median(theirs):.3f}"),
    ]
    title = f"Update beside Babel's ({len(merge(few))} messages, every tenth changed; CPU seconds, median of 3)"
    return table(title, ("what", "s"), rows)
