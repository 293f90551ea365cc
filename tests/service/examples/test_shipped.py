"""Every example that is shipped is as expected, in every language; this is the test of the content itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.app import open_library
from bot.content import folder
from bot.service.examples.coverage import Reached
from bot.service.examples.languages import replay
from bot.service.examples.play import Played, play
from bot.service.examples.reading import check_names, find_files, load
from bot.service.examples.report import explain
from bot.service.library import Library

FILES = find_files([folder.find().pack])


@cache
def shipped() -> Library:
    return open_library()


@cache
def played(path: Path) -> Played:
    example, problems = load(path, path.name)
    assert example is not None, problems
    problems += check_names(example, shipped(), shipped().catalogues.languages)
    assert not [problem for problem in problems if problem.level == "error"], problems
    return play(shipped(), example)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_example_is_as_expected(path: Path) -> None:
    result = played(path)
    assert result.ok, "\n".join([explain(result.example, one) for one in result.differences[:1]])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_example_goes_the_same_way_in_every_language(path: Path) -> None:
    result = played(path)
    for language in shipped().catalogues.languages:
        strayed = replay(shipped(), result, language)
        assert strayed is None, explain(result.example, strayed)


def test_every_shipped_state_and_nearly_every_answer_is_reached_by_an_example() -> None:
    reached = Reached()
    for path in FILES:
        reached.add(shipped().current(), played(path).turns)
    table = {group: (done, there) for group, done, there in reached.table(shipped().current())}
    missing = [str(point) for point in reached.missing(shipped().current()) if point.group in {"states", "answers"}]
    assert table["states"][0] == table["states"][1], missing
    assert table["answers"][0] >= 0.95 * table["answers"][1], missing


def test_at_least_25_conversations_are_shipped_and_a_third_of_their_answers_are_words() -> None:
    results = [played(path) for path in FILES]
    said, tapped = sum(one.answers("say") for one in results), sum(one.answers("tap") for one in results)
    assert len(results) >= 25
    assert said >= (said + tapped) / 3
