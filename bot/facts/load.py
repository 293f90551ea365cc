"""Load a folder of facts: read strictly, check shapes, connect; all problems at once.

`read_facts` takes texts by file name and returns what could be built and every problem; `load_facts` takes a folder and
raises ContentError when there is any problem that stops a start.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bot.errors import ContentError
from bot.facts import models as m
from bot.facts import pages as g
from bot.facts import places as p
from bot.facts import rules as r
from bot.facts.crosscheck import crosscheck
from bot.facts.fields import Id, Ids, Record
from bot.facts.problems import FactProblem, nearest
from bot.facts.reader import Document, read


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
    """Load the facts in `folder`; raise ContentError, with `problems` of FactProblem, when they cannot be used."""
    texts: dict[str, str] = {}
    problems: list[FactProblem] = []
    try:
        entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name)
    except OSError as error:
        raise ContentError(f"The facts folder {folder} cannot be read: {error.strerror or error}.") from error
    for entry in entries:
        try:
            texts[entry.name] = entry.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error.strerror or error)
            problems.append(
                FactProblem(f"{folder}/{entry.name}", 1, 1, "F001", f"cannot be read: {reason}", "save it as UTF-8")
            )
            texts[entry.name] = ""
    facts, found = read_facts(texts, base=f"{folder}/")
    unreadable = {problem.file for problem in problems}
    problems += [problem for problem in found if problem.file not in unreadable]
    if facts is None or problems:
        first = sorted(problems)[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ContentError(f"The facts cannot be used: {first}{more}", tuple(sorted(problems)))
    return facts


def read_facts(texts: Mapping[str, str], base: str = "") -> tuple[m.Facts | None, list[FactProblem]]:
    """Build the facts from texts by file name (`claims.yaml`); `base` goes before file names in problems.

    The facts are None as long as a file cannot be read or has a wrong shape; cross-checks need all of them.
    """
    problems: list[FactProblem] = []
    sheets: list[m.Sheet] = []
    parts: dict[str, Any] = {}
    for name in texts:
        if name not in FILES:
            problems.append(
                FactProblem(base + name, 1, 1, "F007", "no file of facts has this name", nearest(name, FILES))
            )
    for name, model in FILES.items():
        if name not in texts:
            problems.append(
                FactProblem(base + name, 1, 1, "F007", "the file is missing", "every pack of facts needs it")
            )
            continue
        document = read(base + name, texts[name])
        problems += document.problems
        if not isinstance(document.data, dict):
            if not document.problems:
                problems.append(
                    FactProblem(base + name, 1, 1, "F012", "expected keys with values, found none", "see README.md")
                )
            continue
        built = _build(base + name, model, document, problems)
        if built is not None:
            parts[name] = built
        sheets.append(m.Sheet(base + name, _HEADS.get(name, ()), document.values, document.keys))
    if problems or len(parts) < len(FILES):
        return None, sorted(problems)
    facts = _join(parts, tuple(sheets))
    return facts, sorted(crosscheck(facts))


def _join(parts: Mapping[str, Any], sheets: tuple[m.Sheet, ...]) -> m.Facts:
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


def _build(file: str, model: type[Record], document: Document, problems: list[FactProblem]) -> Record | None:
    """Turn a document into its model; write the key of every record of a table into its `id`."""
    for table, entries in document.data.items():
        kind = _record_of(model, (table, "x"))
        if isinstance(entries, dict) and kind is not None and "id" in kind.model_fields:
            for key, entry in entries.items():
                if isinstance(entry, dict):
                    if "id" in entry:
                        line, column = document.keys[(table, key, "id")]
                        problems.append(
                            FactProblem(
                                file, line, column, "F010", "the key id is not known", "the id is the name above"
                            )
                        )
                    entry["id"] = key
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            problems.append(_explain(file, model, document, detail))
    return None


def _record_of(model: Any, path: tuple[str | int, ...]) -> type[BaseModel] | None:
    """Follow a path of keys through annotations to the model that stands there."""
    here: Any = model
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            info = here.model_fields.get(str(part))
            if info is None:
                return None
            here = info.annotation
        else:
            here = get_args(here)[-1 if get_origin(here) is dict else 0] if get_args(here) else None
        for choice in get_args(here):
            if isinstance(choice, type) and issubclass(choice, BaseModel) and get_origin(here) not in (dict, tuple):
                here = choice
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _explain(file: str, model: type[Record], document: Document, detail: Any) -> FactProblem:
    """Say in plain words, with place and hint, what pydantic found."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    kind = str(detail["type"])
    spots = document.keys if kind == "extra_forbidden" else document.values
    known = path
    while known and known not in spots:
        known = known[:-1]
    line, column = spots.get(known) or document.values.get(known, (1, 1))
    name = str(path[-1]) if path else "?"
    if kind == "extra_forbidden":
        holder = _record_of(model, path[:-1]) or model
        return FactProblem(
            file, line, column, "F010", f"the key {name} is not known", nearest(name, holder.model_fields)
        )
    if kind == "missing":
        return FactProblem(file, line, column, "F011", f"the key {name} is missing", "add it here")
    found = detail.get("input")
    told = f" ({found})" if isinstance(found, str) and len(found) <= 60 else ""
    if kind == "literal_error":
        words = [word.strip("' ") for word in str(detail["ctx"]["expected"]).replace(" or ", ",").split(",")]
        message = f"{name} cannot be {found}" if told else f"{name} has a wrong value"
        return FactProblem(
            file, line, column, "F012", message, f"{nearest(str(found), words)} allowed: {', '.join(words)}".strip()
        )
    if kind == "value_error":
        return FactProblem(file, line, column, "F012", f"{name}{told}: {detail['ctx']['error']}", "correct the value")
    expected = {
        "tuple_type": "a list",
        "dict_type": "keys with values",
        "model_type": "keys with values",
        "string_type": "a text",
    }
    wanted = expected.get(kind, "another value")
    return FactProblem(file, line, column, "F012", f"{name}{told}: expected {wanted}", "correct the value")
