"""Divide a picture that is too large for one sheet of A3 into several, each readable."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from bot.content.draw.layout import READABLE, Layout, best_layout
from bot.content.draw.picture import Group, Picture
from bot.content.draw.refer import in_order

_HOPELESS = 150
"""So many boxes are never readable on one sheet, and it takes seconds to find that out."""
_BOXES = 45
"""Boxes on a page at first; fewer when their words need more room."""
_FEWEST = 8


def pages(made: Picture) -> list[tuple[Picture, Layout]]:
    """Give the picture of one dialog on as few pages as are readable; a single one where that is enough."""
    [group] = made.groups
    if len(group.boxes) <= _HOPELESS:
        layout = best_layout(made)
        if layout.letters >= READABLE or len(group.boxes) < 2 * _FEWEST:
            return [(made, layout)]
    boxes = _BOXES
    while True:
        parts = list(_divided(made, group, max(2, math.ceil(len(group.boxes) / boxes))))
        found = [(part, best_layout(part)) for part in parts]
        if boxes <= _FEWEST or all(layout.letters >= READABLE for _, layout in found):
            return found
        boxes = boxes * 3 // 4


def _divided(made: Picture, group: Group, count: int) -> Iterator[Picture]:
    """Cut the boxes, as they are read, into equal pages; a way to another page says to which."""
    order = in_order(group)
    page = {box: number * count // len(order) + 1 for number, box in enumerate(order)}
    boxes = {box.id: box for box in group.boxes}
    for number in range(1, count + 1):
        own = [boxes[box] for box in order if page[box] == number]
        arrows = [
            arrow if page[arrow.target] == number
            else replace(arrow, told=f"{boxes[arrow.target].title} (page {page[arrow.target]})")
            for arrow in group.arrows
            if page[arrow.source] == number
        ]  # fmt: skip
        title = f"{made.title} (page {number} of {count})"
        yield Picture(title, (replace(group, boxes=tuple(own), arrows=tuple(arrows)),))
