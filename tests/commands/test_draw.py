"""`draw` marks what `check` finds, and makes wide what examples take or where people stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main
from tests.packs.kit import Company


def drawn(company: Company, tmp_path: Path, *more: str, ending: str = "dot") -> str:
    """Draw the whole pack and give the file."""
    file = tmp_path / f"picture.{ending}"
    assert main(["draw", "--content", str(company.root), "-o", str(file), *more]) == 0
    return file.read_text("utf-8")


@pytest.mark.parametrize("ending", ["dot", "mmd"])
def test_what_only_the_checks_find_is_marked_and_explained(company: Company, tmp_path: Path, ending: str) -> None:
    assert "! D" not in drawn(company, tmp_path, ending=ending)
    company.edit("main.yaml", "say: What do you use?", "say: What what do you use, says /helpp?")
    picture = drawn(company, tmp_path, ending=ending)
    assert "D207" in picture
    assert "error" in picture


def test_coverage_makes_ways_wide_and_shows_those_nobody_takes(company: Company, tmp_path: Path) -> None:
    plain = drawn(company, tmp_path)
    assert "taken often" not in plain
    covered = drawn(company, tmp_path, "--coverage")
    assert "taken often" in covered
    assert covered.count("penwidth") > plain.count("penwidth")
    for example in sorted((company.pack / "examples").glob("*.yaml"))[1:]:
        example.unlink()
    assert "never taken" in drawn(company, tmp_path, "--coverage")


def test_traffic_says_where_people_stand(company: Company, database: Path, tmp_path: Path) -> None:
    picture = drawn(company, tmp_path, "--traffic", str(database))
    # All three are in a dialog that the first one called: its box counts them too.
    found = sorted(re.findall(r"\d (?:person|people) here", picture))
    assert found == ["1 person here", "2 people here", "3 people here"]
    assert not re.search(r"\d (?:person|people) here", drawn(company, tmp_path))


def test_no_folder_is_made_and_a_missing_database_is_a_sentence(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "nowhere" / "x.svg"
    assert main(["draw", "--content", str(company.root), "-o", str(nowhere)]) != 0
    assert not nowhere.parent.exists()
    assert main(["draw", "--content", str(company.root), "--traffic", str(tmp_path / "none.db"), "-o", "x.dot"]) != 0
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 2
    assert all(line.startswith("optout-bot: ") for line in said)
