"""The dialog as a picture."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bot.app import Loaded, load
from bot.checks.folder import check_folder, short
from bot.commands.check import prepare
from bot.content import folder
from bot.content.draw.files import Shown, command_draw
from bot.content.draw.picture import in_words
from bot.content.draw.traffic import moved
from bot.engine.model import Pack
from bot.errors import ContentError, Problem
from bot.store.peek import peek


def draw(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot draw`; a pack with problems is drawn too, with the problems marked."""
    loaded = load(arguments.content, pack=arguments.pack)
    if loaded.compiled.draft is None:
        raise ContentError(f"{loaded.problems[0]} Nothing can be drawn before that is mended.")
    pack = loaded.compiled.draft
    return command_draw(
        pack,
        arguments.dialog,
        arguments.output,
        sys.stdout,
        sys.stderr,
        topics=arguments.topics,
        each=arguments.each,
        shown=Shown(
            _problems(loaded, arguments.content, arguments.pack),
            _passages(loaded, arguments.content, arguments.pack) if arguments.coverage else None,
            _people(arguments.traffic, pack) if arguments.traffic is not None else None,
        ),
    )


def _problems(loaded: Loaded, content: Path | None, pack: str | None) -> list[Problem]:
    """List what `check` finds, with the file names that the states have."""
    home = folder.find(content, pack).pack
    assert loaded.compiled.draft is not None
    states = [state for dialog in loaded.compiled.draft.dialogs.values() for state in dialog.states.values()]
    files = {state.at.file for state in states if state.at is not None}
    found = []
    for problem in check_folder(home, prepare).problems:
        inside = problem.file.removeprefix(f"{short(home)}/")
        # The checks name a file as it is typed from here, the states perhaps from the pack.
        own = next((file for file in files if file == inside or file.endswith(f"/{inside}")), problem.file)
        found.append(replace(problem, file=own))
    return found


def _passages(loaded: Loaded, content: Path | None, pack: str | None) -> Counter[tuple[str, str]]:
    from bot.service.examples.suite import run

    if loaded.library is None:
        command = loaded.content.check
        raise ContentError(f"The examples can be played when the errors that «{command}» lists are mended.")
    return run([folder.find(content, pack).pack / "examples"], loaded.library).passages(loaded.library)


def _people(database: Path, pack: Pack) -> Counter[str]:
    """Count who stands in each place, whatever the version, and say who stands in none that can be drawn."""
    people, gone = moved(peek(database).people, pack)
    if gone:
        places = ", ".join([f"{place}: {count}" for place, count in gone.most_common(5)])
        print(
            f"Not on the picture: {in_words(gone.total())} of {gone.total() + people.total()}, standing where "
            f"this content has no state ({places}{', …' if len(gone) > 5 else ''}).",
            file=sys.stderr,
        )
    return people
