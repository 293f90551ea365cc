"""Every problem of dialogs, facts, letters and translations at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.app import load, provide
from bot.checks.command import command_check
from bot.checks.view import Outside
from bot.content import folder
from bot.content.compile import Compiled
from bot.content.resolve import answer_ids
from bot.engine.providers import Registry
from bot.engine.text import Text
from bot.facts.reads import READS as FACTS_READ
from bot.facts.texts import texts as facts_texts
from bot.letters import load as letters_load
from bot.letters.case import READS as LETTERS_READ
from bot.letters.models import Letters, Version
from bot.letters.models import texts as letters_texts
from bot.service import common
from bot.service.library import Library
from bot.texts.catalogue import Catalogues


def check(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot check`."""
    paths = arguments.paths or [arguments.content or _home()]
    return command_check(paths, arguments.format, sys.stdout, prepare, _covered)


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


def _covered(pack: Path) -> frozenset[str] | None:
    """Say which places the example conversations of a pack reach; None where there are no examples."""
    from bot.service.examples.suite import run

    examples = pack / "examples"
    if not examples.is_dir():
        return None
    loaded = load(pack.parent.parent, pack=pack.name)
    if loaded.library is None:
        return None
    results = run([examples], loaded.library)
    return frozenset(
        passed.place
        for played in results.played
        for scene in played.scenes
        for turn in scene.turns
        for passed in turn.trace
        if passed.what == "entered"
    )
