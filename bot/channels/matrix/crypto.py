"""Encryption of the bot's device: open its key store, keep its keys supplied, and refuse to write in clear."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import nio
from nio.client.async_client import AsyncClientConfig

from bot.channels.matrix.cross_signing import bootstrap
from bot.channels.matrix.devices import claim, learn
from bot.channels.matrix.fallback import FallbackKey
from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import call
from bot.channels.matrix.login import Account, Credentials
from bot.errors import RefusedForGood, SettingsError, StoreError, TryLater

log = logging.getLogger("bot.matrix")

STORE = "keys.db"
SIGNING = "signing.json"
RESET = "reset-cross-signing"
"""An operator who makes this file in the folder asks for new signing keys at the next start."""
_REQUEST = 30.0
"""Seconds a single request may take."""


def make_client(account: Account, folder: Path, pickle_key: bytes) -> GuardedClient:
    """Make the client; nothing is opened or asked yet. Every retry is ours: the library's would stop the whole bot."""
    # The library's warnings quote events: what people wrote must not stand in a log.
    logging.getLogger("nio").setLevel(logging.CRITICAL)
    config = AsyncClientConfig(
        max_limit_exceeded=0,
        max_timeouts=0,
        request_timeout=_REQUEST,
        store_sync_tokens=False,
        store_name=STORE,
        pickle_key=pickle_key.hex(),
        encryption_enabled=True,
    )
    return GuardedClient(account.homeserver, account.user_id, store_path=str(folder), config=config)


async def open_store(client: GuardedClient, credentials: Credentials, folder: Path) -> None:
    """Open the key store of this device; refuses where the device had keys once and the store is gone."""
    there = (folder / STORE).exists()
    if not there and await _has_keys(client, credentials):
        raise StoreError(
            f"The key store {folder / STORE} is missing, but the device {credentials.device_id} has used one: what was "
            f"encrypted for it cannot be read without. Restore the folder {folder} from a backup, or move it away and "
            "start with OPTOUT_MATRIX__PASSWORD as a new device (docs/operators/matrix.md)."
        )
    try:
        client.restore_login(credentials.user_id, credentials.device_id, credentials.access_token)
    except Exception as error:  # the crypto library names no common parent for a wrong key or a damaged file
        raise StoreError(
            f"The key store {folder / STORE} cannot be opened ({type(error).__name__}): was OPTOUT_ENCRYPTION_KEY or "
            "the key file changed? Give the key it was made with, or restore a backup."
        ) from None
    if client.olm is None:
        raise StoreError(f"The key store {folder / STORE} could not be opened; without it nothing is encrypted.")
    (folder / STORE).chmod(0o600)


async def _has_keys(client: GuardedClient, credentials: Credentials) -> bool:
    client.access_token = credentials.access_token
    user = credentials.user_id
    answer = await call(client, "POST", "/_matrix/client/v3/keys/query", {"device_keys": {user: []}})
    if answer.status != 200:
        raise TryLater(f"The homeserver did not show the bot's keys ({answer.status}).", answer.retry_after)
    devices = answer.body.get("device_keys")
    mine = devices.get(user) if isinstance(devices, dict) else None
    return isinstance(mine, dict) and credentials.device_id in mine


async def prepare(client: GuardedClient, account: Account, folder: Path, fallback: FallbackKey) -> None:
    """Upload keys and sign the device; at every start."""
    if client.should_upload_keys:
        response = await client.keys_upload()
        if not isinstance(response, nio.KeysUploadResponse):
            raise TryLater("The homeserver did not take the bot's keys.", 5)
    reset = (folder / RESET).exists()
    outcome = await bootstrap(client, folder / SIGNING, password=account.password or None, reset=reset)
    if outcome == "foreign":
        raise SettingsError(
            f"The account {account.user_id} has signing keys that were made elsewhere (somebody logged in with another "
            f"client?), so nobody's client would trust this device. To replace them: touch {folder / RESET}, set "
            "OPTOUT_MATRIX__PASSWORD and start again."
        )
    if reset:
        (folder / RESET).unlink(missing_ok=True)
        log.info("the account's signing keys are new; people see that once")
    await fallback.renew(time.time())


async def maintain(client: GuardedClient, response: Any, fallback: FallbackKey) -> None:
    """Do what the last sync made necessary; each part fails by itself and is tried again after the next sync."""
    olm = client.olm
    if olm is None:
        return
    if getattr(response.device_key_count, "signed_curve25519", None) == 0:
        olm.uploaded_key_count = 0  # the library overlooks a zero and would never upload again
    if client.should_upload_keys:
        await _try(client.keys_upload)
    await _try(lambda: fallback.renew(time.time(), used=client.fallback_used))
    if client.should_query_keys:
        await _try(lambda: learn(client))
    if client.should_claim_keys:
        await _try(lambda: claim(client, client.get_users_for_key_claiming()))
    if olm.outgoing_to_device_messages:
        await _try(client.send_to_device_messages)


async def _try(action: Callable[[], Awaitable[Any]]) -> None:
    try:
        await action()
    except asyncio.CancelledError:
        raise
    except Exception as error:  # strangers' devices and servers have a say in these answers
        log.warning("keeping up the encryption keys failed for now (%s)", type(error).__name__)


def refresh_members(client: GuardedClient) -> None:
    """Ask again for the devices of everybody we share encrypted rooms with: at the start, changes may have passed."""
    if client.olm is not None:
        for room in client.rooms.values():
            if room.encrypted:
                client.olm.users_for_key_query.update(room.users)


def check_can_send(client: GuardedClient, room: nio.MatrixRoom) -> None:
    """Refuse to write in clear where it must be encrypted."""
    if room.encrypted and client.olm is None:
        raise RefusedForGood("The room is encrypted and there is no key store: nothing is sent in clear.")
