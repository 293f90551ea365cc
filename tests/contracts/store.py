"""What every store must do, whatever it is made of: one suite, every implementation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Conflict
from bot.service.ports import (
    Batch,
    Case,
    DeadLetter,
    Note,
    Outgoing,
    Receipt,
    Retention,
    RowKind,
    SaveSession,
    Sent,
    Store,
    TimersCancelled,
    TimerSet,
    Undecrypted,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADA = "telegram:1:100:0:100"
BEN = "telegram:1:200:0:200"


def saving(
    key: str = ADA, expected: int = 0, data: bytes = b"{}", *, pack: str = "1", state: str = "a/b"
) -> SaveSession:
    """Save a session."""
    return SaveSession(key, expected, data, pack, state, "telegram", f"chat of {key}".encode())


def message(
    key: str = ADA,
    event: str = "e1",
    position: int = 0,
    payload: bytes = b"hello",
    *,
    kind: RowKind = "answer",
    expires: datetime = NOW + 15 * MINUTE,
    not_before: datetime | None = None,
    remember: str = "",
) -> Outgoing:
    """Queue a message."""
    address = f"chat of {key}".encode()
    return Outgoing(key, "telegram", address, payload, event, position, expires, kind, not_before, remember)


def batch(*parts: SaveSession | Outgoing | TimerSet | TimersCancelled | Case, now: datetime = NOW) -> Batch:
    """Put a batch for Telegram together."""
    return Batch(
        now,
        "telegram",
        sessions=tuple(part for part in parts if isinstance(part, SaveSession)),
        outbox=tuple(part for part in parts if isinstance(part, Outgoing)),
        timers=tuple(part for part in parts if isinstance(part, TimerSet | TimersCancelled)),
        cases=tuple(part for part in parts if isinstance(part, Case)),
    )


class StoreContract:
    """Subclass it with a fixture `store` that opens an empty one."""

    # -- sessions

    async def test_a_session_comes_back_as_it_was_saved(self, store: Store) -> None:
        await store.commit(batch(saving(data=b"\x00\xff words", pack="7", state="meta/country")))
        found = (await store.load_sessions([ADA, BEN]))[ADA]
        assert (found.key, found.rev, found.data) == (ADA, 1, b"\x00\xff words")
        assert (found.pack, found.state, found.channel) == ("7", "meta/country", "telegram")
        assert (found.address, found.touched) == (f"chat of {ADA}".encode(), NOW)

    async def test_who_has_no_session_is_missing_from_the_answer(self, store: Store) -> None:
        assert await store.load_sessions([ADA]) == {}
        assert await store.load_sessions([]) == {}

    async def test_a_session_is_written_only_over_the_revision_it_was_read_at(self, store: Store) -> None:
        await store.commit(batch(saving(data=b"1")))
        await store.commit(batch(saving(expected=1, data=b"2"), saving(BEN)))
        with pytest.raises(Conflict):
            await store.commit(batch(saving(expected=1, data=b"3")))
        found = (await store.load_sessions([ADA]))[ADA]
        assert (found.rev, found.data) == (2, b"2")

    async def test_a_session_cannot_be_begun_twice(self, store: Store) -> None:
        await store.commit(batch(saving(data=b"first")))
        with pytest.raises(Conflict):
            await store.commit(batch(saving(data=b"second")))
        assert (await store.load_sessions([ADA]))[ADA].data == b"first"

    async def test_a_session_that_was_never_there_cannot_be_changed(self, store: Store) -> None:
        with pytest.raises(Conflict):
            await store.commit(batch(saving(expected=4)))
        assert (await store.counts()).people == 0

    async def test_a_conflict_writes_nothing_of_the_batch(self, store: Store) -> None:
        await store.commit(batch(saving()))
        with pytest.raises(Conflict):
            await store.commit(
                Batch(
                    NOW,
                    "telegram",
                    sessions=(saving(BEN), saving(ADA, expected=9)),
                    outbox=(message(BEN),),
                    timers=(TimerSet(BEN, "t", "a/b", NOW),),
                    cases=(Case(BEN, "c", b"", NOW),),
                    handled=("e1",),
                    position="12",
                    dead_letters=(DeadLetter("telegram", "e1", "step", "ValueError"),),
                )
            )
        counts = await store.counts()
        assert (counts.people, counts.sessions, counts.timers, counts.open_cases) == (1, 1, 0, 0)
        assert (counts.waiting, counts.handled, counts.dead_letters) == ({}, 0, 0)
        assert await store.position("telegram") is None
        # and the store goes on as if nothing had been
        await store.commit(batch(saving(BEN), message(BEN)))
        assert set(await store.load_sessions([ADA, BEN])) == {ADA, BEN}

    async def test_ids_that_look_like_sql_are_only_ids(self, store: Store) -> None:  # U10
        evil = "x'); DROP TABLE sessions; --"
        await store.commit(batch(saving(evil), message(evil, event=evil)))
        assert list(await store.load_sessions([evil])) == [evil]
        assert [row.event_id for row in await store.due_outbox("telegram", NOW)] == [evil]

    # -- events and channels

    async def test_handled_events_are_known_again_for_their_channel(self, store: Store) -> None:
        await store.commit(Batch(NOW, "telegram", handled=("1", "2")))
        await store.commit(Batch(NOW, "telegram", handled=("2", "3")))
        assert await store.handled("telegram", ["1", "2", "3", "4"]) == {"1", "2", "3"}
        assert await store.handled("matrix", ["1"]) == set()
        assert await store.handled("telegram", []) == set()

    async def test_a_channel_goes_on_where_it_was(self, store: Store) -> None:
        assert await store.position("telegram") is None
        await store.commit(Batch(NOW, "telegram", position="41"))
        await store.commit(Batch(NOW, "matrix", position="s_1"))
        await store.commit(Batch(NOW, "telegram", position="42"))
        await store.commit(Batch(NOW, "telegram"))
        assert (await store.position("telegram"), await store.position("matrix")) == ("42", "s_1")

    async def test_a_ciphertext_waits_until_its_key_came(self, store: Store) -> None:
        late = Undecrypted("matrix", "$1", "!room", b"cipher", NOW)
        later = Undecrypted("matrix", "$2", "!room", b"cipher too", NOW + MINUTE)
        await store.commit(Batch(NOW, "matrix", undecrypted=(later, late, late)))
        assert await store.undecrypted("matrix") == (late, later)
        await store.commit(Batch(NOW, "matrix", decrypted=("$1",)))
        assert await store.undecrypted("matrix") == (later,)

    async def test_a_channel_can_remember_small_things(self, store: Store) -> None:
        await store.commit(Batch(NOW, notes=(Note("matrix", "!a", b"1"), Note("matrix", "!b", b"2"))))
        await store.commit(Batch(NOW, notes=(Note("matrix", "!a", b"3"), Note("matrix", "!b", None))))
        assert await store.notes("matrix") == {"!a": b"3"}
        assert await store.notes("telegram") == {}

    # -- timers and cases

    async def test_timers_are_due_in_order_and_once(self, store: Store) -> None:
        late, soon = TimerSet(ADA, "late", "a/b", NOW - HOUR), TimerSet(BEN, "soon", "a/c", NOW - MINUTE)
        await store.commit(batch(saving(), saving(BEN), soon, late, TimerSet(ADA, "never", "a/b", NOW + DAY)))
        due = await store.due_timers(NOW)
        assert [(timer.key, timer.name, timer.place) for timer in due] == [(ADA, "late", "a/b"), (BEN, "soon", "a/c")]
        assert due[0].event_id != due[1].event_id
        assert ADA not in due[0].event_id
        assert await store.due_timers(NOW, limit=1) == due[:1]
        assert await store.next_timer() == NOW - HOUR
        await store.commit(Batch(NOW, fired=due))
        assert await store.due_timers(NOW) == ()
        assert await store.next_timer() == NOW + DAY

    async def test_a_timer_set_again_replaces_the_one_of_its_name(self, store: Store) -> None:
        await store.commit(batch(saving(), TimerSet(ADA, "t", "a/b", NOW)))
        fired = await store.due_timers(NOW)
        await store.commit(batch(TimerSet(ADA, "t", "a/c", NOW + DAY)))
        await store.commit(Batch(NOW, fired=fired))
        assert [(timer.place, timer.due) for timer in await store.timers(ADA)] == [("a/c", NOW + DAY)]

    async def test_timers_are_cancelled_by_name_or_all_together(self, store: Store) -> None:
        timers = [TimerSet(ADA, name, "a/b", NOW) for name in "abc"]
        await store.commit(batch(saving(), saving(BEN), *timers, TimerSet(BEN, "a", "a/b", NOW)))
        await store.commit(batch(TimersCancelled(ADA, ("a", "x"))))
        assert [timer.name for timer in await store.timers(ADA)] == ["b", "c"]
        await store.commit(batch(TimersCancelled(ADA), TimerSet(ADA, "d", "a/b", NOW), TimersCancelled("nobody")))
        assert [timer.name for timer in await store.timers(ADA)] == ["d"]
        assert len(await store.timers(BEN)) == 1

    async def test_cases_come_back_oldest_first_and_can_be_rewritten(self, store: Store) -> None:
        await store.commit(batch(saving(), Case(ADA, "b", b"2", NOW), Case(ADA, "a", b"1", NOW - DAY)))
        await store.commit(batch(Case(ADA, "b", b"3", NOW, closed=NOW + DAY)))
        assert await store.cases(ADA) == (
            Case(ADA, "a", b"1", NOW - DAY),
            Case(ADA, "b", b"3", NOW, closed=NOW + DAY),
        )
        assert await store.cases(BEN) == ()

    # -- outbox

    async def test_a_commit_gives_the_messages_it_queued(self, store: Store) -> None:
        rows = await store.commit(batch(saving(), message(payload=b"1"), message(position=1, payload=b"2")))
        assert [row.payload for row in rows] == [b"1", b"2"]
        assert rows[0].id < rows[1].id
        assert rows[0].transaction != rows[1].transaction
        assert await store.due_outbox("telegram", NOW) == rows[:1]

    async def test_the_same_answer_to_the_same_event_is_queued_once(self, store: Store) -> None:
        await store.commit(batch(message(payload=b"first")))
        again = await store.commit(batch(message(payload=b"again"), message(position=1, payload=b"second")))
        assert [row.payload for row in again] == [b"second"]
        assert (await store.counts()).waiting == {"telegram": 2}

    async def test_ids_of_messages_are_never_given_twice(self, store: Store) -> None:  # networks drop a repeated id
        seen: set[str] = set()
        for number in range(5):
            (row,) = await store.commit(batch(message(event=f"e{number}")))
            await store.mark_sent(row.id)
            assert row.transaction not in seen
            seen.add(row.transaction)

    async def test_only_the_first_message_of_a_conversation_may_go(self, store: Store) -> None:
        await store.commit(batch(message(payload=b"a1"), message(BEN, "e2", payload=b"b1"), message(event="e3")))
        due = await store.due_outbox("telegram", NOW)
        assert [row.payload for row in due] == [b"a1", b"b1"]
        assert await store.due_outbox("matrix", NOW) == ()
        assert await store.due_outbox("telegram", NOW, limit=1) == due[:1]

    async def test_a_message_that_waits_holds_back_its_own_conversation_only(self, store: Store) -> None:
        first, *_ = await store.commit(batch(message(), message(position=1), message(BEN, "e2")))
        await store.mark_later(first.id, NOW + MINUTE)
        assert [row.key for row in await store.due_outbox("telegram", NOW)] == [BEN]
        assert (await store.due_outbox("telegram", NOW + MINUTE))[0].id == first.id

    async def test_answers_go_before_notices(self, store: Store) -> None:  # O08
        notice, answer, other = await store.commit(
            batch(message(kind="notice"), message(position=1), message(BEN, "e2", kind="notice"))
        )
        assert [row.id for row in await store.due_outbox("telegram", NOW)] == [answer.id, other.id]
        await store.mark_sent(answer.id)
        assert [row.id for row in await store.due_outbox("telegram", NOW)] == [notice.id, other.id]

    async def test_a_conversation_that_is_being_written_to_is_left_out(self, store: Store) -> None:
        notice, _ = await store.commit(batch(message(kind="notice"), message(BEN, "e2")))
        await store.commit(batch(message(event="e3")))  # would go first, but the notice is on its way
        assert [row.key for row in await store.due_outbox("telegram", NOW, busy=[notice.id])] == [BEN]
        await store.mark_sending([notice.id])
        assert [row.key for row in await store.due_outbox("telegram", NOW)] == [BEN]

    async def test_after_a_crash_what_was_being_sent_may_have_arrived(self, store: Store) -> None:
        row, _ = await store.commit(batch(message(), message(BEN, "e2")))
        await store.mark_sending([row.id])
        assert await store.interrupted("telegram") == 1
        found = {each.key: each for each in await store.due_outbox("telegram", NOW)}
        assert (found[ADA].state, found[ADA].attempts) == ("unknown", 1)
        assert (found[BEN].state, found[BEN].attempts) == ("waiting", 0)
        assert (await store.counts()).unknown == 1

    async def test_an_uncertain_message_says_so_when_it_is_tried_again(self, store: Store) -> None:
        (row,) = await store.commit(batch(message()))
        await store.mark_sending([row.id])
        await store.mark_later_many({row.id: NOW + MINUTE}, unknown=True)
        (again,) = await store.due_outbox("telegram", NOW + MINUTE)
        assert (again.state, again.attempts, again.not_before) == ("unknown", 1, NOW + MINUTE)
        await store.mark_later(row.id, NOW)
        assert (await store.due_outbox("telegram", NOW))[0].state == "waiting"

    async def test_expired_messages_are_listed_and_leave_with_what_is_said_instead(self, store: Store) -> None:
        old, fresh = await store.commit(batch(message(), message(position=1, expires=NOW + DAY)))
        later = NOW + HOUR
        assert await store.expired("telegram", NOW) == ()
        assert [row.id for row in await store.expired("telegram", later)] == [old.id]
        assert [row.id for row in await store.due_outbox("telegram", later)] == [fresh.id]
        await store.commit(Batch(later, dropped=(old.id,), outbox=(message(event="excuse", expires=later + HOUR),)))
        assert await store.expired("telegram", later) == ()
        assert (await store.counts()).waiting == {"telegram": 2}

    async def test_a_conversation_that_is_being_written_to_is_not_replaced_meanwhile(self, store: Store) -> None:
        first, second, other = await store.commit(batch(message(), message(position=1), message(BEN, "e2")))
        await store.mark_sending([first.id])
        later = NOW + HOUR
        assert [row.id for row in await store.expired("telegram", later)] == [other.id]
        await store.commit(Batch(later, dropped=(other.id,)))
        assert await store.next_outbox("telegram", later) is None
        await store.mark_later(first.id, later)  # it did not go out: both are replaced together
        assert [row.id for row in await store.expired("telegram", later)] == [first.id, second.id]
        assert await store.next_outbox("telegram", later) == NOW + 15 * MINUTE

    async def test_the_store_tells_when_to_look_again(self, store: Store) -> None:
        assert await store.next_outbox("telegram", NOW) is None
        row, _ = await store.commit(batch(message(not_before=NOW + MINUTE), message(position=1)))
        assert await store.next_outbox("telegram", NOW) == NOW + MINUTE
        await store.mark_later(row.id, NOW + HOUR)  # past its expiry, which comes first
        assert await store.next_outbox("telegram", NOW) == NOW + 15 * MINUTE
        assert await store.next_outbox("telegram", NOW, busy=[row.id]) == NOW + 15 * MINUTE
        assert await store.next_outbox("matrix", NOW) is None

    async def test_a_refused_message_leaves_only_ids_behind(self, store: Store) -> None:
        (row,) = await store.commit(batch(message()))
        await store.mark_refused(row.id, "BadRequest", NOW)
        counts = await store.counts()
        assert (counts.waiting, counts.dead_letters) == ({}, 1)

    async def test_nothing_is_kept_for_a_closed_conversation_until_it_speaks(self, store: Store) -> None:  # O07
        timer = TimerSet(ADA, "t", "a/b", NOW)
        await store.commit(batch(saving(), timer, message(), message(position=1), message(BEN, "e2")))
        assert await store.close_conversation(ADA, "blocked") == 2
        assert await store.close_conversation("nobody", "blocked") == 0
        assert await store.commit(batch(message(event="e3"))) == ()
        assert await store.due_timers(NOW) == ()
        assert await store.next_timer() is None
        assert (await store.counts()).closed_conversations == 1
        rows = await store.commit(Batch(NOW, "telegram", revived=(ADA,), outbox=(message(event="e4"),)))
        assert len(rows) == 1
        assert len(await store.due_timers(NOW)) == 1

    async def test_a_turn_can_close_a_conversation_and_the_sender_can_revive_it(self, store: Store) -> None:
        await store.commit(batch(saving(), message()))
        await store.commit(Batch(NOW, "telegram", closed={ADA: "left"}, sessions=(saving(expected=1),)))
        assert await store.due_outbox("telegram", NOW) == ()
        await store.revive(ADA)
        assert len(await store.commit(batch(message(event="e2")))) == 1

    async def test_a_conversation_moves_with_all_it_has(self, store: Store) -> None:
        await store.commit(batch(saving(data=b"mine"), message(), Case(ADA, "c", b"1", NOW)))
        await store.move_conversation(ADA, "telegram:new", b"new chat")
        found = (await store.load_sessions([ADA, "telegram:new"]))["telegram:new"]
        assert (found.data, found.address) == (b"mine", b"new chat")
        (row,) = await store.due_outbox("telegram", NOW)
        assert (row.key, row.address, row.payload) == ("telegram:new", b"new chat", b"hello")
        assert [case.data for case in await store.cases("telegram:new")] == [b"1"]
        await store.commit(batch(saving("telegram:new", expected=1)))

    async def test_a_conversation_that_moved_onto_another_gives_way(self, store: Store) -> None:
        await store.commit(batch(saving(data=b"old"), message(), saving(BEN, data=b"new")))
        await store.move_conversation(ADA, BEN, b"chat")
        await store.move_conversation(ADA, BEN, b"chat")
        found = await store.load_sessions([ADA, BEN])
        assert {key: session.data for key, session in found.items()} == {BEN: b"new"}
        assert await store.due_outbox("telegram", NOW) == ()

    # -- receipts

    async def test_the_last_question_can_be_found_again(self, store: Store) -> None:
        rows = await store.commit(
            batch(saving(), message(remember="a/b#1"), message(position=1, remember="a/c#2"), message(position=2))
        )
        assert await store.last_receipt(ADA) is None
        await store.mark_sent_many([Sent(row.id, f"m{row.id}") for row in rows])
        last = Receipt(ADA, f"m{rows[1].id}", "a/c#2")
        assert await store.last_receipt(ADA) == last
        found = await store.find_receipts("telegram", [f"m{row.id}" for row in rows])
        assert found == {f"m{rows[0].id}": Receipt(ADA, f"m{rows[0].id}", "a/b#1"), last.receipt: last}
        assert await store.find_receipts("matrix", [last.receipt]) == {}
        assert await store.find_receipts("telegram", []) == {}
        assert (await store.counts()).waiting == {}

    async def test_only_the_last_few_receipts_are_kept(self, store: Store) -> None:
        await store.commit(batch(saving()))
        for number in range(20):
            (row,) = await store.commit(batch(message(event=f"e{number}", remember=str(number))))
            await store.mark_sent(row.id, f"m{number}")
        found = await store.find_receipts("telegram", [f"m{number}" for number in range(20)])
        assert sorted(int(each.remember) for each in found.values()) == list(range(12, 20))

    # -- forgetting

    async def test_forgetting_leaves_nothing_but_the_farewell(self, store: Store) -> None:
        first, _ = await store.commit(batch(saving(), message(remember="x"), message(position=1), saving(BEN)))
        await store.mark_sent(first.id, "m1")
        await store.commit(batch(Case(ADA, "c", b"1", NOW), TimerSet(ADA, "t", "a/b", NOW)))
        (farewell,) = await store.commit(
            Batch(NOW, "telegram", forgotten=(ADA,), outbox=(message(event="e9", payload=b"gone"),))
        )
        assert await store.load_sessions([ADA]) == {}
        assert (await store.cases(ADA), await store.timers(ADA), await store.last_receipt(ADA)) == ((), (), None)
        assert await store.due_outbox("telegram", NOW) == (farewell,)
        await store.mark_sent(farewell.id, "m2")
        counts = await store.counts()
        assert (counts.people, counts.sessions, counts.forgotten) == (1, 1, 1)

    async def test_who_comes_back_after_being_forgotten_begins_anew(self, store: Store) -> None:
        await store.commit(batch(saving(data=b"old")))
        (farewell,) = await store.commit(Batch(NOW, "telegram", forgotten=(ADA,), outbox=(message(),)))
        await store.commit(batch(saving(data=b"new")))
        await store.mark_sent(farewell.id)
        found = (await store.load_sessions([ADA]))[ADA]
        assert (found.rev, found.data) == (1, b"new")

    async def test_one_batch_can_forget_and_begin_again(self, store: Store) -> None:
        await store.commit(batch(saving(data=b"old")))
        await store.commit(Batch(NOW, "telegram", forgotten=(ADA,), sessions=(saving(data=b"new"),)))
        assert (await store.load_sessions([ADA]))[ADA].data == b"new"

    async def test_an_operator_can_forget_somebody(self, store: Store) -> None:
        await store.commit(batch(saving(), message()))
        assert await store.forget(ADA, NOW) is True
        assert await store.forget(ADA, NOW) is False
        assert (await store.counts()).people == 0

    # -- content versions

    async def test_content_versions_stay_while_somebody_stands_in_them(self, store: Store) -> None:
        await store.keep_pack("1", b"one", NOW - 2 * DAY)
        await store.keep_pack("2", b"two", NOW - DAY)
        await store.keep_pack("3", b"three", NOW)
        await store.commit(batch(saving(pack="1", state="a/b"), saving(BEN, pack="1", state="a/c")))
        assert await store.versions_in_use() == {"1": 2}
        assert await store.states_in_use() == {("1", "a/b"): 1, ("1", "a/c"): 1}
        assert (await store.sweep(NOW)).packs == 1
        assert [await store.pack(each) for each in "123"] == [b"one", None, b"three"]

    # -- retention

    async def test_what_is_over_is_swept_and_nothing_else(self, store: Store) -> None:  # P06
        await store.commit(
            Batch(
                NOW,
                "telegram",
                handled=("e1",),
                dead_letters=(DeadLetter("telegram", "e1", "step", "E"),),
                undecrypted=(Undecrypted("telegram", "$1", "!r", b"", NOW),),
                sessions=(saving(), saving(BEN)),
                cases=(Case(BEN, "c", b"", NOW),),
            )
        )
        assert await store.sweep(NOW + HOUR) == await store.sweep(NOW - 400 * DAY)  # a clock put back removes nothing
        assert (await store.sweep(NOW + HOUR + MINUTE)).undecrypted == 1
        assert (await store.sweep(NOW + 2 * DAY + MINUTE)).handled == 1
        assert (await store.sweep(NOW + 7 * DAY)).people == 0
        assert (await store.sweep(NOW + 7 * DAY + MINUTE)).people == 1
        assert (await store.sweep(NOW + 14 * DAY + MINUTE)).dead_letters == 1
        assert set(await store.load_sessions([ADA, BEN])) == {BEN}

    async def test_a_case_is_kept_thirty_days_after_it_was_closed(self, store: Store) -> None:
        await store.commit(batch(saving(), Case(ADA, "c", b"", NOW), Case(ADA, "d", b"", NOW)))
        await store.commit(batch(Case(ADA, "c", b"", NOW, closed=NOW + DAY)))
        assert (await store.sweep(NOW + 31 * DAY)).cases == 0
        assert (await store.sweep(NOW + 31 * DAY + MINUTE)).cases == 1
        assert [case.case for case in await store.cases(ADA)] == ["d"]
        swept = await store.sweep(NOW + 456 * DAY + MINUTE)
        assert (swept.cases, swept.people) == (1, 1)
        assert (await store.counts()).people == 0

    async def test_a_case_reopened_by_a_session_saved_later_still_keeps_it(self, store: Store) -> None:
        await store.commit(batch(Case(ADA, "c", b"", NOW)))
        await store.commit(batch(saving()))
        assert (await store.sweep(NOW + 100 * DAY)).people == 0

    async def test_whoever_asked_for_a_reminder_is_waited_for(self, store: Store) -> None:
        await store.commit(batch(saving(), TimerSet(ADA, "resume", "resume", NOW + 7 * DAY)))
        assert (await store.sweep(NOW + 8 * DAY)).people == 0
        await store.commit(Batch(NOW, "telegram", timers=(TimersCancelled(ADA),)))
        assert (await store.sweep(NOW + 8 * DAY)).people == 1

    async def test_a_sweep_takes_small_steps_and_says_when_there_is_more(self, store: Store) -> None:
        await store.commit(Batch(NOW, "telegram", handled=tuple(str(number) for number in range(25))))
        steps = [await store.sweep(NOW + 30 * DAY, limit=10) for _ in range(3)]
        assert [(step.handled, step.more) for step in steps] == [(10, True), (10, True), (5, False)]

    async def test_the_times_kept_are_the_operators_to_shorten(self, store: Store) -> None:
        await store.commit(batch(saving()))
        assert (await store.sweep(NOW + HOUR, Retention(idle_session=MINUTE))).people == 1

    async def test_unsent_messages_nobody_asked_about_go_in_the_end(self, store: Store) -> None:
        await store.commit(batch(message()))
        assert (await store.sweep(NOW + 3 * DAY)).outbox == 1
        await store.sweep(NOW + 3 * DAY)
        assert (await store.counts()).people == 0

    async def test_everything_is_counted(self, store: Store) -> None:
        await store.commit(
            batch(saving(), message(), TimerSet(ADA, "t", "a/b", NOW + DAY), Case(ADA, "c", b"", NOW, closed=NOW))
        )
        counts = await store.counts()
        assert (counts.people, counts.sessions, counts.timers, counts.next_timer) == (1, 1, 1, NOW + DAY)
        assert (counts.waiting, counts.oldest_waiting) == ({"telegram": 1}, NOW)
        assert (counts.open_cases, counts.closed_cases) == (0, 1)
        assert counts.bytes > 0
