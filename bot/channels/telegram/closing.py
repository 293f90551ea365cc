"""A question that was answered keeps its answer as a line of text and loses its buttons. Pure.

How a message is edited in place: when a turn asks something new, a row goes into the outbox before its answers, in the
same transaction. It is a `Message` that replaces the last question and offers nothing: with words where the person
pressed one of its buttons (Telegram hands us the question back with the press: its words, plus the answer), without
words where they typed (their own message is the line of text; only the buttons go). When it is sent, the newest
receipt of the conversation still is that question, because rows go out in order. Editing is idempotent, so a crash in
between repeats nothing that a person would see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from bot.channels.telegram.inbound import Read, button_words
from bot.channels.telegram.outbound import TICK
from bot.channels.telegram.raw import mapping, number, several, text
from bot.engine.asking import DONE
from bot.engine.effects import EditLast, Say
from bot.engine.events import Pressed, Reacted
from bot.engine.session import Session
from bot.engine.step import Outcome
from bot.service.records import Outgoing
from bot.service.turns import ANSWER_LIVES, Inbound
from bot.texts.tree import Body, CodeBlock, Message, Paragraph, Run, to_json

POSITION = 99
"""Position of the row among those of its event; a turn says far fewer messages."""


def closing(
    one: Inbound, before: Session | None, outcome: Outcome, pressed: Read | None, now: datetime
) -> Sequence[Outgoing]:
    """Give the row that takes the buttons of the last question away, where this turn leaves it behind."""
    asks = any(isinstance(effect, Say) and (effect.choices or effect.kind == "question") for effect in outcome.effects)
    ends = outcome.session.ended and not (before is None or before.ended)
    if before is None or not (asks or ends) or any(isinstance(effect, EditLast) for effect in outcome.effects):
        return ()
    body: Body = ()
    if pressed is not None and pressed.message is not None and accepted(one, before, outcome):
        body = answered(pressed.message, pressed.data)
    message = Message(body, kind="notice", replaces_last=True, language=outcome.session.language)
    payload = orjson.dumps(to_json(message))
    return (Outgoing(one.key, "telegram", one.address, payload, one.event_id, POSITION, now + ANSWER_LIVES),)


def accepted(one: Inbound, before: Session, outcome: Outcome) -> bool:
    """Say whether a press was taken as the answer to the question in hand."""
    if not isinstance(one.event, (Pressed, Reacted)) or one.event.turn != before.turn:
        return False
    first = outcome.trace[0] if outcome.trace else None
    return first is not None and first.place == before.state and first.what not in {"entered", "command"}


def answered(message: Mapping[str, Any], data: str) -> Body:
    """Give a question as Telegram handed it back, with the answer below; nothing where it is too old to be seen."""
    words = text(message, "text")
    if not words:
        return ()
    chosen = button_words(message, data)
    if data.endswith(f":{DONE}"):
        # The ticks are the answer, not the button that ended the choosing.
        chosen = ", ".join(_ticked(message)) or chosen
    line = Paragraph((Run(TICK), Run(chosen.removeprefix(TICK), bold=True)))
    return (*body_of(words, several(message, "entities")), line)


def _ticked(message: Mapping[str, Any]) -> list[str]:
    rows = several(mapping(message, "reply_markup"), "inline_keyboard")
    labels = [text(button, "text") for row in rows if isinstance(row, list) for button in row]
    return [label.removeprefix(TICK) for label in labels if label.startswith(TICK)]


def body_of(words: str, entities: Sequence[Any]) -> Body:
    """Turn a text with entities, as Telegram gives it, back into a body."""
    units = words.encode("utf-16-le")
    size = len(units) // 2
    styles: list[tuple[int, int, str, str]] = []
    edges = {0, size}
    for entity in entities:
        start, length, kind = number(entity, "offset"), number(entity, "length"), text(entity, "type")
        if start is None or length is None or start < 0 or length <= 0 or start + length > size:
            continue
        if kind in {"bold", "code", "pre", "text_link"}:
            styles.append((start, start + length, kind, text(entity, "url")))
            edges |= {start, start + length}
    blocks: list[Paragraph | CodeBlock] = []
    runs: list[Run] = []
    for start, end in zip(sorted(edges), sorted(edges)[1:], strict=False):
        piece = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        inside = {kind: url for first, last, kind, url in styles if first <= start and end <= last}
        if "pre" in inside:
            blocks += [*_paragraph(runs), CodeBlock(piece)]
            runs = []
        else:
            runs.append(Run(piece, "bold" in inside, "code" in inside, inside.get("text_link") or None))
    return (*blocks, *_paragraph(runs))


def _paragraph(runs: Sequence[Run]) -> list[Paragraph]:
    """Give runs as one paragraph; the empty lines beside a block of code are made anew when it is written."""
    kept = [run for run in runs if run.text]
    if kept:
        first, last = kept[0], kept[-1]
        kept[0] = Run(first.text.lstrip("\n"), first.bold, first.code, first.url)
        last = kept[-1]
        kept[-1] = Run(last.text.rstrip("\n"), last.bold, last.code, last.url)
    kept = [run for run in kept if run.text]
    return [Paragraph(tuple(kept))] if kept else []
