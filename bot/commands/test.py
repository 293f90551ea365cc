"""Play the example conversations, and record new ones."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from bot.app import open_library
from bot.checks.folder import pack_around, packs_in
from bot.content.folder import find
from bot.service.examples.commands import command_record, command_test


def test(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot test`."""
    paths: list[Path] = arguments.paths
    root, pack = _content(arguments, paths)
    if not paths:
        home = find(root, pack).pack / "examples"
        # A pack without the folder has no examples yet; a path that was named and is not there is a slip.
        paths = [home] if home.is_dir() else []
    return command_test(
        paths,
        lambda: open_library(root, pack=pack, operator=EXAMPLE_OPERATOR),
        sys.stdout,
        all_languages=arguments.all_languages,
        coverage=arguments.coverage,
        accept=arguments.accept,
        transcript=arguments.transcript,
    )


def record(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot record`: what comes in is played, until the end of the input or `:end`."""
    root, pack = _content(arguments, [arguments.file])
    return command_record(
        arguments.file,
        lambda: open_library(root, pack=pack, operator=EXAMPLE_OPERATOR),
        _lines(),
        sys.stdout,
        title=arguments.title,
        language=arguments.lang,
    )


def _content(arguments: argparse.Namespace, paths: list[Path]) -> tuple[Path | None, str | None]:
    """Give the content and the pack that were named, else those in which the examples lie."""
    if arguments.content is None and arguments.pack is None:
        around = [packs_in(path) if path.is_dir() else [pack_around(path)] for path in paths]
        packs = {pack for packs in around for pack in packs if pack is not None}
        if len(packs) == 1:
            found = packs.pop()
            return found.parent.parent, found.name
    return arguments.content, arguments.pack


def _lines() -> Iterator[str]:
    """Give what comes in; in a terminal with a prompt, and arrows and earlier lines where Python has readline."""
    stdin: TextIO | None = sys.stdin  # None where it was closed before the start
    if stdin is None or not stdin.isatty():
        yield from stdin or ()
        return
    with suppress(ImportError):
        import readline  # noqa: F401 - `input` uses it once it is there
    with suppress(EOFError):
        while True:
            yield input("\n› ")


EXAMPLE_OPERATOR: dict[str, str] = {}
"""Examples are played without an operator, as in the terminal of somebody who only tries the bot."""
