"""What the manual for authors shows is true: every YAML block of it is loaded, checked and played."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.checks.folder import check_folder
from bot.commands.check import play, prepare
from bot.content.compile import read_pack
from bot.content.shape import PHRASES, TABLES
from bot.reader import Entries, Items, Piece, read
from bot.service.examples.suite import run
from tests.packs.kit import Company

ROOT = Path(__file__).parents[2]
AUTHORS = ROOT / "docs" / "authors"
_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[str]:
    return _BLOCK.findall(page.read_text("utf-8"))


def named(page: Path) -> list[tuple[str, str]]:
    """List the blocks that are whole files: the first line says which."""
    found = []
    for block in blocks(page):
        first, _, rest = block.partition("\n")
        if first.startswith("# ") and first.endswith(".yaml"):
            found.append((first.removeprefix("# "), rest))
    return found


def errors(company: Company) -> list[str]:
    return [str(one) for one in check_folder(company.pack, prepare).problems if one.level == "error"]


def played(company: Company, example: str) -> list[str]:
    loaded = company.load()
    assert loaded.library is not None
    results = run([company.pack / example], loaded.library)
    return [str(one) for one in results.problems] + [str(one.differences) for one in results.played if not one.ok]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path, german=False)


def put(company: Company, name: str, text: str) -> None:
    (company.pack / name).write_text(text, "utf-8")


def test_every_step_of_the_ten_minutes_works(company: Company) -> None:
    company.edit("pack.yaml", "start: main\n", "start: pets\n")
    steps = named(AUTHORS / "write-a-dialog.md")
    names = [name for name, _ in steps]
    assert names == ["pets.yaml", "pets.yaml", "examples/many_dogs.yaml", "examples/commands.yaml"]
    for name, text in steps:
        put(company, name, text)
        assert errors(company) == []
        if name.startswith("examples/"):
            assert played(company, name) == []


def test_at_the_end_of_the_ten_minutes_check_finds_nothing_at_all(company: Company) -> None:
    page = AUTHORS / "write-a-dialog.md"
    company.edit("pack.yaml", "start: main\n", "start: pets\n")
    for name, text in named(page):
        put(company, name, text)
    (thrown,) = re.findall(r"^rm (.*)$", page.read_text("utf-8"), re.MULTILINE)
    for name in thrown.split():
        (company.pack / name).unlink()
    company.edit("pack.yaml", "go: main/hello", "go: pets/which")
    letters = company.pack / "letters" / "letters.yaml"
    letters.write_text(letters.read_text("utf-8").partition("\nfollow_ups:\n")[0] + "\n", "utf-8")
    assert [str(one) for one in check_folder(company.pack, prepare, play).problems] == []


def manual_pack(company: Company) -> list[str]:
    """Lay the pack of `keys.md` over the tiny company; gives the names of its files."""
    phrases = (company.pack / "pack.yaml").read_text("utf-8").partition("\nphrases:\n")[2]
    for old in company.pack.glob("examples/*.yaml"):
        old.unlink()
    files = named(AUTHORS / "keys.md")
    for name, text in files:
        if name == "pack.yaml":
            shown = {match[1] for match in re.finditer(r"^  (\w+):", text.partition("\nphrases:\n")[2], re.MULTILINE)}
            assert shown < set(PHRASES)
            others = re.split(r"^(?=  \w+:)", phrases, flags=re.MULTILINE)
            text += "".join(one for one in others if one and one.strip().partition(":")[0] not in shown)
        put(company, name, text)
    return [name for name, _ in files]


def test_the_pack_of_the_manual_has_no_errors_and_its_example_goes_as_written(company: Company) -> None:
    names = manual_pack(company)
    assert len(names) == len(set(names)) == 8
    assert errors(company) == []
    assert played(company, "examples/sent_after_a_reminder.yaml") == []


def keys_in(piece: Piece | None) -> set[str]:
    if isinstance(piece, Entries):
        return {key.text for key, _ in piece} | {one for _, value in piece for one in keys_in(value)}
    if isinstance(piece, Items):
        return {one for value in piece.values for one in keys_in(value)}
    return set()


def test_every_key_there_is_stands_in_an_example_of_the_manual_and_is_explained() -> None:
    page = (AUTHORS / "keys.md").read_text("utf-8")
    shown = {key for name, text in named(AUTHORS / "keys.md") for key in keys_in(read(name, text)[0])}
    for table, keys in TABLES.items():
        for key in keys:
            assert key.name in shown or (table, key.name) in HARD_TO_SHOW, f"«{key.name}» ({table}) has no example"
            assert f"`{key.name}`" in page, f"«{key.name}» ({table}) is not explained"


HARD_TO_SHOW = {("expectation", "state"), ("expectation", "forgotten")}
"""Shown in write-a-dialog.md, and in the examples of the shipped pack."""


def test_the_pets_of_the_short_manual_are_a_dialog_and_their_example_is_one(company: Company) -> None:
    page = blocks(ROOT / "dialogs" / "README.md")
    (dialog,) = [block for block in page if block.startswith("dialog: pets\n")]
    (example,) = [block for block in page if block.startswith("example:")]
    company.edit("pack.yaml", "start: main\n", "start: pets\n")
    put(company, "pets.yaml", dialog)
    put(company, "examples/pets.yaml", example)
    assert errors(company) == []
    assert played(company, "examples/pets.yaml") == []


def test_the_pieces_of_the_short_manual_can_be_read() -> None:
    pieces = [
        block
        for block in blocks(ROOT / "dialogs" / "README.md")
        if not block.startswith(("dialog:", "example:", "commands:", "renamed:"))
    ]
    assert len(pieces) >= 3
    for block in pieces:
        assert block.startswith("    "), f"a piece of a state is indented as in its file:\n{block}"
        dialog = f"dialog: piece\nstart: here\nstates:\n  here:\n{block}    end: done\n"
        found = [one for one in read_pack("pack", {"piece.yaml": dialog}).problems if one.code != "P001"]
        assert found == [], block


def test_every_block_of_the_manual_is_yaml_as_authors_write_it() -> None:
    for page in AUTHORS.glob("*.md"):
        for block in blocks(page):
            if page.name != "checks.md":  # which shows a piece of a line
                assert [str(one) for one in read(page.name, block)[1]] == []


@pytest.mark.parametrize("page", sorted(AUTHORS.glob("*.md")), ids=lambda page: page.name)
def test_the_links_of_the_manual_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", re.sub(r"`[^`]*`", "", page.read_text("utf-8"))):
        assert (page.parent / target).is_file(), f"{page.name}: {target}"
