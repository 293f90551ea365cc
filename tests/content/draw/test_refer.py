"""Which arrows of a large picture become references."""

from __future__ import annotations

import re

import pytest

from bot.content.draw.dot import Style, to_dot
from bot.content.draw.picture import Arrow, Box, Group, Picture
from bot.content.draw.refer import split


def group(count: int, ways: str, start: int = 0) -> Group:
    boxes = [Box(f"n{number}", "", "say", f"Name {number}", (), number == start) for number in range(count)]
    arrows = [Arrow(f"n{way[0]}", f"n{way[1]}", (f"Answer {way}",)) for way in ways.split()]
    return Group("g", "", tuple(boxes), tuple(arrows))


def ways(arrows: tuple[Arrow, ...]) -> str:
    return " ".join([f"{arrow.source[1:]}{arrow.target[1:]}" for arrow in arrows])


def test_boxes_that_everything_leads_to_keep_only_the_first_arrow() -> None:
    given = group(7, "01 02 03 04 05 16 26 36 46 56 60")
    assert ways(split(given, "nothing").references) == ""
    assert ways(split(given, "hubs").references) == "26 36 46 56"
    assert ways(split(given, "hubs").drawn) == "01 02 03 04 05 16 60"


def test_far_ways_back_or_over_a_step_are_references_and_with_tree_all_but_the_first() -> None:
    given = group(5, "01 02 13 23 34 04 40 22")
    found = split(given, "far")
    assert ways(found.references) == "34 40 22"
    assert ways(split(given, "tree").references) == "23 34 40 22"
    # Nothing is lost, and nothing is there twice.
    assert sorted([*found.drawn, *found.references], key=str) == sorted(given.arrows, key=str)


def test_pieces_begin_with_the_start_and_are_as_long_as_the_cut() -> None:
    given = group(7, "12 23 34 45 50 06", start=1)
    found = split(given, "far", 3)
    assert found.tops == ("n1", "n2", "n5")
    assert len(found.references) == 2
    assert not found.free
    bridged = split(given, "far", 3, bridges=True)
    assert len(bridged.free) == 2
    assert not bridged.references


def test_what_cannot_be_reached_is_drawn_too() -> None:
    found = split(group(4, "01 23"), "far", 5)
    assert ways(found.drawn) == "01 23"
    assert found.tops == ("n0", "n2")


@pytest.mark.parametrize("rows", [False, True])
def test_a_reference_stands_in_its_box_with_its_answer_and_can_be_clicked(rows: bool) -> None:
    dot = to_dot(Picture("T", (group(3, "01 12 20"),)), Style(rows=rows, refer="far"))
    assert "n2 -> n0" not in dot
    box = next(line for line in dot.split("\n") if line.startswith("    n2 ["))
    assert "Answer 20 <b>→ Name 0</b>" in box
    assert 'href="#n0"' in box
    assert "goes on in the box of that name" in dot
    assert "goes on in the box of that name" not in to_dot(Picture("T", (group(3, "01 12 20"),)))


def test_references_are_wide_or_grey_as_arrows_are() -> None:
    base = group(3, "01 12")
    often = Group("g", "", base.boxes, (*base.arrows, Arrow("n2", "n0", ("a",), 9), Arrow("n1", "n0", ("b",), 0)))
    dot = to_dot(Picture("T", (often,)), Style(refer="far"))
    assert re.search(r'border="6" color="#1c3f8f" href="#n0" tooltip="a"', dot)
    assert re.search(r'border="0" href="#n0" tooltip="b"><font point-size="9" color="#b0b0b0">', dot)


def test_what_was_shortened_stands_in_full_in_a_tooltip() -> None:
    boxes = (Box("a", "", "ask", "a", ("Which…",), full='Which "one" & why?'), Box("b", "", "end", "b"))
    arrows = (Arrow("a", "b", ("Some…",), full=("Some long answer", "Other")), Arrow("b", "a", ("x",), full=("x",)))
    dot = to_dot(Picture("T", (Group("g", "", boxes, arrows),)))
    assert 'tooltip="Which \\"one\\" &amp; why?"' in dot
    assert 'tooltip="Some long answer · Other"' in dot
    assert dot.count("labeltooltip") == 1


def test_the_last_layouts_leave_out_what_boxes_say_but_not_where_they_lead() -> None:
    box = Box("n0", "", "ask", "Name", ("First line", "second line"), True)
    made = Picture("T", (Group("g", "", (box,), (Arrow("n0", "n0", ("Again",)),)),))
    full, short, bare = [to_dot(made, Style(refer="far", lines=lines)) for lines in (None, 1, 0)]
    assert "second line" in full
    assert "First line" in short
    assert "second line" not in short
    assert "First line" not in bare
    assert "Again <b>→ Name</b>" in bare
