"""How a conversation looks: what a face does, and the two faces for pipes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.channels.console.inbound import Given, read_json
from bot.channels.console.lines import Lines
from bot.channels.console.outbound import Shown, error_line, message_line, plain_block, state_line
from bot.channels.console.output import Output
from bot.engine.events import Said
from bot.engine.session import Session


class Face(Protocol):
    """Take what is given, show what is said."""

    async def read(self) -> Given | None:
        """Give the next input, None at the end."""
        ...

    def show(self, shown: Sequence[Shown]) -> None:
        """Show messages, in order."""
        ...

    def refuse(self, sentence: str) -> None:
        """Say why an input was not taken."""
        ...

    def answered(self, session: Session) -> None:
        """Close the answer to an input: everything was said."""
        ...

    def forgot(self) -> None:
        """Forget what the face itself remembers of the person (the history of the input line)."""
        ...

    def stop(self) -> None:
        """Let `read` give None, from now on and where it waits."""
        ...

    def leave(self, goodbye: str) -> None:
        """Close the conversation; `goodbye` may be empty."""
        ...


class Plain:
    """Write a block of lines per message with an empty line after it; a line is an answer."""

    def __init__(self, lines: Lines, output: Output, errors: Output) -> None:
        self._lines = lines
        self._output = output
        self._errors = errors

    async def read(self) -> Given | None:
        """Join lines that end in a backslash with the next one."""
        parts: list[str] = []
        while True:
            line = await self._lines.next()
            if line is None:
                return (Said("\n".join(parts)),) if parts else None
            text = line.text()
            if not text.endswith("\\"):
                return (Said("\n".join([*parts, text])),)
            parts.append(text[:-1])

    def show(self, shown: Sequence[Shown]) -> None:
        """Write the blocks."""
        self._output.write("".join([f"{plain_block(one)}\n\n" for one in shown]))

    def refuse(self, sentence: str) -> None:
        """Tell the error output: standard output carries the conversation only."""
        self._errors.note(f"{sentence}\n")

    def answered(self, session: Session) -> None:
        """Add nothing."""

    def forgot(self) -> None:
        """Have nothing to forget."""

    def stop(self) -> None:
        """Stop reading."""
        self._lines.end()

    def leave(self, goodbye: str) -> None:
        """Add nothing: what came out can be compared word for word."""


class Json:
    """Write a line of JSON per message, and exactly one state line after the start and after every input."""

    def __init__(self, lines: Lines, output: Output) -> None:
        self._lines = lines
        self._output = output

    async def read(self) -> Given | None:
        """Read a line."""
        line = await self._lines.next()
        return None if line is None else read_json(line)

    def show(self, shown: Sequence[Shown]) -> None:
        """Write a line per message."""
        self._output.write("".join([f"{message_line(one)}\n" for one in shown]))

    def refuse(self, sentence: str) -> None:
        """Write an error line."""
        self._output.write(f"{error_line(sentence)}\n")

    def answered(self, session: Session) -> None:
        """Write the state line."""
        self._output.write(f"{state_line(session)}\n")

    def forgot(self) -> None:
        """Have nothing to forget."""

    def stop(self) -> None:
        """Stop reading."""
        self._lines.end()

    def leave(self, goodbye: str) -> None:
        """Add nothing."""
