"""From a message to what stands on the screen or in a line of JSON. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.engine.session import Session
from bot.texts.clean import clean
from bot.texts.plain import to_plain
from bot.texts.tree import Message, RenderedChoice

_URL = re.compile(r"https?://[^\s<>\"«»\u2066-\u2069]+")
_CLOSING = ".,;:!?)]}'’”…"
"""What may follow an address without belonging to it."""
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with the number it has in this run, the number of the one it replaces, and where its files were put."""

    id: int
    message: Message
    replaces: int | None = None
    paths: tuple[Path | None, ...] = ()


def message_line(shown: Shown) -> str:
    """Write a message as one line of JSON, without its end."""
    message = shown.message
    text = to_plain(message.body)
    return _line(
        {
            "message": {
                "id": shown.id,
                "replaces": shown.replaces,
                "kind": message.kind,
                "text": text,
                "choices": [
                    {"id": choice.id, "label": clean(choice.label), "selected": choice.selected}
                    for choice in message.choices
                ],
                "links": _links(message, text),
                "files": [
                    {
                        "name": clean(file.name),
                        "media_type": file.media_type,
                        "path": None if path is None else str(path),
                    }
                    for file, path in zip(message.files, shown.paths, strict=True)
                ],
            }
        }
    )


def _links(message: Message, text: str) -> list[dict[str, str]]:
    """List every address of a message: the links, then those that only stand in the words (an operator's contact)."""
    found = {clean(link.url): clean(link.label) for link in message.links()}
    for match in _URL.finditer(text):
        if not any(match[0].rstrip(_CLOSING) == known.rstrip(_CLOSING) for known in found):
            url = match[0].rstrip(_CLOSING)
            found[url] = url
    return [{"label": label or url, "url": url} for url, label in found.items()]


def state_line(session: Session) -> str:
    """Write where the conversation stands as one line of JSON, without its end."""
    return _line(
        {
            "state": session.state,
            "stack": list(session.stack),
            "language": session.language,
            "slots": dict(session.slots),
            "ended": session.ended,
        }
    )


def error_line(sentence: str) -> str:
    """Write an error as one line of JSON, without its end."""
    return _line({"error": sentence})


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def plain_block(shown: Shown) -> str:
    """Write a message as one block of lines without an empty one, so that an empty line always ends a message."""
    parts = [_BLANK_LINES.sub("\n", to_plain(shown.message.body)).strip("\n")]
    parts += [choice_line(place, choice) for place, choice in enumerate(shown.message.choices, 1)]
    parts += [f"{clean(file.name)}: {path or '–'}" for file, path in zip(shown.message.files, shown.paths, strict=True)]
    return "\n".join([part for part in parts if part])


def choice_line(number: int, choice: RenderedChoice) -> str:
    """Write a choice with the number by which it can be answered."""
    return f"{number}. {'[x] ' if choice.selected else ''}{clean(choice.label)}"
