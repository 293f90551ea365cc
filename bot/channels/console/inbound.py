"""From a line of input to what happened. Pure: bytes in, data out, whatever the bytes are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Never

from bot.channels.console.clock import Span, read_span
from bot.engine.asking import DONE
from bot.engine.events import Event, Pressed, Said
from bot.engine.recognise import number
from bot.texts.tree import Message

_SHOWN = 60
"""Characters of a wrong input that an error repeats."""
_ONE_OBJECT = (
    'expected one JSON object a line, such as {"text": "Germany"}, {"press": "done"} or {"advance": "31 days"}'
)


@dataclass(frozen=True, slots=True)
class Advance:
    """Move the clock on."""

    span: Span


@dataclass(frozen=True, slots=True)
class Refusal:
    """Say in one sentence why a line was not taken."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of input without its end; `cut` when it was longer than anything we read."""

    data: bytes
    cut: bool = False

    def text(self) -> str:
        """Give the line as text; bytes that are no UTF-8 become U+FFFD."""
        return self.data.decode("utf-8", "replace")


Given = tuple[Event, ...] | Advance | Refusal


def read_json(line: Line) -> Given:
    """Read a line of the JSON form; anything that is none is a `Refusal`."""
    if line.cut:
        return Refusal("This line is too long to be read.")
    try:
        data = json.loads(line.text().lstrip("\ufeff"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return Refusal(f"This line is not JSON: {_ONE_OBJECT}.")
    if not isinstance(data, dict) or len(data) != 1:
        return Refusal(f"This line is JSON, but {_ONE_OBJECT}.")
    ((key, value),) = data.items()
    if key not in {"text", "press", "advance"}:
        return Refusal(f"There is no input {shown(key)}: {_ONE_OBJECT}.")
    if not isinstance(value, str):
        return Refusal(f'The value of "{key}" has to be a string.')
    if key == "text":
        return (Said(value),)
    if key == "press":
        return (Pressed(value),)
    span = read_span(value)
    if span is None:
        return Refusal(f"The clock cannot be moved by {shown(value)}: write N minutes, hours, days, weeks or months.")
    return Advance(span)


def read_typed(text: str, question: Message | None) -> tuple[Event, ...]:
    """Read what was typed under a question in the pleasant terminal, where a multiple choice shows its ticks.

    One number ticks or unticks; an empty line goes on once something is ticked; several numbers are taken together
    with the ticks and go on. Everything else is for the conversation to understand.
    """
    if question is None or not question.multiple:
        return (Said(text),)
    ticked = [place for place, choice in enumerate(question.choices, 1) if choice.selected]
    if not text.strip():
        return (Pressed(DONE, question.place, question.turn),) if ticked else (Said(text),)
    typed = [number(word) for word in text.replace(",", " ").replace(";", " ").split()]
    if len(typed) > len(question.choices) or not all(one and one <= len(question.choices) for one in typed):
        return (Said(text),)
    if len(typed) == 1:
        return (Pressed(question.choices[(typed[0] or 1) - 1].id, question.place, question.turn),)
    return (Said(", ".join(str(one) for one in dict.fromkeys([*ticked, *typed]))),)


def shown(text: str) -> str:
    """Give a wrong input as an error may repeat it: short, on one line, in quotation marks."""
    printable = "".join(char if char.isprintable() else " " for char in text[:_SHOWN])
    return f"«{printable}…»" if len(text) > _SHOWN else f"«{printable}»"


def _no_number(name: str) -> Never:
    raise ValueError(f"{name} is no JSON")
