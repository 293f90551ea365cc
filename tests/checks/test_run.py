"""One list from every layer: causes first, each problem once, in the order of the files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.checks.adopt import adopt
from bot.checks.kinds import Example
from bot.checks.runner import run, tidy
from bot.checks.sample import FILES, MAIN, PACK, dialog, registry
from bot.checks.sample import po as catalogue
from bot.checks.view import Outside, View
from bot.content.compile import read_pack
from bot.engine.text import Text
from bot.errors import Problem
from bot.texts.catalogue import Catalogues
from tests.checks.trial import found, view_of


def codes(files: dict[str, str]) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.code) for one in found(Example(files))]


def test_the_sample_pack_is_clean() -> None:
    assert codes({}) == []


def test_a_file_that_cannot_be_read_does_not_make_others_wrong() -> None:
    assert codes({"help.yaml": "dialog: help\n\tstart: say\n"}) == [("help.yaml", 2, "Y005")]


def test_a_start_dialog_that_cannot_be_read_is_told_once() -> None:
    assert codes({"main.yaml": "dialog: main\nstart: 'which\n"}) == [("main.yaml", 2, "Y013")]


def test_a_wrong_name_is_not_followed_by_findings_about_the_whole() -> None:
    assert codes({"main.yaml": MAIN.replace("next: thanks", "next: thank")}) == [("main.yaml", 18, "D041")]


def test_all_files_are_looked_at_at_once() -> None:
    wrong = {
        "main.yaml": MAIN.replace("next: thanks", "next: thank").replace("{lamp}", "{lmap}"),
        "pack.yaml": PACK.replace("built in: back", "built in: forth"),
    }
    assert [(file, code) for file, _, code in codes(wrong)] == [
        ("main.yaml", "D041"),
        ("main.yaml", "D201"),
        ("pack.yaml", "D008"),
    ]


def test_without_facts_nothing_is_said_about_names_that_facts_give() -> None:
    files = {
        **FILES,
        "main.yaml": dialog(
            "  which:\n    say:\n      - show: policy\n      - text: Until {deadline} you may [write](form_link).\n"
            "    choose: lamps\n    save: lamp\n    next: then\n\n  then:\n    branch:\n"
            "      - when: right_now is yes\n        go: out\n"
            "      - when: days_left > 3 and accounts has first\n        go: out\n      - otherwise: out\n"
            "\n  out:\n    say: Bye, {lamp}.\n    end: done\n",
            "  lamp:\n    type: choice\n    from: lamps\n    about: The lamp\n",
        ),
    }
    view = View(read_pack("lamps", files), files, outside=Outside(whole=False))
    assert run(view) == []
    there = View(read_pack("lamps", files), files, outside=Outside(registry()))
    assert {one.code for one in run(there)} >= {"D042", "D045", "D047"}


def test_problems_of_other_layers_come_into_the_same_list() -> None:
    @dataclass
    class Odd:
        file: str = "facts/forms.yaml"
        line: int = 3
        col: int = 5
        code: str = "F030"
        message: str = "this host is not allowed"
        hint: str = "look into hosts.yaml"

    mine = Problem("main.yaml", 1, 1, "D001", "a.", "b.")
    adopted = adopt([Odd(), mine, Odd(message="why?", hint="")])
    assert adopted == (
        Problem("facts/forms.yaml", 3, 5, "F030", "this host is not allowed.", "Look into hosts.yaml."),
        mine,
        Problem("facts/forms.yaml", 3, 5, "F030", "why?", ""),
    )
    compiled = read_pack("lamps", FILES)
    assert set(adopted) <= set(run(View(compiled, FILES, outside=Outside(registry(), adopted))))


def test_a_level_is_kept_when_a_problem_is_adopted() -> None:
    @dataclass
    class Mild:
        file: str = "de.po"
        line: int = 1
        col: int = 1
        code: str = "T106"
        message: str = "the header is missing."
        hint: str = ""
        level: str = "warning"

    assert adopt([Mild()])[0].level == "warning"


def test_texts_of_facts_and_letters_are_verified_with_the_catalogues() -> None:
    text = Text("Due in {days} days", "lamps/facts/due")
    po = catalogue(("Due in {days} days", "Fällig in {tagen} Tagen"))["locales/de/LC_MESSAGES/messages.po"]
    view = View(
        read_pack("lamps", FILES),
        FILES,
        outside=Outside(registry(), texts=((text, None),)),
        catalogues=Catalogues({"de": ("de.po", po.encode())}),
        locales={"de": ("de.po", po)},
    )
    assert [(one.line, one.code) for one in run(view) if one.code.startswith("T2")] == [(6, "T202"), (6, "T203")]


def test_a_problem_is_told_once_and_in_order() -> None:
    first, second = Problem("a", 1, 1, "D001", "x."), Problem("a", 2, 1, "D001", "x.")
    assert tidy([second, first, second]) == [first, second]


def test_prefixes_stand_before_every_file() -> None:
    files = {**FILES, "main.yaml": MAIN.replace("{lamp}", "{lmap}").replace("Which lamp", "which lamp")}
    view = View(
        read_pack("lamps", files, "dialogs/lamps/"), files, prefix="dialogs/lamps/", outside=Outside(registry())
    )
    assert {one.file for one in run(view)} == {"dialogs/lamps/main.yaml"}


def test_a_place_in_a_text_is_found_however_it_is_written() -> None:
    written = {
        "say: Which {lmap}?": (11, 16),
        "say: 'Which {lmap}?'": (11, 17),
        "say: |\n      Which lamp,\n      or {lmap}?": (13, 10),
        "say: |\n\n      Which {lmap}?": (13, 13),
        "say: >\n      Which\n      {lmap}?": (12, 13),
        "say: Which\n      {lmap}?": (11, 10),
        "say: 'It''s {lmap}?'": (11, 10),
    }
    for source, place in written.items():
        problems = found(Example({"main.yaml": MAIN.replace("say: Which lamp is broken?", source)}))
        assert [(one.line, one.col) for one in problems if one.code == "D201"] == [place], source


def test_roles_of_texts_are_known() -> None:
    roles = {one.text.place.removeprefix("lamps/"): one.role for one in view_of({}).texts}
    assert roles["pack/title"] == "title"
    assert roles["pack/commands/help/about"] == "command"
    assert roles["pack/commands/help/also"] == "words"
    assert roles["pack/phrases/sorry"] == "phrase"
    assert roles["pack/phrases/yes_words"] == "words"
    assert roles["main/slots/lamp/about"] == "about"
    assert roles["main/which/say"] == "say"
    assert roles["main/which/answers/bridge"] == "answer"
