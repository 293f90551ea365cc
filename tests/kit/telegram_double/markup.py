"""Telegram's HTML, read as its server reads it, with its own words for what is wrong."""

from __future__ import annotations

import re
from typing import Any

_SIMPLE = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link", "span": "spoiler",
}  # fmt: skip
_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|[a-z]+);?")


class CannotParse(Exception):
    """Say what Telegram says."""


def units(text: str) -> int:
    """Count a text in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Give the text and its entities; raises `CannotParse`."""
    text = ""
    entities: list[dict[str, Any]] = []
    open_tags: list[tuple[str, int, dict[str, Any]]] = []
    position = 0

    def byte(at: int) -> int:
        return len(source[:at].encode())

    while position < len(source):
        if source[position] == "<":
            token = _TOKEN.match(source, position)
            if token is None:
                raise CannotParse(f"Unsupported start tag at byte offset {byte(position)}")
            closing, name, rest = token[1], token[2].lower(), token[3]
            if closing:
                if not open_tags:
                    raise CannotParse(f"Unexpected end tag at byte offset {byte(position)}")
                opened, start, entity = open_tags.pop()
                if opened != name:
                    raise CannotParse(
                        f'Unmatched end tag at byte offset {byte(position)}, expected "</{opened}>", found "</{name}>"'
                    )
                length = units(text) - start
                if length > 0:
                    entities.append({**entity, "offset": start, "length": length})
            else:
                if name not in _SIMPLE or (name == "span" and 'class="tg-spoiler"' not in rest):
                    raise CannotParse(f'Unsupported start tag "{name}" at byte offset {byte(position)}')
                if any(opened in {"code", "pre"} for opened, _, _ in open_tags) and name != "code":
                    raise CannotParse(f'Tag "{name}" inside code at byte offset {byte(position)}')
                entity = {"type": _SIMPLE[name]}
                if name == "a":
                    found = re.search(r'href="([^"]*)"', rest)
                    entity["url"] = _unescape(found[1]) if found else ""
                open_tags.append((name, units(text), entity))
            position = token.end()
            continue
        end = source.find("<", position)
        end = len(source) if end < 0 else end
        text += _unescape(source[position:end])
        position = end
    if open_tags:
        raise CannotParse(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    stripped = text.rstrip()
    lead = units(stripped) - units(stripped.lstrip())
    kept = []
    for entity in sorted(entities, key=lambda one: (one["offset"], -one["length"])):
        start = max(0, entity["offset"] - lead)
        length = min(entity["offset"] + entity["length"] - lead, units(stripped.lstrip())) - start
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return stripped.lstrip(), kept


def _unescape(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        name = found[1]
        if name.startswith("#x"):
            return chr(int(name[2:], 16))
        if name.startswith("#"):
            return chr(int(name[1:]))
        return _NAMED.get(name, found[0])

    return _ENTITY.sub(one, text)
