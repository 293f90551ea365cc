"""The server: chats, updates, calls, and every fault a network or Telegram itself can have."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.kit.telegram_double import rules
from tests.kit.telegram_double.rules import Refused

TOKEN = "123456789:AAExampleTokenForTheDoubleOnly_0"
BOT_ID = 123456789
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Opt-out", "username": "OptOutDoubleBot"}
QUERY_LIVES = 15.0


@dataclass(slots=True)
class Fault:
    """Make calls fail: `how` is a status (429, 500, 401 …), `garbage`, `cut` (nothing happens), `lost` (it happens, the
    answer does not come), `truncated`, or `hang`.
    """

    method: str
    how: int | str
    times: int = 1
    chat: int | None = None
    description: str = "Fault"
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Sent:
    """One message of a chat, by whomever, as it stands now."""

    message_id: int
    chat: int
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    by_bot: bool = True
    file: tuple[str, str, bytes] | None = None
    thread: int | None = None
    at: float = 0.0


@dataclass(slots=True)
class Happened:
    """One thing the bot did that a person could see."""

    what: str
    message: Sent
    text: str
    entities: list[dict[str, Any]]
    markup: dict[str, Any] | None


class TelegramDouble:
    """Be a Bot API server; `violations` has to be empty at the end of a test (`check` says so)."""

    def __init__(self, token: str = TOKEN, number: int = BOT_ID) -> None:
        self.token = token
        self.me = {**BOT, "id": number}
        self.violations: list[str] = []
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[tuple[str, int, str]] = []
        self.faults: list[Fault] = []
        self.delay = 0.0
        self.flood_control = False
        self.blocked: set[int] = set()
        self.deactivated: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.closed_threads: set[int] = set()
        self.chats: dict[int, dict[int, Sent]] = {}
        self.log: list[Happened] = []
        self.profile: dict[tuple[str, str], Any] = {}
        self.left: list[int] = []
        self.pending: dict[int, dict[str, Any]] = {}
        self.allowed: list[str] | None = None
        self.webhook: dict[str, Any] | None = None
        self.queries: dict[str, float] = {}
        self.answered: dict[str, float] = {}
        self.under_way = 0
        self.polls = 0
        self._next_update = 1000
        self._next_message: dict[int, int] = {}
        self._news = asyncio.Event()
        self._poller = 0
        self._sent_at: dict[int, list[float]] = {}
        self._runner: web.AppRunner | None = None
        self._hooks: dict[object, asyncio.Queue[dict[str, Any]]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.on_call: Callable[[str, dict[str, Any]], None] = lambda method, values: None
        self.url = ""

    # --- life ---------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> TelegramDouble:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on loopback."""
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Stop listening; may be started again on the same port."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._news.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def check(self) -> None:
        """Fail where a rule was broken, or a button press was not answered in time."""
        for query, at in self.queries.items():
            took = self.answered.get(query, time.monotonic()) - at
            if query not in self.answered or took > QUERY_LIVES:
                self.violations.append(f"button press {query} was not answered in time ({took:.1f} s)")
        assert self.violations == []

    # --- what people do -----------------------------------------------------------------------------------------------

    def update(self, **kinds: Any) -> int:
        """Let an update wait for the bot, whatever it holds; gives its id."""
        number = self._next_update
        self._next_update += 1
        update = {"update_id": number, **kinds}
        kind = next(iter(kinds), "")
        if self.allowed is not None and kind not in self.allowed:
            return number
        if self.webhook:
            self._deliver(update)
        else:
            self.pending[number] = update
            self._news.set()
        return number

    def skip_ids(self, to: int) -> None:
        """Let update ids go on somewhere else."""
        self._next_update = to

    def message_id(self, chat: int) -> int:
        """Give the next message id of a chat."""
        self._next_message[chat] = self._next_message.get(chat, 0) + 1
        return self._next_message[chat]

    def press(self, chat: int, person: dict[str, Any], message: dict[str, Any] | None, data: str) -> str:
        """Let somebody press a button; gives the query's id."""
        query = f"q{len(self.queries) + 1}"
        self.queries[query] = time.monotonic()
        body = {"id": query, "from": person, "chat_instance": "1", "data": data}
        if message is not None:
            body["message"] = message
        self.update(callback_query=body)
        return query

    # --- calls --------------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _error(401, "Unauthorized")
        if method not in rules.MODELS:
            self.violations.append(f"unknown method {method}")
            return _error(404, "Not Found")
        self.under_way += method != "getUpdates"
        try:
            values, files = await _values(request)
            self.requests.append((method, values))
            self.on_call(method, values)
            if self.delay and method != "getUpdates":
                await asyncio.sleep(self.delay)
            fault = self._fault(method, values)
            if fault is not None and fault.how not in {"lost", "truncated"}:
                return await self._fail(request, fault)
            answer = await self._do(method, values, files)
            if fault is not None:
                return await self._fail(request, fault)
            return answer
        finally:
            self.under_way -= method != "getUpdates"

    def _fault(self, method: str, values: dict[str, Any]) -> Fault | None:
        for fault in self.faults:
            fits = fault.method in {method, "*"} and (fault.chat is None or values.get("chat_id") == fault.chat)
            if fits and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if isinstance(fault.how, int):
            self.refusals.append((request.match_info["method"], fault.how, fault.description))
            return _error(fault.how, fault.description, fault.parameters)
        if fault.how == "garbage":
            return web.Response(text="<html>502 Bad Gateway</html>", content_type="text/html")
        if fault.how == "truncated":
            return web.Response(text='{"ok": true, "result": {"message_', content_type="application/json")
        if fault.how == "hang":
            await asyncio.sleep(3600)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _do(self, method: str, values: dict[str, Any], files: dict[str, tuple[str, str, bytes]]) -> web.Response:
        try:
            checked = {**values, "document": "file"} if method == "sendDocument" else values
            rules.check_types(method, checked)
            result = await getattr(self, f"_{method}")(values, files)
        except Refused as error:
            self.violations.append(f"{method}: {error}")
            return _error(400, str(error))
        except Answer as error:
            self.refusals.append((method, error.code, error.description))
            return _error(error.code, error.description, error.parameters)
        return web.json_response({"ok": True, "result": result})

    async def _getMe(self, values: dict[str, Any], files: Any) -> Any:
        return {
            **self.me,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _getUpdates(self, values: dict[str, Any], files: Any) -> Any:
        if self.webhook:
            raise Answer(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        self.polls += 1
        self._poller += 1
        mine = self._poller
        offset = values.get("offset", 0)
        for number in [number for number in self.pending if number < offset]:
            del self.pending[number]  # this is «confirmed»
        if "allowed_updates" in values:
            self.allowed = values["allowed_updates"]
        self._news.set()
        end = time.monotonic() + min(values.get("timeout", 0), 50)
        while True:
            if self._poller != mine:
                raise Answer(409, "Conflict: terminated by other getUpdates request; make sure that only one bot runs")
            ready = sorted(self.pending)[: values.get("limit", 100)]
            if ready or time.monotonic() >= end:
                return [self.pending[number] for number in ready]
            self._news.clear()
            try:
                async with asyncio.timeout(max(0.001, end - time.monotonic())):
                    await self._news.wait()
            except TimeoutError:
                return []

    async def _setWebhook(self, values: dict[str, Any], files: Any) -> Any:
        self.webhook = values if values.get("url") else None
        self.allowed = values.get("allowed_updates", self.allowed)
        waiting, self.pending = self.pending, {}
        for update in waiting.values():
            self._deliver(update)
        return True

    async def _deleteWebhook(self, values: dict[str, Any], files: Any) -> Any:
        if values.get("drop_pending_updates"):
            self.violations.append("what people wrote while the bot was down was thrown away")
        self.webhook = None
        return True

    async def _sendMessage(self, values: dict[str, Any], files: Any) -> Any:
        chat = self._may_write(values)
        text, entities = rules.read_text(values)
        markup = values.get("reply_markup")
        rules.check_markup(markup)
        sent = Sent(self.message_id(chat), chat, text, entities, markup, thread=values.get("message_thread_id"))
        return self._put("new", sent)

    async def _sendDocument(self, values: dict[str, Any], files: dict[str, tuple[str, str, bytes]]) -> Any:
        chat = self._may_write(values)
        if set(files) != {"document"} or not files["document"][2]:
            raise Refused("Bad Request: file must be non-empty")
        return self._put("new", Sent(self.message_id(chat), chat, file=files["document"]))

    async def _editMessageText(self, values: dict[str, Any], files: Any) -> Any:
        sent = self._editable(values)
        text, entities = rules.read_text(values)
        return self._edit(sent, text, entities, values.get("reply_markup"))

    async def _editMessageReplyMarkup(self, values: dict[str, Any], files: Any) -> Any:
        sent = self._editable(values)
        return self._edit(sent, sent.text, sent.entities, values.get("reply_markup"))

    def _edit(self, sent: Sent, text: str, entities: list[dict[str, Any]], markup: Any) -> Any:
        rules.check_markup(markup)
        if (sent.text, sent.entities, sent.markup) == (text, entities, markup):
            raise Answer(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        sent.text, sent.entities, sent.markup = text, entities, markup
        return self._put("edit", sent)

    async def _answerCallbackQuery(self, values: dict[str, Any], files: Any) -> Any:
        query = values["callback_query_id"]
        if query not in self.queries:
            self.violations.append(f"an answer to a button press that never was: {query}")
        elif time.monotonic() - self.queries[query] > QUERY_LIVES:
            raise Answer(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answered.setdefault(query, time.monotonic())
        return True

    async def _setMyCommands(self, values: dict[str, Any], files: Any) -> Any:
        rules.check_commands(values)
        self.profile["commands", values.get("language_code", "")] = values["commands"]
        return True

    async def _setMyName(self, values: dict[str, Any], files: Any) -> Any:
        return self._set("setMyName", values)

    async def _setMyDescription(self, values: dict[str, Any], files: Any) -> Any:
        return self._set("setMyDescription", values)

    async def _setMyShortDescription(self, values: dict[str, Any], files: Any) -> Any:
        return self._set("setMyShortDescription", values)

    def _set(self, method: str, values: dict[str, Any]) -> bool:
        rules.check_length(method, values)
        field_name = rules.LENGTHS[method][0]
        self.profile[field_name, values.get("language_code", "")] = values[field_name]
        return True

    async def _leaveChat(self, values: dict[str, Any], files: Any) -> Any:
        self.left.append(values["chat_id"])
        return True

    # --- rules that need to know the chats ----------------------------------------------------------------------------

    def _may_write(self, values: dict[str, Any]) -> int:
        chat = int(values["chat_id"])
        if chat in self.migrated:
            raise Answer(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": self.migrated[chat]},
            )
        if chat in self.blocked:
            raise Answer(403, "Forbidden: bot was blocked by the user")
        if chat in self.deactivated:
            raise Answer(403, "Forbidden: user is deactivated")
        if chat not in self.chats:
            raise Answer(400, "Bad Request: chat not found")
        if values.get("message_thread_id") in self.closed_threads:
            raise Answer(400, "Bad Request: message thread not found")
        if self.flood_control:
            self._limit(chat)
        return chat

    def _limit(self, chat: int) -> None:
        now = time.monotonic()
        sent = self._sent_at.setdefault(chat, [])
        most, window = (20, 60.0) if chat < 0 else (20, 10.0)
        sent[:] = [at for at in sent if now - at < window]
        if len(sent) >= most:
            raise Answer(429, "Too Many Requests: retry after 3", {"retry_after": 3})
        sent.append(now)

    def _editable(self, values: dict[str, Any]) -> Sent:
        chat = self._may_write(values)
        sent = self.chats[chat].get(values["message_id"])
        if sent is None:
            raise Answer(400, "Bad Request: message to edit not found")
        if not sent.by_bot or sent.file is not None:
            raise Answer(400, "Bad Request: message can't be edited")
        return sent

    def _put(self, what: str, sent: Sent) -> dict[str, Any]:
        sent.at = time.time()
        self.chats[sent.chat][sent.message_id] = sent
        self.log.append(Happened(what, sent, sent.text, list(sent.entities), sent.markup))
        return self.as_json(sent)

    def as_json(self, sent: Sent) -> dict[str, Any]:
        """Give a message of the bot as Telegram tells it."""
        kind = "private" if sent.chat > 0 else "supergroup"
        data: dict[str, Any] = {
            "message_id": sent.message_id, "date": int(sent.at), "chat": {"id": sent.chat, "type": kind}, "from": BOT,
        }  # fmt: skip
        if sent.text:
            data["text"] = sent.text
        if sent.entities:
            data["entities"] = sent.entities
        if sent.markup:
            data["reply_markup"] = sent.markup
        if sent.file:
            data["document"] = {"file_id": "f", "file_unique_id": "f", "file_name": sent.file[0]}
        return data

    # --- webhook ------------------------------------------------------------------------------------------------------

    def _deliver(self, update: dict[str, Any]) -> None:
        """Post an update: one chat's messages one at a time and in order, button presses in a queue of their own."""
        query = update.get("callback_query")
        chat = (update.get("message") or {}).get("chat", {}).get("id")
        lane = ("press", query["from"]["id"]) if query else ("chat", chat)
        self.pending[update["update_id"]] = update
        if lane not in self._hooks:
            self._hooks[lane] = asyncio.Queue()
            self._tasks.append(asyncio.create_task(self._post_all(self._hooks[lane])))
        self._hooks[lane].put_nowait(update)

    async def _post_all(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                update = await queue.get()
                wait = 0.05
                while self.webhook and not await self._post(session, update):
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, 1.0)
                self.pending.pop(update["update_id"], None)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> bool:
        assert self.webhook is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        try:
            async with session.post(self.webhook["url"], json=update, headers=headers) as answer:
                return 200 <= answer.status < 300
        except aiohttp.ClientError:
            return False


class Answer(Exception):
    """Refuse a call for a reason that is no mistake of the bot."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}


def _error(code: int, description: str, parameters: dict[str, Any] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


async def _values(request: web.Request) -> tuple[dict[str, Any], dict[str, tuple[str, str, bytes]]]:
    if request.content_type == "application/json":
        return await request.json(), {}
    values: dict[str, Any] = {}
    files: dict[str, tuple[str, str, bytes]] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.content_type, value.file.read())
            continue
        assert isinstance(value, str)
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    return values, files
