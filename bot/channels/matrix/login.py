"""Become one Matrix device: log in once, keep what the server gave, and say in one sentence why it cannot be."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from nio.client.async_client import AsyncClient

from bot.channels.matrix.files import read_private, write_private
from bot.channels.matrix.http import NETWORK_ERRORS, Answer, call
from bot.errors import SettingsError, StoreError, TryLater

log = logging.getLogger("bot.matrix")

DEVICE_NAME = "optout-bot"


@dataclass(frozen=True, slots=True)
class Account:
    """Hold what the settings say about the bot's account; either a password or a token with its device."""

    homeserver: str
    user_id: str
    password: str = ""
    access_token: str = ""
    device_id: str = ""

    def __repr__(self) -> str:
        """Show who and where, never the secrets."""
        return f"Account({self.homeserver}, {self.user_id})"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Hold what a login gave: the token and the device it belongs to."""

    homeserver: str
    user_id: str
    device_id: str
    access_token: str

    def __repr__(self) -> str:
        """Show who and where, never the token."""
        return f"Credentials({self.homeserver}, {self.user_id}, {self.device_id})"


def kept(file: Path) -> Credentials | None:
    """Read the kept credentials; None where there are none."""
    text = read_private(file)
    if text is None:
        return None
    try:
        data = json.loads(text)
        fields = [data[name] for name in ("homeserver", "user_id", "device_id", "access_token")]
        if not all(isinstance(one, str) and one for one in fields):
            raise ValueError
        return Credentials(*fields)
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"The Matrix credentials in {file} cannot be read; restore the file from a backup.") from None


def keep(file: Path, credentials: Credentials) -> None:
    """Keep credentials, readable by the owner only."""
    write_private(file, json.dumps(asdict(credentials)))


async def obtain(client: AsyncClient, account: Account, file: Path) -> Credentials:
    """Give working credentials: the kept ones, the ones of the settings, or those of a first login.

    Raises `SettingsError` where only the operator can help, `TryLater` where time can.
    """
    known = kept(file)
    if known is not None and known.user_id != account.user_id:
        raise SettingsError(
            f"The data folder belongs to {known.user_id}, but OPTOUT_MATRIX__USER_ID is {account.user_id}; use "
            "another OPTOUT_DATA_DIR for another account."
        )
    if account.access_token:
        if known is not None and account.device_id and known.device_id != account.device_id:
            raise SettingsError(
                f"The data folder belongs to the device {known.device_id}, but OPTOUT_MATRIX__DEVICE_ID is "
                f"{account.device_id}; the keys of one device are of no use to another."
            )
        if not account.device_id:
            raise SettingsError("OPTOUT_MATRIX__ACCESS_TOKEN needs OPTOUT_MATRIX__DEVICE_ID, the device of that token.")
        return await _token(client, account, file)
    if known is not None:
        client.access_token = known.access_token
        answer = await _ask(client, account, "GET", "/_matrix/client/v3/account/whoami")
        if answer.status == 200:
            _check_same(answer, known.user_id, known.device_id)
            return known
        if not (answer.status == 401 and answer.code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN")):
            raise _unexpected(account, answer)
        if answer.body.get("soft_logout") is not True:
            raise SettingsError(revoked(account.user_id))
        if not account.password:
            raise SettingsError(
                f"The homeserver ended the session of {account.user_id} for a while (a soft logout): start once with "
                "OPTOUT_MATRIX__PASSWORD to log in as the same device; its keys are kept."
            )
        log.info("the session was softly logged out; logging in again as the same device")
    if not account.password:
        raise SettingsError(
            "The bot has no way to log in to Matrix: set OPTOUT_MATRIX__PASSWORD, or OPTOUT_MATRIX__ACCESS_TOKEN and "
            "OPTOUT_MATRIX__DEVICE_ID."
        )
    return await _password(client, account, file, known.device_id if known else account.device_id)


def revoked(user: str) -> str:
    """Say that the token is no longer good, and what to do."""
    return (
        f"The homeserver no longer accepts the session of {user} (it was logged out or revoked). Messages to this "
        "device cannot be read any more: move the folder «matrix» of the data folder away and start with "
        "OPTOUT_MATRIX__PASSWORD, or with a new OPTOUT_MATRIX__ACCESS_TOKEN and OPTOUT_MATRIX__DEVICE_ID."
    )


async def _token(client: AsyncClient, account: Account, file: Path) -> Credentials:
    client.access_token = account.access_token
    answer = await _ask(client, account, "GET", "/_matrix/client/v3/account/whoami")
    if answer.status == 401:
        raise SettingsError("The homeserver does not accept OPTOUT_MATRIX__ACCESS_TOKEN; make a new token.")
    if answer.status != 200:
        raise _unexpected(account, answer)
    _check_same(answer, account.user_id, account.device_id)
    credentials = Credentials(account.homeserver, account.user_id, account.device_id, account.access_token)
    keep(file, credentials)
    return credentials


def _check_same(answer: Answer, user: str, device: str) -> None:
    found = answer.body.get("user_id")
    if found != user:
        raise SettingsError(f"The token belongs to {found}, but OPTOUT_MATRIX__USER_ID is {user}.")
    found = answer.body.get("device_id")
    if found != device:
        raise SettingsError(f"The token belongs to the device {found}, but OPTOUT_MATRIX__DEVICE_ID is {device}.")


async def _password(client: AsyncClient, account: Account, file: Path, device: str) -> Credentials:
    offered = await _ask(client, account, "GET", "/_matrix/client/v3/login")
    if offered.status != 200:
        raise _unexpected(account, offered)
    flows = offered.body.get("flows")
    types = {flow.get("type") for flow in flows if isinstance(flow, dict)} if isinstance(flows, list) else set()
    if "m.login.password" not in types:
        raise SettingsError(
            f"{account.homeserver} offers no login with a password; make a token for a device there and set "
            "OPTOUT_MATRIX__ACCESS_TOKEN and OPTOUT_MATRIX__DEVICE_ID (docs/operators/matrix.md shows how)."
        )
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": account.user_id},
        "password": account.password,
        "initial_device_display_name": DEVICE_NAME,
    }
    if device:
        body["device_id"] = device
    client.access_token = ""
    answer = await _ask(client, account, "POST", "/_matrix/client/v3/login", body)
    if answer.status == 403:
        raise SettingsError(f"{account.homeserver} refuses the password of {account.user_id} (M_FORBIDDEN).")
    if answer.status == 429:
        raise TryLater("The homeserver wants a pause before the next login.", answer.retry_after)
    found = [answer.body.get(name) for name in ("user_id", "device_id", "access_token")]
    if answer.status != 200 or not all(isinstance(one, str) and one for one in found):
        raise _unexpected(account, answer)
    user_id, device_id, token = (str(one) for one in found)
    if user_id != account.user_id:
        raise SettingsError(f"The homeserver logged in {user_id}, but OPTOUT_MATRIX__USER_ID is {account.user_id}.")
    credentials = Credentials(account.homeserver, user_id, device_id, token)
    keep(file, credentials)
    return credentials


async def _ask(client: AsyncClient, account: Account, method: str, path: str, body: object = None) -> Answer:
    try:
        return await call(client, method, path, body)
    except NETWORK_ERRORS as error:
        raise TryLater(f"{account.homeserver} cannot be reached ({type(error).__name__}).", 5) from None


def _unexpected(account: Account, answer: Answer) -> SettingsError | TryLater:
    if answer.status >= 500 or answer.status == 429:
        return TryLater(f"{account.homeserver} cannot answer now ({answer.status}).", answer.retry_after)
    if not answer.code and "flows" not in answer.body:
        return SettingsError(
            f"OPTOUT_MATRIX__HOMESERVER is {account.homeserver}, but what answers there is no Matrix homeserver "
            f"(status {answer.status}). For example: https://matrix.example.org"
        )
    return SettingsError(f"{account.homeserver} refuses the login ({answer.status} {answer.code}).")
