from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import Conflict, StoreError
from bot.service.ports import Batch
from bot.store.backup import make_backup
from bot.store.sqlite import SqliteStore
from tests.contracts.store import ADA, BEN, NOW, batch, message, saving
from tests.store.files import KEYS, an_ordinary_user, opened, python, raw

# ---------------------------------------------------------------- S01: killed at any moment

WRITER = """
import asyncio, sys
from pathlib import Path
from bot.service.ports import Batch
from bot.store.sqlite import SqliteStore
from tests.contracts.store import ADA, NOW, message, saving
from tests.store.files import KEYS

async def main():
    store = await SqliteStore.open(Path(sys.argv[1]), KEYS)
    found = (await store.load_sessions([ADA])).get(ADA)
    rev = found.rev if found else 0
    while True:
        await store.commit(Batch(NOW, "telegram", sessions=(saving(expected=rev),), handled=(str(rev),),
                                 outbox=(message(event=str(rev)),), position=str(rev)))
        rev += 1
        print(rev, flush=True)

asyncio.run(main())
"""


async def test_s01_whatever_was_committed_survives_being_killed(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    for lines in (1, 7, 23, 4):
        process = python(WRITER, str(path))
        assert process.stdout is not None
        told = 0
        for _ in range(lines):
            told = int(process.stdout.readline())
        process.kill()
        process.communicate()
        async with opened(path) as store:
            found = (await store.load_sessions([ADA]))[ADA]
            counts = await store.counts()
            assert found.rev >= told
            # all of a batch or nothing of it
            assert counts.handled == counts.waiting["telegram"] == found.rev
            assert await store.position("telegram") == str(found.rev - 1)


# ---------------------------------------------------------------- S02: no room left


async def on_the_connection(store: SqliteStore, sql: str) -> None:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute(sql).fetchall()

    await store._database.direct(work)


async def test_s02_a_full_disk_stops_a_commit_whole_and_it_goes_on_when_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await store.commit(batch(saving(data=b"small")))
        ((pages,),) = raw(path, "PRAGMA page_count")
        await on_the_connection(store, f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="no room left"):
            await store.commit(batch(saving(BEN), saving(ADA, expected=1, data=bytes(50_000)), message()))
        assert {key: found.rev for key, found in (await store.load_sessions([ADA, BEN])).items()} == {ADA: 1}
        await on_the_connection(store, "PRAGMA max_page_count = 100000")
        await store.commit(batch(saving(BEN), saving(ADA, expected=1, data=bytes(50_000)), message()))
        assert len(await store.load_sessions([ADA, BEN])) == 2


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let every write beyond `size` bytes of a file fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_s02_when_the_log_cannot_grow_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    rev = 0
    async with opened(path) as store:
        failed = ""
        with files_no_larger_than(400_000):
            while not failed:
                try:
                    await store.commit(batch(saving(expected=rev, data=bytes(30_000)), message(event=str(rev))))
                    rev += 1
                except StoreError as error:
                    failed = str(error)
        assert "look at the drive" in failed
        assert rev > 0
        assert (await store.load_sessions([ADA]))[ADA].rev == rev
        await store.commit(batch(saving(expected=rev)))
    async with opened(path) as store:
        assert (await store.load_sessions([ADA]))[ADA].rev == rev + 1


async def test_s02_a_backup_without_room_leaves_nothing_half_done(tmp_path: Path) -> None:
    path, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    async with opened(path) as store:
        await store.commit(batch(saving(data=bytes(200_000))))
        with files_no_larger_than(100_000), pytest.raises(StoreError):
            await make_backup(path, copy, KEYS)
        assert not copy.exists()
        await make_backup(path, copy, KEYS)


# ---------------------------------------------------------------- S03: the file is not what it should be


async def test_s03_a_new_database_is_private(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await store.commit(batch(saving()))
        assert {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {
            "bot.db": 0o600,
            "bot.db-wal": 0o600,
            "bot.db-shm": 0o600,
            "bot.db.lock": 0o600,
        }


def a_folder(tmp_path: Path) -> Path:
    (tmp_path / "bot.db").mkdir()
    return tmp_path / "bot.db"


def a_link(tmp_path: Path) -> Path:
    (tmp_path / "real.db").touch()
    (tmp_path / "bot.db").symlink_to(tmp_path / "real.db")
    return tmp_path / "bot.db"


def a_text(tmp_path: Path) -> Path:
    (tmp_path / "bot.db").write_text("Dear diary, " * 200)
    return tmp_path / "bot.db"


def a_pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "bot.db")
    return tmp_path / "bot.db"


def a_missing_folder(tmp_path: Path) -> Path:
    return tmp_path / "nowhere" / "bot.db"


def another_programs(tmp_path: Path) -> Path:
    raw(tmp_path / "bot.db", "CREATE TABLE songs (name TEXT)")
    return tmp_path / "bot.db"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (a_folder, "is a folder"),
        (a_link, "symbolic link"),
        (a_text, "no SQLite database"),
        (a_pipe, "no ordinary file"),
        (a_missing_folder, "does not exist"),
        (another_programs, "another program"),
    ],
)
async def test_s03_what_cannot_be_a_database_is_refused_in_one_sentence(
    tmp_path: Path, made: Callable[[Path], Path], words: str
) -> None:
    path = made(tmp_path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=words) as caught:
        await SqliteStore.open(path, KEYS)
    assert "\n" not in str(caught.value)
    assert "bot.db" in str(caught.value) or "nowhere" in str(caught.value)
    assert before is None or path.read_bytes() == before


async def test_s03_a_tool_does_not_make_a_database_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database"):
        await SqliteStore.open(tmp_path / "bot.db", KEYS, create=False, shared=True)
    assert list(tmp_path.iterdir()) == []


async def test_s03_what_this_user_may_not_write_is_named() -> None:
    with an_ordinary_user() as folder:
        path = folder / "bot.db"
        async with opened(path):
            pass
        path.chmod(0o400)
        with pytest.raises(StoreError, match=r"bot\.db cannot be written"):
            await SqliteStore.open(path, KEYS)
        path.chmod(0o600)
        folder.chmod(0o500)
        with pytest.raises(StoreError, match=r"folder .* cannot be written"):
            await SqliteStore.open(path, KEYS)
        with pytest.raises(StoreError, match=r"folder .* cannot be written"):
            await SqliteStore.open(folder / "new.db", KEYS)


# ---------------------------------------------------------------- S05: damaged, or a part is missing


async def test_s05_a_damaged_page_is_found_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await store.commit(Batch(NOW, "telegram", handled=tuple(str(number) for number in range(3000))))
    content = bytearray(path.read_bytes())
    for start in range(4096 * 2, len(content), 4096):  # the heads of all pages but the first two
        content[start : start + 8] = b"\xff" * 8
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged.*restore a backup"):
        await SqliteStore.open(path, KEYS)
    assert path.read_bytes() == content


async def copy_while_running(path: Path, folder: Path, *endings: str) -> Path:
    async with opened(path) as store:
        await store.commit(batch(saving()))
        await store.commit(batch(saving(expected=1)))
        folder.mkdir()
        for ending in ("", *endings):
            shutil.copyfile(f"{path}{ending}", folder / f"bot.db{ending}")
    return folder / "bot.db"


async def test_s05_a_lost_log_is_noticed(tmp_path: Path) -> None:
    copy = await copy_while_running(tmp_path / "bot.db", tmp_path / "copy", ".lock")
    with pytest.raises(StoreError, match=r"lost its last 2 changes.*bot\.db-wal"):
        await SqliteStore.open(copy, KEYS)
    (copy.parent / "bot.db.lock").unlink()
    with pytest.raises(StoreError, match="copied from a running bot without its log"):
        await SqliteStore.open(copy, KEYS)


async def test_s05_a_copy_without_its_log_is_noticed(tmp_path: Path) -> None:
    copy = await copy_while_running(tmp_path / "bot.db", tmp_path / "copy")
    with pytest.raises(StoreError, match="copied from a running bot without its log"):
        await SqliteStore.open(copy, KEYS)


async def test_s05_an_older_copy_put_in_its_place_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await store.commit(batch(saving()))
    old = path.read_bytes()
    async with opened(path) as store:
        await store.commit(batch(saving(expected=1)))
    path.write_bytes(old)
    with pytest.raises(StoreError, match="an older copy"):
        await SqliteStore.open(path, KEYS)


async def test_s05_a_log_without_its_database_is_not_taken_for_a_new_start(tmp_path: Path) -> None:
    copy = await copy_while_running(tmp_path / "bot.db", tmp_path / "copy", "-wal")
    copy.unlink()
    with pytest.raises(StoreError, match=r"is gone but its log bot\.db-wal"):
        await SqliteStore.open(copy, KEYS)


async def test_s08_a_log_cut_anywhere_loses_only_the_last_commits(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await store.commit(batch(saving()))
        for rev in range(1, 6):
            await store.commit(batch(saving(expected=rev), message(event=str(rev))))
        database, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    revs = []
    for length in range(0, len(log), len(log) // 24):
        copy = tmp_path / f"cut{length}" / "bot.db"
        copy.parent.mkdir()
        copy.write_bytes(database)
        Path(f"{copy}-wal").write_bytes(log[:length])
        async with opened(copy) as store:
            found = (await store.load_sessions([ADA])).get(ADA)
            revs.append(found.rev if found else 0)
            assert (await store.counts()).waiting.get("telegram", 0) == max(revs[-1] - 1, 0)
    assert revs == sorted(revs)
    assert revs[0] == 0
    assert revs[-1] >= 4


# ---------------------------------------------------------------- S06: two at once


async def test_s06_a_second_bot_on_the_same_file_is_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    process = python(WRITER, str(path))
    try:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(StoreError, match=f"already in use by process {process.pid}"):
            await SqliteStore.open(path, KEYS)
        async with opened(path, shared=True) as tool:
            assert (await tool.counts()).people == 1
    finally:
        process.kill()
        process.communicate()
    async with opened(path) as store:
        assert (await store.load_sessions([ADA]))[ADA].rev >= 1


async def test_s06_a_short_lock_is_waited_for_and_a_long_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(store.commit(batch(saving())))
            done, _ = await asyncio.wait([waiting], timeout=0.2)
            assert not done
            other.execute("COMMIT")
            await waiting
            await on_the_connection(store, "PRAGMA busy_timeout = 50")
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match=f"locked by process {os.getpid()}"):
                await store.commit(batch(saving(expected=1)))
            other.execute("COMMIT")
        finally:
            other.close()
        await store.commit(batch(saving(expected=1)))


async def test_what_another_process_forgot_is_not_remembered_here(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store, opened(path, shared=True) as tool:
        await store.commit(batch(saving()))
        assert await tool.forget(ADA, NOW)
        with pytest.raises(Conflict):
            await store.commit(batch(saving(expected=1)))
        await store.commit(batch(saving(data=b"anew")))
        assert (await tool.load_sessions([ADA]))[ADA].data == b"anew"


# ---------------------------------------------------------------- leaving


async def test_a_cancelled_commit_is_whole_and_the_store_goes_on(tmp_path: Path) -> None:
    async with opened(tmp_path / "bot.db") as store:
        task = asyncio.create_task(store.commit(batch(saving(), message())))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await store.commit(batch(saving(BEN)))
        assert ADA in await store.load_sessions([ADA])
        assert (await store.counts()).waiting == {"telegram": 1}


async def test_a_closed_store_says_so_and_can_be_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await store.commit(batch(saving()))
        await store.close()
        with pytest.raises(StoreError, match="closed already"):
            await store.counts()
        async with opened(path) as again:
            assert (await again.counts()).people == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bot.db", "bot.db.lock"]


async def test_a_session_of_usual_size_stays_within_two_kibibytes(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    people = 500
    async with opened(path) as store:
        before = (await store.counts()).bytes
        sessions = tuple(saving(f"telegram:1:{number}:0:{number}", data=os.urandom(900)) for number in range(people))
        await store.commit(Batch(NOW, "telegram", sessions=sessions))
        assert ((await store.counts()).bytes - before) / people < 2048
