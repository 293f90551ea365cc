"""The Telegram channel as a whole: opened, started, stopped by the command that runs the bot."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.routing import Route
from telegram import User
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.client import Client
from bot.channels.telegram.inbound import ALLOWED, Reader
from bot.channels.telegram.intake import CHANNEL, Intake
from bot.channels.telegram.network import TelegramNetwork
from bot.channels.telegram.outbound import Writer
from bot.channels.telegram.payload import Seal, short
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.profile import register
from bot.channels.telegram.webhook import Webhook
from bot.engine.session import Session
from bot.errors import SettingsError
from bot.service.health import Health
from bot.service.library import Library
from bot.service.outbox import Sender
from bot.service.ports import Store
from bot.service.records import Batch, Note
from bot.service.turns import Turns
from bot.texts.tree import Message, Paragraph, Run

log = logging.getLogger("bot.telegram")

_TERRITORIES = "territories"
"""Name of the provider's list a poster's link may name one of."""
_BOT_NOTE = "bot"


@dataclass(frozen=True, slots=True)
class Options:
    """How the channel is set up. `in_place` False leaves the buttons of answered questions where they are."""

    token: str
    api_url: str
    webhook_url: str = ""
    webhook_secret: str = ""
    limits: bool = True
    in_place: bool = True


class TelegramChannel:
    """Hold everything of the channel; `open` before `start`, `stop` at the end."""

    def __init__(self, options: Options, library: Library, turns: Turns, store: Store, health: Health) -> None:
        self._options = options
        self._library = library
        self._turns = turns
        self._store = store
        self._health = health.channel(CHANNEL)
        self._seal = Seal.of(options.token)
        self._client = Client(options.token, options.api_url)
        self._network = TelegramNetwork(self._client, store, self._writer(), self._health, limits=options.limits)
        self.sender = Sender(self._network, store, turns, self._health)
        self._username = ""
        self._intake = Intake(
            self._client, turns, store, Reader(0, "", self._seal), self._health,
            invitation=self._invitation, in_place=options.in_place, buttons=self._has_buttons,
        )  # fmt: skip
        self._webhook: Webhook | None = None
        if options.webhook_url:
            path = urlsplit(options.webhook_url).path
            self._webhook = Webhook(path, options.webhook_secret, self._intake, self._health)
        self._tasks: list[asyncio.Task[None]] = []

    def routes(self) -> list[Route]:
        """Give the webhook's route, if there is one."""
        return self._webhook.routes() if self._webhook else []

    async def start(self) -> None:
        """Come up: ask who we are, tell Telegram how updates shall come, begin to receive and send.

        Waits patiently while Telegram cannot be reached. Raises `SettingsError` for a token Telegram does not know and
        for the token of another bot than this database belongs to.
        """
        await self._client.open()
        me = await self._who()
        await self._same_bot(me)
        self._username = me.username or ""
        self._intake.reader = self._reader(me)
        await self._delivery()
        self._tasks.append(asyncio.create_task(self.sender.run()))
        if self._webhook is not None:
            self._tasks.append(asyncio.create_task(self._webhook.run()))
        else:
            poller = Poller(self._client, self._intake, self._turns, self._health)
            self._tasks.append(asyncio.create_task(poller.run()))
        self._tasks.append(asyncio.create_task(register(self._client, self._store, self._library)))
        for task in self._tasks:
            task.add_done_callback(_ended)
        self._health.up = True

    async def stop(self, seconds: float = 10.0) -> None:
        """Receive nothing more, finish what is being sent, close the connections."""
        self._health.up = False
        async with self._intake.between_batches:
            for task in self._tasks[1:]:
                task.cancel()
            await asyncio.gather(*self._tasks[1:], return_exceptions=True)
        await self._intake.finish(seconds / 2)
        await self.sender.stop(seconds)
        for task in self._tasks[:1]:
            task.cancel()
        await asyncio.gather(*self._tasks[:1], return_exceptions=True)
        await self._client.close()

    def content_changed(self) -> None:
        """Write, read and describe ourselves by the content as it is now (the library was exchanged inside)."""
        self._network.writer = self._writer()
        reader = self._intake.reader
        self._intake.reader = self._reader_for(reader.bot, reader.username)
        if self._tasks:
            task = asyncio.create_task(register(self._client, self._store, self._library))
            task.add_done_callback(_ended)
            self._tasks.append(task)

    async def _who(self) -> User:
        for trouble in range(1, 1_000_000):
            try:
                return await self._client.bot.get_me(read_timeout=20)
            except InvalidToken:
                raise SettingsError(
                    "OPTOUT_TELEGRAM__TOKEN: Telegram does not know this token; copy it again from BotFather "
                    "(digits, a colon, letters), or ask BotFather for a new one with /token."
                ) from None
            except TelegramError as error:
                await self._patience(trouble, error)
        raise AssertionError("a million tries take years")

    async def _patience(self, trouble: int, error: TelegramError) -> None:
        """Wait for a network that is not there yet, longer each time up to a minute."""
        self._health.deaf(f"Telegram cannot be reached yet, trying again and again ({error.message})")
        await asyncio.sleep(min(60.0, 2.0 ** min(trouble - 1, 6)) * (0.75 + 0.5 * random.random()))  # noqa: S311

    async def _same_bot(self, me: User) -> None:
        noted = (await self._store.notes(CHANNEL)).get(_BOT_NOTE)
        if noted is not None and noted.decode() != str(me.id):
            raise SettingsError(
                f"OPTOUT_TELEGRAM__TOKEN: this is the token of @{me.username} ({me.id}), but the database belongs to "
                f"the bot {noted.decode()}; give that bot's token, or another OPTOUT_DATA_DIR."
            )
        if noted is None:
            note = Note(CHANNEL, _BOT_NOTE, str(me.id).encode())
            await self._store.commit(Batch(self._turns.clock(), CHANNEL, notes=(note,)))

    async def _delivery(self) -> None:
        """Set the webhook, or take it away so that polling works; nothing that waits is thrown away."""
        for trouble in range(1, 1_000_000):
            try:
                if self._options.webhook_url:
                    await self._client.bot.set_webhook(
                        self._options.webhook_url, secret_token=self._options.webhook_secret, allowed_updates=ALLOWED
                    )
                else:
                    await self._client.bot.delete_webhook(drop_pending_updates=False)
                return
            except TelegramError as error:
                await self._patience(trouble, error)

    def _reader(self, me: User) -> Reader:
        return self._reader_for(me.id, me.username or "")

    def _reader_for(self, bot: int, username: str) -> Reader:
        pack, registry = self._library.current(), self._library.registry
        places = {
            short(f"{dialog.name}/{state}"): f"{dialog.name}/{state}"
            for dialog in pack.dialogs.values()
            for state in dialog.states
        }
        slot = next((slot.name for slot in pack.slots.values() if slot.source == _TERRITORIES), None)
        listed = registry.lists.get(_TERRITORIES)
        spoken = {language.partition("_")[0].lower() for language in self._library.catalogues.languages}
        return Reader(
            bot, username, self._seal, places.get, slot, frozenset(listed.every if listed else ()),
            lambda language: language.partition("-")[0].lower() in spoken,
        )  # fmt: skip

    def _writer(self) -> Writer:
        pack = self._library.current()

        def words(name: str, language: str) -> str:
            rule = pack.commands.get(name)
            text = pack.phrases.get(f"button_{name}") or (rule.about if rule else None)
            return self._library.words(language, text) if text else ""

        return Writer(self._seal, pack.version, frozenset(pack.commands), words)

    def _has_buttons(self, session: Session) -> bool:
        """Say whether the question a person stands at was sent with answers to press or with the way back."""
        pack = self._library.pack(session.pack, session.version) or self._library.current()
        dialog = pack.dialogs.get(session.top.dialog)
        state = dialog.states.get(session.top.state) if dialog else None
        if state is None or session.maybe or state.answers or state.choose or state.pick:
            return True
        return session.turn > 1 and self._network.writer.words("back", session.language) != ""

    def _invitation(self, wanted: str) -> Message | None:
        """Give what is said in a group: let us talk in private, with a link that opens the private chat."""
        pack = self._library.current()
        text, label = pack.phrases.get("private"), pack.phrases.get("button_private")
        if text is None or label is None or not self._username:
            return None
        language = self._library.negotiate(wanted)
        code = language.partition("_")[0].lower()
        url = f"https://t.me/{self._username}?start={code}"
        words = self._library.words(language, label)
        body = (Paragraph((Run(self._library.words(language, text)),)), Paragraph((Run(words, url=url),)))
        return Message(body, language=language)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("a part of the Telegram channel ended: %s", type(task.exception()).__name__)
