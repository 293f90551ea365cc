"""Old versions of a pack stay loadable as long as somebody stands in them."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import orjson

from bot.engine.model import Pack
from bot.service.library import Library
from bot.service.ports import Packs

log = logging.getLogger("bot.versions")

Read = Callable[[str, Mapping[str, str]], Pack | None]
"""(name of the pack, its dialog files) -> the compiled pack, or None where it no longer fits the facts"""


def packed(files: Mapping[str, str]) -> bytes:
    """Make the bytes that a store keeps of a version's dialog files."""
    return zlib.compress(orjson.dumps(dict(files)))


def unpack(source: bytes) -> dict[str, str]:
    """Give the dialog files back."""
    files: dict[str, str] = orjson.loads(zlib.decompress(source))
    return files


async def keep_versions(
    library: Library,
    store: Packs,
    files: Mapping[str, str],
    read: Read,
    now: datetime,
    also: Collection[str] = (),
) -> int:
    """Keep the dialog files of the newest version, and load every older one that a session stands in.

    `also` names versions to load whether or not somebody stands in them yet: the one that is being replaced. Gives how
    many people stand in versions that can no longer be loaded: they are moved or restarted politely.
    """
    newest = library.newest
    await store.keep_pack(newest.version, packed(files), now)
    older: dict[str, Pack] = {}
    lost = 0
    for version, people in {**dict.fromkeys(also, 0), **await store.versions_in_use()}.items():
        if version == newest.version:
            continue
        source = await store.pack(version)
        pack = read(newest.name, unpack(source)) if source is not None else None
        if pack is None:
            lost += people
            if people:
                log.warning("version %s can no longer be loaded; people who stand in it: %d", version, people)
        else:
            older[version] = pack
    library.older = lambda name, version: older.get(version) if name == newest.name else None
    return lost
