"""Take over changed content while the bot runs: all of it, or none.

A `Reloader` sees that files changed, checks and loads everything anew on a thread, and swaps it in between two turns.
While anything is wrong the old content stays. Files that change while they are read are read again later.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bot.errors import BotError, ContentError, Problem, StoreError
from bot.facts.caches import let_go
from bot.service.library import Library
from bot.service.standing import Standing, affected, describe
from bot.service.turns import Turns
from bot.service.versions import Read, keep_versions

log = logging.getLogger("bot.reload")

ENDINGS = (".yaml", ".po")
EXAMPLES = "examples"
"""The folder in a pack that a running bot never reads."""
_LARGEST = 16 * 1024 * 1024
"""Bytes; a file larger than that is never content and is not read to see whether it changed."""

_AGAIN = 2.0
"""Seconds until it is tried again, where files were being written or the database was busy; then twice as many …"""
_LONGEST_PAUSE = 60.0
"""… up to these: each try is a whole check, and a database may be in trouble for hours."""

Status = Literal["taken", "refused", "unsettled"]
_LEVELS = {"taken": logging.INFO, "refused": logging.ERROR, "unsettled": logging.INFO}
Stamp = tuple[tuple[str, int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """Content as it was just read: the library, the dialog files it was made of, and how to read older versions."""

    library: Library
    files: Mapping[str, str]
    read: Read


@dataclass(frozen=True, slots=True)
class Files:
    """The files with these endings in some folders; folders named in `skip` are not looked into."""

    folders: tuple[Path, ...]
    skip: frozenset[str] = frozenset({EXAMPLES})
    endings: tuple[str, ...] = ENDINGS

    def stamp(self) -> Stamp:
        """Note name, size and times of every file: quick, and different whenever it was written or may now be read."""
        found = []
        for path in self._all():
            try:
                about = path.stat()
            except OSError:
                continue
            found.append((str(path), about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino))
        return tuple(found)

    def digest(self) -> str:
        """Hash every file: what was only touched, or written with the same words, is no change."""
        made = hashlib.sha256()
        for path in self._all():
            try:
                size = path.stat().st_size
                content = path.read_bytes() if size <= _LARGEST else f"large: {size}".encode()
            except OSError as error:
                content = f"unreadable: {error.errno}".encode()
            made.update(str(path).encode("utf-8", "replace") + b"\0" + hashlib.sha256(content).digest())
        return made.hexdigest()

    def _all(self) -> list[Path]:
        found: list[Path] = []
        seen: set[str] = set()
        for folder in self.folders:
            home = Path(os.path.realpath(folder))
            # Translations are read through links to folders, so these are followed too; a circle of them ends, and one
            # that leads up to what holds the content (`/`, a whole repository) is not followed.
            for here, inside, names in os.walk(folder, followlinks=True):
                real = os.path.realpath(here)
                known = real in seen or Path(real) in home.parents
                inside[:] = [] if known else [name for name in inside if name not in self.skip]
                if not known:
                    found += [Path(here, name) for name in names if name.endswith(self.endings)]
                seen.add(real)
        # Of a folder that may not be entered `Path.is_file` raises; this says no.
        return sorted(path for path in found if os.path.isfile(path))


def _names(stamp: Stamp) -> frozenset[str]:
    return frozenset([name for name, *_ in stamp])


@dataclass(frozen=True, slots=True)
class Source:
    """Where content comes from: the files that are watched, how to check and how to load them.

    `check` gives every problem that matters to a running bot and may raise `ContentError`; `load` raises it where the
    content cannot run. Both are called on a thread.
    """

    files: Files
    check: Callable[[], Sequence[Problem]]
    load: Callable[[], Fresh]
    command: str = "optout-bot check"
    """What somebody types to see every problem."""


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What came of a change: `sentence` says it to whoever edits, `standing` who is affected."""

    status: Status
    sentence: str
    version: str
    problems: tuple[Problem, ...] = ()
    standing: Standing = field(default_factory=lambda: Standing({}, {}, 0))


class Reloader:
    """Watch the files of a running bot and swap its content; `turns.library` stays the same object.

    `keep_older` lets people finish on the version they began (a bot with many people). Without it whoever stands in a
    state that is still there goes on with the new texts at once (an author trying out what they write).
    """

    def __init__(self, turns: Turns, source: Source, *, keep_older: bool = True) -> None:
        self._turns = turns
        self._source = source
        self._keep_older = keep_older
        self._stamp = self._seen = source.files.stamp()
        self.digest = source.files.digest()
        """What the files hold that were looked at last."""
        self._there = _names(self._stamp)
        self._lock = asyncio.Lock()
        self.on_taken: Callable[[Reloaded], None] = lambda outcome: None
        """Called after every swap (the channel's list of commands may have changed)."""

    async def look(self, *, rested: bool = False) -> Reloaded | None:
        """Take over what changed since the last look; None where nothing did.

        With `rested` files that were written since the last look wait for the next one: what a slow copy has written
        so far may be right in itself, and is still half of a change.
        """
        async with self._lock:
            stamp = await asyncio.to_thread(self._source.files.stamp)
            before, self._seen = self._seen, stamp
            if stamp == self._stamp or (rested and stamp != before):
                return None
            digest = await asyncio.to_thread(self._source.files.digest)
            if digest == self.digest:
                self._stamp = stamp
                return None
            return await self._try(stamp, digest)

    async def reload(self) -> Reloaded:
        """Read everything anew, changed or not: what an operator asks for with a signal."""
        async with self._lock:
            stamp = await asyncio.to_thread(self._source.files.stamp)
            return await self._try(stamp, await asyncio.to_thread(self._source.files.digest))

    async def _try(self, stamp: Stamp, digest: str) -> Reloaded:
        try:
            problems, fresh = await asyncio.to_thread(self._read)
            after = await asyncio.to_thread(self._source.files.digest)
            if after != digest:
                return self._unsettled()
            if fresh and (lost := self._lost(fresh)):
                problems, fresh = (lost,), None
            outcome = await self._swap(fresh) if fresh else self._refused(problems, self._there - _names(stamp))
            self._there = _names(stamp) if fresh else self._there
        except StoreError as error:
            # Not the content's fault: nothing was swapped, and the next look tries again.
            return Reloaded("unsettled", f"The new content waits: {error}", self._version)
        finally:
            # What was checked and what was replaced would stay in memory for long, some ten megabytes each time.
            let_go()
            await asyncio.to_thread(gc.collect)
        self._stamp, self.digest = stamp, digest
        return outcome

    def _read(self) -> tuple[tuple[Problem, ...], Fresh | None]:
        """Check and load, on a thread. Nothing that lies in the files can raise out of here."""
        try:
            errors = tuple(one for one in self._source.check() if one.level == "error")
            return errors, None if errors else self._source.load()
        except ContentError as error:
            found = tuple(one for one in error.problems if isinstance(one, Problem) and one.level == "error")
            return found or (Problem("content", 1, 1, "", str(error)),), None
        except OSError as error:
            said = f"{error.filename or 'the content'} cannot be read ({error.strerror or error})."
            return (Problem("content", 1, 1, "", said),), None
        except BotError as error:
            return (Problem("content", 1, 1, "", str(error)),), None
        except Exception as error:
            # A mistake of the program must not take a running bot with it.
            log.debug("the new content could not be looked at", exc_info=True)
            return (Problem("content", 1, 1, "", f"the program stumbled over it ({type(error).__name__})."),), None

    async def _swap(self, fresh: Fresh) -> Reloaded:
        old, new = self._turns.library, fresh.library
        store = self._turns.store
        if self._keep_older:
            await keep_versions(new, store, fresh.files, fresh.read, self._turns.clock(), {old.newest.version})
        found, pack = await affected(new, store), new.newest
        before, words = old.newest.version, describe(found)
        if words:
            log.info("New content is about to be used. %s", words)
        # From here to the next line nothing waits: a turn sees the old content or the new one, never both.
        old.become(new)
        said = f"New content is in use (version {pack.version}{'' if pack.version != before else ', same dialogs'})."
        outcome = Reloaded("taken", said, pack.version, (), found)
        self.on_taken(outcome)
        return outcome

    def _lost(self, fresh: Fresh) -> Problem | None:
        """Find a language that vanished: whoever speaks it would get another one in the middle of a conversation."""
        there = fresh.library.catalogues.languages
        gone = [one for one in self._turns.library.catalogues.languages if one not in there]
        message = f"the translations for {', '.join(gone)} are gone. Put them back; a restart drops them for good."
        return Problem("content", 1, 1, "", message) if gone else None

    def _refused(self, problems: tuple[Problem, ...], gone: frozenset[str]) -> Reloaded:
        first = str(problems[0]) if problems[0].code else problems[0].message
        more = f" ({len(problems) - 1} more: «{self._source.command}» lists all.)" if len(problems) > 1 else ""
        gone = gone if problems[0].code else frozenset()
        # What misses a file that was deleted stands in other files; the first of them would lead astray.
        lost = f"{min(gone)} is gone{f' ({len(gone) - 1} more)' if len(gone) > 1 else ''}. " if gone else ""
        sentence = f"The changed files are not used, the old content stays: {lost}{first}{more}"
        return Reloaded("refused", sentence, self._version, problems)

    def _unsettled(self) -> Reloaded:
        sentence = "The files are being written just now; the old content stays until they rest."
        return Reloaded("unsettled", sentence, self._version)

    @property
    def _version(self) -> str:
        return self._turns.library.newest.version


async def watch(reloader: Reloader, every: float | None = 2.0, asked: asyncio.Event | None = None) -> None:
    """Take over changed files for ever, and log what comes of it: run it as a task, and cancel that.

    It looks every so many seconds (None: only when asked) and takes over what did not change between two looks; setting
    `asked` (an operator's SIGHUP) has everything read anew at once.
    """
    asked = asked or asyncio.Event()
    everything, pause = False, 0.0
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), pause or every)
        if asked.is_set():
            everything, pause = True, 0.0
        asked.clear()
        try:
            outcome = await (reloader.reload() if everything else reloader.look(rested=True))
        except Exception:
            # Watching is a convenience; whatever happens to it, the conversations go on.
            log.exception("the content could not be looked at")
            outcome = None
        # Whoever asked need not ask once more because a file was just being written.
        unsettled = outcome is not None and outcome.status == "unsettled"
        everything = everything and unsettled
        pause = min(2 * pause or _AGAIN, _LONGEST_PAUSE) if unsettled else 0.0
        if outcome is not None:
            log.log(_LEVELS[outcome.status], "%s", outcome.sentence)
