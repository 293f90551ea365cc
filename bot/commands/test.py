"""Play the example conversations, and record new ones."""

from __future__ import annotations

import argparse
import sys

from bot.app import load, open_library
from bot.service.examples.commands import command_record, command_test


def test(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot test`."""
    paths = arguments.paths or [load(arguments.content, pack=arguments.pack).content.pack / "examples"]
    return command_test(
        paths,
        lambda: open_library(arguments.content, pack=arguments.pack, operator=EXAMPLE_OPERATOR),
        sys.stdout,
        all_languages=arguments.all_languages,
        coverage=arguments.coverage,
        accept=arguments.accept,
        transcript=arguments.transcript,
    )


def record(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot record`: what comes in is played, until the end of the input or `:end`."""
    return command_record(
        arguments.file,
        lambda: open_library(arguments.content, pack=arguments.pack, operator=EXAMPLE_OPERATOR),
        sys.stdin,
        sys.stdout,
        title=arguments.title,
        language=arguments.lang,
    )


EXAMPLE_OPERATOR: dict[str, str] = {}
"""Examples are played without an operator, as in the terminal of somebody who only tries the bot."""
