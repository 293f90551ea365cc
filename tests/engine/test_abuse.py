"""What an event may cause at most, what pasted pages do, and names that Python knows as well."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.content.compile import read_pack
from bot.engine import limits
from bot.engine.effects import Attach, EditLast, Say
from bot.engine.events import Command, Pressed, Said
from bot.engine.providers import ValueProvider
from bot.engine.step import Outcome
from tests.kit.pets import FILES, MAIN, Talk, library

MANY = "x" * 100_000
PASTED = {
    "letters": MANY, "digits": "9" * 100_000, "dates": "1.1." * 25_000, "spaces": " " * 100_000 + "x",
    "marks": "e" + "\u0301" * 100_000, "mail": "a@" * 50_000, "iban": "DE89 " * 20_000, "flags": "🇩🇪" * 50_000,
    "commas": "dog, " * 20_000, "bidi": "\u202e" * 100_000, "numbers": "٣" * 100_000, "signs": "+-" * 50_000,
    "lines": "\n" * 100_000 + "x", "command": "/" + "a" * 100_000, "negation": "not " * 25_000,
}  # fmt: skip


def messages(outcome: Outcome) -> list[Any]:
    return [one for one in outcome.effects if isinstance(one, (Say, EditLast, Attach))]


def at(*words: str) -> Talk:
    talk = Talk()
    for one in words:
        talk.does(Said(one))
    return talk


WAYS = {
    "choice": (), "choices": ("dog", "Germany"), "number": ("dog", "Germany", "fish"),
    "date": ("dog", "Germany", "fish", "2"), "name": ("dog", "Germany", "fish", "2", "1.1.2020"),
}  # fmt: skip


@pytest.mark.parametrize("pasted", PASTED)
@pytest.mark.parametrize("kind", WAYS)
def test_U06_a_hundred_thousand_characters_are_refused_at_once(kind: str, pasted: str) -> None:
    talk = at(*WAYS[kind])
    before, slots = talk.state, talk.slots
    began = time.perf_counter()
    talk.does(Said(PASTED[pasted]))
    assert time.perf_counter() - began < 0.25
    assert (talk.state, talk.slots) == (before, slots)
    assert talk.says


TEXT = {**FILES, "main.yaml": MAIN.replace("  nick:\n    type: name\n", "  nick:\n    type: text\n")}


@pytest.mark.parametrize("pasted", PASTED)
def test_U06_free_text_is_refused_at_once_as_well(pasted: str) -> None:
    talk = Talk(library(TEXT))
    for one in WAYS["name"]:
        talk.does(Said(one))
    began = time.perf_counter()
    talk.does(Said(PASTED[pasted]))
    assert time.perf_counter() - began < 0.25
    assert not talk.session.ended
    assert "nick" not in talk.slots


LOUD = """dialog: main
start: ask
states:
  ask:
    say: How much?
    answers:
      - answer: Many words
        id: words
        go: words0
      - answer: Many files
        id: files
        go: files0
{states}
  asked:
    say: Was that much?
    answers:
      - answer: "Yes"
        id: y
        go: bye
  bye:
    say: Bye
    end: done
"""
STATES = "".join(
    f"  words{n}:\n    say: Word {n}\n    next: {f'words{n + 1}' if n < 19 else 'asked'}\n"
    f"  files{n}:\n    say:\n      - attach: card\n    next: {f'files{n + 1}' if n < 19 else 'asked'}\n"
    for n in range(20)
)


@pytest.mark.parametrize("answer", ["words", "files"])
def test_A02_one_event_causes_eight_messages_at_most_and_the_question_is_one_of_them(answer: str) -> None:
    files = {**FILES, "main.yaml": LOUD.format(states=STATES)}
    files = {
        "pack.yaml": files["pack.yaml"].replace("    go: main/animal\n", "    go: main/ask\n")
        .replace("    go: main/hello\n", "    go: main/ask\n"),
        **{name: files[name] for name in ("main.yaml", "help.yaml", "forget.yaml")},
    }  # fmt: skip
    talk = Talk(library(files)).does(Pressed(answer))
    assert len(messages(talk.outcome)) == limits.MESSAGES_PER_TURN
    assert talk.says[-1] == "Was that much?"
    assert talk.choices == ["y"]


NAMES = (
    "help", "state", "trigger", "model", "name", "__class__", "__init__", "__dict__", "_scope", "slots", "get", "keys",
    "to_help", "is_ask", "may_value", "None", "True", "class", "import", "self",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_E10_a_state_named_like_something_in_python_is_refused_or_a_state_like_any(name: str) -> None:
    source = MAIN.replace("  nowhere:\n", f"  {name}:\n").replace("go: nowhere", f"go: {name}")
    source = source.replace("when: right is no", "when: count > 1")
    result = read_pack("pets", {**FILES, "main.yaml": source})
    if result.pack is None:
        assert any(problem.file == "main.yaml" for problem in result.problems)
        return
    talk = at_named({**FILES, "main.yaml": source})
    assert "Pets are not allowed there." in talk.says
    assert talk.session.ended


def at_named(files: dict[str, str]) -> Talk:
    talk = Talk(library(files))
    for one in ("dog", "Germany", "fish", "2"):
        talk.does(Said(one))
    return talk


@pytest.mark.parametrize("name", NAMES)
def test_E10_a_slot_named_like_something_in_python_is_refused_or_a_slot_like_any(name: str) -> None:
    files = {**FILES, "main.yaml": MAIN.replace("nick", name), "name.yaml": FILES["name.yaml"].replace("nick", name)}
    result = read_pack("pets", files)
    if result.pack is None:
        assert result.problems
        return
    talk = at_named(files).does(Said("1.1.2020")).does(Said("Rex"))
    assert talk.slots[name] == "Rex"
    assert talk.session.ended


@pytest.mark.parametrize("name", [*NAMES[1:], "session", "step", "say", "jump", "__getattr__", "frames"])
def test_E10_a_command_or_button_named_like_something_in_python_does_nothing(name: str) -> None:
    talk = at("dog")
    before, slots = talk.state, talk.slots
    for event in (Command(name), Pressed(name), Said(f"/{name}")):
        talk.does(event)
    assert (talk.state, talk.slots) == (before, slots)


def test_E06_help_is_offered_at_the_third_miss_and_the_operator_is_named_at_every_fifth() -> None:
    lib = library()
    lib.registry.values["operator_contact"] = ValueProvider("text", lambda scope: "help@example.org")
    talk = Talk(lib)
    told = []
    for _ in range(50):
        talk.does(Said("zzzzqqqq"))
        told.append(tuple(one for one in talk.says if one.startswith("phrase not_understood_")))
    assert talk.state == "main/animal"
    helped = [n for n, one in enumerate(told, 1) if "phrase not_understood_help" in one]
    named = [n for n, one in enumerate(told, 1) if "phrase not_understood_contact" in one]
    assert helped == [3]
    assert named == list(range(5, 51, 5))
    talk.does(Said("dog")).does(Said("zzzzqqqq"))
    assert not any(one.startswith("phrase not_understood_") for one in talk.says)


def test_E06_without_an_operator_nobody_is_named() -> None:
    talk = Talk()
    heard: list[str] = []
    for _ in range(10):
        heard += talk.does(Said("zzzzqqqq")).says
    assert heard.count("phrase not_understood_help") == 1
    assert "phrase not_understood_contact" not in heard
