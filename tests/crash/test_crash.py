"""The short crash loop: each named point once, and twenty kills at random."""

from __future__ import annotations

from pathlib import Path

from tests.crash.loop import expected, points, run, table
from tests.kit import pets


async def test_s01_n01_n02_o03_nothing_is_lost_at_any_named_point(tmp_path: Path) -> None:
    result = await run("named points", tmp_path / "data", points(7), 0.0)
    assert result.good, table([result])
    assert result.kills == 5
    assert result.said > 600


async def test_s01_nothing_is_lost_in_twenty_kills_at_random(tmp_path: Path) -> None:
    result = await run("at random", tmp_path / "data", [("", 0)] * 20, 0.25)
    assert result.good, table([result])


def test_the_pure_engine_says_what_everybody_should_hear() -> None:
    lines = expected(pets.library(), ("/start", "dog"))
    assert lines == ["Hello!", "Which animal do you have?", "Where does it live?"]
