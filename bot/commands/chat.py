"""Talk in the terminal: no token, no network."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from bot import settings as settings_module
from bot.app import Loaded, load, make_turns, running
from bot.errors import ContentError, SettingsError

if TYPE_CHECKING:
    from bot.service.library import Library


def chat(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot chat`."""
    settings = settings_module.from_process()
    given = Given(default_language=settings["DEFAULT_LANGUAGE"], operator=operator(settings))
    loaded = load(arguments.content or settings["CONTENT"], pack=arguments.pack or settings["PACK"], **given)
    language = _language(arguments.lang, running(loaded))
    broken = loaded.catalogues.broken(language)
    if broken:
        more = f" («{loaded.content.check}» lists all {len(broken)} problems.)" if len(broken) > 1 else ""
        raise ContentError(f"{' '.join(str(broken[0]).split())}{more}")
    return asyncio.run(_talk(arguments, loaded, language, given))


class Given(TypedDict):
    """What the settings say about any content that is loaded, now or again."""

    default_language: str
    operator: dict[str, str]


def operator(settings: settings_module.Settings) -> dict[str, str]:
    """Give who runs the bot, as far as the settings say."""
    names = {"name": "OPERATOR__NAME", "contact": "OPERATOR__CONTACT", "privacy_url": "OPERATOR__PRIVACY_URL"}
    return {name: settings[setting] for name, setting in names.items() if settings[setting]}


async def _talk(arguments: argparse.Namespace, loaded: Loaded, language: str, given: Given) -> int:
    from bot.channels.console.clock import ConsoleClock
    from bot.channels.console.talk import talk
    from bot.service.faults import Faults
    from bot.store.keys import keyring_from_file, keyring_in_memory
    from bot.store.sqlite import SqliteStore

    clock = ConsoleClock(_start(arguments.now))
    database: Path | None = arguments.db
    keyring = keyring_in_memory() if database is None else keyring_from_file(Path(f"{database}.key"))
    store = await SqliteStore.open(database, keyring)
    try:
        turns = await make_turns(loaded, store, clock.now, faults=Faults(os.environ.get("OPTOUT_FAULT", "")))
        watch = None
        if arguments.watch:
            from bot.commands.watch import at_the_next_message, source

            watch = at_the_next_message(turns, source(loaded, **given))
        return await talk(
            turns,
            store,
            clock,
            mode=_mode(arguments.mode),
            language=language,
            files=arguments.files,
            stdin=sys.stdin,
            stdout=sys.stdout,
            stderr=sys.stderr,
            watch=watch,
        )
    finally:
        await store.close()


def _mode(wanted: str | None) -> Literal["plain", "json", "rich"]:
    if wanted == "json":
        return "json"
    # Python gives None for a stream that was closed before it started.
    terminal = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
    return "rich" if wanted is None and terminal else "plain"


def _start(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    # At both ends of the calendar there is no room for time zones and reminders.
    if start is None or not 1900 <= start.year <= 2200:
        raise SettingsError(f"--now is «{text[:40]}»; write for example 2026-11-23T09:00+01:00.")
    return start if start.tzinfo is not None else start.replace(tzinfo=UTC)


def _language(wanted: str | None, library: Library) -> str:
    """Choose the language: what was asked for, else the terminal's; says so when there is no such one."""
    if wanted is not None:
        found = library.catalogues.nearest(wanted)
        if found.split("_")[0].lower() != wanted.replace("-", "_").split("_")[0].lower():
            there = ", ".join(library.catalogues.languages)
            print(
                f"optout-bot: there is no «{wanted[:20]}» yet, so I speak «{found}» (there is {there}).",
                file=sys.stderr,
            )
        return found
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value and value.split(".")[0] not in {"C", "POSIX"}:
            return library.negotiate(value)
    return library.default_language
