from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console.files import Folder
from bot.channels.console.inbound import Advance, Line, Refusal, read_json, read_typed
from bot.channels.console.outbound import Shown, message_line, plain_block
from bot.channels.console.output import Gone, Output, nearest
from bot.engine.events import Pressed, Said
from bot.errors import SettingsError
from bot.texts.tree import Body, CodeBlock, Message, Paragraph, RenderedChoice, RenderedFile, Run

FORM = "https://www.facebook.com/help/contact/6359191084165019"


def links(*runs: Run, code: str = "") -> list[tuple[str, str]]:
    body: Body = (Paragraph(runs), CodeBlock(code)) if code else (Paragraph(runs),)
    data = json.loads(message_line(Shown(1, Message(body))))["message"]
    return [(one["label"], one["url"]) for one in data["links"]]


@given(st.binary())
def test_any_bytes_are_an_input_or_refused(data: bytes) -> None:
    assert isinstance(read_json(Line(data)), (tuple, Advance, Refusal))


def test_a_link_stands_in_the_words_and_among_the_links() -> None:
    line = json.loads(
        message_line(Shown(1, Message((Paragraph((Run("Open "), Run("the form", url=FORM), Run("."))),))))
    )
    assert line["message"]["text"] == f"Open the form: {FORM}."
    assert line["message"]["links"] == [{"label": "the form", "url": FORM}]


def test_an_address_that_only_stands_in_the_words_is_a_link_too() -> None:
    assert links(Run("Ask https://example.org/help, please.")) == [
        ("https://example.org/help", "https://example.org/help")
    ]
    assert links(Run("x"), code="see (https://example.org/a).") == [("https://example.org/a", "https://example.org/a")]


@pytest.mark.parametrize("after", [".", ",", ")", "", "!", "’"])
def test_a_link_is_listed_once_whatever_follows_it(after: str) -> None:
    assert links(Run("the form", url=FORM), Run(after)) == [("the form", FORM)]
    assert links(Run(FORM, url=FORM), Run(after)) == [(FORM, FORM)]
    assert links(Run("", url=FORM + "/(a)"), Run(after)) == [(FORM + "/(a)", FORM + "/(a)")]


def test_what_a_person_wrote_cannot_break_a_line_of_json() -> None:
    words = 'a"}\n{"error": "\u2028\x00\ud800\x1b'
    line = message_line(Shown(1, Message((Paragraph((Run(words),)),), choices=(RenderedChoice("a", words),))))
    line.encode("utf-8")
    assert "\n" not in line
    assert "\u2028" not in line
    assert json.loads(line)["message"]["choices"][0]["id"] == "a"


def test_a_draft_in_plain_has_no_empty_line() -> None:
    shown = Shown(1, Message((Paragraph((Run("Here:"),)), CodeBlock("Dear all,\n\n \n\nNo.\n\nBye")), kind="draft"))
    assert plain_block(shown) == "Here:\nDear all,\nNo.\nBye"


QUESTION = Message(
    (),
    kind="question",
    multiple=True,
    place="main/foods",
    turn=3,
    choices=(RenderedChoice("meat", "Meat"), RenderedChoice("fish", "Fish", True), RenderedChoice("done", "Done")),
)


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("1", Pressed("meat", "main/foods", 3)),
        ("٢", Pressed("fish", "main/foods", 3)),
        ("", Pressed("done", "main/foods", 3)),
        ("3", Pressed("done", "main/foods", 3)),
        ("1, 2", Said("2, 1")),
        ("1 3", Said("2, 1, 3")),
        ("4", Said("4")),
        ("0", Said("0")),
        ("meat", Said("meat")),
        ("1 and 2", Said("1 and 2")),
        ("1 " * 4000, Said("1 " * 4000)),
    ],
)
def test_under_a_multiple_choice_numbers_tick_and_an_empty_line_goes_on(text: str, event: object) -> None:
    assert read_typed(text, QUESTION) == (event,)


def test_an_empty_line_with_nothing_ticked_is_an_empty_answer() -> None:
    unticked = Message((), multiple=True, choices=(RenderedChoice("meat", "Meat"),))
    assert read_typed("", unticked) == (Said(""),)


def test_under_any_other_question_everything_is_said() -> None:
    assert read_typed("1", Message((), choices=(RenderedChoice("a", "A"),))) == (Said("1"),)
    assert read_typed("1", None) == (Said("1"),)


@given(st.text())
def test_the_nearest_text_is_always_ascii(text: str) -> None:
    assert nearest(text).isascii()


def test_what_cannot_be_written_is_near() -> None:
    raw = io.BytesIO()
    output = Output(io.TextIOWrapper(raw, "latin-1"))
    output.write("Größe – 🇦🇹 \u2068x\u2069 Ł日 e\u0301")
    assert raw.getvalue().decode("latin-1") == "Größe - AT x L? e"
    assert output.near("› 1–6 · /help") == "> 1-6 · /help"


def test_a_reader_that_left_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream, pytest.raises(Gone) as gone:
        Output(stream).write("x" * 100_000)
    assert gone.value.why == ""
    closed = (tmp_path / "x").open("w")
    closed.close()
    with pytest.raises(Gone):
        Output(closed).write("x")
    Output(closed).note("nobody reads this")


def test_a_full_disk_is_said() -> None:
    with Path("/dev/full").open("w") as stream, pytest.raises(Gone) as gone:
        Output(stream).write("x")
    assert gone.value.why == "The output cannot be written: No space left on device."


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("letter.pdf", "letter.pdf"), ("../../etc/passwd", "passwd"), ("a\\b\\c.txt", "c.txt"), ("..", "file"),
        ("", "file"),
        ("\u202egnp.exe", "_gnp.exe"), ("Einspruch für Ä.pdf", "Einspruch für Ä.pdf"), ("a\nb\x00.txt", "a_b_.txt"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"), (".bashrc", "bashrc"),
    ],
)  # fmt: skip
def test_a_file_stays_in_its_folder_whatever_its_name(tmp_path: Path, name: str, safe: str) -> None:
    path = Folder(tmp_path).put(name, b"x")
    assert path == tmp_path / safe
    assert path.stat().st_mode & 0o077 == 0


def test_no_file_is_ever_written_over(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "secret").write_text("mine")
    (tmp_path / "a.txt").symlink_to(tmp_path / "secret")
    assert [folder.put("a.txt", b"x").name, folder.put("a.txt", b"x").name] == ["a-2.txt", "a-3.txt"]
    assert [folder.put("noend", b"x").name, folder.put("noend", b"x").name] == ["noend", "noend-2"]
    assert (tmp_path / "secret").read_text() == "mine"


def test_a_folder_that_cannot_be_made_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be made"):
        Folder(tmp_path / "file" / "below")


def test_a_file_that_could_not_be_kept_has_no_path() -> None:
    shown = Shown(1, Message((), kind="letter", files=(RenderedFile("a.txt", "text/plain", b""),)), paths=(None,))
    assert plain_block(shown) == "a.txt: –"
    assert json.loads(message_line(shown))["message"]["files"][0]["path"] is None
