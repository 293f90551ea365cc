"""Send one message to Telegram and say what became of it, in the words every network shares."""

from __future__ import annotations

from typing import Any

import orjson

from bot.channels.telegram.client import ApiError, Client, NoAnswer, NoConnection
from bot.channels.telegram.inbound import address as address_of
from bot.channels.telegram.outbound import Call, Writer, calls, edit, plain
from bot.channels.telegram.raw import number
from bot.errors import Closed, Down, RefusedForGood, TryLater, Unknown
from bot.service.health import ChannelHealth
from bot.service.outbox import Rate
from bot.service.ports import Outbox
from bot.service.records import OutboxRow
from bot.texts.tree import Message

PRIVATE = Rate(10, 1.0)
"""Telegram wants one message a second in a private chat and lets short bursts pass; edits count too."""
GROUP = Rate(5, 0.25)
"""At most twenty in any minute: five at once and a quarter a second."""
NOTICES = Rate(30, 30.0)
_NO_TIME_GIVEN = 5.0
_LONGEST = 86_400.0

_GONE = (
    "bot was blocked", "user is deactivated", "chat not found", "bot was kicked", "bot can't initiate",
    "user not found", "peer_id_invalid", "bot is not a member", "group chat was deactivated", "have no rights",
    "not enough rights",
    "chat_write_forbidden", "need administrator rights",
)  # fmt: skip
_NOTHING_TO_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid", "message identifier")


class TelegramNetwork:
    """Be the `Network` of Telegram."""

    channel = "telegram"

    def __init__(self, client: Client, store: Outbox, writer: Writer, health: ChannelHealth, *, limits: bool) -> None:
        self._client = client
        self._store = store
        self.writer = writer
        self._health = health
        self._limits = limits
        self.notices = NOTICES if limits else None
        self._parts: dict[int, tuple[int, str]] = {}
        """How many calls of a row have arrived already, while a later one has to wait."""

    def lane(self, row: OutboxRow) -> tuple[str, Rate | None]:
        """Name the chat: topics of a group share its rate."""
        if not self._limits:
            return row.key, None
        chat = number(orjson.loads(row.address), "chat") or 0
        return str(chat), PRIVATE if chat > 0 else GROUP

    async def send(self, row: OutboxRow, message: Message) -> str:
        """Send a message, or edit the last question; gives the id of the message that carries the buttons."""
        where = orjson.loads(row.address)
        if message.replaces_last:
            receipt = await self._edit(row, where, message)
            if receipt is not None:
                return receipt
        done, receipt = self._parts.pop(row.id, (0, ""))
        todo = calls(message, row.key, self.writer)
        for position in range(done, len(todo)):
            try:
                receipt = await self._do(row, where, todo[position], message)
            except TryLater:
                if position:
                    self._remember(row.id, position, receipt)
                raise
        return receipt

    def _remember(self, row: int, done: int, receipt: str) -> None:
        self._parts[row] = (done, receipt)
        while len(self._parts) > 1000:
            self._parts.pop(next(iter(self._parts)))

    async def _edit(self, row: OutboxRow, where: dict[str, Any], message: Message) -> str | None:
        """Edit the last question; None when there is none any more and the message has to be sent anew."""
        offers = bool(message.choices)
        last = await self._store.last_receipt(row.key)
        call = edit(message, row.key, self.writer)
        if last is None or not last.receipt.isdigit() or call is None:
            return None if offers else ""
        values = {**call.values, "message_id": int(last.receipt)}
        try:
            await self._do(row, where, Call(call.method, values), message)
        except RefusedForGood as error:
            if isinstance(error, Closed) or not isinstance(error.__cause__, ApiError):
                raise
            if any(words in error.__cause__.description for words in _NOTHING_TO_EDIT):
                return None if offers else ""
            raise
        return last.receipt

    async def _do(self, row: OutboxRow, where: dict[str, Any], call: Call, message: Message) -> str:
        """Make one call; what Telegram says about it becomes one of the errors of sending."""
        try:
            return await self._call(where, call)
        except ApiError as error:
            if error.code == 400 and "can't parse entities" in error.description and "parse_mode" in call.values:
                self._health.mistake(message.place)
                return await self._do(row, where, plain(call), message)
            if error.code == 400 and where.get("thread") and "thread" in error.description:
                where.pop("thread")  # the topic was deleted: the group itself is still there
                return await self._do(row, where, call, message)
            if error.moved_to is not None:
                await self._follow(row, error.moved_to)
                raise TryLater("the group moved", 0.001) from error
            if "message is not modified" in error.description:
                return ""
            raise verdict(error) from error
        except NoConnection as error:
            raise Down(str(error), 0.0) from error
        except NoAnswer as error:
            raise Unknown(str(error)) from error

    async def _call(self, where: dict[str, Any], call: Call) -> str:
        values: dict[str, Any] = {"chat_id": where["chat"], **call.values}
        if where.get("thread") and not call.method.startswith("edit"):
            values["message_thread_id"] = where["thread"]
        if call.file is not None:
            file = call.file
            result = await self._client.upload(call.method, "document", file.name, file.media_type, file.data, **values)
        else:
            result = await self._client.call(call.method, **values)
        name = number(result, "message_id")
        return "" if name is None else str(name)

    async def _follow(self, row: OutboxRow, chat: int) -> None:
        """Let a group that became a supergroup go on under its new id (its topics begin anew)."""
        channel, bot, _, thread, person = row.key.split(":")
        new = ":".join((channel, bot, str(chat), thread, person))
        await self._store.move_conversation(row.key, new, address_of(chat, 0))


def verdict(error: ApiError) -> TryLater | RefusedForGood:
    """Say whether a refused call may work later, or never."""
    if error.code == 429:
        return TryLater("Telegram asks us to wait", _wait(error.parameters.get("retry_after")))
    if error.code in {401, 404, 409}:
        return Down(str(error), 30.0)
    if error.code >= 500:
        return TryLater(str(error), 0.0)
    if error.code == 403 or any(words in error.description for words in _GONE):
        return Closed(_why(error))
    if 300 <= error.code < 400:
        return Down(str(error), 30.0)
    return RefusedForGood(str(error))


def _wait(value: object) -> float:
    """Read `retry_after` in seconds, whatever it is; a little more is waited, because clocks differ."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
        return _NO_TIME_GIVEN
    return min(float(value), _LONGEST) + 0.5


def _why(error: ApiError) -> str:
    return next((words for words in _GONE if words in error.description), "forbidden")
