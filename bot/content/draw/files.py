"""Write a picture to a file; its ending chooses the form. Pictures of pixels and curves are made by Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.content.draw.dot import to_dot
from bot.content.draw.graphviz import graphviz
from bot.content.draw.layout import READABLE, Layout, best_layout
from bot.content.draw.mermaid import to_mermaid
from bot.content.draw.pages import pages
from bot.content.draw.picture import Counts, People, Picture, overview, picture
from bot.engine.model import Pack
from bot.errors import Problem, UsageError
from bot.reader import nearest

ENDINGS = (".svg", ".png", ".mmd", ".dot")
_ON_PAPER: Mapping[str, Sequence[str]] = {".svg": ["-Tsvg"], ".png": ["-Tpng", "-Gdpi=110"]}
"""What Graphviz is told for each ending that it draws itself."""


class DrawError(UsageError):
    """Say why a picture cannot be made as it was asked for, and what can be done."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What pictures show beside the dialogs.

    `problems` are marked; `counts` says how often the way from a place to a place was taken, and becomes the width of
    the arrows; `people` says how many stand in each place, and is written in the boxes.
    """

    problems: Sequence[Problem] = ()
    counts: Counts | None = None
    people: People | None = None


def command_draw(
    pack: Pack,
    dialog: str | None,
    output: Path | None,
    out: TextIO,
    err: TextIO,
    *,
    topics: bool = False,
    each: bool = False,
    shown: Shown | None = None,
) -> int:
    """Draw one dialog or the whole pack to a file, or as Mermaid to `out` where no file is named; gives 0.

    With `topics` there is one box for each dialog. With `each` there is a file for each dialog beside that of the
    topics, and as many for one as are needed on A3. Where letters come out too small on A3, a sentence on `err` says
    so. Raises `DrawError` for a dialog there is not or that is named beside `topics`, another ending,
    a missing folder, or a file that cannot be written, and `GraphvizError` without Graphviz.
    """
    shown = shown or Shown()
    if dialog is not None and dialog not in pack.dialogs:
        raise DrawError(f"there is no dialog «{dialog}». {nearest(dialog, set(pack.dialogs))}".strip())
    if dialog is not None and topics:
        raise DrawError(f"--topics draws all dialogs at once; leave out «{dialog}», or --topics.")
    if output is None:
        if each:
            raise DrawError("--each writes several files; say what they begin with, for example -o pictures/all.svg.")
        out.write(to_mermaid(_made(pack, dialog, topics, shown)))
        return 0
    _check(output)
    if each:
        for name, made, data in _each(pack, dialog, output.suffix, shown):
            _write(output.with_stem(output.stem + name), made, data, out)
        return 0
    made = _made(pack, dialog, topics, shown)
    layout = best_layout(made) if output.suffix in _ON_PAPER else None
    _write(output, made, _bytes(made, output.suffix, layout), out)
    if layout is not None and layout.letters < READABLE:
        points = f"on A3 its smallest letters have {layout.letters:.1f} points, and people need {READABLE:.0f}"
        way = "it is drawn on several pages" if dialog else "every dialog gets a page of its own"
        print(f"{output}: {points}." + ("" if topics else f" With --each {way}."), file=err)
    return 0


def _made(pack: Pack, dialog: str | None, topics: bool, shown: Shown) -> Picture:
    if topics:
        return overview(pack, shown.counts, shown.people, shown.problems)
    return picture(pack, dialog, shown.problems, shown.counts, shown.people)


def _each(pack: Pack, dialog: str | None, ending: str, shown: Shown) -> Iterator[tuple[str, Picture, bytes]]:
    """Draw the topics and each dialog, or one dialog: what is added to the file's name, the picture, its bytes."""
    if dialog is None:
        topics = _made(pack, None, True, shown)
        yield "", topics, render(topics, ending)
    for name in pack.dialogs if dialog is None else [dialog]:
        made = _made(pack, name, False, shown)
        end = f"-{name}" if dialog is None else ""
        if ending not in _ON_PAPER:
            yield end, made, render(made, ending)
            continue
        parts = pages(made)
        for number, (part, layout) in enumerate(parts, 1):
            yield end if len(parts) == 1 else f"{end}-{number}", part, _bytes(part, ending, layout)


def _check(output: Path) -> None:
    if output.suffix not in ENDINGS:
        what = output.suffix or "a file without ending"
        raise DrawError(f"I cannot draw «{what}»; the file ends in one of {', '.join(ENDINGS)}.")
    if not output.parent.is_dir():
        raise DrawError(f"{output}: there is no folder «{output.parent}»; make it, or name another.")


def _write(output: Path, made: Picture, data: bytes, out: TextIO) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        raise DrawError(f"{output}: the file cannot be written ({error.strerror}).") from None
    boxes, arrows = len(made.boxes), len(made.arrows)
    said = f"{boxes} box{'es' * (boxes != 1)}, {arrows} arrow{'s' * (arrows != 1)}"
    print(f"{output}: {said}.", file=out)


def render(made: Picture, ending: str) -> bytes:
    """Give the bytes of a picture in the form of a file ending (`.svg .png .mmd .dot`)."""
    return _bytes(made, ending, best_layout(made) if ending in _ON_PAPER else None)


def _bytes(made: Picture, ending: str, layout: Layout | None) -> bytes:
    if layout is not None:
        return graphviz(layout.dot, *_ON_PAPER[ending])
    return (to_dot(made) if ending == ".dot" else to_mermaid(made)).encode()
