"""Every code is explained, and the page that explains them is current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.checks.codes import GROUPS
from bot.checks.page import PAGE, main
from bot.checks.registry import all_checks, all_codes, explain_all

ROOT = Path(__file__).resolve().parents[2]
RAISED = re.compile(r'"([A-Z]\d{3})"')


def raised() -> dict[str, str]:
    """List every code that stands in the program, with a file that has it."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for code in RAISED.findall(path.read_text("utf-8")):
            found.setdefault(code, path.name)
    return found


@pytest.mark.parametrize(("code", "file"), sorted(raised().items()))
def test_every_code_in_the_program_is_explained(code: str, file: str) -> None:
    assert code in all_codes(), f"{code} of {file} is not explained: add it to bot/checks/codes.py"


def test_nothing_is_explained_that_is_never_raised() -> None:
    assert sorted(set(all_codes()) - set(raised())) == []


def test_there_are_at_least_forty_checks_each_with_its_own_code() -> None:
    codes = [check.CODE for check in all_checks()]
    assert len(codes) == len(set(codes)) >= 40


def test_every_code_has_a_chapter_and_ends_like_a_sentence() -> None:
    for code, coded in all_codes().items():
        assert any(code.startswith(letters) for letters in GROUPS), code
        assert coded.title.endswith("."), code
        assert coded.explanation, code
        assert coded.level in {"error", "warning"}


def test_the_page_about_the_codes_is_current() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == explain_all(), "run python -m bot.checks.page --write"


def test_the_page_shows_every_code_once_and_an_example_of_every_check() -> None:
    page = explain_all()
    for code in all_codes():
        assert len(re.findall(rf"(?m)^(?:### {code}$|\| {code} \|)", page)) == 1, code
    shown = page.count("← here")
    assert shown >= len(all_checks()) - 4


def test_the_page_is_shown_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    assert capsys.readouterr().out == explain_all()
    assert not PAGE.exists()
    assert main(["--write"]) == 0
    assert PAGE.read_text("utf-8") == explain_all()
