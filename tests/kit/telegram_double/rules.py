"""What Telegram asks of a request: types by aiogram's generated method classes, rules that no type says by our own."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from aiogram import methods
from pydantic import ValidationError

from tests.kit.telegram_double.markup import CannotParse, parse_html, units

KNOWN = (
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "sendMessage", "editMessageText",
    "editMessageReplyMarkup", "sendDocument", "answerCallbackQuery", "setMyCommands", "setMyName", "setMyDescription",
    "setMyShortDescription", "leaveChat",
)  # fmt: skip
MODELS: dict[str, Any] = {name: getattr(methods, name[0].upper() + name[1:]) for name in KNOWN}


class Refused(Exception):
    """Carry the words of a 400."""


def check_types(method: str, values: dict[str, Any]) -> None:
    """Hold a request against the generated class of its method; unknown names are mistakes too."""
    model = MODELS[method]
    unknown = set(values) - set(model.model_fields)
    if unknown:
        raise Refused(f"unknown parameters {sorted(unknown)}")
    try:
        model.model_validate(values)
    except ValidationError as error:
        raise Refused(f"wrong types: {error.errors(include_input=False, include_url=False)}") from None


def read_text(values: dict[str, Any], name: str = "text", most: int = 4096) -> tuple[str, list[dict[str, Any]]]:
    """Parse and measure a text; raises `Refused` with Telegram's words."""
    source = values.get(name, "")
    if len(source.encode("utf-8", "surrogatepass")) > 32 * 1024:
        raise Refused("Bad Request: message is too long")
    mode = values.get("parse_mode")
    if mode == "HTML":
        try:
            text, entities = parse_html(source)
        except CannotParse as error:
            raise Refused(f"Bad Request: can't parse entities: {error}") from None
    elif mode is None:
        text, entities = source.strip(), []
    else:
        raise Refused(f"the bot never uses {mode}")
    if not text:
        raise Refused("Bad Request: message text is empty")
    if units(text) > most:
        raise Refused("Bad Request: message is too long")
    return text, entities[:100]


def check_markup(markup: Any) -> None:
    """Hold a keyboard against the rules."""
    if markup is None:
        return
    rows = markup["inline_keyboard"]
    buttons = [button for row in rows for button in row]
    if any(not row for row in rows) or len(buttons) > 100:
        raise Refused("Bad Request: reply markup is too long")
    for row in rows:
        if len(row) > 8:
            raise Refused("Bad Request: a row of more than eight buttons")
    for button in buttons:
        _button(button)
    data = [button["callback_data"] for button in buttons if "callback_data" in button]
    if len(set(data)) != len(data):
        raise Refused("two buttons of one message carry the same data")


def _button(button: dict[str, Any]) -> None:
    if not button.get("text", "").strip() or units(button["text"]) > 120:
        raise Refused("Bad Request: inline keyboard button text is empty or too long")
    kinds = set(button) - {"text", "style", "icon_custom_emoji_id"}
    if len(kinds) != 1:
        raise Refused("Bad Request: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise Refused("Bad Request: BUTTON_DATA_INVALID")
    if "url" in button:
        parts = urlsplit(button["url"])
        if parts.scheme not in {"http", "https", "tg"} or "." not in (parts.hostname or ""):
            raise Refused("Bad Request: BUTTON_URL_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= 256:
        raise Refused("Bad Request: BUTTON_COPY_TEXT_INVALID")


def check_commands(values: dict[str, Any]) -> None:
    """Hold a list of commands against the rules."""
    commands = values["commands"]
    if len(commands) > 100 or sum(len(c["command"]) + len(c["description"].encode()) for c in commands) > 5000:
        raise Refused("Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise Refused("Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= units(command["description"]) <= 256:
            raise Refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    check_language(values)


def check_language(values: dict[str, Any]) -> None:
    """A language has two letters or none."""
    if not re.fullmatch(r"([a-z]{2})?", values.get("language_code", "")):
        raise Refused("Bad Request: LANGUAGE_CODE_INVALID")


LENGTHS = {
    "setMyName": ("name", 64),
    "setMyDescription": ("description", 512),
    "setMyShortDescription": ("short_description", 120),
}


def check_length(method: str, values: dict[str, Any]) -> None:
    """Measure a name or a description."""
    field, most = LENGTHS[method]
    if units(values.get(field, "")) > most:
        raise Refused(f"Bad Request: {field} is too long")
    check_language(values)
