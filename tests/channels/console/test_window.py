from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests.channels.console.kit import Window, bare, parts, window

CTRL_C, CTRL_D, UP, ENTER = "\x03", "\x04", "\x1b[A", "\r"


@pytest.fixture(autouse=True)
def _a_good_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("NO_COLOR", "COLUMNS", "LINES", "COLORTERM", "FORCE_COLOR", "PROMPT_TOOLKIT_COLOR_DEPTH"):
        monkeypatch.delenv(name, raising=False)


async def test_a_question_is_asked_and_answered_and_ctrl_d_ends_it() -> None:
    async with parts() as made, window(made) as seen:
        assert "Hello!\n\nWhich animal do you have?\n1. A dog\n" in seen.text
        await seen.until("/help")
        said = await seen.type("dog" + ENTER, "United States")
        assert "dog" in said
        await seen.until("/help", seen.raw.index("United States"))
        assert await seen.leave(CTRL_D) == 0
        assert seen.raw.endswith("\n")


async def to_the_foods(seen: Window) -> None:
    await seen.until("/help")
    await seen.type("dog" + ENTER, "1–2")
    await seen.type("Germany" + ENTER, "1–5")


async def test_a_number_ticks_and_the_question_is_drawn_in_its_own_place() -> None:
    async with parts() as made, window(made) as seen:
        await to_the_foods(seen)
        ticked = await seen.type("2" + ENTER, "1–5")
        assert "[x] Fish" in bare(ticked)
        # Question, five choices and the empty line after them are taken off the screen first.
        assert "\x1b[7A\r\x1b[J" in ticked
        ticked = await seen.type("2" + ENTER, "1–5")
        assert "[ ] Fish" in bare(ticked)
        assert "[x]" not in bare(ticked)
        await seen.type("3" + ENTER, "1–5")
        await seen.type(ENTER, "How many")


async def test_a_question_that_left_the_window_is_written_again_below() -> None:
    async with parts() as made, window(made, rows=6) as seen:
        await to_the_foods(seen)
        ticked = await seen.type("1" + ENTER, "1–5")
        assert "[x] Meat" in bare(ticked)
        assert "7A" not in ticked


async def test_a_window_of_twenty_columns_has_no_line_too_long() -> None:
    async with parts() as made, window(made, columns=20) as seen:
        await to_the_foods(seen)
        assert max(len(line) for line in seen.text.split("\n") if "›" not in line) <= 20
        assert "› 1–5 · /help\x1b" in re.sub(r"\x1b\[[0-9;]*m", "", seen.raw)
        assert "Which animal do you\nhave?" in seen.text


async def test_ctrl_c_ends_it_without_a_complaint() -> None:
    async with parts() as made, window(made) as seen:
        await seen.until("/help")
        assert await seen.leave(CTRL_C) == 0
        assert "Traceback" not in seen.raw


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_a_signal_ends_it_as_if_the_person_had_gone(number: signal.Signals) -> None:
    async with parts() as made, window(made) as seen:
        await seen.until("/help")
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
        assert await seen.finish() == 0


@pytest.mark.parametrize("terminal", ["xterm-256color", "dumb"])
async def test_a_window_that_is_closed_ends_it(monkeypatch: pytest.MonkeyPatch, terminal: str) -> None:
    monkeypatch.setenv("TERM", terminal)
    async with parts() as made, window(made) as seen:
        await seen.until("\n> " if terminal == "dumb" else "/help")
        seen.hang_up()
        assert await seen.finish() == 0


async def test_earlier_lines_come_back_until_the_person_is_forgotten(tmp_path: Path) -> None:
    async with parts() as made, window(made) as seen:
        await seen.until("/help")
        await seen.type("my cat" + ENTER, "Where does it live")
        await seen.until("1–2")
        assert "my cat" in await seen.type(UP, "cat")
        await seen.type("\x15/forget" + ENTER, "Everything is gone.")
        await seen.type("hello" + ENTER, "Which animal do you have?")
        await seen.until("1–3", seen.raw.rindex("Which animal"))
        after = await seen.type(UP + UP + UP + "zzz" + ENTER, "Which animal?")
        assert "cat" not in after.split("Which animal?")[0].split("A cat")[0]
        await seen.leave(CTRL_D)
    assert list(tmp_path.iterdir()) == []


async def test_a_pasted_text_of_several_lines_is_one_answer() -> None:
    async with parts() as made, window(made) as seen:
        await seen.until("/help")
        await seen.type("\x1b[200~a\ndog\x1b[201~" + ENTER, "Where does it live")


async def test_a_terminal_that_can_only_print_gets_no_escape_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    async with parts() as made, window(made) as seen:
        await seen.until("> ")
        await seen.type("dog\nGermany\n1\nFish\n", "[x] Meat")
        assert await seen.leave(CTRL_D) == 0
        assert "\x1b" not in seen.raw


async def test_without_colours_the_input_line_has_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with parts() as made, window(made) as seen:
        await to_the_foods(seen)
        assert "\x1b[0;32" not in seen.raw
        assert "90m" not in seen.raw
        assert "36m" not in seen.raw


async def test_a_letter_is_kept_in_a_folder_that_goes_with_the_window() -> None:
    async with parts() as made, window(made) as seen:
        await to_the_foods(seen)
        await seen.type("1, 3" + ENTER, "How many")
        await seen.type("5" + ENTER, "When was it born?")
        path = Path(next(line for line in seen.text.split("\n") if line.startswith("/") and line.endswith("card.txt")))
        assert path.read_bytes() == b"card"
        await seen.leave(CTRL_D)
    assert not path.parent.exists()
