"""`optout-bot check`: the same findings for people, for programs and for GitHub, and an exit code for scripts."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.checks import check_folder, command_check, explain_all, run
from bot.checks.command import Format
from bot.checks.folder import Found
from bot.checks.sample import MAIN, po
from tests.checks.test_folder import content, prepare


def check(paths: list[Path], fmt: Format = "text") -> tuple[int, str]:
    stream = io.StringIO()
    return command_check(paths, fmt, stream, prepare), stream.getvalue()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_clean_folder_ends_with_zero_and_one_line(root: Path) -> None:
    assert check([content(root)]) == (0, "No problems in 4 files.\n")


def test_an_error_ends_with_one_and_says_place_code_words_and_what_to_do(root: Path) -> None:
    content(root, {"main.yaml": MAIN.replace("next: thanks", "next: thank")})
    assert check([root]) == (
        1,
        "dialogs/lamps/main.yaml:18:11: D041 there is no state «thank». Did you mean «thanks»?\n1 error in 4 files.\n",
    )


def test_warnings_alone_end_with_zero(root: Path) -> None:
    content(
        root,
        {
            "main.yaml": MAIN.replace("Which lamp is", "which of all these lamps is").replace(
                "    about: The lamp you mean\n", ""
            )
        },
    )
    code, said = check([root])
    assert code == 0
    assert "main.yaml:5:3: D120 warning: «lamp» does not say why it is kept." in said
    assert said.endswith("2 warnings in 4 files.\n")


def test_errors_and_warnings_are_counted_apart(root: Path) -> None:
    content(root, {"main.yaml": MAIN.replace("    about: The lamp you mean\n", "").replace("{lamp}", "{lmap}")})
    assert check([root])[1].endswith("1 error and 2 warnings in 4 files.\n")


def test_json_is_one_list_with_one_problem_a_line(root: Path) -> None:
    content(root, {"main.yaml": MAIN.replace("next: thanks", "next: thank").replace("{lamp}", "{lmap}")})
    code, said = check([root], "json")
    data = json.loads(said)
    assert code == 1
    assert data[0] == {
        "file": "dialogs/lamps/main.yaml",
        "line": 18,
        "col": 11,
        "code": "D041",
        "level": "error",
        "message": "there is no state «thank».",
        "hint": "Did you mean «thanks»?",
    }
    assert len(said.splitlines()) == len(data) + 2


def test_json_of_nothing_is_an_empty_list(root: Path) -> None:
    assert check([content(root)], "json") == (0, "[]\n")


def test_github_gets_annotations_that_cannot_be_broken(root: Path) -> None:
    content(root, {"main.yaml": MAIN.replace("next: thanks", "next: 'tha%0A\\nk,s:'")})
    code, said = check([root], "github")
    assert code == 1
    assert said.splitlines()[0].startswith("::error file=dialogs/lamps/main.yaml,line=18,col=11,title=D009::")
    assert "%250A" in said
    assert all(line.startswith(("::error ", "::warning ")) for line in said.splitlines())


def test_a_message_stays_on_one_line(root: Path) -> None:
    content(root, po(("Which lamp is broken?", "Welche {lampe}\\nund welche?")))
    code, said = check([root])
    assert code == 1
    assert all(":" in line or "in" in line for line in said.splitlines())
    assert len(said.splitlines()) == len(check_folder(root, prepare).problems) + 1


def test_a_single_file_tells_only_what_is_wrong_in_it(root: Path) -> None:
    content(root, {"main.yaml": MAIN.replace("{lamp}", "{lmap}"), "help.yaml": "dialog: help\nstart: say\n"})
    code, said = check([root / "dialogs" / "lamps" / "help.yaml"])
    assert code == 1
    assert "main.yaml" not in said
    assert said.endswith(" in 1 file; 1 error in other files.\n")
    quiet = (0, "No problems in 1 file; 2 errors in other files.\n")
    assert check([root / "dialogs" / "lamps" / "pack.yaml"]) == quiet
    assert check([root / "dialogs" / "lamps" / "help.yaml", root])[1].endswith(" in 4 files.\n")


def test_a_catalogue_is_checked_with_the_pack_beside_it(root: Path) -> None:
    content(root, po(("Which lamp is broken?", "Welche {lampe}?")))
    code, said = check([root / "locales" / "de" / "LC_MESSAGES" / "messages.po"])
    assert code == 1
    assert "locales/de/LC_MESSAGES/messages.po:6:16: T203" in said


def test_a_pack_and_its_content_folder_are_not_told_twice(root: Path) -> None:
    content(root, {"main.yaml": MAIN.replace("next: thanks", "next: thank")})
    said = check([root, root / "dialogs" / "lamps"])[1]
    assert said.count("D041") == 1


@pytest.mark.parametrize("path", ["nothing", "empty", "stray.yaml"])
def test_a_path_without_content_is_told_in_a_sentence(root: Path, path: str) -> None:
    (root / "empty").mkdir()
    (root / "stray.yaml").write_text("a: b\n")
    code, said = check([root / path])
    assert code == 2
    assert len(said.splitlines()) == 1
    assert path in said


def test_the_public_names_are_there_and_no_others() -> None:
    import bot.checks

    assert bot.checks.Found is Found
    assert callable(explain_all)
    assert callable(run)
    assert bot.checks.run is run
    with pytest.raises(AttributeError):
        _ = bot.checks.nothing
