"""The shipped facts with the shipped German catalogue: short enough to read, and wholly German."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.engine.providers import Scope
from bot.facts.texts import texts
from bot.texts.plain import to_plain
from tests.facts.kit import shipped
from tests.kit.shipped import loaded

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BUTTON = 34
SAME = {
    "Facebook", "Instagram", "Threads", "Videos", "Japan", "Nigeria", "Name",
    "**{date}**", "**{place}**", "({source})", "{source} ({date})", "**{cite}**: {use}",
}  # fmt: skip
"""Texts that are rightly the same in both languages."""


def place(regime: str) -> str:
    """Give a territory of this regime."""
    return next(code for code, one in shipped().territories.items() if one.regime == regime)


def block(name: str, territory: str) -> str:
    return to_plain(loaded().registry.blocks[name].get(Scope({"territory": territory}, NOW, "de")))


@pytest.mark.parametrize("regime", shipped().regimes)
def test_the_german_summary_of_every_regime_has_at_most_six_hundred_characters(regime: str) -> None:
    summary = block("policy_summary", place(regime))
    assert 150 < len(summary) <= 600


@pytest.mark.parametrize("regime", shipped().regimes)
@pytest.mark.parametrize("name", ["policy_summary", "policy_details", "self_help", "after_steps", "law", "story"])
def test_no_block_of_the_facts_has_english_in_it(regime: str, name: str) -> None:
    said = block(name, place(regime))
    for line in said.splitlines():
        # In a line with its source in brackets the source keeps its own name; the UK act is called as it is.
        ours = re.sub(r" \([^()]*(\([^()]*\)[^()]*)*\)$", "", line)
        assert not re.search(r"\b(the|and|you|your|with|not|this|that|of|to|is|are)\b", ours), line


def test_every_text_of_the_facts_is_said_in_german() -> None:
    for where, text, context in texts(shipped()):
        if text not in SAME:
            assert loaded().catalogues.label("de", text, context) != text, (where, text)


def test_german_labels_fit_a_button_and_differ_within_their_question() -> None:
    facts = shipped()
    questions = {
        "grounds": [one.label for one in facts.grounds.values()],
        "products": [one.name for one in facts.products.values()],
        **{name: [option.label for option in one.options.values()] for name, one in facts.follow_ups.items()},
    }
    for question, labels in questions.items():
        german = [loaded().catalogues.label("de", label) for label in labels]
        assert max(map(len, german)) <= BUTTON, (question, max(german, key=len))
        assert len(set(german)) == len(german), question


def test_what_we_could_not_confirm_is_said_in_german_too() -> None:
    for claim in shipped().claims.values():
        german = loaded().catalogues.label("de", claim.text)
        confirmed = not re.search(r"nicht bestätigen|konnten.*bestätigen", german)
        assert ("could not confirm" not in claim.text) is confirmed, claim.text


def test_nobody_is_told_in_german_that_no_right_exists_where_none_is_merely_known() -> None:
    facts = shipped()
    for claim in facts.claims.values():
        if any(facts.regimes[regime].right == "unknown" for regime in facts.expand(claim.regimes)):
            assert not re.search(r"[Kk]ein\w* Recht", loaded().catalogues.label("de", claim.text))
