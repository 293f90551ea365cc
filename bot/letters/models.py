"""The shape of a company's letters: recipes, parts, arguments per ground and what a follow-up adds to them.

Nothing here knows a company or an order of words: both stand in the pack's `letters/*.yaml`. A further letter
(a reminder, a complaint) is a further recipe with parts of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.engine.conditions import Condition, ConditionError, parse

Size = Literal["full", "lean", "short", "brief", "nothing"]
"""How much a part says; `lean` concerns reasons only: the argument with its first follow-up."""

OTHERWISE = "otherwise"
"""Among `names`: what is said where no chosen answer has a name."""

REASONS = 3
"""Grounds that a letter argues with; a fourth would weaken the others."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Sentence = Annotated[str, Field(min_length=1, max_length=1000)]

_ORDER: dict[str, tuple[Literal["full", "short", "brief"], ...]] = {
    "full": ("full", "short", "brief"),
    "short": ("short", "brief", "full"),
    "lean": ("short", "brief", "full"),
    "brief": ("brief", "short", "full"),
    "nothing": (),
}
_STEP = re.compile(r"(reason [1-9]|[a-z][a-z0-9_]*) to (lean|brief|nothing)")


def _condition(value: Any) -> Any:
    try:
        return parse(value)
    except ConditionError as error:
        raise ValueError(f"the condition cannot be read: {error}") from None


def _comma(value: Any) -> Any:
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


def _step(value: Any) -> Any:
    found = _STEP.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write “part to brief”, “part to nothing”, “reason 3 to lean” or “reason 3 to brief”")
    part, size = found.groups()
    if part.startswith("reason ") and size == "nothing":
        raise ValueError("a reason is never left out; write “to lean” or “to brief”")
    if not part.startswith("reason ") and size == "lean":
        raise ValueError("only reasons become lean; write “to brief” or “to nothing”")
    return {"part": part, "size": size}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Sizes(_Strict):
    """A text in up to three sizes."""

    full: Sentence | None = None
    short: Sentence | None = None
    brief: Sentence | None = None

    def text(self, size: Size) -> str | None:
        """Give the English text of this size, or of the nearest one there is."""
        return next((found for name in _ORDER[size] if (found := self._get(name)) is not None), None)

    def texts(self) -> Iterator[tuple[str, str]]:
        """List (size, English text)."""
        for name in _ORDER["full"]:
            found = self._get(name)
            if found is not None:
                yield name, found

    def _get(self, name: Literal["full", "short", "brief"]) -> str | None:
        return {"full": self.full, "short": self.short, "brief": self.brief}[name]


class Version(Sizes):
    """One way to say a part, with what must hold for it. Without any text it says: here this part stays away."""

    when: Annotated[Condition, BeforeValidator(_condition)] | None = None


class FollowUp(Sizes):
    """What one answer adds to an argument."""


Versions = dict[Name, Version]


class Step(_Strict):
    """One step of shortening: this part takes this size from here on."""

    part: str
    size: Size


class Recipe(_Strict):
    """A kind of letter: its paragraphs in order, short for a form box and long for the post."""

    file: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)] = "letter"
    subject: Name | None = None
    limit: int = Field(default=900, gt=0)
    """Most characters of the short form."""
    short: tuple[Annotated[tuple[Name, ...], BeforeValidator(_comma)], ...] = ()
    shorten: tuple[Annotated[Step, BeforeValidator(_step)], ...] = ()
    long: tuple[Annotated[tuple[Name, ...], BeforeValidator(_comma)], ...] = ()


class Letters(_Strict):
    """All letters of a pack."""

    format: Literal["1"]
    names: dict[Name, dict[Name, Sentence]] = Field(default_factory=dict)
    letters: dict[Name, Recipe]
    parts: dict[Name, Versions]
    reasons: dict[Name, Versions] = Field(default_factory=dict)
    follow_ups: dict[Name, dict[Name, FollowUp]] = Field(default_factory=dict)

    def sizes(self) -> Iterator[tuple[tuple[str, ...], Sizes]]:
        """List every text in up to three sizes with its path in the files (`("parts", "who", "minor")`)."""
        for group, table in (("parts", self.parts), ("reasons", self.reasons)):
            for part, versions in table.items():
                for version, sizes in versions.items():
                    yield (group, part, version), sizes
        for slot, answers in self.follow_ups.items():
            for answer, follow_up in answers.items():
                yield ("follow_ups", slot, answer), follow_up


def texts(letters: Letters, pack: str) -> Iterator[tuple[str, str, str | None]]:
    """List what is to be translated: (place such as `meta_ai/letters/parts/who/minor/short`, English text, context)."""
    for path, sizes in letters.sizes():
        for size, text in sizes.texts():
            yield "/".join((pack, "letters", *path, size)), text, None
    for group, named in letters.names.items():
        for answer, text in named.items():
            yield f"{pack}/letters/names/{group}/{answer}", text, None
