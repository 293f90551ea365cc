"""Environment, settings file and secret files -> one frozen `Settings`. Every setting explains itself in one table."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import SettingsError

PREFIX = "OPTOUT_"
_OURS_ELSEWHERE = {"OPTOUT_CI", "OPTOUT_FAULT", "OPTOUT_SETTINGS"}
"""Variables of the tests and of `run` that are no settings."""


class Secret(str):
    """A text that never shows itself: `repr` and formatting give `***`. Use `reveal()` where it is needed."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Hide the value."""
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Hide the value."""
        return "***"

    def reveal(self) -> str:
        """Give the value itself."""
        return str.__str__(self)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name (`TELEGRAM__TOKEN`), how its text is read, its default, what it means, a right example."""

    name: str
    read: Callable[[str], Any]
    default: Any
    about: str
    example: str
    secret: bool = False


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("a text")
    return value.strip()


def _words(value: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", value) if word)


def _numbers(value: str) -> tuple[int, ...]:
    if not all(re.fullmatch(r"-?\d+", word) for word in _words(value)):
        raise ValueError("numbers with commas")
    return tuple(int(word) for word in _words(value))


def _path(value: str) -> Path:
    return Path(_text(value)).expanduser()


def _choice(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.strip().lower() not in words:
            raise ValueError("one of " + ", ".join(words))
        return value.strip().lower()

    return read


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value.strip()):
        raise ValueError("an address that begins with https:// or http://")
    return value.strip().rstrip("/")


def _listen(value: str) -> tuple[str, int]:
    match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^\s:]+):(\d{1,5})", value.strip())
    if not match or int(match[2]) > 65535:
        raise ValueError("host:port")
    return match[1].strip("[]"), int(match[2])


def _language(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}([_-][A-Za-z]{2,4})?", value.strip()):
        raise ValueError("a language code")
    return value.strip().replace("-", "_")


def _database(value: str) -> str:
    if not re.match(r"(sqlite:///.+|postgres(ql)?://.+)", value.strip()):
        raise ValueError("sqlite:///path or postgresql://…")
    return value.strip()


def _token(value: str) -> str:
    if not re.fullmatch(r"\d{3,20}:[A-Za-z0-9_-]{10,100}", value.strip()):
        raise ValueError("digits, a colon and the rest, as BotFather gave it")
    return value.strip()


def _webhook_secret(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.strip()):
        raise ValueError("16 to 256 of A-Z, a-z, 0-9, _ and -")
    return value.strip()


def _matrix_user(value: str) -> str:
    if not re.fullmatch(r"@[^\s:]+:[^\s]+", value.strip()):
        raise ValueError("a full Matrix id")
    return value.strip()


SETTINGS = (
    Setting("DATA_DIR", _path, None, "Folder for database, keys and `ready.json`.", "/var/lib/optout-bot"),
    Setting("DATABASE_URL", _database, "", "The database (default: a file in the data folder).", "sqlite:///bot.db"),
    Setting("CONTENT", _path, None, "Folder with your own `dialogs/` and `locales/`.", "/etc/optout-bot/content"),
    Setting("PACK", _text, None, "Which pack, where the content folder holds several.", "our_company"),
    Setting("DEFAULT_LANGUAGE", _language, "en", "Language for people whose own there is none of.", "de"),
    Setting("OPERATOR__NAME", _text, "", "Who runs this bot; shown by /privacy and /help.", "Consumer Advice Ltd."),
    Setting("OPERATOR__CONTACT", _text, "", "How to reach you.", "help@example.org"),
    Setting("OPERATOR__PRIVACY_URL", _url, "", "Your privacy policy.", "https://example.org/privacy"),
    Setting("OPERATOR__IDS", _words, (), "Your own ids on the networks, for operator commands.", "telegram:12345678"),
    Setting("ENCRYPTION_KEY", _text, "", "32 bytes as base64 or hex (default: a key file).", "base64 text", True),
    Setting("HTTP__LISTEN", _listen, ("127.0.0.1", 8080), "Where webhook and health pages listen.", "127.0.0.1:8080"),
    Setting("LOG__LEVEL", _choice("debug", "info", "warning", "error"), "info", "How much is logged.", "info"),
    Setting("TELEGRAM__TOKEN", _token, "", "The token BotFather gave you.", "12345678:AAE…", True),
    Setting("TELEGRAM__API_URL", _url, "https://api.telegram.org", "Another Bot API server.", "http://127.0.0.1:8081"),
    Setting("TELEGRAM__MODE", _choice("polling", "webhook"), "polling", "How updates come.", "polling"),
    Setting("TELEGRAM__WEBHOOK_URL", _url, "", "Public address of the webhook.", "https://bot.example.org/telegram"),
    Setting("TELEGRAM__WEBHOOK_SECRET", _webhook_secret, "", "Secret the webhook is called with.", "a-long-word", True),
    Setting("TELEGRAM__LIMITS", _choice("telegram", "off"), "telegram", "Keep to Telegram's rate limits.", "telegram"),
    Setting("MATRIX__HOMESERVER", _url, "", "Your homeserver.", "https://matrix.example.org"),
    Setting("MATRIX__USER_ID", _matrix_user, "", "The bot's Matrix id.", "@optout:example.org"),
    Setting("MATRIX__PASSWORD", _text, "", "The bot's password, for the first login.", "a password", True),
    Setting("MATRIX__ACCESS_TOKEN", _text, "", "An access token instead of a password.", "syt_…", True),
    Setting("MATRIX__DEVICE_ID", _text, "", "The device of that token.", "ABCDEFGHIJ"),
    Setting("MATRIX__ALLOW", _words, (), "Users or servers that may invite (default: the own server).", "example.org"),
    Setting("MATRIX__ROOMS", _words, (), "Rooms the bot joins by itself.", "#optout:example.org"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, read and checked. Secrets are `Secret`: they do not show in logs or tracebacks."""

    values: Mapping[str, Any]
    sources: Mapping[str, str]
    """Where each setting that was given came from: the variable, the file."""

    def __getitem__(self, name: str) -> Any:
        """Give a setting by its name (`TELEGRAM__TOKEN`)."""
        return self.values[name]

    @property
    def data_dir(self) -> Path:
        """The data folder, the platform's own unless set."""
        if self.values["DATA_DIR"] is not None:
            return Path(self.values["DATA_DIR"])
        from platformdirs import user_data_path

        return user_data_path("optout-bot", appauthor=False)


def load(environ: Mapping[str, str], file: Path | None = None) -> Settings:
    """Read all settings; a variable comes before its `…_FILE`, both before the settings file."""
    raw: dict[str, tuple[str, str]] = {}
    if file is not None:
        raw |= _from_file(file)
    raw |= _from_environment(environ)
    values: dict[str, Any] = {setting.name: setting.default for setting in SETTINGS}
    sources: dict[str, str] = {}
    for name, (text, source) in raw.items():
        setting = _BY_NAME[name]
        try:
            value = setting.read(text)
        except ValueError as error:
            shown = "" if setting.secret else f" «{text[:60]}»"
            raise SettingsError(
                f"{source}: expected {error}, read something else{shown}. For example: {setting.example}"
            ) from None
        values[name] = Secret(value) if setting.secret else value
        sources[name] = source
    return Settings(values, sources)


def _from_environment(environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for variable, text in sorted(environ.items()):
        # An empty variable is what compose files make of an unset one.
        if not variable.startswith(PREFIX) or variable in _OURS_ELSEWHERE or not text:
            continue
        name = variable.removeprefix(PREFIX)
        if name in _BY_NAME:
            found[name] = (text, variable)
        elif name.removesuffix("_FILE") in _BY_NAME and name.endswith("_FILE"):
            found.setdefault(name.removesuffix("_FILE"), (_secret_file(variable, Path(text)), variable))
        else:
            raise SettingsError(f"{variable}: there is no such setting. {_nearest(name)}")
    return found


def _secret_file(variable: str, path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if mode & 0o007:
            raise SettingsError(f"{variable}: everybody may read {path}; make it private with chmod 600 {path}.")
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(
            f"{variable}: {path} cannot be read ({reason}). Give the path of a file with the secret."
        ) from None


def _from_file(file: Path) -> dict[str, tuple[str, str]]:
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: the settings file cannot be read ({error.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f'{file}: this is no TOML ({error}). For example: default_language = "de"') from None
    found: dict[str, tuple[str, str]] = {}

    def walk(table: Mapping[str, Any], above: str) -> None:
        for key, value in table.items():
            name = f"{above}{key.upper()}"
            if isinstance(value, dict):
                walk(value, f"{name}__")
            elif name not in _BY_NAME:
                raise SettingsError(f"{file}: there is no setting {key}. {_nearest(name)}")
            else:
                text = ",".join(str(one) for one in value) if isinstance(value, list) else str(value)
                found[name] = (text, f"{file}: {name.lower().replace('__', '.')}")

    walk(data, "")
    return found


def _nearest(name: str) -> str:
    from rapidfuzz import process

    best = process.extractOne(name, list(_BY_NAME))
    return f"Did you mean {PREFIX}{best[0]}?"


def from_process(file: Path | None = None) -> Settings:
    """Read the settings of this process."""
    return load(os.environ, file)
