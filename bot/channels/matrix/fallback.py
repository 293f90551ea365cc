"""Keep a key on the server that never runs out, for devices that begin to write when the one-time keys are used up."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import call

log = logging.getLogger("bot.matrix")

MARK = "fallback-key-made"
LIVES = 7 * 86_400.0
"""Seconds until the key is renewed although the server says that nobody used it."""
KEPT = 3600.0
"""Seconds a key that was used is at least good for.

The library keeps the newest two. Whoever took one may write with it a little later, and somebody who uses up keys for
fun must not push it out.
"""


class FallbackKey:
    """Be the fallback key of the bot's device; `renew` it at the start and after every sync."""

    def __init__(self, client: GuardedClient, folder: Path) -> None:
        self._client = client
        self._mark = folder / MARK
        self._unsent: dict[str, dict[str, Any]] = {}

    async def renew(self, now: float, *, used: bool = False) -> None:
        """Publish a new key where it is time; raises what a network raises."""
        if not self._unsent and not self._due(now, used):
            return
        account: Any = self._olm.account._account
        # A key that could not be published is published later: another one would push out what the server still shows.
        self._unsent = self._unsent or self._made(account)
        answer = await call(self._client, "POST", "/_matrix/client/v3/keys/upload", {"fallback_keys": self._unsent})
        if answer.status != 200:
            log.warning("the homeserver did not take a new fallback key for now (%s %s)", answer.status, answer.code)
            return
        self._unsent = {}
        account.mark_keys_as_published()
        self._olm.save_account()
        self._mark.touch(0o600)

    def _due(self, now: float, used: bool) -> bool:
        try:
            age = now - self._mark.stat().st_mtime
        except FileNotFoundError:
            return True
        # A clock that was set back must not make a key last for ever.
        return not 0 <= age < (KEPT if used else LIVES)

    @property
    def _olm(self) -> Any:
        assert self._client.olm is not None
        return self._client.olm

    def _made(self, account: Any) -> dict[str, dict[str, Any]]:
        if not account.fallback_key:
            account.generate_fallback_key()
        client = self._client
        keys = {}
        for key_id, key in account.fallback_key.items():
            signed: dict[str, Any] = {"key": _text(key), "fallback": True}
            signed["signatures"] = {client.user_id: {f"ed25519:{client.device_id}": self._olm.sign_json(signed)}}
            keys[f"signed_curve25519:{_text(key_id)}"] = signed
        self._olm.save_account()  # the private half first: a crash must not leave a key out there that nobody holds
        return keys


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value.to_base64())
