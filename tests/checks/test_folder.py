"""A content folder is read as it lies on disk, whatever is in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.checks.folder import check_folder, pack_around, packs_in, read_folder, short
from bot.checks.sample import FILES, MAIN, po, registry
from bot.checks.view import Outside, Played
from bot.content.compile import Compiled
from bot.engine.providers import Registry
from bot.errors import ContentError, Problem
from bot.reader import MAX_BYTES
from bot.texts.catalogue import Catalogues


def content(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Write the sample pack as a content folder; paths that begin with `locales/` stand beside the packs."""
    for path, text in {**FILES, **(files or {})}.items():
        file = root / path if path.startswith("locales/") else root / "dialogs" / "lamps" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def prepare(pack: Path, catalogues: Catalogues, compiled: Compiled) -> Outside:
    return Outside(registry())


def codes(root: Path) -> list[tuple[str, int, str]]:
    return [(Path(one.file).name, one.line, one.code) for one in check_folder(root, prepare).problems]


def test_a_clean_folder_has_no_problems_and_its_files_are_counted(tmp_path: Path) -> None:
    found = check_folder(content(tmp_path, {"examples/a.yaml": "example: a\ntalk:\n  - bot: Hi\n"}), prepare)
    assert (found.problems, len(found.files), found.errors) == ((), 5, 0)


def test_a_content_folder_its_dialogs_and_a_pack_are_all_taken(tmp_path: Path) -> None:
    root = content(tmp_path)
    packs = [root / "dialogs" / "lamps"]
    assert packs_in(root) == packs_in(root / "dialogs") == packs_in(packs[0]) == packs
    assert packs_in(tmp_path / "nothing") == []
    assert pack_around(packs[0] / "main.yaml") == packs[0].resolve()
    assert pack_around(root / "dialogs" / "notes.txt") is None


def test_every_pack_is_checked(tmp_path: Path) -> None:
    root = content(tmp_path)
    other = root / "dialogs" / "bins"
    other.mkdir()
    (other / "pack.yaml").write_text("pack: bin\n")
    assert ("pack.yaml", 1, "P002") in codes(root)
    assert {Path(one.file).parent.name for one in check_folder(root, prepare).problems} == {"bins"}


def test_a_folder_without_a_pack_is_a_content_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"a pack is a folder with a pack\.yaml"):
        check_folder(tmp_path, prepare)


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("lost.yaml", b"dialog: \xff\n", "Y004"),
        ("lost.yaml", "dialog: lost\n".encode("utf-16"), "Y004"),
        ("examples/lost.yaml", b"\xff\xfe", "Y004"),
        ("lost.yaml", b"a: " + b"b" * (MAX_BYTES + 1), "Y003"),
    ],
)
def test_a_file_that_is_no_text_is_named(tmp_path: Path, path: str, data: bytes, code: str) -> None:
    assert (Path(path).name, 1, code) in codes(content(tmp_path, {path: data}))


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + MAIN.replace("\n", "\r\n").encode()
    assert codes(content(tmp_path, {"main.yaml": windows})) == []


def test_a_link_out_of_the_pack_is_refused_and_not_opened(tmp_path: Path) -> None:
    root = content(tmp_path / "content")
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2\n")
    (root / "dialogs" / "lamps" / "link.yaml").symlink_to(secret)
    (root / "dialogs" / "lamps" / "up.yaml").symlink_to("../../../secret.yaml")
    files, problems = read_folder(root / "dialogs" / "lamps", "")
    assert [(one.file, one.code) for one in problems] == [("link.yaml", "Y030"), ("up.yaml", "Y030")]
    assert "hunter2" not in "".join(files.values())


def test_links_in_a_circle_pipes_and_folders_are_named_and_not_waited_for(tmp_path: Path) -> None:
    pack = content(tmp_path) / "dialogs" / "lamps"
    (pack / "circle.yaml").symlink_to("circle.yaml")
    os.mkfifo(pack / "pipe.yaml")
    (pack / "folder.yaml").mkdir()
    (pack / "gone.yaml").symlink_to("nothing.yaml")
    _, problems = read_folder(pack, "")
    assert {(one.file, one.code) for one in problems} == {
        (name, "Y031") for name in ("circle.yaml", "folder.yaml", "gone.yaml", "pipe.yaml")
    }


def test_a_link_inside_the_pack_is_read(tmp_path: Path) -> None:
    pack = content(tmp_path) / "dialogs" / "lamps"
    (pack / "again.yaml").symlink_to("help.yaml")
    files, problems = read_folder(pack, "p/")
    assert problems == []
    assert files["again.yaml"] == files["help.yaml"]


def test_catalogues_and_glossary_beside_the_packs_are_looked_at(tmp_path: Path) -> None:
    locales = {
        **po(("Which lamp is broken?", "Welche Birne ist kaputt?")),
        "locales/glossary.yaml": "terms:\n  - id: lamp\n    en: lamp\n    de: Lampe*\n    avoid:\n      de: Birne\n",
        "locales/klingon/LC_MESSAGES/messages.po": "",
    }
    found = codes(content(tmp_path, locales))
    assert ("messages.po", 6, "T303") in found
    assert ("messages.po", 1, "T109") in found
    assert ("messages.po", 1, "T301") in found


@pytest.mark.parametrize(("text", "code"), [("terms: none\n", "G001"), ("a: [\n", "Y027"), (b"\xff", "Y004")])
def test_a_broken_glossary_is_named(tmp_path: Path, text: str | bytes, code: str) -> None:
    assert ("glossary.yaml", 1, code) in codes(content(tmp_path, {"locales/glossary.yaml": text}))


def test_facts_that_cannot_be_used_are_told_and_the_dialogs_are_still_looked_at(tmp_path: Path) -> None:
    def broken(pack: Path, catalogues: Catalogues, compiled: Compiled) -> Outside:
        raise ContentError("no", (Problem(f"{pack}/facts/forms.yaml", 3, 1, "F030", "a host is not allowed."),))

    root = content(tmp_path, {"main.yaml": MAIN.replace("next: thanks", "next: thank")})
    found = check_folder(root, broken).problems
    assert [(Path(one.file).name, one.code) for one in found] == [("forms.yaml", "F030"), ("main.yaml", "D041")]


def test_facts_that_fail_without_a_list_are_told_in_one_sentence(tmp_path: Path) -> None:
    def broken(pack: Path, catalogues: Catalogues, compiled: Compiled) -> Outside:
        raise ContentError("The facts folder cannot be read.")

    (only,) = check_folder(content(tmp_path), broken).problems
    assert (Path(only.file).name, only.code, only.message) == ("pack.yaml", "F007", "The facts folder cannot be read.")


def test_problems_of_letters_get_the_name_of_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def letters(pack: Path, catalogues: Catalogues, compiled: Compiled) -> Outside:
        return Outside(registry(), (Problem("letters/a.yaml", 1, 1, "L024", "no text."),))

    root = content(tmp_path, {"letters/a.yaml": "parts:\n"})
    monkeypatch.chdir(root)
    assert [one.file for one in check_folder(root, letters).problems] == ["dialogs/lamps/letters/a.yaml"]


def test_coverage_is_asked_for_only_where_the_dialogs_can_be_played(tmp_path: Path) -> None:
    asked = tmp_path / "asked"

    def cover(pack: Path, catalogues: Catalogues, compiled: Compiled, given: Registry) -> Played:
        with asked.open("a") as file:  # maybe in a process of its own
            file.write(f"{pack.name}\n")
        return Played(frozenset({"main/which", "help/say", "forget/gone"}))

    root = content(tmp_path)
    assert [(one.line, one.code) for one in check_folder(root, prepare, cover).problems] == [(20, "E401")]
    content(tmp_path, {"main.yaml": MAIN.replace("end: done", "end: finished")})
    assert [one.code for one in check_folder(root, prepare, cover).problems] == ["D008"]
    assert asked.read_text() == "lamps\n"


def test_paths_are_shown_as_a_person_would_type_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert short(tmp_path / "a" / "b.yaml") == "a/b.yaml"
    assert short(Path("/nowhere/b.yaml")) == "/nowhere/b.yaml"
