"""Write a picture to a file; its ending chooses the form. Pictures of pixels and curves are made by Graphviz."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from bot.content.draw.dot import to_dot
from bot.content.draw.graphviz import graphviz
from bot.content.draw.layout import best_layout
from bot.content.draw.mermaid import to_mermaid
from bot.content.draw.picture import Counts, People, Picture, overview, picture
from bot.engine.model import Pack
from bot.errors import Problem, UsageError
from bot.reader import nearest

ENDINGS = (".svg", ".png", ".mmd", ".dot")


class DrawError(UsageError):
    """Say why a picture cannot be made as it was asked for, and what can be done."""


def command_draw(
    pack: Pack,
    dialog: str | None,
    output: Path | None,
    out: TextIO,
    *,
    topics: bool = False,
    problems: Sequence[Problem] = (),
    counts: Counts | None = None,
    people: People | None = None,
) -> int:
    """Draw one dialog or the whole pack to a file, or as Mermaid to `out` where no file is named; gives 0.

    With `topics` there is one box for each dialog. `counts` says how often the way from a place to a place was taken:
    it becomes the width of the arrows. `people` says how many stand in each place: it is written in the boxes. Raises
    `DrawError` for a dialog there is not, another ending, a missing folder, or a file that cannot be written, and
    `GraphvizError` without Graphviz.
    """
    if dialog is not None and dialog not in pack.dialogs:
        raise DrawError(f"there is no dialog «{dialog}». {nearest(dialog, set(pack.dialogs))}".strip())
    made = overview(pack, counts, people) if topics else picture(pack, dialog, problems, counts, people)
    if output is None:
        out.write(to_mermaid(made))
        return 0
    if not output.parent.is_dir():
        raise DrawError(f"{output}: there is no folder «{output.parent}»; make it, or name another.")
    data = render(made, output.suffix)
    try:
        output.write_bytes(data)
    except OSError as error:
        raise DrawError(f"{output}: the file cannot be written ({error.strerror}).") from None
    print(f"{output}: {len(made.boxes)} boxes, {len(made.arrows)} arrows.", file=out)
    return 0


def render(made: Picture, ending: str) -> bytes:
    """Give the bytes of a picture in the form of a file ending (`.svg .png .mmd .dot`)."""
    if ending == ".mmd":
        return to_mermaid(made).encode()
    if ending == ".dot":
        return to_dot(made).encode()
    if ending not in ENDINGS:
        raise DrawError(
            f"I cannot draw «{ending or 'a file without ending'}»; the file ends in one of {', '.join(ENDINGS)}."
        )
    return graphviz(best_layout(made).dot, *(["-Tsvg"] if ending == ".svg" else ["-Tpng", "-Gdpi=110"]))
