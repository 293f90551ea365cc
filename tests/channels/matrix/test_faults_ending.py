"""The command as a process on Matrix: how it ends while it sends, and that its secrets stand nowhere."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from aiohttp import web

from bot.channels.matrix.login import Account, Credentials, kept
from tests.channels.matrix.person import Person
from tests.channels.matrix.test_faults_sending import bodies
from tests.kit.faulty_proxy import FaultyProxy, hang, refuse
from tests.kit.synapse import Synapse, User


def start(folder: Path, url: str, account: User) -> subprocess.Popen[str]:
    """Start the bot as an operator does who wants to know everything."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")},
        "OPTOUT_DATA_DIR": str(folder), "OPTOUT_HTTP__LISTEN": "127.0.0.1:0", "OPTOUT_LOG__LEVEL": "debug",
        "OPTOUT_MATRIX__HOMESERVER": url, "OPTOUT_MATRIX__USER_ID": account.id,
        "OPTOUT_MATRIX__PASSWORD": account.password,
    }  # fmt: skip
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-m", "bot", "run"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


async def ended(process: subprocess.Popen[str]) -> str:
    """Wait for the end and give what was said."""
    said, _ = await asyncio.to_thread(process.communicate, None, 30)
    return said


async def _slowly(proxy: FaultyProxy, request: web.Request) -> web.StreamResponse:
    """Take a while over it."""
    await asyncio.sleep(0.7)
    return await proxy.forward(request)


async def test_s14_p02_a_message_under_way_is_finished_a_second_signal_is_faster_and_no_secret_is_said(
    server: Synapse, tmp_path: Path
) -> None:
    account, folder = server.register("bot"), tmp_path / "bot"
    async with FaultyProxy(server.url) as proxy, Person(server, server.register("ada"), tmp_path / "ada") as ada:
        process = start(folder, proxy.url, account)
        proxy.fault("GET", "/sync", refuse(500))
        room = await ada.direct(account.id, encrypted=True)
        await ada.until(lambda: len(ada.messages(room)) == 2)
        # Told to stop while it sends: what is under way arrives, and is known to have arrived.
        slow = proxy.fault("PUT", f"/rooms/{room}/send/", _slowly)
        await ada.says(room, "Germany")
        await slow.met
        process.send_signal(signal.SIGTERM)
        said = await ended(process)
        assert process.returncode == 0
        await ada.until(lambda: len(ada.messages(room)) == 3)
        # Told twice, by somebody who cannot wait for a server that never answers: it goes at once.
        process = start(folder, proxy.url, account)
        never = proxy.fault("PUT", f"/rooms/{room}/send/", hang)
        await ada.says(room, "/help")
        await never.met
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.2)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said += await ended(process)
        assert (process.returncode, time.monotonic() - began < 2) == (130, True)
        # What was not sent then is sent by the next start, and nothing comes twice.
        process = start(folder, proxy.url, account)
        await ada.until(lambda: len(ada.messages(room)) >= 5)
        process.send_signal(signal.SIGTERM)
        said += await ended(process)
        assert process.returncode == 0
        words = bodies(ada, room)
        assert len(words) == len(set(words)), words
        assert ada.unreadable == []
    token = json.loads((folder / "matrix" / "credentials.json").read_text())["access_token"]
    assert "receiving again" in said
    assert account.password not in said
    assert token not in said
    assert ada.id not in said
    assert not [path for _, path in proxy.requests if token in path or "access_token" in path]
    credentials = kept(folder / "matrix" / "credentials.json")
    shown = f"{credentials!r} {Account(server.url, account.id, account.password, token)!r} {[credentials]}"
    assert isinstance(credentials, Credentials)
    assert token not in shown
    assert account.password not in shown
