"""Play the example conversations, and record new ones."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TextIO

from bot.app import open_library
from bot.checks.folder import pack_around, packs_in
from bot.content import folder
from bot.errors import UsageError
from bot.service.examples.commands import command_record, command_test


def test(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot test`."""
    code = 0
    for pack, paths in _by_pack(arguments).items():
        content = (pack.parent.parent, pack.name) if pack else (arguments.content, arguments.pack)
        outcome = command_test(
            paths,
            partial(open_library, content[0], pack=content[1], operator=EXAMPLE_OPERATOR),
            sys.stdout,
            all_languages=arguments.all_languages,
            coverage=arguments.coverage,
            accept=arguments.accept,
            transcript=arguments.transcript,
        )
        code = max(code, outcome)
    return code


def _by_pack(arguments: argparse.Namespace) -> dict[Path | None, list[Path]]:
    """Give what is to be played, by the pack it is played with: that of the path itself, as `check` has it.

    None is the pack that was named (or the shipped one): for files that lie in no pack, and where `--content` says so.
    """
    if not arguments.paths:
        home = folder.find(arguments.content, arguments.pack).pack / "examples"
        # A pack without the folder has no examples yet; a path that was named and is not there is a slip.
        return {None: [home] if home.is_dir() else []}
    found: dict[Path | None, list[Path]] = {}
    for path in arguments.paths:
        around = pack_around(path / "x" if path.is_dir() else path)
        here = [] if around else packs_in(path)
        packs: Sequence[Path | None] = [around] if around else here
        if arguments.pack is not None and here:
            packs = [one for one in here if one.name == arguments.pack]
            if not packs:
                names = ", ".join(one.name for one in here)
                raise UsageError(f"{path}: there is no pack «{arguments.pack}»; there is {names}.")
        whole = packs and not around
        for pack in packs or [None]:
            played = pack if whole and pack is not None else path
            found.setdefault(None if arguments.content is not None else pack, []).append(played)
    return found


def record(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot record`: what comes in is played, until the end of the input or `:end`."""
    root, pack = _content(arguments)
    return command_record(
        arguments.file,
        lambda: open_library(root, pack=pack, operator=EXAMPLE_OPERATOR),
        _lines(),
        sys.stdout,
        title=arguments.title,
        language=arguments.lang,
    )


def _content(arguments: argparse.Namespace) -> tuple[Path | None, str | None]:
    """Give the content and the pack that were named, else those in which the new example lies."""
    around = pack_around(arguments.file)
    if arguments.content is None and arguments.pack is None and around is not None:
        return around.parent.parent, around.name
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
