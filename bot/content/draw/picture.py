"""What is on the picture of a pack or a dialog: boxes and arrows with their words, not yet in any format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.content.draw.graph import Edge, command_starts, edges, when_due
from bot.content.draw.traffic import behind, inside
from bot.content.draw.words import lines, plain, shorten
from bot.engine.model import Dialog, Pack, State
from bot.engine.text import Text
from bot.errors import Problem

Kind = Literal["ask", "say", "silent", "branch", "call", "end", "forget", "outside", "commands", "dialog"]
"""What a box stands for; `silent` only notes something, `outside` is a place of another dialog."""

Counts = Mapping[tuple[str, str], int]
"""How often the way from a place to a place was taken."""

People = Mapping[str, int]
"""How many people stand in a place now."""

_NAME = 28
_TEXT_WIDTH, _TEXT_LINES = 30, 2
_ANSWER = 26
_ANSWERS = 5
_CODES = 6


@dataclass(frozen=True, slots=True)
class Box:
    """One box. `place` is `dialog/state`; `text` are lines below the title; `marks` are codes of problems here.

    `mild` says that none of them is an error; `people` how many stand here now, where they were counted; `full` is
    what it says without anything left out, where the form has room for that beside the picture.
    """

    id: str
    place: str
    kind: Kind
    title: str
    text: tuple[str, ...] = ()
    start: bool = False
    marks: tuple[str, ...] = ()
    mild: bool = False
    people: int = 0
    full: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow with its lines of words; `count` is how often it was taken, None where nothing was counted.

    `full` are its words without anything left out; `told` says in words where it leads when its target is on another
    page.
    """

    source: str
    target: str
    words: tuple[str, ...] = ()
    count: int | None = None
    full: tuple[str, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One dialog: its boxes and the arrows between them."""

    name: str
    about: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything on the picture: the groups stand side by side, no arrow leads from one to another."""

    title: str
    groups: tuple[Group, ...]

    @property
    def boxes(self) -> list[Box]:
        """All boxes, in order."""
        return [box for group in self.groups for box in group.boxes]

    @property
    def arrows(self) -> list[Arrow]:
        """All arrows, in order."""
        return [arrow for group in self.groups for arrow in group.arrows]


def picture(
    pack: Pack,
    dialog: str | None = None,
    problems: Sequence[Problem] = (),
    counts: Counts | None = None,
    people: People | None = None,
) -> Picture:
    """Say what is on the picture of one dialog, or of the whole pack; raises KeyError for a dialog there is not.

    The whole pack begins with the overview. Where a dialog calls another or leaves for good, a box names the place:
    arrows across all topics would hide every one of them.
    """
    if dialog is not None:
        group = _group(pack, pack.dialogs[dialog], 0, problems, counts, people)
        return Picture(f"{pack.name} · {dialog}" + (f" – {group.about}" if group.about else ""), (group,))
    groups = [_group(pack, one, number, problems, counts, people) for number, one in enumerate(pack.dialogs.values())]
    return Picture(plain(pack.title.msgid), (*overview(pack, counts, people, problems).groups, *groups))


def overview(
    pack: Pack, counts: Counts | None = None, people: People | None = None, problems: Sequence[Problem] = ()
) -> Picture:
    """Say what is on the picture of a pack with one box for each dialog, and the commands."""
    ids = {name: f"d{number}" for number, name in enumerate(pack.dialogs)}
    began = _began(pack)
    boxes = []
    for dialog in pack.dialogs.values():
        text = [*lines(dialog.about, _TEXT_WIDTH, 3)]
        text += lines(", ".join(began.get(dialog.name, ())), _TEXT_WIDTH, 2)
        here = sum((people or {}).get(f"{dialog.name}/{state}", 0) for state in dialog.states)
        first = dialog.name == pack.start
        marked = _codes([one for found in _marks(dialog, problems).values() for one in found])
        boxes.append(
            Box(ids[dialog.name], dialog.name, "dialog", dialog.name, tuple(text), first, *marked, people=here)
        )
    ways: dict[tuple[str, str], int] = {}
    for edge in edges(pack):
        source, target = edge.source.partition("/")[0], edge.target.partition("/")[0]
        if source != target and edge.way != "remind":
            taken = (counts or {}).get((edge.source, edge.target), 0)
            ways[source, target] = ways.get((source, target), 0) + taken
    if people is not None:
        ways = {(source, target): inside(pack, people, target) for source, target in ways}
    arrows = [
        Arrow(ids[source], ids[target], (), (count or None) if counts is None else count)
        for (source, target), count in ways.items()
        # Everything may lead back to the first dialog; those arrows say nothing.
        if target != pack.start
    ]
    commands = Box("commands", "", "commands", "Valid everywhere", tuple(_commands(pack, people or {})))
    title = plain(pack.title.msgid)
    group = Group("overview", "How the topics follow one another", tuple(boxes), tuple(arrows))
    return Picture(title, (group, Group("commands", "", (commands,), ())))


def _group(
    pack: Pack,
    dialog: Dialog,
    number: int,
    problems: Sequence[Problem],
    counts: Counts | None,
    people: People | None,
) -> Group:
    marks, began = _marks(dialog, problems), _began(pack)
    boxes = {
        f"{dialog.name}/{state.name}": Box(
            f"n{number}_{index}",
            f"{dialog.name}/{state.name}",
            _kind(state),
            shorten(state.name, _NAME),
            _text(pack, state, people or {}),
            state.name == dialog.start,
            *_codes(marks.get(state.name, ())),
            (people or {}).get(f"{dialog.name}/{state.name}", 0),
            _full_text(state),
        )
        for index, state in enumerate(dialog.states.values())
    }
    ways: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges(pack, [dialog.name]):
        if edge.way in {"call", "remind"}:
            continue  # its box says it
        if edge.target not in boxes:
            boxes[edge.target] = Box(
                f"n{number}_{len(boxes)}", edge.target, "outside", shorten(edge.target, _NAME),
                people=(people or {}).get(edge.target, 0),
            )  # fmt: skip
        ways.setdefault((edge.source, edge.target), []).append(edge)
    arrows = []
    for (source, target), own in ways.items():
        count = None if counts is None else counts.get((source, target), 0)
        if people is not None:
            # Nobody stays in a state that asks nothing: a way nobody stands behind is not one nobody took.
            count = behind(pack, people, target) or None
        words, full = _words(own)
        arrows.append(Arrow(boxes[source].id, boxes[target].id, words, count, full))
    about = shorten(dialog.about, 90)
    if dialog.name in began:
        about = f"{about} ({', '.join(began[dialog.name])})".strip()
    return Group(dialog.name, about, tuple(boxes.values()), tuple(arrows))


def _kind(state: State) -> Kind:
    if state.kind == "end":
        return "forget" if state.end == "forget" else "end"
    if state.kind == "say" and not state.items:
        return "silent"
    return state.kind


def _text(pack: Pack, state: State, people: People) -> tuple[str, ...]:
    """Give the lines of a box: what it asks or says first, what it calls, when it wakes the conversation."""
    found: list[str] = []
    if state.items:
        item = state.items[-1] if state.kind == "ask" else state.items[0]
        words = plain(item.body.msgid) if isinstance(item.body, Text) else f"({item.body})"
        found += lines(words, _TEXT_WIDTH, _TEXT_LINES)
    if state.do is not None:
        there = inside(pack, people, state.do) if state.do in pack.dialogs else 0
        found.append(f"calls {state.do}" + (f" ({in_words(there)} there)" if there else ""))
    for change in state.changes[:2]:
        value = f"= {change.source or change.value}" if change.verb != "clear" else ""
        found.append(shorten(f"{change.verb} {change.slot} {value}".strip(), _TEXT_WIDTH))
    if state.remind is not None:
        found.append(shorten(f"wakes {when_due(state.remind)} → {state.remind.do}", _TEXT_WIDTH))
    return tuple(found)


def _full_text(state: State) -> str:
    return " … ".join([plain(item.body.msgid) for item in state.items if isinstance(item.body, Text)])


def _words(group: Iterable[Edge]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write what leads along an arrow, a piece each answer or condition: not more than fits, and all of it."""
    found: list[tuple[str, ...]] = []
    full: list[str] = []
    for edge in group:
        if edge.way == "branch":
            full.append("otherwise" if edge.when == "otherwise" else f"if {edge.when}")
            found.append(lines(full[-1], _ANSWER, 2))
        elif edge.label:
            form = "({})" if edge.way == "value" else "{}"
            full.append(form.format(plain(edge.label)))
            found.append((form.format(shorten(plain(edge.label), _ANSWER)),))
    more = len(found) - _ANSWERS
    shown = [line for piece in (found[:_ANSWERS] if more > 1 else found) for line in piece]
    return (*shown, *([f"… {more} more"] if more > 1 else [])), tuple(full)


def _began(pack: Pack) -> dict[str, list[str]]:
    """Say which commands and reminders begin a dialog."""
    found: dict[str, list[str]] = {}
    for command, place in command_starts(pack):
        if pack.commands[command].do is not None:
            found.setdefault(place.partition("/")[0], []).append(f"/{command}")
    for dialog in pack.dialogs.values():
        for state in dialog.states.values():
            if state.remind is not None and "a reminder" not in found.setdefault(state.remind.do, []):
                found[state.remind.do].append("a reminder")
    return found


def _commands(pack: Pack, people: People) -> list[str]:
    starts = dict(command_starts(pack))
    found = []
    for name in pack.commands:
        there = inside(pack, people, starts[name].partition("/")[0]) if pack.commands[name].do in pack.dialogs else 0
        led = f" → {starts[name]}" if name in starts else ""
        found.append(f"/{name}{led}" + (f" ({in_words(there)} there)" if there else ""))
    return found


def in_words(people: int) -> str:
    """Give a number of people in words."""
    return f"{people} {'person' if people == 1 else 'people'}"


def _marks(dialog: Dialog, problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    """Find for each problem in this dialog's file the state it stands in: the last one that begins before it.

    What is wrong with the dialog itself, above all states, stands at the one it begins with.
    """
    begins = {state.name: state.at for state in dialog.states.values() if state.at is not None}
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        lines_here = {name: at.line for name, at in begins.items() if at.file == problem.file}
        before = [name for name, line in lines_here.items() if line <= problem.line]
        if before:
            found.setdefault(max(before, key=lines_here.__getitem__), []).append(problem)
        elif dialog.start in lines_here:
            found.setdefault(dialog.start, []).append(problem)
    return found


def _codes(problems: Sequence[Problem]) -> tuple[tuple[str, ...], bool]:
    """Give the codes that mark a box, and whether none of them is an error; the errors come first."""
    worst = sorted(problems, key=lambda one: one.level != "error")
    codes = list(dict.fromkeys([one.code for one in worst]))
    shown = codes if len(codes) <= _CODES else [*codes[: _CODES - 1], "…"]
    return tuple(shown), all(one.level != "error" for one in problems)
