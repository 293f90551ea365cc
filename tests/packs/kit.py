"""A second company on disk, and people who talk with a bot about it while its files are changed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Protocol

import orjson

from bot.app import Loaded, load, make_turns
from bot.commands.watch import source
from bot.engine.events import Event, Said, Started
from bot.engine.session import Session
from bot.service.reload import Reloader, Source
from bot.service.turns import Inbound, Turns
from bot.store.sqlite import SqliteStore
from bot.texts.plain import to_plain
from bot.texts.tree import from_json

HOME = Path(__file__).parent / "tiny_company"
PACK = "brightnote"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

GERMAN = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#. brightnote/main/where/say
#: dialogs/brightnote/main.yaml
msgid "Where do you live?"
msgstr "Wo wohnst du?"
"""


class Company:
    """A copy of the tiny company in a folder of its own, to be edited."""

    def __init__(self, folder: Path, *, german: bool = True) -> None:
        self.root = folder / "content"
        shutil.copytree(HOME, self.root)
        self.pack = self.root / "dialogs" / PACK
        if german:
            self.catalogue.parent.mkdir(parents=True)
            self.catalogue.write_text(GERMAN, "utf-8")

    @property
    def catalogue(self) -> Path:
        return self.root / "locales" / "de" / "LC_MESSAGES" / "messages.po"

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a piece of a file of the pack, which must be there."""
        path = self.pack / name
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new), "utf-8")

    def load(self) -> Loaded:
        return load(self.root)


class Content(Protocol):
    """Anything a bot can be started on."""

    def load(self) -> Loaded:
        """Read it anew."""
        ...


class Bot:
    """A bot on a database in memory, with its reloader; `says` talks as a person."""

    def __init__(self, company: Content, turns: Turns, store: SqliteStore, where: Source, keep_older: bool) -> None:
        self.company = company
        self.turns = turns
        self.store = store
        self.source = where
        self.reloader = Reloader(turns, where, keep_older=keep_older)
        self._ids = count()

    @classmethod
    async def start(cls, company: Content, *, keep_older: bool = True) -> Bot:
        loaded = company.load()
        store = await SqliteStore.open(None)
        turns = await make_turns(loaded, store, lambda: NOW)
        return cls(company, turns, store, source(loaded), keep_older)

    async def does(self, who: str, event: Event) -> list[str]:
        """Handle an event of a person; gives what they read."""
        key = f"test:{who}"
        taken = await self.turns.take("test", [Inbound(f"e{next(self._ids)}", key, b"{}", event, NOW)])
        for row in taken.queued:
            await self.store.mark_sent(row.id)
        self.session: Session = taken.sessions[key]
        return [to_plain(from_json(orjson.loads(row.payload)).body) for row in taken.queued]

    async def begins(self, who: str, language: str = "en") -> list[str]:
        return await self.does(who, Started(language))

    async def says(self, who: str, words: str) -> list[str]:
        return await self.does(who, Said(words))

    @property
    def version(self) -> str:
        return self.turns.library.current().version
