"""A bot that runs takes over changed content, by a signal or by itself, and no file stops it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.kit.person import Person
from tests.kit.telegram_double import TelegramDouble
from tests.kit.telegram_double.server import TOKEN
from tests.packs.kit import Company


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path, german=False)


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def nothing() -> None:
    return None


def begin(company: Company, double: TelegramDouble, *more: str) -> subprocess.Popen[str]:
    folder = company.root.parent
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
    environment = {
        **clean, "OPTOUT_DATA_DIR": str(folder), "OPTOUT_TELEGRAM__TOKEN": TOKEN,
        "OPTOUT_TELEGRAM__API_URL": double.url, "OPTOUT_HTTP__LISTEN": "127.0.0.1:0",
        "OPTOUT_CONTENT": str(company.root),
    }  # fmt: skip
    with (folder / "log.txt").open("w") as out:
        command = [sys.executable, "-m", "bot", "run", *more]
        return subprocess.Popen(command, env=environment, stdout=out, stderr=out, text=True)


@asynccontextmanager
async def running(company: Company, double: TelegramDouble, *more: str) -> AsyncIterator[subprocess.Popen[str]]:
    folder = company.root.parent
    log = folder / "log.txt"
    process = begin(company, double, *more)
    try:
        await until(lambda: (folder / "ready.json").exists() or process.poll() is not None)
        yield process
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 30)
        assert process.returncode == 0, log.read_text()
        assert "Traceback" not in log.read_text()
    finally:
        process.kill()
        process.wait()


def said(company: Company) -> str:
    return (company.root.parent / "log.txt").read_text()


async def test_a_signal_has_a_running_bot_take_over_new_content_and_a_wrong_file_is_only_told(company: Company) -> None:
    async with TelegramDouble() as double, running(company, double) as process:
        ada = Person(double, 7_000_000_001, nothing)
        ada.writes("/start")
        await until(lambda: len(ada.sees()) == 2)
        company.edit("main.yaml", "next: who\n", "next: whoo\n")
        process.send_signal(signal.SIGHUP)
        await until(lambda: "The changed files are not used, the old content stays" in said(company))
        assert "D041 there is no state «whoo»" in said(company)
        company.edit("main.yaml", "next: whoo\n", "next: who\n")
        company.edit("main.yaml", "Hello! I help you", "Good day! I help you")
        process.send_signal(signal.SIGHUP)
        await until(lambda: "New content is in use" in said(company))
        ben = Person(double, 7_000_000_002, nothing)
        ben.writes("/start")
        await until(lambda: len(ben.sees()) == 2)
        assert ben.sees()[0].startswith("Good day!")
        ada.writes("finland")
        await until(lambda: len(ada.sees()) == 3)
        assert ada.sees()[2].startswith("Whose notes are they?")


async def test_with_watch_it_sees_the_change_by_itself(company: Company) -> None:
    async with TelegramDouble() as double, running(company, double, "--watch"):
        company.edit("main.yaml", "Hello! I help you", "Good day! I help you")
        await until(lambda: "New content is in use" in said(company))


async def test_after_a_restart_with_new_content_it_says_who_is_affected_and_they_go_on(company: Company) -> None:
    async with TelegramDouble() as double:
        ada = Person(double, 7_000_000_001, nothing)
        async with running(company, double):
            ada.writes("/start")
            await until(lambda: len(ada.sees()) == 2)
            ada.writes("finland")
            await until(lambda: len(ada.sees()) == 3)
        company.edit("main.yaml", "  who:\n", "  owner:\n")
        company.edit("main.yaml", "next: who\n", "next: owner\n")
        company.edit("main.yaml", "say: What do you use?", "say: What of ours do you use?")
        async with running(company, double):
            words = "1 person is in states you removed (main/who: 1); they finish on the version they began."
            assert words in said(company)
            ada.writes("mine")
            await until(lambda: len(ada.sees()) == 4)
            assert ada.sees()[3].startswith("What do you use?")


async def test_a_signal_that_comes_while_the_bot_starts_or_stops_does_not_end_it(company: Company) -> None:
    folder = company.root.parent
    async with TelegramDouble() as double:
        process = begin(company, double)
        try:
            # As soon as the handler is there; before that not even the interpreter is up.
            await until(lambda: _catches(process.pid, signal.SIGHUP))
            company.edit("main.yaml", "Hello! I help you", "Good day! I help you")
            process.send_signal(signal.SIGHUP)
            await until(lambda: (folder / "ready.json").exists() or process.poll() is not None)
            await until(lambda: "New content is in use" in said(company))
            process.send_signal(signal.SIGTERM)
            while process.poll() is None:
                process.send_signal(signal.SIGHUP)
                await asyncio.sleep(0.005)
            assert process.returncode == 0, said(company)
        finally:
            process.kill()
            process.wait()


def _catches(pid: int, number: int) -> bool:
    """Say whether a process handles a signal by itself."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)
