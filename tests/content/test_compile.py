"""From files to a compiled pack: what is read, and every mistake at its line."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.checks.sample import FILES, MAIN, PACK, dialog, registry
from bot.content.compile import Compiled, finish, is_dialog, read_pack, version_of
from bot.content.pieces import slug
from bot.content.resolve import answer_ids, resolve
from bot.engine.model import Change, Target
from bot.errors import Problem

END = "\n  out:\n    say: Bye.\n    end: done\n"


def compiled(files: Mapping[str, str]) -> Compiled:
    return read_pack("lamps", {**FILES, **files})


def problems(files: Mapping[str, str]) -> list[Problem]:
    made = compiled(files)
    found = list(made.problems)
    if made.draft is not None:
        found += resolve(made.draft, registry(), made.marks)
    return found


def asking(*lines: str, kind: str = "answers:\n      - answer: Fine\n        go: out\n", slots: str = "") -> str:
    extra = "".join(f"    {line}\n" for line in lines)
    return dialog(f"  which:\n    say: Well?\n{extra}    {kind}{END}", slots)


CHOICE = "  lamp:\n    type: choice\n    about: The lamp\n"
CHOICES = "  lamp:\n    type: choices\n    from: colours\n    about: The lamps\n"
NUMBER = "  count:\n    type: number\n    about: How many\n"

# file, source, line, code
MISTAKES = [
    ("main.yaml", "just a text\n", 1, "D001"),
    ("main.yaml", "- a list\n", 1, "D001"),
    ("main.yaml", dialog("  which: text\n"), 5, "D001"),
    ("main.yaml", "dialog: Main\nstart: which\n", 1, "D006"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    end: done\n", "  lamp:\n    - type\n"), 6, "D001"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    end: done\n", "  lamp:\n    type: lamp\n"), 6, "D008"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    remind: soon\n    end: done\n"), 7, "D001"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    branch: soon\n"), 7, "D014"),
    ("main.yaml", dialog("  which:\n    branch:\n      - help\n      - otherwise: out\n" + END), 7, "D001"),
    ("main.yaml", asking(kind="answers:\n      - Fine\n"), 8, "D001"),
    ("main.yaml", asking(kind="answers:\n      - answer: ''\n        go: out\n"), 8, "D005"),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    set:\n      lamp:\n        - a\n    end: done\n", CHOICE),
        14,
        "D004",
    ),
    ("main.yaml", dialog("  which:\n    say:\n      - - a\n    end: done\n"), 7, "D001"),
    (
        "pack.yaml",
        PACK.replace("  help:\n    about: What I can do\n    do: help\n    also: help me\n", "  help: me\n"),
        6,
        "D001",
    ),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    nex: out\n    end: done\n"), 7, "D002"),
    ("main.yaml", "dialog: main\nstates:\n  a:\n    say: Hi.\n    end: done\n", 1, "D003"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    end:\n      - done\n"), 8, "D004"),
    ("main.yaml", dialog("  which:\n    say: ''\n    end: done\n"), 6, "D005"),
    ("main.yaml", dialog("  Which One:\n    say: Hi.\n    end: done\n"), 5, "D006"),
    ("main.yaml", dialog("  which:\n    do: Help Me\n    next: out\n" + END), 6, "D006"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    clear: a, B\n    end: done\n"), 7, "D006"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    end: done\n", "  Big:\n    type: text\n"), 5, "D006"),
    (
        "main.yaml",
        asking("up to: many", "done: Ok", "pick: colours", "save: lamp", "next: out", slots=CHOICES),
        13,
        "D007",
    ),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    end: finished\n"), 7, "D008"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    next: Out There\n" + END), 7, "D009"),
    (
        "main.yaml",
        dialog("  which:\n    branch:\n      - when: days >\n        go: out\n      - otherwise: out\n" + END),
        7,
        "D010",
    ),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    remind:\n      name: a\n      in: soon\n      do: help\n    end: done\n"),
        9,
        "D011",
    ),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    remind:\n      name: a\n      in: 0 days\n      do: help\n    end: done\n"),
        9,
        "D011",
    ),
    ("main.yaml", asking(kind="answers:\n      - answer: '!!'\n        go: out\n"), 8, "D012"),
    ("main.yaml", asking(kind="answers:\n      - answer: A\n        id: a b\n        go: out\n"), 9, "D012"),
    ("main.yaml", asking(kind="answers:\n      - answer: A\n        id: neither\n        go: out\n"), 9, "D013"),
    (
        "main.yaml",
        asking(
            "pick: colours",
            "save: lamp",
            "done: Ok",
            "next: out",
            kind="answers:\n      - answer: Done\n",
            slots=CHOICES,
        ),
        11,
        "D013",
    ),
    ("main.yaml", asking(kind="answers: yes\n"), 7, "D014"),
    ("main.yaml", MAIN.replace("dialog: main", "dialog: mian"), 1, "D015"),
    ("main.yaml", MAIN.replace("start: which", "start: wich"), 2, "D016"),
    ("main.yaml", MAIN + "renamed:\n  old: thank\n", 24, "D017"),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    end: done\n", "  day:\n    type: date\n    latest: soon\n"),
        7,
        "D018",
    ),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    do: help\n    end: done\n"), 5, "D020"),
    (
        "main.yaml",
        dialog(
            "  which:\n    say:\n      - text: Hi?\n        when: several\n    answers:\n      - answer: A\n"
            "        go: out\n" + END
        ),
        5,
        "D021",
    ),
    ("main.yaml", dialog("  which:\n    answers:\n      - answer: A\n        go: out\n" + END), 5, "D021"),
    (
        "main.yaml",
        asking("choose: colours", "write: count", "save: lamp", "next: out", slots=CHOICE + NUMBER),
        13,
        "D022",
    ),
    ("main.yaml", asking("choose: colours", "next: out"), 5, "D023"),
    ("main.yaml", asking("pick: colours", "save: lamp", "next: out", slots=CHOICES), 11, "D024"),
    ("main.yaml", asking("choose: colours", "save: lamp", slots=CHOICE), 10, "D025"),
    ("main.yaml", asking(kind="answers:\n      - answer: A\n"), 8, "D025"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n"), 5, "D025"),
    ("main.yaml", dialog("  which:\n    do: help\n"), 5, "D025"),
    ("main.yaml", asking("write: count", "save: count", "next: out", slots=NUMBER), 13, "D026"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    again: Hi?\n    end: done\n"), 7, "D027"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    end: done\n    next: out\n" + END), 8, "D028"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    branch:\n      - otherwise: out\n" + END), 6, "D028"),
    ("main.yaml", dialog("  which:\n    branch:\n      - when: several\n        go: out\n" + END), 6, "D029"),
    ("zoo.yaml", dialog("  which:\n    say: Hi.\n    end: done\n", CHOICE, name="zoo"), 5, "D030"),
    ("main.yaml", dialog("  which:\n    say:\n      - text: Hi.\n        show: summary\n    end: done\n"), 7, "D031"),
    ("main.yaml", dialog("  which:\n    say:\n      - when: several\n    end: done\n"), 7, "D031"),
    ("main.yaml", dialog("  which:\n    say:\n      - one: A day.\n        other: Days.\n    end: done\n"), 7, "D032"),
    (
        "main.yaml",
        asking(kind="answers:\n      - answer: A\n        go: out\n      - answer: a!\n        go: out\n"),
        10,
        "D033",
    ),
    (
        "main.yaml",
        dialog("  which:\n    branch:\n      - otherwise: out\n      - when: several\n        go: out\n" + END),
        7,
        "D034",
    ),
    ("main.yaml", dialog("  which:\n    branch:\n      - when: several\n      - otherwise: out\n" + END), 7, "D035"),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    remind:\n      name: a\n      do: help\n    end: done\n"),
        8,
        "D036",
    ),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    remind:\n      name: a\n      on: today\n      do: help\n    end: done\n"),
        9,
        "D037",
    ),
    (
        "main.yaml",
        asking("pick: colours", "save: lamp", "done: Ok", "up to: 0", "next: out", slots=CHOICES),
        16,
        "D038",
    ),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    end: done\n", "  n:\n    type: number\n    from: 3\n    to: 2\n"),
        5,
        "D038",
    ),
    (
        "main.yaml",
        dialog(
            "  which:\n    say: Hi.\n    end: done\n",
            "  d:\n    type: date\n    earliest: 2026-02-01\n    latest: 2026-01-01\n",
        ),
        5,
        "D038",
    ),
    ("main.yaml", asking("up to: 3"), 7, "D039"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    end: done\n", "  n:\n    type: text\n    to: 2\n"), 7, "D039"),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    end: done\n", "  n:\n    type: text\n    from: colours\n"),
        7,
        "D039",
    ),
    ("main.yaml", dialog("  which:\n    say:\n      - text: Hi.\n        by: days\n    end: done\n"), 8, "D039"),
    ("main.yaml", dialog("  which:\n    do: hlep\n    next: out\n" + END), 6, "D040"),
    ("pack.yaml", PACK.replace("do: forget", "do: forgot"), 15, "D040"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    next: otu\n" + END), 7, "D041"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    next: help/syy\n" + END), 7, "D041"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    next: hlep/say\n" + END), 7, "D040"),
    ("main.yaml", asking("choose: colors", "save: lamp", "next: out", slots=CHOICE), 12, "D042"),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    end: done\n", "  n:\n    type: choice\n    from: colors\n"),
        7,
        "D042",
    ),
    ("main.yaml", asking("write: cuont", "next: out", slots=NUMBER), 12, "D043"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    clear: nothing\n    end: done\n"), 7, "D043"),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    end: done\n", "  n:\n    type: text\n    depends on: m\n"),
        7,
        "D043",
    ),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    end: done\n", "  days:\n    type: number\n"), 5, "D044"),
    ("main.yaml", dialog("  which:\n    say:\n      - show: sumary\n    end: done\n"), 7, "D045"),
    ("main.yaml", dialog("  which:\n    say:\n      - attach: leter\n    end: done\n"), 7, "D046"),
    (
        "main.yaml",
        dialog("  which:\n    say:\n      - by: dais\n        one: A day.\n        other: Days.\n    end: done\n"),
        7,
        "D047",
    ),
    (
        "main.yaml",
        dialog("  which:\n    branch:\n      - when: dais > 3\n        go: out\n      - otherwise: out\n" + END),
        7,
        "D047",
    ),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    remind:\n      name: a\n      on: =todai\n      do: help\n    end: done\n"),
        9,
        "D047",
    ),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    set:\n      lamp: =frm\n    end: done\n", CHOICE), 13, "D047"),
    ("main.yaml", asking("pick: colours", "save: lamp", "done: Ok", "next: out", slots=CHOICE), 13, "D048"),
    ("main.yaml", asking("save: count", slots=NUMBER), 12, "D048"),
    ("main.yaml", asking("write: lamp", "next: out", slots=CHOICE), 12, "D048"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    add:\n      lamp: red\n    end: done\n", CHOICE), 13, "D048"),
    (
        "main.yaml",
        dialog("  which:\n    branch:\n      - when: right > 3\n        go: out\n      - otherwise: out\n" + END),
        7,
        "D049",
    ),
    (
        "main.yaml",
        dialog("  which:\n    branch:\n      - when: right\n        go: out\n      - otherwise: out\n" + END),
        7,
        "D049",
    ),
    (
        "main.yaml",
        dialog("  which:\n    branch:\n      - when: right has yes\n        go: out\n      - otherwise: out\n" + END),
        7,
        "D049",
    ),
    (
        "main.yaml",
        dialog("  which:\n    branch:\n      - when: days is three\n        go: out\n      - otherwise: out\n" + END),
        7,
        "D049",
    ),
    (
        "main.yaml",
        dialog("  which:\n    branch:\n      - when: right is yess\n        go: out\n      - otherwise: out\n" + END),
        7,
        "D050",
    ),
    (
        "main.yaml",
        dialog(
            "  which:\n    branch:\n      - when: several is maybe\n        go: out\n      - otherwise: out\n" + END
        ),
        7,
        "D050",
    ),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    set:\n      count: three\n    end: done\n", NUMBER), 13, "D051"),
    ("main.yaml", dialog("  which:\n    say: Hi.\n    set:\n      lamp: rde\n    end: done\n", CHOICES), 14, "D051"),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    set:\n      y: maybe\n    end: done\n", "  y:\n    type: yes_no\n"),
        12,
        "D051",
    ),
    (
        "main.yaml",
        dialog("  which:\n    say: Hi.\n    set:\n      d: soon\n    end: done\n", "  d:\n    type: date\n"),
        12,
        "D051",
    ),
    ("pack.yaml", PACK.replace("pack: lamps", "pack: lamp"), 1, "P002"),
    ("pack.yaml", PACK + "  not_understod: Sorry?\n", PACK.count("\n") + 1, "P003"),
    ("pack.yaml", PACK.replace("  sorry: A word from me.\n", ""), 26, "P004"),
    ("pack.yaml", PACK.replace("  help:\n", "  help me:\n"), 6, "P005"),
    ("pack.yaml", PACK.replace("    do: help\n    also", "    also"), 6, "P006"),
    ("pack.yaml", PACK.replace("start: main", "start: mian"), 3, "P010"),
    ("pack.yaml", PACK.replace("commands:\n", "commands: none\nold:\n"), 5, "D001"),
]


@pytest.mark.parametrize(
    ("file", "source", "line", "code"), MISTAKES, ids=[f"{code}-{n}" for n, (*_, code) in enumerate(MISTAKES)]
)
def test_each_mistake_is_named_at_its_line(file: str, source: str, line: int, code: str) -> None:
    found = problems({file: source})
    assert (file, line, code) in [(one.file, one.line, one.code) for one in found], [str(one) for one in found]


@pytest.mark.parametrize("code", sorted({code for *_, code in MISTAKES}))
def test_the_sample_pack_itself_has_no_such_mistake(code: str) -> None:
    assert code not in {problem.code for problem in problems({})}


def test_a_pack_without_pack_yaml_is_named() -> None:
    made = read_pack("lamps", {"main.yaml": MAIN})
    assert (made.pack, made.draft) == (None, None)
    assert [problem.code for problem in made.problems] == ["P001"]


def test_a_pack_yaml_that_cannot_be_read_is_not_also_missing() -> None:
    made = read_pack("lamps", {**FILES, "pack.yaml": "a: [\n"})
    assert made.draft is None
    assert "P001" not in {problem.code for problem in made.problems}
    assert made.unread == {"pack"}


@pytest.mark.parametrize("pack", ["pack: lamps\n", "- a\n", "pack: lamps\ntitle: A\nstart: Main Road\n"])
def test_half_a_pack_yaml_gives_no_pack_and_no_exception(pack: str) -> None:
    assert read_pack("lamps", {**FILES, "pack.yaml": pack}).draft is None


def test_only_files_beside_pack_yaml_are_dialogs() -> None:
    assert is_dialog("main.yaml")
    assert not is_dialog("examples/one.yaml")
    assert not is_dialog("letters.yaml")
    assert not is_dialog("notes.txt")


def test_the_version_changes_with_the_dialogs_and_with_nothing_else() -> None:
    first = version_of(FILES)
    assert version_of({**FILES, "examples/one.yaml": "example: one"}) == first
    assert version_of({**FILES, "main.yaml": MAIN + "\n"}) != first
    assert len(first) == 12


def test_an_error_leaves_a_draft_to_look_at_but_no_pack_to_run() -> None:
    made = compiled({"main.yaml": MAIN.replace("end: done", "end: finished")})
    assert made.pack is None
    assert made.draft is not None
    assert "main" in made.draft.dialogs


def test_a_warning_leaves_the_pack_usable() -> None:
    made = compiled({"pack.yaml": PACK + "  extra: Never said.\n"})
    assert made.pack is not None
    assert [(problem.code, problem.level) for problem in made.problems] == [("P003", "warning")]


def test_texts_know_the_piece_they_were_read_from() -> None:
    made = compiled({})
    found = {text.place: (scalar.line, scalar.text) for text, scalar in made.texts}
    assert found["lamps/main/which/say"] == (11, "Which lamp is broken?")
    assert found["lamps/main/which/answers/bridge"] == (14, "The one at the bridge")
    assert found["lamps/main/slots/lamp/about"] == (7, "The lamp you mean")
    assert found["lamps/pack/commands/help/also"][1] == "help me"


def test_both_plural_forms_are_kept_with_their_places() -> None:
    source = dialog(
        "  which:\n    say:\n      - by: days\n        one: A day.\n        other: '{days} days.'\n    end: done\n"
    )
    made = compiled({"main.yaml": source})
    plural = [(text, scalar.line) for text, scalar in made.texts if text.plural]
    assert [line for _, line in plural] == [8, 9]
    assert plural[0][0] is plural[1][0]
    assert (plural[0][0].msgid, plural[0][0].plural, plural[0][0].by) == ("A day.", "{days} days.", "days")


def test_numbers_are_set_as_numbers() -> None:
    states = (
        "  which:\n    say: Hi?\n    set:\n      count: 3\n      word: 3\n    answers:\n      - answer: More\n"
        "        set:\n"
        f"          count: '-4'\n        go: out\n{END}"
    )
    slots = NUMBER + "  word:\n    type: text\n    about: A word\n"
    made = compiled({"main.yaml": dialog(states, slots)})
    assert made.pack is not None
    state = made.pack.dialogs["main"].states["which"]
    assert state.changes == (Change("set", "count", 3), Change("set", "word", "3"))
    assert state.answers[0].changes == (Change("set", "count", -4),)


def test_set_add_and_clear_keep_the_order_of_the_file_and_know_sources() -> None:
    states = (
        "  which:\n    say: Hi.\n    clear: lamp\n    add:\n      lamp: =form\n      other: '=form'\n    end: done\n"
    )
    made = compiled({"main.yaml": dialog(states, CHOICES)})
    assert made.draft is not None
    assert made.draft.dialogs["main"].states["which"].changes == (
        Change("clear", "lamp"),
        Change("add", "lamp", None, "form"),
        Change("add", "other", "=form"),
    )


def test_a_target_with_a_dialog_leaves_for_good() -> None:
    made = compiled({"main.yaml": dialog("  which:\n    say: Hi.\n    next: help/say\n")})
    assert made.draft is not None
    target = made.draft.dialogs["main"].states["which"].next
    assert isinstance(target, Target)
    assert (target.dialog, target.state) == ("help", "say")


def test_a_reminder_is_read_in_both_forms() -> None:
    def remind(line: str) -> object:
        source = dialog(
            f"  which:\n    say: Hi.\n    remind:\n      name: soon\n      {line}\n      do: help\n    end: done\n"
        )
        made = compiled({"main.yaml": source})
        assert made.pack is not None, made.problems
        reminder = made.pack.dialogs["main"].states["which"].remind
        assert reminder is not None
        return reminder.on, reminder.number, reminder.unit

    assert remind("on: =today") == ("today", 0, "")
    assert remind("in: 31 days") == (None, 31, "day")


def test_finish_builds_a_machine_for_every_dialog() -> None:
    pack = compiled({}).pack
    assert pack is not None
    assert all(one.machine is None for one in pack.dialogs.values())
    assert all(one.machine is not None for one in finish(pack).dialogs.values())


def test_every_id_a_slot_can_hold_is_known() -> None:
    slots = (
        "  lamp:\n    type: choice\n    from: colours\n  free:\n    type: text\n"
        "  y:\n    type: yes_no\n  tone:\n    type: choice\n"
    )
    states = (
        "  which:\n    say: Well?\n    choose: colours\n    save: lamp\n    answers:\n      - answer: None\n"
        "        id: none\n"
        f"        set:\n          tone: firm\n    set:\n      tone: soft\n    next: out\n{END}"
    )
    pack = compiled({"main.yaml": dialog(states, slots)}).draft
    assert pack is not None
    ids = {name: answer_ids(pack, registry(), slot) for name, slot in pack.slots.items()}
    assert ids == {
        "lamp": {"red", "green", "blue", "none"},
        "free": None,
        "y": {"yes", "no"},
        "tone": {"firm", "soft"},
    }


@pytest.mark.parametrize(
    ("words", "made"), [("Yes, please!", "yes_please"), ("Ümläut", "ml_ut"), ("x" * 50, "x" * 32), ("🌉", "")]
)
def test_an_answer_id_is_made_from_its_words(words: str, made: str) -> None:
    assert slug(words) == made
