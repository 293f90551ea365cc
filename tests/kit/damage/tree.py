"""Content as text in memory, one random damage to it, and the places where that damage may be named."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

PO = "locales/de/LC_MESSAGES/messages.po"
GLOSSARY = "locales/glossary.yaml"


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged file (`after` None: it is gone).

    `lines` (from 1, in the damaged file) are where it shows: the changed line; for something removed its neighbours and
    the key it belonged to. `names` are names that were removed or changed: wherever one is used, it shows as well.
    """

    path: str
    after: bytes | None
    lines: frozenset[int]
    names: frozenset[str] = frozenset()
    what: str = ""


class Cannot(Exception):
    """Say that a kind of damage does not fit to the place that was drawn; another one is drawn."""


@dataclass(frozen=True)
class Tree:
    """The files of a content folder: path -> text."""

    files: dict[str, str]
    _found: dict[tuple[str, str], list[tuple[str, int, re.Match[str]]]] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path) -> Tree:
        """Read what `check` reads: YAML files and catalogues."""
        paths = [*(root / "dialogs").rglob("*.yaml"), *(root / "locales").rglob("*.po"), root / GLOSSARY]
        return cls({path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(paths)})

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Give the paths of each kind of file."""
        groups: dict[str, list[str]] = {}
        for path in self.files:
            parts = path.split("/")
            name = (
                parts[2] if len(parts) > 3 and parts[0] == "dialogs" else "pack" if path.endswith("pack.yaml") else ""
            )
            name = name or ("po" if path.endswith(".po") else "glossary" if path == GLOSSARY else "dialogs")
            groups.setdefault(name, []).append(path)
        return {name: tuple(paths) for name, paths in groups.items()}

    def paths(self, *groups: str) -> tuple[str, ...]:
        """Give the paths of some groups, or of one file of facts (`facts/claims`)."""
        found: list[str] = []
        for group in groups:
            found += self.groups.get(group) or [path for path in self.files if path.endswith(f"/{group}.yaml")]
        return tuple(found)

    def lines(self, path: str) -> list[str]:
        """Give the lines of a file without their ends."""
        return self.files[path].split("\n")

    def matches(self, path: str, pattern: str) -> list[tuple[str, int, re.Match[str]]]:
        """Find a pattern in every line that is no comment."""
        key = (path, pattern)
        if key not in self._found:
            regex = re.compile(pattern)
            self._found[key] = [
                (path, index, match)
                for index, line in enumerate(self.lines(path))
                if line.strip() and not line.lstrip().startswith("#")
                for match in [regex.search(line)]
                if match
            ]
        return self._found[key]

    def draw(self, rng: random.Random, groups: Iterable[str], pattern: str) -> tuple[str, int, re.Match[str]]:
        """Draw a line with this pattern: first the group, so that the large files do not take it all, then the line."""
        by_group = [[one for path in self.paths(group) for one in self.matches(path, pattern)] for group in groups]
        there = [found for found in by_group if found]
        assert there, f"nothing has {pattern} in {groups}"
        return rng.choice(rng.choice(there))


Kind = Callable[[Tree, random.Random], Damage]


def made(path: str, lines: list[str], spots: Iterable[int], names: Iterable[str] = (), what: str = "") -> Damage:
    """Make a damage of the new lines; `spots` count from 0."""
    after = "\n".join(lines).encode("utf-8", "surrogatepass")
    shown = what or " / ".join(lines[spot].strip()[:60] for spot in list(spots)[:1] if 0 <= spot < len(lines))
    return Damage(path, after, frozenset(spot + 1 for spot in spots), frozenset(names), shown)


def indent(line: str) -> int:
    """Count the spaces before a key; the dash of a list belongs to them."""
    return len(line) - len(line.lstrip(" -"))


def parent(lines: list[str], index: int) -> int:
    """Give the line of the key that a line belongs to."""
    own = len(lines[index]) - len(lines[index].lstrip(" "))
    return next(
        (
            above
            for above in range(index - 1, -1, -1)
            if lines[above].strip() and not lines[above].lstrip().startswith("#")
            and len(lines[above]) - len(lines[above].lstrip(" ")) < own
        ),
        0,
    )  # fmt: skip


def block_end(lines: list[str], index: int) -> int:
    """Give the line behind the block that begins here: everything indented deeper."""
    own = len(lines[index]) - len(lines[index].lstrip(" "))
    end = index + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip(" ")) > own):
        end += 1
    while end > index + 1 and not lines[end - 1].strip():
        end -= 1
    return end


_NAMED = re.compile(r"^  ([A-Za-z0-9_]+):|^\s*(?:- )?id: ([a-z0-9_]+)|^dialog: ([a-z0-9_]+)")


def names_in(lines: Iterable[str]) -> set[str]:
    """Give the names that lines define: states, slots, records, parts, answers, the dialog."""
    return {name for line in lines for match in [_NAMED.match(line)] if match for name in match.groups() if name}


def removed(tree: Tree, path: str, start: int, end: int, names: Iterable[str] | None = None) -> Damage:
    """Take lines out; it shows at the neighbours, at the key around them, and where their names are used."""
    lines = tree.lines(path)
    gone = lines[start:end]
    left = lines[:start] + lines[end:]
    around = {start - 1, start, parent(lines, start)}
    words = names_in(gone) if names is None else set(names)
    return made(path, left, [one for one in around if 0 <= one < len(left)], words, f"- {gone[0].strip()[:60]}")


def replaced(tree: Tree, path: str, index: int, line: str, names: Iterable[str] = ()) -> Damage:
    """Change one line."""
    lines = tree.lines(path)
    if lines[index] == line:
        raise Cannot
    return made(path, [*lines[:index], line, *lines[index + 1 :]], [index], names)


def inserted(tree: Tree, path: str, index: int, new: list[str], also: Iterable[int] = ()) -> Damage:
    """Put lines in; `also` are further places where it may show (the first of two)."""
    lines = tree.lines(path)
    after = [*lines[:index], *new, *lines[index:]]
    return made(path, after, [*range(index, index + len(new)), *also])


def cut(match: re.Match[str], new: str, group: int = 1) -> str:
    """Replace a group in the line that was matched."""
    return match.string[: match.start(group)] + new + match.string[match.end(group) :]


def typo(rng: random.Random, word: str) -> str:
    """Swap two letters, leave one out or write one twice."""
    spots = [spot for spot in range(len(word) - 1) if word[spot : spot + 2].isalpha() and word[spot] != word[spot + 1]]
    if not spots:
        raise Cannot
    spot = rng.choice(spots)
    way = rng.randrange(3)
    if way == 0:
        return word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]
    if way == 1:
        return word[: spot + 1] + word[spot:]
    return word[:spot] + word[spot + 1 :]


def substituted(
    rng: random.Random,
    tree: Tree,
    groups: Iterable[str],
    pattern: str,
    new: Callable[[random.Random, str], str] = typo,
    *,
    named: bool = False,
) -> Damage:
    """Change the first group of a pattern; `named`: the old word is a name that others use."""
    path, index, match = tree.draw(rng, groups, pattern)
    old = match[1]
    word = new(rng, old)
    if word == old:
        raise Cannot
    return replaced(tree, path, index, cut(match, word), {old} if named else ())
