"""A tiny second company: its letters and, in a few lines, what its facts would offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.engine.effects import Value
from bot.engine.providers import ListProvider, Registry, Scope, ValueProvider
from bot.letters.case import CompanyFacts
from bot.letters.load import Source, load

TINY = Path(__file__).parent / "tiny"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def same(language: str, msgid: str, context: str | None = None) -> str:
    """Speak English, whatever is asked."""
    return msgid


def longer(language: str, msgid: str, context: str | None = None) -> str:
    """Speak a made-up language that needs a quarter more room than English."""
    return msgid + "~" * (len(msgid) // 4) if language == "de" else msgid


def scope(language: str = "en", /, **slots: Value) -> Scope:
    """Say what a person answered."""
    return Scope(slots, NOON, language)


def tiny_registry() -> Registry:
    """Offer what the tiny company's facts would offer."""
    registry = Registry()
    registry.values |= {
        "controller": ValueProvider("text", lambda _: "Tiny Ltd"),
        "deadline": ValueProvider("date", lambda scope: "2026-12-07" if "sent_on" in scope.slots else None),
        "right": ValueProvider("choice", lambda _: "yes", choices=("yes", "no")),
    }
    registry.lists["grounds"] = ListProvider(
        every=("paper", "noise"),
        ids=lambda scope: ("noise",) if scope.slots.get("territory") == "FR" else ("paper", "noise"),
        label=lambda one, _: one,
        words=lambda _, __: (),
    )
    return registry


def tiny_facts(laws: Mapping[str, str] | None = None) -> CompanyFacts:
    """Offer what the tiny company's facts would offer beside the registry."""
    cited = dict(laws or {})
    return CompanyFacts(
        laws=lambda _: cited,
        address=lambda _: ("Tiny Ltd", "1 Small Road"),
        share_link=lambda _: None,
        asks={"paper": "waste", "noise": "waste"},
        roles=frozenset(cited),
    )


def tiny() -> Source:
    """Read the tiny company's letters."""
    return load(TINY)
