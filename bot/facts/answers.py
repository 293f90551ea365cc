"""Cross-check: a word that people type stands for one answer of its list only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.recognise import normalise
from bot.errors import Problem
from bot.facts.models import Facts, FollowUp
from bot.facts.references import problem
from bot.facts.sheet import Path

Answers = Mapping[str, tuple[str, str | None]]
"""id -> label and match words"""


def of_products(facts: Facts) -> Answers:
    """Give what a person may use."""
    return {one.id: (one.name, one.also) for one in facts.products.values()}


def of_grounds(facts: Facts) -> Answers:
    """Give the reasons."""
    return {one.id: (one.label, one.also) for one in facts.grounds.values()}


def of_follow_up(follow_up: FollowUp) -> Answers:
    """Give the answers to a further question."""
    return {id: (one.label, one.also) for id, one in follow_up.options.items()}


def lists(facts: Facts) -> Iterator[tuple[Path, Answers]]:
    """List the answers that are offered together, with the path below which they stand."""
    yield ("products",), of_products(facts)
    yield ("grounds",), of_grounds(facts)
    for one in facts.follow_ups.values():
        yield ("follow_ups", one.id, "options"), of_follow_up(one)


def match_words(also: str | None) -> list[str]:
    """Split a text of match words (`insta, ig`)."""
    return [word for word in (piece.strip() for piece in (also or "").split(",")) if word]


def words_apart(facts: Facts) -> Iterator[Problem]:
    """Every word stands for one answer: what fits two would have to be asked back each time."""
    for path, answers in lists(facts):
        owner = {normalise(label): id for id, (label, _) in answers.items()}
        for id, (_, also) in answers.items():
            for word in match_words(also):
                other = owner.setdefault(normalise(word), id)
                if other != id:
                    message = f"«{word}» stands for {other} and {id}."
                    yield problem(facts, (*path, id, "also"), "F042", message, "Keep it for the likelier one.")
