"""Let `pybabel extract` read our texts: the method `optout` of `babel.extractors`.

With `babel.cfg` beside the dialogs, `pybabel extract -F babel.cfg -o messages.pot .` (and with it Weblate or whatever
else drives Babel) finds the same messages, contexts and comments as `optout-bot texts extract`. Texts are worked out of
whole packs, so that a place is called the same here and there; each file then gives those that stand in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from bot.app import load
from bot.commands.source_texts import gather
from bot.content.compile import PACK_FILE
from bot.errors import ContentError
from bot.texts.reconcile import Entry


class _File(Protocol):
    @property
    def name(self) -> str: ...


Found = tuple[int, str, tuple[str, ...], list[str]]
"""Line, name of the function that gettext would call, its arguments, comments."""


def extract(
    fileobj: _File, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Give the texts of one YAML file of a pack, as Babel wants them; ContentError where the pack cannot be read."""
    path = Path(fileobj.name).resolve()
    # A folder of facts has a pack.yaml of its own: the pack is what lies in «dialogs».
    pack = next((one for one in path.parents if one.parent.name == "dialogs" and (one / PACK_FILE).is_file()), None)
    if pack is None:
        raise ContentError(
            f"{fileobj.name}: this file lies in no pack; a pack is a folder of dialogs/ with a pack.yaml."
        )
    home = pack.parent.parent
    stamp = max(one.stat().st_mtime_ns for one in pack.rglob("*.yaml"))
    for entry in _texts(home, pack.name, stamp):
        if home / entry.file == path and entry.msgid:
            function, arguments = _call(entry)
            yield entry.line, function, arguments, [entry.place, *([entry.comment] if entry.comment else [])]


@lru_cache(maxsize=4)
def _texts(home: Path, pack: str, stamp: int) -> tuple[Entry, ...]:
    # Babel asks file by file; a pack is read once, and again when one of its files has changed.
    return tuple(gather(load(home, pack=pack)))


def _call(entry: Entry) -> tuple[str, tuple[str, ...]]:
    name, arguments = "gettext", [entry.msgid]
    if entry.plural is not None:
        name, arguments = "ngettext", [entry.msgid, entry.plural]
    if entry.context:
        return name.replace("gettext", "pgettext"), (entry.context, *arguments)
    return name, tuple(arguments)
