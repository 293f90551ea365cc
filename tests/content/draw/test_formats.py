"""The picture in the languages of Graphviz and Mermaid: whatever the labels hold, they stay labels."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.draw.dot import Style, to_dot, width
from bot.content.draw.mermaid import text, to_mermaid
from bot.content.draw.picture import Arrow, Box, Group, Picture, overview, picture
from tests.service.examples.pets import library

PACK = library().current()
NASTY = """a "b" <c> [d] {e} (f) |g| \\h `i` #j; & k\nl"""


def one(*boxes: Box, arrows: tuple[Arrow, ...] = (), title: str = "T") -> Picture:
    return Picture(title, (Group("g", "about", boxes, arrows),))


def drawn(dot: str) -> str:
    """Let Graphviz read it, and give the words of its picture."""
    done = subprocess.run(["dot", "-Tsvg"], input=dot, capture_output=True, text=True, check=True)
    assert not done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "style", [Style(), Style("LR"), Style(refer="tree", cut=2), Style("LR", True, "far", 3, bridges=True)]
)
def test_graphviz_reads_every_layout(style: Style) -> None:
    svg = drawn(to_dot(picture(PACK, "main"), style))
    for words in ("which", "A dog", "No, thank you", "otherwise"):
        assert words in svg


def test_graphviz_reads_the_whole_pack_and_the_overview() -> None:
    assert "language/ask" in drawn(to_dot(picture(PACK)))
    assert "Valid everywhere" in drawn(to_dot(overview(PACK)))


def test_labels_stay_labels_for_graphviz() -> None:
    boxes = (Box("n1", "a/b", "ask", NASTY, (NASTY,), True, ("D<1>",)), Box("n2", "a/c", "end", "c"))
    arrows = (Arrow("n1", "n2", (NASTY, NASTY)),)
    for rows in (False, True):
        made = Picture(
            NASTY, (Group(NASTY, NASTY, boxes, arrows), Group("h", "", (Box("n3", "x", "commands", "x"),), ()))
        )
        svg = drawn(to_dot(made, Style(rows=rows)))
        assert svg.count("&lt;c&gt;") >= 4
        assert "D&lt;1&gt;" in svg


def test_kinds_problems_and_the_start_can_be_told_apart() -> None:
    dot = to_dot(one(
        Box("n1", "", "ask", "a", (), True), Box("n2", "", "branch", "b"), Box("n3", "", "call", "c"),
        Box("n4", "", "silent", "d"), Box("n5", "", "outside", "e"), Box("n6", "", "ask", "f", (), False, ("D012",)),
    ))  # fmt: skip
    line = {found[1]: found[0] for found in re.finditer(r"^    (n\d) \[.*$", dot, re.M)}
    assert 'style="filled,rounded,bold"' in line["n1"]
    assert "shape=hexagon" in line["n2"]
    assert "peripheries=2" in line["n3"]
    assert "dashed" in line["n4"]
    assert "shape=note" in line["n5"]
    assert 'color="#c00000", penwidth=2.5' in line["n6"]
    assert len({re.search(r'fillcolor="(#\w+)"', line[name])[1] for name in ("n1", "n2", "n3", "n4")}) == 4  # type: ignore[index]


def test_often_taken_ways_are_wide_and_those_nobody_took_are_grey() -> None:
    boxes = (Box("a", "", "ask", "a"), Box("b", "", "say", "b"))
    arrows = (Arrow("a", "b", (), 9), Arrow("b", "a", (), 0), Arrow("a", "a"))
    dot = to_dot(one(*boxes, arrows=arrows))
    assert "a -> b [penwidth=6.0]" in dot
    assert re.search(r"b -> a \[.*#b0b0b0.*dashed", dot)
    assert "\n    a -> a\n" in dot
    mermaid = to_mermaid(one(*boxes, arrows=arrows))
    assert "linkStyle 0 stroke-width:6.0px" in mermaid
    assert "linkStyle 1 stroke:#b0b0b0" in mermaid
    assert (width(0, 0), width(1, 100), width(100, 100)) == (1.0, 1.5, 6.0)


LABEL = re.compile(r'"[^"]*"')


def bare(mermaid: str) -> str:
    """Take the labels away; what is left must be only what we wrote ourselves."""
    return LABEL.sub('""', mermaid)


@given(st.text(max_size=60))
def test_labels_stay_labels_for_mermaid_whatever_they_hold(words: str) -> None:
    escaped = text(words)
    assert not set(escaped) & set('"<>`[]{}()|\\')
    assert not re.match(r"\d+[.)] |[-*+] ", escaped)
    words = " ".join(words.split()) or "x"
    made = one(Box("n1", "", "ask", words, (words,)), Box("n2", "", "say", "b"), arrows=(Arrow("n1", "n2", (words,)),))
    lines = bare(to_mermaid(made)).split("\n")
    assert lines[4:6] == ['  n1("")', '  n2[""]']
    assert lines[6] == '  n1 -->|""| n2'


def test_what_looks_like_a_list_is_written_as_code() -> None:
    assert text("1. one") == "1#46; one"
    assert text("- one") == "#45; one"
    assert text("10) one") == "10#41; one"
    assert text("a - b") == "a - b"


def test_mermaid_groups_by_dialog_and_colours_kinds() -> None:
    whole = to_mermaid(picture(PACK))
    assert whole.startswith("---\ntitle: 'Pets'\n---\nflowchart TD\n")
    assert whole.count("  subgraph ") == whole.count("\n  end\n") == 7 + 1
    assert "classDef ask_box fill:#d6e8fa" in whole
    assert "classDef start_box" in whole
    assert "problem_box" not in whole
    single = to_mermaid(one(Box("n1", "", "forget", "a", (), False, ("D012",)), title="It's"))
    assert single.count("subgraph") == 1
    assert "title: 'It''s'" in single
    assert "! D012" in single
    assert "class n1 problem_box" in single


def test_mermaid_shows_a_legend_of_the_colours_and_marks_that_occur() -> None:
    boxes = (Box("a", "", "ask", "a"), Box("b", "", "forget", "b", (), False, ("D012",)))
    made = to_mermaid(one(*boxes, arrows=(Arrow("a", "b", (), 0), Arrow("b", "a", (), 2))))
    shown = made[made.index('  subgraph legend["') :]
    labels = re.findall(r'legend_(\d)\["(.*)"\]', shown)
    assert [words for _, words in labels] == [
        "asks", "forgets everything", "! error", "wide: taken often", "grey, dashed: never taken",
    ]  # fmt: skip
    assert "style legend_0 fill:#d6e8fa" in shown
    assert "style legend_2 fill:#ffffff,stroke:#c00000" in shown
    assert "%%" not in made
    # Styles of arrows go by number: no arrow of the legend may come before them.
    assert "-->" not in shown
    assert "subgraph legend" not in to_mermaid(Picture("T", ()))
