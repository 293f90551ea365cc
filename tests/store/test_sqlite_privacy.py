from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.service.ports import Batch, Case, Note, SaveSession, TimerSet, Undecrypted
from bot.store.backup import make_backup, restore_backup
from bot.store.keys import Keyring, keyring_in_memory
from bot.store.sqlite import SqliteStore
from bot.store.tables import TABLES
from tests.contracts.store import ADA, BEN, DAY, NOW, batch, message, saving
from tests.store.files import KEYS, every_byte, opened, raw

CANARY = "kanarienvogel"
KEY = f"telegram:1:{CANARY}"


def everything_about_one_person() -> Batch:
    canary = CANARY.encode()
    return Batch(
        NOW,
        "telegram",
        sessions=(SaveSession(KEY, 0, b"session " + canary * 50, "1", "a/b", "telegram", b"address " + canary),),
        outbox=(
            message(KEY, payload=b"first " + canary, remember="a/b#1"),
            message(KEY, position=1, payload=b"second " + canary),
        ),
        timers=(TimerSet(KEY, "t", "a/b", NOW),),
        cases=(Case(KEY, "c", b"case " + canary, NOW),),
        undecrypted=(Undecrypted("matrix", "$1", "!room" + CANARY, b"event " + canary, NOW),),
        notes=(Note("matrix", "invitation of " + CANARY, b"note " + canary),),
        handled=("1",),
        position="2",
    )


async def fill(store: SqliteStore) -> None:
    first, _ = await store.commit(everything_about_one_person())
    await store.mark_sent(first.id, "receipt " + CANARY)


async def test_nothing_about_a_person_stands_in_the_clear_in_any_file(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await fill(store)
        assert CANARY.encode() not in every_byte(path)
    assert CANARY.encode() not in every_byte(path)


async def test_p03_after_forgetting_neither_words_nor_key_are_in_any_file(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await fill(store)
        await store.commit(batch(saving(BEN)))
        ((mine,),) = raw(path, "SELECT wrapped FROM people JOIN sessions ON id = person WHERE length(data) > 500")
        remains = [mine] + [
            row[0]
            for sql in (
                "SELECT data FROM sessions WHERE length(data) > 500",
                "SELECT data FROM cases",
                "SELECT payload FROM outbox",
                "SELECT receipt FROM receipts",
            )
            for row in raw(path, sql)
        ]
        assert len(remains) == 5
        pieces = [bytes(each)[20:] for each in remains if isinstance(each, bytes)]
        assert all(piece in every_byte(path) for piece in pieces)
        await store.commit(Batch(NOW, "telegram", forgotten=(KEY,), outbox=(message(KEY, "e2", payload=b"bye"),)))
        left = every_byte(path)
        assert [piece for piece in pieces if piece in left] == []
        assert len(await store.due_outbox("telegram", NOW)) == 1


async def test_p03_who_was_forgotten_stays_forgotten_when_an_older_backup_is_restored(tmp_path: Path) -> None:
    path, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    async with opened(path) as store:
        await fill(store)
        await store.commit(batch(saving(BEN, data=b"ben")))
        await make_backup(path, copy, KEYS)
        await store.forget(KEY, NOW + DAY)
        await store.forget(BEN, NOW + DAY)
        await store.commit(batch(saving(BEN, data=b"later"), now=NOW + 2 * DAY))
        await make_backup(path, tmp_path / "newer.db", KEYS)
    assert await restore_backup(copy, path, KEYS) == 2
    async with opened(path) as store:
        assert await store.load_sessions([KEY, BEN]) == {}
    assert await restore_backup(tmp_path / "newer.db", path, KEYS) == 0
    async with opened(path) as store:
        assert list(await store.load_sessions([KEY, BEN])) == [BEN]


async def test_p05_values_swapped_between_people_or_rows_do_not_open(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await store.commit(batch(saving(ADA, data=b"a"), saving(BEN, data=b"b"), message(ADA), message(ADA, "e2")))
        raw(path, "UPDATE outbox SET payload = (SELECT payload FROM outbox ORDER BY id DESC LIMIT 1)")
        with pytest.raises(StoreError, match=r"outbox\.payload was changed or belongs elsewhere"):
            await store.due_outbox("telegram", NOW)
        raw(path, "UPDATE sessions SET data = (SELECT data FROM sessions ORDER BY person LIMIT 1)")
        with pytest.raises(StoreError, match=r"sessions\.data was sealed with another key"):
            await store.load_sessions([ADA, BEN])
        raw(path, "UPDATE sessions SET data = substr(data, 1, 12)")
        with pytest.raises(StoreError, match="cut off"):
            await store.load_sessions([ADA])


async def test_p05_the_wrong_key_opens_nothing_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await fill(store)
    with pytest.raises(StoreError, match="give the key it was made with"):
        await SqliteStore.open(path, Keyring(b"x" * 32))
    with pytest.raises(StoreError, match="needs a key"):
        await SqliteStore.open(path)
    async with opened(path) as store:
        assert KEY in await store.load_sessions([KEY])


async def test_p05_after_a_change_of_the_master_key_the_old_one_is_not_needed(tmp_path: Path) -> None:
    path, new = tmp_path / "bot.db", b"n" * 32
    async with opened(path) as store:
        await fill(store)
        await store.commit(batch(saving(BEN)))
    async with opened(path, Keyring(new, b"k" * 32)) as store:
        assert KEY in await store.load_sessions([KEY])
        assert [await store.rewrap(limit=1) for _ in range(3)] == [3, 1, 0]
    async with opened(path, Keyring(new)) as store:
        assert set(await store.load_sessions([KEY, BEN])) == {KEY, BEN}
        assert "invitation of " + CANARY in await store.notes("matrix")
    with pytest.raises(StoreError, match="give the key"):
        await SqliteStore.open(path, KEYS)


async def test_p07_every_column_is_on_the_list_that_says_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with opened(path) as store:
        await fill(store)
    listed = {(table.name, column.name) for table in TABLES for column in table.columns}
    real = {
        (str(table), str(column))
        for table, column in raw(
            path,
            "SELECT m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c "
            "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'versions'",
        )
    }
    assert real == listed
    for table in TABLES:
        for column in table.columns:
            if column.holds == "sealed":
                values = [row[0] for row in raw(path, f"SELECT {column.name} FROM {table.name}")]
                assert values, f"{table.name}.{column.name} was not filled by this test"
                assert all(isinstance(value, bytes) and value.startswith(b"\x01") for value in values)


async def test_p08_a_backup_is_whole_encrypted_and_private(tmp_path: Path) -> None:
    path, copy = tmp_path / "bot.db", tmp_path / "copy" / "copy.db"
    copy.parent.mkdir()
    async with opened(path) as store:
        await fill(store)
        await make_backup(path, copy, KEYS)  # while it is open
    assert copy.stat().st_mode & 0o777 == 0o600
    assert CANARY.encode() not in copy.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        await make_backup(path, copy, KEYS)
    async with opened(copy) as store:
        assert KEY in await store.load_sessions([KEY])


async def test_p08_a_backup_nobody_could_read_is_refused(tmp_path: Path) -> None:
    keyring = keyring_in_memory()
    async with opened(tmp_path / "bot.db", keyring):
        with pytest.raises(StoreError, match="key is not kept"):
            await make_backup(tmp_path / "bot.db", tmp_path / "copy.db", keyring)
    with pytest.raises(StoreError, match="no database"):
        await make_backup(tmp_path / "none.db", tmp_path / "copy.db", KEYS)
    assert not (tmp_path / "copy.db").exists()


async def test_a_restored_store_gives_out_new_transaction_ids(tmp_path: Path) -> None:
    path, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    async with opened(path) as store:
        await make_backup(path, copy, KEYS)
        (before,) = await store.commit(batch(message()))
    await restore_backup(copy, path, KEYS)
    async with opened(path) as store:
        (after,) = await store.commit(batch(message()))
    assert before.id == after.id
    assert before.transaction != after.transaction


async def test_a_restore_refuses_what_it_cannot_use_and_changes_nothing(tmp_path: Path) -> None:
    path, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    async with opened(path) as store:
        await store.commit(batch(saving()))
        await make_backup(path, copy, KEYS)
        with pytest.raises(StoreError, match="in use by process"):
            await restore_backup(copy, path, KEYS)
    with pytest.raises(StoreError, match="no backup"):
        await restore_backup(tmp_path / "none.db", path, KEYS)
    with pytest.raises(StoreError, match="give the key"):
        await restore_backup(copy, path, Keyring(b"x" * 32))
    (tmp_path / "text.db").write_text("not a database at all, but long enough to look like one " * 20)
    with pytest.raises(StoreError, match="no SQLite database"):
        await restore_backup(tmp_path / "text.db", path, KEYS)
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match="no backup of this bot"):
        await restore_backup(tmp_path / "empty.db", path, KEYS)
    async with opened(path) as store:
        assert ADA in await store.load_sessions([ADA])
    assert not list(tmp_path.glob("*.restoring"))
