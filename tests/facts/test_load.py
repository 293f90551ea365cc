"""Loading: shapes are checked, errors name file, line, column and the nearest right word."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import ContentError, Problem
from bot.facts.load import FILES, load_facts, read_facts
from tests.facts.kit import FOLDER, changed, shipped, texts


def test_the_shipped_facts_load_without_a_problem() -> None:
    facts, problems = read_facts(texts())
    assert problems == []
    assert facts is not None
    assert facts.claims == shipped().claims


def test_every_record_knows_its_id() -> None:
    facts = shipped()
    for table in (facts.claims, facts.forms, facts.regimes, facts.authorities, facts.territories, facts.sources):
        assert all(record.id == key for key, record in table.items())


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "says"),
    [
        ("claims.yaml", "    topic: since\n", "    topc: since\n", "F010", "Did you mean «topic»?"),
        ("claims.yaml", "    topic: since\n", "", "F011", "topic is missing"),
        ("claims.yaml", "    topic: since\n", "    topic: sinse\n", "F012", "Did you mean «since»?"),
        ("claims.yaml", "    topic: since\n", "    topic: since\n    id: x\n", "F010", "The id is the name above"),
        ("claims.yaml", "    topic: since\n", "    topic: [since]\n", "F012", "topic"),
        ("claims.yaml", "Since 27 May 2025 Meta", "See https://x.example 27 May 2025 Meta", "F012", "no web address"),
        ("claims.yaml", "2025 Meta has", "2025 **Meta has", "F012", "closed again"),
        ("claims.yaml", "Since 27 May 2025 Meta", "x" * 300, "F012", "at most 300"),
        ("claims.yaml", "date: 2025-05-27", "date: 2025-05-32", "F012", "2026-07-23, or undated"),
        ("claims.yaml", "date: 2025-05-27", "date: 27 May", "F012", "expected a year, month or day"),
        ("claims.yaml", "  since_eu:", "  since eu:", "F012", "short name"),
        ("steps.yaml", "text: Keep WhatsApp out of the Accounts Centre.", "text: ''", "F012", "found nothing"),
        ("steps.yaml", "text: Keep WhatsApp out of the Accounts Centre.", "text: [a]", "F012", "expected a text"),
        ("steps.yaml", "regimes: [everywhere]", "regimes: everywhere", "F012", "expected a list"),
        ("forms.yaml", "regions: worldwide", "regions: everywhere", "F012", "worldwide or unknown"),
        ("forms.yaml", "confirmed_live: null", "confirmed_live: soon", "F012", "a day that exists"),
        ("forms.yaml", "login: yes", "login: true", "F012", "Allowed: yes, no, sometimes, unknown"),
        ("forms.yaml", "    asks:\n", "    asks: x\n    askes:\n", "F010", "Did you mean «asks»?"),
        ("forms.yaml", "email: {text:", "email: {txt:", "F010", "Did you mean «text»?"),
        ("products.yaml", "    linked: yes\n", "    linked: on\n", "F012", "yes or no"),
        ("regimes.yaml", "number: 1\n", "number: one\n", "F012", "a whole number"),
        ("regimes.yaml", "number: 1\n", "number: ١\n", "F012", "a whole number"),
        ("regimes.yaml", "cite: GDPR Art. 21(1)", "site: GDPR Art. 21(1)", "F010", "Did you mean «cite»?"),
        ("regimes.yaml", "checked_on: 2026-11-23", "checked_on: 2026-02-30", "F012", "a day that exists"),
        ("regimes.yaml", "  gdpr_eea:\n    name", "  gdpr_eea: x\n  other:\n    name", "F012", "keys with values"),
        ("authorities.yaml", "fields: [post, how]", "fields: [post, hwo]", "F012", "Did you mean «how»?"),
        ("phrases.yaml", "path_head:", "path_hed:", "F010", "Did you mean «path_head»?"),
        ("pack.yaml", "id: meta_ai", "id: meta_ai\nid: other", "Y024", "stands in line"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_right(file: str, old: str, new: str, code: str, says: str) -> None:
    problems = changed(file, old, new)
    assert any(one.code == code and says in str(one) for one in problems), [str(one) for one in problems]
    line = texts()[file][: texts()[file].index(old)].count("\n") + 1
    assert any(one.file == file and one.code == code and line - 3 <= one.line <= line + 3 for one in problems)


def test_a_misspelled_key_is_not_told_as_missing_too() -> None:
    assert [one.code for one in changed("claims.yaml", "    topic: since\n", "    topc: since\n")] == ["F010"]


def test_several_wrong_files_are_told_together() -> None:
    broken = dict(texts())
    broken["claims.yaml"] = broken["claims.yaml"].replace("topic: since", "topic: sinse", 2)
    broken["steps.yaml"] = "steps: ["
    broken["stepps.yaml"] = ""
    del broken["hosts.yaml"]
    facts, problems = read_facts(broken, base="facts/")
    assert facts is None
    assert [(one.file, one.code) for one in problems] == [
        ("facts/claims.yaml", "F012"),
        ("facts/claims.yaml", "F012"),
        ("facts/hosts.yaml", "F007"),
        ("facts/stepps.yaml", "F007"),
        ("facts/steps.yaml", "Y014"),
    ]
    assert "Did you mean «steps.yaml»?" in str(problems[3])


@pytest.mark.parametrize(
    ("content", "code"), [("", "Y002"), ("- a\n- b\n", "F012"), ("just words\n", "F012"), (b"\xff\xfe", "Y004")]
)
def test_a_file_that_is_no_mapping_is_a_problem(content: str | bytes, code: str) -> None:
    facts, problems = read_facts({**texts(), "steps.yaml": content})
    assert facts is None
    assert [(one.file, one.code) for one in problems] == [("steps.yaml", code)]


@pytest.mark.parametrize(
    ("line", "code"),
    [("a: &x 1", "Y026"), ("a: *x", "Y021"), ("a: !!int 1", "Y025"), ("<<: x", "Y021"), ("a: {b: [}", "Y014")],
)
def test_facts_are_read_as_strictly_as_dialogs(line: str, code: str) -> None:
    file = texts()["steps.yaml"].rstrip("\n") + f"\n{line}\n"
    facts, problems = read_facts({**texts(), "steps.yaml": file})
    assert facts is None
    assert code in {one.code for one in problems}, [str(one) for one in problems]


def test_a_warning_keeps_nobody_from_using_the_facts() -> None:
    file = texts()["steps.yaml"].replace("Keep WhatsApp out of the Accounts Centre.", "Keep it out #there", 1)
    facts, problems = read_facts({**texts(), "steps.yaml": file})
    assert facts is not None
    assert [(one.code, one.level) for one in problems] == [("Y022", "warning")]


def test_a_table_with_a_word_in_place_of_a_record_is_a_problem() -> None:
    _, problems = read_facts({**texts(), "steps.yaml": "steps:\n  a: b\n"})
    assert [one.code for one in problems] == ["F012"]


def test_a_folder_loads_and_a_broken_one_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    shutil.copytree(FOLDER, folder)
    assert load_facts(folder).regimes.keys() == shipped().regimes.keys()
    (folder / "claims.yaml").write_bytes(b"\xff\xfe")
    (folder / "pack.yaml").write_text("id: x\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"claims.yaml:1:1: Y004 the file is not UTF-8 text\. .* more\)$") as caught:
        load_facts(folder)
    problems = caught.value.problems
    assert all(isinstance(one, Problem) for one in problems)
    assert sum("claims.yaml" in str(one) for one in problems) == 1
    (lacking,) = [str(one) for one in problems if " F011 " in str(one)]
    assert lacking.count(",") == 5, "all seven keys are told at once"


def test_one_problem_alone_is_told_without_a_count(tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    shutil.copytree(FOLDER, folder)
    (folder / "steps.yaml").unlink()
    (folder / "steps.yaml").mkdir()
    with pytest.raises(
        ContentError, match=r"steps.yaml:1:1: Y031 cannot be read: Is a directory\. Delete it, or look at its rights\.$"
    ):
        load_facts(folder)


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        load_facts(tmp_path / "nowhere")


def test_the_readme_beside_the_facts_does_no_harm() -> None:
    assert (FOLDER / "README.md").exists()
    assert set(texts()) == set(FILES)


def test_a_place_that_is_not_known_falls_back_to_what_contains_it() -> None:
    facts = shipped()
    assert facts.place("claims", "since_eu", "nothing") == facts.place("claims", "since_eu")
    assert facts.place("nowhere") == ("", 1, 1)
