"""What the host does to the store: a reader that never ends, and very many people."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

from bot.service.ports import Batch
from bot.store.sqlite import SqliteStore
from tests.contracts.store import ADA, NOW, saving
from tests.store.files import KEYS, opened, raw

PAGES = 1000
"""Pages after which SQLite folds the log in by itself (sqlite.org/pragma.html#pragma_wal_autocheckpoint)."""


async def write(store: SqliteStore, rev: int, count: int) -> int:
    for _ in range(count):
        await store.commit(Batch(NOW, "telegram", sessions=(saving(expected=rev, data=bytes(20_000)),)))
        rev += 1
    return rev


async def test_s12_the_log_is_bounded_and_shrinks_again_when_a_long_reader_ends(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    log = tmp_path / "bot.db-wal"
    async with opened(path) as store:
        rev = await write(store, 0, 400)
        # 400 commits of 20 kB are 8 MB and more; without a reader the log begins anew after each checkpoint.
        bound = 2 * PAGES * 4200
        assert log.stat().st_size < bound
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sessions").fetchall()
        rev = await write(store, rev, 400)
        held = log.stat().st_size
        assert held > bound  # and nothing that was committed waited for the reader
        assert (await store.load_sessions([ADA]))[ADA].rev == rev
        reader.close()
        rev = await write(store, rev, 300)
        assert log.stat().st_size < held + 200_000  # the one commit before the log could begin anew
        ((busy, frames, folded),) = raw(path, "PRAGMA wal_checkpoint(PASSIVE)")
        assert busy == 0
        assert frames == folded
        assert isinstance(frames, int)
        assert frames < 2 * PAGES
        assert await store._database.truncate_log()
        assert log.stat().st_size == 0


async def test_s13_twenty_thousand_sessions_open_at_once_and_are_swept_in_small_steps(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    people = 20_000
    async with opened(path) as store:
        for start in range(0, people, 2000):
            keys = [f"telegram:1:{number}:0:{number}" for number in range(start, start + 2000)]
            await store.commit(Batch(NOW, "telegram", sessions=tuple(saving(key, data=bytes(300)) for key in keys)))
    began = time.monotonic()
    store = await SqliteStore.open(path, KEYS)
    try:
        assert time.monotonic() - began < 5
        later = NOW + timedelta(days=30)
        longest, steps, more = 0.0, 0, True
        while more:
            began = time.monotonic()
            swept = await store.sweep(later)
            longest = max(longest, time.monotonic() - began)
            assert swept.people <= 500
            more, steps = swept.more, steps + 1
            assert steps <= people // 500 + 2
        assert longest < 1.0
        assert (await store.counts()).people == 0
    finally:
        await store.close()
