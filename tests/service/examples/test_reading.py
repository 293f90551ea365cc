"""Example files are read strictly, and every mistake is named with its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.service.examples.model import START
from bot.service.examples.reading import check_names, find_files, load, read_example, span
from tests.service.examples.pets import library

GOOD = """\
example: A dog owner
language: de
now: 2026-11-23T09:00+01:00
hints:
  town: B
talk:
  - bot: Hello*
  - they say: puppy
  - they tap: B
  - they react: 2
  - they send: photo
  - wait: 31 days
  - bot: Done
    buttons: A, B
expect:
  state: main/goodbye
  language: de
  ended: yes
  forgotten: no
  slots:
    animal: dog
    town:
"""


def test_every_key_of_an_example_is_read() -> None:
    example, problems = read_example("one.yaml", GOOD)
    assert problems == []
    assert example is not None
    assert [step.verb for step in example.steps] == ["bot", "say", "tap", "react", "send", "wait", "bot", "buttons"]
    assert example.now == datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    assert example.hint_pairs == (("town", "B"),)
    assert (example.steps[3].number, example.steps[5].number, example.steps[5].unit) == (2, 31, "day")
    assert [step.line for step in example.steps[1:6]] == [
        "they say: puppy", "they tap: B", "they react: 2", "they send: photo", "wait: 31 days",
    ]  # fmt: skip
    assert [(key.text, value.text) for key, value in example.expect.slots] == [("animal", "dog"), ("town", "")]


def test_an_example_that_does_not_say_when_begins_on_the_same_day_every_time() -> None:
    example, _ = read_example("one.yaml", "example: A\ntalk:\n  - they say: x\n")
    assert example is not None
    assert example.now == START


def test_a_time_without_zone_is_utc() -> None:
    example, _ = read_example("one.yaml", "example: A\nnow: 2026-01-02T03:04\ntalk:\n  - they say: x\n")
    assert example is not None
    assert example.now == datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def test_bytes_with_windows_line_ends_and_a_mark_are_read_too() -> None:
    example, problems = read_example("one.yaml", b"\xef\xbb\xbfexample: A\r\ntalk:\r\n  - they say: x\r\n")
    assert problems == []
    assert example is not None
    assert "\r" not in example.source


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        ("example: A\ntalk:\n  - they sya: x\n", "E003", 3, "Did you mean «they say»?"),
        ("example: A\ntlak:\n  - they say: x\n", "E003", 2, "Did you mean «talk»?"),
        ("example: A\nexpect:\n  stat: x\ntalk:\n  - they say: x\n", "E003", 3, "Did you mean «state»?"),
        ("just words\n", "E002", 1, "an example needs keys"),
        ("example: A\ntalk:\n  - words\n", "E002", 3, "a step needs keys"),
        ("example: A\ntalk: words\n", "E002", 2, "takes a list"),
        ("example: A\nhints: words\ntalk:\n  - they say: x\n", "E002", 2, "needs names below"),
        ("talk:\n  - they say: x\n", "E004", 1, "lacks the key «example»"),
        ("example: A\n", "E004", 1, "lacks the key «talk»"),
        ("example:\n  - A\ntalk:\n  - they say: x\n", "E005", 2, "takes one text"),
        ("example: A\ntalk:\n  - bot:\n", "E006", 3, "is empty"),
        ("example: A\nnow: soon\ntalk:\n  - they say: x\n", "E007", 2, "2026-11-23T09:00Z"),
        ("example: A\nexpect:\n  ended: maybe\ntalk:\n  - they say: x\n", "E008", 3, "yes or no"),
        ("example: A\ntalk:\n  - bot: x\n    they say: y\n", "E010", 3, "two things"),
        ("example: A\ntalk:\n  - wait: a while\n", "E011", 3, "31 days"),
        ("example: A\ntalk:\n  - wait: 0 days\n", "E011", 3, "31 days"),
        ("example: A\ntalk:\n  - they react: one\n", "E014", 3, "takes a number"),
        ("example: A\ntalk:\n  - they say: {x}\n", "Y027", 3, "quotes"),
        ("example: [\n", "Y", 2, ""),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(text: str, code: str, line: int, words: str) -> None:
    example, problems = read_example("one.yaml", text)
    assert example is None
    found = [problem for problem in problems if problem.code.startswith(code) and problem.line == line]
    assert found, problems
    assert any(words in str(problem) for problem in found)


def test_all_mistakes_are_named_at_once() -> None:
    _, problems = read_example("one.yaml", "example: A\nnow: x\ntalk:\n  - wait: x\n  - they tpa: x\n")
    assert [problem.code for problem in problems] == ["E011", "E003", "E007"]


def test_what_does_not_exist_in_the_pack_is_named() -> None:
    example, _ = read_example(
        "one.yaml",
        "example: A\nlanguage: fr\nhints:\n  twon: B\ntalk:\n  - they say: x\n"
        "expect:\n  state: main/helo\n  language: xx\n  slots:\n    animla: x\n",
    )
    assert example is not None
    problems = check_names(example, library(), ("en", "de"))
    assert [(problem.code, problem.line) for problem in problems] == [
        ("E009", 2), ("E009", 9), ("E013", 4), ("E013", 11), ("E012", 8),
    ]  # fmt: skip
    assert "«main/hello»" in problems[-1].hint


@pytest.mark.parametrize(
    ("text", "found"),
    [("31 days", (31, "day")), ("1 month", (1, "month")), ("0 days", None), ("soon", None), ("3 years", None)],
)
def test_a_time_to_wait_is_a_number_and_a_unit(text: str, found: tuple[int, str] | None) -> None:
    assert span(text) == found


def test_a_pack_a_folder_and_a_file_give_their_examples_once(tmp_path: Path) -> None:
    inner = tmp_path / "examples" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "pack.yaml").write_text("")
    for path in (inner / "b.yaml", tmp_path / "examples" / "a.yaml"):
        path.write_text("example: A\n")
    assert find_files([tmp_path, inner, inner / "b.yaml"]) == [tmp_path / "examples" / "a.yaml", inner / "b.yaml"]
    with pytest.raises(ContentError, match="no such file"):
        find_files([tmp_path / "nothing"])


def test_a_file_that_cannot_be_opened_is_a_problem_like_any_other(tmp_path: Path) -> None:
    example, problems = load(tmp_path / "gone.yaml", "gone.yaml")
    assert example is None
    assert [str(problem) for problem in problems] == [
        "gone.yaml:1:1: E001 the file cannot be read (No such file or directory)."
    ]
