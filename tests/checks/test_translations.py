"""What is said of a translation is true of it."""

from __future__ import annotations

import pytest

from bot.checks.kinds import Example
from bot.checks.sample import po
from tests.checks.trial import found


@pytest.mark.parametrize(
    ("source", "translation", "said"),
    [
        ("Which lamp is broken?", "Eine Lampe ist kaputt.", "The source ends with a question mark, the translation"),
        ("Where is it? Type it.", "Wo ist sie?", "The translation ends with a question mark, the source does not."),
    ],
)
def test_a_sentence_that_became_a_question_is_told_by_its_end(source: str, translation: str, said: str) -> None:
    (one,) = [problem for problem in found(Example(po((source, translation)))) if problem.code == "T306"]
    assert one.message.startswith(said)
