"""Made-up dialogs of any size and density, in the words of the shipped ones, for pictures of them."""

from __future__ import annotations

import json
import random
from itertools import cycle

from bot.content.compile import read_pack
from bot.content.draw.words import plain
from bot.engine.model import Pack
from bot.engine.text import Text
from tests.kit.shipped import loaded


def large(states: int = 60, arrows: float = 1.8, *, seed: int = 1, near: bool = True) -> Pack:
    """Make a dialog of so many states with so many arrows a state, each from a state to another and with its answer.

    Where they are `near`, most lead a few states on, some back, and every tenth to the menu or the end, as people write
    dialogs; else anywhere, which no author would write and no layout likes.
    """
    chance = random.Random(seed)
    names, says, answers = _words(chance)
    called = [f"{next(names)}_{number}" for number in range(states)]
    ways: list[list[int]] = [[number + 1] for number in range(states - 1)]
    left = round(states * arrows) - len(ways)
    while left > 0:
        source = chance.randrange(states - 1)
        target = _target(chance, source, states) if near else chance.randrange(states)
        if target != source and target not in ways[source]:
            ways[source].append(target)
            left -= 1
    lines = ["dialog: main", f"start: {called[0]}", "states:"]
    for number, targets in enumerate(ways):
        lines += [f"  {called[number]}:", f"    say: {json.dumps(next(says))}", "    answers:"]
        for index, target in enumerate(targets):
            label = json.dumps(f"{next(answers)}{'.' * index}", ensure_ascii=False)
            lines += [f"      - answer: {label}", f"        id: a{index}", f"        go: {called[target]}"]
    lines += [f"  {called[-1]}:", "    say: Goodbye.", "    end: done"]
    files = {"pack.yaml": "pack: large\ntitle: A large dialog\nstart: main\n", "main.yaml": "\n".join(lines) + "\n"}
    made = read_pack("large", files)
    assert made.draft is not None, made.problems
    return made.draft


def _target(chance: random.Random, source: int, states: int) -> int:
    kind = chance.random()
    if kind < 0.1:
        return chance.choice([0, states - 1])
    step = chance.randint(2, 8) if kind < 0.75 else -chance.randint(1, 10)
    return min(max(source + step, 0), states - 1)


def _words(chance: random.Random) -> tuple[cycle[str], cycle[str], cycle[str]]:
    """Take the names of states, what they say and the answers of the shipped dialogs, mixed."""
    pack = loaded().compiled.draft
    assert pack is not None
    states = [state for dialog in pack.dialogs.values() for state in dialog.states.values()]
    bodies = [state.items[0].body for state in states if state.items]
    says = [plain(body.msgid).replace("{", "").replace("}", "") for body in bodies if isinstance(body, Text)]
    answers = [
        plain(answer.label.msgid).replace("{", "").replace("}", "") for state in states for answer in state.answers
    ]
    names = [state.name for state in states]
    for words in (names, says, answers):
        chance.shuffle(words)
    return cycle(names), cycle(says), cycle(answers)
