"""Learn the devices of people, and begin encrypted talks with them; what one of them broke is only theirs.

matrix-nio reads the devices of everybody in one go and gives up at the first odd one: a single malformed device, which
any server may show, would leave everybody else's unknown, and they could read nothing. Here each person is read alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any

import nio

from bot.channels.matrix.guards import GuardedClient
from bot.channels.matrix.http import Answer, call
from bot.errors import TryLater

log = logging.getLogger("bot.matrix")

AGAIN = 600.0
"""Seconds until somebody is asked for again whose server did not show their devices."""
_API = "/_matrix/client/v3/keys"


async def learn(client: GuardedClient, among: Collection[str] | None = None) -> None:
    """Ask for the devices of everybody (or of those `among` them) that are not known, or changed.

    Whose server is away is not asked for again for a while: it would slow everybody else. Raises `TryLater` when our
    own server cannot answer now, and what a network raises.
    """
    olm = client.olm
    if olm is None or not olm.users_for_key_query:
        return
    wanted = olm.users_for_key_query if among is None else olm.users_for_key_query.intersection(among)
    now = asyncio.get_running_loop().time()
    people = [one for one in wanted if now - client.unanswered.get(one, -AGAIN) >= AGAIN]
    if not people:
        return
    answer = await call(client, "POST", f"{_API}/query", {"device_keys": {person: [] for person in people}})
    found = _found(answer, "device_keys")
    for person in people:
        devices = found.get(person)
        if isinstance(devices, dict):
            olm.users_for_key_query.discard(person)
            client.unanswered.pop(person, None)
            await _read(client, nio.KeysQueryResponse, {person: devices})
        else:
            client.unanswered[person] = now


async def claim(client: GuardedClient, devices: Mapping[str, Collection[str]]) -> None:
    """Take a one-time key of each of these devices and begin to talk with it.

    Raises `TryLater` when our own server cannot answer now, and what a network raises.
    """
    wanted = {person: dict.fromkeys(theirs, "signed_curve25519") for person, theirs in devices.items()}
    found = _found(await call(client, "POST", f"{_API}/claim", {"one_time_keys": wanted}), "one_time_keys")
    for person in wanted:
        keys = found.get(person)
        for device, key in keys.items() if isinstance(keys, dict) else ():
            if isinstance(key, dict) and key:
                await _read(client, nio.KeysClaimResponse, {person: {device: key}})


def _found(answer: Answer, name: str) -> dict[str, Any]:
    if answer.status != 200:
        wait = answer.retry_after if answer.status == 429 else 0.0
        raise TryLater(f"the homeserver did not show keys ({answer.status} {answer.code})", wait)
    found = answer.body.get(name)
    return found if isinstance(found, dict) else {}


async def _read(client: GuardedClient, kind: Callable[[Any, Any], Any], keys: dict[str, Any]) -> None:
    try:
        await client.receive_response(kind(keys, {}))
    except Exception as error:  # wrong types, bad base64, missing fields: written by somebody's client or server
        log.warning("malformed keys of a device were ignored (%s)", type(error).__name__)
