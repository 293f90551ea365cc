"""A small company's content, and the database of a bot that three people talk with."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app import make_turns
from bot.engine.events import Event, Pressed, Said, Started
from bot.service.turns import Inbound
from bot.store.keys import keyring_from_file
from bot.store.sqlite import SqliteStore
from tests.packs.kit import NOW, Company


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest.fixture
def database(company: Company, tmp_path: Path) -> Path:
    """A bot's database: two people are asked whose notes they are, one what they use."""
    path = tmp_path / "bot.db"

    async def talk() -> None:
        store = await SqliteStore.open(path, keyring_from_file(tmp_path / "key"))
        turns = await make_turns(company.load(), store, lambda: NOW)
        talks: dict[str, list[Event]] = {
            "ada": [Started("en"), Said("finland")],
            "ben": [Started("en"), Said("japan")],
            "eve": [Started("en"), Said("japan"), Pressed("own")],
        }
        for who, events in talks.items():
            inbound = [Inbound(f"{who}{n}", f"test:{who}", b"{}", event, NOW) for n, event in enumerate(events)]
            await turns.take("test", inbound)
        await store.close()

    asyncio.run(talk())
    (tmp_path / "key").unlink()
    return path
