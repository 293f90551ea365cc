"""A conversation that was played becomes an example file that plays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from bot.engine.events import Command, Joined, Left, Pressed, Reacted, Said, Started, TimerFired, Unreadable
from bot.errors import UsageError
from bot.service.examples.commands import command_record
from bot.service.examples.play import play
from bot.service.examples.reading import load, read_example
from bot.service.examples.record import Heard, record, write
from bot.service.examples.yaml_text import first_sentence, quoted
from bot.texts.tree import Message, Paragraph, Run
from tests.service.examples.pets import library

LINES = [
    "hmm\n", ":tap 1\n", "Berlin\n", ":tap A ball\n", ":tap done\n", "Rex: the #1\n", "12\n", ":tap yes\n",
    ":wait 31 days\n", ":send photo\n", ":tap well\n", ":end\n", "never read\n",
]  # fmt: skip


def test_what_was_played_line_by_line_plays_again(tmp_path: Path) -> None:
    out = StringIO()
    path = tmp_path / "new" / "rex_the_dog.yaml"
    assert command_record(path, library, LINES, out) == 0
    example, problems = load(path)
    assert problems == []
    assert example is not None
    assert example.title == "Rex the dog"
    played = play(library(), example)
    assert played.ok, played.differences
    assert [step.text for step in example.steps if step.by_person] == [
        "hmm", "dog", "Berlin", "ball", "done", "Rex: the #1", "12", "yes", "31 days", "photo", "well",
    ]  # fmt: skip
    assert "Bot  │ Welches" not in out.getvalue()
    assert "never read" not in path.read_text()
    assert f"optout-bot test {path}" in out.getvalue()


def test_language_time_and_title_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    now = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    command_record(path, library, ["Einen Hund"], StringIO(), title="Ein Hund", language="de", now=now)
    example, _ = load(path)
    assert example is not None
    assert (example.title, example.now) == ("Ein Hund", now)
    assert play(library(), example).ok


def test_an_order_that_cannot_be_carried_out_is_explained_and_not_recorded(tmp_path: Path) -> None:
    out = StringIO()
    path = tmp_path / "a.yaml"
    command_record(path, library, [":tap horse", ":tap 9", ":wait long", ":send", ":jump"], out)
    text = out.getvalue()
    assert "I cannot do «:tap horse» here. Offered: dog, cat, none." in text
    assert "I cannot do «:wait long» here.\n" in text
    assert text.count("I cannot do") == 5
    assert "they" not in path.read_text()


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("mine")
    with pytest.raises(UsageError, match="already"):
        command_record(path, library, [], StringIO())
    with pytest.raises(UsageError, match=r"a\.yaml"):
        write(tmp_path / "a.txt", "")
    with pytest.raises(UsageError, match="nothing can be written in"):
        write(path / "b.yaml", "")
    with pytest.raises(UsageError, match="no such file"):
        command_record(tmp_path / f"{'b' * 300}.yaml", library, [], StringIO())
    assert path.read_text() == "mine"


def test_what_cannot_be_written_any_more_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"

    def lines() -> Iterator[str]:
        yield ":tap 1"
        path.write_text("somebody else's")

    out = StringIO()
    with pytest.raises(UsageError, match="already"):
        command_record(path, library, lines(), out)
    assert path.read_text() == "somebody else's"
    example, problems = read_example("a.yaml", f"example: {out.getvalue().partition('example: ')[2]}")
    assert problems == []
    assert example is not None


def test_time_that_goes_by_and_missing_buttons_are_said(tmp_path: Path) -> None:
    out = StringIO()
    lines = [":wait 2 days\n", ":tap 1\n", "Berlin\n", ":tap ball\n", ":tap done\n", ":tap 1\n"]
    command_record(tmp_path / "a.yaml", library, lines, out)
    assert "\n\n     · 2 days later ·\n" in out.getvalue()
    assert "I cannot do «:tap 1» here. Nothing is offered; answer in words.\n" in out.getvalue()


def test_every_event_has_its_line_and_networks_leave_none() -> None:
    message = Message((Paragraph((Run("Hi."),)),))
    heard = [
        Heard(Started("en", (("town", "B"),)), (message,)),
        Heard(Joined()),
        Heard(Command("help", "me")),
        Heard(Command("help")),
        Heard(Said("- a: b")),
        Heard(Pressed("no")),
        Heard(Reacted(2)),
        Heard(Unreadable("photo")),
        Heard(None, (message,), "2 days"),
        Heard(TimerFired("again", "again")),
        Heard(Left()),
    ]
    text = record("It's: one", heard, session=None)
    assert text == (
        "example: 'It''s: one'\nlanguage: en\nhints:\n  town: B\ntalk:\n  - bot: Hi.\n  - they say: /help me\n"
        "  - they say: /help\n  - they say: '- a: b'\n  - they tap: no\n  - they react: 2\n  - they send: photo\n"
        "  - wait: 2 days\n  - bot: Hi.\n"
    )
    assert read_example("a.yaml", text)[1] == []
    assert record("Nothing", [], session=None) == "example: Nothing\nlanguage: en\ntalk:\n"


def test_a_conversation_without_answers_expects_no_slots(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    command_record(path, library, [], StringIO())
    assert path.read_text().endswith("expect:\n  state: main/which\n")


@pytest.mark.parametrize(
    "text", ["plain", "a: b", "a #b", "*", "it's", "", "'x'", "- x", "{x}", "[x]", "yes", "&a", "!x"]
)
def test_a_quoted_text_is_read_back_as_it_is(text: str) -> None:
    example, problems = read_example("a.yaml", f"example: A\ntalk:\n  - they say: {quoted(text)}\n")
    assert example is not None, problems
    assert example.steps[0].text == text


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Short. And sweet.", "Short. And sweet."),
        ("First one. " + "word " * 40, "First one.*"),
        ("word " * 40, ("word " * 20).strip() + "*"),
        ("x" * 200, "x" * 100 + "*"),
        (
            "Seit dem 27. Mai " + "wort " * 10 + "ist es so. " + "x" * 40,
            "Seit dem 27. Mai " + "wort " * 10 + "ist es so.*",
        ),
        ("w" * 120 + ". " + "x" * 20, "w" * 100 + "*"),
    ],
)
def test_a_long_message_is_recorded_by_its_first_sentence(text: str, short: str) -> None:
    assert first_sentence(text) == short
