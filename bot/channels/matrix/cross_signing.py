"""Sign the bot's own device with its own account, so that other people's clients talk to it.

Since April 2026 Element keeps devices out that their owner did not sign (MSC4153): an unsigned bot is deaf and mute.
matrix-nio knows no cross-signing; what is needed are three Ed25519 keys, two uploads and a signature. The keys are kept
in a file of their own before they are uploaded, so a crash in between only repeats the upload.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nio.client.async_client import AsyncClient

from bot.channels.matrix.files import read_private, write_private
from bot.channels.matrix.http import Answer, call
from bot.errors import SettingsError, TryLater

log = logging.getLogger("bot.matrix")

USAGES = ("master", "self_signing", "user_signing")
Outcome = Literal["ok", "created", "reset", "foreign"]
_UPLOAD = "/_matrix/client/v3/keys/device_signing/upload"


def canonical(data: object) -> bytes:
    """Write JSON as it is signed: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


class Keys:
    """Hold the three cross-signing keys of the bot's account."""

    def __init__(self, seeds: dict[str, bytes]) -> None:
        self._seeds = seeds
        self._keys = {usage: Ed25519PrivateKey.from_private_bytes(seeds[usage]) for usage in USAGES}

    @classmethod
    def fresh(cls) -> Keys:
        """Draw new keys."""
        return cls({usage: os.urandom(32) for usage in USAGES})

    @classmethod
    def read(cls, file: Path) -> Keys | None:
        """Read the kept keys; None where there are none. Raises `SettingsError` when the file is damaged."""
        text = read_private(file)
        if text is None:
            return None
        try:
            data = json.loads(text)
            return cls({usage: bytes.fromhex(data[usage]) for usage in USAGES})
        except (ValueError, KeyError, TypeError):
            raise SettingsError(f"The signing keys in {file} cannot be read; restore the file from a backup.") from None

    def write(self, file: Path) -> None:
        """Keep the keys, readable by the owner only."""
        write_private(file, json.dumps({usage: seed.hex() for usage, seed in self._seeds.items()}))

    def public(self, usage: str) -> str:
        """Give a public key as unpadded base64."""
        return _base64(self._keys[usage].public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, usage: str, data: dict[str, Any]) -> str:
        """Sign an object without its signatures."""
        plain = {key: value for key, value in data.items() if key not in ("signatures", "unsigned")}
        return _base64(self._keys[usage].sign(canonical(plain)))


def _base64(data: bytes) -> str:
    from base64 import b64encode

    return b64encode(data).decode().rstrip("=")


async def bootstrap(client: AsyncClient, file: Path, *, password: str | None = None, reset: bool = False) -> Outcome:
    """Make sure the bot's device is signed by its account; safe to repeat at every start.

    `foreign` means that the account has signing keys that are not ours; with `reset` and the password they are
    replaced. Raises `SettingsError` when the server wants a person to agree, `TryLater` when it cannot answer now.
    """
    user, device = client.user_id, client.device_id
    query = await _query(client)
    keys = Keys.read(file)
    outcome: Outcome = "ok"
    on_server = _dig(query.body, "master_keys", user, "keys")
    if not on_server:
        outcome = "created"
    elif keys is None or keys.public("master") not in on_server.values():
        if not reset:
            return "foreign"
        keys, outcome = None, "reset"
    if keys is None:
        keys = Keys.fresh()
        keys.write(file)
    if outcome != "ok":
        await _upload(client, keys, password)
        query = await _query(client)
    ours = _dig(query.body, "device_keys", user, device or "")
    if not ours:
        raise TryLater("The homeserver does not know the bot's device yet.", 5)
    signer = f"ed25519:{keys.public('self_signing')}"
    if signer not in _dig(ours, "signatures", user):
        unsigned = {key: value for key, value in ours.items() if key != "unsigned"}
        unsigned["signatures"] = {user: {signer: keys.sign("self_signing", ours)}}
        answer = await call(client, "POST", "/_matrix/client/v3/keys/signatures/upload", {user: {device: unsigned}})
        if answer.status != 200 or answer.body.get("failures"):
            raise TryLater(f"The homeserver did not take the signature of the bot's device ({_why(answer)}).", 30)
        log.info("the bot's device is now signed by its account")
    return outcome


async def _query(client: AsyncClient) -> Answer:
    answer = await call(client, "POST", "/_matrix/client/v3/keys/query", {"device_keys": {client.user_id: []}})
    if answer.status != 200:
        raise TryLater(f"The homeserver did not show the bot's keys ({_why(answer)}).", answer.retry_after)
    return answer


async def _upload(client: AsyncClient, keys: Keys, password: str | None) -> None:
    user = client.user_id
    body: dict[str, Any] = {}
    for usage in USAGES:
        public = keys.public(usage)
        key: dict[str, Any] = {"user_id": user, "usage": [usage], "keys": {f"ed25519:{public}": public}}
        if usage == "master":
            assert client.olm is not None
            key["signatures"] = {user: {f"ed25519:{client.device_id}": client.olm.sign_json(key)}}
        else:
            key["signatures"] = {user: {f"ed25519:{keys.public('master')}": keys.sign("master", key)}}
        body[f"{usage}_key"] = key
    answer = await call(client, "POST", _UPLOAD, body)
    if answer.status == 401 and password:
        body["auth"] = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": user},
            "password": password,
            "session": answer.body.get("session"),
        }
        answer = await call(client, "POST", _UPLOAD, body)
    if answer.status == 401:
        raise SettingsError(
            "The homeserver wants proof before it takes the bot's signing keys: set OPTOUT_MATRIX__PASSWORD for this "
            "start, or reset the account's digital identity in the browser and start again at once."
        )
    if answer.status != 200:
        raise TryLater(f"The homeserver did not take the bot's signing keys ({_why(answer)}).", answer.retry_after)


def _why(answer: Answer) -> str:
    return f"{answer.status} {answer.code}".strip()


def _dig(data: Any, *names: str) -> dict[str, Any]:
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}
