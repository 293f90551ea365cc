"""A copy of the shipped content that is damaged and mended again while a bot runs on it."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from bot.app import Loaded, load, running
from bot.checks.folder import check_folder
from bot.commands.check import play, prepare
from bot.content import folder
from bot.content.compile import PACK_FILE
from bot.engine.events import Started
from bot.errors import BotError, ContentError, Problem
from tests.kit.damage.tree import Damage
from tests.packs.kit import Bot

Talk = Literal["refused", "talks", "crashed"]
WORDS = ("1", "2", "3", "Germany", "Deutschland", "I am an adult", "yes", "no", "help", "/back", "/status", "/sources",
         "nonsense xyz", "done", "ok", "write it", "Brazil")  # fmt: skip
TURNS = 12


class Broken(AssertionError):
    """Say how the program failed."""


class Copy:
    """The shipped content in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.root = home / "content"
        shipped = folder.find().pack.parent.parent
        for name in ("dialogs", "locales"):
            shutil.copytree(shipped / name, self.root / name)
        self.pack = folder.find().pack.name

    def load(self) -> Loaded:
        """Read it, as `chat` and `run` do."""
        return load(self.root)

    @contextmanager
    def damaged(self, damage: Damage) -> Iterator[None]:
        """Damage a file, and mend it again."""
        path = self.root / damage.path
        before = path.read_bytes()
        try:
            if damage.after is None:
                path.unlink()
            else:
                path.write_bytes(damage.after)
            yield
        finally:
            path.write_bytes(before)

    def check(self) -> list[Problem]:
        """List what `optout-bot check` says."""
        try:
            return list(check_folder(self.root, prepare, play).problems)
        except ContentError as error:  # not even a pack: the command says this one sentence
            said = str(error)
            return [Problem(f"dialogs/{self.pack}/{PACK_FILE}" if PACK_FILE in said else "", 1, 1, "", said)]

    def chat(self) -> Talk:
        """Begin `chat` in a process of its own and say a few words."""
        command = [sys.executable, "-m", "bot", "chat", "--plain", "--content", str(self.root)]
        told = "\n".join(WORDS[:TURNS]) + "\n"
        done = subprocess.run(command, input=told, capture_output=True, text=True, timeout=60, check=False, env={
            **os.environ, "PYTHONUTF8": "1"})  # fmt: skip
        if "Traceback" in done.stderr or done.returncode not in {0, 78}:
            raise Broken(f"exit code {done.returncode}: {done.stderr[-300:]}")
        if done.returncode == 78:
            one_sentence(done.stderr.strip())
            return "refused"
        if not done.stdout.strip():
            raise Broken("it said nothing")
        return "talks"


def one_sentence(said: str) -> None:
    """Hold an error against its promise: one line, in words."""
    if not said or "\n" in said.strip() or "Traceback" in said:
        raise Broken(f"this is no sentence: {said[:200]!r}")


class Failures(logging.Handler):
    """Remember every turn that failed and every look at the files that stumbled."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or "could not be looked at" in record.msg:
            self.seen.append(record.getMessage())


async def walks(bot: Bot, who: str, language: str, rng: random.Random) -> None:
    """Talk as a new person: words and buttons by chance."""
    await bot.does(who, Started(language))
    for _ in range(TURNS):
        await bot.says(who, rng.choice(WORDS) if rng.random() < 0.4 else str(rng.randrange(1, 6)))


async def stays_up(copy: Copy, bot: Bot, damage: Damage, seed: str) -> tuple[Talk, str]:
    """Give what `chat` does with the damaged content, and what a bot that runs on it did (`taken`, `refused`).

    Raises `Broken` where either fails: an exception that is not meant for people, a turn that fails, silence.
    """
    failures = Failures()
    logging.getLogger("bot").addHandler(failures)
    rng = random.Random(seed)
    try:
        with copy.damaged(damage):
            begun = await _chat(copy, rng)
            outcome = await bot.reloader.reload()
            if outcome.status == "refused":
                one_sentence(outcome.sentence)
            elif outcome.status != "taken":
                raise Broken(outcome.sentence)
            await bot.says("resident", rng.choice(WORDS))
            await walks(bot, f"new {seed}", "de", rng)
        mended = await bot.reloader.reload()
        if mended.status != "taken":
            raise Broken(f"the mended content: {mended.sentence}")
        if failures.seen:
            raise Broken("; ".join(failures.seen[:2]))
        return begun, outcome.status
    finally:
        logging.getLogger("bot").removeHandler(failures)


async def _chat(copy: Copy, rng: random.Random) -> Talk:
    try:
        loaded = copy.load()
        running(loaded)
    except BotError as error:
        one_sentence(str(error))
        return "refused"
    other = await Bot.start(copy)
    try:
        for language in ("en", "de"):
            await walks(other, f"somebody {language}", language, rng)
    finally:
        await other.store.close()
        await asyncio.sleep(0)
    return "talks"
