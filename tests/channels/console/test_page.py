from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.channels.console.outbound import Shown
from bot.channels.console.page import Page
from bot.engine.effects import Kind
from bot.texts.tree import Body, CodeBlock, Message, Paragraph, RenderedChoice, RenderedFile, Run

FORM = "https://www.facebook.com/help/contact/6359191084165019"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


@pytest.fixture(autouse=True)
def _a_good_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "COLUMNS", "LINES", "COLORTERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def written(message: Message, columns: int = 40, *, dumb: bool = False, paths: tuple[Path | None, ...] = ()) -> str:
    page = Page(columns, dumb=dumb)
    return page.render(page.message(Shown(1, message, paths=paths)))


def plain(message: Message, columns: int = 40, paths: tuple[Path | None, ...] = ()) -> list[str]:
    return ESCAPES.sub("", written(message, columns, paths=paths)).split("\n")[:-1]


def says(*blocks: Paragraph | CodeBlock, kind: Kind = "say") -> Message:
    return Message(blocks, kind=kind)


def words(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def test_text_is_wrapped_to_the_window_and_an_empty_line_follows() -> None:
    assert plain(says(words("The quick brown fox jumps over it.")), 20) == ["The quick brown fox", "jumps over it.", ""]


def test_a_very_wide_window_keeps_lines_short() -> None:
    assert max(map(len, plain(says(words("word " * 100)), 400))) <= 88


def test_choices_are_numbered_under_each_other_and_indented() -> None:
    choices = tuple(RenderedChoice(str(number), "A rather long answer") for number in range(10))
    lines = plain(Message((words("Which?"),), "question", choices), 20)
    assert lines[:3] == ["Which?", " 1. A rather long", "    answer"]
    assert lines[-3:] == ["10. A rather long", "    answer", ""]


def test_a_multiple_choice_shows_its_ticks() -> None:
    choices = (RenderedChoice("a", "A", True), RenderedChoice("b", "B"), RenderedChoice("done", "Done"))
    assert plain(Message((), "question", choices, multiple=True)) == ["1. [x] A", "2. [ ] B", "3. Done", ""]


def test_list_items_stand_close_and_paragraphs_apart() -> None:
    body = (words("One"), Paragraph((Run("a"),), True), Paragraph((Run("b"),), True), words("Two"))
    assert plain(Message(body)) == ["One", "", "• a", "• b", "", "Two", ""]


def test_the_words_of_a_link_can_be_clicked_and_its_address_stands_below_in_one_piece() -> None:
    message = says(Paragraph((Run("Please open "), Run("the form", url=FORM), Run(" now."))))
    assert plain(message, 20) == ["Please open the", "form now.", FORM, ""]
    assert written(message, 20).count(f";{FORM}\x1b\\") >= 2


def test_an_address_alone_is_not_said_twice() -> None:
    assert plain(says(Paragraph((Run(FORM, url=FORM),))), 30) == [FORM, ""]
    assert plain(says(Paragraph((Run(FORM, url=FORM),))), 80) == [FORM, ""]
    assert plain(says(Paragraph((Run("See "), Run("", url="https://a.eu"), Run(".")))), 80) == ["See https://a.eu.", ""]


def test_a_draft_is_framed_above_and_below_only_and_its_lines_are_left_alone() -> None:
    text = "I object to the use of my data for the training of AI, for good reasons.\n\n[your name]"
    lines = plain(says(CodeBlock(text), kind="draft"), 30)
    assert lines == ["─" * 29, *text.split("\n"), "─" * 29, ""]


def test_a_file_is_named_with_its_path(tmp_path: Path) -> None:
    message = Message((), "letter", files=(RenderedFile("a.pdf", "application/pdf", b""),))
    assert plain(message, 20, (tmp_path / "a.pdf",)) == ["a.pdf", str(tmp_path / "a.pdf"), ""]
    assert (tmp_path / "a.pdf").as_uri() in written(message, 20, paths=(tmp_path / "a.pdf",))
    assert plain(message, 20, (None,)) == ["a.pdf", ""]


def test_colours_are_left_out_where_nobody_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    message = Message((words("Sorry?"),), "notice", (RenderedChoice("a", "A"),))
    assert "\x1b[33m" in written(message)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", written(message))
    assert "\x1b" not in written(message, dumb=True)


def test_what_was_typed_cannot_move_the_cursor_or_become_markup() -> None:
    page = Page(40)
    assert ESCAPES.sub("", page.render(page.typed("[bold]\x1b[2J:smile:\x07</b>\nb"))).split("\n") == [
        "› [bold][2J:smile:</b>", "  b", "", "",
    ]  # fmt: skip


BODIES: st.SearchStrategy[Body] = st.lists(
    st.builds(
        Paragraph, st.lists(st.builds(Run, st.text(max_size=60), st.booleans(), st.booleans()), max_size=3).map(tuple)
    ),
    max_size=3,
).map(tuple)


@given(BODIES, st.lists(st.text(max_size=40), max_size=3), st.integers(1, 90))
def test_nothing_is_wider_than_the_window(body: Body, labels: list[str], columns: int) -> None:
    message = Message(body, "question", tuple(RenderedChoice(str(place), label) for place, label in enumerate(labels)))
    page = Page(columns)
    for row in page.message(Shown(1, message)):
        assert row.raw or cell_len(row.text.plain) <= max(8, columns)


def test_the_height_of_a_row_counts_what_the_window_breaks() -> None:
    rows = Page(20).message(Shown(1, says(CodeBlock("x" * 41))))
    assert [row.height(20) for row in rows] == [1, 3, 1, 1]
