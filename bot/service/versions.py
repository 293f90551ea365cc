"""Old versions of a pack stay loadable as long as somebody stands in them."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime

import orjson

from bot.engine.model import Pack
from bot.service.library import Library
from bot.service.ports import Packs

log = logging.getLogger("bot.versions")

Read = Callable[[str, Mapping[str, str]], Pack | None]
"""(name of the pack, its dialog files) -> the compiled pack, or None where it no longer fits the facts"""


async def keep_versions(library: Library, store: Packs, files: Mapping[str, str], read: Read, now: datetime) -> int:
    """Keep the dialog files of the newest version, and load every older one that a session stands in.

    Gives how many people stand in versions that can no longer be loaded: they are moved or restarted politely.
    """
    newest = library.newest
    await store.keep_pack(newest.version, zlib.compress(orjson.dumps(dict(files))), now)
    older: dict[str, Pack] = {}
    lost = 0
    for version, people in (await store.versions_in_use()).items():
        if version == newest.version:
            continue
        source = await store.pack(version)
        pack = read(newest.name, orjson.loads(zlib.decompress(source))) if source is not None else None
        if pack is None:
            lost += people
            log.warning("version %s can no longer be loaded; %d people stand in it", version, people)
        else:
            older[version] = pack
    library.older = lambda name, version: older.get(version) if name == newest.name else None
    return lost
