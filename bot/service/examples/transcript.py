"""Print a conversation so that it can be read aloud: for the README, for a look, for a review."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from bot.engine.events import Pressed, Reacted, Said, Unreadable
from bot.service.examples.conversation import Turn
from bot.service.examples.play import Played, Scene
from bot.texts.clean import FSI, PDI
from bot.texts.plain import to_plain
from bot.texts.tree import Message

_WIDTH = 100
_BOT, _YOU, _MORE = "Bot  │ ", "You  │ ", "     │ "


def transcript(played: Played) -> str:
    """Write an example as a conversation: who says what, the buttons in brackets, the time that goes by."""
    lines = [played.example.title, "─" * len(played.example.title)]
    for scene in played.scenes:
        lines += _scene(scene)
    return "\n".join(lines)


def _scene(scene: Scene) -> Iterator[str]:
    if scene.step is not None and scene.step.verb == "wait":
        yield from later(scene.step.text)
    for turn in scene.turns:
        yield from turn_lines(turn)


def later(waited: str) -> Iterator[str]:
    """Say that time went by, also where nothing came of it."""
    yield ""
    yield f"     · {waited} later ·"


def turn_lines(turn: Turn, *, person: bool = True) -> Iterator[str]:
    """Write one turn: what the person did (unless `person` is False), then every message."""
    did = _did(turn) if person else None
    if did is not None:
        yield ""
        yield from _lines(_YOU, did)
    for message in turn.messages:
        yield ""
        yield from _message(message)


def _did(turn: Turn) -> str | None:
    event = turn.event
    if isinstance(event, Said):
        return event.text
    if isinstance(event, Pressed):
        return f"[{turn.labels.get(event.answer, event.answer)}]"
    if isinstance(event, Reacted):
        return f"(reacts with {event.number})"
    if isinstance(event, Unreadable):
        return f"(sends: {event.what})"
    return None


def _message(message: Message) -> Iterator[str]:
    text = to_plain(message.body).replace(FSI, "").replace(PDI, "")
    parts = [text] if text else []
    parts += [f"(file: {file.name})" for file in message.files]
    if message.choices:
        parts.append("  ".join([f"[{'✓ ' if one.selected else ''}{one.label}]" for one in message.choices]))
    yield from _lines(_BOT, "\n".join(parts))


def _lines(first: str, text: str) -> Iterator[str]:
    head = first
    for line in text.split("\n"):
        wrapped = textwrap.wrap(line, _WIDTH - len(head), break_long_words=False, break_on_hyphens=False) or [""]
        for piece in wrapped:
            yield f"{head}{piece}".rstrip()
            head = _MORE
