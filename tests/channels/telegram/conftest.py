"""Content for the Telegram tests, read once."""

from __future__ import annotations

from functools import cache

import pytest

from bot.app import open_library
from bot.service.library import Library
from tests.kit import pets


@cache
def _shipped() -> Library:
    return open_library(operator={"name": "Consumer Advice", "contact": "help@example.org"})


@pytest.fixture
def shipped() -> Library:
    """Give the shipped conversation."""
    return _shipped()


@pytest.fixture
def small() -> Library:
    """Give the small conversation about pets."""
    return pets.library()
