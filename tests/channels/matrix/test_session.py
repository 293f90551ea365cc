"""A session that ends: softly logged out with and without a password, and positions the server no longer knows."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.matrix.files import make_folder
from bot.channels.matrix.login import Credentials, keep
from bot.channels.matrix.outbound import Address, key_of
from bot.engine.events import Command
from bot.errors import SettingsError
from bot.service.turns import Inbound
from tests.channels.matrix.bot import Bot
from tests.channels.matrix.person import Person
from tests.kit.faulty_proxy import FaultyProxy, refuse
from tests.kit.synapse import ServerError, Synapse, User


def lend(server: Synapse, account: User, folder: Path) -> str:
    """Put credentials into the bot's folder whose token soon ends; gives the token."""
    token = server.short_login(account, "LENT")
    make_folder(folder / "matrix")
    keep(folder / "matrix" / "credentials.json", Credentials(server.url, account.id, "LENT", token))
    return token


async def ended(server: Synapse, token: str) -> None:
    """Wait until a token is no longer good."""
    async with asyncio.timeout(10):
        while not await asyncio.to_thread(softly_logged_out, server, token):
            await asyncio.sleep(0.1)


def softly_logged_out(server: Synapse, token: str) -> bool:
    """Ask whether a token has ended in a soft logout."""
    try:
        server.call("GET", "/_matrix/client/v3/account/whoami", None, token)
    except ServerError as error:
        return bool(error.body["soft_logout"])
    return False


async def test_n16_a_soft_logout_with_a_password_is_a_new_token_for_the_same_device(
    server: Synapse, tmp_path: Path
) -> None:
    account = server.register("bot")
    async with Person(server, server.register("ada"), tmp_path / "ada") as ada:
        token = lend(server, account, tmp_path / "bot")
        async with Bot(server, account, tmp_path / "bot") as bot:
            room = await ada.direct(bot.id, encrypted=True)
            await ada.answered(room)
            await ended(server, token)
            # The bot speaks first: it learns of the logout by a message that is refused while its sync still waits.
            key, address = key_of(bot.id, room, "", ada.id), Address(room, ada.id)
            told = Inbound("told", key, address.to_bytes(), Command("help"), datetime.now(UTC))
            before = len(ada.messages(room))
            await bot.matrix.intake.take_own([told])
            await ada.until(lambda: len(ada.messages(room)) > before, 8.0)
            await bot.settled(ada, await ada.says(room, "Germany"))
            assert "Who is it for?" in str(ada.messages(room)[-1]["content"]["body"])
            assert ada.unreadable == []
            assert (await bot.store.counts()).undecrypted == 0
            assert bot.raw().device_id == "LENT"
            kept = json.loads((tmp_path / "bot" / "matrix" / "credentials.json").read_text())
            assert (kept["device_id"], kept["access_token"] != token) == ("LENT", True)


async def test_n16_a_soft_logout_without_a_password_ends_with_a_sentence_that_keeps_the_keys(
    server: Synapse, tmp_path: Path
) -> None:
    account = server.register("bot")
    token = lend(server, account, tmp_path)
    bot = await Bot(server, account, tmp_path, account={"password": ""}).__aenter__()
    await ended(server, token)
    # Something happens, so that the waiting sync ends.
    server.call("POST", "/_matrix/client/v3/createRoom", {"invite": [account.id]}, server.register("ada").token)
    with pytest.raises(SettingsError, match=r"OPTOUT_MATRIX__PASSWORD .* keys are kept"):
        async with asyncio.timeout(20):
            await bot.matrix.failed
    with pytest.raises(SettingsError):
        await bot.__aexit__(None, None, None)
    async with Bot(server, account, tmp_path) as again:
        assert again.raw().device_id == "LENT"


async def test_n16_a_session_that_is_known_and_refused_is_asked_for_in_growing_pauses(
    server: Synapse, tmp_path: Path
) -> None:
    async with (
        FaultyProxy(server.url) as proxy,
        Bot(server, server.register("bot"), tmp_path / "bot", url=proxy.url) as bot,
    ):
        refused = proxy.fault("GET", "/sync", refuse(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "no"}), times=10**9)
        bot.matrix._refused()
        await asyncio.sleep(1.3)
        assert 2 <= refused.count <= 4
        assert not bot.matrix.failed.done()


async def test_p01_a_bot_that_can_send_nothing_any_more_ends_instead_of_listening_in_silence(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot(server, server.register("bot"), tmp_path / "bot")
    await bot.__aenter__()
    monkeypatch.setattr(bot.matrix.sender, "_until", lambda: 1 / 0)
    bot.matrix.sender.wake()
    await asyncio.wait((bot.matrix.failed,), timeout=5)
    with pytest.raises(ZeroDivisionError):
        await bot.__aexit__(None, None, None)
