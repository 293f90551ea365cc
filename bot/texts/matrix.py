"""Write a message for Matrix: a plain body and HTML of the few tags below, in as many events as its limit asks for."""

from __future__ import annotations

import json
from html import escape

from bot.texts.clean import clean
from bot.texts.links import is_web
from bot.texts.plain import plain_run, to_plain
from bot.texts.split import split
from bot.texts.tree import Body, CodeBlock, Paragraph, Run

TAGS = frozenset({"p", "br", "strong", "code", "pre", "a", "ul", "li"})
"""Every tag that is ever written; all are in the list that the Matrix specification recommends."""

# An event may have 65,536 bytes; encryption and base64 make a third more of it, 40 kB went through and 50 kB did not.
EVENT_BYTES = 40_000
LEAST_BYTES = 256  # below this not even the marks around one character fit


def to_matrix(body: Body, limit_bytes: int = EVENT_BYTES) -> list[tuple[str, str]]:
    """Write a body as (plain, HTML) pairs for `body` and `formatted_body`, each pair within `limit_bytes` in JSON.

    The bytes are counted as matrix-nio writes them before it encrypts: six for a letter outside ASCII. A body without
    words gives nothing.
    """
    if limit_bytes < LEAST_BYTES:
        raise ValueError(f"An event needs room for at least {LEAST_BYTES} bytes, not {limit_bytes}.")
    whole = _pair(body)
    pairs = (
        [whole]
        if _fits(whole, limit_bytes)
        else [_pair(part) for part in split(body, lambda part: _fits(_pair(part), limit_bytes), limit_bytes)]
    )
    return [pair for pair in pairs if pair[0].strip()]


def _fits(pair: tuple[str, str], limit: int) -> bool:
    # At most twelve bytes a character (an emoji as two escapes): most messages need no exact count.
    if (len(pair[0]) + len(pair[1])) * 12 <= limit:
        return True
    return len(json.dumps(pair[0])) + len(json.dumps(pair[1])) <= limit


def _pair(body: Body) -> tuple[str, str]:
    return to_plain(body), to_html(body)


def to_html(body: Body) -> str:
    """Write a body as one HTML text, whatever its length."""
    parts: list[str] = []
    in_list = False
    for block in body:
        item = isinstance(block, Paragraph) and block.bullet
        if item is not in_list:
            parts.append("<ul>" if item else "</ul>")
            in_list = item
        if isinstance(block, CodeBlock):
            parts.append(f"<pre><code>{escape(clean(block.text), quote=False)}</code></pre>")
        else:
            words = "".join([_run(run) for run in block.runs])
            parts.append(f"<li>{words}</li>" if item else f"<p>{words}</p>")
    if in_list:
        parts.append("</ul>")
    return "".join(parts)


def _run(run: Run) -> str:
    linked = run.url is not None and is_web(run.url)
    text = (clean(run.text) or run.url or "") if linked else plain_run(run)
    if not text:
        return ""
    html = escape(text, quote=False).replace("\n", "<br>")
    if run.code:
        html = f"<code>{html}</code>"
    if linked:
        html = f'<a href="{escape(run.url or "")}">{html}</a>'
    return f"<strong>{html}</strong>" if run.bold else html
