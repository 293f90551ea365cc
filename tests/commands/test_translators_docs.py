"""What the pages for translators say can be done, can be done."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.checks.glossary import read_glossary
from bot.checks.registry import explain_all
from bot.cli import _parser
from bot.texts.reconcile import Entry, update

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "translators" / "README.md", ROOT / "locales" / "README.md"]
COMMAND = re.compile(r"(?:^\$ +|^ +|`)optout-bot ([^`\n#]*)", re.MULTILINE)


def commands() -> list[str]:
    return sorted({found.strip() for page in PAGES for found in COMMAND.findall(page.read_text("utf-8"))})


@pytest.mark.parametrize("command", commands())
def test_every_command_is_one(command: str) -> None:
    assert _parser().parse_args(shlex.split(command)).run


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_every_file_that_is_linked_is_there(page: Path) -> None:
    found = [
        where for where in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")) if "." in where and ":" not in where
    ]
    assert found
    assert [where for where in found if not (page.parent / where).exists()] == []


def test_every_code_is_explained_on_the_page_of_codes() -> None:
    codes = set(re.findall(r"\b[A-Z]\d{3}\b", "".join(page.read_text("utf-8") for page in PAGES)))
    assert codes
    assert {code for code in codes if code not in explain_all()} == set()


def test_the_changed_text_looks_as_the_page_shows_it() -> None:
    before = Entry("Who is it for?", "meta_ai/situation/ask/say", "dialogs/meta_ai/situation.yaml")
    old = update([before], "", "fr")[0].replace('for?"\nmsgstr ""', 'for?"\nmsgstr "C\'est pour qui ?"')
    now = Entry("For whom is it?", before.place, before.file)
    shown = update([now], old, "fr")[0].split("\n\n")[1].strip()
    assert shown in PAGES[0].read_text("utf-8")


def test_the_figures_of_the_glossary_are_right() -> None:
    text = (ROOT / "locales" / "glossary.yaml").read_text("utf-8")
    terms = read_glossary("glossary.yaml", text)[0].terms
    languages = {language for term in terms for language in term.words} - {"en"}
    assert f"{len(terms)} terms in {len(languages)} languages" in PAGES[0].read_text("utf-8")


def test_the_picture_was_made_by_the_tool() -> None:
    root = ElementTree.parse(ROOT / "docs" / "translators" / "status.svg").getroot()
    assert root.get("aria-label", "").startswith("How far the translations are: Deutsch ")
