"""The command itself, as a process: how it starts, what stops it, what it never says."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.kit.person import Person
from tests.kit.telegram_double import Fault, TelegramDouble
from tests.kit.telegram_double.server import TOKEN

OPERATOR = {
    "OPTOUT_OPERATOR__NAME": "Consumer Advice", "OPTOUT_OPERATOR__CONTACT": "help@example.org",
    "OPTOUT_OPERATOR__PRIVACY_URL": "https://example.org/privacy",
}  # fmt: skip
SECRET_PART = TOKEN.partition(":")[2]


def start(folder: Path, url: str, **more: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
    environment = {
        **clean, "OPTOUT_DATA_DIR": str(folder), "OPTOUT_TELEGRAM__TOKEN": TOKEN, "OPTOUT_TELEGRAM__API_URL": url,
        "OPTOUT_HTTP__LISTEN": "127.0.0.1:0", "OPTOUT_LOG__LEVEL": "debug", **OPERATOR, **more,
    }  # fmt: skip
    environment = {name: value for name, value in environment.items() if value}
    command = [sys.executable, "-m", "bot", "run"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


async def ended(process: subprocess.Popen[str], seconds: float = 30) -> str:
    said, _ = await asyncio.to_thread(process.communicate, None, seconds)
    assert SECRET_PART not in said
    return said


async def ready(folder: Path, process: subprocess.Popen[str]) -> dict[str, object]:
    end = time.monotonic() + 30
    while not (folder / "ready.json").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        await asyncio.sleep(0.02)
    found: dict[str, object] = json.loads((folder / "ready.json").read_text("utf-8"))
    return found


async def until(condition: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    assert callable(condition)
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def says(process: subprocess.Popen[str], words: str) -> str:
    """Read what the process writes, line by line, until it says these words; gives what was read."""
    assert process.stdout is not None
    heard = ""
    while words not in heard:
        line = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), 30)
        assert line, f"it ended without «{words}»: {heard}"
        heard += line
    return heard


async def nothing() -> None:
    return None


async def test_the_bot_comes_up_talks_and_ends_politely_and_its_log_has_no_secret(tmp_path: Path) -> None:
    async with TelegramDouble() as double:
        process = start(tmp_path, double.url)
        found = await ready(tmp_path, process)
        assert found["pid"] == process.pid
        assert found["channels"] == ["telegram"]
        ada = Person(double, 7_000_000_001, nothing)
        ada.writes("/start canary-of-ada")
        await until(lambda: len(ada.sees()) == 2)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said = await ended(process)
        assert time.monotonic() - began < 10
        assert process.returncode == 0
        assert "canary" not in said
        assert "OPERATOR" not in said
        assert not (tmp_path / "ready.json").exists()
        double.check()


async def test_s14_a_message_under_way_is_finished_before_the_end(tmp_path: Path) -> None:
    async with TelegramDouble() as double:
        process = start(tmp_path, double.url)
        await ready(tmp_path, process)
        double.delay = 0.5
        ada = Person(double, 7_000_000_001, nothing)
        ada.writes("/start")
        await until(lambda: any(method == "sendMessage" for method, _ in double.requests))
        process.send_signal(signal.SIGTERM)
        await ended(process)
        assert process.returncode == 0
        assert len(ada.sees()) == 1
        double.delay = 0
        process = start(tmp_path, double.url)
        await until(lambda: len(ada.sees()) == 2)
        process.send_signal(signal.SIGTERM)
        await ended(process)
        double.check()


@pytest.mark.parametrize("code", [401, 404])
async def test_n11_a_token_telegram_does_not_know_is_said_in_one_sentence(tmp_path: Path, code: int) -> None:
    async with TelegramDouble() as double:
        double.faults.append(Fault("getMe", code, times=100, description="Unauthorized"))
        process = start(tmp_path, double.url, OPTOUT_LOG__LEVEL="info")
        said = await ended(process)
        assert process.returncode == 78
        assert said.startswith("optout-bot: OPTOUT_TELEGRAM__TOKEN: Telegram does not know this token")
        assert said.count("\n") == 1


async def test_n11_a_token_for_another_bot_is_said_in_one_sentence(tmp_path: Path) -> None:
    async with TelegramDouble() as double:
        process = start(tmp_path, double.url)
        await ready(tmp_path, process)
        process.send_signal(signal.SIGTERM)
        await ended(process)
    other = "987654321:BBAnotherTokenForTheDoubleOnly_00"
    async with TelegramDouble(other, number=987654321) as double:
        process = start(tmp_path, double.url, OPTOUT_TELEGRAM__TOKEN=other, OPTOUT_LOG__LEVEL="info")
        said = await ended(process)
        assert process.returncode == 78
        assert "belongs to the bot 123456789" in said
        assert "Traceback" not in said


async def test_an_api_that_cannot_be_reached_is_waited_for(tmp_path: Path) -> None:
    double = TelegramDouble()
    await double.start()
    port = double.port
    await double.stop()
    process = start(tmp_path, double.url)
    await says(process, "cannot be reached yet")
    assert process.poll() is None
    await double.start(port)
    await ready(tmp_path, process)
    process.send_signal(signal.SIGTERM)
    await ended(process)
    assert process.returncode == 0
    await double.stop()


async def test_somebody_who_stops_it_while_it_waits_is_obeyed(tmp_path: Path) -> None:
    process = start(tmp_path, "http://127.0.0.1:9")
    await says(process, "cannot be reached yet")
    process.send_signal(signal.SIGTERM)
    await ended(process, 10)
    assert process.returncode == 0


@pytest.mark.parametrize(("more", "words"), [
    ({"OPTOUT_TELEGRAM__TOKEN": ""}, "no channel has settings"),
    ({"OPTOUT_TELEGRAM__TOKEN": "nonsense"}, "OPTOUT_TELEGRAM__TOKEN"),
    ({"OPTOUT_TELEGRAM__MODE": "webhook"}, "OPTOUT_TELEGRAM__WEBHOOK_URL"),
    ({"OPTOUT_TELEGRAM__MODE": "webhook", "OPTOUT_TELEGRAM__WEBHOOK_URL": "https://b.example.org/t"}, "WEBHOOK_SECRET"),
    ({"OPTOUT_FAULT": "nowhere"}, "OPTOUT_FAULT"),
    ({"OPTOUT_CONTENT": "/nonexistent"}, "/nonexistent"),
    ({"OPTOUT_DATABASE_URL": "sqlite:////nonexistent/folder/bot.db"}, "/nonexistent/folder"),
    ({"OPTOUT_DATABASE_URL": "postgresql://x/y"}, "OPTOUT_DATABASE_URL"),
    ({"OPTOUT_ENCRYPTION_KEY": "short"}, "OPTOUT_ENCRYPTION_KEY"),
])  # fmt: skip
async def test_what_keeps_it_from_starting_is_said_in_one_sentence(
    tmp_path: Path, more: dict[str, str], words: str
) -> None:
    process = start(tmp_path, "http://127.0.0.1:9", **{"OPTOUT_LOG__LEVEL": "info", **more})
    said = await ended(process)
    assert process.returncode == 78, said
    assert words in said
    assert "Traceback" not in said
    assert said.count("\n") == 1, said


async def test_a_settings_file_is_enough_and_a_missing_operator_is_warned_about(tmp_path: Path) -> None:
    async with TelegramDouble() as double:
        data, token = tmp_path / "data", tmp_path / "token"
        token.write_text(TOKEN, "utf-8")
        token.chmod(0o600)
        settings = tmp_path / "bot.toml"
        settings.write_text(
            f'data_dir = "{data}"\n[http]\nlisten = "127.0.0.1:0"\n[telegram]\napi_url = "{double.url}"\n', "utf-8"
        )
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
        command = [sys.executable, "-m", "bot", "run", "--settings", str(settings)]
        environment = {**clean, "OPTOUT_TELEGRAM__TOKEN_FILE": str(token)}
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        await ready(data, process)
        process.send_signal(signal.SIGTERM)
        said = await ended(process)
        assert "OPTOUT_OPERATOR__CONTACT is not set" in said


async def test_p02_a_token_in_an_error_of_a_library_is_hidden() -> None:
    import logging

    from bot.commands.logs import Redacting

    form = Redacting([TOKEN])
    try:
        raise RuntimeError(f"POST https://api.telegram.org/bot{TOKEN}/getMe")
    except RuntimeError:
        record = logging.LogRecord("x", 40, "x", 1, "url %s\n\x1b[31m", (SECRET_PART,), sys.exc_info())
    line = form.format(record)
    assert SECRET_PART not in line
    assert "***" in line
    assert line.isprintable()


async def test_s06_a_second_bot_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with TelegramDouble() as double:
        first = start(tmp_path, double.url)
        await ready(tmp_path, first)
        second = start(tmp_path, double.url, OPTOUT_LOG__LEVEL="info")
        said = await ended(second)
        assert second.returncode == 78
        assert said.count("\n") == 1
        assert "Traceback" not in said
        first.send_signal(signal.SIGTERM)
        await ended(first)
        assert first.returncode == 0
