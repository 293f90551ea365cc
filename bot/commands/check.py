"""Every problem of dialogs, facts, letters and translations at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.app import not_collecting, provide
from bot.checks.command import command_check
from bot.checks.folder import pack_around, packs_in, short
from bot.checks.view import Outside, Played
from bot.content import folder
from bot.content.compile import Compiled, finish
from bot.content.resolve import answer_ids, resolve
from bot.engine.providers import Registry
from bot.engine.text import Text
from bot.errors import Problem, UsageError
from bot.facts import crosscheck
from bot.facts.lookalikes import lookalikes
from bot.facts.reads import READS as FACTS_READ
from bot.facts.texts import texts as facts_texts
from bot.letters import load as letters_load
from bot.letters.case import READS as LETTERS_READ
from bot.letters.models import Letters, Version
from bot.letters.models import texts as letters_texts
from bot.service import common
from bot.service.library import Library
from bot.texts.catalogue import Catalogues

if TYPE_CHECKING:
    from bot.service.examples.play import Played as Sample

DIFFERENT = 10
"""How many examples that differ are told one by one."""


def check(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot check`."""
    paths: list[Path] = arguments.paths or [_content(arguments)]

    def once(stream: TextIO) -> int:
        with not_collecting():
            code = command_check(paths, arguments.format, stream, prepare, play)
        if arguments.against is not None:
            from bot.commands.against import against

            # Programs read one list on stdout; who is affected is for the person who looks on.
            print(against(arguments.against, *_compared(arguments, paths)), file=_beside(arguments, stream))
        return code

    if not arguments.watch:
        return once(sys.stdout)
    from bot.commands.watch import again_and_again

    return again_and_again(once, _watched(paths), sys.stdout)


def _beside(arguments: argparse.Namespace, stream: TextIO) -> TextIO:
    return stream if arguments.format == "text" else sys.stderr


def _compared(arguments: argparse.Namespace, paths: list[Path]) -> tuple[Path | None, str | None]:
    """Give the content folder and the pack that a database is compared with: those of what is checked."""
    found = {one: None for path in paths for one in ([pack_around(path)] if path.is_file() else packs_in(path)) if one}
    packs = [one for one in found if arguments.pack in (None, one.name)]
    if len(packs) > 1:
        names = ", ".join(sorted(one.name for one in packs))
        raise UsageError(f"there are several packs here ({names}); say with --pack which one the database belongs to.")
    return (packs[0].parent.parent, packs[0].name) if packs else (arguments.content, arguments.pack)


def _content(arguments: argparse.Namespace) -> Path:
    """Give the folder to check: a pack where one was named, else all of the content."""
    if arguments.pack is not None:
        return folder.find(arguments.content, arguments.pack).pack
    return arguments.content or _home()


def _watched(paths: list[Path]) -> tuple[Path, ...]:
    """Give the folders whose files can change what `check` says about these paths."""
    found: dict[Path, None] = {}
    for path in paths:
        around = pack_around(path) if path.is_file() else None
        for pack in [around] if around else packs_in(path) or [path]:
            found |= {pack: None, pack.parent.parent / "locales": None}
    return tuple(found)


def _home() -> Path:
    """Give the folder of the shipped content, as somebody in it would type it."""
    home = folder.find().pack.parent.parent
    return Path(".") if home.resolve() == Path.cwd().resolve() else home


def prepare(pack: Path, catalogues: Catalogues, compiled: Compiled) -> Outside:
    """Read facts and letters of a pack for the checks."""
    provided = provide(pack, catalogues)
    found = []
    if compiled.draft is not None:
        common.register_kept(provided.registry, Library(compiled.draft, provided.registry, catalogues))
        slots = {name: _ids(compiled, provided.registry, name) for name in compiled.draft.slots}
        roles = {law.role for regime in provided.facts.regimes.values() for law in regime.laws.values()}
        found = letters_load.check(provided.letters, provided.registry, slots, roles)
    found += letters_load.never_written(provided.letters)
    found += crosscheck.overdue(provided.facts, datetime.now(UTC).date())
    found += crosscheck.unused_sources(provided.facts)
    found += lookalikes(provided.facts)
    found += _examples(pack)
    texts = [Text(msgid, place, context) for place, msgid, context in facts_texts(provided.facts)]
    texts += [
        Text(msgid, place, context) for place, msgid, context in letters_texts(provided.letters.letters, pack.name)
    ]
    return Outside(
        provided.registry,
        tuple(found),
        texts=tuple((text, None) for text in texts),
        reads=_looked_at(provided.letters.letters),
    )


def _examples(pack: Path) -> list[Problem]:
    """List what is wrong with the writing of the example files; whether they hold is what `test` says."""
    from bot.service.examples.reading import find_files, read_example, same_titles

    home = pack / "examples"
    found: list[Problem] = []
    examples = []
    for path in find_files([home]) if home.is_dir() else []:
        example, problems = read_example(f"{short(pack)}/{path.relative_to(pack).as_posix()}", path.read_bytes())
        found += problems
        examples += [example] if example is not None else []
    return [*found, *same_titles(examples)]


def _ids(compiled: Compiled, registry: Registry, name: str) -> tuple[str, ...]:
    """Give the ids a letter may have words for: those of the slot's list, or of its fixed answers where it has none."""
    assert compiled.draft is not None
    slot = compiled.draft.slots[name]
    if slot.source in registry.lists:
        return registry.lists[slot.source].every
    return tuple(answer_ids(compiled.draft, registry, slot) or ())


def _looked_at(letters: Letters) -> frozenset[str]:
    """Give the slots that facts and letters look at."""
    conditions = {
        one.name
        for _, sizes in letters.sizes()
        if isinstance(sizes, Version) and sizes.when
        for one in sizes.when.comparisons
    }
    return FACTS_READ | LETTERS_READ | conditions | frozenset(letters.follow_ups)


def play(pack: Path, catalogues: Catalogues, compiled: Compiled, registry: Registry) -> Played | None:
    """Play the example conversations of a pack: what they reach, and where the bot says something else than they do.

    None where there are no examples, or where the content would not run (the check itself lists why). A difference
    keeps the content from nothing, so here it is a warning; `test` shows the whole of it and fails. Facts and letters
    are those that `prepare` read.
    """
    from bot.service.examples.reading import find_files
    from bot.service.examples.suite import run

    home = pack / "examples"
    examples = find_files([home]) if home.is_dir() else []
    if not examples or compiled.draft is None:
        return None
    if any(one.level == "error" for one in resolve(compiled.draft, registry)):
        return None
    results = run(examples, Library(finish(compiled.draft), registry, catalogues))
    differences: dict[str, list[Problem]] = {}
    for one in results.played:
        if one.differences:
            differences.setdefault(_spoken(one, catalogues), []).append(one.differences[0].problem)
    told = {problem: language for language, ones in differences.items() for problem in _told(ones)}
    return Played(
        frozenset(
            passed.place
            for played in results.played
            for scene in played.scenes
            for turn in scene.turns
            for passed in turn.trace
            if passed.what == "entered"
        ),
        tuple(told),
        {problem: language for problem, language in told.items() if language != "en"},
    )


def _spoken(example: Sample, catalogues: Catalogues) -> str:
    """Give the language of an example, where it changes the one that is not English."""
    languages = [catalogues.nearest(one) for one in (example.language, example.last.language if example.last else "en")]
    return next((one for one in languages if one != "en"), "en")


def _told(differences: list[Problem]) -> Iterator[Problem]:
    """Tell the first difference of the first few examples: one change may touch nearly all of them."""
    for one in differences[:DIFFERENT]:
        yield replace(one, level="warning", hint=one.hint or "«optout-bot test» shows both.")
    if len(differences) > DIFFERENT:
        last = differences[DIFFERENT]
        message = f"{len(differences) - DIFFERENT} more examples, from this one on, go another way."
        yield replace(last, level="warning", message=message, hint="«optout-bot test» shows them.")
