"""The dialog as a picture."""

from __future__ import annotations

import argparse
import sys

from bot.app import load
from bot.content.draw.files import command_draw
from bot.errors import ContentError


def draw(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot draw`; a pack with problems is drawn too, with the problems marked."""
    loaded = load(arguments.content, pack=arguments.pack)
    if loaded.compiled.draft is None:
        raise ContentError(f"{loaded.problems[0]} Nothing can be drawn before that is mended.")
    return command_draw(
        loaded.compiled.draft,
        arguments.dialog,
        arguments.output,
        sys.stdout,
        topics=arguments.topics,
        problems=loaded.problems,
    )
