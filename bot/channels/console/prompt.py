"""The input line of the pleasant terminal."""

from __future__ import annotations

import os
import termios
from typing import TYPE_CHECKING, TextIO

from bot.channels.console.lines import Lines
from bot.channels.console.output import Output

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession


def window(stdout: TextIO) -> tuple[int, int]:
    """Measure the window of a stream: columns and lines, 80 and 24 where there is none."""
    try:
        size = os.get_terminal_size(stdout.fileno())
    except (OSError, ValueError):
        return 80, 24
    return size.columns or 80, size.lines or 24


class Prompt:
    """Read a line with editing and history. The history lives in memory and goes with the process.

    `simple` reads whole lines as the terminal gives them, for windows without cursor movement.
    """

    def __init__(self, stdin: TextIO, stdout: TextIO, output: Output, lines: Lines, *, simple: bool) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self._output = output
        self._lines = lines
        self._simple = simple
        self._session: PromptSession[str] | None = None
        self._stopped = False

    async def read(self, hint: str) -> str | None:
        """Give what was typed, None at the end (Ctrl-D, Ctrl-C, a closed window); `hint` stands in the empty line."""
        if self._stopped:
            return None
        if self._simple:
            self._output.write("> ")
            line = await self._lines.next()
            return None if line is None else line.text()
        session = self._session = self._session or self._make()
        try:
            return await session.prompt_async(
                [("ansigreen bold", self._output.near("› "))],
                placeholder=[("ansibrightblack", self._output.near(hint))],
                handle_sigint=False,
            )
        except (EOFError, KeyboardInterrupt):
            return None
        except (OSError, termios.error):  # the window was closed while it waited
            return None

    def forget(self) -> None:
        """Forget every line that was typed."""
        self._session = None

    def stop(self) -> None:
        """End reading, also where it waits now."""
        self._stopped = True
        self._lines.end()
        app = self._session.app if self._session is not None else None
        if app is not None and app.future is not None and not app.future.done():
            app.exit(exception=EOFError())

    def _make(self) -> PromptSession[str]:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.data_structures import Size
        from prompt_toolkit.history import InMemoryHistory
        from prompt_toolkit.input import create_input
        from prompt_toolkit.output import ColorDepth
        from prompt_toolkit.output.vt100 import Vt100_Output

        return PromptSession(
            history=InMemoryHistory(),
            input=create_input(self._stdin),
            # No question to the terminal where its cursor is: the answer would come in between what is typed.
            output=Vt100_Output(
                self._stdout, lambda: Size(*reversed(window(self._stdout))), os.environ.get("TERM"), enable_cpr=False
            ),
            color_depth=ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None,
            erase_when_done=True,
            reserve_space_for_menu=0,
            enable_suspend=True,
        )
