"""`check --watch`, `check --against`, `chat --watch`: an author sees at once what they changed and whom it touches."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from bot.app import make_turns
from bot.cli import main
from bot.commands import watch
from bot.commands.watch import again_and_again
from bot.engine.events import Started
from bot.service.turns import Inbound
from bot.store.keys import keyring_from_file
from bot.store.sqlite import SqliteStore
from tests.packs.kit import NOW, Company


class Screen(io.StringIO):
    """A terminal that only remembers."""

    def isatty(self) -> bool:
        return True


def extract(company: Company) -> None:
    (company.pack / "messages.pot").write_text("# The template tells who changed a text.\n", "utf-8")


def edit(company: Company) -> None:
    company.edit("main.yaml", "Goodbye!", "Farewell!")


@pytest.mark.parametrize("change", [edit, extract])
def test_it_checks_again_after_every_change(
    company: Company, monkeypatch: pytest.MonkeyPatch, change: Callable[[Company], None]
) -> None:
    monkeypatch.setattr(watch, "PAUSE", 0.01)
    texts = iter(["one error\n", "no problems\n"])
    seen: list[int] = []

    def check(stream: TextIO) -> int:
        stream.write(next(texts))
        seen.append(len(seen))
        if len(seen) == 1:
            threading.Timer(0.05, change, (company,)).start()
        return 1 - seen[-1]

    stream = io.StringIO()
    assert again_and_again(check, (company.pack,), stream, rounds=2) == 0
    first, second, _ = stream.getvalue().split("---\n")
    assert (first.splitlines()[0], second.splitlines()[0]) == ("one error", "no problems")


@pytest.mark.parametrize("typed", [["nowhere"], ["--content", "nowhere"]])
def test_a_path_that_is_not_there_is_not_waited_for(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--watch", *typed]) == 2
    assert "nowhere: there is nothing here." in capsys.readouterr().out


def test_a_pack_that_vanishes_later_may_come_back(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "PAUSE", 0.01)
    codes = iter([0, 2, 0])

    def check(stream: TextIO) -> int:
        code = next(codes)
        if code == 2:
            company.edit("main.yaml", "Farewell!", "Goodbye!")
        else:
            threading.Timer(0.05, company.edit, ("main.yaml", "Goodbye!", "Farewell!")).start()
        return code

    assert again_and_again(check, (company.pack,), io.StringIO(), rounds=3) == 0


def test_in_a_terminal_the_screen_is_cleared_and_only_as_much_is_shown_as_fits(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "80")
    screen = Screen()

    def check(stream: TextIO) -> int:
        stream.write("".join(f"problem {number}\n" for number in range(50)) + "50 errors in 3 files.\n")
        return 1

    assert again_and_again(check, (company.pack,), screen, rounds=1) == 1
    lines = screen.getvalue().splitlines()
    assert lines[0] == "\x1b[2J\x1b[Hproblem 0"
    assert "… and 45 more" in lines
    assert "50 errors in 3 files." in lines
    assert len(lines) <= 10


def test_ctrl_c_ends_it_with_the_last_exit_code(company: Company) -> None:
    def check(stream: TextIO) -> int:
        raise KeyboardInterrupt

    assert again_and_again(check, (company.pack,), io.StringIO()) == 0


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "bot", *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def test_check_watch_as_a_command(company: Company) -> None:
    with running("check", "--content", str(company.root), "--watch") as process:
        read_until(process, "---")
        company.edit("main.yaml", "next: who\n", "next: whoo\n")
        said = read_until(process, "---")
        assert "D041 there is no state «whoo»" in said
        company.edit("main.yaml", "next: whoo\n", "next: who\n")
        assert "D041" not in read_until(process, "---")


def test_chat_watch_goes_on_with_the_new_text_or_says_what_is_wrong(company: Company) -> None:
    with running("chat", "--content", str(company.root), "--plain", "--watch", "--lang", "en") as process:
        assert process.stdin is not None

        def says(words: str) -> None:
            assert process.stdin is not None
            process.stdin.write(f"{words}\n")
            process.stdin.flush()

        read_until(process, "United States")
        says("finland")
        read_until(process, "1. My own")
        company.edit("main.yaml", "say: What do you use?", "say: What of ours do you use?")
        says("mine")
        said = read_until(process, "That is all")
        assert "optout-bot: New content is in use" in said
        assert "What of ours do you use?" in said
        company.edit("main.yaml", "next: rules\n", "next: ruless\n")
        says("notes")
        said = read_until(process, "My notes are a diary")
        assert "The changed files are not used, the old content stays: " in said
        assert "D041 there is no state «ruless»" in said
        assert "Traceback" not in said


def against(company: Company, database: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = main(["check", "--content", str(company.root), "--against", str(database), *more])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_without_a_change_nobody_is_touched(
    company: Company, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = against(company, database, capsys)
    assert code == 0
    assert f"{database}: 3 conversations in 1 version of the content.\nNobody stands in a state that is gone.\n" in out


def test_who_stands_in_removed_states_is_told_per_state_and_no_key_is_needed(
    company: Company, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company.edit("main.yaml", "  who:\n", "  owner:\n")
    company.edit("main.yaml", "next: who\n", "next: owner\n")
    code, out, _ = against(company, database, capsys)
    assert code == 0
    assert "2 people are in states you removed (main/who: 2); they finish on the version they began." in out
    assert "       2  main/who\n" in out
    assert "To move them, add «renamed:»" in out
    company.edit("main.yaml", "    end: done\n", "    end: done\n\nrenamed:\n  who: owner\n")
    _, out, _ = against(company, database, capsys)
    assert "2 people are moved by «renamed» (main/who: 2)." in out
    assert "       2  main/who → main/owner\n" in out
    assert "To move them" not in out


def test_where_the_old_version_fits_no_more_they_begin_again(
    company: Company, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company.edit("facts/grounds.yaml", "diary_kinds", "kinds_of_diary")
    company.edit("main.yaml", "diary_kinds", "kinds_of_diary")
    company.edit("main.yaml", "  who:\n", "  owner:\n")
    company.edit("main.yaml", "next: who\n", "next: owner\n")
    _, out, _ = against(company, database, capsys)
    assert "2 people are in states you removed (main/who: 2); they begin again, with their answers kept." in out


def test_programs_get_their_list_alone_on_stdout(
    company: Company, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, err = against(company, database, capsys, "--format", "json")
    assert out.startswith("[")
    assert "3 conversations" not in out
    assert "3 conversations in 1 version" in err


def test_errors_come_first(company: Company, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    company.edit("main.yaml", "next: who\n", "next: whoo\n")
    code, out, _ = against(company, database, capsys)
    assert code == 1
    assert "who is affected can be said when the errors above are mended." in out
    (company.pack / "facts" / "claims.yaml").unlink()
    code, out, _ = against(company, database, capsys)
    assert (code, "when the errors above are mended" in out) == (1, True)


def test_a_file_that_is_no_database_of_ours_is_one_sentence(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, data, words in (
        ("missing.db", None, "There is no database"),
        ("text.db", b"hello, I am a long enough text that is no database at all" * 30, "is no SQLite database"),
        ("empty.db", b"", "is empty"),
    ):
        if data is not None:
            (tmp_path / name).write_bytes(data)
        code, _, err = against(company, tmp_path / name, capsys)
        assert (code, words in err) == (2, True), err


@pytest.mark.parametrize("path", ["", "dialogs", "dialogs/brightnote", "dialogs/brightnote/main.yaml"])
def test_a_database_is_compared_with_the_content_that_is_checked(
    company: Company, database: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", str(company.root / path), "--against", str(database)])
    assert (code, "Nobody stands in a state that is gone." in capsys.readouterr().out) == (0, True)


def test_with_several_packs_it_has_to_be_said_whose_the_database_is(
    company: Company, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(company.pack, company.pack.parent / "other")
    assert main(["check", str(company.root), "--against", str(database)]) == 2
    assert "there are several packs here (brightnote, other); say with --pack" in capsys.readouterr().err
    main(["check", str(company.root), "--against", str(database), "--pack", "brightnote"])
    assert "Nobody stands in a state that is gone." in capsys.readouterr().out


def test_a_database_that_is_only_looked_at_gets_no_file_beside_it(
    company: Company, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(database.parent.iterdir())
    database.chmod(0o400)
    assert against(company, database, capsys)[0] == 0
    assert sorted(database.parent.iterdir()) == before


async def test_it_looks_on_while_a_bot_runs(company: Company, tmp_path: Path) -> None:
    from bot.store.peek import peek

    store = await SqliteStore.open(tmp_path / "live.db", keyring_from_file(tmp_path / "key"))
    turns = await make_turns(company.load(), store, lambda: NOW)
    await turns.take("test", [Inbound("1", "test:ada", b"{}", Started("en"), NOW)])
    found = peek(tmp_path / "live.db")
    assert {state: count for (_, state), count in found.people.items()} == {"main/where": 1}
    assert set(found.packs) == {turns.library.current().version}
    await turns.take("test", [Inbound("2", "test:ben", b"{}", Started("en"), NOW)])
    await store.close()
