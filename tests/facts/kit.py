"""What the tests of the facts share: the shipped facts, and a way to read them with one thing changed."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from bot.engine.providers import Registry, Scope
from bot.errors import Problem
from bot.facts.load import load_facts, read_facts
from bot.facts.models import Facts
from bot.facts.parts import DateValue, LinkValue, Part
from bot.facts.providers import register

FOLDER = Path(__file__).parents[2] / "dialogs" / "meta_ai" / "facts"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@cache
def shipped() -> Facts:
    return load_facts(FOLDER)


@cache
def texts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")}


def changed(file: str, old: str, new: str) -> list[Problem]:
    """Read the shipped facts with one piece of one file replaced; give the problems."""
    assert texts()[file].count(old) >= 1, f"{old!r} is not in {file}"
    return read_facts({**texts(), file: texts()[file].replace(old, new, 1)})[1]


def name(code: str, language: str) -> str:
    return str(Locale.parse(language).territories[code])


def language_name(code: str, language: str) -> str:
    return str(Locale.parse(language).languages[code])


def plain(language: str, msgid: str, context: str | None = None) -> str:
    """Translate nothing, but show that it was asked for."""
    return msgid if language == "en" else f"<{language}>{msgid}"


@cache
def registry() -> Registry:
    made = Registry()
    register(made, shipped(), plain, name, language_name)
    return made


def scope(language: str = "en", **slots: Any) -> Scope:
    return Scope(slots, NOW, language)


def value(provider: str, language: str = "en", **slots: Any) -> Any:
    return registry().values[provider].get(scope(language, **slots))


def block(provider: str, language: str = "en", **slots: Any) -> list[Part]:
    found = registry().blocks[provider].get(scope(language, **slots))
    assert all(isinstance(part, Part) for part in found)
    return list(found)


def words(parts: list[Part] | tuple[Part, ...]) -> str:
    """Write parts as a person would roughly read them."""
    return "\n".join(" ".join([_one(part), *(_one(more) for more in part.after)]) for part in parts)


def _one(part: Part) -> str:
    text = part.code if part.code is not None else part.msgid
    for key, item in part.values.items():
        shown = item.iso if isinstance(item, DateValue) else item.label if isinstance(item, LinkValue) else item
        assert "{" + key + "}" in text, f"{text!r} does not use {key}"
        text = text.replace("{" + key + "}", shown)
    return text
