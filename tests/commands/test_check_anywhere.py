"""`check` says the same from every folder, in other people's repositories, and on every terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.reader import Entries, Items, Scalar, read

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "packs" / "tiny_company"


def check(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, in a folder."""
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give somebody's repository with a pack and translations of its own."""
    shutil.copytree(TINY, tmp_path / "theirs")
    return tmp_path / "theirs"


@pytest.mark.parametrize(
    ("inside", "path"),
    [
        (".", "."),
        (".", "dialogs"),
        ("dialogs", "brightnote"),
        ("dialogs/brightnote", "."),
        ("dialogs/brightnote/facts", "."),
        (".", "dialogs/brightnote/facts/pack.yaml"),
        ("dialogs/brightnote/facts", "claims.yaml"),
    ],
)
def test_good_content_is_good_from_every_folder(repository: Path, inside: str, path: str) -> None:
    done = check(repository / inside, "check", path)
    assert done.stdout.startswith("No problems in "), done.stdout
    claims = repository / "dialogs" / "brightnote" / "facts" / "claims.yaml"
    claims.write_text(claims.read_text("utf-8").replace("text: ", "texxt: ", 1), "utf-8")
    done = check(repository / inside, "check", path)
    assert ("claims.yaml:" in done.stdout) == (not path.endswith("pack.yaml")), done.stdout


@pytest.fixture(scope="module")
def hook() -> Entries:
    hooks, problems = read("hooks", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert problems == []
    assert isinstance(hooks, Items)
    assert isinstance(hooks.values[0], Entries)
    return hooks.values[0]


def called(hook: Entries, *instead: str) -> list[str]:
    """Give the arguments the hook is called with: its own, or those of a repository."""
    entry, own = hook.get("entry"), hook.get("args")
    assert isinstance(entry, Scalar)
    assert isinstance(own, Items)
    name, *arguments = entry.text.split()
    assert name == "optout-bot"
    return [*arguments, *(instead or [one.text for one in own.values if isinstance(one, Scalar)])]


def test_the_hook_looks_at_the_repository_it_runs_in(repository: Path, hook: Entries) -> None:
    assert check(repository, *called(hook)).returncode == 0
    main = repository / "dialogs" / "brightnote" / "main.yaml"
    main.write_text(main.read_text("utf-8").replace("say:", "sayy:", 1), "utf-8")
    done = check(repository, *called(hook))
    assert done.returncode == 1
    assert "main.yaml:" in done.stdout


def test_the_hook_is_not_passed_over_where_the_content_lies_deeper_or_a_file_was_taken_away(
    repository: Path, hook: Entries
) -> None:
    always, names = hook.get("always_run"), hook.get("pass_filenames")
    assert isinstance(always, Scalar)
    assert isinstance(names, Scalar)
    assert (always.text, names.text, hook.get("files")) == ("true", "false", None)
    assert check(repository.parent, *called(hook)).returncode == 2, "it says that there is no pack here"
    assert check(repository.parent, *called(hook, "theirs")).returncode == 0
    (repository / "dialogs" / "brightnote" / "forget.yaml").unlink()
    assert check(repository.parent, *called(hook, "theirs")).returncode == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("arguments", [("facts", "status"), ("test", "--coverage"), ("check", "."), ("draw", "main")])
def test_a_terminal_that_knows_fewer_characters_gets_no_traceback(
    repository: Path, encoding: str, arguments: tuple[str, ...]
) -> None:
    (repository / "locales" / "fr" / "LC_MESSAGES").mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    (repository / "locales" / "fr" / "LC_MESSAGES" / "messages.po").write_text(head, "utf-8")
    content = () if arguments[0] == "check" else ("--content", str(repository))
    done = check(repository, *arguments, *content, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stdout
    if arguments[0] == "check":
        assert " 0 % done" in done.stdout or "(0 % done)" in done.stdout
