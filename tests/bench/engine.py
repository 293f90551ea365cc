"""A turn without input and output on the real dialog: session bytes, recognise, step, render, session bytes."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from types import SimpleNamespace

import orjson

from bot.engine.events import Event, Pressed, Said, Started
from bot.engine.machine import fire
from bot.engine.session import decode, encode
from bot.engine.step import step
from bot.service.render import render
from bot.texts.tree import to_json
from tests.bench.timing import micro, table
from tests.kit.shipped import NOW, library

WALK: tuple[tuple[str, Event], ...] = (
    ("start", Started("en")),
    ("country, typed", Said("Germany")),
    ("situation, pressed", Pressed("own")),
    ("account, typed", Said("facebook")),
    ("help me write, pressed", Pressed("full")),
    ("two reasons, typed", Said("1, 2")),
    ("first follow-up", Said("1")),
    ("second follow-up", Said("1")),
)


def turn(before: bytes | None, event: Event) -> bytes:
    """Do everything a turn does between reading a row and writing it."""
    lib = library()
    session = decode(before) if before else None
    outcome = step(lib, session, event, NOW)
    pack = lib.pack(outcome.session.pack, outcome.session.version)
    assert pack is not None
    for effect in outcome.effects:
        message = render(lib, pack, effect, outcome.session.language, NOW)
        if message is not None:
            orjson.dumps(to_json(message))
    return encode(outcome.session)


def _bind(before: bytes | None, event: Event) -> Callable[[], object]:
    return lambda: turn(before, event)


def bench() -> str:
    """Measure every turn of a walk, the machine's share, and what sessions weigh."""
    before: bytes | None = None
    contestants: dict[str, Callable[[], object]] = {}
    sizes: dict[str, int] = {}
    for name, event in WALK:
        contestants[name] = _bind(before, event)
        before = turn(before, event)
        sizes[name] = len(before)
    found = micro(contestants)
    rows = [(name, f"{micros:.0f}", str(sizes[name])) for name, micros in found.items()]
    middle = statistics.median(found.values())
    rows.append(("**median of the walk**", f"**{middle:.0f}**", str(max(sizes.values()))))
    return table("A whole turn without I/O", ("turn", "µs (CPU)", "session bytes after"), rows) + "\n" + _machine()


def _machine() -> str:
    dialog = library().newest.dialogs["country"]
    light = SimpleNamespace(state="ask", answer="", jump=None, lookup=lambda name: None)

    def trigger() -> None:
        light.state = "ask"
        fire(dialog.machine, "value", light)

    found = micro({"transitions trigger inside a turn": trigger}, times=2000)
    return table("The machine", ("what", "µs (CPU)"), [(name, f"{micros:.1f}") for name, micros in found.items()])
