from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.cli import PROBLEMS, USAGE, main
from bot.commands.source_texts import every, gather
from bot.content.folder import INSTALLED
from bot.errors import ContentError
from bot.texts.pobook import Book, read_book, write_book
from bot.texts.reconcile import MATCH_WORDS, merge

ROOT = Path(__file__).resolve().parents[2]
PACK = "brightnote"
PLACE = "LC_MESSAGES/messages.po"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Copy the dialogs of a small company; there is no translation yet."""
    shutil.copytree(ROOT / "tests" / "packs" / "tiny_company" / "dialogs", tmp_path / "dialogs")
    return tmp_path


def run(content: Path, *arguments: str) -> int:
    return main(["texts", arguments[0], "--content", str(content), *arguments[1:]])


def catalogue(content: Path, language: str) -> Book:
    return read_book((content / "locales" / language / PLACE).read_text("utf-8"), language)


def translate(content: Path, language: str, **strings: str) -> None:
    """Translate messages by the end of their place (`__` stands for `/`)."""
    book = catalogue(content, language)
    for name, string in strings.items():
        end = name.replace("__", "/")
        found = [one for one in book.messages.values() if any(about.endswith(end) for about in one.about)]
        assert found, name
        for one in found:
            one.strings = (string,)
    (content / "locales" / language / PLACE).write_text(write_book(book), "utf-8")


def edit(content: Path, file: str, old: str, new: str) -> None:
    path = content / "dialogs" / PACK / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


# --- what is gathered -------------------------------------------------------------------------------------------------


def test_every_text_names_the_file_and_line_where_it_stands() -> None:
    for entry in gather(every(None)[0]):
        lines = (ROOT / entry.file).read_text("utf-8").split("\n")
        start = re.split(r"[\n\"'«{]", entry.msgid)[0].strip()[:20]
        assert any(start in line.replace("''", "'") for line in lines[entry.line - 1 : entry.line + 3]), entry


def test_words_that_people_type_are_explained_in_a_line_that_no_tool_wraps(content: Path) -> None:
    comments = {entry.comment for entry in gather(every(content)[0]) if entry.context == MATCH_WORDS}
    assert len(comments) == 1
    assert len(comments.pop()) < 74


def test_the_shipped_pack_is_found_without_being_named() -> None:
    assert [one.content.name for one in every(None)] == ["meta_ai"]
    assert [one.content.name for one in every(None, "meta_ai")] == ["meta_ai"]


def test_places_are_the_same_after_every_reading(content: Path) -> None:
    first, second = (list(gather(every(content)[0])) for _ in range(2))
    assert first == second
    assert len({entry.place for entry in first}) == len(first)


# --- extract and update -----------------------------------------------------------------------------------------------


def test_extract_writes_the_template_once(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = len(merge(gather(every(content)[0])))
    assert run(content, "extract") == 0
    assert f"messages.pot: {count} texts\n" in capsys.readouterr().out
    assert run(content, "extract") == 0
    assert f"messages.pot: {count} texts (unchanged)\n" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["extract", "update"])
def test_the_texts_of_an_installed_package_are_not_written_to(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    installed = tmp_path / INSTALLED
    shutil.copytree(content / "dialogs", installed / "dialogs")
    before = {path: path.read_bytes() for path in installed.rglob("*") if path.is_file()}
    assert run(installed, what) == 2
    assert f"texts {what} --content" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in installed.rglob("*") if path.is_file()} == before


def test_a_language_is_begun_by_its_name_in_any_spelling(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(content, "update", "pt-br") == 0
    assert "pt_BR/LC_MESSAGES/messages.po: begun for Portuguese (Brazil), " in capsys.readouterr().out
    text = (content / "locales" / "pt_BR" / PLACE).read_text("utf-8")
    assert '"Language: pt_BR\\n"' in text
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"' in text
    assert run(content, "update", "PT_BR") == 0
    assert "pt_BR/LC_MESSAGES/messages.po: unchanged; now 0 translated" in capsys.readouterr().out


def test_without_a_translation_update_says_how_to_begin_one(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(content, "update") == 0
    assert "Begin one with its language: optout-bot texts update fr" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("xx", "“xx” is no language that CLDR knows; write it like de, pt_BR or zh_Hans."),
        ("../../etc", "“../../etc” is no language that CLDR knows"),
        ("en", "English is the language the texts are written in"),
    ],
)
def test_what_is_no_language_is_said_in_a_sentence(
    content: Path, language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(content, "update", language) == USAGE
    assert capsys.readouterr().err.startswith(f"optout-bot: {said}")
    assert not list(content.rglob("*.po"))


def test_update_counts_what_happened_and_how_the_file_stands(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(content, "update", "fr")
    translate(content, "fr", help__words__say="Bonjour !", pack__phrases__yes="Oui", pack__title="Dis non")
    edit(content, "pack.yaml", "title: ", "title: Now ")
    capsys.readouterr()
    assert run(content, "update") == 0
    said = capsys.readouterr().out
    assert re.search(r"messages.po: 1 changed; now 2 translated, 1 to look at again, \d+ not translated\n", said)
    edit(content, "pack.yaml", "title: Now ", "title: ")
    assert run(content, "update") == 0
    assert re.search(r"1 changed; now 3 translated, 0 to look at again", capsys.readouterr().out)


def test_keep_typos_leaves_a_translation_in_use(content: Path) -> None:
    run(content, "update", "fr")
    translate(content, "fr", pack__title="Dis non")
    edit(content, "pack.yaml", "of training", "of Training")
    assert run(content, "update", "fr", "--keep-typos") == 0
    begun = [one for one in catalogue(content, "fr").messages.values() if one.begun]
    assert [(one.strings, one.fuzzy) for one in begun] == [(("Dis non",), False)]


def test_a_damaged_file_is_left_alone_and_the_others_are_brought_up_to_date(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(content, "update", "fr", "it", "pl")
    damaged = content / "locales" / "fr" / PLACE
    damaged.write_text(damaged.read_text("utf-8").replace('msgid "Yes"', 'msgid "Yes'), "utf-8")
    broken = content / "locales" / "it" / PLACE
    broken.write_bytes(b'msgid ""\nmsgstr "\xff"\n')
    before = damaged.read_bytes(), broken.read_bytes()
    edit(content, "pack.yaml", "title: ", "title: Now ")
    capsys.readouterr()
    assert run(content, "update") == PROBLEMS
    said = capsys.readouterr()
    assert re.search(r"fr/LC_MESSAGES/messages.po:\d+:\d+: T102 .* Nothing was changed\.", said.err)
    assert "it/LC_MESSAGES/messages.po:2:1: T101 The file is not UTF-8" in said.err
    assert "pl/LC_MESSAGES/messages.po: 1 new" in said.out
    assert (damaged.read_bytes(), broken.read_bytes()) == before


SMALL = """
import resource, sys
from bot.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
sys.exit(main(sys.argv[1:]))
"""


def test_a_full_disk_is_said_in_a_sentence_and_leaves_everything_as_it_was(content: Path) -> None:
    run(content, "update", "fr")
    edit(content, "pack.yaml", "title: ", "title: Now ")
    before = {path: path.read_bytes() for path in (content / "locales").rglob("*") if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-c", SMALL, "texts", "update", "--content", str(content)],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == USAGE
    assert done.stderr.startswith("optout-bot: ")
    assert "messages.pot: the file cannot be written (File too large); it is as it was." in done.stderr
    assert {path: path.read_bytes() for path in (content / "locales").rglob("*") if path.is_file()} == before


def test_one_file_that_cannot_be_written_keeps_no_other_from_being_brought_up_to_date(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(content, "update", "it")
    (content / "locales" / "fr").write_text("a file where a folder should be", "utf-8")
    assert run(content, "update", "fr", "pl") == USAGE
    said = capsys.readouterr()
    assert re.search(r"fr/LC_MESSAGES/messages.po: the file cannot be written \(\w.*\); it is as it was\.", said.err)
    assert "pl/LC_MESSAGES/messages.po: begun for Polish" in said.out


@pytest.mark.parametrize(
    "arguments",
    [("extract",), ("update", "fr"), ("status", "-o", "locales/x/status.svg"), ("pseudo", "-o", "locales/made")],
)
def test_where_nothing_can_be_written_a_sentence_says_so(
    content: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(content)
    (content / "locales").write_text("a file where a folder should be", "utf-8")
    assert run(content, *arguments) == USAGE
    assert re.fullmatch(
        r"optout-bot: locales\S+: the (file|copy) cannot be written \(\w.*\).*\.\n", capsys.readouterr().err
    )


@pytest.mark.parametrize("what", ["extract", "update"])
def test_a_pack_cannot_be_chosen_where_all_of_them_are_written(content: Path, what: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(content, what, "--pack", PACK)


@pytest.mark.parametrize("what", ["extract", "update", "status", "pseudo"])
def test_help_says_in_a_sentence_what_is_done(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["texts", what, "--help"])
    assert re.match(r"usage: .*?\n\n[A-Z].*?\.\n\n", capsys.readouterr().out, re.DOTALL)


def test_a_dialog_that_cannot_be_read_loses_no_text(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(content, "update", "fr")
    before = (content / "locales" / "fr" / PLACE).read_bytes()
    (content / "dialogs" / PACK / "help.yaml").write_text("dialog: [", "utf-8")
    assert run(content, "update") == PROBLEMS
    assert "help.yaml:1:" in capsys.readouterr().err
    assert (content / "locales" / "fr" / PLACE).read_bytes() == before
    with pytest.raises(ContentError):
        list(gather(every(content)[0]))


def test_no_pack_loses_its_texts_to_another(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = content / "dialogs" / "other"
    shutil.copytree(content / "dialogs" / PACK, second)
    for file, name in (("pack.yaml", "pack: brightnote"), ("facts/pack.yaml", "id: brightnote")):
        path = second / file
        path.write_text(path.read_text("utf-8").replace(name, name.replace(PACK, "other")), "utf-8")
    assert run(content, "update", "fr") == 0
    places = [about for one in catalogue(content, "fr").messages.values() for about in one.about]
    assert f"{PACK}/pack/title" in places
    assert "other/pack/title" in places
    capsys.readouterr()
    assert run(content, "status", "--pack", "other") == 0
    assert "dialogs" in capsys.readouterr().out


# --- status -----------------------------------------------------------------------------------------------------------


def rows(out: str) -> dict[str, list[int]]:
    return {line.split()[0]: [int(cell) for cell in line.split()[1:]] for line in out.split("\n")[1:-2]}


def test_status_counts_by_part_what_people_will_read(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(content, "update", "fr")
    translate(content, "fr", pack__title="Dis non", phrases__last_checked="Sans la date")
    path = content / "locales" / "fr" / PLACE
    text = path.read_text("utf-8")
    text = text.replace("#. brightnote/pack/commands/help/about", "#, fuzzy\n#. brightnote/pack/commands/help/about")
    text = text.replace('msgid "What I can do"\nmsgstr ""', 'msgid "What I can do"\nmsgstr "Aide"')
    path.write_text(text, "utf-8")
    capsys.readouterr()
    assert run(content, "status", "fr") == 0
    found = rows(capsys.readouterr().out)
    every_text, translated, fuzzy, unusable, missing, percent = found["fr"]
    assert (translated, fuzzy, unusable, percent) == (1, 1, 1, 0)
    assert translated + fuzzy + unusable + missing == every_text
    assert found["dialogs"][1:4] == [1, 1, 0]
    assert found["facts"][1:4] == [0, 0, 1]
    assert found["letters"][1:4] == [0, 0, 0]
    words = [one for one in catalogue(content, "fr").messages.values() if one.context == MATCH_WORDS]
    assert every_text == len(catalogue(content, "fr").messages) - len(words)


def test_check_counts_what_is_not_translated_as_status_does(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("dialogs", "locales"):
        shutil.copytree(ROOT / part, content / part, dirs_exist_ok=True)
    run(content, "update", "fr")
    translate(content, "fr", meta_ai__situation__ask__say="C'est pour qui ?")
    capsys.readouterr()
    run(content, "status", "fr", "--pack", "meta_ai")
    row = next(line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("fr"))
    main(["check", "--content", str(content), "--pack", "meta_ai"])
    (said,) = [line for line in capsys.readouterr().out.splitlines() if " T301 " in line and "/fr/" in line]
    assert f" {int(row[1]) - 1} of {row[1]} texts are not translated (0 % done)" in said


def test_a_form_that_is_said_for_one_number_only_counts_as_translated(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("dialogs", "locales"):
        shutil.copytree(ROOT / part, content / part, dirs_exist_ok=True)
    run(content, "update", "ar")
    book = catalogue(content, "ar")
    (forms,) = [one for one in book.messages.values() if one.plural and "{forms_left}" in one.msgid]
    forms.strings = (
        "لا نموذج.",
        "نموذج واحد.",
        "نموذجان.",
        *[f"{{forms_left}} {word}." for word in ("نماذج", "نموذجا", "نموذج")],
    )
    (content / "locales" / "ar" / PLACE).write_text(write_book(book), "utf-8")
    capsys.readouterr()
    assert run(content, "status", "ar", "--pack", "meta_ai") == 0
    assert rows(capsys.readouterr().out)["ar"][1:4] == [1, 0, 0]


def test_status_draws_a_picture(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(content, "update", "fr")
    path = content / "pictures" / "status.svg"
    assert run(content, "status", "-o", str(path)) == 0
    assert f"{path}: picture written\n" in capsys.readouterr().out
    assert "Français 0 %" in ElementTree.parse(path).getroot().get("aria-label", "")


def test_status_knows_only_svg(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(content, "status", "-o", "status.png") == USAGE
    assert "status.png: the picture is an SVG; give a name that ends in .svg." in capsys.readouterr().err


def test_status_of_a_language_nobody_began_says_how_to(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(content, "status", "fr") == USAGE
    assert "«optout-bot texts update fr» begins it." in capsys.readouterr().err


def test_status_goes_on_with_a_damaged_file_and_says_so(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(content, "update", "fr")
    path = content / "locales" / "fr" / PLACE
    path.write_text(path.read_text("utf-8") + '\nmsgid "x\n', "utf-8")
    assert run(content, "status") == 0
    said = capsys.readouterr().err
    assert (
        f"fr/LC_MESSAGES/messages.po: 1 damaged place; «optout-bot check {content / 'dialogs' / PACK}» names it."
        in said
    )


# --- pseudo -----------------------------------------------------------------------------------------------------------


def test_pseudo_makes_a_copy_one_can_talk_to(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(content, "update", "fr")
    folder = tmp_path / "made"
    assert run(content, "pseudo", "-o", str(folder)) == 0
    assert f"optout-bot chat --content {folder} --lang en_XA" in capsys.readouterr().out
    assert (folder / "locales" / "fr" / PLACE).is_file()
    book = catalogue(folder, "en_XA")
    assert all(one.whole for one in book.messages.values() if one.context != MATCH_WORDS)
    assert not (content / "locales" / "en_XA").exists()
    assert main(["check", str(folder)]) == 0
    assert "error" not in capsys.readouterr().out


def test_a_made_up_language_is_not_told_which_words_of_the_law_it_lacks(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in ("dialogs", "locales"):
        shutil.copytree(ROOT / part, content / part, dirs_exist_ok=True)
    shutil.rmtree(content / "dialogs" / PACK)
    assert run(content, "pseudo", "ar", "-o", str(tmp_path / "made")) == 0
    assert main(["check", "--content", str(tmp_path / "made")]) == 0
    assert "T303" not in capsys.readouterr().out


def test_pseudo_makes_its_own_copy_anew_and_touches_no_other_folder(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "made"
    assert run(content, "pseudo", "-o", str(folder)) == 0
    edit(content, "pack.yaml", "title: ", "title: Now ")
    assert run(content, "pseudo", "ar", "-o", str(folder)) == 0
    assert not (folder / "locales" / "en_XA").exists()
    assert (folder / "locales" / "ar" / PLACE).is_file()
    assert run(content, "pseudo", "-o", str(content)) == USAGE
    assert "this folder is not empty; name a new one" in capsys.readouterr().err
    assert (content / "dialogs" / PACK / "pack.yaml").is_file()


def test_pseudo_writes_the_catalogue_alone_or_to_a_new_temporary_folder(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some" / "pseudo.po"
    assert run(content, "pseudo", "-o", str(path)) == 0
    assert "⟦" in path.read_text("utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(content, "pseudo") == 0
    assert list(tmp_path.glob(f"optout-bot-pseudo-*/locales/en_XA/{PLACE}"))
    assert main(["texts", "pseudo", "--content", str(content), "klingon"]) == USAGE
    assert "is no language" in capsys.readouterr().err
