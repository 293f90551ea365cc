"""The tiny condition language of dialogs: typed, without functions, compiled to closures. No `eval`.

    condition := and_part ("or" and_part)*          lowest
    and_part  := not_part ("and" not_part)*
    not_part  := "not" not_part | "(" condition ")" | comparison
    comparison:= NAME                                a yes/no value
               | NAME "is" ["not"] ("known" | ID ("or" ID)*)
               | NAME "has" ["not"] ID ("or" ID)*
               | NAME ("<" | ">" | "<=" | ">=" | "=") NUMBER

After `is`, `or` between ids belongs to the comparison unless the next word begins a comparison of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

from bot.engine.effects import Value

_Verb = Literal["truth", "is", "has", "known", "<", ">", "<=", ">=", "="]
Lookup = Callable[[str], Value | None]
_TOKEN = re.compile(r"\s*(<=|>=|[<>=()]|[A-Za-z0-9_\-]+)")
_SIGN = re.compile(r"\s*(&&?|\|\|?|!=|≠|!|n?['’]t\b|['\"“”„‘’«»`]|[,;{}])")
_MEANT = {
    "and": ("&&", "&", "und", "plus"),
    "or": ("||", "|", "oder"),
    "not": ("!", "nicht", "no"),
    "is": ("ist", "equals", "are", "was"),
    "is not": ("!=", "≠", "'t", "’t"),
    "has": ("hat", "contains", "includes", "have"),
    "known": ("bekannt",),
}
"""What people write in place of the words of a condition: other languages, and signs of programmers."""
_WRITE = {sign: word for word, signs in _MEANT.items() for sign in signs}
_MAX_LENGTH = 400
_MAX_DEPTH = 20


class ConditionError(ValueError):
    """Say what is wrong with a condition; `offset` counts characters from its start."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison, kept for the checks: every name and every id can be looked up."""

    name: str
    verb: _Verb
    ids: tuple[str, ...] = ()
    number: int = 0
    negated: bool = False
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition: `holds(lookup)` decides, `comparisons` lists what it looks at."""

    source: str
    comparisons: tuple[Comparison, ...]
    holds: Callable[[Lookup], bool]
    spot: tuple[int, int] | None = None
    """Line and column in its file, where it was read from one."""


def parse(source: str) -> Condition:
    """Compile a condition; raises `ConditionError` with the offset of the first mistake."""
    if len(source) > _MAX_LENGTH:
        raise ConditionError(f"a condition may have {_MAX_LENGTH} characters, this one has {len(source)}", 0)
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[tuple[str, int]] = []
        self.found: list[Comparison] = []
        self.at = 0
        self.depth = 0
        position = 0
        text = source.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ConditionError(_unreadable(text[position:]), position)
            self.tokens.append((match.group(1), match.start(1)))
            position = match.end()

    def peek(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index][0] if index < len(self.tokens) else ""

    def refuse_two_signs(self) -> None:
        """Say how a comparison is written where somebody wrote it as programmers do."""
        if self.peek() == "=" and self.peek(1) == "=":
            message = "one «=» is enough for a number (count = 1), and an answer takes «is» (right is yes)"
            raise ConditionError(message, self.tokens[self.at + 1][1])

    def offset(self) -> int:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.source)

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def parse(self) -> Condition:
        if not self.tokens:
            raise ConditionError("the condition is empty", 0)
        holds = self.any_of()
        if self.at < len(self.tokens):
            raise ConditionError(_instead(self.peek()) or f"I did not expect «{self.peek()}» here", self.offset())
        return Condition(self.source, tuple(self.found), holds)

    def any_of(self) -> Callable[[Lookup], bool]:
        parts = [self.all_of()]
        while self.peek() == "or":
            self.take()
            parts.append(self.all_of())
        if len(parts) == 1:
            return parts[0]
        return lambda lookup: any(part(lookup) for part in parts)

    def all_of(self) -> Callable[[Lookup], bool]:
        parts = [self.one()]
        while self.peek() == "and":
            self.take()
            parts.append(self.one())
        if len(parts) == 1:
            return parts[0]
        return lambda lookup: all(part(lookup) for part in parts)

    def one(self) -> Callable[[Lookup], bool]:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ConditionError(f"brackets and «not» may be nested {_MAX_DEPTH} deep", self.offset())
        try:
            if self.peek() == "not":
                self.take()
                inner = self.one()
                return lambda lookup: not inner(lookup)
            if self.peek() == "(":
                self.take()
                inside = self.any_of()
                if self.take() != ")":
                    raise ConditionError("a bracket is not closed", len(self.source))
                return inside
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Callable[[Lookup], bool]:
        offset = self.offset()
        name = self.take()
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in {"and", "or", "is", "has", "known"}:
            raise ConditionError(_no_name(name, "the name of an answer or value"), offset)
        verb = self.peek()
        if verb in {"is", "has"}:
            return self.membership(name, offset)
        if verb in {"<", ">", "<=", ">=", "="}:
            return self.number(name, offset)
        self.found.append(Comparison(name, "truth", offset=offset))
        return lambda lookup: lookup(name) in (True, "yes")

    def membership(self, name: str, offset: int) -> Callable[[Lookup], bool]:
        verb = self.take()
        negated = self.peek() == "not"
        if negated:
            self.take()
        if verb == "is" and self.peek() == "known":
            self.take()
            self.found.append(Comparison(name, "known", negated=negated, offset=offset))
            return lambda lookup: (lookup(name) in (None, "", ())) is negated
        ids = [self.identifier()]
        while self.peek() == "or" and self.peek(2) not in {"is", "has", "<", ">", "<=", ">=", "="} and self._plain(1):
            self.take()
            ids.append(self.identifier())
        wanted = frozenset(ids)
        self.found.append(Comparison(name, "is" if verb == "is" else "has", tuple(ids), negated=negated, offset=offset))
        if verb == "is":
            return lambda lookup: (_as_id(lookup(name)) in wanted) is not negated
        return lambda lookup: (not wanted.isdisjoint(_as_ids(lookup(name)))) is not negated

    def _plain(self, ahead: int) -> bool:
        return self.peek(ahead) not in {"", "(", ")", "not"}

    def identifier(self) -> str:
        offset = self.offset()
        token = self.take()
        if not re.fullmatch(r"[A-Za-z0-9_\-]+", token) or token in {"and", "or", "not", "is", "has"}:
            raise ConditionError(_no_name(token, "an answer id"), offset)
        return token

    def number(self, name: str, offset: int) -> Callable[[Lookup], bool]:
        self.refuse_two_signs()
        verb = self.take()
        at = self.offset()
        token = self.take()
        if not re.fullmatch(r"-?[0-9]{1,9}", token):
            message = _no_name(token, "a whole number")
            if verb == "=" and re.fullmatch(r"[a-z][a-z0-9_]*", token):
                message = f"«=» compares numbers; for an answer write «{name} is {token}»"
            raise ConditionError(message, at)
        wanted = int(token)
        self.found.append(Comparison(name, cast(_Verb, verb), number=wanted, offset=offset))
        compare: dict[str, Callable[[int], bool]] = {
            "<": lambda value: value < wanted,
            ">": lambda value: value > wanted,
            "<=": lambda value: value <= wanted,
            ">=": lambda value: value >= wanted,
            "=": lambda value: value == wanted,
        }
        check = compare[verb]

        def holds(lookup: Lookup) -> bool:
            value = lookup(name)
            return isinstance(value, int) and not isinstance(value, bool) and check(value)

        return holds


def _instead(token: str) -> str:
    """Say which word was meant; nothing where nobody can know."""
    word = _WRITE.get(token.lower()) or token.lower()
    known = word != token and word in _MEANT
    return f"«{token}» is no word of conditions; write «{word}»" if known else ""


def _unreadable(rest: str) -> str:
    """Say what to write in place of a sign that no condition has."""
    found = _SIGN.match(rest)
    sign = found[1] if found else ""
    if sign in {",", ";"}:
        return f"«{sign}» is not used in conditions; write «and» or «or»"
    if sign in {"{", "}"} or (sign and sign in "'\"“”„‘’«»`"):
        return f"«{sign}» is not used in conditions; write the bare name"
    return _instead(sign) or f"I cannot read «{rest.strip()[:20]}» here"


def _no_name(token: str, expected: str) -> str:
    """Say what was expected in place of a word, or of nothing."""
    if not token:
        return f"it ends too early; {expected} is missing"
    if re.fullmatch(r"[A-Z][A-Za-z0-9_]*", token) and token.lower() not in _MEANT:
        return f"names are written in small letters; write «{token.lower()}»"
    return _instead(token) or f"expected {expected}, read «{token}»"


def _as_id(value: Value | None) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else None


def _as_ids(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()
