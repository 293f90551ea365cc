"""Which arrows of a large picture are written as a reference («→ name») in the box they leave, instead of drawn."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Literal

from bot.content.draw.picture import Arrow, Group

Refer = Literal["nothing", "hubs", "far", "tree"]
"""Write no reference; those to boxes that everything leads to; also those that lead back or skip a step; all but the
first way to each box."""
_HUB = 5
"""So many arrows make a box one that everything leads to."""


@dataclass(frozen=True, slots=True)
class Split:
    """The arrows of a group: drawn, drawn without a say in where boxes stand, and written as references.

    `tops` are the first boxes of the pieces, in the order to read them.
    """

    drawn: tuple[Arrow, ...]
    free: tuple[Arrow, ...]
    references: tuple[Arrow, ...]
    tops: tuple[str, ...] = ()


def split(group: Group, refer: Refer, cut: int | None = None, *, bridges: bool = False) -> Split:
    """Say which arrows are drawn.

    With `cut` the picture falls into pieces of at most so many steps, which can stand side by side; the ways from piece
    to piece are references, or with `bridges` arrows that leave the pieces where they are.
    """
    depth, first = _first_ways(group)
    piece = _pieces(group, first, cut) if cut else {}
    into = Counter([arrow.target for arrow in group.arrows])
    drawn, free, references = [], [], []
    for arrow in group.arrows:
        if arrow.told:
            references.append(arrow)
            continue
        own = first.get(arrow.target) == arrow.source
        near = depth[arrow.target] - depth[arrow.source] == 1
        told = {
            "nothing": False, "hubs": into[arrow.target] >= _HUB, "far": not near, "tree": True
        }[refer] and not own  # fmt: skip
        across = piece.get(arrow.source) != piece.get(arrow.target)
        if told or (across and not (bridges and own)):
            references.append(arrow)
        elif across:
            free.append(arrow)
        else:
            drawn.append(arrow)
    return Split(tuple(drawn), tuple(free), tuple(references), tuple(dict.fromkeys(piece.values())))


def _first_ways(group: Group) -> tuple[dict[str, int], dict[str, str]]:
    """Reckon how many steps from a start each box is, and from which box it is reached first."""
    ways: dict[str, list[str]] = {}
    for arrow in group.arrows:
        if not arrow.told:
            ways.setdefault(arrow.source, []).append(arrow.target)
    depth: dict[str, int] = {}
    first: dict[str, str] = {}
    # What cannot be reached from the start begins a tree of its own, in the order of the file.
    for start in sorted(group.boxes, key=lambda box: not box.start):
        if start.id in depth:
            continue
        depth[start.id] = 0
        queue = deque([start.id])
        while queue:
            box = queue.popleft()
            for target in ways.get(box, ()):
                if target not in depth:
                    depth[target], first[target] = depth[box] + 1, box
                    queue.append(target)
    return depth, first


def _pieces(group: Group, first: dict[str, str], cut: int) -> dict[str, str]:
    """Cut the tree of first ways from its leaves, wherever a branch is `cut` boxes long: box -> first of its piece."""
    children = _children(first)
    order = _in_order(group, first)
    height: dict[str, int] = {}
    tops: set[str] = set()
    for box in reversed(order):
        height[box] = 1 + max([height[child] for child in children.get(box, ()) if child not in tops], default=0)
        if height[box] >= cut or box not in first:
            tops.add(box)
    piece: dict[str, str] = {}
    for box in order:
        piece[box] = box if box in tops else piece[first[box]]
    return piece


def in_order(group: Group) -> list[str]:
    """List the boxes as they are read: the start, then branch after branch of the first ways."""
    return _in_order(group, _first_ways(group)[1])


def _in_order(group: Group, first: dict[str, str]) -> list[str]:
    starts = {box.id for box in group.boxes if box.start}
    children = _children(first)
    order: list[str] = []
    waiting = sorted([box.id for box in group.boxes if box.id not in first], key=lambda box: box not in starts)[::-1]
    while waiting:
        order.append(waiting.pop())
        waiting.extend(reversed(children.get(order[-1], ())))
    return order


def _children(first: dict[str, str]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for box, source in first.items():
        children.setdefault(source, []).append(box)
    return children
