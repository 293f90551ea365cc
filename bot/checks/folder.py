"""Read a content folder as it lies on disk, whatever is in it, and check every pack of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bot.checks.adopt import adopt
from bot.checks.beside import beside
from bot.checks.glossary import Glossary, read_glossary
from bot.checks.runner import run, tidy
from bot.checks.view import Outside, Played, View
from bot.content.compile import PACK_FILE, Compiled, read_pack
from bot.engine.providers import Registry
from bot.errors import ContentError, Problem
from bot.reader import MAX_BYTES, reading_once
from bot.texts.catalogue import Catalogues
from bot.texts.errors import TextProblem
from bot.texts.folder import find as find_catalogues

Prepare = Callable[[Path, Catalogues, Compiled], Outside]
"""Read facts and letters of a pack (its folder) and give the providers, with everything found wrong on the way."""


Cover = Callable[[Path, Catalogues, Compiled, Registry], Played | None]
"""Play the example conversations of a pack with what was read of it; None where that cannot be done."""

GLOSSARY = "glossary.yaml"
TEMPLATE = "messages.pot"
_OTHER_ENDING = re.compile(r"\.(?:yml|YAML|Yaml|YML|ya?ml\.txt)\Z")
"""What editors and browsers make of `.yaml`; the file would be missing, and nobody would know why."""


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome: every problem in order, and the files that were looked at."""

    problems: tuple[Problem, ...]
    files: frozenset[str]
    elsewhere: frozenset[Problem] = frozenset()
    """Errors in other files of the same content: what is wrong in this one may be told there."""

    @property
    def errors(self) -> int:
        """Count the problems that keep the content from being used."""
        return sum(1 for problem in self.problems if problem.level == "error")


def check_folder(content: Path, prepare: Prepare, cover: Cover | None = None) -> Found:
    """Check every pack of a content folder (one with `dialogs/`), or the one pack that `content` is.

    Nothing that lies there raises; only a folder without any pack is a `ContentError`.
    """
    packs = packs_in(content)
    if not packs:
        raise ContentError(f"{content}: there is no pack here; a pack is a folder with a pack.yaml.")
    problems: list[Problem] = []
    looked_at: set[str] = set()
    with reading_once():
        for pack in packs:
            found, files = _check_pack(pack, prepare, cover)
            problems += found
            looked_at |= files
    return Found(tuple(tidy(problems)), frozenset(looked_at))


def packs_in(path: Path) -> list[Path]:
    """Give the packs of a content folder, of its `dialogs`, the pack itself, or the one that a folder lies in."""
    around = pack_around(path / PACK_FILE)
    if around:
        return [around]
    for dialogs in (path / "dialogs", path):
        if dialogs.is_dir():
            packs = sorted(one for one in dialogs.resolve().iterdir() if (one / PACK_FILE).is_file())
            if packs:
                return packs
    return []


def pack_around(file: Path) -> Path | None:
    """Give the pack that a file belongs to, or None (catalogues belong to all packs beside them)."""
    # A pack has a `facts/pack.yaml` of its own: the outermost folder of an unbroken chain is the pack.
    found = next((folder for folder in file.resolve().parents if (folder / PACK_FILE).is_file()), None)
    while found is not None and (found.parent / PACK_FILE).is_file():
        found = found.parent
    return found


def _check_pack(pack: Path, prepare: Prepare, cover: Cover | None) -> tuple[list[Problem], set[str]]:
    prefix = f"{short(pack)}/"
    files, problems = read_folder(pack, prefix)
    locales = pack.parent.parent / "locales"
    catalogues, texts, wrong = _catalogues(locales)
    glossary, glossary_problems = _glossary(locales)
    compiled = _with_unread(read_pack(pack.name, files, prefix), prefix, problems)
    outside = _prepared(prepare, pack, catalogues, compiled)
    named = tuple(replace(one, file=_named(one.file, files, prefix)) for one in outside.problems)
    outside = Outside(
        outside.registry,
        (*named, *problems, *wrong, *glossary_problems),
        outside.whole,
        outside.texts,
        outside.constants,
        outside.reads,
    )
    play = None
    if cover and outside.whole and not any(one.level == "error" for one in compiled.problems):
        play = beside(partial(cover, pack, catalogues, compiled, outside.registry))
    view = View(
        compiled,
        files,
        prefix=prefix,
        outside=outside,
        catalogues=catalogues,
        locales=texts,
        glossary=glossary,
        template=_template(locales),
        play=play,
    )
    found = run(view)
    if any(one.level == "error" for one in found):
        # What the bot says while something is wrong proves nothing, and would hide what is wrong behind a crowd.
        played = view.played.problems if view.played else ()
        found = [one for one in found if one not in played and one.code != "E401"]
    return found, {*(prefix + path for path in files), *(file for file, _ in texts.values())}


def _with_unread(compiled: Compiled, prefix: str, problems: list[Problem]) -> Compiled:
    """Add the dialogs whose files could not even be opened: they are told at the file, not where they are called."""
    inside = {one.file.removeprefix(prefix) for one in problems if one.file.startswith(prefix)}
    return replace(compiled, unread=compiled.unread | {path.split(".")[0] for path in inside if "/" not in path})


def _prepared(prepare: Prepare, pack: Path, catalogues: Catalogues, compiled: Compiled) -> Outside:
    try:
        return prepare(pack, catalogues, compiled)
    except ContentError as error:
        found = adopt(error.problems)
        if not found:
            found = (Problem(f"{short(pack)}/{PACK_FILE}", 1, 1, "F007", str(error)),)
        return Outside(problems=found, whole=False)


def _named(file: str, files: Mapping[str, str], prefix: str) -> str:
    """Give a file of facts or letters the name it has here, however its own layer calls it."""
    return prefix + file if file in files else short(Path(file))


def read_folder(pack: Path, prefix: str) -> tuple[dict[str, str], list[Problem]]:
    """Read the YAML files of a pack: path inside the pack -> text, and what cannot be read.

    Only regular files that really lie inside the folder are opened; a link that leads out is named.
    """
    home = pack.resolve()
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(pack.rglob("*")):
        inside = path.relative_to(pack).as_posix()
        name = prefix + inside
        data = b""
        if _OTHER_ENDING.search(path.name) and path.is_file():
            problems.append(
                Problem(name, 1, 1, "Y032", "this file is not read: its name ends in another way.", "End it in .yaml.")
            )
        if path.suffix != ".yaml":
            continue
        try:
            if not path.resolve().is_relative_to(home):
                problems.append(
                    Problem(name, 1, 1, "Y030", "this link leads out of the pack.", "Put the file itself here.")
                )
            elif not path.is_file():
                problems.append(
                    Problem(name, 1, 1, "Y031", "this is no file.", "Delete it, or give it another ending.")
                )
            elif path.stat().st_size > MAX_BYTES:
                message = f"the file has {path.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read."
                problems.append(Problem(name, 1, 1, "Y003", message, "Split it."))
            else:
                data = path.read_bytes()
                files[inside] = data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            problems.append(
                Problem(name, line, 1, "Y004", "the file is not UTF-8 text.", "Save it with the encoding UTF-8.")
            )
        except (OSError, RuntimeError) as error:  # RuntimeError: links that lead to one another
            said = getattr(error, "strerror", None) or "the links lead in a circle"
            problems.append(Problem(name, 1, 1, "Y031", f"the file cannot be read ({said}).", "Look at its rights."))
    return files, problems


def _catalogues(locales: Path) -> tuple[Catalogues, dict[str, tuple[str, str]], list[Problem]]:
    files, problems = find_catalogues(locales) if locales.is_dir() else ({}, [])
    named = {language: (short(Path(file)), data) for language, (file, data) in files.items()}
    texts = {language: (file, data.decode("utf-8", "replace")) for language, (file, data) in named.items()}
    wrong = [Problem(short(Path(one.file)), *_rest(one)) for one in problems]
    return Catalogues(named), texts, wrong


def _template(locales: Path) -> str:
    """Read the texts as they were when they were last collected; nothing where that cannot be read."""
    try:
        return (locales / TEMPLATE).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _rest(one: TextProblem) -> tuple[int, int, str, str, str, Any]:
    return one.line, one.col, one.code, one.message, one.hint, one.level


def _glossary(locales: Path) -> tuple[Glossary | None, list[Problem]]:
    path = locales / GLOSSARY
    if not path.is_file():
        return None, []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None, [
            Problem(short(path), 1, 1, "Y004", "the file is not UTF-8 text.", "Save it with the encoding UTF-8.")
        ]
    return read_glossary(short(path), text)


def short(path: Path) -> str:
    """Give a path as a person would type it: relative to where they are, if it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return path.as_posix()


def only(found: Found, files: Mapping[str, object]) -> Found:
    """Keep what was found in these files."""
    kept = tuple(one for one in found.problems if one.file in files)
    others = frozenset(one for one in found.problems if one.level == "error" and one.file not in files)
    return Found(kept, frozenset(files), others)
