"""Draw damages, and say how well each was named."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import yaml
from babel.messages.pofile import read_po

from bot.errors import Problem
from tests.kit.damage.files import FILES
from tests.kit.damage.meaning import MEANING
from tests.kit.damage.translations import TRANSLATIONS
from tests.kit.damage.tree import Cannot, Damage, Kind, Tree

KINDS: dict[str, Kind] = {**FILES, **MEANING, **TRANSLATIONS}
Verdict = Literal["named", "elsewhere", "not named", "harmless"]


def draw(tree: Tree, seed: int, number: int) -> Iterator[tuple[str, Damage]]:
    """Give so many damages, the kinds in turn (in an order of chance); the same ones for the same seed."""
    order = list(KINDS)
    random.Random(seed).shuffle(order)
    for at in range(number):
        name = order[at % len(order)]
        yield name, one(tree, name, random.Random(f"{seed}/{at}"))


def one(tree: Tree, name: str, rng: random.Random) -> Damage:
    """Give a damage of this kind; places it does not fit to are passed over."""
    for _ in range(200):
        try:
            return KINDS[name](tree, rng)
        except Cannot:
            continue
    raise AssertionError(f"{name}: found no place for it")


def judge(tree: Tree, damage: Damage, problems: Iterable[Problem]) -> Verdict:
    """Say whether the damage was named at a right place: its line or the next, or where a name it took is used."""
    found = list(problems)
    if not found:
        return "harmless" if _same(tree, damage) else "not named"
    files = {**tree.files, damage.path: (damage.after or b"").decode("utf-8", "replace")}
    return "named" if any(_right(files, damage, one) for one in found) else "elsewhere"


def _right(files: dict[str, str], damage: Damage, problem: Problem) -> bool:
    # A check of a copy in another folder names its files by their whole path.
    path = next((path for path in files if problem.file.endswith(path)), problem.file)
    if path == damage.path and any(abs(problem.line - line) <= 1 for line in damage.lines):
        return True
    lines = files.get(path, "").replace("\r\n", "\n").split("\n")
    shown = lines[problem.line - 1] if problem.line <= len(lines) else ""
    said = f"{problem.message} {problem.hint}"
    words = set(re.findall(r"\w+", shown))
    return any(name in words and name in re.findall(r"\w+", said) for name in damage.names)


def _same(tree: Tree, damage: Damage) -> bool:
    """Say whether the damaged file still says the same: read by a plain reader, whatever the order of its keys."""
    if damage.after is None:
        return False
    try:
        return bool(_read(damage.path, damage.after) == _read(damage.path, tree.files[damage.path].encode()))
    except (yaml.YAMLError, ValueError):
        return False


def _read(path: str, data: bytes) -> Any:
    text = data.decode("utf-8-sig")
    if path.endswith(".po"):
        catalog = read_po(io.BytesIO(text.encode()), ignore_obsolete=True, abort_invalid=True)
        return {(one.context, one.id): (one.string, one.fuzzy) for one in catalog if one.id}
    return yaml.load(text, yaml.BaseLoader)
