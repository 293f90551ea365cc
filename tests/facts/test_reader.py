"""The strict reader: everything is text, every place is known, every problem is told."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import reader
from bot.facts.reader import DEEPEST, LARGEST_FILE, read


def codes(text: str) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.line, problem.col) for problem in read("f.yaml", text).problems]


def test_every_scalar_is_text() -> None:
    data = read("f.yaml", "a: no\nb: 010\nc: 12:30:45\nd: 2026-11-23\ne: [yes, 1.5, null]\nf: {g: ~}\nh:\n").data
    assert data == {
        "a": "no",
        "b": "010",
        "c": "12:30:45",
        "d": "2026-11-23",
        "e": ("yes", "1.5", "null"),
        "f": {"g": "~"},
        "h": "",
    }


def test_lists_in_lists_become_tuples_in_tuples() -> None:
    assert read("f.yaml", "a:\n  - [x, [y]]\n  - {b: [z]}\n").data == {"a": (("x", ("y",)), {"b": ("z",)})}
    assert read("f.yaml", "- a\n- [b]\n").data == ("a", ("b",))


def test_places_of_keys_and_values_are_kept() -> None:
    document = read("f.yaml", "a:\n  b: ü x\n  c: [1, 2]\n")
    assert document.keys[("a", "b")] == (2, 3)
    assert document.values[("a", "b")] == (2, 6)
    assert document.values[("a", "c", 1)] == (3, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", ("F002", 2, 1)),
        ("a: {b: 1, b: 2}\n", ("F002", 1, 11)),
        ("[a]: b\n", ("F003", 1, 1)),
        ("{a: b}: c\n", ("F003", 1, 1)),
        ("a: &x 1\nb: *x\n", ("F004", 1, 4)),
        ("a: !!int 1\n", ("F004", 1, 4)),
        ("a: !!python/object/apply:os.system [x]\n", ("F004", 1, 4)),
        ("a: 1\n---\nb: 2\n", ("F004", 2, 1)),
        ('a: "x\u202ey"\n', ("F006", 1, 4)),
        ("a: [1\nb: 2\n", ("F001", 2, 2)),
    ],
)
def test_what_is_not_allowed_is_told_with_its_place(text: str, expected: tuple[str, int, int]) -> None:
    assert expected in codes(text)


def test_all_problems_are_told_at_once() -> None:
    found = [code for code, *_ in codes("a: 1\na: 2\nb: &x 3\nc: *x\n[d]: 4\n")]
    assert sorted(found) == ["F002", "F003", "F004", "F004"]


def test_what_stands_under_a_repeated_key_is_left_out() -> None:
    assert read("f.yaml", "x:\n  - a: 1\n    a: {b: 2}\n").data == {"x": ({"a": "1"},)}


def test_a_quoted_text_may_hold_anything_visible() -> None:
    assert read("f.yaml", "a: '{name} #1: ශ්\u200dරී'\n").problems == []


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    document = read("f.yaml", "a: " + "x" * LARGEST_FILE)
    assert document.data is None
    assert [problem.code for problem in document.problems] == ["F005"]


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "{b: " * 5_000, "- " * 5_000])
def test_deep_nesting_is_refused_without_harm(text: str) -> None:
    document = read("f.yaml", text)
    assert document.data is None
    assert "F005" in {problem.code for problem in document.problems}


def test_the_deepest_level_that_is_allowed_can_be_read() -> None:
    assert read("f.yaml", "[" * DEEPEST + "]" * DEEPEST).problems == []


def test_half_a_character_is_a_problem_and_no_crash() -> None:
    assert [problem.code for problem in read("f.yaml", "a: \ud800").problems] == ["F001"]


def test_an_empty_file_has_no_data() -> None:
    assert read("f.yaml", "").data is None


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    document = read("f.yaml", text)
    assert (
        document.problems
        or document.data is not None
        or not text.strip()
        or text.strip().startswith(("#", "%", "-", "."))
    )


def test_the_slow_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: [x, {b: ü}]\nc: 'y'\n"
    quick = read("f.yaml", text)
    monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)
    slow = read("f.yaml", text)
    assert (slow.data, slow.values, slow.keys) == (quick.data, quick.values, quick.keys)
