"""What conditions can hold, together or one after the other: tried out, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks.condition import Truth
from bot.checks.sample import FILES, dialog, registry
from bot.content.compile import read_pack
from bot.engine.conditions import parse
from bot.engine.effects import Value

SLOTS = (
    "  lamps:\n    type: choices\n    from: colours\n  name:\n    type: name\n  count:\n    type: number\n"
    "  tone:\n    type: choice\n"
)
STATES = (
    "  which:\n    say: Well?\n    save: tone\n    answers:\n      - answer: Firm\n      - answer: Soft\n"
    "    next: out\n"
    "\n  out:\n    say: Bye.\n    end: done\n"
)
PACK = read_pack("lamps", {**FILES, "main.yaml": dialog(STATES, SLOTS)}).draft


def truth(*, whole: bool = True) -> Truth:
    assert PACK is not None
    return Truth(PACK, registry(), whole=whole)


def possible(*holds: str, fails: tuple[str, ...] = (), whole: bool = True) -> bool:
    return truth(whole=whole).possible([parse(one) for one in holds], [parse(one) for one in fails])


def known(*holds: str, fails: tuple[str, ...] = ()) -> set[str]:
    return set(truth().known([parse(one) for one in holds], [parse(one) for one in fails]))


@pytest.mark.parametrize(
    ("holds", "fails"),
    [
        (("right is yes",), ()),
        (("right is not yes",), ()),
        (("right is not known",), ()),
        (("right is yes", "several"), ()),
        (("lamps has red and lamps has blue",), ()),
        (("lamps has red",), ("lamps has blue",)),
        (("count > 2 and count < 4",), ()),
        (("name is known",), ()),
        (("several",), ("days > 3",)),
        (("right is not yes",), ("right is partly", "right is no")),  # nothing known at all
        (("tone is firm or soft",), ("tone is soft",)),
    ],
)
def test_what_can_be_is_possible(holds: tuple[str, ...], fails: tuple[str, ...]) -> None:
    assert possible(*holds, fails=fails)


@pytest.mark.parametrize(
    ("holds", "fails"),
    [
        (("right is yes and right is no",), ()),
        (("right is yes", "right is partly"), ()),
        (("right is known",), ("right is yes or partly or no",)),
        (("count > 2 and count < 3",), ()),
        (("count is not known and count > 1",), ()),
        (("name is known", "name is not known"), ()),
        (("several is yes and several is no",), ()),
        (("lamps has red",), ("lamps is known",)),
        (("tone is known",), ("tone is firm", "tone is soft")),
        (("right is yes",), ("right is not no",)),
    ],
)
def test_what_contradicts_itself_is_impossible(holds: tuple[str, ...], fails: tuple[str, ...]) -> None:
    assert not possible(*holds, fails=fails)


def test_names_that_nobody_knows_are_taken_for_what_they_are_used_as() -> None:
    assert possible("deadline_known and left > 3 and forms has one and kind is a", whole=False)
    assert not possible("kind is a and kind is b", whole=False)
    assert possible("right is something_new", whole=False)
    assert not possible("right is something_new")


def test_too_many_cases_count_as_possible_and_tell_nothing() -> None:
    many = " or ".join(f"id{number}" for number in range(13))
    assert possible(f"lamps has {many}", "right is yes and right is no")
    assert known(f"lamps has {many}") == set()
    wide = " and ".join(f"v{number} is a or b or c or d" for number in range(9))
    assert possible(wide, "right is yes and right is no")


def test_what_a_condition_says_about_knowing_is_understood() -> None:
    assert known("name is known") == {"name"}
    assert known("tone is firm and lamps has red") == {"tone", "lamps"}
    assert known("tone is firm or lamps has red") == set()
    assert known("tone is not firm") == set()
    assert known(fails=("name is not known",)) == {"name"}
    assert known("count > 0", fails=("tone is not known",)) == {"count", "tone"}
    assert known("right is yes and right is no") == set()


values: dict[str, st.SearchStrategy[Value | None]] = {
    "right": st.sampled_from([None, "yes", "partly", "no"]),
    "several": st.sampled_from([None, "yes", "no"]),
    "count": st.one_of(st.none(), st.integers(0, 5)),
    "name": st.sampled_from([None, "Ada"]),
    "lamps": st.sampled_from([None, ("red",), ("red", "blue"), ("green",)]),
}
atoms = st.sampled_from(
    ["right is yes", "right is not yes", "right is partly or no", "several", "count > 2", "count <= 4", "name is known",
     "name is not known", "lamps has red", "lamps has not blue", "right is not known"]
)  # fmt: skip
sources = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) and ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=5,
)


@settings(max_examples=50, deadline=None)
@given(source=sources, case=st.fixed_dictionaries(values))
def test_whatever_holds_somewhere_is_called_possible_and_its_certain_names_are_known(
    source: str, case: dict[str, Value | None]
) -> None:
    condition = parse(source)
    if condition.holds(case.get):
        assert truth().possible([condition])
        assert all(case[name] is not None for name in truth().known([condition]))
    else:
        assert truth().possible([], [condition])
