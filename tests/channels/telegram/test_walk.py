"""Every example conversation, through the strict double: every request valid, the same words as in the terminal."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.app import open_library
from bot.service.examples.model import Example
from bot.service.examples.reading import find_files, load
from bot.service.library import Library
from tests.kit.telegram_bot import telegram_bot
from tests.kit.walk import walk

FOLDER = Path(__file__).resolve().parents[3] / "dialogs" / "meta_ai" / "examples"
FILES = find_files([FOLDER])
BY_WEBHOOK = [path for path in FILES if path.stem in {"austria_full_way", "germany_in_a_hurry", "forget_keeps_nothing"}]


@cache
def content() -> Library:
    return open_library()


def example(path: Path) -> Example:
    found, problems = load(path, path.name)
    assert found is not None, problems
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_an_example_says_the_same_on_telegram_as_in_the_terminal(path: Path) -> None:
    played = example(path)
    async with telegram_bot(content(), start=played.now) as bot:
        await walk(bot, played, bot.person(played.language.text if played.language else "en"))


@pytest.mark.parametrize("path", BY_WEBHOOK, ids=lambda path: path.stem)
async def test_an_example_says_the_same_by_webhook(path: Path) -> None:
    played = example(path)
    async with telegram_bot(content(), start=played.now, webhook=True) as bot:
        await walk(bot, played, bot.person(played.language.text if played.language else "en"))
        assert bot.double.polls == 0
