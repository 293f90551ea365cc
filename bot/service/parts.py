"""Turn what the facts say in parts into message bodies: each part's text is translated, its values stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.engine.providers import BlockProvider, Registry, Scope, ValueProvider
from bot.engine.text import Text
from bot.facts.parts import DateValue, LinkValue, Part
from bot.texts import cldr
from bot.texts.catalogue import Catalogues
from bot.texts.tree import Body, CodeBlock, Link, Paragraph


def adapt(registry: Registry, catalogues: Catalogues) -> None:
    """Wrap the blocks and values the facts registered, so that they give bodies and links in the person's language."""
    for name, block in list(registry.blocks.items()):
        registry.blocks[name] = BlockProvider(_body(block.get, catalogues), block.about)
    for name, value in list(registry.values.items()):
        if value.show is not None:
            registry.values[name] = _shown(value, catalogues)


def _body(get: Callable[[Scope], Sequence[Part]], catalogues: Catalogues) -> Callable[[Scope], Body]:
    def body(scope: Scope) -> Body:
        blocks: list[Paragraph | CodeBlock] = []
        for part in get(scope):
            blocks += render_part(part, scope.language, catalogues)
        return tuple(blocks)

    return body


def render_part(part: Part, language: str, catalogues: Catalogues) -> Body:
    """Render one part with what follows it in the same paragraph."""
    if part.code:
        return (CodeBlock(part.code),)
    values = {name: plain_value(value, language, catalogues) for name, value in part.values.items()}
    body = list(catalogues.fill(language, Text(part.msgid, "", part.context), values))
    for more in part.after:
        for block in render_part(more, language, catalogues):
            last = body[-1] if body else None
            if isinstance(last, Paragraph) and isinstance(block, Paragraph):
                body[-1] = replace(last, runs=(*last.runs, _space(), *block.runs))
            else:
                body.append(block)
    if part.bullet:
        body = [replace(block, bullet=True) if isinstance(block, Paragraph) else block for block in body]
    return tuple(body)


def plain_value(value: Any, language: str, catalogues: Catalogues) -> Any:
    """Give a value of a part as the markup takes it: a date in words, a link, a text."""
    if isinstance(value, DateValue):
        return day(value.iso, language)
    if isinstance(value, LinkValue):
        return Link(value.label, value.url)
    return value


def day(iso: str, language: str) -> str:
    """Write a date that may know only its month or year."""
    if len(iso) == 10:
        return cldr.date(date.fromisoformat(iso), language)
    if len(iso) == 7:
        return cldr.month(date.fromisoformat(f"{iso}-01"), language)
    return iso


def _space() -> Any:
    from bot.texts.tree import Run

    return Run(" ")


def _shown(value: ValueProvider, catalogues: Catalogues) -> ValueProvider:
    show = value.show

    def shown(scope: Scope) -> Any:
        return None if show is None else plain_value(show(scope), scope.language, catalogues)

    return replace(value, show=shown)
