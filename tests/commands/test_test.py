"""`test` and `record` on a pack of one's own: which content is meant, and what is said where there is nothing."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.cli import main
from tests.packs.kit import Company

FIRST = "examples/a_diary_in_finland.yaml"


def typed(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))


@pytest.mark.parametrize("named", [FIRST, "examples", ".", "../..", ".."])
def test_an_example_is_played_against_the_pack_it_lies_in(
    company: Company, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["test", str(company.pack / named)]) == 0, capsys.readouterr().out
    assert "as expected" in capsys.readouterr().out


def test_what_was_recorded_into_a_pack_is_played_by_the_command_that_is_said(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = company.pack / "examples" / "new.yaml"
    typed(monkeypatch, "\nfinland\n \n")
    assert main(["record", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Whose notes are they?" in said
    # An empty line is no message: nobody can send one.
    assert file.read_text("utf-8").count("they say:") == 1
    _, _, command = said.strip().splitlines()[-1].partition("optout-bot ")
    assert main(command.split()) == 0


@pytest.mark.skipif(find_spec("readline") is None, reason="Python has no readline here")
def test_in_a_terminal_a_line_can_be_mended_before_it_is_sent(company: Company) -> None:
    file = company.pack / "examples" / "new.yaml"
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "record", str(file)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(theirs)
        until(mine, "Where do you live?", "› ")
        os.write(mine, b"inland\x01f\r")  # to the beginning of the line, and one letter more
        until(mine, "Whose notes are they?", "› ")
        os.write(mine, b"\x04")
        until(mine, "written")
    os.close(mine)
    assert process.returncode == 0
    assert "they say: finland\n" in file.read_text("utf-8")


def test_without_any_input_the_beginning_is_recorded(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    file = company.pack / "examples" / "new.yaml"
    assert main(["record", str(file)]) == 0
    assert main(["test", str(file)]) == 0


def until(terminal: int, *words: str) -> None:
    """Read what is shown until these words have come, one after the other."""
    wanted = re.compile(".*".join(map(re.escape, words)).encode(), re.DOTALL)
    seen = b""
    while not wanted.search(seen):
        seen += os.read(terminal, 4096)


@pytest.mark.parametrize(
    "words",
    [
        ["test", "nowhere.yaml"],
        ["record", "talk.txt"],
        ["record", "{there}"],
        ["record", "{there}/inside/x.yaml"],
        ["record", "--lang", "xx", "new.yaml"],
    ],
)
def test_what_was_named_wrong_is_one_sentence_and_2(
    company: Company, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(company.root)
    typed(monkeypatch, "")
    words = [word.format(there=company.pack / FIRST) for word in words]
    assert main([*words, "--content", str(company.root)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("optout-bot: ")
    assert len(said.err.splitlines()) == 1
    assert said.out == ""
    assert not Path("new.yaml").exists()


def test_the_examples_of_one_pack_are_not_played_with_another_that_lies_elsewhere(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["test", str(company.root), "--pack", "meta_ai", "--accept"]) == 2
    assert "there is no pack «meta_ai»; there is brightnote." in capsys.readouterr().err


def test_check_finds_two_examples_of_one_name_as_test_does(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    first = company.pack / FIRST
    first.with_name("z.yaml").write_bytes(first.read_bytes())
    for command in ("check", "test"):
        assert main([command, "--content", str(company.root)]) == 1
        assert "z.yaml:1:10: E015 two examples are called «A diary in Finland»." in capsys.readouterr().out


@pytest.mark.parametrize("gone", [False, True])
def test_a_pack_without_examples_is_checked_and_drawn_and_told_how_to_make_one(
    company: Company, gone: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    home = company.pack / "examples"
    for path in home.iterdir():
        path.unlink()
    if gone:
        home.rmdir()
    company.edit("main.yaml", "next: who\n", "next: whoo\n")
    assert main(["check", "--content", str(company.root)]) == 1
    assert "D041" in capsys.readouterr().out
    company.edit("main.yaml", "next: whoo\n", "next: who\n")
    assert main(["test", "--content", str(company.root)]) == 2
    assert "«optout-bot record FILE» makes one" in capsys.readouterr().err
