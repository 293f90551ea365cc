"""The bench still runs: its smallest size, with the bot as people start it, and its own judgement of who heard what."""

from __future__ import annotations

import pytest

from tests.bench.matrix import limit, runner, walking
from tests.bench.matrix.contestant import Contestant
from tests.bench.matrix.crowd import Crowd
from tests.bench.matrix.scripts import Guided
from tests.channels.matrix.bot import library
from tests.kit.synapse import Synapse


async def test_two_people_walk_and_everybody_hears_what_is_theirs(
    server: Synapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "AFTER", 0.2)
    monkeypatch.setattr(runner, "open_library", library)  # read once for all tests
    async with Crowd(server, 2) as crowd:
        seen = await runner.measure(Contestant(runner.OURS), server, crowd, 2)
    walk = seen.walk
    assert (walk.turns, walk.unanswered, walk.wrong, walk.lost, walk.unordered) == (4, 0, 0, 0, 0), walk.strange()
    assert len(walk.waits) > 0
    tables = runner._speed({runner.OURS: [seen]}, "speed") + runner._right({runner.OURS: [seen]})
    assert "| 4 |" in tables
    assert runner._memory({2: [seen]}).count("\n") >= 4


def test_the_verdict_tells_an_excuse_from_one_too_many() -> None:
    said, question = limit.excuse(library())
    person = walking.Person(0, Guided(0, library()), wanted=["Hello!", question])
    for heard, found in (
        (["Hello!", question], "greeted"), ([], "not yet"), ([said, question], "asked instead"),
        (["Hello!", said, question], "asked instead"), ([said, question, said, question], "wrong"),
    ):  # fmt: skip
        person.heard = heard
        assert limit.verdict(person, [said, question], "📩") == found, heard
