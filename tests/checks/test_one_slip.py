"""One slip of an author is told once, where it stands, and in words that say what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.app import running
from bot.checks.command import command_check
from bot.checks.folder import check_folder
from bot.checks.kinds import Example
from bot.checks.runner import run
from bot.checks.sample import MAIN, PACK, po
from bot.errors import ContentError, Problem
from tests.checks.test_folder import content, prepare
from tests.checks.trial import found, view_of
from tests.kit.damage.trial import Copy

RENAMED = MAIN.replace("states:", "renamed:\n  over: thanks\n\nstates:")
EXAMPLE = "example: A lamp\nlanguage: en\ntalk:\n  - they tap: bridge\nexpect:\n  state: main/over\n"
GLOSSARY = "terms:\n  - {}: lamp\n    en: lamp\n"


def told(files: dict[str, str], code: str) -> list[tuple[int, str]]:
    return [(one.line, f"{one.message} {one.hint}") for one in found(Example(files)) if one.code == code]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("chioce", "choice"), ("Choice", "choice"), ("nothing like it", None)],
)
def test_a_wrong_type_of_a_slot_is_one_mistake_not_one_at_every_use(wrong: str, meant: str | None) -> None:
    problems = found(Example({"main.yaml": MAIN.replace("type: choice", f"type: {wrong}")}))
    assert [(one.line, one.code) for one in problems] == [(6, "D008")]
    assert meant is None or meant in problems[0].hint


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("    say: Which", "    Say: Which", 11, "Write «say»"),
        ("    answers:", "    antworten:", 13, "It can have say, "),
        ("    next: thanks", "    weiter: thanks", 18, "a state has no key «weiter»"),
        ("    next: thanks", "    next: Thanks", 18, "write «thanks»"),
        ("    next: thanks", "    next: help", 18, "It is a dialog"),
        ("    end: done", "    do: help/say\n    next: thanks", 22, "write «help»"),
        ("        id: station", "        id: station\n        also:\n          - trains", 19, "with commas"),
        ("    end: done", "    ende: done", 22, "Did you mean «end»?"),
        ("    next: thanks", "    next: thanks // or over", 18, "write a space and «#»"),
        ("    next: thanks", "    next: thanks#later", 18, "write a space and «#»"),
    ],
)
def test_a_slip_in_a_key_is_not_a_question_without_words_as_well(right: str, wrong: str, line: int, said: str) -> None:
    (problem,) = [one for one in found(Example({"main.yaml": MAIN.replace(right, wrong, 1)})) if one.level == "error"]
    assert (problem.line, said in f"{problem.message} {problem.hint}") == (line, True)


def test_a_slot_without_keys_of_its_own_is_known_all_the_same() -> None:
    source = MAIN.replace("  lamp:\n    type: choice\n    about: The lamp you mean\n", "  lamp: choice\n")
    assert {one.code for one in found(Example({"main.yaml": source}))} == {"D001", "D120"}


def test_a_sentence_that_was_read_as_a_key_is_told_to_be_put_in_quotes() -> None:
    say = "    say:\n      - Which lamp is broken?\n      - Note: Then it is dark.\n"
    source = MAIN.replace("    say: Which lamp is broken?\n", say)
    assert {one.code for one in found(Example({"main.yaml": source}))} == {"D002"}
    ((line, words),) = told({"main.yaml": source}, "D002")
    assert line == 13
    assert "«Note»" in words
    assert "in quotes" in words


def test_two_signs_of_equality_are_named_as_such() -> None:
    branch = (
        "    next: asked\n\n  asked:\n    branch:\n"
        "      - when: days == 3\n        go: thanks\n      - otherwise: thanks\n"
    )
    ((line, words),) = told({"main.yaml": MAIN.replace("    next: thanks\n", branch)}, "D010")
    assert line == 22
    assert "one «=» is enough" in words


def test_a_wrong_beginning_of_the_pack_is_shown_at_its_line() -> None:
    ((line, words),) = told({"pack.yaml": PACK.replace("start: main", "start: mian")}, "P010")
    assert (line, "«main»" in words) == (3, True)


def test_an_example_that_ends_in_a_renamed_state_hears_the_new_name() -> None:
    ((line, words),) = told({"main.yaml": RENAMED, "examples/one.yaml": EXAMPLE}, "E402")
    assert line == 6
    assert "write main/thanks" in words


def test_a_token_is_a_secret_and_no_phone_number() -> None:
    token = "123456789:" + "AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    codes = [one.code for one in found(Example({"main.yaml": MAIN.replace("Thank you.", token)}))]
    assert "D209" in codes
    assert "D204" not in codes


def test_a_reason_that_says_nothing_is_named_as_too_short() -> None:
    source = MAIN.replace("    say: Which", "    # check: ignore D219 because x\n    say: which")
    ((line, words),) = told({"main.yaml": source}, "I901")
    assert line == 11
    assert "«x» is too short" in words


@pytest.mark.parametrize(("key", "said"), [("idd", "Did you mean «id»?"), ("ID", "Did you mean «id»?")])
def test_a_slip_in_the_id_of_a_term_is_told_at_the_key(tmp_path: Path, key: str, said: str) -> None:
    root = content(tmp_path, {"locales/glossary.yaml": GLOSSARY.format(key)})
    (problem,) = check_folder(root, prepare).problems
    assert (problem.line, problem.code, problem.hint) == (2, "G002", said)


def test_what_does_not_begin_names_the_cause_and_not_what_is_missed_elsewhere(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    file = copy.root / "dialogs" / "meta_ai" / "under_18.yaml"
    file.write_text(file.read_text("utf-8").replace("    next: ask\n", "<<<<<<< HEAD\n    next: ask\n", 1), "utf-8")
    with pytest.raises(ContentError, match=r"under_18\.yaml:12:1: Y008 [^(]*$"):
        running(copy.load())


BRIDGE = po(("The one at the bridge", "Die an der Brücke"))["locales/de/LC_MESSAGES/messages.po"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (BRIDGE.encode("utf-16"), "UTF-16"),
        (BRIDGE.encode("utf-16-be"), "UTF-16"),
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"# " + BRIDGE.replace("\n", "\r").encode(), "no message"),
    ],
)
def test_a_catalogue_that_cannot_be_read_at_all_is_told_once(tmp_path: Path, data: bytes, said: str) -> None:
    root = content(tmp_path, {"locales/de/LC_MESSAGES/messages.po": data})
    (problem,) = [one for one in check_folder(root, prepare).problems if one.level == "error"]
    assert (problem.line, problem.code) == (1, "T101")
    assert said in problem.message


@pytest.mark.parametrize("name", ["locales/fr/messages.po", "locales/fr.po", "locales/fr/LC_MESSAGES/lamps.po"])
def test_a_catalogue_in_the_wrong_place_is_named_with_the_right_one(tmp_path: Path, name: str) -> None:
    root = content(tmp_path, {name: BRIDGE})
    (problem,) = check_folder(root, prepare).problems
    assert (problem.code, problem.file.endswith(name)) == ("T109", True)
    assert problem.hint.endswith("locales/fr/LC_MESSAGES/messages.po.")


def test_a_catalogue_given_as_a_path_is_checked_for_every_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = po(("Which bin is full?", "Welche {bin} ist voll?"))
    root = content(tmp_path, wrong)
    other = root / "dialogs" / "abins"
    other.mkdir()
    for path in (root / "dialogs" / "lamps").iterdir():
        text = path.read_text("utf-8").replace("pack: lamps", "pack: abins")
        (other / path.name).write_text(text, "utf-8")
    main = root / "dialogs" / "lamps" / "main.yaml"
    main.write_text(main.read_text("utf-8").replace("Which lamp is broken?", "Which bin is full?"), "utf-8")
    catalogue = root / "locales" / "de" / "LC_MESSAGES" / "messages.po"
    assert command_check([catalogue], "text", sys.stdout, prepare) == 1
    shown = capsys.readouterr().out
    assert shown.count("T203") == 1
    assert shown.endswith("in 1 file.\n")


def test_a_list_of_words_copied_to_another_answer_is_told_once() -> None:
    words = "        also: river, bridge, the old one\n"
    source = MAIN.replace("id: bridge\n", f"id: bridge\n{words}").replace("id: station\n", f"id: station\n{words}")
    (line, said) = told({"main.yaml": source}, "D211")[0]
    assert (line, len(told({"main.yaml": source}, "D211"))) == (19, 1)
    assert "«bridge»" in said
    german = po(("river, bridge, the old one", "Fluss, alt"))
    german = {name: text.replace('msgid "riv', 'msgctxt "match words"\nmsgid "riv') for name, text in german.items()}
    assert len(told({"main.yaml": source, **german}, "D211")) == 1


def test_a_quotation_mark_without_its_other_half_is_told_once() -> None:
    assert len(told({"main.yaml": MAIN.replace("Thank you.", "“Thank you.")}, "D218")) == 1
    assert len(told({"main.yaml": MAIN.replace("Thank you.", "„Thank you.")}, "D218")) == 1


BRANCH = "  asked:\n    branch:\n      - when: lamp is bridge\n        go: thanks\n      - otherwise: thanks\n\n"
ASKED = MAIN.replace("    save: lamp\n", "").replace("next: thanks", "next: asked")
ASKED = ASKED.replace("  thanks:\n", f"{BRANCH}  thanks:\n")
IGNORED = ASKED.replace("  which:\n", "  # check: ignore D110 because it comes back next week\n  which:\n")


def test_what_a_remark_silences_stands_for_nothing_else() -> None:
    assert [(one.line, one.code, one.level) for one in found(Example({"main.yaml": ASKED}))] == [(10, "D110", "error")]
    assert "D050" in {one.code for one in found(Example({"main.yaml": IGNORED})) if one.level == "error"}


def test_an_example_that_expects_an_answer_nobody_keeps_makes_no_error_of_the_dialog() -> None:
    main = MAIN.replace("    save: lamp\n", "").replace("type: choice\n", "type: choice\n    from: colours\n")
    example = EXAMPLE.replace("over", "thanks") + "  slots:\n    lamp: bridge\n"
    files = {"main.yaml": main, "examples/one.yaml": example}
    assert {(one.file, one.code, one.level) for one in found(Example(files))} >= {
        ("examples/one.yaml", "E402", "error"),
        ("main.yaml", "D110", "warning"),
    }


def test_a_remark_on_a_line_with_a_changed_text_does_not_hide_the_change() -> None:
    german = {
        name: text.replace('\nmsgid "Which', '\n#. lamps/main/which/say\nmsgid "Which')
        for name, text in po(("Which lamp is broken?", "Welche Lampe?")).items()
    }
    changed = MAIN.replace("say: Which lamp is broken?", "say: Which which lamp is out?")
    remark = changed.replace("    say: Which", "    # check: ignore D218 because it is quoted\n    say: Which")
    assert not told({"main.yaml": changed, **german}, "T305")
    assert told({"main.yaml": remark, **german}, "T305")


def test_an_example_that_differs_is_told_where_nobody_is_told_of_the_translation_it_lacks() -> None:
    differs = Problem("examples/one.yaml", 4, 1, "E020", "the bot says something else.", "", "warning")
    both = view_of(po(("Which lamp is broken?", "Welche Lampe?")), frozenset(), differs)
    assert {"T301", "E020"} & {one.code for one in run(both)} == {"T301"}
    remark = "# check: ignore T301 because somebody is at work on it\n\n"
    silenced = {name: remark + text for name, text in po(("Which lamp is broken?", "Welche Lampe?")).items()}
    assert {"T301", "E020"} & {one.code for one in run(view_of(silenced, frozenset(), differs))} == {"E020"}
