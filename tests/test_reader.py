"""YAML as our authors use it: everything is text, every place is known, every mistake has words."""

from __future__ import annotations

import pytest

from bot.errors import Problem
from bot.reader import MAX_BYTES, MAX_DEPTH, Entries, Items, Piece, Scalar, nearest, read


def codes(source: str | bytes) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in read("f.yaml", source)[1]]


def plain(piece: Piece | None) -> object:
    if isinstance(piece, Entries):
        return {key.text: plain(value) for key, value in piece}
    if isinstance(piece, Items):
        return [plain(value) for value in piece.values]
    return piece.text if piece else None


def whole(source: str | bytes) -> object:
    piece, problems = read("f.yaml", source)
    assert problems == []
    return plain(piece)


@pytest.mark.parametrize(
    "word", ["no", "on", "yes", "12:30", "010", "1e3", "~", "null", "2026-11-23", "0x1f", ".inf", "NO"]
)
def test_every_value_stays_the_text_that_was_written(word: str) -> None:
    assert whole(f"key: {word}") == {"key": word}


def test_every_piece_knows_its_place() -> None:
    piece, _ = read("f.yaml", "a:\n  - b: one\n    c: 'two'\n  - |\n    three\n    four\n")
    assert isinstance(piece, Entries)
    items = piece.get("a")
    assert isinstance(items, Items)
    first, second = items.values
    assert isinstance(first, Entries)
    assert isinstance(second, Scalar)
    two = first.get("c")
    assert isinstance(two, Scalar)
    assert (two.file, two.line, two.col, two.text, two.quoted) == ("f.yaml", 3, 8, "two", True)
    assert (second.line, second.col, second.text, second.block) == (4, 5, "three\nfour", True)
    key = first.key("b")
    assert key is not None
    assert (key.line, key.col) == (2, 5)
    assert first.key("z") is None
    assert first.get("z") is None


@pytest.mark.parametrize(
    "source", [b"\xef\xbb\xbfa: b\r\nc: d\r\n", "\ufeffa: b\r\nc: d\r\n", "a: b\nc: d\n", "---\na: b\nc: d\n...\n"]
)
def test_a_byte_order_mark_and_windows_line_ends_make_no_difference(source: str | bytes) -> None:
    assert whole(source) == {"a": "b", "c": "d"}


def test_a_folded_text_and_a_text_over_several_lines_are_joined() -> None:
    assert whole("a: >\n  one\n  two\nb: three\n  four\n") == {"a": "one two", "b": "three four"}


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [
        ("", 1, "Y002"),
        ("# only a comment\n", 1, "Y002"),
        ("a" * (MAX_BYTES + 1), 1, "Y003"),
        (b"a: b\nc: \xff\n", 2, "Y004"),
        ("a:\n\tb: c\n", 2, "Y005"),
        ("a: b\x07\n", 1, "Y006"),
        ("a: b\x00\n", 1, "Y006"),
        ("a: \udc80\n", 1, "Y006"),
        ('a: "b\\0"\n', 1, "Y006"),
        ("a: b\nc: \u202edcba\n", 2, "Y007"),
        ("a: b\n<<<<<<< ours\nc: d\n", 2, "Y008"),
        ("a:\n  b: c\n  <<<<<<< ours\n  d: e\n  =======\n  d: f\n  >>>>>>> theirs\n", 3, "Y008"),
        ("a: b\n=======\nc: d\n", 2, "Y008"),
        ("a: b\n\u00a0 c: d\n", 2, "Y009"),
        ("a: b\nc:\u00a0d\n", 2, "Y009"),
        ("a: b\u00a0\nc: d\n", 1, "Y009"),
        ("a: b\n// a note\nc: d\n", 2, "Y014"),
        ("a:\n  b: c\n\n  ; a note\n\n  d: e\n", 4, "Y014"),
        ("a:\n  b: c\n\n  <!-- a note -->\n  d: e\n", 4, "Y014"),
        ("a:\n  b: c\n\n  some words\n\n\n  d: e\n", 4, "Y014"),
        ("a: b\nc:d\ne: f\n", 2, "Y014"),
        ("a: b\nc = d\ne: f\n", 2, "Y014"),
        ("a: b\nc\uff1a d\ne: f\n", 2, "Y014"),
        ("a:\n  - b: c\n  -d: e\n", 3, "Y014"),
        ("a:\n  - b: c\n  \u2013 d: e\n", 3, "Y014"),
        ("say: Hello: friend\n", 1, "Y010"),
        ("a: b\n  c: d\n", 2, "Y014"),
        ("- a text\n  - b: c\n", 2, "Y014"),
        ("a: b\n  c d: e f: g\n", 2, "Y014"),
        ("a: b c: d\n", 1, "Y010"),
        ("a: b\u200bc\n", 1, "Y006"),
        ("a: b\u00adc\n", 1, "Y006"),
        ("say: @friend\n", 1, "Y011"),
        ("say: `code`\n", 1, "Y011"),
        ("a: b\nsay: *bold* words\n", 2, "Y012"),
        ("say: &anchor\n  - x\n - y\n", 3, "Y014"),
        ("a: b\nsay: 'it is open\nc: d\n", 2, "Y013"),
        ('say: "a \\d b"\n', 1, "Y015"),
        ("say: {name}, hello\n", 1, "Y016"),
        ("say: |text\n  more\n", 1, "Y017"),
        ("say: > text\n", 1, "Y017"),
        ("say: - one\n", 1, "Y018"),
        ("- a\nb: c\n", 2, "Y014"),
        ("%YAML 9.9\n---\na: b\n", 1, "Y001"),
        ("a: *b\n", 1, "Y021"),
        ("<<: b\n", 1, "Y021"),
        ("a: Call us #1 today\n", 1, "Y022"),
        ("[a]: b\n", 1, "Y023"),
        ("a: 1\nb: 2\na: 3\n", 3, "Y024"),
        ("a: !!python/object:os.system x\n", 1, "Y025"),
        ("a: !tag b\n", 1, "Y025"),
        ("a: &x b\n", 1, "Y026"),
        ("a: [b, c]\n", 1, "Y027"),
        ("a: {b: c}\n", 1, "Y027"),
        ("a: b\n---\nc: d\n", 2, "Y028"),
    ],
)
def test_each_mistake_is_named_at_its_line(source: str | bytes, line: int, code: str) -> None:
    assert (line, code) in codes(source)


def test_a_slip_in_a_colon_or_a_list_mark_is_named_with_what_to_write() -> None:
    assert "Write «c: …»" in read("a.yaml", "a: b\nc:d\ne: f\n")[1][0].hint
    assert "a hyphen and a space" in read("a.yaml", "a:\n  - b: c\n  \u2013 d: e\n")[1][0].hint


@pytest.mark.parametrize(
    "source",
    [
        "a: {b} is known\nc: d\n",
        "a: *b c: d\n",
        "a: *b d?\nc: d\n",
        "<<<<<<< ours\na: b\n=======\na: c\n>>>>>>> theirs\n",
    ],
)
def test_one_slip_is_one_problem(source: str) -> None:
    assert len(read("f.yaml", source)[1]) == 1


def test_the_sign_of_a_comment_that_is_none_is_told_with_the_right_one() -> None:
    ((problem,), hint) = (read("a.yaml", "a:\n  b: c\n\n  // a note\n  d: e\n")[1], "A comment begins with «#».")
    assert (problem.line, problem.col, problem.hint) == (4, 3, hint)


def test_a_block_that_lost_its_name_is_told_where_it_begins() -> None:
    source = "states:\n    say: a\n    answers:\n      - answer: b\n  other:\n    say: c\n"
    (problem,) = read("a.yaml", source)[1]
    assert (problem.line, problem.code) == (2, "Y014")
    assert "«say: a» stands under no name; line 5 stumbles over it." in problem.message
    # Here the later line is the one that was moved.
    assert codes("states:\n  ask:\n    say: a\n   answers:\n      - answer: b\n") == [(4, "Y014")]


@pytest.mark.parametrize("text", ["text: one", "text: |\n      Hello."])
def test_the_first_entry_of_a_list_that_lost_its_mark_is_told_itself(text: str) -> None:
    (problem,) = read("a.yaml", f"say:\n  {text}\n    when: x is y\n  - text: b\n")[1]
    assert (problem.line, problem.code) == (2, "Y014")
    assert "is no entry of the list" in problem.message
    assert codes(f"say:\n  - {text}\n    when: x is y\n  - text: b\n") == []


def test_all_problems_of_the_lines_are_told_at_once() -> None:
    assert codes("a:\n\tb: c\n\td: \x07\n") == [(2, "Y005"), (3, "Y005"), (3, "Y006")]


def test_the_first_of_two_equal_keys_counts_and_the_second_names_its_line() -> None:
    piece, problems = read("f.yaml", "a: 1\na: 2\nb: 3\n")
    assert plain(piece) == {"a": "1", "b": "3"}
    assert "line 1" in problems[0].hint


def test_a_refused_key_takes_its_value_with_it() -> None:
    piece, _ = read("f.yaml", "? [x]\n: y\nb: 3\n<<: z\n")
    assert plain(piece) == {"b": "3"}


def test_an_alias_is_an_empty_text_so_that_reading_goes_on() -> None:
    piece, problems = read("f.yaml", "a: &x one\nb: *x\nc: three\n")
    assert plain(piece) == {"a": "one", "b": "", "c": "three"}
    assert [problem.code for problem in problems] == ["Y026", "Y021"]


def test_lists_on_one_line_are_named_once_however_deep() -> None:
    assert codes("a: [[[b]], {c: d}]\ne: [f]\n") == [(1, "Y027"), (2, "Y027")]


def test_lists_and_mappings_on_one_line_are_read_where_a_file_is_a_table() -> None:
    piece, problems = read("f.yaml", "a: [x, [y, 'z w']]\nb: {c: no, d: []}\n", flow=True)
    assert problems == []
    assert plain(piece) == {"a": ["x", ["y", "z w"]], "b": {"c": "no", "d": []}}
    assert isinstance(piece, Entries)
    first = piece.get("a")
    assert isinstance(first, Items)
    assert (first.values[0].line, first.values[0].col) == (1, 5)


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [("a: [x\nb: 1\n", 1, "Y014"), ("a: {b: 1, b: 2}\n", 1, "Y024"), ("a: [*x]\n", 1, "Y021"), ("[" * 40, 1, "Y020")],
)
def test_what_is_strange_on_one_line_is_named_there_too(source: str, line: int, code: str) -> None:
    assert (line, code) in [(problem.line, problem.code) for problem in read("f.yaml", source, flow=True)[1]]


def test_a_quoted_text_and_a_remark_to_the_checks_may_stand_before_a_hash() -> None:
    assert whole("a: 'Call us #1 today'\nb: two words # check: ignore D216 because it is so\nc: one # word\n") == {
        "a": "Call us #1 today",
        "b": "two words",
        "c": "one",
    }


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_no_nesting_can_exhaust_the_stack(opening: str) -> None:
    piece, problems = read("f.yaml", opening * 60_000)
    assert piece is None
    assert {problem.code for problem in problems} & {"Y020", "Y001", "Y014", "Y018"}


def test_the_deepest_allowed_nesting_is_read() -> None:
    deep = "".join(f"{' ' * depth}k:\n" for depth in range(MAX_DEPTH - 1)) + " " * (MAX_DEPTH - 1) + "k: v\n"
    assert read("f.yaml", deep)[1] == []
    deeper = "".join(f"{' ' * depth}k:\n" for depth in range(MAX_DEPTH)) + " " * MAX_DEPTH + "k: v\n"
    assert codes(deeper) == [(MAX_DEPTH + 1, "Y020")]


def test_an_alias_bomb_is_refused_without_growing() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(9)
    )
    found = codes(bomb)
    assert (1, "Y026") in found
    assert (2, "Y021") in found
    assert len(found) < 60


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("countri", {"country", "counting"}, "Did you mean «country»?"),
        ("xyz", {"alpha", "beta"}, "Known here: alpha, beta."),
        ("xyz", {f"name{n}" for n in range(20)}, ""),
        ("xyz", set[str](), ""),
    ],
)
def test_the_nearest_right_word_is_offered(word: str, known: set[str], hint: str) -> None:
    assert nearest(word, known) == hint


def test_a_piece_makes_problems_at_its_place() -> None:
    piece, _ = read("f.yaml", "a: b\n")
    assert piece is not None
    assert piece.problem("D001", "m.", "h.") == Problem("f.yaml", 1, 1, "D001", "m.", "h.")
    assert piece.warning("D001", "m.").level == "warning"


PIECE = """dialog: main
start: which

slots:
  lamp:
    type: choice
    about: |
      - The lamp you mean
        and its post

states:
  which:
    say: Which lamp is broken?
    answers:
      - answer: The one at the bridge
        id: bridge
      - answer: The one at the station
    next: thanks

  thanks:
    say: Thank you.
    end: done
"""
_LINES = PIECE.split("\n")


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("number", [6, 12, 13, 14, 16, 18, 20, 21, 22])
def test_a_line_that_moved_by_one_is_told_at_its_own_place(number: int, by: int) -> None:
    line = _LINES[number - 1]
    moved = " " * (len(line) - len(line.lstrip()) + by) + line.lstrip()
    source = "\n".join([*_LINES[: number - 1], moved, *_LINES[number:]])
    problems = read("main.yaml", source)[1]
    assert [(one.line, one.code) for one in problems] == [(number, "Y014")]


@pytest.mark.parametrize(("number", "by"), [(6, -2), (12, -2), (13, -2), (22, 2)])
def test_a_line_that_moved_by_a_whole_level_is_told_at_its_own_place(number: int, by: int) -> None:
    line = _LINES[number - 1]
    moved = " " * (len(line) - len(line.lstrip()) + by) + line.lstrip()
    source = "\n".join([*_LINES[: number - 1], moved, *_LINES[number:]])
    (problem,) = read("main.yaml", source)[1]
    assert (problem.line, problem.code) == (number, "Y014")
