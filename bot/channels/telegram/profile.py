"""What Telegram shows of the bot before anybody talks to it: commands, name and descriptions, in every language.

Setting them is heavily limited, so each is set only when it differs from what was set last (a hash in the notes),
one after the other, in the background; when Telegram asks to wait, even for hours, it is waited for.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.channels.telegram.client import ApiError, Client, NoAnswer
from bot.channels.telegram.network import verdict
from bot.engine.text import Text
from bot.errors import StoreError, TryLater
from bot.service.library import Library
from bot.service.ports import Store
from bot.service.records import Batch, Note
from bot.texts.telegram import utf16_units

log = logging.getLogger("bot.telegram")

_NOTES = "telegram"
_NAME, _SHORT, _LONG, _COMMAND = 64, 120, 512, 256
_COMMANDS_BYTES = 4000
"""Telegram counts all commands of a language together and refuses more than about five thousand bytes."""
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to set: the method, its values, and the name its hash is kept under."""

    name: str
    method: str
    values: Mapping[str, Any]

    @property
    def hash(self) -> bytes:
        """Give what tells this from another wording."""
        return hashlib.sha256(orjson.dumps([self.method, dict(self.values)])).hexdigest().encode()


def settings(library: Library) -> Iterator[Setting]:
    """List everything that can be set, the default language first."""
    pack = library.current()
    for language, code in languages(library):
        scope = {"language_code": code} if code else {}

        def words(text: Text, most: int, language: str = language) -> str:
            return cut(library.words(language, text), most)

        commands = []
        size = 0
        for rule in pack.commands.values():
            about = words(rule.about, _COMMAND)
            size += len(rule.name) + len(about.encode()) + 40
            if rule.name.isascii() and len(rule.name) <= 32 and size <= _COMMANDS_BYTES:
                commands.append({"command": rule.name, "description": about})
        yield Setting(f"commands {code}", "setMyCommands", {"commands": commands, **scope})
        for phrase, method, field, most in (
            ("bot_name", "setMyName", "name", _NAME),
            ("description", "setMyDescription", "description", _LONG),
            ("short_description", "setMyShortDescription", "short_description", _SHORT),
        ):
            text = pack.phrases.get(phrase) or (pack.title if phrase == "bot_name" else None)
            if text is not None:
                yield Setting(f"{phrase} {code}", method, {field: words(text, most), **scope})


def languages(library: Library) -> Iterator[tuple[str, str]]:
    """Give each language with the two letters Telegram knows it by; the default one goes without."""
    yield library.default_language, ""
    seen: set[str] = set()
    for language in library.catalogues.languages:
        code = language.partition("_")[0].lower()
        if len(code) == 2 and code not in seen:
            seen.add(code)
            yield language, code


def cut(words: str, most: int) -> str:
    """Cut words to what Telegram takes, at the end of a word."""
    words = " ".join(words.split())
    if utf16_units(words) <= most:
        return words
    while utf16_units(words) > most - 1:
        words = words[:-1]
    return (words.rpartition(" ")[0] or words) + "…"


async def register(client: Client, store: Store, library: Library) -> None:
    """Set whatever changed since the last time; waits as long as Telegram asks, and gives up on what it refuses."""
    try:
        known = await store.notes(_NOTES)
    except StoreError:
        return
    for one in settings(library):
        if known.get(one.name) != one.hash:
            await _set(client, store, library, one)


async def _set(client: Client, store: Store, library: Library, one: Setting) -> None:
    while True:
        try:
            await client.call(one.method, **one.values)
            break
        except ApiError as error:
            found = verdict(error)
            if not isinstance(found, TryLater):
                log.warning("%s was refused: %s", one.method, error)
                return
            wait = max(found.after, 30.0 if error.code != 429 else 0.0)
        except NoAnswer:
            wait = _PATIENCE
        log.info("%s has to wait for %.0f s", one.method, wait)
        await asyncio.sleep(wait)
    try:
        from datetime import UTC, datetime

        await store.commit(Batch(datetime.now(UTC), _NOTES, notes=(Note(_NOTES, one.name, one.hash),)))
    except StoreError as error:
        log.warning("what was set at Telegram cannot be noted: %s", error)
