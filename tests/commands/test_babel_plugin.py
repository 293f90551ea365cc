from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.pofile import read_po

from bot.commands.babel_plugin import _call, extract
from bot.commands.source_texts import every, gather
from bot.errors import ContentError
from bot.texts.reconcile import Entry, template

ROOT = Path(__file__).resolve().parents[2]
ENTRY_POINTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "dialogs", tmp_path / "dialogs")
    shutil.copy(ROOT / "babel.cfg", tmp_path)
    return tmp_path


def messages(catalog: Catalog) -> dict[object, tuple[object, set[str], set[str]]]:
    return {
        (one.context, one.id[0] if isinstance(one.id, tuple) else one.id): (
            one.id, set(one.auto_comments), {place for place, _ in one.locations}
        )
        for one in catalog
        if one.id
    }  # fmt: skip


def test_pybabel_finds_what_texts_extract_finds(content: Path, tmp_path: Path) -> None:
    # An installed package tells Babel of its plugin in these files; the tests run without installation.
    told = tmp_path / "told" / "optout_bot-0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: optout-bot\nVersion: 0\n")
    lines = [f"[{group}]\n{name} = {where}\n" for group in ENTRY_POINTS for name, where in ENTRY_POINTS[group].items()]
    (told / "entry_points.txt").write_text("".join(lines))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(told.parent)])}
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-o", "x.pot", "."]
    done = subprocess.run(command, cwd=content, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    theirs = read_po(io.BytesIO((content / "x.pot").read_bytes()))
    ours = read_po(io.BytesIO(template(gather(every(content)[0])).encode()))
    assert messages(theirs) == messages(ours)


def test_the_plugin_that_is_declared_is_the_one_that_is_tested() -> None:
    module, _, name = ENTRY_POINTS["babel.extractors"]["optout"].partition(":")
    assert getattr(import_module(module), name) is extract


def test_a_changed_file_is_read_again(content: Path) -> None:
    path = content / "dialogs" / "meta_ai" / "pack.yaml"

    def titles() -> list[object]:
        with path.open("rb") as file:
            return [words[0] for _, _, words, comments in extract(file, (), (), {}) if "meta_ai/pack/title" in comments]

    before = titles()
    path.write_text(path.read_text("utf-8").replace("title: ", "title: Now "), "utf-8")
    assert titles() == [f"Now {before[0]}"]


@pytest.mark.parametrize(
    ("context", "plural", "function", "arguments"),
    [
        (None, None, "gettext", ("day",)),
        (None, "days", "ngettext", ("day", "days")),
        ("c", None, "pgettext", ("c", "day")),
        ("c", "days", "npgettext", ("c", "day", "days")),
    ],
)
def test_context_and_plural_reach_babel(
    context: str | None, plural: str | None, function: str, arguments: tuple[str, ...]
) -> None:
    assert _call(Entry("day", "p/a", "f", context, plural)) == (function, arguments)
    assert function in DEFAULT_KEYWORDS


def test_a_file_outside_of_a_pack_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "lonely.yaml"
    path.write_text("a: b\n")
    with path.open("rb") as file, pytest.raises(ContentError, match="this file lies in no pack"):
        list(extract(file, (), (), {}))
