"""The catalogue of faults, sections C, T and D: each id, what an author or attacker does, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checks.folder import check_folder
from bot.checks.kinds import Example
from bot.checks.sample import MAIN, PACK, dialog, po
from tests.checks.test_folder import content, prepare
from tests.checks.trial import found

PO = "locales/de/LC_MESSAGES/messages.po"
BRIDGE = "The one at the bridge"
STATION = "The one at the station"


def said(text: str) -> dict[str, str]:
    """Put words into the last message of the sample pack, line 21."""
    return {"main.yaml": MAIN.replace("Thank you. I send somebody to the lamp {lamp}.", text)}


def translated(*messages: tuple[str, str]) -> dict[str, str]:
    return po(*messages)


BUTTONS = "".join(
    f"      - answer: The {chr(97 + n % 26)}{chr(97 + n // 26)} lamp\n        go: out\n" for n in range(101)
)
ASK = "  which:\n    say: Well?\n    answers:\n"
END = "\n  out:\n    say: Bye.\n    end: done\n"

LONG = dialog("".join(f"  s{n}:\n    say: Step {n}.\n    next: s{n + 1}\n" for n in range(10_000)))
PATH = dialog("  which:\n    say:\n      - attach: ../../etc/passwd\n    end: done\n")
PATTERN = MAIN.replace("    save: lamp", "    save: lamp\n    match: (a+)+$")
EXAMPLE = "example: a\ntalk:\n  - bot: Hi\nexpect:\n  state: main/tanks\n"
HEADER = po((BRIDGE, "Die Brücke"))[PO]

# id, files, file, line, code
CONTENT = [
    ("C01 alias bomb", {"main.yaml": "a: &a x\nb: *a\n"}, "main.yaml", 2, "Y021"),
    ("C01 merge key", {"main.yaml": "a: x\n<<: y\n"}, "main.yaml", 2, "Y021"),
    ("C01 anchor", {"main.yaml": "a: &a x\n"}, "main.yaml", 1, "Y026"),
    ("C01 python tag", {"main.yaml": "a: !!python/object/apply:os.system ['id']\n"}, "main.yaml", 1, "Y025"),
    ("C02 duplicate key", {"main.yaml": MAIN + "start: thanks\n"}, "main.yaml", 23, "Y024"),
    ("C02 tab", {"main.yaml": MAIN.replace("    next:", "\tnext:")}, "main.yaml", 18, "Y005"),
    ("C02 NUL", {"main.yaml": MAIN.replace("Which", "Wh\0ich")}, "main.yaml", 11, "Y006"),
    ("C02 10 MB", {"main.yaml": "a: " + "x" * 10_000_000}, "main.yaml", 1, "Y003"),
    ("C02 depth 3,000", {"main.yaml": "- " * 3000}, "main.yaml", 1, "Y020"),
    ("C03 no is a text", {"main.yaml": MAIN.replace("id: bridge", "id: no").replace("next: thanks", "next: no")},
     "main.yaml", 18, "D041"),
    ("C04 key", {"main.yaml": MAIN.replace("save:", "safe:")}, "main.yaml", 12, "D002"),
    ("C04 state", {"main.yaml": MAIN.replace("next: thanks", "next: thank")}, "main.yaml", 18, "D041"),
    ("C04 dialog", {"pack.yaml": PACK.replace("do: help", "do: hlep")}, "pack.yaml", 8, "D040"),
    ("C04 kind of answer", {"main.yaml": MAIN.replace("type: choice", "type: chioce")}, "main.yaml", 6, "D008"),
    ("C05 unreachable", {"main.yaml": MAIN + "\n  lost:\n    say: Hi.\n    end: done\n"}, "main.yaml", 24, "D101"),
    ("C05 no end", {"main.yaml": dialog(ASK + "      - answer: Again\n        go: which\n")}, "main.yaml", 5, "D103"),
    ("C05 silent loop", {"main.yaml": dialog("  which:\n    say: Hi.\n    next: which\n")}, "main.yaml", 5, "D104"),
    ("C05 two starts", {"main.yaml": MAIN.replace("start: which", "start: a\nstart: b")}, "main.yaml", 3, "Y024"),
    ("C05 empty dialog", {"main.yaml": "dialog: main\nstart: which\nstates:\n"}, "main.yaml", 3, "D001"),
    ("C05 10,000 steps", {"main.yaml": LONG}, "main.yaml", 1, "Y003"),
    ("C06 unknown", said("Thank you, {nmae}."), "main.yaml", 21, "D201"),
    ("C06 case", said("Thank you, {Lamp}."), "main.yaml", 21, "D202"),
    ("C07 equal buttons", {"main.yaml": MAIN.replace(STATION, BRIDGE)}, "main.yaml", 16, "D211"),
    ("C07 100 buttons", {"main.yaml": dialog(ASK + BUTTONS + END)}, "main.yaml", 5, "D304"),
    ("C07 button of 300", {"main.yaml": MAIN.replace(BRIDGE, BRIDGE + " of the river" * 22)}, "main.yaml", 14, "D302"),
    ("C08 path", said("See ../../etc/passwd."), "main.yaml", 21, "D210"),
    ("C08 absolute path", said("See /etc/passwd."), "main.yaml", 21, "D210"),
    ("C08 file address", said("'See file:///etc/passwd.'"), "main.yaml", 21, "D210"),
    ("C08 share", said("See \\\\server\\share."), "main.yaml", 21, "D210"),
    ("C08 attach a path", {"main.yaml": PATH}, "main.yaml", 7, "D006"),
    ("C09 javascript", said("'[Open](javascript:alert(1)).'"), "main.yaml", 21, "D202"),
    ("C09 data", said("'Look at data:text/html;base64,x.'"), "main.yaml", 21, "D210"),
    ("C09 telegram user", said("'[You](tg://user?id=1).'"), "main.yaml", 21, "D202"),
    ("C09 metadata service", said("'See http://169.254.169.254/.'"), "main.yaml", 21, "D202"),
    ("C09 localhost", said("See localhost for more."), "main.yaml", 21, "D210"),
    ("C09 password in it", said("'See https://me:secret@lamps.example.'"), "main.yaml", 21, "D209"),
    ("C09 homograph", said("'See https://lаmps.example.'"), "main.yaml", 21, "D202"),
    ("C10 regular expression", {"main.yaml": PATTERN}, "main.yaml", 13, "D002"),
    ("C11 Telegram token", said("'Use 123456789:" + "AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr.'"), "main.yaml", 21, "D209"),
    ("C11 in a comment", {"main.yaml": MAIN + "# ghp_" + "a1B2" * 9 + "\n"}, "main.yaml", 23, "D209"),
    ("C11 in a catalogue", translated((BRIDGE, "syt_" + "Ym90" + "_abcdefghijklmnop_1a2b3c")), PO, 6, "D209"),
    ("C13 example", {"examples/a.yaml": EXAMPLE}, "examples/a.yaml", 5, "E402"),
    ("T01 attribute", translated(("I do not know {command}.", "Unbekannt: {command.__class__}.")), PO, 6, "T201"),
    ("T01 number", translated(("I do not know {command}.", "Unbekannt: {0}.")), PO, 6, "T201"),
    ("T01 nothing", translated(("I do not know {command}.", "Unbekannt: {}.")), PO, 6, "T201"),
    ("T01 index", translated(("I do not know {command}.", "Unbekannt: {command[0]}.")), PO, 6, "T201"),
    ("T01 conversion", translated(("I do not know {command}.", "Unbekannt: {command!r}.")), PO, 6, "T201"),
    ("T01 format", translated(("I do not know {command}.", "Unbekannt: {command:>999999999}.")), PO, 6, "T201"),
    ("T01 nested", translated(("I do not know {command}.", "Unbekannt: {command:{command}}.")), PO, 6, "T201"),
    ("T01 lone brace", translated(("I do not know {command}.", "Unbekannt: {command.")), PO, 6, "T201"),
    ("T02 missing", translated(("I do not know {command}.", "Das kenne ich nicht.")), PO, 6, "T202"),
    ("T02 extra", translated((BRIDGE, "Die an der {river}")), PO, 6, "T203"),
    ("T02 translated", translated(("I do not know {command}.", "Unbekannt: {befehl}.")), PO, 6, "T203"),
    ("T02 repeated", translated(("I do not know {command}.", "{command}, {command}: unbekannt.")), PO, 6, "T207"),
    ("T03 HTML", translated((BRIDGE, "<b>Die an der Brücke</b>")), PO, 6, "T209"),
    ("T03 unclosed", translated((BRIDGE, "**Die an der Brücke")), PO, 6, "T201"),
    ("T03 link", translated((BRIDGE, "Die [an der Brücke](form)")), PO, 6, "T204"),
    ("T03 mention", translated((BRIDGE, "Frag @bridge_bot")), PO, 6, "T208"),
    ("T03 command", translated((BRIDGE, "Die /bruecke")), PO, 6, "T208"),
    ("T04 bidi", translated((BRIDGE, "Die \u202eekcürB")), PO, 6, "T205"),
    ("T04 zero width", translated((BRIDGE, "Die\u200b Brücke")), PO, 6, "T205"),
    ("T04 soft hyphen", translated((BRIDGE, "Die Brü\u00adcke")), PO, 6, "T205"),
    ("T04 private use", translated((BRIDGE, "Die \ue000 Brücke")), PO, 6, "T205"),
    ("T06 ten times", translated((BRIDGE, "Die an der Brücke " * 12)), PO, 6, "T210"),
    ("T07 no header", {PO: f'msgid "{BRIDGE}"\nmsgstr "Die Brücke"\n'}, PO, 1, "T106"),
    ("T07 a million forms", {PO: HEADER.replace("nplurals=2", "nplurals=1000000")}, PO, 3, "T107"),
    ("T07 division by zero", {PO: HEADER.replace("(n != 1)", "n/0")}, PO, 3, "T107"),
    ("T08 fuzzy", {PO: po((BRIDGE, "Die"))[PO].replace('\nmsgid "The', '\n#, fuzzy\nmsgid "The')}, PO, 6, "T302"),
    ("T08 duplicate", translated((BRIDGE, "Die"), (BRIDGE, "Der")), PO, 8, "T105"),
    ("T08 merge marks", {PO: po((BRIDGE, "Die"))[PO] + "<<<<<<< ours\n"}, PO, 7, "T103"),
    ("T08 lost quote", {PO: po((BRIDGE, "Die"))[PO].replace('"Die"', '"Die')}, PO, 6, "T102"),
    ("T09 equal buttons", translated((BRIDGE, "Die da"), (STATION, "die dà!")), PO, 9, "D211"),
    ("D01 address in a text", said("'See https://faceb00k.example/form.'"), "main.yaml", 21, "D202"),
    ("D01 bare address", said("See faceb00k.com/form for it."), "main.yaml", 21, "D204"),
    ("D01 in a translation", translated((BRIDGE, "Siehe https://evil.example")), PO, 6, "T201"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "file", "line", "code"), [case[1:] for case in CONTENT], ids=[case[0] for case in CONTENT]
)
def test_the_fault_is_named_at_its_line(files: dict[str, str], file: str, line: int, code: str) -> None:
    problems = found(Example(files))
    assert (file, line, code) in [(one.file, one.line, one.code) for one in problems], [str(one) for one in problems]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"], ids=lambda name: f"C02 {name}")
def test_another_encoding_is_named(tmp_path: Path, encoding: str) -> None:
    root = content(tmp_path, {"main.yaml": MAIN.replace("bridge", "brücke").encode(encoding)})
    assert "Y004" in {one.code for one in check_folder(root, prepare).problems}


@pytest.mark.parametrize(
    "source",
    [
        "\ufeff" + MAIN,
        MAIN.replace("\n", "\r\n"),
        MAIN.replace("id: bridge", "id: '12'"),
        MAIN.replace("Which lamp is broken?", "Is it 12:30, 1e3 or ~ already?"),
    ],
    ids=["C02 byte order mark", "C02 CRLF", "C03 number as id", "C03 odd words"],
)
def test_what_looks_odd_and_is_fine_is_not_found(source: str) -> None:
    assert found(Example({"main.yaml": source})) == []


def test_c06_a_fill_in_before_it_is_asked_is_named() -> None:
    slots = "  lamp:\n    type: choice\n    about: It\n"
    states = "  which:\n    say: So {lamp}?\n    next: ask\n\n  ask:\n    say: Well?\n    save: lamp\n    answers:\n"
    states += "      - answer: A\n        go: out\n" + END
    problems = found(Example({"main.yaml": dialog(states, slots)}))
    assert [(one.line, one.code) for one in problems] == [(11, "D109")]


def test_c07_eight_buttons_and_more_are_counted_as_one_column() -> None:
    """The limit of eight in a row is the channel's: it writes one button a line, so only the sum counts here."""
    nine = "".join(f"      - answer: The {chr(97 + n) * 4} lamp\n        go: out\n" for n in range(9))
    assert found(Example({"main.yaml": dialog(ASK + nine + END)})) == []


def test_t08_fuzzy_translations_are_not_used_so_nothing_else_is_said_of_them() -> None:
    fuzzy = po((BRIDGE, "Die {river}"))[PO].replace('\nmsgid "The', '\n#, fuzzy\nmsgid "The')
    assert {one.code for one in found(Example({PO: fuzzy}))} == {"T301", "T302"}


def test_t12_accents_sharp_s_and_a_dotless_i_do_not_tell_answers_apart() -> None:
    for one, other in (("Straße", "STRASSE"), ("Çocuk", "cocuk"), ("ΟΔΟΣ", "οδος")):
        problems = found(Example(translated((BRIDGE, one), (STATION, other))))
        assert "D211" in {problem.code for problem in problems}, (one, other)
