"""Write a picture in the language of Graphviz."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from bot.content.draw.picture import Arrow, Box, Group, Kind, Picture, in_words

FILLS: Mapping[Kind, str] = {
    "ask": "#d6e8fa", "say": "#f4f4f4", "silent": "#ffffff", "branch": "#fdf0c4", "call": "#e6dcf5",
    "end": "#d8f0d8", "forget": "#f8d3d3", "outside": "#ffffff", "commands": "#fff7e6", "dialog": "#d6e8fa",
}  # fmt: skip
"""Colour of each kind of box; the Mermaid picture has the same."""
PROBLEM, WARNING = "#c00000", "#b86e00"
"""Colours of the border of a box with an error, and of one with warnings only."""
_FONT = 'fontname="Helvetica,Arial,sans-serif"'
UNUSED = "#b0b0b0"
"""Colour of a way that nobody took, where ways were counted."""

_NAMES: Mapping[Kind, str] = {
    "ask": "asks", "say": "says", "silent": "only notes", "branch": "decides", "call": "calls a dialog",
    "end": "ends", "forget": "forgets everything", "outside": "in another dialog", "commands": "commands",
    "dialog": "dialog",
}  # fmt: skip

_SHAPES: Mapping[Kind, str] = {"branch": "hexagon", "outside": "note", "commands": "note"}
_ROUND: frozenset[Kind] = frozenset({"ask", "say", "silent", "end", "forget", "dialog"})

Direction = Literal["TB", "LR"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a picture is laid out.

    `fold` begins a new column (in LR a new row) after so many boxes in a row. `rows` lists the answers in their box,
    and each arrow begins beside its answer: less easily read than words on arrows, but with half the paper.
    """

    direction: Direction = "TB"
    fold: int | None = None
    rows: bool = False


def to_dot(picture: Picture, style: Style | None = None) -> str:
    """Write the picture; several groups are packed tightly."""
    return "\n".join(_lines(picture, style or Style())) + "\n"


def _lines(picture: Picture, style: Style) -> Iterator[str]:
    several = len(picture.groups) > 1
    gaps = "nodesep=0.15, ranksep=0.25" if style.rows else "nodesep=0.25, ranksep=0.35"
    packed = ', pack=20, packmode="graph"' if several else ""
    yield f"digraph {_text(picture.title)} {{"
    yield f"  graph [rankdir={style.direction}, label=<{_title(picture)}>, labelloc=t, fontsize=18, {gaps},"
    yield f"    {_FONT}, pad=0.3{packed}]"
    yield f'  node [{_FONT}, fontsize=11, shape=box, style="filled", margin="0.10,0.05", height=0.3, color="#606060"]'
    yield f'  edge [{_FONT}, fontsize=10, color="#505050", arrowsize=0.7]'
    most = max([arrow.count or 0 for arrow in picture.arrows], default=0)
    for number, group in enumerate(picture.groups):
        if several:
            yield f"  subgraph cluster_{number} {{"
            yield f"    label={_text(group.name)}; tooltip={_text(group.about)}"
            yield '    fontsize=14; color="#909090"; style="rounded"'
        for box in group.boxes:
            own = [arrow for arrow in group.arrows if arrow.source == box.id and arrow.words] if style.rows else []
            yield f"    {_box(box, own)}"
        column = {box: depth // style.fold for box, depth in depths(group).items()} if style.fold else {}
        for arrow in group.arrows:
            free = column.get(arrow.source, 0) != column.get(arrow.target, 0)
            yield f"    {_arrow(arrow, most, free=free, rows=style.rows)}"
        if several:
            yield "  }"
    yield "}"


def _box(box: Box, answers: Sequence[Arrow]) -> str:
    lines = [f"<b>{escape(box.title)}</b>", *[f'<font point-size="9">{escape(line)}</font>' for line in box.text]]
    if box.people:
        lines.append(f'<font point-size="10"><b>{in_words(box.people)} here</b></font>')
    colour = WARNING if box.mild else PROBLEM
    if box.marks:
        lines.append(f'<font point-size="9" color="{colour}"><b>! {escape(", ".join(box.marks))}</b></font>')
    style = "filled,rounded" if box.kind in _ROUND else "filled"
    style += ",dashed" if box.kind in {"outside", "silent"} else ""
    style += ",bold" if box.start else ""
    label = "<br/>".join(lines)
    if answers:
        cells = "".join([_row(arrow) for arrow in answers])
        label = (
            f'<table border="0" cellborder="0" cellspacing="1" cellpadding="1"><tr><td>{label}</td></tr>{cells}</table>'
        )
    parts = [f"label=<{label}>", f'fillcolor="{FILLS[box.kind]}"', f'style="{style}"']
    if box.kind in _SHAPES and not answers:
        parts.append(f"shape={_SHAPES[box.kind]}")
    if box.kind == "call":
        parts.append("peripheries=2")
    if box.marks:
        parts += [f'color="{colour}"', "penwidth=2.5"]
    return f"{box.id} [{', '.join(parts)}]"


def legend(picture: Picture) -> list[tuple[str, str, str]]:
    """List what colours and marks on this picture mean: name, colour to fill with, colour of the border."""
    kinds = {box.kind for box in picture.boxes}
    found = [(_NAMES[kind], fill, "#606060") for kind, fill in FILLS.items() if kind in kinds]
    marked = [box for box in picture.boxes if box.marks]
    if any(not box.mild for box in marked):
        found.append(("! error", "#ffffff", PROBLEM))
    if any(box.mild for box in marked):
        found.append(("! warning", "#ffffff", WARNING))
    counts = {arrow.count for arrow in picture.arrows}
    if any(box.people for box in picture.boxes):
        found.append(("wide: leads to many people", "#ffffff", "#ffffff"))
    elif counts - {None}:
        found.append(("wide: taken often", "#ffffff", "#ffffff"))
    if 0 in counts:
        found.append(("grey, dashed: never taken", "#ffffff", UNUSED))
    return found


def _title(picture: Picture) -> str:
    cells = "".join([
        f'<td border="1" bgcolor="{fill}" color="{border}"><font point-size="9">{escape(name)}</font></td>'
        for name, fill, border in legend(picture)
    ])  # fmt: skip
    title = escape(picture.title).replace("\n", " ")
    table = f'<table border="0" cellborder="0" cellspacing="4"><tr>{cells}</tr></table>' if cells else ""
    # A table cannot stand beside words in a label of Graphviz: the title is a row of an outer one.
    return (
        f'<table border="0" cellborder="0"><tr><td>{title or " "}</td></tr>'
        + (f"<tr><td>{table}</td></tr>" if table else "")
        + "</table>"
    )


def _row(arrow: Arrow) -> str:
    words = "<br/>".join([escape(word) for word in arrow.words])
    return f'<tr><td port="{arrow.target}" border="1" color="#a0a0a0"><font point-size="10">{words}</font></td></tr>'


def _arrow(arrow: Arrow, most: int, *, free: bool, rows: bool) -> str:
    parts = []
    source = f"{arrow.source}:{arrow.target}" if rows and arrow.words else arrow.source
    if arrow.words and not rows:
        parts.append(f"label=<{'<br/>'.join([escape(word) for word in arrow.words])}>")
    if free:
        parts.append("constraint=false")
    if arrow.count == 0:
        parts += [f'color="{UNUSED}"', f'fontcolor="{UNUSED}"', 'style="dashed"']
    elif arrow.count:
        parts.append(f"penwidth={width(arrow.count, most)}")
    return f"{source} -> {arrow.target}" + (f" [{', '.join(parts)}]" if parts else "")


def width(count: int, most: int) -> float:
    """Give the width of an arrow: from 1 to 6, growing with the square root, so that rare ways stay visible."""
    return round(1 + 5 * math.sqrt(count / max(most, 1)), 1)


def depths(group: Group) -> dict[str, int]:
    """Reckon how many boxes below the start each box stands."""
    ways: dict[str, list[str]] = {}
    for arrow in group.arrows:
        ways.setdefault(arrow.source, []).append(arrow.target)
    found = {box.id: 0 for box in group.boxes if box.start}
    queue = deque(found)
    while queue:
        box = queue.popleft()
        for target in ways.get(box, ()):
            if target not in found:
                found[target] = found[box] + 1
                queue.append(target)
    return found


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
