"""From dialog files to the compiled pack that the engine runs. The runtime loads only what comes out of here.

`read_pack` never raises: it gives the pack where it is whole, and every problem of every file at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.content.pieces import NAME, Marks, Reading
from bot.content.shape import MORE_PHRASES, PHRASES
from bot.content.slots import read_slot
from bot.content.states import read_state
from bot.engine.machine import build
from bot.engine.model import Change, CommandRule, Dialog, Pack, Place, Slot, State
from bot.engine.text import Text
from bot.errors import Problem
from bot.reader import Node, Piece, Scalar, nearest, read

PACK_FILE = "pack.yaml"
_WHOLE = re.compile(r"-?[0-9]{1,9}\Z")
NOT_DIALOGS = ("letters.yaml",)
"""YAML files beside the dialogs that others read; folders (facts/, examples/) are not looked into."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The outcome: `pack` is None where a problem of level error was found."""

    pack: Pack | None
    problems: tuple[Problem, ...]
    draft: Pack | None = None
    """The pack as far as it could be read, for the picture and the checks; never run."""
    texts: tuple[tuple[Text, Scalar], ...] = ()
    """Every text to be translated with the piece it was read from; a text with plural forms stands once for each."""
    marks: Mapping[tuple[str, int, str], Place] = field(default_factory=dict)
    """Where single values stand, for `resolve`."""
    unread: frozenset[str] = frozenset()
    """Names of dialogs whose file could not be read at all; that nobody finds them is not worth a word."""


def is_dialog(path: str) -> bool:
    """Say whether a path inside a pack is a dialog file or the pack file."""
    return "/" not in path and path.endswith(".yaml") and path not in NOT_DIALOGS


def version_of(files: Mapping[str, str]) -> str:
    """Give the version of a pack: a short hash of its dialog files, in a stable order."""
    digest = hashlib.sha256()
    for path in sorted(path for path in files if is_dialog(path)):
        digest.update(path.encode() + b"\0" + files[path].encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()[:12]


def read_pack(folder: str, files: Mapping[str, str], prefix: str = "") -> Compiled:
    """Compile the dialog files of a pack; `files` maps a path inside the pack to its text.

    `prefix` is put before file names in problems.
    """
    problems: list[Problem] = []
    dialogs: dict[str, Dialog] = {}
    slots: dict[str, Slot] = {}
    head: Pack | None = None
    texts: list[tuple[Text, Scalar]] = []
    marks: Marks = {}
    unread: set[str] = set()
    for path in sorted(path for path in files if is_dialog(path)):
        piece, found = read(prefix + path, files[path])
        problems += found
        reading = Reading(prefix + path, folder, problems, texts)
        reading.marks = marks
        if piece is None:
            unread.add(path.removesuffix(".yaml"))
            continue
        if path == PACK_FILE:
            head = _read_head(reading, piece, folder)
            continue
        dialog, own = _read_dialog(reading, piece, path.removesuffix(".yaml"), files)
        if dialog is None:
            unread.add(path.removesuffix(".yaml"))
            continue
        if path != f"{dialog.name}.yaml" and f"{dialog.name}.yaml" in files:
            continue  # a copy under another name was told; all of it stands in the first one too
        dialogs[dialog.name] = dialog
        for slot in own:
            if slot.name in slots and slot.at is not None:
                other = slots[slot.name].at
                where = f"{other.file}:{other.line}" if other else "another dialog"
                problems.append(
                    Problem(slot.at.file, slot.at.line, slot.at.col, "D030", f"«{slot.name}» is declared twice.",
                            f"It stands in {where} already; slots are known in the whole pack.")
                )  # fmt: skip
            slots[slot.name] = slot
    if head is None:
        if PACK_FILE not in files:
            problems.append(Problem(prefix + PACK_FILE, 1, 1, "P001", "the pack has no pack.yaml.", "Write one."))
        return Compiled(None, tuple(sorted(problems)), None, tuple(texts), marks, frozenset(unread))
    numbers = {name for name, slot in slots.items() if slot.type == "number"}
    dialogs = {name: _with_numbers(dialog, numbers) for name, dialog in dialogs.items()}
    draft = replace(head, version=version_of(files), dialogs=dialogs, slots=slots)
    broken = any(problem.level == "error" for problem in problems)
    return Compiled(None if broken else draft, tuple(sorted(problems)), draft, tuple(texts), marks, frozenset(unread))


def _with_numbers(dialog: Dialog, numbers: set[str]) -> Dialog:
    """Turn «set: count: 3» into a number where the slot keeps one; a dialog that sets none stays as it is."""

    def typed(changes: tuple[Change, ...]) -> tuple[Change, ...]:
        return tuple(
            replace(one, value=int(one.value))
            if one.slot in numbers and isinstance(one.value, str) and _WHOLE.match(one.value)
            else one
            for one in changes
        )

    def mended(state: State) -> State:
        answers = tuple(replace(answer, changes=typed(answer.changes)) for answer in state.answers)
        return replace(state, changes=typed(state.changes), answers=answers)

    changed = {
        name: mended(state)
        for name, state in dialog.states.items()
        if any(one.slot in numbers for one in (*state.changes, *[c for a in state.answers for c in a.changes]))
    }
    return replace(dialog, states={**dialog.states, **changed}) if changed else dialog


def _calls(files: Mapping[str, str], dialog: str) -> int:
    return sum(len(re.findall(rf"\bdo: +{dialog}\b|\b{dialog}/[a-z]", text)) for text in files.values())


def finish(pack: Pack) -> Pack:
    """Build the machines of a pack whose names were all resolved."""
    built = {name: replace(dialog, machine=build(dialog)) for name, dialog in pack.dialogs.items()}
    return replace(pack, dialogs=built)


def _read_head(reading: Reading, piece: Piece, folder: str) -> Pack | None:
    entries = reading.entries(piece, "pack")
    if entries is None:
        return None
    name = reading.name(entries.get("pack"), "pack")
    if name is not None and name != folder:
        reading.fail(entries.get("pack") or entries, "P002", f"the pack «{name}» lies in the folder «{folder}».",
                     "The two names must be the same.")  # fmt: skip
    title = reading.text(entries.get("title"), "title", "pack/title")
    reading.mark(Node(reading.file, 0, 0), entries)
    start = reading.name(entries.get("start"), "start")
    commands: dict[str, CommandRule] = {}
    for key, value in reading.mapping(entries.get("commands"), "commands") or ():
        rule = _read_command(reading, key, value)
        if rule is not None:
            commands[rule.name] = rule
    phrases: dict[str, Text] = {}
    written = reading.mapping(entries.get("phrases"), "phrases")
    for key, value in written or ():
        if key.text not in PHRASES and key.text not in MORE_PHRASES:
            known = {*PHRASES, *MORE_PHRASES}
            reading.warn(key, "P003", f"no phrase «{key.text}» is ever said.", nearest(key.text, known))
        text = reading.text(
            value, key.text, f"pack/phrases/{key.text}", "match words" if "_words" in key.text else None
        )
        if text is not None:
            phrases[key.text] = text
    for missing in sorted(set(PHRASES) - set(phrases)):
        reading.fail(written or entries, "P004", f"the phrase «{missing}» is missing.", PHRASES[missing])
    foreign = reading.scalar(entries.get("foreign commands"), "foreign commands")
    words = foreign.text.split(",") if foreign else []
    if name is None or title is None or start is None:
        return None
    return Pack(
        name, "", title, start, {}, {}, commands, phrases,
        frozenset(word.strip().lstrip("/").lower() for word in words if word.strip()),
    )  # fmt: skip


def _read_command(reading: Reading, key: Scalar, piece: Piece) -> CommandRule | None:
    name = key.text.lower().removeprefix("/")  # what is nearly right is read all the same, for those who name it
    if not NAME.match(key.text) or len(name) > 32:
        hint = f"Write «{name}»." if NAME.match(name) and len(name) <= 32 else "A command is 1–32 of a-z, 0-9 and _."
        reading.fail(key, "P005", f"«{key.text[:40]}» is no command.", hint)
        if not NAME.match(name):
            return None
    entries = reading.entries(piece, "command")
    if entries is None:
        return None
    reading.mark(key, entries)
    place = f"pack/commands/{name}"
    about = reading.text(entries.get("about"), "about", f"{place}/about")
    ways = [name for name in ("do", "go", "built in") if entries.get(name) is not None]
    if len(ways) != 1:
        reading.fail(key, "P006", f"the command «{name}» needs exactly one of do, go, built in.")
    if about is None:
        return None
    return CommandRule(
        name,
        about,
        also=reading.text(entries.get("also"), "also", f"{place}/also", "match words"),
        do=reading.name(entries.get("do"), "do"),
        go=reading.target(entries.get("go"), "go"),
        clear_all=reading.choice(entries.get("clear"), "clear", "command") == "all",
        built_in=reading.choice(entries.get("built in"), "built in", "command"),
        at=reading.place(key),
    )


def _read_dialog(
    reading: Reading, piece: Piece, stem: str, files: Mapping[str, str]
) -> tuple[Dialog | None, list[Slot]]:
    entries = reading.entries(piece, "dialog")
    if entries is None:
        return None, []
    name = reading.name(entries.get("dialog"), "dialog")
    if name is None:
        return None, []
    if name != stem:
        reading.fail(entries.get("dialog") or entries, "D015", f"the dialog «{name}» stands in the file {stem}.yaml.",
                     f"Name the file {name}.yaml; if it is a copy, delete it.")  # fmt: skip
        if NAME.match(stem) and f"{name}.yaml" not in files and _calls(files, stem) >= _calls(files, name):
            name = stem  # so that those who call it find it: it is one slip, whichever of the two names is wrong
    start = reading.name(entries.get("start"), "start") or ""
    states: dict[str, State] = {}
    for key, value in reading.mapping(entries.get("states"), "states") or ():
        if not NAME.match(key.text):
            hint = "Use a-z, 0-9 and _, also where it is named."
            reading.fail(key, "D006", f"«{key.text[:40]}» is no name for a state.", hint)
            continue
        state = read_state(reading, name, key, value)
        if state is not None:
            states[key.text] = state
    if start and start not in states and entries.get("states") is not None:
        reading.fail(entries.get("start") or entries, "D016", f"there is no state «{start}» to start with.",
                     nearest(start, set(states)))  # fmt: skip
    renamed: dict[str, str] = {}
    for key, value in reading.mapping(entries.get("renamed"), "renamed") or ():
        new = reading.name(value, "renamed")
        if new is not None and new not in states:
            reading.fail(value, "D017", f"«{key.text}» was renamed to «{new}», which is no state here.",
                         nearest(new, set(states)))  # fmt: skip
        elif new is not None:
            renamed[key.text] = new
    about = reading.scalar(entries.get("about"), "about")
    dialog = Dialog(name, start, states, about.text if about else "", renamed, file=reading.file)
    slots = [
        slot
        for key, value in reading.mapping(entries.get("slots"), "slots") or ()
        if (slot := read_slot(reading, name, key, value)) is not None
    ]
    return dialog, slots
