from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.errors import Conflict
from bot.service.ports import Batch, RowKind, Sent
from bot.store.sqlite import SqliteStore
from tests.contracts.store import DAY, NOW, message, saving
from tests.store.files import KEYS

ANSWER: RowKind = "answer"
NOTICE: RowKind = "notice"
people = st.sampled_from(["a", "b", "c"])


@dataclass
class Conversation:
    rev: int = 0
    data: bytes = b""
    answers: list[bytes] = field(default_factory=list)
    notices: list[bytes] = field(default_factory=list)

    def waiting(self) -> list[bytes]:
        return self.answers + self.notices


class StoreMachine(RuleBasedStateMachine):
    """Whatever happens in whatever order, the store holds what a simple model holds, also after being opened again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.model: dict[str, Conversation] = defaultdict(Conversation)
        self.handled: set[str] = set()
        self.events = 0
        self.store = self.runner.run(self.open())

    async def open(self) -> SqliteStore:
        return await SqliteStore.open(Path(self.folder.name) / "bot.db", KEYS, remembered=2)

    def teardown(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()
        self.folder.cleanup()

    @rule(key=people, data=st.binary(max_size=20), answers=st.integers(0, 3), notice=st.booleans())
    def turn(self, key: str, data: bytes, answers: int, notice: bool) -> None:
        self.events += 1
        event, here = f"e{self.events}", self.model[key]
        kinds: list[RowKind] = [*repeat(ANSWER, answers), *repeat(NOTICE, int(notice))]
        words = [f"{event}.{position}".encode() for position in range(len(kinds))]
        rows = self.runner.run(
            self.store.commit(
                Batch(
                    NOW,
                    "telegram",
                    sessions=(saving(key, here.rev, data),),
                    outbox=tuple(
                        message(key, event, position, words[position], kind=kind, expires=NOW + DAY, remember=event)
                        for position, kind in enumerate(kinds)
                    ),
                    handled=(event,),
                )
            )
        )
        assert [row.payload for row in rows] == words
        here.rev, here.data = here.rev + 1, data
        here.answers += words[:answers]
        here.notices += words[answers:]
        self.handled.add(event)

    @rule(key=people)
    def turn_on_an_old_revision(self, key: str) -> None:
        with pytest.raises(Conflict):
            self.runner.run(
                self.store.commit(
                    Batch(NOW, "telegram", sessions=(saving(key, self.model[key].rev + 1),), handled=("no",))
                )
            )

    @rule()
    def send(self) -> None:
        rows = self.runner.run(self.store.due_outbox("telegram", NOW))
        expected = {key: here.waiting()[0] for key, here in self.model.items() if here.waiting()}
        assert {row.key: row.payload for row in rows} == expected
        self.runner.run(self.store.mark_sending([row.id for row in rows]))
        assert self.runner.run(self.store.due_outbox("telegram", NOW)) == ()
        self.runner.run(self.store.mark_sent_many([Sent(row.id, row.transaction) for row in rows]))
        for row in rows:
            here = self.model[row.key]
            (here.answers if here.answers else here.notices).pop(0)

    @rule(key=people)
    def wait(self, key: str) -> None:
        row = next((row for row in self.runner.run(self.store.due_outbox("telegram", NOW)) if row.key == key), None)
        if row:
            self.runner.run(self.store.mark_later(row.id, NOW + timedelta(hours=1)))
            assert key not in {each.key for each in self.runner.run(self.store.due_outbox("telegram", NOW))}
            self.runner.run(self.store.mark_later(row.id, NOW))

    @rule(key=people)
    def forget(self, key: str) -> None:
        self.runner.run(self.store.forget(key, NOW))
        self.model.pop(key, None)

    @rule(key=people)
    def close_and_revive(self, key: str) -> None:
        here = self.model[key]
        assert self.runner.run(self.store.close_conversation(key, "left")) == len(here.waiting())
        self.runner.run(self.store.revive(key))
        here.answers, here.notices = [], []

    @rule()
    def open_again(self) -> None:
        self.runner.run(self.store.close())
        self.store = self.runner.run(self.open())

    @invariant()
    def the_store_holds_what_the_model_holds(self) -> None:
        found = self.runner.run(self.store.load_sessions(["a", "b", "c"]))
        assert {key: (each.rev, each.data) for key, each in found.items()} == {
            key: (here.rev, here.data) for key, here in self.model.items() if here.rev
        }
        counts = self.runner.run(self.store.counts())
        assert sum(counts.waiting.values()) == sum(len(here.waiting()) for here in self.model.values())
        assert counts.people == counts.sessions
        assert self.runner.run(self.store.handled("telegram", [*self.handled, "no"])) == self.handled


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=15, stateful_step_count=30)
