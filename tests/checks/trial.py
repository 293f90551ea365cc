"""Lay an example of a check over the sample pack and look at it as the check does."""

from __future__ import annotations

from collections.abc import Mapping

from bot.checks.glossary import read_glossary
from bot.checks.kinds import Example
from bot.checks.runner import run
from bot.checks.sample import FILES, registry
from bot.checks.view import Outside, Played, View
from bot.content.compile import read_pack
from bot.errors import Problem
from bot.texts.catalogue import Catalogues


def view_of(files: Mapping[str, str], covered: frozenset[str] | None = None, differs: Problem | None = None) -> View:
    """Make a view of the sample pack with these files laid over it (`locales/…` are catalogues and glossary).

    `differs` is what a German example says otherwise.
    """
    different = {differs: "de"} if differs else {}
    laid = {**FILES, **files}
    pack = {path: text for path, text in laid.items() if not path.startswith("locales/")}
    locales = {path.split("/")[1]: (path, text) for path, text in laid.items() if path.endswith("messages.po")}
    glossary = laid.get("locales/glossary.yaml")
    return View(
        read_pack("lamps", pack),
        pack,
        outside=Outside(registry()),
        catalogues=Catalogues({language: (file, text.encode()) for language, (file, text) in locales.items()}),
        locales=locales,
        glossary=read_glossary("locales/glossary.yaml", glossary)[0] if glossary else None,
        play=None if covered is None else lambda: Played(covered, tuple(different), different),
    )


def found(example: Example) -> list[Problem]:
    """List everything the checks say about an example."""
    return run(view_of(example.files, example.covered))
