"""The pleasant terminal: colours, ticks, links to click, everything wrapped to the window.

Output is written with rich; the input line comes from prompt_toolkit, which takes a quarter of a second to import and
is therefore loaded when the greeting already stands on the screen.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TextIO

from bot.channels.console.inbound import Given, read_typed
from bot.channels.console.lines import Lines
from bot.channels.console.outbound import Shown
from bot.channels.console.output import Output
from bot.channels.console.page import Page, Row
from bot.channels.console.prompt import Prompt, window
from bot.engine.session import Session
from bot.texts.tree import Message


class Terminal:
    """Talk in a window. Without cursor movement (`TERM=dumb`) it reads plain lines and never draws again."""

    def __init__(
        self, lines: Lines, stdin: TextIO, stdout: TextIO, errors: Output, *, commands: tuple[str, ...] = ()
    ) -> None:
        self._stdout = stdout
        self._output = Output(stdout)
        self._errors = errors
        self._dumb = os.environ.get("TERM", "dumb") in {"", "dumb", "unknown"}
        self._prompt = Prompt(stdin, stdout, self._output, lines, simple=self._dumb)
        self._commands = [f"/{name}" for name in ("help", "back") if name in commands]
        self._question: Message | None = None
        self._last: tuple[int, list[Row], tuple[int, int]] | None = None
        """The last message on the screen: its number, its rows, and the size of the window when they were written."""
        self._unwritten: str | None = None
        """What was typed and not yet written above its answer: it is not, when the answer is a tick."""

    async def read(self) -> Given | None:
        """Read a line as an answer to the question in hand."""
        self._write_typed()
        text = await self._prompt.read(self._hint())
        if text is None:
            return None
        self._unwritten = text
        return read_typed(text, self._question)

    def show(self, shown: Sequence[Shown]) -> None:
        """Write messages; a question that only got another tick is drawn in the place of the old one."""
        # Of several ticks in one turn only the outcome is worth seeing.
        latest = [
            one for one, following in zip(shown, [*shown[1:], None], strict=True)
            if following is None or following.replaces != one.id
        ]  # fmt: skip
        first = shown[0].replaces
        for one in latest:
            page = Page(self._size()[0], dumb=self._dumb)
            rows = page.message(one)
            again = one.replaces is not None and self._last is not None and self._last[0] in {first, one.replaces}
            erase = self._erase() if again else ""
            if erase:
                self._unwritten = None
            self._write_typed()
            self._output.write(erase + page.render(rows))
            self._last = (one.id, rows, self._size())
            if one.message.choices or one.message.kind == "question":
                self._question = one.message

    def refuse(self, sentence: str) -> None:
        """Tell the error output."""
        self._last = None
        self._errors.note(f"{sentence}\n")

    def answered(self, session: Session) -> None:
        """Forget the question when there is none any more."""
        if session.ended:
            self._question = None

    def forgot(self) -> None:
        """Forget the lines that were typed; what stands on the screen is in nobody's hand but the person's."""
        self._prompt.forget()
        self._question = None

    def stop(self) -> None:
        """Stop reading."""
        self._prompt.stop()

    def leave(self, goodbye: str) -> None:
        """Say goodbye and end the line, so that the shell begins on a fresh one."""
        self._output.write(f"\n{goodbye}\n" if goodbye else "\n")

    def _write_typed(self) -> None:
        """Write what was typed where the input line was; the input line itself erases what it drew."""
        text, self._unwritten = self._unwritten, None
        if text is not None and text.strip() and not self._dumb:
            page = Page(self._size()[0], dumb=self._dumb)
            self._output.write(page.render(page.typed(text)))
            self._last = None

    def _erase(self) -> str:
        """Give what takes the last message off the screen; nothing where it is no longer whole in sight."""
        if self._last is None or self._dumb:
            return ""
        _, rows, size = self._last
        height = sum(row.height(size[0]) for row in rows)
        return f"\x1b[{height}A\r\x1b[J" if size == self._size() and height < size[1] - 1 else ""

    def _hint(self) -> str:
        """Say without words what may be typed; only what fits beside the prompt."""
        count = len(self._question.choices) if self._question else 0
        parts = [] if count == 0 else ["1"] if count == 1 else [f"1–{count}"]
        for command in self._commands:
            if len(" · ".join([*parts, command])) < self._size()[0] - 3:
                parts.append(command)
        return " · ".join(parts)

    def _size(self) -> tuple[int, int]:
        """Measure the window: columns and lines."""
        return window(self._stdout)
