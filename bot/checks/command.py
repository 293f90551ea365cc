"""The command `optout-bot check`: look at content and write down what was found, for people, programs or GitHub."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TextIO

from bot.checks.folder import Cover, Found, Prepare, check_folder, only, pack_around, packs_in, short
from bot.errors import ContentError, Problem

Format = Literal["text", "json", "github"]


def command_check(
    paths: Sequence[Path], fmt: Format, stream: TextIO, prepare: Prepare, cover: Cover | None = None
) -> int:
    """Check these folders or files and write the problems to `stream`; 1 where there are errors, 2 for a wrong path.

    A path is a content folder, its `dialogs`, a pack, or a single file: then its whole pack is read (one text can be
    wrong because of another) and only what was found in that file is told.
    """
    problems: list[Problem] = []
    files: set[str] = set()
    elsewhere: set[Problem] = set()
    try:
        for found in _found(paths, prepare, cover):
            problems += found.problems
            files |= found.files
            elsewhere |= found.elsewhere
    except ContentError as error:
        stream.write(f"{error}\n")
        return 2
    write(
        Found(tuple(dict.fromkeys(problems)), frozenset(files), frozenset(elsewhere.difference(problems))), fmt, stream
    )
    return 1 if any(problem.level == "error" for problem in problems) else 0


def _found(paths: Sequence[Path], prepare: Prepare, cover: Cover | None) -> list[Found]:
    whole = [path for path in paths if not path.is_file()]
    single: dict[Path, dict[str, object]] = {}
    for path in (path for path in paths if path.is_file()):
        around = pack_around(path)
        # A catalogue stands beside the packs: locales/<language>/LC_MESSAGES/messages.po.
        homes = [around] if around else _packs_beside(path)
        if not homes:
            raise ContentError(f"{path}: this file belongs to no pack; a pack is a folder with a pack.yaml.")
        for home in homes:
            single.setdefault(home, {})[short(path)] = path
    found = []
    for path in whole:
        if not path.is_dir():
            raise ContentError(f"{path}: there is nothing here.")
        found.append(check_folder(path, prepare, cover))
    return found + [only(check_folder(pack, prepare, cover), files) for pack, files in single.items()]


def _packs_beside(catalogue: Path) -> list[Path]:
    """Give the packs of the content folder in whose `locales/` a file lies; none for a file anywhere else."""
    above = catalogue.resolve().parents
    return next((packs_in(home) for home in above if home / "locales" in above), [])


def write(found: Found, fmt: Format, stream: TextIO) -> None:
    """Write problems in one of the formats."""
    if fmt == "json":
        lines = ",\n".join(json.dumps(as_data(one), ensure_ascii=False) for one in found.problems)
        stream.write(f"[\n{lines}\n]\n" if lines else "[]\n")
        return
    for one in found.problems:
        # One line each, whatever stands in the message: editors and scripts read it line by line.
        stream.write(f"{_github(one) if fmt == 'github' else one.in_one_line}\n")
    if fmt == "text":
        stream.write(f"{summary(found)}\n")


def as_data(problem: Problem) -> dict[str, object]:
    """Give a problem as plain data."""
    return {
        "file": problem.file,
        "line": problem.line,
        "col": problem.col,
        "code": problem.code,
        "level": problem.level,
        "message": problem.message,
        "hint": problem.hint,
    }


def summary(found: Found) -> str:
    """Say in one line how it went."""
    warnings = len(found.problems) - found.errors
    said = [_counted(count, word) for count, word in ((found.errors, "error"), (warnings, "warning")) if count]
    files = len(found.files)
    others = f"; {_counted(len(found.elsewhere), 'error')} in other files" if found.elsewhere else ""
    return f"{' and '.join(said) or 'No problems'} in {_counted(files, 'file')}{others}."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count != 1 else ''}"


def _github(problem: Problem) -> str:
    place = f"file={_property(problem.file)},line={problem.line},col={problem.col},title={problem.code}"
    words = f"{problem.message} {problem.hint}".strip()
    return f"::{problem.level} {place}::{words.replace('%', '%25').replace(chr(13), '%0D').replace(chr(10), '%0A')}"


def _property(value: str) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        value = value.replace(char, code)
    return value
