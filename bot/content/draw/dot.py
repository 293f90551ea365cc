"""Write a picture in the language of Graphviz."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from bot.content.draw.picture import Arrow, Box, Kind, Picture, in_words
from bot.content.draw.refer import Refer, split

FILLS: Mapping[Kind, str] = {
    "ask": "#d6e8fa", "say": "#f4f4f4", "silent": "#ffffff", "branch": "#fdf0c4", "call": "#e6dcf5",
    "end": "#d8f0d8", "forget": "#f8d3d3", "outside": "#ffffff", "commands": "#fff7e6", "dialog": "#d6e8fa",
}  # fmt: skip
"""Colour of each kind of box; the Mermaid picture has the same."""
PROBLEM, WARNING = "#c00000", "#b86e00"
"""Colours of the border of a box with an error, and of one with warnings only."""
_FONT = 'fontname="Helvetica,Arial,sans-serif"'
REFERENCE = "#1c3f8f"
"""Colour of a way that is written in its box instead of drawn."""
SMALLEST = 9
"""Points of the smallest letters on a picture."""
_ROW = 36
"""Letters that fit on one line of a box."""
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

    `rows` lists the answers in their box, and each arrow begins beside its answer: less easily read than words on
    arrows, but with half the paper. `lines` is how many lines of its text a box has at most. The others say what
    `split` makes of the arrows.
    """

    direction: Direction = "TB"
    rows: bool = False
    refer: Refer = "nothing"
    cut: int | None = None
    bridges: bool = False
    lines: int | None = None


def to_dot(picture: Picture, style: Style | None = None) -> str:
    """Write the picture; several groups are packed tightly."""
    return "\n".join(_lines(picture, style or Style())) + "\n"


def _lines(picture: Picture, style: Style) -> Iterator[str]:
    several = len(picture.groups) > 1
    gaps = "nodesep=0.15, ranksep=0.25" if style.rows else "nodesep=0.25, ranksep=0.35"
    packed = ', pack=20, packmode="graph"' if several and not style.cut else ""
    yield f"digraph {_text(picture.title)} {{"
    split_up = [split(group, style.refer, style.cut, bridges=style.bridges) for group in picture.groups]
    referring = any(ways.references for ways in split_up)
    yield f"  graph [rankdir={style.direction}, label=<{_title(picture, referring=referring)}>, labelloc=t,"
    yield f"    {_FONT}, fontsize=18, {gaps}, pad=0.3{packed}]"
    yield f'  node [{_FONT}, fontsize=11, shape=box, style="filled", margin="0.10,0.05", height=0.3, color="#606060"]'
    yield f'  edge [{_FONT}, fontsize=10, color="#505050", arrowsize=0.7]'
    most = max([arrow.count or 0 for arrow in picture.arrows], default=0)
    for number, group in enumerate(picture.groups):
        if several:
            yield f"  subgraph cluster_{number} {{"
            yield f"    label={_text(group.name)}; tooltip={_text(group.about)}"
            yield '    fontsize=14; color="#909090"; style="rounded"'
        ways = split_up[number]
        titles = {box.id: box.title for box in group.boxes}
        for box in group.boxes:
            own = [one for one in (*ways.drawn, *ways.free) if one.source == box.id and one.words] if style.rows else []
            cells = [_row(arrow) for arrow in own]
            cells += [_reference(arrow, titles, most) for arrow in ways.references if arrow.source == box.id]
            yield f"    {_box(box, cells, style.lines)}"
        for arrow in (*ways.drawn, *ways.free):
            yield f"    {_arrow(arrow, most, free=arrow in ways.free, rows=style.rows)}"
        if len(ways.tops) > 1:
            # Without this Graphviz puts the pieces in any order, and nobody finds where it begins.
            # In a frame it reads them from the bottom to the top.
            tops = ways.tops[::-1] if several and style.direction == "LR" else ways.tops
            yield f"    {{rank=same; {' -> '.join(tops)} [style=invis]}}"
        if several:
            yield "  }"
    yield "}"


def _box(box: Box, rows: Sequence[str], most: int | None) -> str:
    lines = [f"<b>{escape(box.title)}</b>"]
    lines += [f'<font point-size="{SMALLEST}">{escape(line)}</font>' for line in box.text[:most]]
    if box.people:
        lines.append(f'<font point-size="10"><b>{in_words(box.people)} here</b></font>')
    colour = WARNING if box.mild else PROBLEM
    if box.marks:
        lines.append(f'<font point-size="{SMALLEST}" color="{colour}"><b>! {escape(", ".join(box.marks))}</b></font>')
    style = "filled,rounded" if box.kind in _ROUND else "filled"
    style += ",dashed" if box.kind in {"outside", "silent"} else ""
    style += ",bold" if box.start else ""
    label = "<br/>".join(lines)
    if rows:
        label = (
            f'<table border="0" cellborder="0" cellspacing="1" cellpadding="1"><tr><td>{label}</td></tr>'
            f"{''.join(rows)}</table>"
        )
    parts = [f'id="{box.id}"', f"label=<{label}>", f'fillcolor="{FILLS[box.kind]}"', f'style="{style}"']
    if box.kind in _SHAPES and not rows:
        parts.append(f"shape={_SHAPES[box.kind]}")
    if box.kind == "call":
        parts.append("peripheries=2")
    if box.marks:
        parts += [f'color="{colour}"', "penwidth=2.5"]
    if box.full:
        parts.append(f"tooltip={_text(box.full)}")
    return f"{box.id} [{', '.join(parts)}]"


def legend(picture: Picture) -> list[tuple[str, str, str]]:
    """List what colours and marks on this picture mean: name, colour to fill with, colour of the border."""
    kinds = {box.kind for box in picture.boxes}
    found = [(_NAMES[kind], fill, "#606060") for kind, fill in FILLS.items() if kind in kinds]
    if any(box.start for box in picture.boxes):
        found.append(("thick frame: begins here", "#ffffff", "#606060"))
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


def _title(picture: Picture, *, referring: bool) -> str:
    meanings = legend(picture)
    if referring:
        meanings.append(("answer → name: goes on in the box of that name", "#ffffff", REFERENCE))
    cells = "".join([
        f'<td border="1" bgcolor="{fill}" color="{border}"><font point-size="{SMALLEST}">{escape(name)}</font></td>'
        for name, fill, border in meanings
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
    cell = f'<td port="{arrow.target}" border="1" color="#a0a0a0"><font point-size="{SMALLEST}">{words}</font></td>'
    return f"<tr>{cell}</tr>"


def _reference(arrow: Arrow, titles: Mapping[str, str], most: int) -> str:
    """Write where answers lead that have no arrow; in SVG it can be clicked."""
    words = [escape(word) for word in arrow.words]
    target = arrow.told or titles[arrow.target]
    name = f"<b>→ {escape(target)}</b>"
    if words and len(words[-1]) + len(target) <= _ROW:
        words[-1] += f" {name}"
    else:
        words.append(name)
    colour = UNUSED if arrow.count == 0 else REFERENCE
    frame = f'border="{round(width(arrow.count, most))}" color="{colour}"' if arrow.count else 'border="0"'
    tip = escape(" · ".join(arrow.full or arrow.words) or target)
    frame += "" if arrow.told else f' href="#{arrow.target}"'
    return (
        f'<tr><td align="right" balign="right" {frame} tooltip="{tip}">'
        f'<font point-size="{SMALLEST}" color="{colour}">{"<br/>".join(words)}</font></td></tr>'
    )


def _arrow(arrow: Arrow, most: int, *, free: bool, rows: bool) -> str:
    parts = []
    source = f"{arrow.source}:{arrow.target}" if rows and arrow.words else arrow.source
    if arrow.words and not rows:
        parts.append(f"label=<{'<br/>'.join([escape(word) for word in arrow.words])}>")
    if arrow.full and arrow.full != arrow.words:
        tip = _text(" · ".join(arrow.full))
        parts.append(f"tooltip={tip}, labeltooltip={tip}")
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


def _text(text: str) -> str:
    # A backslash is a sign to Graphviz, and what looks like an entity would be read as one.
    text = text.replace("&", "&amp;")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
