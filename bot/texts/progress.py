"""How far a language is: what is translated, what waits, in a table and as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

ROW, TOP, LEFT, WIDE, RIGHT = 50, 64, 190, 500, 250
"""Pixels of the picture: height of a row, of the head, width of the names, of the bars, of the figures."""

_SHARES = (
    ("translated", "done", "translated"),
    ("unsure", "look", "to look at again"),
    ("unusable", "bad", "cannot be used"),
    ("missing", "none", "said in English"),
)


@dataclass(slots=True)
class Counts:
    """Count messages by what becomes of them when somebody reads this language."""

    translated: int = 0
    unsure: int = 0
    """Marked fuzzy: read in English until somebody has looked at them."""
    unusable: int = 0
    """Translated, but fill-ins, links or markup are broken: read in English."""
    missing: int = 0

    @property
    def every(self) -> int:
        """Count all messages."""
        return self.translated + self.unsure + self.unusable + self.missing

    @property
    def percent(self) -> int:
        """Say how much is read in the language; 100 only when nothing is left."""
        return 100 * self.translated // self.every if self.every else 100

    def add(self, other: Counts) -> None:
        """Count another part to this one."""
        for name, _, _ in _SHARES:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Progress:
    """One language: its name for the picture, and its counts by part."""

    language: str
    name: str
    parts: Mapping[str, Counts]

    @property
    def whole(self) -> Counts:
        """Count all parts together."""
        counts = Counts()
        for part in self.parts.values():
            counts.add(part)
        return counts


def table(languages: Sequence[Progress]) -> str:
    """Write the counts as a table for the terminal: a line for each language, and its parts below it."""
    rows: list[tuple[str, ...]] = [("language", "texts", "translated", "fuzzy", "unusable", "missing", "%")]
    for one in languages:
        rows += [_row(one.language, one.whole), *(_row(f"  {part}", counts) for part, counts in one.parts.items())]
    first, *widths = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join(
        name.ljust(first) + "".join(cell.rjust(width + 2) for cell, width in zip(cells, widths, strict=True))
        for name, *cells in rows
    )


def _row(name: str, counts: Counts) -> tuple[str, ...]:
    figures = (counts.every, counts.translated, counts.unsure, counts.unusable, counts.missing, counts.percent)
    return name, *(str(figure) for figure in figures)


def picture(languages: Sequence[Progress], title: str = "How far the translations are") -> str:
    """Draw the counts as SVG, a bar for each language; it needs no font and no script and fits light and dark pages."""
    height = TOP + ROW * max(len(languages), 1) + 44
    width = LEFT + WIDE + RIGHT
    spoken = "; ".join(f"{one.name} {one.whole.percent} %" for one in languages) or "no language yet"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{_attribute(f"{title}: {spoken}")}">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{width}" height="{height}"/>',
        f'<text class="title" x="24" y="38">{escape(title)}</text>',
    ]
    for number, one in enumerate(languages):
        lines += _bar(one, TOP + number * ROW)
    if not languages:
        lines.append(f'<text x="24" y="{TOP + 20}">There is no translation yet.</text>')
    x = LEFT
    for _, colour, words in _SHARES:
        lines.append(f'<rect class="{colour}" x="{x}" y="{height - 30}" width="12" height="12" rx="2"/>')
        lines.append(f'<text class="small" x="{x + 18}" y="{height - 20}">{words}</text>')
        x += 136
    return "\n".join([*lines, "</svg>", ""])


def _bar(one: Progress, y: int) -> Iterable[str]:
    whole = one.whole
    yield f'<text x="24" y="{y + 15}">{escape(one.name)}</text>'
    yield f'<text class="small" x="24" y="{y + 31}">{escape(one.language)}</text>'
    yield f'<rect class="none" x="{LEFT}" y="{y}" width="{WIDE}" height="20" rx="3"/>'
    x = float(LEFT)
    for field, colour, words in _SHARES[:3]:
        share = getattr(whole, field) * WIDE / max(whole.every, 1)
        if share:
            yield f'<rect class="{colour}" x="{x:.1f}" y="{y}" width="{share:.1f}" height="20" rx="3">'
            yield f"<title>{escape(one.name)}: {getattr(whole, field)} {words}</title></rect>"
        x += share
    parts = " · ".join(f"{part} {counts.percent} %" for part, counts in one.parts.items())
    yield f'<text class="small" x="{LEFT}" y="{y + 34}">{escape(parts)}</text>'
    yield f'<text class="figure" x="{LEFT + WIDE + 16}" y="{y + 16}">{whole.percent} %</text>'
    yield f'<text class="small" x="{LEFT + WIDE + 76}" y="{y + 15}">{whole.translated} of {whole.every} texts</text>'


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


_STYLE = (
    "text{font:15px system-ui,sans-serif;fill:#1b1f24}.small{font-size:12px;fill:#57606a}"
    ".title{font-size:19px;font-weight:600}.figure{font-weight:600}"
    ".page{fill:#fff}.done{fill:#1f7a4d}.look{fill:#d39b1a}.bad{fill:#b3261e}.none{fill:#d5dae0}"
    "@media(prefers-color-scheme:dark){text{fill:#e8eaed}.small{fill:#a6adb5}.page{fill:#14171b}.none{fill:#3a4048}"
    ".done{fill:#48b37e}}"
)
