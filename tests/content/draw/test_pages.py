"""A picture too large for A3 is drawn on several pages, or a sentence says that it is too large."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from bot.cli import main
from bot.content.compile import read_pack
from bot.content.draw.files import DrawError, command_draw
from bot.content.draw.layout import READABLE, best_layout
from bot.content.draw.pages import pages
from bot.content.draw.picture import overview, picture
from bot.engine.model import Pack
from tests.kit.large import large
from tests.service.examples.pets import library


def draw(pack: Pack, dialog: str | None, output: Path, **options: bool) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    assert command_draw(pack, dialog, output, out, err, **options) == 0  # type: ignore[arg-type]
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize(("states", "arrows"), [(150, 1.3), (200, 1.8), (200, 2.5)])
def test_a_dialog_too_large_for_a3_comes_on_pages_that_are_readable(states: int, arrows: float) -> None:
    whole = picture(large(states, arrows), "main")
    found = pages(whole)
    assert 2 <= len(found) <= states // 20
    assert all(layout.letters >= READABLE for _, layout in found)
    assert sorted([box.place for part, _ in found for box in part.boxes]) == sorted([box.place for box in whole.boxes])
    assert sum(len(part.arrows) for part, _ in found) == len(whole.arrows)
    first, layout = found[0]
    assert [box.start for box in first.boxes][:2] == [True, False]
    assert first.title.endswith(f"(page 1 of {len(found)})")
    assert "(page 2)</b>" in layout.dot
    ids = {box.id for box in first.boxes}
    assert all((arrow.target in ids) == (not arrow.told) for arrow in first.arrows)


def test_a_hundred_topics_are_readable_on_one_sheet_beginning_with_the_first() -> None:
    files = {"pack.yaml": "pack: large\ntitle: A large pack\nstart: d0\n"}
    for number in range(100):
        to_both = [to for to in (number + 1, number + 7) if to < 100]
        calls = [f"  s{n}:\n    do: d{to}\n    next: s{n + 1}\n" for n, to in enumerate(to_both)]
        about = f"What dialog number {number} is good for, in a few words."
        files[f"d{number}.yaml"] = (
            f"dialog: d{number}\nabout: {about}\nstart: s0\nstates:\n{''.join(calls)}"
            f"  s{len(calls)}:\n    say: Bye.\n    end: done\n"
        )
    made = read_pack("large", files)
    assert made.draft is not None, made.problems
    assert best_layout(overview(made.draft)).letters >= READABLE


def test_60_states_need_one_page() -> None:
    assert len(pages(picture(large(60, 1.8), "main"))) == 1


def test_letters_too_small_for_a3_are_told_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "large.svg"
    said, warned = draw(large(120, 1.8), "main", path)
    assert said.startswith(f"{path}: 120 boxes")
    # Words are left out only where that makes the others large enough.
    assert path.read_text("utf-8").count("Meta") > 20
    assert "on A3 its smallest letters have 4." in warned
    assert "With --each it is drawn on several pages." in warned
    assert draw(library().current(), "main", path)[1] == ""
    assert draw(large(120, 1.8), "main", path, each=True)[1] == ""
    assert {one.name for one in tmp_path.iterdir()} >= {"large-1.svg", "large-2.svg", "large-3.svg"}


def test_each_draws_the_topics_and_a_file_for_each_dialog(tmp_path: Path) -> None:
    pack = library().current()
    for ending in (".svg", ".mmd"):
        said, _ = draw(pack, None, tmp_path / f"pets{ending}", each=True)
        assert len(said.splitlines()) == 1 + len(pack.dialogs)
    names = {
        f"pets{name}{ending}" for ending in (".svg", ".mmd") for name in ("", *[f"-{one}" for one in pack.dialogs])
    }
    assert {one.name for one in tmp_path.iterdir()} == names


def test_each_needs_a_file_and_the_whole_shipped_pack_is_too_large_for_one_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DrawError, match="--each writes several files; say what they begin with"):
        command_draw(library().current(), None, None, StringIO(), StringIO(), each=True)
    path = tmp_path / "all.svg"
    assert main(["draw", "-o", str(path)]) == 0
    assert "With --each every dialog gets a page of its own." in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["draw", "--each", "--topics"])
