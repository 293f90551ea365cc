"""What a button carries: 64 bytes that come back from anybody, so they are read as hostile. Pure.

`1:<content version>:<turn>:<seal>:<place>:<answer>` – the seal binds all of it to one conversation, so that a payload
nobody was offered, one of another chat or one put together by hand is simply no button of ours.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass

from bot.engine.events import Pressed, Reacted

MOST_BYTES = 64
_FORMAT = "1"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Seal:
    """Seal and check payloads with a key that only this bot has."""

    key: bytes

    @staticmethod
    def of(token: str) -> Seal:
        """Make the seal of a bot; it stays the same as long as its token does."""
        return Seal(hmac.digest(token.encode(), b"optout-bot buttons", "sha256"))

    def write(self, conversation: str, version: str, place: str, turn: int, answer: str, number: int) -> str:
        """Give the payload of an answer (`number` counts from 1) of a question.

        Where place or answer are too long for it, the place goes under a short name and the answer under its number.
        """
        head = f"{_FORMAT}:{version[:4]}:{_in_36(turn)}"
        shapes = ((place, answer), (short(place), answer), (place, f"#{number}"), (short(place), f"#{number}"))
        for where, what in shapes:
            body = f"{where}:{what}"
            text = f"{head}:{self._sign(conversation, head, body)}:{body}"
            if len(text.encode()) <= MOST_BYTES:
                return text
        raise AssertionError("the last shape always fits")

    def read(self, conversation: str, data: str, place_of: Callable[[str], str | None]) -> Pressed | Reacted | None:
        """Read what came back; None for anything that this conversation was never offered."""
        if len(data.encode("utf-8", "replace")) > MOST_BYTES:
            return None
        parts = data.split(":", 5)
        if len(parts) != 6 or parts[0] != _FORMAT:
            return None
        _, version, turn, sign, where, what = parts
        expected = self._sign(conversation, f"{_FORMAT}:{version}:{turn}", f"{where}:{what}")
        if not hmac.compare_digest(sign.encode("utf-8", "replace"), expected.encode()):
            return None
        place = place_of(where) if where.startswith("~") else where
        if what.startswith("#"):
            return Reacted(int(what[1:]), turn=int(turn, 36))
        return Pressed(what, place or where, int(turn, 36))

    def _sign(self, conversation: str, head: str, body: str) -> str:
        text = f"{conversation}\n{head}\n{body}".encode("utf-8", "replace")
        return urlsafe_b64encode(hmac.digest(self.key, text, "sha256")[:6]).decode()


def short(place: str) -> str:
    """Give the short name of a place."""
    return "~" + urlsafe_b64encode(hmac.digest(b"place", place.encode(), "sha256")[:6]).decode()


def _in_36(number: int) -> str:
    text = ""
    number = max(0, number)
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return text
