"""The page about privacy says what the store really does."""

from __future__ import annotations

from pathlib import Path

from bot.service.records import Retention

PAGE = (Path(__file__).parent.parent.parent / "docs" / "privacy.md").read_text("utf-8")


def test_the_page_names_every_time_the_store_keeps_something() -> None:
    kept = Retention()
    assert f"| {kept.idle_session.days} days after the last message" in PAGE
    assert f"| {kept.closed_case.days} days after it is closed, {kept.any_case.days} days (15 months) at most |" in PAGE
    assert f"{int(kept.unsent.total_seconds()) // 3600} hours at most |" in PAGE
    assert f"| {int(kept.handled.total_seconds()) // 3600} hours |" in PAGE
    assert f"| {int(kept.undecrypted.total_seconds()) // 3600} hour, as ciphertext |" in PAGE
    assert f"| {kept.dead_letter.days} days |" in PAGE
    assert f"| {kept.tombstone.days} days |" in PAGE
