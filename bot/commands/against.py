"""Say who would be affected by this content: people who stand in states that are gone (`check --against DB`)."""

from __future__ import annotations

from pathlib import Path

from bot.app import load, pack_reader
from bot.engine.model import Pack
from bot.errors import ContentError
from bot.service.standing import describe, standing
from bot.service.versions import unpack
from bot.store.peek import peek


def against(database: Path, root: Path | None = None, pack: str | None = None) -> str:
    """Compare where people stand in a database with a content folder, and say it in a few lines.

    Needs no key: versions and states stand in the clear. Raises `StoreError` where the file cannot be read.
    """
    found = peek(database)
    try:
        loaded = load(root, pack=pack)
    except ContentError:
        loaded = None
    if loaded is None or loaded.library is None:
        return f"{database}: who is affected can be said when the errors above are mended."
    newest = loaded.library.newest
    read = pack_reader(loaded.registry)
    versions = {version for version, _ in found.people}
    loadable = {
        version
        for version in versions
        if version in found.packs and read(newest.name, unpack(found.packs[version])) is not None
    }
    affected = standing(found.people, newest, loadable)
    people = sum(found.people.values())
    lines = [f"{database}: {_count(people, 'conversation')} in {_count(len(versions), 'version')} of the content."]
    lines.append(describe(affected) or "Nobody stands in a state that is gone.")
    lines += [_line(newest, place, count) for place, count in sorted({**affected.removed, **affected.renamed}.items())]
    if affected.removed:
        lines.append("To move them, add «renamed:» with «old_name: new_name» at the end of the dialog.")
    return "\n".join(lines)


def _line(pack: Pack, place: str, count: int) -> str:
    dialog, _, state = place.partition("/")
    home = pack.dialogs.get(dialog)
    new = home.renamed.get(state) if home else None
    return f"  {count:>6}  {place}{f' → {dialog}/{new}' if new else ''}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
