"""The turn pipeline on a real SQLite store: everything or nothing, in order, once."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from bot.engine.events import Left, Pressed, Said, Started, TimerFired
from bot.engine.session import decode
from bot.errors import Conflict
from bot.service.flood import BACKLOG, BURST, Floods
from bot.service.records import Batch, SaveSession
from bot.service.turns import Inbound, Turns
from bot.store.sqlite import SqliteStore
from bot.texts.plain import to_plain
from bot.texts.tree import from_json
from tests.kit.pets import FILES, NOW, library


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(None)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turns(store: SqliteStore, clock: Clock) -> Turns:
    return Turns(library(), store, clock=clock)


_COUNT = iter(range(1, 10**6))


def inbound(event: Any, key: Any = "test:ada", at: Any = NOW, event_id: Any = None) -> Inbound:
    return Inbound(event_id or f"e{next(_COUNT)}", key, b"{}", event, at)


async def waiting(store: SqliteStore, clock: Clock) -> list[str]:
    """What is queued, in the order of sending; it is marked as sent."""
    texts = []
    while rows := await store.due_outbox("test", clock(), 100):
        for row in rows:
            texts.append(to_plain(from_json(orjson.loads(row.payload)).body))
            await store.mark_sent(row.id, "r")
    return texts


async def test_a_batch_is_handled_in_order_and_answered(turns: Any, store: Any, clock: Any) -> None:
    taken = await turns.take("test", [inbound(Started("en")), inbound(Pressed("dog")), inbound(Said("Germany"))])
    assert taken.sessions["test:ada"].state == "main/foods"
    assert await waiting(store, clock) == [
        "Hello!", "Which animal do you have?", "Where does it live?", "What does it eat?",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["2026-99-99", "2024-05-01"])
async def test_a_name_that_looks_like_a_date_is_said_as_it_was_typed(
    turns: Any, store: Any, clock: Any, name: str
) -> None:
    said = [Started("en"), *map(Said, ("cat", "Germany", "fish", "3", "2024-05-01", name))]
    await turns.take("test", [inbound(one) for one in said])
    assert (await waiting(store, clock))[-1] == f"Goodbye {name}!"


async def test_N03_the_same_event_again_changes_nothing(turns: Any, store: Any, clock: Any) -> None:
    first = inbound(Started("en"), event_id="1")
    await turns.take("test", [first, first])
    await turns.take("test", [first], position="7")
    assert await waiting(store, clock) == ["Hello!", "Which animal do you have?"]
    assert await store.position("test") == "7"


async def test_the_position_is_in_the_same_commit(turns: Any, store: Any) -> None:
    await turns.take("test", [inbound(Started("en"))], position="41")
    assert await store.position("test") == "41"


async def test_people_do_not_meet(turns: Any) -> None:
    taken = await turns.take(
        "test",
        [inbound(Started(), "a"), inbound(Started(), "b"), inbound(Pressed("dog"), "b"), inbound(Said("3"), "a")],
    )
    assert taken.sessions["a"].state == "main/goodbye"
    assert taken.sessions["b"].state == "main/country"


async def test_E11_an_accident_leaves_the_session_and_the_others(
    turns: Any, store: Any, clock: Any, caplog: Any
) -> None:
    looping = "dialog: name\nstart: a\nstates:\n  a:\n    next: b\n  b:\n    next: a\n"
    turns.library = library(FILES | {"name.yaml": looping})
    start = [Started(), Pressed("dog"), Pressed("DE"), Said("fish"), Said("2")]
    await turns.take("test", [inbound(event) for event in start])
    await waiting(store, clock)
    with caplog.at_level(logging.ERROR):
        taken = await turns.take("test", [inbound(Said("1.1.2020 secret words")), inbound(Started(), "b")])
    assert taken.sessions["test:ada"].state == "main/born"
    assert taken.sessions["b"].state == "main/animal"
    expected = ["Hello!", "When was it born?", "Which animal do you have?", "phrase sorry"]
    assert sorted(await waiting(store, clock)) == expected
    assert (await store.counts()).dead_letters == 1
    assert "secret" not in caplog.text


async def test_E04_a_foreign_session_restarts_politely(turns: Any, store: Any, clock: Any) -> None:
    save = SaveSession("test:ada", 0, b"rubbish", "?", "?", "test", b"{}")
    await store.commit(Batch(NOW, "test", sessions=(save,)))
    await turns.take("test", [inbound(Said("hello"))])
    assert (await waiting(store, clock))[:2] == ["phrase restarted", "Hello!"]


async def test_another_process_that_was_first_is_not_overwritten(turns: Any, store: Any, clock: Any) -> Any:
    await turns.take("test", [inbound(Started())])
    await waiting(store, clock)
    real = store.load_sessions
    raced: list[int] = []

    async def load(keys: Any) -> Any:
        found = await real(keys)
        if not raced:
            raced.append(1)
            other = Turns(turns.library, store, clock=clock)
            await other.take("test", [inbound(Pressed("dog"))])
        return found

    store.load_sessions = load
    taken = await turns.take("test", [inbound(Said("Germany"))])
    assert taken.sessions["test:ada"].state == "main/foods"


async def test_a_conflict_for_ever_is_raised(turns: Any, store: Any) -> None:
    async def commit(batch: Any) -> None:
        raise Conflict("always")

    store.commit = commit
    with pytest.raises(Conflict):
        await turns.take("test", [inbound(Started())])


async def test_reminders_fire_once_and_call_their_dialog(turns: Any, store: Any, clock: Any) -> None:
    events = [Started(), Pressed("nothing")]
    await turns.take("test", [inbound(event) for event in events])
    await waiting(store, clock)
    assert await turns.fire_due() == []
    clock.time = NOW + timedelta(days=3)
    taken = await turns.fire_due()
    assert taken[0].sessions["test:ada"].state == "feed/ask"
    assert await waiting(store, clock) == ["Did you feed it?"]
    assert await turns.fire_due() == []


async def test_E08_a_timer_handled_twice_by_id_fires_once(turns: Any, store: Any, clock: Any) -> None:
    event = inbound(TimerFired("feed", "feed"), event_id="t1")
    await turns.take("test", [inbound(Started())])
    await turns.take("test", [event])
    await turns.take("test", [event])
    assert (await waiting(store, clock)).count("Did you feed it?") == 1


async def test_forget_leaves_nothing_but_the_farewell(turns: Any, store: Any, clock: Any) -> None:
    await turns.take("test", [inbound(Started()), inbound(Pressed("dog")), inbound(Said("/forget"))])
    assert await waiting(store, clock) == ["Everything is gone."]
    assert await store.load_sessions({"test:ada"}) == {}
    assert (await store.counts()).people == 0
    await turns.take("test", [inbound(Said("hi"))])
    assert (await waiting(store, clock))[0] == "Hello!"


async def test_forget_in_a_later_batch_leaves_nothing_either(turns: Any, store: Any, clock: Any) -> None:
    await turns.take("test", [inbound(Started()), inbound(Pressed("nothing"))])
    await turns.take("test", [inbound(Said("/forget"))])
    assert await store.load_sessions({"test:ada"}) == {}
    assert await store.timers("test:ada") == ()


async def test_cases_are_recorded_with_their_days(turns: Any, store: Any) -> None:
    events = [Started(), Pressed("cat"), Said("iran"), Said("fish"), Said("2")]
    await turns.take("test", [inbound(event) for event in events])
    (case,) = await store.cases("test:ada")
    assert orjson.loads(case.data) == [{"what": "refused", "on": "2026-11-23"}]


async def test_somebody_who_left_is_closed_and_opened_again_by_writing(turns: Any, store: Any, clock: Any) -> None:
    await turns.take("test", [inbound(Started()), inbound(Left())])
    assert await waiting(store, clock) == []
    await turns.take("test", [inbound(Said("1"))])
    assert await waiting(store, clock) == ["Where does it live?"]


async def test_an_answer_not_sent_in_time_is_replaced_by_the_question(turns: Any, store: Any, clock: Any) -> None:
    await turns.take("test", [inbound(Started()), inbound(Pressed("dog"))])
    clock.time = NOW + timedelta(minutes=20)
    assert await turns.replace_expired("test") == 3
    assert await waiting(store, clock) == ["phrase stale", "Where does it live?"]
    assert await turns.replace_expired("test") == 0


async def test_the_sender_is_woken_after_the_commit(turns: Any) -> None:
    woken: list[str] = []
    turns.queued = woken.append
    await turns.take("test", [inbound(Started())])
    await turns.take("test", [inbound(Left())])
    assert woken == ["test"]


async def test_A01_a_flood_is_answered_once_and_a_backlog_is_none(turns: Any, store: Any, clock: Any) -> None:
    turns.floods = Floods()
    await turns.take("test", [inbound(Started())])
    await waiting(store, clock)
    await turns.take("test", [inbound(Said("x"), at=NOW) for _ in range(100)])
    texts = await waiting(store, clock)
    assert texts.count("phrase flood") == 1
    assert texts.count("phrase not_understood") == BURST - 1
    spread = [inbound(Said("x"), at=NOW + timedelta(minutes=1 + n)) for n in range(40)]
    await turns.take("test", spread)
    assert (await waiting(store, clock)).count("phrase not_understood") == 40


async def test_A01_what_was_received_is_counted_too(turns: Any, store: Any, clock: Any) -> None:
    turns.floods = Floods(backlog=21)
    await turns.take("test", [inbound(Started())])
    await waiting(store, clock)
    await turns.take("test", [inbound(Said("x"), at=NOW + timedelta(minutes=1 + n)) for n in range(40)])
    texts = await waiting(store, clock)
    assert texts.count("phrase not_understood") == 20
    assert texts.count("phrase flood") == 1


def test_A01_invented_times_buy_no_more_than_an_honest_backlog() -> None:
    floods = Floods()
    verdicts = [
        floods.judge("eve", NOW + timedelta(minutes=number), NOW + timedelta(milliseconds=number))
        for number in range(3 * BACKLOG)
    ]
    assert verdicts.count("take") == BACKLOG + 2
    assert verdicts.count("tell") == 1
    # Whoever waits is taken again, and told again when it is too much again.
    later = NOW + timedelta(days=10)
    assert floods.judge("eve", later, later) == "take"
    assert [floods.judge("eve", later, later) for _ in range(BURST + 1)].count("tell") == 1


def test_floods_remember_a_bounded_number_of_people() -> None:
    floods = Floods()
    for number in range(10_050):
        assert floods.judge(f"p{number}", NOW) == "take"
    assert len(floods._buckets) == 10_000


async def test_what_is_stored_can_be_read_back(turns: Any, store: Any) -> None:
    await turns.take("test", [inbound(Started()), inbound(Pressed("dog"))])
    stored = (await store.load_sessions({"test:ada"}))["test:ada"]
    assert decode(stored.data).slots == {"animal": "dog"}
    assert stored.state == "main/country"
