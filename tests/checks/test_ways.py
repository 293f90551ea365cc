"""The ways through the dialogs: what follows, what is reached, what is known where."""

from __future__ import annotations

from collections.abc import Mapping

from bot.checks.known import known_at
from bot.checks.reads import slots_read
from bot.checks.sample import PACK, dialog
from bot.checks.view import View
from bot.checks.ways import circles, spread
from bot.engine.providers import ListProvider, Registry, ValueProvider
from tests.checks.trial import view_of

END = "\n  out:\n    say: Bye.\n    end: done\n"
SLOTS = (
    "  lamp:\n    type: choice\n  part:\n    type: choice\n    depends on: lamp\n  screw:\n    type: text\n"
    "    depends on: part\n"
    "  note:\n    type: text\n  picks:\n    type: choices\n"
)


def view(states: str, **files: str) -> View:
    return view_of({"main.yaml": dialog(states, SLOTS), **{f"{name}.yaml": text for name, text in files.items()}})


def known(states: str, **files: str) -> Mapping[str, set[str]]:
    found = known_at(view(states, **files))
    return {f"{where[0]}/{where[1]}" if where[0] != "main" else where[1]: set(sure) for where, sure in found.items()}


def test_an_answer_makes_its_slot_known_and_a_changed_one_forgets_what_hangs_on_it() -> None:
    states = (
        "  which:\n    say: Well?\n    write: screw\n    next: part\n\n"
        "  part:\n    say: Part?\n    save: part\n    answers:\n      - answer: A\n      - answer: B\n"
        "    next: note\n\n"
        "  note:\n    say: Note?\n    write: note\n    next: lamp\n\n"
        "  lamp:\n    say: Lamp?\n    save: lamp\n    answers:\n      - answer: A\n    next: out\n" + END
    )
    found = known(states)
    assert (found["which"], found["part"], found["note"], found["lamp"], found["out"]) == (
        set(), {"screw"}, {"part"}, {"part", "note"}, {"lamp", "note"},
    )  # fmt: skip


def test_only_what_is_known_on_every_way_is_certain() -> None:
    states = (
        "  which:\n    say: Well?\n    answers:\n      - answer: A\n        set:\n          lamp: a\n"
        "          note: x\n"
        "        go: out\n      - answer: B\n        set:\n          lamp: b\n        go: out\n" + END
    )
    assert known(states)["out"] == {"lamp"}


def test_a_branch_tells_what_it_looked_at() -> None:
    states = (
        "  which:\n    branch:\n      - when: lamp is not known\n        go: ask\n"
        "      - when: note is known\n        go: both\n"
        "      - otherwise: out\n\n  ask:\n    say: Lamp?\n    save: lamp\n    answers:\n      - answer: A\n"
        "    next: out\n"
        "\n  both:\n    say: Both.\n    next: out\n" + END
    )
    found = known(states)
    assert (found["both"], found["out"]) == ({"lamp", "note"}, {"lamp"})


def test_a_called_dialog_gives_back_what_it_asked_and_takes_what_it_cleared() -> None:
    states = "  which:\n    say: Well?\n    set:\n      note: x\n      lamp: a\n    do: inner\n    next: out\n" + END
    inner = (
        "  which:\n    say: Picks?\n    pick: colours\n    save: picks\n    done: Ok\n    next: end\n\n"
        "  end:\n    clear: note\n    end: done\n"
    )
    found = known(states, inner=dialog(inner, name="inner"))
    assert found["inner/which"] == {"note", "lamp"}
    assert found["inner/end"] == {"lamp", "picks"}
    assert found["out"] == {"lamp", "picks"}


def test_nothing_is_certain_behind_a_call_that_never_ends() -> None:
    states = "  which:\n    do: inner\n    next: out\n" + END
    inner = "  which:\n    say: Again?\n    answers:\n      - answer: A\n        go: which\n"
    assert "out" not in known(states, inner=dialog(inner, name="inner"))


def test_a_multiple_choice_that_may_be_empty_is_not_certain() -> None:
    states = (
        "  which:\n    say: Picks?\n    pick: colours\n    save: picks\n    at least: 0\n    done: Ok\n"
        "    next: out\n" + END
    )
    assert known(states)["out"] == set()


def test_a_copied_value_is_certain_only_where_its_source_is() -> None:
    states = (
        "  which:\n    say: Well?\n    set:\n      note: =screw\n      lamp: a\n    add:\n      picks: =note\n"
        "    next: out\n" + END
    )
    assert known(states)["out"] == {"lamp"}


def test_a_reminder_brings_what_was_known_when_it_was_set() -> None:
    states = (
        "  which:\n    say: Well?\n    set:\n      lamp: a\n    remind:\n      name: soon\n      in: 2 days\n"
        "      do: later\n"
        "    next: out\n" + END
    )
    assert known(states, later=dialog("  which:\n    say: Hi.\n    end: done\n", name="later"))["later/which"] == {
        "lamp"
    }


def test_a_command_may_come_from_anywhere_so_nothing_is_certain_there() -> None:
    states = "  which:\n    set:\n      lamp: a\n    do: help\n    next: out\n" + END
    assert known(states)["help/say"] == set()


def test_commands_reminders_and_the_start_are_where_people_come_in() -> None:
    found = view("  which:\n    say: Hi.\n    next: out\n" + END).ways
    assert found.entries == (("main", "which"), ("help", "say"), ("forget", "gone"))
    assert ("main", "out") in found.reachable


def test_a_dialog_is_passable_where_one_way_through_it_asks_nothing() -> None:
    quiet = dialog("  which:\n    do: help\n    next: out\n" + END, name="quiet")
    asks = dialog("  which:\n    say: Ok?\n    answers:\n      - answer: A\n        go: out\n" + END, name="asks")
    found = view(
        "  which:\n    do: quiet\n    next: then\n\n  then:\n    do: asks\n    next: out\n" + END,
        quiet=quiet,
        asks=asks,
    )
    assert found.ways.passable == {"help", "forget", "quiet"}


def test_circles_are_found_without_recursion() -> None:
    chain = {number: [number + 1] for number in range(5000)} | {5000: [0], 6000: [6000], 7000: [6000]}
    found = circles(chain, lambda node: chain.get(node, []))
    assert sorted(len(ring) for ring in found) == [1, 5001]


def test_spreading_finds_everything_once() -> None:
    assert set(spread([1], lambda n: [n * 2, n * 3] if n < 20 else [])) >= {1, 2, 3, 4, 6, 9, 12, 27, 54}


def test_who_reads_an_answer_is_watched() -> None:
    pack = view("  which:\n    say: Well?\n    set:\n      lamp: a\n      picks: red\n    next: out\n" + END).pack

    def fails(scope: object) -> bool:
        raise ZeroDivisionError

    made = Registry(
        values={
            "one": ValueProvider("yes_no", lambda scope: "lamp" in scope.slots and "picks" in scope.slots),
            "two": ValueProvider("yes_no", fails, show=lambda scope: len(scope.slots) and list(scope.slots)),
        },
        lists={
            "any": ListProvider((), lambda scope: (), lambda one, language: one, lambda one, language: (),
                                shown=lambda scope: (str(scope.slots.get("note")),)),
        },
    )  # fmt: skip
    assert slots_read(pack, made) == {"lamp", "picks", "note"}


def test_a_word_of_the_pack_is_enough_for_a_view() -> None:
    assert view_of({"pack.yaml": PACK}).place(view_of({}).pack.title).line == 2
