"""Run the bot: every channel that has settings, in one process, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot import settings as settings_module
from bot.app import load, make_turns, running
from bot.commands.chat import operator
from bot.commands.logs import set_up_logs
from bot.commands.watch import noted
from bot.errors import SettingsError
from bot.service.faults import Faults, FaultSetting

if TYPE_CHECKING:
    from bot.app import Loaded
    from bot.channels.matrix.client import MatrixChannel
    from bot.channels.telegram.channel import TelegramChannel
    from bot.service.health import Health
    from bot.service.library import Library
    from bot.service.outbox import Sender
    from bot.service.reload import Reloaded
    from bot.service.turns import Turns
    from bot.settings import Settings
    from bot.store.keys import Keyring
    from bot.store.sqlite import SqliteStore

log = logging.getLogger("bot.run")


class Channel(Protocol):
    """Be a network the bot talks on."""

    sender: Sender

    async def start(self) -> None:
        """Come up, however long the network takes."""

    async def stop(self, seconds: float = 10.0) -> None:
        """Finish what is under way."""


_FINISH = 10.0
_SQLITE = "sqlite:///"


def run(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot run`."""
    file = arguments.settings or (Path(os.environ["OPTOUT_SETTINGS"]) if "OPTOUT_SETTINGS" in os.environ else None)
    settings = settings_module.from_process(file)
    set_up_logs(settings["LOG__LEVEL"], [value.reveal() for value in settings.values.values() if _is_secret(value)])
    try:
        faults = Faults(os.environ.get("OPTOUT_FAULT", ""))
    except FaultSetting as error:
        raise SettingsError(str(error)) from None
    if not settings["TELEGRAM__TOKEN"] and not _has_matrix(settings):
        raise SettingsError(
            "no channel has settings: give OPTOUT_TELEGRAM__TOKEN (BotFather gives you one), or "
            "OPTOUT_MATRIX__HOMESERVER, OPTOUT_MATRIX__USER_ID and OPTOUT_MATRIX__PASSWORD, "
            "or try the conversation without any with: optout-bot chat"
        )
    _check_telegram(settings)
    _check_matrix(settings)
    for name in ("OPERATOR__NAME", "OPERATOR__CONTACT", "OPERATOR__PRIVACY_URL"):
        if not settings[name]:
            log.warning("OPTOUT_%s is not set: people cannot see who runs this bot", name)
    watched = noted(settings["CONTENT"], settings["PACK"]) if arguments.watch else None
    loaded = load(
        settings["CONTENT"],
        pack=settings["PACK"],
        default_language=settings["DEFAULT_LANGUAGE"],
        operator=operator(settings),
    )
    running(loaded)
    return asyncio.run(_run(settings, loaded, faults, watched))


def _is_secret(value: object) -> bool:
    return isinstance(value, settings_module.Secret) and bool(value)


def _check_telegram(settings: Settings) -> None:
    if settings["TELEGRAM__MODE"] != "webhook":
        return
    for name, example in (
        ("TELEGRAM__WEBHOOK_URL", "https://bot.example.org/telegram"),
        ("TELEGRAM__WEBHOOK_SECRET", "16 to 256 letters and digits"),
    ):
        if not settings[name]:
            raise SettingsError(f"OPTOUT_TELEGRAM__MODE is webhook, so OPTOUT_{name} is needed, for example: {example}")


def _has_matrix(settings: Settings) -> bool:
    return bool(settings["MATRIX__HOMESERVER"] or settings["MATRIX__USER_ID"])


def _check_matrix(settings: Settings) -> None:
    if not _has_matrix(settings):
        return
    for name, example in (
        ("MATRIX__HOMESERVER", "https://matrix.example.org"),
        ("MATRIX__USER_ID", "@optout:example.org"),
    ):
        if not settings[name]:
            raise SettingsError(f"OPTOUT_{name} is needed for Matrix, for example: {example}")


async def _run(settings: Settings, loaded: Loaded, faults: Faults, watched: str | None) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, _asked_to_stop, stop)
    store, keyring = await _open_store(settings)
    try:
        return await _serve(settings, loaded, store, keyring, faults, stop, watched)
    finally:
        await store.close()


def _asked_to_stop(stop: asyncio.Event) -> None:
    if stop.is_set():
        # A second signal: somebody is in a hurry. Whatever is under way is found again at the next start.
        os._exit(130)
    log.info("stopping")
    stop.set()


async def _open_store(settings: Settings) -> tuple[SqliteStore, Keyring]:
    from bot.store.keys import keyring_from_file, keyring_from_text
    from bot.store.sqlite import SqliteStore

    url = settings["DATABASE_URL"]
    if url and not url.startswith(_SQLITE):
        raise SettingsError(
            "OPTOUT_DATABASE_URL: this version keeps its data in SQLite only; write sqlite:///path, or leave it out."
        )
    folder = settings.data_dir
    path = Path(url.removeprefix(_SQLITE)) if url else folder / "optout.db"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"OPTOUT_DATA_DIR: {folder} cannot be made ({error.strerror}).") from None
    key = settings["ENCRYPTION_KEY"]
    keyring = keyring_from_text(key.reveal()) if key else keyring_from_file(folder / "key")
    return await SqliteStore.open(path, keyring), keyring


async def _serve(
    settings: Settings,
    loaded: Loaded,
    store: SqliteStore,
    keyring: Keyring,
    faults: Faults,
    stop: asyncio.Event,
    watched: str | None,
) -> int:
    from bot.channels.http import HttpServer
    from bot.commands.watch import follow, source
    from bot.service.flood import Floods
    from bot.service.health import Health
    from bot.service.standing import affected, describe
    from bot.service.ticker import Ticker

    limits = settings["TELEGRAM__LIMITS"] == "telegram"
    # Whoever lifts the limits measures or tests: then nobody is too fast for us either.
    floods = Floods() if limits else None
    turns = await make_turns(loaded, store, lambda: datetime.now(UTC), faults=faults, floods=floods)
    library = turns.library
    if words := describe(await affected(library, store)):
        log.info("%s", words)
    health = Health(started=datetime.now(UTC), content=library.current().version)
    channels: dict[str, Channel] = {}
    telegram = _telegram(settings, library, turns, store, health) if settings["TELEGRAM__TOKEN"] else None
    if telegram is not None:
        channels["telegram"] = telegram
    matrix = _matrix(settings, turns, store, keyring, health) if _has_matrix(settings) else None
    if matrix is not None:
        channels["matrix"] = matrix
    turns.queued = lambda channel: channels[channel].sender.wake() if channel in channels else None
    server = HttpServer(settings["HTTP__LISTEN"], health, store, telegram.routes() if telegram else [])
    await server.start()
    ready = settings.data_dir / "ready.json"
    ticker: asyncio.Task[None] | None = None
    where = source(loaded, default_language=settings["DEFAULT_LANGUAGE"], operator=operator(settings))

    def taken(outcome: Reloaded) -> None:
        health.content = outcome.version
        if telegram is not None:
            telegram.content_changed()

    content = follow(turns, where, watching=watched is not None, before=watched or "", on_taken=taken)
    try:
        if all([await _up(channel, stop) for channel in channels.values()]):
            ticker = asyncio.create_task(Ticker(turns, store).run())
            _write_ready(ready, server.address, list(channels))
            log.info("ready; http://%s, channels: %s", server.address, ", ".join(channels))
            await _until_stopped(matrix, stop)
        return 0
    finally:
        with suppress(OSError):
            ready.unlink(missing_ok=True)
        for task in (content, ticker):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await server.stop()
        for channel in channels.values():
            await channel.stop(_FINISH)


def _telegram(
    settings: Settings, library: Library, turns: Turns, store: SqliteStore, health: Health
) -> TelegramChannel:
    from bot.channels.telegram.channel import Options, TelegramChannel

    hook = settings["TELEGRAM__MODE"] == "webhook"
    options = Options(
        settings["TELEGRAM__TOKEN"].reveal(),
        settings["TELEGRAM__API_URL"],
        settings["TELEGRAM__WEBHOOK_URL"] if hook else "",
        settings["TELEGRAM__WEBHOOK_SECRET"].reveal() if hook else "",
        limits=settings["TELEGRAM__LIMITS"] == "telegram",
    )
    return TelegramChannel(options, library, turns, store, health)


def _matrix(settings: Settings, turns: Turns, store: SqliteStore, keyring: Keyring, health: Health) -> MatrixChannel:
    from bot.channels.matrix.client import MatrixChannel
    from bot.channels.matrix.login import Account

    password, token = settings["MATRIX__PASSWORD"], settings["MATRIX__ACCESS_TOKEN"]
    account = Account(
        settings["MATRIX__HOMESERVER"],
        settings["MATRIX__USER_ID"],
        password.reveal() if password else "",
        token.reveal() if token else "",
        settings["MATRIX__DEVICE_ID"],
    )
    return MatrixChannel(
        account,
        turns,
        store,
        settings.data_dir / "matrix",
        keyring.derive("matrix keys"),
        health,
        allow=settings["MATRIX__ALLOW"],
        rooms=settings["MATRIX__ROOMS"],
    )


async def _until_stopped(matrix: MatrixChannel | None, stop: asyncio.Event) -> None:
    """Wait for the end; raises what ended a channel where only the operator can help."""
    stopping: asyncio.Future[object] = asyncio.ensure_future(stop.wait())
    waiting: list[asyncio.Future[Any]] = [stopping]
    if matrix is not None:
        waiting.append(matrix.failed)
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if matrix is not None and matrix.failed.done():
        matrix.failed.result()


async def _up(channel: Channel, stop: asyncio.Event) -> bool:
    """Bring a channel up, however long its network takes; False when we are told to stop meanwhile."""
    starting = asyncio.create_task(channel.start())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if starting.done():
        starting.result()
        return True
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    return False


def _write_ready(path: Path, address: str, channels: list[str]) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"pid": os.getpid(), "http": address, "channels": channels}), "utf-8")
    temporary.replace(path)
    sys.stderr.flush()
