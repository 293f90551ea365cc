"""Coming up: logging in once, keeping secrets private, and one plain sentence where only the operator can help."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError, StoreError
from tests.channels.matrix.bot import Bot, handled
from tests.channels.matrix.late import late_message
from tests.channels.matrix.person import Person
from tests.kit.synapse import Synapse


async def test_the_bot_logs_in_once_and_keeps_what_it_got_to_itself(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    async with Bot(server, account, tmp_path) as bot:
        device = bot.raw().device_id
    for name in ("credentials.json", "keys.db", "signing.json"):
        assert stat.S_IMODE((tmp_path / "matrix" / name).stat().st_mode) == 0o600
    # The second start needs no password.
    async with Bot(server, account, tmp_path, account={"password": ""}) as bot:
        assert bot.raw().device_id == device


async def test_a_token_with_its_device_works_without_a_password(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    body = {
        "type": "m.login.password", "identifier": {"type": "m.id.user", "user": account.id},
        "password": account.password, "device_id": "OPERATOR",
    }  # fmt: skip
    token = server.call("POST", "/_matrix/client/v3/login", body)["access_token"]
    async with (
        Bot(server, account, tmp_path / "bot", account={"access_token": token, "device_id": "OPERATOR"}) as bot,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
    ):
        assert bot.raw().device_id == "OPERATOR"
        await ada.answered(await ada.direct(bot.id, encrypted=True))
    with pytest.raises(SettingsError, match="OPTOUT_MATRIX__DEVICE_ID is OTHER"):
        await Bot(server, account, tmp_path / "bot", account={"access_token": token, "device_id": "OTHER"}).__aenter__()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"password": "wrong"}, "refuses the password"),
        ({"access_token": "syt_wrong", "device_id": "D"}, "does not accept OPTOUT_MATRIX__ACCESS_TOKEN"),
        ({"access_token": "syt_wrong"}, "needs OPTOUT_MATRIX__DEVICE_ID"),
        ({"password": ""}, "no way to log in"),
    ],
)
async def test_n11_a_wrong_login_is_one_sentence(
    server: Synapse, tmp_path: Path, given: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        await Bot(server, server.register("bot"), tmp_path, account=given).__aenter__()


async def test_run_ends_with_78_and_one_sentence_without_a_secret(server: Synapse, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPTOUT_")}
    environment |= {
        "OPTOUT_DATA_DIR": str(tmp_path),
        "OPTOUT_HTTP__LISTEN": "127.0.0.1:0",
        "OPTOUT_MATRIX__HOMESERVER": server.url,
        "OPTOUT_MATRIX__USER_ID": server.register("bot").id,
        "OPTOUT_MATRIX__PASSWORD": "never-shown",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        _, errors = await process.communicate()
    assert process.returncode == 78
    assert b"refuses the password" in errors
    assert b"never-shown" not in errors
    assert b"Traceback" not in errors


async def test_an_address_that_is_no_homeserver_is_named(server: Synapse, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is no Matrix homeserver"):
        await Bot(server, server.register("bot"), tmp_path, url=f"{server.url}/nothing/here").__aenter__()


async def test_n16_a_revoked_session_ends_the_bot_with_a_sentence(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    bot = await Bot(server, account, tmp_path).__aenter__()
    token = json.loads((tmp_path / "matrix" / "credentials.json").read_text())["access_token"]
    server.call("POST", "/_matrix/client/v3/logout", {}, token)
    with pytest.raises(SettingsError, match="no longer accepts the session"):
        await bot.matrix.failed
    with pytest.raises(SettingsError, match="no longer accepts the session"):
        await bot.__aexit__(None, None, None)
    with pytest.raises(SettingsError, match="no longer accepts the session"):
        await Bot(server, account, tmp_path).__aenter__()


async def test_only_one_process_may_be_the_device(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    async with Bot(server, account, tmp_path / "bot") as bot:
        other = Bot(server, account, tmp_path / "other")
        other.folder.mkdir()
        (other.folder / "matrix").symlink_to(bot.folder / "matrix")
        with pytest.raises(SettingsError, match="Another process is this Matrix device"):
            await other.__aenter__()


async def test_p05_a_missing_key_store_and_a_wrong_key_stop_the_start(server: Synapse, tmp_path: Path) -> None:
    account = server.register("bot")
    async with Bot(server, account, tmp_path):
        pass
    keys = tmp_path / "matrix" / "keys.db"
    kept = keys.read_bytes()
    keys.unlink()
    with pytest.raises(StoreError, match=r"The key store .* is missing"):
        await Bot(server, account, tmp_path).__aenter__()
    keys.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        await Bot(server, account, tmp_path).__aenter__()
    keys.write_bytes(kept)
    async with Bot(server, account, tmp_path):
        pass


async def test_signing_keys_made_elsewhere_are_named_and_replaced_only_when_asked(
    server: Synapse, tmp_path: Path
) -> None:
    account = server.register("bot")
    async with Bot(server, account, tmp_path / "first"):
        pass
    with pytest.raises(SettingsError, match="signing keys that were made elsewhere"):
        await Bot(server, account, tmp_path / "second").__aenter__()
    (tmp_path / "second" / "matrix" / "reset-cross-signing").touch()
    async with Bot(server, account, tmp_path / "second"):
        assert not (tmp_path / "second" / "matrix" / "reset-cross-signing").exists()


async def test_a_key_that_never_comes_is_told_once_and_one_that_comes_late_is_answered(
    server: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.matrix.late.TELL_AFTER", 0.5)
    async with (
        Bot(server, server.register("bot"), tmp_path / "bot") as bot,
        Person(server, server.register("ada"), tmp_path / "ada") as ada,
    ):
        room = await ada.direct(bot.id, encrypted=True)
        await ada.answered(room)
        content = {
            "algorithm": "m.megolm.v1.aes-sha2", "sender_key": "A" * 43, "device_id": "GONE", "session_id": "B" * 43,
            "ciphertext": "AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg",
        }  # fmt: skip
        for number in range(3):
            path = f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/{number}"
            server.call("PUT", path, content, ada.client.access_token)
        assert "send it again" in await ada.answered(room, "send it again")
        assert (await bot.store.counts()).undecrypted == 3
        assert not any(ada.id in event for event in handled(tmp_path / "bot"))
        await bot.settled(ada, await ada.says(room, "/help"))
        # A key that the homeserver held back: the message waits, and is answered when the key arrives.
        late = await late_message(server, ada, bot, room, "Germany")
        await bot.settled(ada, late)
        assert "Who is it for?" in str(ada.messages(room)[-1]["content"]["body"])
        assert (await bot.store.counts()).undecrypted == 3
