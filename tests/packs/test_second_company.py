"""Another company, two regimes: everything works from its pack alone, and nothing in bot/ knows the first one."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from bot.app import load, running
from bot.cli import main
from bot.engine.events import Pressed, Said, Started
from bot.engine.session import Session
from bot.engine.step import step
from bot.facts.load import load_facts
from bot.facts.rules import Topic
from bot.service.render import render
from bot.texts.plain import to_plain
from tests.packs.kit import HOME, NOW, PACK, Company

BOT = Path(__file__).parents[2] / "bot"
SHIPPED = Path(__file__).parents[2] / "dialogs"


def walk(*answers: str) -> tuple[Session, list[str]]:
    """Talk through the tiny company: words begin with a capital or a blank, ids are pressed."""
    library = running(load(HOME))
    outcome = step(library, None, Started("en"), NOW)
    said: list[str] = []
    for answer in answers:
        event = Said(answer[1:]) if answer.startswith("=") else Pressed(answer)
        outcome = step(library, outcome.session, event, NOW)
        for effect in outcome.effects:
            message = render(library, library.current(), effect, "en", NOW)
            said += [to_plain(message.body)] if message else []
    return outcome.session, said


def test_it_loads_with_two_regimes_and_without_any_problem() -> None:
    loaded = load(HOME)
    assert [str(one) for one in loaded.problems if one.level == "error"] == []
    assert set(loaded.facts.regimes) == {"nordic", "elsewhere"}


def test_the_checks_find_no_error_and_the_examples_are_as_expected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--content", str(HOME)]) == 0
    assert main(["test", "--content", str(HOME)]) == 0
    capsys.readouterr()
    assert main(["test", "--content", str(HOME), "--coverage"]) == 0
    assert "100 %" in capsys.readouterr().out


def test_where_there_is_a_right_the_letter_cites_its_law_and_the_page_is_the_objection() -> None:
    session, said = walk("=finland", "own", "notes", "done", "diary", "done", "=about my family")
    assert session.state == "main/bye"
    assert any("Data Act, section 7" in one and "my family" in one for one in said)
    assert any("https://www.brightnote.example/object" in one for one in said)


def test_where_none_is_known_no_law_is_cited_and_no_objection_page_named() -> None:
    _, said = walk("=japan", "own", "notes", "done", "nothing")
    assert "No right is known to us where you live. A request is still possible." in said
    assert not any("Data Act" in one or "/object" in one for one in said)
    assert any("https://www.brightnote.example/contact" in one for one in said)


@pytest.mark.parametrize("ending", ["svg", "mmd", "dot"])
def test_it_is_drawn(tmp_path: Path, ending: str) -> None:
    picture = tmp_path / f"tiny.{ending}"
    assert main(["draw", "--content", str(HOME), "-o", str(picture)]) == 0
    assert "why" in picture.read_text("utf-8")


def test_its_texts_are_extracted_for_translators(tmp_path: Path) -> None:
    company = Company(tmp_path, german=False)
    assert main(["texts", "extract", "--content", str(company.root)]) == 0
    template = (company.root / "locales" / "messages.pot").read_text("utf-8")
    assert 'msgid "Whose notes are they?"' in template
    assert 'msgid "Private notes are left out."' in template
    assert "Meta" not in template


def test_two_packs_side_by_side_are_told_apart_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "both"
    shutil.copytree(HOME / "dialogs", root / "dialogs")
    shutil.copytree(SHIPPED / "meta_ai", root / "dialogs" / "meta_ai")
    assert main(["draw", "--content", str(root), "-o", str(tmp_path / "x.mmd")]) == 2
    assert "there are several packs (brightnote, meta_ai); say which with --pack" in capsys.readouterr().err
    assert main(["draw", "--content", str(root), "--pack", PACK, "-o", str(tmp_path / "x.mmd")]) == 0
    capsys.readouterr()
    assert main(["facts", "links", "--json", "--content", str(root), "--pack", PACK]) == 0
    hosts = {one["url"].split("/")[2] for one in json.loads(capsys.readouterr().out)}
    assert hosts == {"www.brightnote.example", "www.dataoffice.example", "law.example"}
    assert main(["check", "--content", str(root), "--pack", PACK, "--format", "json"]) == 0
    capsys.readouterr()
    assert main(["chat", "--content", str(root), "--pack", "nobody", "--plain"]) == 78
    assert "there is no pack «nobody»" in capsys.readouterr().err


def words_of(path: Path) -> Iterator[tuple[int, str]]:
    """List the names and texts of a program that do something: no docstrings, no comments."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name


def test_nothing_in_the_program_knows_the_company_of_the_shipped_pack() -> None:
    facts = load_facts(SHIPPED / "meta_ai" / "facts")
    ids = {facts.pack.id, *facts.regimes, *facts.forms, *facts.controllers, *facts.claims, *facts.authorities}
    # Ids that are everyday words of a program say nothing about a company.
    own = {name for name in ids if "_" in name or "-" in name} - {*get_args(Topic)}
    hosts = {host.partition(".")[0] for host in facts.hosts.forms} - {"meta"}
    known = re.compile("|".join([rf"\b{facts.pack.company}\b", *map(re.escape, sorted(hosts))]))
    found = [
        f"{path.relative_to(BOT)}:{line}: {word[:60]!r}"
        for path in sorted(BOT.rglob("*.py"))
        for line, word in words_of(path)
        if word in own or known.search(word)
    ]
    assert found == []


def test_nothing_of_the_second_company_is_shipped() -> None:
    assert not [path for path in SHIPPED.rglob("*.yaml") if PACK in path.read_text("utf-8")]


@pytest.mark.parametrize("path", ["", "dialogs", f"dialogs/{PACK}", f"dialogs/{PACK}/examples/a_diary_in_finland.yaml"])
def test_test_plays_a_path_with_the_pack_it_lies_in(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(HOME / path)]) == 0
    assert "as expected" in capsys.readouterr().out


def test_test_plays_each_path_with_its_own_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours = SHIPPED / "meta_ai" / "examples" / "germany_in_a_hurry.yaml"
    elsewhere = tmp_path / "just_recorded.yaml"
    shutil.copy(ours, elsewhere)
    assert main(["test", str(ours), str(HOME), str(elsewhere)]) == 0
    said = [line.partition(".")[0] for line in capsys.readouterr().out.splitlines()]
    assert said == ["1 example: 1 as expected", "3 examples: 3 as expected", "1 example: 1 as expected"]
