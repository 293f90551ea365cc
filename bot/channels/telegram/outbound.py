"""From a message to the calls that say it on Telegram. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from bot.channels.telegram.payload import Seal
from bot.texts.clean import clean
from bot.texts.links import is_web
from bot.texts.telegram import to_telegram, utf16_units, visible
from bot.texts.tree import Body, CodeBlock, Message, Paragraph, RenderedChoice, RenderedFile, Run

TICK = "✅ "
_COPY_MOST = 256
_WIDE, _NARROW = 16, 7
"""Labels up to so many units go two or four in a row: a phone shows about twenty in two columns."""
_BUTTONS = 100
_LINKS = 8
"""Links of one message that get a button; more of them (a list of sources) are links in the text only."""
_LABEL = 60

Markup = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API, without the chat it goes to. `file` goes with `sendDocument`."""

    method: str
    values: Mapping[str, Any]
    file: RenderedFile | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Know what the buttons need: the seal, the content version, our own commands, and the words of our buttons."""

    seal: Seal
    version: str
    commands: frozenset[str]
    words: Callable[[str, str], str]
    """Gives the words of a button (`back`, `copy`) in a language; empty where the pack has none."""


def calls(message: Message, conversation: str, writer: Writer) -> list[Call]:
    """Give the calls that say a message, in order; the keyboard belongs to the last text."""
    texts = to_telegram(with_hosts(message.body), commands=writer.commands)
    markup = keyboard(message, conversation, writer)
    made = [_text(text, None) for text in texts]
    if made and markup is not None:
        made[-1] = _text(texts[-1], markup)
    return [*made, *[Call("sendDocument", {}, file) for file in message.files]]


def edit(message: Message, conversation: str, writer: Writer) -> Call | None:
    """Give the call that puts a message in the place of an earlier one; without words only its buttons change."""
    texts = to_telegram(with_hosts(message.body), commands=writer.commands)
    markup = keyboard(message, conversation, writer)
    extra = {"reply_markup": markup} if markup is not None else {}
    if not texts:
        return Call("editMessageReplyMarkup", extra)
    # A long question was sent in parts, and its buttons stand under the last one.
    return Call("editMessageText", {**_text(texts[-1], None).values, **extra})


def plain(call: Call) -> Call:
    """Give the same call without markup, for texts that Telegram cannot parse."""
    values = {name: value for name, value in call.values.items() if name != "parse_mode"}
    return Call(call.method, {**values, "text": visible(str(values["text"]))}, call.file)


def _text(text: str, markup: Markup | None) -> Call:
    values: dict[str, Any] = {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    if markup is not None:
        values["reply_markup"] = markup
    return Call("sendMessage", values)


def with_hosts(body: Body) -> Body:
    """Show after each link which site it leads to, unless its words say so already."""
    return tuple([_block_with_hosts(block) for block in body])


def _block_with_hosts(block: Paragraph | CodeBlock) -> Paragraph | CodeBlock:
    if isinstance(block, CodeBlock) or not any(run.url for run in block.runs):
        return block
    runs: list[Run] = []
    for run, after in zip(block.runs, [*block.runs[1:], Run("")], strict=True):
        runs.append(run)
        shown = host(run.url) if run.url else ""
        if shown and shown not in run.text and not after.text.startswith(f" ({shown})"):
            runs.append(Run(f" ({shown})"))
    return replace(block, runs=tuple(runs))


def host(url: str) -> str:
    """Give the host of an address that a person can press, else nothing."""
    return (urlsplit(url).hostname or "") if is_web(url) else ""


def keyboard(message: Message, conversation: str, writer: Writer) -> Markup | None:
    """Give the buttons under a message: to copy, the links, the answers, and the way back; None for no button."""
    rows = [*_copy(message, writer), *_links(message), *_answers(message, conversation, writer)]
    return {"inline_keyboard": rows} if rows else None


def _copy(message: Message, writer: Writer) -> list[list[Markup]]:
    codes = [clean(block.text) for block in message.body if isinstance(block, CodeBlock)]
    if len(codes) != 1 or not 0 < utf16_units(codes[0]) <= _COPY_MOST:
        return []
    label = writer.words("copy", message.language)
    return [[{"text": f"📋 {label}".strip(), "copy_text": {"text": codes[0]}}]]


def _links(message: Message) -> list[list[Markup]]:
    links = [link for link in message.links() if "." in host(link.url)]
    if len(links) > _LINKS:
        return []
    return [[{"text": _label(link.label) or host(link.url), "url": link.url}] for link in links]


def _answers(message: Message, conversation: str, writer: Writer) -> list[list[Markup]]:
    def button(label: str, answer: str, position: int) -> Markup:
        data = writer.seal.write(conversation, writer.version, message.place, message.turn, answer, position)
        return {"text": label, "callback_data": data}

    shown = message.choices[: _BUTTONS - _LINKS - 2]
    buttons = [
        (_choice_label(choice), button(_choice_label(choice), choice.id, position))
        for position, choice in enumerate(shown, 1)
    ]
    last = []
    if message.multiple and buttons and not shown[-1].selected:
        last = [[buttons.pop()[1]]]  # what ends a multiple choice stands alone
    rows = _rows(buttons) + last
    question = message.kind == "question" or bool(message.choices)
    back = writer.words("back", message.language) if question and message.turn > 1 and message.place else ""
    if back:
        rows.append([button(f"↩ {back}", "/back", 0)])
    return rows


def _choice_label(choice: RenderedChoice) -> str:
    return (TICK if choice.selected else "") + (_label(choice.label) or choice.id)


def _label(words: str) -> str:
    """Give words as a button can show them: one line, not too long."""
    line = " ".join(clean(words).split())
    return line if len(line) <= _LABEL else line[: _LABEL - 1].rstrip() + "…"


def _rows(buttons: list[tuple[str, Markup]]) -> list[list[Markup]]:
    """Put short answers side by side, long ones one below the other, always in their order."""
    widest = max((utf16_units(label) for label, _ in buttons), default=0)
    columns = 1 if widest > _WIDE or len(buttons) < 3 else 2 if widest > _NARROW else 4
    made = [button for _, button in buttons]
    return [made[start : start + columns] for start in range(0, len(made), columns)]
