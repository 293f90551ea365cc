"""Choose the layout of a picture that is most easily read on A3."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.content.draw.dot import SMALLEST, Direction, Style, to_dot
from bot.content.draw.graphviz import TooSlow, graphviz
from bot.content.draw.picture import Picture

A3 = (16.5, 11.7)
"""Width and height of the paper in inches."""
READABLE = 6.0
"""Points of the smallest letters that people still read on paper without effort: those of a footnote."""
_EASY = 6.5
"""Points at which no further layout is tried; a printer that leaves a margin takes some of them away."""
_MANY = 80
"""More arrows than this that are all drawn take Graphviz very long, and nobody could follow them."""
_LARGE = 150
"""With more boxes only the layouts that save most are tried."""
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout in the language of Graphviz; `letters` are the points of its smallest letters on A3."""

    dot: str
    letters: float


def best_layout(made: Picture) -> Layout:
    """Give the best of the first few layouts that are easily read on A3, else the one with the largest letters there.

    The clearest come first, with everything drawn; then more and more arrows become references in their box.
    """
    best: Layout | None = None
    slow: TooSlow | None = None
    # Graphviz runs in processes of its own; threads only wait for them.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for enough, styles in _stages(made):
            for style, found in zip(styles, pool.map(_measured, [to_dot(made, one) for one in styles]), strict=True):
                if isinstance(found, TooSlow):
                    slow = found
                elif style.lines is not None and found.letters < READABLE:
                    continue  # words were left out in vain
                elif best is None or found.letters > best.letters:
                    best = found
            if best is not None and best.letters >= enough:
                break
    if best is None:
        raise slow or TooSlow("Graphviz was not asked.")
    return best


def _stages(made: Picture) -> Iterator[tuple[float, Sequence[Style]]]:
    """Give layouts to try together, and the points at which nothing else need be tried."""
    both: tuple[Direction, ...] = ("TB", "LR")
    if len(made.groups) > 1 and len(made.boxes) > _LARGE:
        # A whole pack is never readable on one sheet, however it is laid out.
        yield READABLE, [Style()]
        return
    if len(made.arrows) <= _MANY:
        yield _EASY, [Style(direction) for direction in both]
        yield _EASY, [Style(direction, refer="hubs") for direction in both]
    if len(made.boxes) <= _LARGE:
        pieces = [(cut, direction) for cut in (None, 7, 11) for direction in both]
        yield _EASY, [Style(direction, refer="far", bridges=True, cut=cut) for cut, direction in pieces]
        yield _EASY, [Style("LR", refer="far", cut=cut) for cut in (4, 6)]
    yield _EASY, [Style("LR", rows=True, refer="far", cut=cut) for cut in (3, 4, 5, 6, 8, None)]
    yield READABLE, [Style("LR", rows=True, refer="tree", cut=cut) for cut in (4, 5, 6, 8, 11)]
    # What a box says matters less than that people can read where it leads.
    for lines in (1, 0):
        yield READABLE, [Style("LR", rows=True, refer="far", cut=cut, lines=lines) for cut in (5, 6, 8)]


def _measured(dot: str) -> Layout | TooSlow:
    try:
        return Layout(dot, SMALLEST * scale_on_a3(dot))
    except TooSlow as error:
        return error


def scale_on_a3(dot: str) -> float:
    """Give how large a layout comes out on A3, in either direction of the paper; 1 is full size."""
    words = graphviz(dot, "-Tplain", seconds=_SECONDS).split(None, 4)
    across, down = float(words[2]), float(words[3])
    return max(min(A3[0] / across, A3[1] / down), min(A3[1] / across, A3[0] / down))
