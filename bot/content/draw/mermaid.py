"""Write a picture as Mermaid: GitHub, GitLab and many editors show it without any program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.content.draw.dot import FILLS, PROBLEM, UNUSED, WARNING, legend, width
from bot.content.draw.picture import Box, Kind, Picture, in_words

_ENTITIES = {char: f"#{ord(char)};" for char in '"#&<>`[]{}()|\\;'}
_LIST = re.compile(r"^(\d+)([.)])(?= )|^([-*+])(?= )")

_SHAPES: Mapping[Kind, tuple[str, str]] = {
    "ask": ("(", ")"), "say": ("[", "]"), "silent": ("[", "]"), "branch": ("{{", "}}"), "call": ("[[", "]]"),
    "end": ("([", "])"), "forget": ("([", "])"), "outside": ("[/", "/]"), "commands": ("[", "]"),
    "dialog": ("(", ")"),
}  # fmt: skip


def to_mermaid(picture: Picture) -> str:
    """Write the picture."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield "---"
    yield f"title: {_title(picture.title)}"
    yield "---"
    yield "flowchart TD"
    for number, group in enumerate(picture.groups):
        if len(picture.groups) == 1:
            yield from [f"  {_box(box)}" for box in group.boxes]
            continue
        yield f'  subgraph g{number}["{text(group.name)}"]'
        yield from [f"    {_box(box)}" for box in group.boxes]
        yield "  end"
    most = max([arrow.count or 0 for arrow in picture.arrows], default=0)
    styles = []
    for number, arrow in enumerate(picture.arrows):
        words = "<br/>".join([text(word) for word in arrow.words])
        label = f'|"{words}"|' if words else ""
        yield f"  {arrow.source} -->{label} {arrow.target}"
        if arrow.count == 0:
            styles.append(f"  linkStyle {number} stroke:{UNUSED},stroke-dasharray:4")
        elif arrow.count:
            styles.append(f"  linkStyle {number} stroke-width:{width(arrow.count, most)}px")
    yield from styles
    for kind, fill in FILLS.items():
        own = [box.id for box in picture.boxes if box.kind == kind]
        if own:
            yield f"  classDef {kind}_box fill:{fill},stroke:#606060,color:#000000"
            yield f"  class {','.join(own)} {kind}_box"
    marked = [box for box in picture.boxes if box.marks]
    for name, style, own in (
        ("start_box", "stroke-width:3px", [box.id for box in picture.boxes if box.start]),
        ("problem_box", f"stroke:{PROBLEM},stroke-width:4px", [box.id for box in marked if not box.mild]),
        ("warning_box", f"stroke:{WARNING},stroke-width:3px", [box.id for box in marked if box.mild]),
    ):
        if own:
            yield f"  classDef {name} {style}"
            yield f"  class {','.join(own)} {name}"
    yield from _legend(picture)


def _legend(picture: Picture) -> Iterator[str]:
    """Write boxes in a frame of their own that say what colours mean; a note in the source would never be seen."""
    found = legend(picture)
    if not found:
        return
    yield '  subgraph legend["What colours mean"]'
    yield "    direction LR"
    yield from [f'    legend_{number}["{text(what)}"]' for number, (what, _, _) in enumerate(found)]
    yield "  end"
    for number, (_, fill, border) in enumerate(found):
        yield f"  style legend_{number} fill:{fill},stroke:{border},color:#000000"


def _box(box: Box) -> str:
    opened, closed = _SHAPES[box.kind]
    rows = [f"<b>{text(box.title)}</b>", *[text(line) for line in box.text]]
    if box.people:
        rows.append(f"{in_words(box.people)} here")
    if box.marks:
        rows.append(f"! {text(', '.join(box.marks))}")
    return f'{box.id}{opened}"{"<br/>".join(rows)}"{closed}'


def text(words: str) -> str:
    """Escape words for a label; what looks like a list would be refused by Mermaid, so its sign is written as code."""
    escaped = "".join([_ENTITIES.get(char, char) for char in words])
    return _LIST.sub(lambda found: f"{found[1]}#{ord(found[2])};" if found[1] else f"#{ord(found[3])};", escaped)


def _title(title: str) -> str:
    return "'" + title.replace("'", "''").replace("\n", " ") + "'"
