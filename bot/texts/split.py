"""Cut a body that is too long for one message into several, where a reader would pause.

Between paragraphs first, then after sentences and line ends, then between words, then between graphemes. A link, a
piece of code and an isolated value stay whole where that is possible; marks never run over a cut: what is cut is
the tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, takewhile

from bot.texts.clean import clean
from bot.texts.links import is_web
from bot.texts.plain import plain_run
from bot.texts.tree import Body, CodeBlock, Paragraph, Run

Fits = Callable[[Body], bool]

# A sentence that ends in the first third would leave a message that looks forgotten.
_EARLY = 3

_SENTENCE = re.compile(r"\n|[.!?…؟۔।]+[\"'”’»)\]\u2069]*(?=\s)|[。！？]+[」』”）]*")
_SPACE = re.compile(r"\s+")
_ISOLATED = re.compile("[\u2066-\u2068][^\u2069\n]*\u2069")

# Graphemes longer than this (piled-up accents) are cut as if they were several.
_LOOK_AHEAD = 64


def split(body: Body, fits: Fits, most: int) -> list[Body]:
    """Cut a body into bodies that all fit; nothing is lost but white space at the cuts.

    `fits` says whether a body can be one message, and must do so for every part of a body that fits. More than `most`
    characters never fit, however plain they are; that bounds the search.
    """
    bodies: list[Body] = []
    current: list[Paragraph | CodeBlock] = []
    for block in map(_cleaned, body):
        if fits((*current, block)):
            current.append(block)
            continue
        if current:
            bodies.append(tuple(current))
            current = []
        *heads, tail = _pieces(block, fits, most)
        bodies += [(head,) for head in heads]
        current = [tail]
    return [*bodies, tuple(current)]


def _pieces(block: Paragraph | CodeBlock, fits: Fits, most: int) -> Iterator[Paragraph | CodeBlock]:
    while not fits((block,)):
        text = _text(block)
        at = _cut(block, text, fits, min(most, len(text)))
        head, tail = _divide(block, text, at)
        yield head
        if tail is None:
            return
        block = tail
    yield block


def _cut(block: Paragraph | CodeBlock, text: str, fits: Fits, high: int) -> int:
    """Find the best place to cut: at least one character, at most what fits."""
    low = 1
    while low < high:
        middle = (low + high + 1) // 2
        if fits((_part(block, 0, middle),)):
            low = middle
        else:
            high = middle - 1
    guarded = _guarded(block, text)
    sentences = [found.end() for found in _SENTENCE.finditer(text, 0, low + 1)]
    spaces = [found.start() for found in _SPACE.finditer(text, 0, low + 1) if found.start()]
    for places, least in ((sentences, low // _EARLY), (spaces, 0)):
        for place in reversed(places):
            if least < place <= low and not any(start < place < end for start, end in guarded):
                return place
    for place in reversed(spaces):
        if place <= low:
            return place
    return _grapheme(text, low)


def _grapheme(text: str, low: int) -> int:
    from wcwidth import iter_graphemes  # 20 ms, and few texts have a word too long for a message

    ends = accumulate(len(cluster) for cluster in iter_graphemes(text[: low + _LOOK_AHEAD]))
    return max(takewhile(lambda end: end <= low, ends), default=low)


def _guarded(block: Paragraph | CodeBlock, text: str) -> list[tuple[int, int]]:
    """List the stretches that should stay whole: links, code and isolated values."""
    if isinstance(block, CodeBlock):
        return []
    found = [isolated.span() for isolated in _ISOLATED.finditer(text)]
    position = 0
    for run in block.runs:
        if run.url is not None or run.code:
            found.append((position, position + len(run.text)))
        position += len(run.text)
    return found


def _divide(
    block: Paragraph | CodeBlock, text: str, at: int
) -> tuple[Paragraph | CodeBlock, Paragraph | CodeBlock | None]:
    """Divide a block in two; white space at the cut goes (in code only a line end), an empty rest is None."""
    left, right = at, at
    if isinstance(block, CodeBlock):
        if text[at - 1] == "\n":
            left -= 1
        elif text[at : at + 1] == "\n":
            right += 1
    else:
        left = len(text[:at].rstrip()) or at
        right += len(text[at:]) - len(text[at:].lstrip())
    head = _part(block, 0, left)
    if right >= len(text):
        return head, None
    tail = _part(block, right, len(text))
    # The rest of a list item is no item of its own.
    return head, replace(tail, bullet=False) if isinstance(tail, Paragraph) else tail


def _part(block: Paragraph | CodeBlock, start: int, end: int) -> Paragraph | CodeBlock:
    if isinstance(block, CodeBlock):
        return CodeBlock(block.text[start:end])
    runs: list[Run] = []
    position = 0
    for run in block.runs:
        words = run.text[max(start - position, 0) : max(end - position, 0)]
        if words:
            runs.append(replace(run, text=words))
        position += len(run.text)
    return Paragraph(tuple(runs), block.bullet)


def _text(block: Paragraph | CodeBlock) -> str:
    return block.text if isinstance(block, CodeBlock) else "".join([run.text for run in block.runs])


def _cleaned(block: Paragraph | CodeBlock) -> Paragraph | CodeBlock:
    """Write every run as people will read it, so that what is counted and cut is what is sent."""
    if isinstance(block, CodeBlock):
        return CodeBlock(clean(block.text))
    return Paragraph(tuple([_cleaned_run(run) for run in block.runs]), block.bullet)


def _cleaned_run(run: Run) -> Run:
    if run.url is None or not is_web(run.url):
        return Run(plain_run(run), run.bold, run.code)
    return replace(run, text=clean(run.text) or run.url)
