"""Watch content: what `chat --watch`, `run` and `check --watch` share."""

from __future__ import annotations

import asyncio
import io
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.app import Loaded, load, pack_reader, running
from bot.commands.hangup import SIGHUP, came
from bot.content.compile import is_dialog
from bot.content.folder import find
from bot.errors import Problem
from bot.service.reload import ENDINGS, EXAMPLES, Files, Fresh, Reloaded, Reloader, Source, watch

if TYPE_CHECKING:
    from bot.service.turns import Turns

OnTaken = Callable[[Reloaded], None]
EVERY = 2.0
"""Seconds between two looks at the files of a running bot."""
PAUSE = 0.3
"""Seconds between two looks at the files."""
USAGE = 2
"""The exit code of a check that found nothing to look at."""
TRIES = 10
"""How often files that are just being written are read again before a person hears of it."""
_CLEAR = "\x1b[2J\x1b[H"


def source(loaded: Loaded, *, default_language: str = "en", operator: Mapping[str, str] | None = None) -> Source:
    """Say where content that runs came from, and how it is checked and read anew."""
    content = loaded.content

    def check() -> tuple[Problem, ...]:
        from bot.checks.folder import GLOSSARY, check_folder, short
        from bot.commands.check import prepare

        # Mistakes in what a running bot never reads keep nothing out.
        examples, glossary = f"{short(content.pack / EXAMPLES)}/", short(content.locales / GLOSSARY)
        found = check_folder(content.pack, prepare).problems
        return tuple(one for one in found if one.file != glossary and not one.file.startswith(examples))

    def fresh() -> Fresh:
        root = content.pack.parent.parent
        again = load(root, pack=content.name, default_language=default_language, operator=operator)
        files = {path: text for path, text in again.files.items() if is_dialog(path)}
        return Fresh(running(again), files, pack_reader(again.registry))

    return Source(Files((content.pack, content.locales)), check, fresh, content.check)


def noted(root: Path | None, pack: str | None) -> str:
    """Note what content is there before it is loaded: what is written meanwhile is a change, and not seen otherwise."""
    content = find(root, pack)
    return Files((content.pack, content.locales)).digest()


def at_the_next_message(turns: Turns, where: Source) -> Callable[[], Awaitable[str | None]]:
    """Give what a terminal calls before each input: takes over what changed and says so, or what is wrong with it."""
    reloader = Reloader(turns, where, keep_older=False)

    async def look() -> str | None:
        outcome = await reloader.look()
        for _ in range(TRIES):
            if outcome is None or outcome.status != "unsettled":
                break
            await asyncio.sleep(PAUSE)
            outcome = await reloader.look()
        return f"optout-bot: {outcome.sentence}" if outcome else None

    return look


def follow(
    turns: Turns, where: Source, *, watching: bool, before: str = "", on_taken: OnTaken | None = None
) -> asyncio.Task[None]:
    """Take over changed content while a bot runs: after a SIGHUP, and with `watching` whenever a file changes.

    `before` is what was `noted` before the content was loaded.
    Everything is logged. Cancel the task at the end; from then on the signal does nothing.
    """
    reloader = Reloader(turns, where)
    reloader.on_taken = on_taken or reloader.on_taken
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    if SIGHUP is not None:
        loop.add_signal_handler(SIGHUP, asked.set)
    if came() or (watching and before and reloader.digest != before):
        asked.set()

    async def run() -> None:
        try:
            await watch(reloader, EVERY if watching else None, asked)
        finally:
            if SIGHUP is not None:
                loop.remove_signal_handler(SIGHUP)
                # By default it would end the process before the channels have come to an end.
                signal.signal(SIGHUP, signal.SIG_IGN)

    return asyncio.create_task(run())


def again_and_again(
    check: Callable[[TextIO], int], folders: tuple[Path, ...], stream: TextIO, *, rounds: int | None = None
) -> int:
    """Check now and after every change of a file, until Ctrl-C; gives the exit code of the last round.

    In a terminal the screen is cleared first and only as much is shown as fits on it. `rounds` ends it by itself.
    """
    files = Files(folders, frozenset(), (*ENDINGS, ".pot"))
    digest, code, done = "", 0, 0
    try:
        while True:
            found = files.digest()
            if found == digest:
                time.sleep(PAUSE)
                continue
            digest, done = found, done + 1
            said = io.StringIO()
            code = check(said)
            stream.write(_screen(said.getvalue(), stream))
            stream.flush()
            if done == rounds or (done == 1 and code == USAGE):
                return code  # a path that was never there is a slip; one that goes later may come back
    except KeyboardInterrupt:
        return code


def _screen(said: str, stream: TextIO) -> str:
    now = f"{datetime.now(UTC).astimezone():%H:%M:%S}"
    if not stream.isatty():
        return f"{said}--- {now} ---\n"
    lines = said.splitlines()
    room = max(3, shutil.get_terminal_size().lines - 4)
    if len(lines) > room:
        # The last line sums up; what does not fit is found once the first ones are mended.
        lines = [*lines[: room - 1], f"… and {len(lines) - room} more", lines[-1]]
    return _CLEAR + "\n".join(
        [*lines, "", f"Checked at {now}; I look again when a file changes. Ctrl-C ends this.", ""]
    )
