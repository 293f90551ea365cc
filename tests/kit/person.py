"""Somebody who talks to the bot on Telegram: `await ada.says("Germany")`, `await ada.taps("Done")`, `ada.sees()`."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.kit.telegram_double.server import Happened, Sent, TelegramDouble

Settle = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Button:
    """A button on the screen."""

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""


def buttons_of(markup: dict[str, Any] | None) -> list[Button]:
    """Give all buttons of a keyboard, row by row."""
    return [
        Button(
            one["text"], one.get("callback_data", ""), one.get("url", ""), (one.get("copy_text") or {}).get("text", "")
        )
        for row in (markup or {}).get("inline_keyboard", [])
        for one in row
    ]


class NoSuchButton(AssertionError):
    """Say which buttons there are."""


class Person:
    """One person with one private chat. Every action ends when the bot has answered it."""

    def __init__(
        self, double: TelegramDouble, number: int, settle: Settle, language: str | None = "en", name: str = "Ada"
    ) -> None:
        self.double = double
        self.id = number
        self._settle = settle
        self.user: dict[str, Any] = {"id": number, "is_bot": False, "first_name": name}
        if language is not None:
            self.user["language_code"] = language
        double.chats.setdefault(number, {})
        self._seen = 0

    @property
    def chat(self) -> dict[str, Any]:
        """The private chat as Telegram names it."""
        return {"id": self.id, "type": "private", "first_name": self.user["first_name"]}

    async def says(self, text: str, **more: Any) -> list[Happened]:
        """Send a text and wait for the answers."""
        self.writes(text, **more)
        return await self.hears()

    def writes(self, text: str, at: float | None = None, **more: Any) -> int:
        """Send a text and wait for nothing; gives the update's id."""
        return self.sends(text=text, at=at, **more)

    def sends(self, at: float | None = None, **content: Any) -> int:
        """Send anything and wait for nothing."""
        name = self.double.message_id(self.id)
        date = int(time.time() if at is None else at)
        message = {"message_id": name, "date": date, "chat": self.chat, "from": self.user, **content}
        text = content.get("text")
        if isinstance(text, str):
            self.double.chats[self.id][name] = Sent(name, self.id, text, by_bot=False)
            if text.startswith("/"):
                length = len(text.split()[0]) if text.split() else 1
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.double.update(message=message)

    async def taps(self, words: str) -> list[Happened]:
        """Press the newest button with these words (or this answer id) and wait for what happens."""
        self.presses(words)
        return await self.hears()

    def presses(self, words: str) -> str:
        """Press a button and wait for nothing; gives the query's id."""
        for sent in sorted(self.double.chats[self.id].values(), key=lambda one: -one.message_id):
            for button in buttons_of(sent.markup):
                answer = button.data.rpartition(":")[2]
                if button.data and words in {button.label, button.label.removeprefix("✅ "), answer}:
                    return self.double.press(self.id, self.user, self.double.as_json(sent), button.data)
        raise NoSuchButton(f"there is no button {words!r}, only {[one.label for one in self.buttons]}")

    async def hears(self) -> list[Happened]:
        """Wait until the bot is quiet, and give what it did in this chat since the last time."""
        await self._settle()
        mine = [one for one in self.double.log if one.message.chat == self.id]
        new, self._seen = mine[self._seen :], len(mine)
        return new

    def sees(self) -> list[str]:
        """Give the bot's messages as they stand on the screen now, oldest first."""
        return [sent.text or f"[{sent.file[0]}]" if sent.file else sent.text for sent in self.screen]

    @property
    def screen(self) -> list[Sent]:
        """The bot's messages, oldest first."""
        found = sorted(self.double.chats[self.id].values(), key=lambda one: one.message_id)
        return [sent for sent in found if sent.by_bot]

    @property
    def buttons(self) -> list[Button]:
        """All buttons on the screen."""
        return [button for sent in self.screen for button in buttons_of(sent.markup)]

    def blocks(self) -> None:
        """Block the bot."""
        self.double.blocked.add(self.id)
        self._member("kicked")

    def unblocks(self) -> None:
        """Let the bot write again."""
        self.double.blocked.discard(self.id)
        self._member("member")

    def _member(self, status: str) -> None:
        bot = {"id": 123456789, "is_bot": True, "first_name": "Opt-out"}
        change = {
            "chat": self.chat, "from": self.user, "date": int(time.time()),
            "old_chat_member": {"user": bot, "status": "member"}, "new_chat_member": {"user": bot, "status": status},
        }  # fmt: skip
        self.double.update(my_chat_member=change)
