"""Write a picture to a file; its ending chooses the form. Pictures of pixels and curves are made by Graphviz."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from bot.content.draw.dot import Direction, Style, to_dot
from bot.content.draw.mermaid import to_mermaid
from bot.content.draw.picture import Counts, People, Picture, overview, picture
from bot.engine.model import Pack
from bot.errors import BotError, Problem, UsageError
from bot.reader import nearest

ENDINGS = (".svg", ".png", ".mmd", ".dot")
A3 = (16.5, 11.7)
"""Width and height of the paper in inches."""
_FOLDS = (5, 7, 10, 14)
_EASY = 0.75
"""Scale at which the smallest letters (9 points) come out as those of a footnote."""
_SECONDS = 120


class DrawError(UsageError):
    """Say why a picture cannot be made as it was asked for, and what can be done."""


class GraphvizError(BotError):
    """Say that Graphviz is not here or did not draw, and what can be done without it."""


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
    return _graphviz(best_layout(made), *(["-Tsvg"] if ending == ".svg" else ["-Tpng", "-Gdpi=110"]))


def best_layout(made: Picture) -> str:
    """Give the first of a few layouts that is easily read on A3, else the one with the largest letters there."""
    best, largest = "", -1.0
    for layout in _layouts(made):
        scale = scale_on_a3(layout)
        if scale > largest:
            best, largest = layout, scale
        if scale >= _EASY:
            break
    return best


def _layouts(made: Picture) -> Iterator[str]:
    if len(made.groups) > 1:
        yield to_dot(made)
        return
    directions: tuple[Direction, ...] = ("TB", "LR")
    # A folded one has longer arrows, and answers in boxes are less clear: they come last, for large dialogs.
    for rows in (False, True):
        for fold in (None, *_FOLDS):
            yield from [to_dot(made, Style(direction, fold, rows)) for direction in directions]


def scale_on_a3(dot: str) -> float:
    """Give how large a layout comes out on A3, in either direction of the paper; 1 is full size."""
    words = _graphviz(dot, "-Tplain").split(None, 4)
    across, down = float(words[2]), float(words[3])
    return max(min(A3[0] / across, A3[1] / down), min(A3[1] / across, A3[0] / down))


def _graphviz(dot: str, *options: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise GraphvizError(
            "the program «dot» of Graphviz is not here. Install it (Debian, Ubuntu: apt-get install graphviz; "
            "macOS: brew install graphviz), or write a file that ends in .mmd or .dot, which needs no program."
        )
    try:
        done = subprocess.run(
            [program, *options], input=dot.encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GraphvizError(
            f"Graphviz did not draw it ({type(error).__name__}); draw one dialog, or write .mmd."
        ) from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().split("\n")[0]
        raise GraphvizError(f"Graphviz did not draw it ({said[:200]}); write .mmd, or tell us.")
    return done.stdout
