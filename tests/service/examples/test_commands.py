"""`optout-bot test` and its options."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from bot.content.draw.dot import to_dot
from bot.content.draw.picture import picture
from bot.errors import ContentError
from bot.service.examples.accept import rewrite
from bot.service.examples.commands import command_test
from bot.service.examples.play import play
from bot.service.examples.suite import run as run_files
from bot.service.examples.transcript import transcript
from tests.service.examples.pets import MAIN, example, library

RIGHT = "example: Right\ntalk:\n  - bot: Hello!\n  - bot: ...\n  - they say: puppy\n  - bot: Where*\n"
WRONG = "example: Wrong\ntalk:\n  - bot: Hi!\n  - bot: ...\n"


def run(tmp_path: Path, files: dict[str, str], *, main: str = MAIN, **options: bool) -> tuple[int, str]:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    out = StringIO()
    return command_test([tmp_path], lambda: library(main=main), out, home=tmp_path, **options), out.getvalue()


def test_everything_as_expected_gives_0_and_one_line(tmp_path: Path) -> None:
    assert run(tmp_path, {"a.yaml": RIGHT}) == (
        0,
        "1 example: 1 as expected. 1 answer, 100 % of them by their words.\n",
    )


def test_a_difference_gives_1_and_the_next_example_is_still_played(tmp_path: Path) -> None:
    code, out = run(tmp_path, {"a.yaml": WRONG, "b.yaml": RIGHT})
    assert code == 1
    assert out.startswith("a.yaml:3:10: E020 the bot said something else.\n")
    assert "2 examples: 1 as expected, 1 different." in out


def test_three_dots_that_an_editor_made_one_sign_of_are_three_dots(tmp_path: Path) -> None:
    dots = RIGHT.replace("talk:\n", "talk:\n  - bot: …\n", 1)
    assert run(tmp_path, {"a.yaml": dots})[0] == 0


def test_files_that_cannot_be_read_and_titles_that_repeat_are_named(tmp_path: Path) -> None:
    code, out = run(
        tmp_path,
        {"a.yaml": RIGHT, "b.yaml": RIGHT, "c.yaml": "example: C\n", "d.yaml": RIGHT.replace("Right", "D") + "# x\n"},
    )
    assert code == 1
    assert "b.yaml:1:10: E015 two examples are called «Right». a.yaml has it already" in out
    assert "c.yaml:1:1: E004" in out
    assert "4 examples: 2 as expected, 2 unreadable." in out


def test_a_warning_says_that_it_is_one(tmp_path: Path) -> None:
    code, out = run(tmp_path, {"a.yaml": RIGHT.replace("Right", "Right now #1")})
    assert code == 0
    assert "a.yaml:1:10: Y022 warning: " in out


def test_names_that_do_not_exist_keep_an_example_from_being_played(tmp_path: Path) -> None:
    code, out = run(tmp_path, {"a.yaml": RIGHT + "expect:\n  state: main/twon\n"})
    assert code == 1
    assert "a.yaml:8:10: E012 there is no state «main/twon». Did you mean «main/town»?" in out


def test_a_folder_without_examples_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no examples"):
        run(tmp_path, {})


def test_accept_rewrites_shows_and_then_all_is_as_expected(tmp_path: Path) -> None:
    code, out = run(tmp_path, {"a.yaml": WRONG, "b.yaml": RIGHT}, accept=True)
    assert code == 0
    assert "-  - bot: Hi!\n+  - bot: Hello!\n" in out
    assert "1 rewritten." in out
    assert (tmp_path / "a.yaml").read_text() == WRONG.replace("Hi!", "Hello!")
    assert (tmp_path / "b.yaml").read_text() == RIGHT
    code, out = run(tmp_path, {}, accept=True)
    assert (code, out.startswith("0 rewritten.")) == (0, True)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_accept_keeps_the_line_ends_of_the_file(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(start + WRONG.replace("\n", "\r\n").encode())
    code, out = run(tmp_path, {}, accept=True)
    assert code == 0
    assert out.count("\n-  - ") == 1
    assert path.read_bytes() == start + WRONG.replace("Hi!", "Hello!").replace("\n", "\r\n").encode()


def test_a_file_that_cannot_be_rewritten_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be written"):
        rewrite(tmp_path, "x")


def test_accept_never_hides_what_it_cannot_mend(tmp_path: Path) -> None:
    code, out = run(tmp_path, {"a.yaml": RIGHT + "expect:\n  state: main/which\n"}, accept=True)
    assert code == 1
    assert "E025" in out


def test_all_languages_says_how_many_go_the_same_way(tmp_path: Path) -> None:
    code, out = run(tmp_path, {"a.yaml": RIGHT}, all_languages=True)
    assert code == 0
    assert out.endswith("de: 1 of 1 go the same way.\n")
    odd = MAIN.replace("        id: cat\n", "        id: cat\n        when: language is not de\n")
    code, out = run(tmp_path, {"a.yaml": RIGHT.replace("puppy", "A cat")}, main=odd, all_languages=True)
    assert code == 1
    assert "E030 in «de», the state is another one here." in out
    assert out.endswith("de: 0 of 1 go the same way.\n")


def test_coverage_follows_the_result(tmp_path: Path) -> None:
    code, out = run(tmp_path, {"a.yaml": RIGHT}, coverage=True)
    assert code == 0
    assert "What 1 example of «pets» reaches:" in out


def test_the_ways_taken_can_be_drawn(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RIGHT)
    lib = library()
    passages = run_files([tmp_path], lib).passages(lib)
    assert passages["main/hello", "main/which"] == 1
    assert "penwidth=6.0" in to_dot(picture(lib.current(), "main", counts=passages))


def test_transcripts_are_printed_on_request(tmp_path: Path) -> None:
    _, out = run(tmp_path, {"a.yaml": RIGHT}, transcript=True)
    assert out.startswith("Right\n─────\n\nBot  │ Hello!\n\nBot  │ Which animal do you have?\n     │ [A dog]  [A cat]")


def test_file_names_are_given_whole_where_they_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WRONG)
    out = StringIO()
    command_test([tmp_path / "a.yaml"], library, out)
    assert out.getvalue().startswith(f"{tmp_path / 'a.yaml'}:3:10:")


def test_a_transcript_can_be_read_aloud() -> None:
    talk = """\
  - they say: puppy
  - they tap: B
  - they tap: ball
  - they send: photo
  - they tap: done
  - they say: Rex
  - they say: 2
  - they react: 1
  - wait: 31 days
"""
    text = transcript(play(library(), example(talk)))
    for part in (
        "You  │ puppy",
        "You  │ [Berlin]",
        "     │ [✓ A ball]  [A bone]",
        "You  │ (sends: photo)",
        "Bot  │ (file: pet.txt)",
        "You  │ (reacts with 1)",
        "     · 31 days later ·\n\nBot  │ Is Rex well?",
    ):
        assert part in text
    long = library(help=f"dialog: help\nstart: say\nstates:\n  say:\n    say: {'word ' * 40}\n    end: done\n")
    lines = transcript(play(long, example("  - they say: /help\n"))).split("\n")
    assert max(map(len, lines)) <= 100
