"""`draw` marks what `check` finds, and makes wide what examples take or where people stand."""

from __future__ import annotations

import re
import sqlite3
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


def test_people_in_a_renamed_state_count_for_its_new_name(
    company: Company, database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company.edit("main.yaml", "  who:\n", "  whose:\n")
    company.edit("main.yaml", "next: who\n", "next: whose\n")
    assert "2 people here" not in drawn(company, tmp_path, "--traffic", str(database))
    assert "Not on the picture: 2 people of 3, standing where" in capsys.readouterr().err
    company.edit("main.yaml", "slots:\n", "renamed:\n  who: whose\n\nslots:\n")
    assert re.search(r"<b>whose</b>.*2 people here", drawn(company, tmp_path, "--traffic", str(database)))
    assert not capsys.readouterr().err


def test_traffic_widens_arrows_between_topics_too(company: Company, database: Path, tmp_path: Path) -> None:
    company.edit("main.yaml", "    next: where\n", "    next: asking/where\n")
    main_file = company.pack / "main.yaml"
    head, states = main_file.read_text("utf-8").split("  where:\n")
    main_file.write_text(head, "utf-8")
    (company.pack / "asking.yaml").write_text(f"dialog: asking\nstart: where\nstates:\n  where:\n{states}", "utf-8")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE sessions SET state = replace(state, 'main/', 'asking/')")
    connection.close()
    topics = drawn(company, tmp_path, "--topics", "--traffic", str(database))
    assert re.search(r"d\d -> d\d \[penwidth=6.0\]", topics)


@pytest.mark.parametrize(
    "typed",
    [
        ["mian"],
        ["-o", "x.gif"],
        ["--traffic", "none.db"],
        ["--pack", "none"],
        ["--content", "nowhere"],
        ["--wide"],
        ["main", "--topics"],
    ],
)
def test_what_was_typed_wrong_ends_with_2(
    company: Company, typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["draw", "--content", str(company.root), *typed])
    except SystemExit as ended:
        code = int(ended.code or 0)
    assert code == 2
    assert "optout-bot" in capsys.readouterr().err


def test_a_pack_that_cannot_be_read_and_a_missing_graphviz_end_with_1(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.svg"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["draw", "--content", str(company.root), "-o", str(file)]) == 1
    (company.pack / "pack.yaml").write_text("pack: [", "utf-8")
    assert main(["draw", "--content", str(company.root)]) == 1


def test_no_folder_is_made_and_a_missing_database_is_a_sentence(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "nowhere" / "x.svg"
    assert main(["draw", "--content", str(company.root), "-o", str(nowhere)]) == 2
    assert not nowhere.parent.exists()
    assert main(["draw", "--content", str(company.root), "--traffic", str(tmp_path / "none.db"), "-o", "x.dot"]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 2
    assert all(line.startswith("optout-bot: ") for line in said)
