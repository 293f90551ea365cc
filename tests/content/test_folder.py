"""Content folders are found where they may lie, and read without following links out of them."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from bot.checks.sample import FILES
from bot.cli import main
from bot.content.folder import find, read_files
from bot.errors import ContentError
from bot.reader import MAX_BYTES


def write(root: Path, *names: str) -> Path:
    for name in names:
        for path, text in FILES.items():
            file = root / "dialogs" / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    return root


def test_the_shipped_content_is_found_without_a_folder() -> None:
    content = find()
    assert (content.pack / "pack.yaml").is_file()
    assert content.name == content.pack.name
    assert content.locales.name == "locales"


def test_the_command_that_checks_content_names_it_unless_it_is_the_shipped_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert find().check == "optout-bot check"
    content = find(write(tmp_path / "my own", "lamps"))
    command = shlex.split(content.check)
    assert command == ["optout-bot", "check", str(content.pack)]
    assert main(command[1:]) == 1
    assert "my own/dialogs/lamps/pack.yaml" in capsys.readouterr().out


def test_a_single_pack_needs_no_name_and_a_named_one_is_taken(tmp_path: Path) -> None:
    assert find(write(tmp_path, "lamps")).name == "lamps"
    assert find(write(tmp_path, "bins"), "lamps").name == "lamps"
    with pytest.raises(ContentError, match="several packs"):
        find(tmp_path)


def test_a_folder_without_content_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no folder «dialogs»"):
        find(tmp_path)
    (tmp_path / "dialogs").mkdir()
    with pytest.raises(ContentError, match="no pack here"):
        find(tmp_path)
    write(tmp_path, "lamps")
    with pytest.raises(ContentError, match="no pack «lamp»; there is lamps"):
        find(tmp_path, "lamp")


def test_files_are_read_by_their_path_in_the_pack(tmp_path: Path) -> None:
    content = find(write(tmp_path, "lamps"))
    (content.pack / "examples").mkdir()
    (content.pack / "examples" / "one.yaml").write_bytes(b"\xef\xbb\xbfexample: one\n")
    (content.pack / "notes.txt").write_text("not read")
    assert read_files(content) == {**FILES, "examples/one.yaml": "example: one\n"}


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    content = find(write(tmp_path / "content", "lamps"))
    file = content.pack / "odd.yaml"
    for make, words in (
        (lambda: file.symlink_to(tmp_path / "secret.yaml"), "leads out of the pack"),
        (lambda: file.write_bytes(b"a: \xff"), "not UTF-8"),
        (lambda: file.write_bytes(b"x" * (4 * MAX_BYTES + 1)), "split it"),
        (file.mkdir, "cannot be read"),
    ):
        make()
        with pytest.raises(ContentError, match=words):
            read_files(content)
        file.rmdir() if file.is_dir() else file.unlink()
