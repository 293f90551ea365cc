"""Make JSON Schemas (draft-07) from the tables of keys, so that an editor completes, explains and underlines.

Everything in our files is text, but an editor's YAML reads `12` as a number and `true` as a truth value; where any text
may stand, the schemas take those as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bot.content.shape import (
    ANSWER,
    BRANCH,
    COMMAND,
    DIALOG,
    EXAMPLE,
    EXPECT,
    ITEM,
    MORE_PHRASES,
    PACK,
    PHRASES,
    REMIND,
    SLOT,
    STATE,
    STEP,
    Form,
    Key,
)

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
NAME = r"^[a-z][a-z0-9_]*$"
ANY_TEXT: Schema = {"type": ["string", "number", "boolean"]}

_BESIDE = ("set", "add", "clear", "remind", "forget reminder", "record")
"""What a state of any kind may do on the side."""
_KINDS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "ask": (
        "It asks",
        "Says something and waits for an answer: a button, an entry of a list, or what is typed.",
        (
            "say",
            "answers",
            "choose",
            "pick",
            "write",
            "save",
            "at least",
            "up to",
            "done",
            "next",
            "again",
            "not_understood",
        ),
        ("say",),
    ),
    "say": (
        "It says and goes on",
        "Says something (or changes slots) and goes on at once.",
        ("say", "next"),
        ("next",),
    ),
    "branch": ("It branches", "Takes the first way whose condition holds.", ("branch",), ("branch",)),
    "call": ("It calls a dialog", "Goes through another dialog, then on.", ("say", "do", "next"), ("do", "next")),
    "end": ("It ends", "Ends this dialog.", ("say", "end"), ("end",)),
}
_MARKS = {"ask": ("answers", "choose", "pick", "write"), "end": ("end",), "branch": ("branch",), "call": ("do",)}
"""The keys of which one tells what kind of state it is; without any it says and goes on."""
_DAY = r"^[0-9]{4}-?[0-9W]"


def dialog_schema() -> Schema:
    """Describe a dialog file."""
    return _file("A dialog", "One topic of the conversation: its slots and its states.", DIALOG, _definitions())


def pack_schema() -> Schema:
    """Describe `pack.yaml`."""
    return _file(
        "A pack", "The commands that are valid everywhere, and what the bot says by itself.", PACK, _definitions()
    )


def example_schema() -> Schema:
    """Describe an example conversation."""
    made = _file("An example conversation", "It is a test, a manual and a demonstration.", EXAMPLE, {})
    # Only `buttons` stands beside something else, below its `bot`.
    step = {"title": "A step", **_object(STEP), "minProperties": 1, "maxProperties": 2}
    step |= {"if": {"minProperties": 2}, "then": {"required": ["bot", "buttons"]}}
    step["properties"]["they say"]["type"] = [*ANY_TEXT["type"], "null"]
    made["properties"]["now"]["pattern"] = _DAY
    made["properties"]["talk"] |= {"type": "array", "minItems": 1, "items": step}
    made["properties"]["expect"] |= _object(EXPECT)
    return made


def _file(title: str, about: str, keys: Iterable[Key], definitions: Schema) -> Schema:
    made = {"$schema": DRAFT, "title": title, "description": about, **_object(keys)}
    return {**made, "definitions": definitions} if definitions else made


def _definitions() -> Schema:
    return {
        "state": _states(),
        "message": {
            "title": "A message",
            "if": {"type": "object"},
            "then": {
                **_object(ITEM),
                "title": "A message with more",
                "oneOf": [{"required": [key]} for key in ("text", "show", "attach")]
                + [{"required": ["one", "other", "by"]}],
            },
            "else": {**ANY_TEXT, "title": "A text"},
        },
        "answer": {"title": "An answer", **_object(ANSWER)},
        "way": {
            "title": "A way",
            **_object(BRANCH),
            "if": {"required": ["otherwise"]},
            "then": {"maxProperties": 1},
            "else": {"required": ["when", "go"]},
        },
        "slot": _slot(),
        "reminder": {"title": "A reminder", **_object(REMIND), "oneOf": [{"required": ["on"]}, {"required": ["in"]}]},
        "command": {
            "title": "A command",
            **_object(COMMAND),
            "oneOf": [{"required": [key]} for key in ("do", "go", "built in")],
        },
    }


def _slot() -> Schema:
    made = {"title": "A slot", **_object(SLOT)}
    for name in ("earliest", "latest"):
        made["properties"][name]["pattern"] = f"^today$|{_DAY}"
    return made


def _states() -> Schema:
    """Describe a state: every key there is, then by the one that tells its kind which of them it may have.

    One kind after the other is asked for, not one of five: of five that do not fit a validator can only say that none
    fits, of one it says which key is wrong.
    """
    made = _state("say")
    for kind in ("ask", "end", "branch", "call"):
        made = {"if": _marked(_MARKS[kind]), "then": _state(kind), "else": made}
    return {"title": "A state", "type": "object", "properties": _object(STATE)["properties"], **made}


def _marked(keys: tuple[str, ...]) -> Schema:
    found = [{"required": [key]} for key in keys]
    return found[0] if len(found) == 1 else {"anyOf": found}


def _state(kind: str) -> Schema:
    title, about, own, required = _KINDS[kind]
    names = [key.name for key in STATE if key.name in own or key.name in _BESIDE]
    made: Schema = {"title": title, "description": about, "propertyNames": {"enum": names}, "required": list(required)}
    if kind == "ask":
        # Of a state that only asks by choose, pick or write the engine must know where it goes on.
        made["dependencies"] = {
            "choose": ["save", "next"], "pick": ["save", "next", "done"], "write": ["next"],
            "done": ["pick"], "up to": ["pick"], "at least": ["pick"],
        }  # fmt: skip
    return made


def _object(keys: Iterable[Key]) -> Schema:
    """Describe a mapping with the keys of a table; no others may stand there."""
    keys = tuple(keys)
    made: Schema = {
        "type": "object",
        "properties": {key.name: _value(key) for key in keys},
        "additionalProperties": False,
    }
    required = [key.name for key in keys if key.required]
    return {**made, "required": required} if required else made


def _value(key: Key) -> Schema:
    made: Schema = {"description": key.about, **_FORMS[key.form](key)}
    if key.example:
        made["examples"] = [key.example.partition(": ")[2] if key.example.startswith(f"{key.name}: ") else key.example]
    return made


def _named(reference: str) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": _ref(reference)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _phrases() -> Schema:
    return {
        "type": "object",
        "properties": {name: {"description": about, **ANY_TEXT} for name, about in (PHRASES | MORE_PHRASES).items()},
        "required": sorted(PHRASES),
        "additionalProperties": False,
    }


_FORMS: dict[Form, Callable[[Key], Schema]] = {
    "name": lambda key: {"type": "string", "pattern": NAME},
    "names": lambda key: {"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\s*,\s*[a-z][a-z0-9_]*)*$"},
    "clear": lambda key: {"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\s*,\s*[a-z][a-z0-9_]*)*$"},
    "text": lambda key: dict(ANY_TEXT),
    "plain": lambda key: dict(ANY_TEXT),
    "value": lambda key: dict(ANY_TEXT),
    "texts": lambda key: {
        "if": {"type": "array"},
        "then": {"type": "array", "minItems": 1, "items": _ref("message")},
        "else": _ref("message"),
    },
    "target": lambda key: {"type": "string", "pattern": r"^([a-z][a-z0-9_]*/)?[a-z][a-z0-9_]*$"},
    "condition": lambda key: {"type": "string", "minLength": 1, "maxLength": 400},
    "number": lambda key: {"type": "integer"},
    "answers": lambda key: {"type": "array", "minItems": 1, "items": _ref("answer")},
    "branch": lambda key: {"type": "array", "minItems": 1, "items": _ref("way")},
    "states": lambda key: {**_named("state"), "minProperties": 1},
    "slots": lambda key: _named("slot"),
    "changes": lambda key: {
        "type": "object",
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    },
    "remind": lambda key: _ref("reminder"),
    "commands": lambda key: {**_named("command"), "minProperties": 1},
    "phrases": lambda key: _phrases(),
    "renamed": lambda key: {"type": "object", "additionalProperties": {"type": "string", "pattern": NAME}},
    "choice": lambda key: {"enum": list(key.choices)},
    "span": lambda key: {"type": "string", "pattern": r"^[0-9]{1,4} (minute|hour|day|week|month)s?$"},
}
