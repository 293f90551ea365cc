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
from typing import TYPE_CHECKING

from bot import settings as settings_module
from bot.app import load, make_turns, running
from bot.commands.chat import operator
from bot.commands.logs import set_up_logs
from bot.errors import SettingsError
from bot.service.faults import Faults, FaultSetting

if TYPE_CHECKING:
    from bot.app import Loaded
    from bot.channels.telegram.channel import TelegramChannel
    from bot.settings import Settings
    from bot.store.sqlite import SqliteStore

log = logging.getLogger("bot.run")

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
    if not settings["TELEGRAM__TOKEN"]:
        raise SettingsError(
            "no channel has settings: give OPTOUT_TELEGRAM__TOKEN (BotFather gives you one), "
            "or try the conversation without any with: optout-bot chat"
        )
    _check_telegram(settings)
    for name in ("OPERATOR__NAME", "OPERATOR__CONTACT", "OPERATOR__PRIVACY_URL"):
        if not settings[name]:
            log.warning("OPTOUT_%s is not set: people cannot see who runs this bot", name)
    loaded = load(settings["CONTENT"], default_language=settings["DEFAULT_LANGUAGE"], operator=operator(settings))
    running(loaded)
    return asyncio.run(_run(settings, loaded, faults))


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


async def _run(settings: Settings, loaded: Loaded, faults: Faults) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, _asked_to_stop, stop)
    store = await _open_store(settings)
    try:
        return await _serve(settings, loaded, store, faults, stop)
    finally:
        await store.close()


def _asked_to_stop(stop: asyncio.Event) -> None:
    if stop.is_set():
        # A second signal: somebody is in a hurry. Whatever is under way is found again at the next start.
        os._exit(130)
    log.info("stopping")
    stop.set()


async def _open_store(settings: Settings) -> SqliteStore:
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
    return await SqliteStore.open(path, keyring_from_text(key.reveal()) if key else keyring_from_file(folder / "key"))


async def _serve(settings: Settings, loaded: Loaded, store: SqliteStore, faults: Faults, stop: asyncio.Event) -> int:
    from bot.channels.http import HttpServer
    from bot.channels.telegram.channel import Options, TelegramChannel
    from bot.service.flood import Floods
    from bot.service.health import Health
    from bot.service.ticker import Ticker

    limits = settings["TELEGRAM__LIMITS"] == "telegram"
    # Whoever lifts the limits measures or tests: then nobody is too fast for us either.
    floods = Floods() if limits else None
    turns = await make_turns(loaded, store, lambda: datetime.now(UTC), faults=faults, floods=floods)
    library = turns.library
    health = Health(started=datetime.now(UTC), content=library.current().version)
    hook = settings["TELEGRAM__MODE"] == "webhook"
    options = Options(
        settings["TELEGRAM__TOKEN"].reveal(),
        settings["TELEGRAM__API_URL"],
        settings["TELEGRAM__WEBHOOK_URL"] if hook else "",
        settings["TELEGRAM__WEBHOOK_SECRET"].reveal() if hook else "",
        limits=limits,
    )
    telegram = TelegramChannel(options, library, turns, store, health)
    channels = {"telegram": telegram}
    turns.queued = lambda channel: channels[channel].sender.wake() if channel in channels else None
    server = HttpServer(settings["HTTP__LISTEN"], health, store, telegram.routes())
    await server.start()
    ready = settings.data_dir / "ready.json"
    ticker: asyncio.Task[None] | None = None
    try:
        if await _up(telegram, stop):
            ticker = asyncio.create_task(Ticker(turns, store).run())
            _write_ready(ready, server.address, list(channels))
            log.info("ready; http://%s, channels: %s", server.address, ", ".join(channels))
            await stop.wait()
        return 0
    finally:
        with suppress(OSError):
            ready.unlink(missing_ok=True)
        if ticker is not None:
            ticker.cancel()
            await asyncio.gather(ticker, return_exceptions=True)
        await server.stop()
        for channel in channels.values():
            await channel.stop(_FINISH)


async def _up(channel: TelegramChannel, stop: asyncio.Event) -> bool:
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
