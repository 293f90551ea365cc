from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.keys import Keyring
from bot.store.sqlite import SqliteStore
from tests.contracts.store import StoreContract


class TestInAFile(StoreContract):
    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[SqliteStore]:
        store = await SqliteStore.open(tmp_path / "bot.db", Keyring(b"k" * 32))
        yield store
        await store.close()


class TestInMemory(StoreContract):
    @pytest.fixture
    async def store(self) -> AsyncIterator[SqliteStore]:
        store = await SqliteStore.open(None)
        yield store
        await store.close()


class TestWithoutRoomToRemember(StoreContract):
    """Every data key is looked up anew: nothing may depend on what happens to be remembered."""

    @pytest.fixture
    async def store(self) -> AsyncIterator[SqliteStore]:
        store = await SqliteStore.open(None, remembered=1)
        yield store
        await store.close()
