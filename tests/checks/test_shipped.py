"""The shipped content itself: no error, and the checks look at every kind of file of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.checks.folder import Found, check_folder
from bot.commands.check import prepare
from bot.content.folder import find


@pytest.fixture(scope="module")
def found() -> Found:
    return check_folder(find().pack.parent.parent, prepare)


def test_the_shipped_content_has_no_error(found: Found) -> None:
    assert [str(problem) for problem in found.problems if problem.level == "error"] == []


def test_its_warnings_are_few_enough_to_be_read(found: Found) -> None:
    assert len(found.problems) < 25, Counter(problem.code for problem in found.problems)


def test_dialogs_facts_letters_examples_and_translations_are_looked_at(found: Found) -> None:
    pack = find().pack
    written = list(pack.rglob("*.yaml"))
    assert len(found.files) > len(written)
    assert {path.parent.name for path in written} >= {pack.name, "facts", "letters", "examples"}


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("forms.yaml", "next: ", "next: no_such_", "D041"),
        ("country.yaml", "choose: territories", "choose: teritories", "D042"),
        ("facts/forms.yaml", "facebook.com/help", "faceb00k.com/help", "F030"),
        ("letters/reasons.yaml", "reasons:", "reasonz:", "L010"),
        ("pack.yaml", "start: main", "start: mian", "P010"),
        ("facts/claims.yaml", "Since 27 May 2025 Meta", "Since 27 May 2025 <b>Meta</b>", "D202"),
        ("facts/claims.yaml", "Since 27 May 2025 Meta", "Say /restrat, since 27 May 2025 Meta", "D207"),
        ("facts/claims.yaml", "Since 27 May 2025 Meta", "since 27 May 2025 Meta", "D219"),
        ("facts/claims.yaml", "Since 27 May 2025 Meta", "Since 27 May 2025 Meta Meta", "D218"),
        ("facts/phrases.yaml", "Complaint page: {link}", "Complaint page: {lnik}", "F012"),
        ("letters/reasons.yaml", "full: My", "full: My my", "D218"),
    ],
)
def test_damage_in_each_kind_of_file_is_named_in_that_file(
    tmp_path: Path, file: str, old: str, new: str, code: str
) -> None:
    shipped = find().pack
    for path in shipped.rglob("*.yaml"):
        copy = tmp_path / "dialogs" / shipped.name / path.relative_to(shipped)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        if path.relative_to(shipped).as_posix() == file:
            assert old in text
            text = text.replace(old, new, 1)
        copy.write_text(text, "utf-8")
    problems = check_folder(tmp_path, prepare).problems
    assert code in {one.code for one in problems if one.file.endswith(file)}, [str(one) for one in problems][:5]
