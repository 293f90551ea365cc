"""Write a message as plain text: for the terminal, for JSON, and for Matrix clients without HTML."""

from __future__ import annotations

from bot.texts.clean import FSI, PDI, clean
from bot.texts.tree import Body, CodeBlock, Paragraph, Run


def to_plain(body: Body) -> str:
    """Write a body as plain text: an empty line between paragraphs, `- ` before list items, code as it is.

    Bold is dropped. A link becomes `words: https://…`, or the address alone where the words are the address.
    """
    parts: list[str] = []
    after_item = False
    for block in body:
        item = isinstance(block, Paragraph) and block.bullet
        if parts:
            parts.append("\n" if item and after_item else "\n\n")
        parts.append(plain_block(block))
        after_item = item
    return "".join(parts)


def plain_block(block: Paragraph | CodeBlock) -> str:
    """Write one block as plain text, without the empty line after it."""
    if isinstance(block, CodeBlock):
        return clean(block.text)
    text = "".join([plain_run(run) for run in block.runs])
    return f"- {text}" if block.bullet else text


def plain_run(run: Run) -> str:
    """Write one run as plain text; the address of a link is never lost."""
    text = clean(run.text)
    if run.url is None:
        return text
    url = clean(run.url)
    words = text.replace(FSI, "").replace(PDI, "").strip()
    return url if not words or words == url else f"{text}: {url}"
