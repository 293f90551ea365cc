"""Write a message as Telegram HTML (`parse_mode="HTML"`), in as many messages as its limits ask for."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape, unescape

from bot.texts.clean import clean
from bot.texts.links import is_web
from bot.texts.plain import plain_run
from bot.texts.split import split
from bot.texts.tree import Body, CodeBlock, Paragraph, Run

TEXT_UNITS = (
    4096  # Telegram refuses longer texts; it counts UTF-16 units after reading the marks, most emoji count twice
)
RAW_BYTES = 32_000  # it also refuses more than 32 kB with the marks
ENTITIES = 100  # it forgets the marks, links too, of everything after the hundredth
LEAST_UNITS = 16  # below this not even a list item with one emoji fits

_TAG = re.compile(r"<[^>]*>")
_COMMAND = re.compile(r"(?<![\w/<])/([A-Za-z][A-Za-z0-9_]*)(?![A-Za-z0-9_]*/)[\w-]*(?:@\w+)?")


def to_telegram(body: Body, limit: int = TEXT_UNITS, commands: Collection[str] | None = None) -> list[str]:
    """Write a body as Telegram HTML texts, each within `limit` UTF-16 units as people read it.

    A body without words gives no text at all, because Telegram refuses empty ones. With `commands`, our own without
    their slash, every other `/word` becomes code: Telegram makes a button of a bare one, and it would come to us.
    """
    if limit < LEAST_UNITS:
        raise ValueError(f"A message needs room for at least {LEAST_UNITS} units, not {limit}.")
    whole = _html(body, commands)
    if _fits(whole, limit):
        texts = [whole]
    else:
        parts = split(body, lambda part: _fits(_html(part, commands), limit), limit)
        texts = [_html(part, commands) for part in parts]
    return [text for text in texts if visible(text).strip()]


def visible(html: str) -> str:
    """Give what a person reads of a text that `to_telegram` made."""
    return unescape(_TAG.sub("", html))


def utf16_units(text: str) -> int:
    """Count a text as Telegram does."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fits(html: str, limit: int) -> bool:
    if html.count("</") > ENTITIES:
        return False
    # No character has more than two units or four bytes: most messages need no exact count.
    if len(html) * 2 <= limit and len(html) * 4 <= RAW_BYTES:
        return True
    return utf16_units(visible(html)) <= limit and len(html.encode()) <= RAW_BYTES


def _html(body: Body, commands: Collection[str] | None) -> str:
    parts: list[str] = []
    after_item = False
    for block in body:
        item = isinstance(block, Paragraph) and block.bullet
        if parts:
            parts.append("\n" if item and after_item else "\n\n")
        if isinstance(block, CodeBlock):
            parts.append(f"<pre>{escape(clean(block.text), quote=False)}</pre>")
        else:
            if item:
                parts.append("• ")
            parts += [_run(run, commands) for run in block.runs]
        after_item = item
    return "".join(parts)


def _run(run: Run, commands: Collection[str] | None) -> str:
    if run.url is not None:
        if not is_web(run.url):
            return _words(plain_run(run), run.bold, commands)
        words = escape(clean(run.text) or run.url, quote=False)
        html = f'<a href="{escape(run.url)}">{words}</a>'
        return f"<b>{html}</b>" if run.bold else html
    text = clean(run.text)
    if run.code:
        # Telegram allows nothing inside code, and code inside nothing.
        return f"<code>{escape(text, quote=False)}</code>" if text else ""
    return _words(text, run.bold, commands)


def _words(text: str, bold: bool, commands: Collection[str] | None) -> str:
    if not text:
        return ""
    if commands is None or "/" not in text:
        html = escape(text, quote=False)
        return f"<b>{html}</b>" if bold else html
    parts: list[str] = []
    position = 0
    for found in _COMMAND.finditer(text):
        if found.group().removeprefix("/") not in commands:
            parts += [_words(text[position : found.start()], bold, None), f"<code>{found.group()}</code>"]
            position = found.end()
    return "".join((*parts, _words(text[position:], bold, None)))
