"""What only follows from another mistake is not told: the one that matters would drown in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.checks.folder import check_folder
from bot.commands.check import play, prepare
from tests.packs.kit import Company

ROOT = Path(__file__).parents[2]
PO = "locales/de/LC_MESSAGES/messages.po"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for part in ("dialogs", "locales"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def told(home: Path) -> list[tuple[str, int, str]]:
    return [(Path(one.file).name, one.line, one.code) for one in check_folder(home, prepare, play).problems]


def write(home: Path, name: str, change: Callable[[str], str]) -> int:
    """Change a file; gives the first line that is another one now."""
    path = home / name
    before = path.read_text("utf-8")
    path.write_text(change(before), "utf-8")
    pairs = zip(before.splitlines(), change(before).splitlines(), strict=False)
    return next(number for number, (old, new) in enumerate(pairs, 1) if old != new)


SITUATION = "dialogs/meta_ai/situation.yaml"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("\n    save: situation", "\n     save: situation", "Y014"),
        ("\n    save: situation", "\n    speichern: situation", "D002"),
        ("\n    save: situation", "\n    Save: situation", "D002"),
        ("\nstates:", "\nstate:", "D002"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_not_all_that_name_something_of_it(
    home: Path, old: str, new: str, code: str
) -> None:
    line = write(home, SITUATION, lambda text: text.replace(old, new, 1))
    found = told(home)
    assert ("situation.yaml", line, code) in found
    assert {name for name, _, _ in found} == {"situation.yaml"}


@pytest.mark.parametrize("name", [SITUATION, "dialogs/meta_ai/main.yaml"])
@pytest.mark.parametrize("ending", [".yml", ".yaml.txt"])
def test_a_dialog_with_another_ending_is_told_at_the_file_and_not_where_it_is_called(
    home: Path, name: str, ending: str
) -> None:
    file = home / name
    file.rename(file.with_suffix(ending))
    assert told(home) == [(file.with_suffix(ending).name, 1, "Y032")]


def test_a_file_in_another_encoding_is_told_and_not_what_it_said(home: Path) -> None:
    (home / SITUATION).write_bytes((home / SITUATION).read_text("utf-8").encode("utf-16"))
    assert told(home) == [("situation.yaml", 1, "Y004")]


def test_a_dialog_whose_file_got_another_name_is_told_once(home: Path) -> None:
    (home / FORMS).rename((home / FORMS).with_stem("form"))
    assert told(home) == [("form.yaml", 2, "D015")]


@pytest.mark.parametrize("before", ["", "# "])
def test_a_file_that_was_emptied_is_told_and_not_what_it_said(home: Path, before: str) -> None:
    lines = (home / SITUATION).read_text("utf-8").splitlines() if before else ()
    (home / SITUATION).write_text("".join(f"{before}{line}\n" for line in lines), "utf-8")
    assert told(home) == [("situation.yaml", 1, "Y002")]


def test_a_dialog_in_a_folder_of_its_own_is_told_with_the_place_where_it_lies(home: Path) -> None:
    (home / "dialogs" / "meta_ai" / "topics").mkdir()
    (home / SITUATION).rename(home / "dialogs" / "meta_ai" / "topics" / "situation.yaml")
    (problem,) = check_folder(home, prepare, play).problems
    assert (problem.code, "It stands in topics/situation.yaml" in problem.hint) == ("D040", True)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("facts/claims.yaml", "F007"),
        ("letters/claim.yaml", "L003"),
        ("main.yaml", "D015"),
        ("examples/usa_what_still_helps.yaml", "E015"),
    ],
)
def test_a_copy_beside_a_file_is_told_once_and_not_the_file(home: Path, name: str, code: str) -> None:
    file = home / "dialogs" / "meta_ai" / name
    copy = file.with_stem(f"{file.stem} (1)")
    shutil.copy(file, copy)
    assert [(file, code) for file, _, code in told(home)] == [(copy.name, code)]


def test_a_catalogue_in_the_wrong_place_is_told_and_not_the_examples_in_its_language(home: Path) -> None:
    (home / "locales" / "de").rename(home / "locales" / "deutsch")
    assert told(home) == [("messages.po", 1, "T109")]


def test_a_copy_of_a_catalogue_is_not_told_to_be_moved_over_the_good_one(home: Path) -> None:
    shutil.copy(home / PO, (home / PO).with_stem("messages (1)"))
    (problem,) = check_folder(home, prepare, play).problems
    assert "Delete it if it is a copy" in problem.hint


def test_a_copy_of_a_dialog_is_told_once(home: Path) -> None:
    shutil.copy(home / SITUATION, home / "dialogs" / "meta_ai" / "situation (copy).yaml")
    assert told(home) == [("situation (copy).yaml", 2, "D015")]


def test_a_slip_beside_a_broken_file_is_told_all_the_same(tmp_path: Path) -> None:
    company = Company(tmp_path, german=False)
    company.edit("main.yaml", "next: who\n", "next: whoo\n")
    company.edit("forget.yaml", "dialog: forget\n", "dialog: forget\nabuot: this\n")
    assert {code for _, _, code in told(company.root)} >= {"D041", "D002"}


UNDER_18 = "dialogs/meta_ai/under_18.yaml"
FORMS = "dialogs/meta_ai/forms.yaml"
MAIN = "dialogs/meta_ai/main.yaml"
FIRST = "      - when: territory is known\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (UNDER_18, "\n  together:", "\n  to gether:", "D006"),
        (UNDER_18, "dialog: under_18", "dialog: under18", "D015"),
        (MAIN, FIRST, f"      - otherwise: country\n{FIRST}", "D034"),
        (MAIN, "- otherwise: country", "- Otherwise: country", "D002"),
        (MAIN, "- otherwise: country", "- else: country", "D002"),
        (FORMS, "          Log in first", "      Log in first", "Y014"),
        (FORMS, "(form_link)", "(https://www.facebook.com/help)", "D202"),
        ("dialogs/meta_ai/pack.yaml", "\n  help:", "\n  /help:", "P005"),
    ],
)
def test_one_slip_in_a_name_or_a_way_is_told_once(home: Path, name: str, old: str, new: str, code: str) -> None:
    line = write(home, name, lambda text: text.replace(old, new, 1))
    assert told(home) == [(Path(name).name, line, code)]


def test_a_question_whose_answer_is_not_kept_any_more_is_told_there_and_not_at_every_condition(home: Path) -> None:
    path = home / SITUATION
    text = path.read_text("utf-8")
    path.write_text(text.replace("    save: situation\n", "", 1), "utf-8")
    ((name, line, code),) = told(home)
    assert (name, text.split("\n")[line - 1], code) == ("situation.yaml", "  ask:", "D110")


def test_a_slot_that_is_declared_nowhere_is_told_once_where_it_is_filled(home: Path) -> None:
    slot = "  own_words:\n    type: text\n    up to: 400\n    about: What you wrote in your own words\n"
    write(home, "dialogs/meta_ai/reasons.yaml", lambda text: text.replace(slot, "", 1))
    found = [one for one in check_folder(home, prepare, play).problems if "own_words" in one.message]
    assert [(one.code, one.level) for one in found] == [("D043", "error")]


def test_an_entry_that_cannot_be_read_is_not_missing_as_well(home: Path) -> None:
    line = write(home, PO, lambda text: text.replace('msgstr "Für wen machst du das?"', 'msgstr "Für wen?', 1))
    assert told(home) == [("messages.po", line, "T102")]


def test_a_key_with_a_slip_is_not_missing_as_well(home: Path) -> None:
    line = write(home, SITUATION, lambda text: text.replace("\nstates:", "\nstatse:", 1))
    assert told(home) == [("situation.yaml", line, "D002")]


def test_a_translation_that_cannot_be_used_is_not_missing_as_well(home: Path) -> None:
    line = write(home, PO, lambda text: text.replace('msgstr "Für wen machst du das?"', 'msgstr "Für wen {x}?"', 1))
    assert told(home) == [("messages.po", line, "T203")]


def test_a_text_that_was_changed_is_told_where_it_stands_and_not_in_the_catalogue_as_well(home: Path) -> None:
    line = write(home, SITUATION, lambda text: text.replace("say: Who is it for?", "say: Whom is it for?", 1))
    assert ("situation.yaml", line, "T305") in told(home)
    assert "messages.po" not in {name for name, _, _ in told(home)}


def test_words_changed_after_msgid_are_told_in_the_catalogue_and_not_in_the_dialog(home: Path) -> None:
    line = write(home, PO, lambda text: text.replace('msgid "What I can do"', 'msgid "Was ich kann"', 1))
    assert told(home) == [("messages.po", line, "T304")]


def test_an_answer_copied_with_its_id_is_no_changed_text_as_well(home: Path) -> None:
    one = "      - answer: My child\n        id: child\n"
    copy = "      - answer: My brother's child\n        id: child\n        go: parent\n"
    line = write(home, SITUATION, lambda text: text.replace(one, copy + one, 1))
    found = [code for name, _, code in told(home) if name == "situation.yaml"]
    assert (line, found) == (line, ["D033"])


def test_comments_above_an_empty_line_belong_to_no_message_below(home: Path) -> None:
    both = 'msgid "What I can do"\nmsgstr "Was ich kann"'
    write(home, PO, lambda text: text.replace(both, "#~ " + both.replace("\n", "\n#~ "), 1))
    assert [code for _, _, code in told(home)] == ["T301"]


def test_examples_are_told_only_where_nothing_is_wrong(home: Path) -> None:
    line = write(home, SITUATION, lambda text: text.replace("say: Who is it for?", "say: Who <br>is it for?", 1))
    assert told(home) == [("situation.yaml", line, "D202")]


def test_examples_in_a_language_that_lacks_a_translation_are_not_told_beside_it(home: Path) -> None:
    line = write(home, PO, lambda text: text.replace('msgid "{territory}: **yes', 'msgid "territory}: **yes', 1))
    assert told(home) == [("messages.po", line, "T304")]
    shutil.copytree(ROOT / "locales", home / "locales", dirs_exist_ok=True)
    old = 'msgstr "Wo lebst du? Schreib einfach den Namen des Landes."'
    write(home, PO, lambda text: text.replace(old, old.replace("Schreib einfach", "Nenn mir"), 1))
    assert {name for name, _, code in told(home) if code == "E020"}, "an example that is wrong is told"
