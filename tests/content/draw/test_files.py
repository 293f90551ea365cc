"""Pictures as files: readable on A3, or a sentence that says what to do."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest

from bot.app import load
from bot.content.compile import read_pack
from bot.content.draw.files import DrawError, command_draw, render
from bot.content.draw.graph import edges
from bot.content.draw.graphviz import GraphvizError
from bot.content.draw.layout import READABLE, best_layout
from bot.content.draw.picture import Box, Group, Picture, picture
from bot.engine.model import Pack
from tests.kit.large import large
from tests.service.examples.pets import files, library

PACK = library().current()


def draw(output: Path | None, dialog: str | None = None, **options: bool) -> str:
    out = StringIO()
    assert command_draw(PACK, dialog, output, out, out, **options) == 0  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(
    ("ending", "begins"),
    [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".mmd", b"---\ntitle:"), (".dot", b"digraph ")],
)
def test_the_ending_chooses_the_form(tmp_path: Path, ending: str, begins: bytes) -> None:
    path = tmp_path / f"main{ending}"
    assert draw(path, "main") == f"{path}: 12 boxes, 14 arrows.\n"
    assert path.read_bytes().startswith(begins)


def test_without_a_file_mermaid_is_printed() -> None:
    assert draw(None, "forget").startswith("---\ntitle: 'pets · forget")
    assert "subgraph" in draw(None)
    assert draw(None, topics=True).count("subgraph") == 2 + 1


def test_what_cannot_be_drawn_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DrawError, match=r"there is no dialog «mian»\. Did you mean «main»\?"):
        draw(None, "mian")
    with pytest.raises(DrawError, match=r"I cannot draw «\.gif»; the file ends in one of \.svg, \.png, \.mmd, \.dot\."):
        draw(tmp_path / "a.gif")
    with pytest.raises(DrawError, match="a file without ending"):
        draw(tmp_path / "a")
    with pytest.raises(DrawError, match="there is no folder"):
        draw(tmp_path / "new" / "a.mmd")
    assert not (tmp_path / "new").exists()
    (tmp_path / "a.mmd").mkdir()
    with pytest.raises(DrawError, match="cannot be written"):
        draw(tmp_path / "a.mmd")


def test_without_graphviz_a_sentence_says_how_to_get_it_and_mermaid_still_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GraphvizError, match="apt-get install graphviz"):
        draw(tmp_path / "a.svg")
    draw(tmp_path / "a.mmd")
    draw(tmp_path / "a.dot")


@pytest.mark.parametrize("script", ["#!/bin/sh\necho 'Error: bad luck' >&2\nexit 1\n", "no program"])
def test_a_graphviz_that_fails_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = tmp_path / "dot"
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GraphvizError, match=r"Graphviz did not draw it \((Error: bad luck|OSError)\)"):
        draw(tmp_path / "a.svg")


def compiled(lines: list[str]) -> Pack:
    made = read_pack("pets", files(main="\n".join(["dialog: main", "start: s0", "states:", *lines]) + "\n"))
    assert made.draft is not None, made.problems
    return made.draft


def ribbon() -> Pack:
    lines = []
    for number in range(60):
        lines += [f"  s{number}:", f"    say: Which of these things is true for number {number} in your own life?"]
        lines += [f"    next: s{number + 1}"] if number < 59 else ["    end: done"]
    return compiled(lines)


def tree() -> Pack:
    """Make 60 states: 30 questions with two or three answers that lead on, back or to the end."""
    lines = []
    for number in range(60):
        lines += [f"  s{number}:", f"    say: Which of these things is true for number {number} in your own life?"]
        if number >= 30:
            lines += ["    end: done"] if number == 59 else [f"    next: s{59 if number % 3 else number - 29}"]
            continue
        lines += ["    answers:"]
        for answer, target in (("First", number + 30), ("Second", min(number + 1, 59)), ("Back", max(number - 3, 0))):
            lines += [
                f"      - answer: {answer} answer of {number}",
                f"        id: {answer.lower()}",
                f"        go: s{target}",
            ]
    return compiled(lines)


@pytest.mark.parametrize("pack", [ribbon(), tree()], ids=["ribbon", "tree"])
def test_a_dialog_of_60_states_stays_readable_on_a3(pack: Pack) -> None:
    made = picture(pack, "main")
    assert len(made.boxes) == 60
    assert best_layout(made).letters >= READABLE


@pytest.mark.parametrize("near", [True, False], ids=["as people write", "anywhere"])
@pytest.mark.parametrize("arrows", [1.3, 1.8, 2.5])
def test_60_states_stay_readable_on_a3_however_many_arrows_they_have(arrows: float, near: bool) -> None:
    for seed in (1, 2, 28):
        made = picture(large(60, arrows, seed=seed, near=near), "main")
        assert (len(made.boxes), len(made.arrows)) == (60, round(60 * arrows))
        layout = best_layout(made)
        assert layout.letters >= READABLE
        for box in made.boxes:
            assert f"<b>{box.title}</b>" in layout.dot
        # Each way is on it, as an arrow or as a reference.
        drawn = re.findall(r"^    n\S+ -> n", layout.dot, re.MULTILINE)
        assert len(drawn) + layout.dot.count("<b>→ ") == len(made.arrows)


def test_the_shipped_pack_is_drawn_whole_and_dialog_by_dialog() -> None:
    pack = load().compiled.draft
    assert pack is not None
    whole = picture(pack)
    places = {box.place for box in whole.boxes}
    assert {edge.source for edge in edges(pack)} <= places
    assert render(whole, ".svg").startswith(b"<?xml")
    mermaid = render(whole, ".mmd").decode()
    # Mermaid's own limits, as GitHub has them: 50,000 characters and 500 arrows.
    assert len(mermaid) < 50_000
    assert len(whole.arrows) < 500
    for dialog in pack.dialogs:
        assert best_layout(picture(pack, dialog)).letters >= 8.5, dialog


def test_an_empty_group_is_no_accident() -> None:
    made = Picture("T", (Group("g", "", (Box("n", "", "say", "x"),), ()), Group("h", "", (), ())))
    assert render(made, ".svg").startswith(b"<?xml")
