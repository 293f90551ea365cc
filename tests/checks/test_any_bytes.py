"""Whatever lies in a folder becomes a pack or a list of problems, never an exception."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks.runner import run
from bot.checks.sample import FILES, MAIN, PACK, po
from bot.errors import Problem
from bot.reader import read
from tests.checks.trial import view_of

PO = "locales/de/LC_MESSAGES/messages.po"
GLOSSARY = "locales/glossary.yaml"
WHOLE = {
    **FILES,
    **po(("Which lamp is broken?", "Welche Lampe ist kaputt?"), ("I do not know {command}.", "Unbekannt: {command}.")),
    GLOSSARY: "terms:\n  - id: lamp\n    en: lamp\n    de: Lampe\n",
    "examples/one.yaml": "example: one\ntalk:\n  - they tap: bridge\nexpect:\n  state: main/thanks\n",
}


def look(files: dict[str, str]) -> list[Problem]:
    problems = run(view_of(files))
    for one in problems:
        assert one.line >= 1
        assert one.col >= 1
        assert one.message
        assert one.level in {"error", "warning"}
    return problems


@settings(max_examples=50, deadline=None)
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_any_bytes_are_read_or_refused_in_words(data: bytes | str) -> None:
    piece, problems = read("f.yaml", data)
    assert piece is not None or problems


@settings(max_examples=50, deadline=None)
@given(
    name=st.sampled_from(["main.yaml", "pack.yaml", "new.yaml", "examples/one.yaml", PO, GLOSSARY]),
    text=st.text(max_size=300),
)
def test_any_text_in_the_place_of_a_file_is_a_list_of_problems(name: str, text: str) -> None:
    look({**WHOLE, name: text})


KEYS = [
    "dialog",
    "start",
    "states",
    "slots",
    "which",
    "say",
    "answers",
    "answer",
    "go",
    "next",
    "branch",
    "when",
    "otherwise",
    "do",
    "end",
    "save",
    "pick",
    "choose",
    "write",
    "remind",
    "in",
    "on",
    "set",
    "add",
    "clear",
    "type",
    "from",
    "to",
    "by",
    "one",
    "other",
    "text",
    "show",
    "renamed",
    "id",
    "also",
    "done",
]

yamlish = st.recursive(
    st.sampled_from(["x", "''", "main/which", "right is yes", "{lamp}", "[a](b)", "=form", "done", "3", "a, b", "«»"]),
    lambda inner: st.one_of(
        st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=20,
)  # fmt: skip


def dump(value: object, indent: int = 0) -> Iterator[str]:
    pad = "  " * indent
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str):
                yield f"{pad}{key}: '{inner}'"
            else:
                yield f"{pad}{key}:"
                yield from dump(inner, indent + 1)
    elif isinstance(value, list):
        for inner in value:
            lines = list(dump(inner, 0))
            for number, line in enumerate(lines):
                yield f"{pad}{'- ' if not number else '  '}{line}"
    else:
        yield f"{pad}'{value}'"


@settings(max_examples=50, deadline=None)
@given(value=yamlish)
def test_any_shape_of_our_own_keys_is_a_list_of_problems(value: object) -> None:
    look({**WHOLE, "main.yaml": "\n".join(dump(value)) + "\n"})


def damaged(text: str, chance: random.Random) -> str:
    """Damage a file as hands and tools do."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    line = lines[at]
    match chance.randrange(10):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, line)
        case 2:
            lines[at] = " " * chance.randrange(9) + line.lstrip()
        case 3:
            lines[at] = line[: chance.randrange(len(line) + 1)]
        case 4:
            lines[at] = line.replace(":", chance.choice(["", "::", ":"]), 1)
        case 5:
            lines[at] = line + chance.choice(["'", '"', "{", "}", "[", " #x", ": y", "\u202e", "\x00", "*", "`", "**"])
        case 6:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], line
        case 7:
            words = line.split(" ")
            chance.shuffle(words)
            lines[at] = " ".join(words)
        case 8:
            lines = lines[:at]
        case _:
            lines[at] = line.swapcase()
    return "\n".join(lines)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**9), times=st.integers(1, 4))
def test_a_damaged_file_is_a_list_of_problems(seed: int, times: int) -> None:
    chance = random.Random(seed)
    files = dict(WHOLE)
    for _ in range(times):
        name = chance.choice(sorted(files))
        files[name] = damaged(files[name], chance)
    look(files)


def test_the_undamaged_files_have_only_what_is_not_translated() -> None:
    assert {one.code for one in look(WHOLE)} == {"T301"}
    assert WHOLE["main.yaml"] == MAIN
    assert WHOLE["pack.yaml"] == PACK
