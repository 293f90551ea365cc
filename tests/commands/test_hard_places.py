"""The console bot on hosts that lack what others have: time zones, locales, a temporary folder, memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEMORY = 512 * 1024 * 1024
"""Address space, of which Python and its libraries reserve far more than the 128 MiB they use."""


def small() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


PLACES: dict[str, dict[str, str]] = {
    "time zone half an hour off": {"TZ": "Asia/Kathmandu"},
    "time zone nobody knows": {"TZ": "Nowhere/Atall"},
    "time zone nearly a day ahead": {"TZ": "XXX-23:59"},
    "no locale": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "no temporary folder": {"TMPDIR": "/nowhere/at/all", "TEMP": "/nowhere/at/all", "TMP": "/nowhere/at/all"},
    "nothing set": {},
}


@pytest.mark.parametrize("place", PLACES)
def test_s11_the_bot_talks_wherever_it_runs(place: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere", **PLACES[place]}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--plain", "--lang", "de", "--now", "2026-11-23T09:00",
         "--db", str(tmp_path / "talk.db")],
        input="Österreich\nich\n/hilfe\n".encode(), capture_output=True, cwd=ROOT, env=environment,
        preexec_fn=small, timeout=60, check=False,
    )  # fmt: skip
    told = done.stdout.decode("utf-8")
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    assert "sterreich" in told  # in the locale C as «Oesterreich»
    assert b"Traceback" not in done.stderr
    assert b"sorry" not in done.stdout.lower()


WITHOUT = """
import os, sys
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        flags = arguments[2] if isinstance(arguments[2], int) else 0
        name = os.fsdecode(arguments[0])
        if flags & (os.O_WRONLY | os.O_RDWR) and not name.startswith("/dev/"):
            raise PermissionError(30, "Read-only file system", name)
sys.addaudithook(watch)
sys.argv = ["optout-bot", "chat", "--plain", "--lang", "en"]
from bot.cli import main
sys.exit(main())
"""


def test_s11_a_talk_in_memory_writes_no_file_at_all() -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", WITHOUT], input=b"Germany\nme\n", capture_output=True, cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C"}, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    assert b"Germany" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["check"], ["draw", "situation"], ["facts", "status"], ["texts", "status"]])
def test_output_that_finds_no_room_is_one_sentence(command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command], stdout=full, stderr=subprocess.PIPE, cwd=ROOT, timeout=60,
            check=False, text=True,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        1, "optout-bot: the output cannot be written (No space left on device).\n",
    )  # fmt: skip


@pytest.mark.parametrize("command", ["check", "facts status", "texts status", "--version"])
def test_output_that_was_closed_before_is_missed_by_nobody(command: str) -> None:
    shell = f"exec {sys.executable} -m bot {command} >&-"
    done = subprocess.run(["sh", "-c", shell], stderr=subprocess.PIPE, cwd=ROOT, timeout=60, check=False, text=True)
    assert (done.returncode, done.stderr) == (0, "")
