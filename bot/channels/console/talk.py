"""Talk with one person in a terminal, or with one program at the other end of a pipe."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, TextIO

from bot.channels.console.clock import ConsoleClock
from bot.channels.console.conversation import Conversation
from bot.channels.console.faces import Face, Json, Plain
from bot.channels.console.files import Folder
from bot.channels.console.inbound import Advance, Given, Refusal
from bot.channels.console.lines import Lines
from bot.channels.console.output import Gone, Output
from bot.errors import StoreError
from bot.service.library import Library
from bot.service.ports import Store
from bot.service.turns import Turns

Mode = Literal["plain", "json", "rich"]
Watch = Callable[[], Awaitable[str | None]]


async def talk(
    turns: Turns,
    store: Store,
    clock: ConsoleClock,
    *,
    mode: Mode,
    language: str,
    files: Path | None,
    stdin: TextIO | None,
    stdout: TextIO | None,
    stderr: TextIO | None,
    key: str = "console:local",
    watch: Watch | None = None,
) -> int:
    """Hold the conversation until the input ends, and give the exit code.

    It is 0 when the person ends it, in whatever way: end of input, Ctrl-C, a closed window or pipe are no errors.
    It is 1 when the output cannot be written for another reason. `watch` is called before every input; what it gives is
    said on `stderr`. Raises `SettingsError` or `StoreError` when it cannot begin.
    """
    folder = Folder(files)
    errors = Output(stderr)
    lines = Lines(stdin)
    face = _face(mode, turns.library, lines, stdin, stdout, errors)
    conversation = Conversation(turns, store, clock, key, folder, face)
    try:
        with _ended_by_signals(face.stop):
            await conversation.begin(language)
            await _run(conversation, face, errors, watch)
            face.leave(_goodbye(turns.library, conversation))
    except Gone as gone:
        if gone.why:
            errors.note(f"optout-bot: {gone.why}\n")
            return 1
    finally:
        folder.close()
    return 0


async def _run(conversation: Conversation, face: Face, errors: Output, watch: Watch | None) -> None:
    while True:
        assert conversation.session is not None
        face.answered(conversation.session)
        given = await face.read()
        if given is None:
            return
        note = await watch() if watch else None
        if note:
            errors.note(f"{note}\n")
        refusal = await _handle(conversation, given)
        if refusal:
            face.refuse(refusal)


async def _handle(conversation: Conversation, given: Given) -> str | None:
    """Carry out one input; gives why it was not taken."""
    if isinstance(given, Refusal):
        return given.sentence
    try:
        if isinstance(given, Advance):
            return await conversation.advance(given.span)
        refusal = conversation.refusal(given)
        if refusal is None:
            await conversation.take(given)
        return refusal
    except StoreError as error:
        return str(error)


def _face(
    mode: Mode, library: Library, lines: Lines, stdin: TextIO | None, stdout: TextIO | None, errors: Output
) -> Face:
    if mode == "json":
        return Json(lines, Output(stdout, "utf-8"))
    if mode == "plain" or stdin is None or stdout is None:
        return Plain(lines, Output(stdout), errors)
    from bot.channels.console.terminal import Terminal

    return Terminal(lines, stdin, stdout, errors, commands=tuple(library.current().commands))


def _goodbye(library: Library, conversation: Conversation) -> str:
    """Find the pack's word of farewell, if it has one."""
    text = library.current().phrases.get("goodbye")
    session = conversation.session
    return library.words(session.language, text) if text is not None and session is not None else ""


@contextmanager
def _ended_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C, `kill` and a closed window end the conversation after the turn in hand, so that nothing is torn."""
    loop = asyncio.get_running_loop()
    watched = []
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with suppress(ValueError, RuntimeError, NotImplementedError):  # only in the main thread
            loop.add_signal_handler(one, stop)
            watched.append(one)
    try:
        yield
    finally:
        for one in watched:
            loop.remove_signal_handler(one)
