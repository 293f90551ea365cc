"""Load a folder of facts: read strictly, check shapes, connect; all problems at once.

`read_facts` takes files by name and returns what could be built and every problem; `load_facts` takes a folder and
raises ContentError when there is any problem that stops a start.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.errors import ContentError, Problem
from bot.facts import models as m
from bot.facts import pages as g
from bot.facts import places as p
from bot.facts import rules as r
from bot.facts.crosscheck import crosscheck
from bot.facts.explain import explain, record_of
from bot.facts.fields import Id, Ids, Record
from bot.facts.fillins import fill_ins
from bot.facts.sheet import Sheet, nearest_place
from bot.reader import Entries, Items, Piece, Scalar, nearest, read


class _Sources(Record):
    sources: dict[Id, m.Source]


class _Products(Record):
    products: dict[Id, m.Product]
    situations: dict[Id, m.Situation]


class _Controllers(Record):
    controllers: dict[Id, r.Controller]


class _Regimes(Record):
    groups: dict[Id, Ids]
    regimes: dict[Id, r.Regime]


class _Claims(Record):
    claims: dict[Id, r.Claim]


class _Forms(Record):
    forms: dict[Id, g.Form]
    paths: dict[Id, g.MenuPath]


class _Grounds(Record):
    grounds: dict[Id, m.Ground]
    follow_ups: dict[Id, m.FollowUp]


class _Steps(Record):
    steps: dict[Id, m.Step]


class _Timeline(Record):
    events: dict[Id, m.StoryEvent]


class _Authorities(p.AuthoritiesHead):
    directories: dict[Id, p.Directory]
    authorities: dict[Id, p.Authority]


class _Territories(Record):
    territories: dict[Id, p.Territory]
    not_codes: Ids
    likely: dict[Id, Ids]
    subdivisions: dict[Id, p.Subdivision]


FILES: dict[str, type[Record]] = {
    "pack.yaml": m.Pack,
    "phrases.yaml": m.Phrases,
    "hosts.yaml": m.Hosts,
    "sources.yaml": _Sources,
    "products.yaml": _Products,
    "controllers.yaml": _Controllers,
    "regimes.yaml": _Regimes,
    "claims.yaml": _Claims,
    "forms.yaml": _Forms,
    "grounds.yaml": _Grounds,
    "steps.yaml": _Steps,
    "timeline.yaml": _Timeline,
    "authorities.yaml": _Authorities,
    "territories.yaml": _Territories,
}
"""Every file of a pack; all are needed."""

_HEADS = {"pack.yaml": ("pack",), "phrases.yaml": ("phrases",), "hosts.yaml": ("hosts",)}
"""Files that are one record: their keys stand under this name."""


def load_facts(folder: Path | Traversable) -> m.Facts:
    """Load the facts in `folder`; raise ContentError, with `problems`, when they cannot be used."""
    try:
        entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name)
    except OSError as error:
        raise ContentError(f"The facts folder {folder} cannot be read: {error.strerror or error}.") from error
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for entry in entries:
        try:
            files[entry.name] = entry.read_bytes()
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}."
            problems.append(
                Problem(f"{folder}/{entry.name}", 1, 1, "Y031", message, "Delete it, or look at its rights.")
            )
            files[entry.name] = b""
    facts, found = read_facts(files, base=f"{folder}/")
    unreadable = {problem.file for problem in problems}
    problems += [problem for problem in found if problem.file not in unreadable]
    if facts is None or any(problem.level == "error" for problem in problems):
        first = sorted(problems)[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ContentError(f"The facts cannot be used: {first}{more}", tuple(sorted(problems)))
    return facts


def read_facts(files: Mapping[str, str | bytes], base: str = "") -> tuple[m.Facts | None, list[Problem]]:
    """Build the facts from files by name (`claims.yaml`); `base` goes before file names in problems.

    The facts are None as long as a file cannot be read or has a wrong shape; cross-checks need all of them.
    """
    problems: list[Problem] = []
    sheets: list[Sheet] = []
    parts: dict[str, Any] = {}
    for name in files:
        if name not in FILES:
            hint = f"{nearest(name, FILES)} If it is a copy, delete it.".strip()
            problems.append(Problem(base + name, 1, 1, "F007", "no file of facts has this name.", hint))
    for name, model in FILES.items():
        if name not in files:
            problems.append(Problem(base + name, 1, 1, "F007", "the file is missing.", "Every pack of facts needs it."))
            continue
        root, found = read(base + name, files[name], flow=True)
        problems += found
        if isinstance(root, Entries):
            sheets.append(Sheet(root, _HEADS.get(name, ())))
            parts[name] = _build(model, root, problems)
        elif root is not None:
            problems.append(root.problem("F012", "expected keys with values.", "See README.md."))
    if any(problem.level == "error" for problem in problems):
        return None, sorted(problems)
    facts = _join(parts, tuple(sheets))
    return facts, sorted([*problems, *crosscheck(facts), *fill_ins(facts)])


def _join(parts: Mapping[str, Any], sheets: tuple[Sheet, ...]) -> m.Facts:
    authorities = parts["authorities.yaml"]
    return m.Facts(
        pack=parts["pack.yaml"],
        phrases=parts["phrases.yaml"],
        hosts=parts["hosts.yaml"],
        sources=parts["sources.yaml"].sources,
        products=parts["products.yaml"].products,
        situations=parts["products.yaml"].situations,
        controllers=parts["controllers.yaml"].controllers,
        groups=parts["regimes.yaml"].groups,
        regimes=parts["regimes.yaml"].regimes,
        claims=parts["claims.yaml"].claims,
        forms=parts["forms.yaml"].forms,
        paths=parts["forms.yaml"].paths,
        grounds=parts["grounds.yaml"].grounds,
        follow_ups=parts["grounds.yaml"].follow_ups,
        steps=parts["steps.yaml"].steps,
        events=parts["timeline.yaml"].events,
        directories=authorities.directories,
        authorities=authorities.authorities,
        authorities_head=p.AuthoritiesHead.model_construct(
            review_by=authorities.review_by, checked_on=authorities.checked_on
        ),
        territories=parts["territories.yaml"].territories,
        not_codes=parts["territories.yaml"].not_codes,
        likely=parts["territories.yaml"].likely,
        subdivisions=parts["territories.yaml"].subdivisions,
        sheets=sheets,
    )


def _plain(piece: Piece) -> Any:
    """Turn pieces into what pydantic takes: texts, tuples and mappings."""
    if isinstance(piece, Scalar):
        return piece.text
    if isinstance(piece, Items):
        return tuple([_plain(value) for value in piece.values])
    return {key.text: _plain(value) for key, value in piece}


def _build(model: type[Record], root: Entries, problems: list[Problem]) -> Record | None:
    """Turn a file into its model; write the key of every record of a table into its `id`."""
    data: dict[str, Any] = _plain(root)
    for table, entries in data.items():
        kind = record_of(model, (table, "x"))
        if not isinstance(entries, dict) or kind is None or "id" not in kind.model_fields:
            continue
        for key, entry in entries.items():
            if isinstance(entry, dict):
                if "id" in entry:
                    at = nearest_place(root, (table, key, "id"), of_key=True)
                    problems.append(at.problem("F010", "the key id is not known.", "The id is the name above."))
                entry["id"] = key
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems += explain(model, root, error.errors(include_url=False))
    return None
