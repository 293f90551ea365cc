"""Read a pack's `letters/*.yaml` into `Letters`, and list everything that is wrong with its place.

`read` looks at the files alone; `check` compares them with what the pack's facts and dialogs offer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.engine.providers import Registry
from bot.errors import ContentError, Problem
from bot.letters.models import Letters, Sizes, Version
from bot.letters.providers import OBJECTION, SHARE
from bot.reader import Entries, Items, Node, Piece, Scalar, nearest
from bot.reader import read as read_yaml
from bot.texts.markup import MarkupError, compile_markup

FILL_INS = frozenset(
    {
        "name", "own_words", "date", "answer_by", "sent_on", "country", "accounts", "company", "controller", "address",
        "authority", "share_link",
    }
)  # fmt: skip
"""What a letter may fill in, besides `law_<role>` for each provision of the facts."""

_LAW = re.compile(r"law_[a-z][a-z0-9_]*")

Path_ = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Letters with the place of every piece in its file, by its path (`("parts", "who", "minor", "when")`)."""

    letters: Letters
    places: Mapping[Path_, Node]

    def at(self, *path: str) -> Node:
        """Give the place of a piece, or of the nearest piece around it."""
        return _nearest_place(self.places, path)


def load(folder: Path) -> Source:
    """Read `*.yaml` of a folder; ContentError with all problems where the letters cannot be used."""
    files = {f"{folder.name}/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.yaml"))}
    source, problems = read(files)
    errors = [problem for problem in problems if problem.level == "error"]
    if source is None or errors:
        count = f"{len(errors)} problems" if len(errors) != 1 else "1 problem"
        raise ContentError(f"The letters in {folder} cannot be used: {count}, first {errors[0]}", tuple(problems))
    return source


def read(files: Mapping[str, str | bytes]) -> tuple[Source | None, list[Problem]]:
    """Read the texts of the files by name: the letters, or None, and every problem."""
    problems: list[Problem] = []
    merged: dict[str, Any] = {}
    places: dict[Path_, Node] = {}
    # Copies («claim (1).yaml») come last, so that they are told and not what they were copied from.
    for file, text in sorted(files.items(), key=lambda one: (re.search(r"[^\w./-]", one[0]) is not None, one[0])):
        piece, found = read_yaml(file, text)
        problems += found
        if isinstance(piece, Entries):
            places.setdefault((), Node(file, 1, 1))
            problems += _merge(piece, merged, places)
        elif piece is not None:
            problems.append(piece.problem("L001", "the file must begin with keys such as «parts:».", ""))
    if not files:
        problems.append(Problem("letters", 1, 1, "L002", "there are no letters.", "Add letters/letters.yaml."))
    if any(problem.level == "error" for problem in problems):
        return None, problems
    try:
        letters = Letters.model_validate(merged)
    except ValidationError as error:
        return None, [*problems, *(_explain(places, dict(one)) for one in error.errors(include_url=False))]
    source = Source(letters, places)
    problems += _recipes(source)
    for path, sizes in letters.sizes():
        problems += _texts(source, path, sizes)
    problems += _unreachable(source)
    return source, problems


def check(
    source: Source, registry: Registry, slots: Mapping[str, Iterable[str]], roles: Iterable[str]
) -> list[Problem]:
    """Compare letters with their pack.

    `slots` are all slots with the ids they can have (none for free text); `roles` are those of the laws.
    """
    letters = source.letters
    known = {name: tuple(ids) for name, ids in slots.items()}
    known |= {name: value.choices for name, value in registry.values.items()}
    problems: list[Problem] = []
    laws = {f"law_{role}" for role in roles}
    for path, sizes in letters.sizes():
        for size, text in sizes.texts():
            for name in sorted(compile_markup(text).names - FILL_INS - laws):
                message = f"no provision of the facts has the role «{name.removeprefix('law_')}»."
                problems.append(source.at(*path, size).problem("L020", message, nearest(name, laws)))
        for comparison in sizes.when.comparisons if isinstance(sizes, Version) and sizes.when else ():
            at = source.at(*path, "when")
            if comparison.name not in known:
                hint = nearest(comparison.name, set(known))
                problems.append(at.problem("L021", f"«{comparison.name}» is no slot and no value of the facts.", hint))
                continue
            for one in comparison.ids:
                if known[comparison.name] and one not in known[comparison.name]:
                    hint = nearest(one, known[comparison.name])
                    problems.append(at.problem("L022", f"«{comparison.name}» is never «{one}».", hint))
    grounds = registry.lists["grounds"].every if "grounds" in registry.lists else ()
    problems += _same(source, "reasons", set(letters.reasons), set(grounds), "ground")
    for slot, answers in letters.follow_ups.items():
        if slot not in known:
            problems.append(
                source.at("follow_ups", slot).problem("L021", f"«{slot}» is no slot.", nearest(slot, set(known)))
            )
        else:
            problems += _same(source, f"follow_ups/{slot}", set(answers), set(known[slot]), "answer")
    return problems


def never_written(source: Source) -> Iterator[Problem]:
    """Find letters that nobody asks for: there is the objection, and a text to share."""
    for kind in source.letters.letters.keys() - {OBJECTION, SHARE}:
        hint = nearest(kind, {OBJECTION, SHARE})
        yield source.at("letters", kind).warning("L025", f"a letter «{kind}» is never written.", hint)


def _meant(name: str, names: set[str]) -> str:
    hint = nearest(name, names)
    return hint if hint.startswith("Did you mean") else ""


def _same(source: Source, where: str, have: set[str], want: set[str], what: str) -> Iterator[Problem]:
    path = tuple(where.split("/"))
    hints = {one: _meant(one, want - have) or nearest(one, want) for one in sorted(have - want)}
    for one, hint in hints.items():
        yield source.at(*path, one).problem("L023", f"there is no {what} «{one}».", hint)
    # A text under a misspelled name is told there; that it lacks here is the same slip.
    for one in sorted(name for name in want - have if f"Did you mean «{name}»?" not in hints.values()):
        yield source.at(*path).problem("L024", f"the {what} «{one}» has no text here.", "Add one.")


def _merge(entries: Entries, into: dict[str, Any], places: dict[Path_, Node]) -> Iterator[Problem]:
    """Put the entries of one file to those of the others: a group may be spread over files, a part may not."""
    told: set[str] = set()
    for key, value in entries:
        group = into.get(key.text)
        if isinstance(value, Entries) and isinstance(group, dict):
            for name, inner in value:
                if name.text in group:
                    first = _nearest_place(places, (key.text, name.text))
                    if first.file in told:
                        continue  # a file that was copied has all of it twice
                    told.add(first.file)
                    hint = f"It stands in {first.file}, line {first.line}, already; keep one of them."
                    yield name.problem("L003", f"«{name.text}» is here twice.", hint)
                else:
                    group[name.text] = _plain(inner, (key.text, name.text), places, name)
        elif isinstance(value, Scalar) and not value.text.strip():
            hint = "What belongs to it stands below it, two spaces further."
            yield key.problem("L013", f"«{key.text}» is empty.", hint)
        elif key.text in into:
            yield key.problem("L003", f"«{key.text}» is here twice.", "Keep one of them.")
        else:
            into[key.text] = _plain(value, (key.text,), places, key)


def _plain(piece: Piece, path: Path_, places: dict[Path_, Node], at: Node) -> Any:
    places[path] = at
    if isinstance(piece, Entries):
        return {key.text: _plain(value, (*path, key.text), places, key) for key, value in piece}
    if isinstance(piece, Items):
        return [_plain(value, (*path, str(number)), places, value) for number, value in enumerate(piece.values)]
    return piece.text.strip()


def _nearest_place(places: Mapping[Path_, Node], path: Path_) -> Node:
    while path not in places and path:
        path = path[:-1]
    return places.get(path) or Node("letters", 1, 1)


def _explain(places: Mapping[Path_, Node], error: dict[str, Any]) -> Problem:
    path = tuple(str(part) for part in error["loc"] if part != "[key]")
    at = _nearest_place(places, path)
    shown = "/".join(path)
    kind, message = error["type"], error["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        siblings = {"full", "short", "brief", "when"} if len(path) > 2 else set(Letters.model_fields)
        return at.problem("L010", f"«{path[-1]}» is not known here.", nearest(path[-1], siblings))
    if kind == "missing":
        return at.problem("L011", f"«{path[-1]}» is missing.", "")
    if kind == "int_parsing":
        return at.problem("L013", f"{shown} takes a whole number, read «{error.get('input')}».", "Write digits only.")
    if kind == "string_pattern_mismatch":
        return at.problem("L012", f"«{error.get('input')}» is no name.", "Lower-case letters, digits and _ only.")
    return at.problem("L013", f"{shown}: {message}.", "")


def _recipes(source: Source) -> Iterator[Problem]:
    letters = source.letters
    known = {*letters.parts, "reasons"}
    if OBJECTION not in letters.letters:
        yield source.at("letters").problem("L011", f"the letter «{OBJECTION}» is missing.", "")
    for kind, recipe in letters.letters.items():
        lines = [("short", *line) for line in enumerate(recipe.short)] + [
            ("long", *line) for line in enumerate(recipe.long)
        ]
        for key, number, names in lines:
            for name in names:
                if name not in known:
                    at = source.at("letters", kind, key, str(number))
                    yield at.problem("L014", f"there is no part «{name}».", nearest(name, known))
        if recipe.subject and recipe.subject not in letters.parts:
            at = source.at("letters", kind, "subject")
            yield at.problem("L014", f"there is no part «{recipe.subject}».", nearest(recipe.subject, known))
        used = {name for names in recipe.short for name in names}
        if used - known:
            continue  # a step may name the part that was meant
        for number, step in enumerate(recipe.shorten):
            if step.part not in used and not step.part.startswith("reason "):
                at = source.at("letters", kind, "shorten", str(number))
                yield at.problem("L015", f"the short form has no part «{step.part}».", nearest(step.part, used))
    if "no_name" not in letters.parts:
        yield source.at("parts").problem(
            "L014", "there is no part «no_name».", "It stands where a person gave no name."
        )


def _texts(source: Source, path: Path_, sizes: Sizes) -> Iterator[Problem]:
    for size, text in sizes.texts():
        at = source.at(*path, size)
        try:
            template = compile_markup(text)
        except MarkupError as error:
            yield at.problem("L017", str(error))
            continue
        for name in sorted(template.names):
            if name not in FILL_INS and not _LAW.fullmatch(name):
                yield at.problem("L018", f"«{{{name}}}» is no fill-in of letters.", nearest(name, FILL_INS))
        if template.links:
            yield at.problem("L018", "a letter is plain text; it has no [words](link).", "Write the fill-in alone.")


def _unreachable(source: Source) -> Iterator[Problem]:
    """Find versions after one that always fits, and arguments that may have no version at all."""
    letters = source.letters
    for group, table in (("parts", letters.parts), ("reasons", letters.reasons)):
        for part, versions in table.items():
            always: str | None = None
            for name, version in versions.items():
                if always is not None:
                    hint = f"«{always}» above it always fits; put this one before it, or delete it."
                    yield source.at(group, part, name).problem("L019", f"«{name}» is never used.", hint)
                elif version.when is None and not any(name for _, text in version.texts() for name in _names(text)):
                    always = name
            if group == "reasons" and always is None:
                yield source.at(group, part).problem("L019", f"«{part}» needs a last version without «when».", "")


def _names(text: str) -> frozenset[str]:
    try:
        return compile_markup(text).names
    except MarkupError:
        return frozenset()
