"""The command itself, as a process of its own, with the shipped conversation."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

CHAT = [sys.executable, "-m", "bot", "chat", "--now", "2026-11-23T09:00+01:00"]
ROOT = Path(__file__).resolve().parents[3]


def start(*options: str, **more: Any) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8", **more.pop("env", {})}
    return subprocess.Popen(
        [*CHAT, *options], stdin=subprocess.PIPE, stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE,
        env=environment, **more,
    )  # fmt: skip


def answer(out: IO[bytes] | None) -> list[dict[str, Any]]:
    """Read lines up to a state line."""
    assert out is not None
    found = []
    while True:
        line = out.readline()
        assert line, "the output ended before a state line"
        found.append(json.loads(line))
        if "state" in found[-1]:
            return found


def send(chat: subprocess.Popen[bytes], **given: str) -> list[dict[str, Any]]:
    assert chat.stdin is not None
    chat.stdin.write(json.dumps(given).encode() + b"\n")
    chat.stdin.flush()
    return answer(chat.stdout)


def test_a_conversation_goes_on_after_the_process_was_killed(tmp_path: Path) -> None:
    database = tmp_path / "chat.db"
    with start("--json", "--db", str(database)) as chat:
        answer(chat.stdout)
        send(chat, text="Germany")
        before = send(chat, press="own")
        chat.kill()
    with start("--json", "--db", str(database)) as chat:
        again = answer(chat.stdout)
        assert again[-1] == before[-1]
        assert again[-2]["message"]["choices"] == before[-2]["message"]["choices"]
        out, err = chat.communicate(b'{"press": "facebook"}\n', timeout=30)
    assert (chat.returncode, err) == (0, b"")
    assert json.loads(out.splitlines()[0])["message"]["replaces"] == again[-2]["message"]["id"]


@pytest.mark.parametrize("point", ["after_step", "after_commit", "after_send", "after_mark"])
def test_wherever_it_dies_the_next_start_stands_before_or_after_the_answer(tmp_path: Path, point: str) -> None:
    options = ("--json", "--db", str(tmp_path / "chat.db"))
    with start(*options, env={"OPTOUT_FAULT": f"{point}:2"}) as chat:
        chat.communicate(b'{"text": "Germany"}\n', timeout=30)
    assert chat.returncode == 137
    with start(*options) as chat:
        again = answer(chat.stdout)
        chat.communicate(timeout=30)
    assert again[-1]["slots"] == ({} if point == "after_step" else {"territory": "DE"})
    assert again[-2]["message"]["choices"]


def test_a_reader_that_leaves_early_is_no_error() -> None:
    with start("--plain") as chat:
        assert chat.stdin is not None
        assert chat.stdout is not None
        assert chat.stderr is not None
        chat.stdout.readline()
        chat.stdout.close()
        chat.stdin.write(b"Germany\n" * 50)
        chat.stdin.close()
        assert chat.wait(30) == 0
        assert chat.stderr.read() == b""


def test_an_output_that_cannot_be_written_is_said_once() -> None:
    with Path("/dev/full").open("wb") as full, start("--json", stdout=full) as chat:
        _, err = chat.communicate(b"", timeout=30)
    assert (chat.returncode, err) == (1, b"optout-bot: The output cannot be written: No space left on device.\n")


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"TERM": "dumb", "NO_COLOR": "1"},
    ],
)
def test_any_environment_will_do(environment: dict[str, str]) -> None:
    with start("--plain", env=environment) as chat:
        out, err = chat.communicate(b"Germany\n", timeout=30)
    assert (chat.returncode, err) == (0, b"")
    assert out.count(b"\n1. ") == 2
    if "PYTHONIOENCODING" in environment or "PYTHONUTF8" in environment:
        assert out.isascii()


def test_json_is_utf_8_wherever_it_runs() -> None:
    with start("--json", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}) as chat:
        out, _ = chat.communicate(b"", timeout=30)
    assert "🇬🇧" in out.decode("utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    with start("--json", env={"TMPDIR": str(tmp_path)}) as chat:
        answer(chat.stdout)
        chat.send_signal(number)
        out, err = chat.communicate(timeout=30)
    assert (chat.returncode, out, err) == (0, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_an_input_from_a_file_is_read_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "Germany"}\n{"press": "own"}')
    with (tmp_path / "in.jsonl").open("rb") as given:
        done = subprocess.run([*CHAT, "--json"], stdin=given, capture_output=True, check=True, timeout=30, cwd=ROOT)
    assert sum("state" in json.loads(line) for line in done.stdout.splitlines()) == 3


@pytest.mark.parametrize("moment", ["tomorrow", "2026-13-45T09:00", "", "9999-12-31T23:59", "0001-01-01T00:00+14:00"])
def test_a_start_of_the_clock_that_cannot_be_is_refused_in_one_sentence(moment: str) -> None:
    with start("--plain", f"--now={moment}") as chat:
        out, err = chat.communicate(b"", timeout=30)
    assert (chat.returncode, out) == (78, b"")
    assert err.decode() == f"optout-bot: --now is «{moment}»; write for example 2026-11-23T09:00+01:00.\n"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_broken_catalogue_is_named_in_one_sentence(tmp_path: Path, language: str) -> None:
    shutil.copytree(ROOT / "dialogs", tmp_path / "dialogs")
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    with (tmp_path / "locales" / "de" / "LC_MESSAGES" / "messages.po").open("a") as catalogue:
        catalogue.write('msgid "not closed\n')
    with start("--plain", "--lang", language, "--content", str(tmp_path)) as chat:
        out, err = chat.communicate(b"", timeout=30)
    assert (chat.returncode, out) == (78, b"")
    assert "messages.po:" in err.decode()
    assert err.count(b"\n") == 1


def test_a_point_to_die_at_that_there_is_none_of_is_named() -> None:
    with start("--plain", env={"OPTOUT_FAULT": "after_lunch"}) as chat:
        out, err = chat.communicate(b"", timeout=30)
    assert (chat.returncode, out) == (78, b"")
    assert err.startswith("optout-bot: OPTOUT_FAULT is «after_lunch»".encode())
