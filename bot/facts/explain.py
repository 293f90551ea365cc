"""Say in an author's words, with its place and a hint, what pydantic found wrong in a file of facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from bot.errors import Problem
from bot.facts.fields import Record
from bot.facts.sheet import Path, nearest_place
from bot.reader import Entries, nearest

_EXPECTED = {
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "string_type": "a text",
}
"""What each kind of error of pydantic's wanted; the others come with words of our own."""


def record_of(model: Any, path: Path) -> type[BaseModel] | None:
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


def explain(model: type[Record], root: Entries, details: Iterable[Any]) -> list[Problem]:
    """Turn the errors of pydantic's into problems; what one record lacks is one of them."""
    missing: dict[Path, list[str]] = {}
    unknown: dict[Path, list[str]] = {}
    problems = []
    for detail in details:
        path, name = tuple(detail["loc"][:-1]), str(detail["loc"][-1])
        if detail["type"] == "missing":
            missing.setdefault(path, []).append(name)
            continue
        problems.append(_explain(model, root, detail))
        if detail["type"] == "extra_forbidden":
            unknown.setdefault(path, []).append(problems[-1].hint)
    for path, lacking in missing.items():
        # A key under a misspelled name is told there; that it lacks here is the same slip.
        names = [name for name in lacking if f"Did you mean «{name}»?" not in unknown.get(path, ())]
        if not names:
            continue
        at = nearest_place(root, tuple(part for part in path if part != "[key]"))
        what = f"the key {names[0]} is" if len(names) == 1 else f"the keys {', '.join(names[:-1])} and {names[-1]} are"
        problems.append(at.problem("F011", f"{what} missing.", "Add it here." if len(names) == 1 else "Add them here."))
    return problems


def _explain(model: type[Record], root: Entries, detail: Any) -> Problem:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    kind = str(detail["type"])
    at = nearest_place(root, path, of_key=kind == "extra_forbidden" or "[key]" in detail["loc"])
    name = str(path[-2] if isinstance(path[-1], int) and len(path) > 1 else path[-1])
    if kind == "extra_forbidden":
        holder = record_of(model, path[:-1]) or model
        return at.problem("F010", f"the key {name} is not known.", nearest(name, holder.model_fields))
    found = detail.get("input")
    told = f" ({found})" if isinstance(found, str) and 0 < len(found) <= 60 else ""
    if kind == "literal_error":
        words = [word.strip("' ") for word in str(detail["ctx"]["expected"]).replace(" or ", ",").split(",")]
        message = f"{name} cannot be {found}." if told else f"{name} has a wrong value."
        near = nearest(str(found), words) if told else ""
        listed = f"Allowed: {', '.join(words)}."
        return at.problem("F012", message, f"{near} {listed}" if near.startswith("Did") else listed)
    if kind == "value_error":
        several = isinstance(path[-1], int) and told and re.search(r"[;,/|\s]", found)
        hint = "Put commas between the entries: [one, two]." if several else "Correct the value."
        return at.problem("F012", f"{name}{told}: {detail['ctx']['error']}.", hint)
    wanted = _EXPECTED.get(kind, "another value")
    hint = "Put it in square brackets, with commas: [one, two]." if wanted == "a list" else "Correct the value."
    if found == "":
        hint = "Nothing stands below it; write it there, or delete it."
    return at.problem("F012", f"{name}{told}: expected {wanted}.", hint)
