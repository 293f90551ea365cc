"""Set a message for a window: wrapped, coloured, with links to click."""

from __future__ import annotations

import io
from dataclasses import dataclass

from rich.console import Console
from rich.style import Style
from rich.text import Text

from bot.channels.console.outbound import Shown
from bot.texts.clean import FSI, PDI, clean
from bot.texts.tree import CodeBlock, Message, Paragraph, Run

WIDEST = 88
"""Columns of a line at most: longer ones are hard to read, however wide the window is."""
_NARROWEST = 8

_NUMBER = Style(color="cyan", bold=True)
_TICKED = Style(color="green", bold=True)
_NOTICE = Style(color="yellow")
_FRAME = Style(color="cyan", dim=True)
_CODE = Style(color="cyan")
_TYPED = Style(color="green")


@dataclass(frozen=True, slots=True)
class Row:
    """One line to write. A `raw` one was not wrapped: the window breaks it where it must."""

    text: Text
    raw: bool = False

    def height(self, columns: int) -> int:
        """Reckon how many lines of the window it takes."""
        return max(1, -(-self.text.cell_len // columns)) if self.raw else 1


class Page:
    """Set messages for a window of so many columns. Colours follow TERM, COLORTERM and NO_COLOR."""

    def __init__(self, columns: int, *, dumb: bool = False) -> None:
        self._columns = max(_NARROWEST, columns)
        # The last column stays free: some windows break the line when it is filled.
        self._width = min(WIDEST, self._columns - 1)
        self._console = Console(
            file=io.StringIO(),
            force_terminal=not dumb,
            width=self._columns,
            markup=False,
            emoji=False,
            highlight=False,
            legacy_windows=False,
        )

    def render(self, rows: list[Row]) -> str:
        """Write rows with their colours as one string."""
        with self._console.capture() as capture:
            for row in rows:
                self._console.print(row.text, soft_wrap=True)
        return capture.get()

    def typed(self, text: str) -> list[Row]:
        """Set what the person typed, as it stays above the answer."""
        rows = self._wrap(Text(clean(text), _TYPED), "› ", _TYPED)
        return [*rows, Row(Text(""))]

    def message(self, shown: Shown) -> list[Row]:
        """Set a message with its choices and files, and an empty line after it."""
        message = shown.message
        rows: list[Row] = []
        for place, block in enumerate(message.body):
            tight = isinstance(block, Paragraph) and block.bullet
            if place and not (tight and _is_bullet(message, place - 1)):
                rows.append(Row(Text("")))
            rows += self._code(block) if isinstance(block, CodeBlock) else self._paragraph(block, message)
        for number, choice in enumerate(message.choices, 1):
            tick = ("[x] " if choice.selected else "[ ] ") if message.multiple and choice.id != "done" else ""
            style = _TICKED if choice.selected else Style.null()
            label = Text(clean(choice.label), style)
            rows += self._wrap(label, f"{number:>{len(str(len(message.choices)))}}. {tick}", _NUMBER)
        for file, path in zip(message.files, shown.paths, strict=True):
            name = clean(file.name)
            rows.append(Row(Text(name, Style(bold=True, link=path.as_uri() if path else None))))
            rows += [Row(Text(str(path), Style(link=path.as_uri())), raw=True)] if path else []
        return [*rows, Row(Text(""))]

    def _paragraph(self, block: Paragraph, message: Message) -> list[Row]:
        base = _NOTICE if message.kind == "notice" else Style.null()
        text = Text("", base)
        below: list[str] = []
        for run in block.runs:
            self._run(text, run, below)
        rows = self._wrap(text, "• " if block.bullet else "", base) if text.plain.strip() else []
        indent = "  " if block.bullet else ""
        # An address stands on a line of its own, unbroken: there every terminal finds it, and it can be copied.
        rows += [
            Row(Text(indent).append(url, Style(underline=True, link=url)), raw=True) for url in dict.fromkeys(below)
        ]
        return rows

    def _run(self, text: Text, run: Run, below: list[str]) -> None:
        words = clean(run.text)
        style = _CODE if run.code else Style.null()
        if run.bold:
            style += Style(bold=True)
        if run.url is not None:
            url = clean(run.url)
            style += Style(underline=True, link=url)
            alone = words.replace(FSI, "").replace(PDI, "").strip() in {"", url}
            if alone and len(url) >= self._width:
                below.append(url)
                return
            if alone:
                words = url
            else:
                below.append(url)
        text.append(words, style)

    def _code(self, block: CodeBlock) -> list[Row]:
        """Frame a text to copy above and below only, and let the window break it: a copy has no frame and no breaks."""
        frame = Row(Text("─" * self._width, _FRAME))
        lines = clean(block.text).expandtabs(4).split("\n")
        return [frame, *[Row(Text(line), raw=True) for line in lines], frame]

    def _wrap(self, text: Text, first: str, style: Style) -> list[Row]:
        """Wrap a text; `first` stands before its first line, and the others are indented as far."""
        indent = Text(first, style).cell_len
        # In a very narrow window the indent would leave no room for words.
        hanging = indent if indent * 2 <= self._width else 0
        text.expand_tabs(4)
        lines = text.wrap(self._console, self._width - indent, overflow="fold")
        for line in lines:
            line.rstrip()
        starts = [first, *[" " * hanging] * (len(lines) - 1)]
        return [Row(Text().append(start, style).append_text(line)) for start, line in zip(starts, lines, strict=True)]


def _is_bullet(message: Message, place: int) -> bool:
    block = message.body[place]
    return isinstance(block, Paragraph) and block.bullet
