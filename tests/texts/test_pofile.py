from __future__ import annotations

from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.errors import CODES
from bot.texts.pofile import FILE_BYTES, PoFile, read

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

GOOD = (
    HEADER
    + """# a translator's note
#. meta_ai/welcome/say
#: dialogs/welcome.yaml
#, python-brace-format
msgid "Hello {name}!"
msgstr "Hallo {name}!"

#| msgid "Mai"
msgctxt "month"
msgid "May"
msgstr "Mai"

msgid ""
"You have {n} day.\\n"
"Say \\"yes\\".\\t\\\\"
msgid_plural "You have {n} days."
msgstr[0] "Du hast {n} Tag."
msgstr[1] ""
"Du hast "
"{n} Tage."

#, fuzzy
msgid "Old"
msgstr "Alt"

#~ msgid "Gone"
#~ msgstr "Weg"
"""
)


def parse(text: str, language: str = "de") -> PoFile:
    return read(text.encode(), "de.po", language)


def strings(po: PoFile) -> dict[tuple[str | None, str], object]:
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): message.string
        for message in po.catalog
        if message.id
    }


def found(po: PoFile) -> list[tuple[int, int, str]]:
    return [(problem.line, problem.col, problem.code) for problem in po.problems]


def test_a_good_file_is_read_as_babel_reads_it() -> None:
    po = parse(GOOD)
    assert po.problems == ()
    alone = read_po(BytesIO(GOOD.encode()), locale="de")
    assert [
        (message.id, message.string, message.context, message.flags, message.auto_comments, message.user_comments)
        for message in po.catalog
        if message.id
    ] == [
        (message.id, message.string, message.context, message.flags, message.auto_comments, message.user_comments)
        for message in alone
        if message.id
    ]
    assert po.header["Content-Type"] == "text/plain; charset=UTF-8"


def test_every_message_knows_its_place_and_where_each_character_stands() -> None:
    po = parse(GOOD)
    day = 'You have {n} day.\nSay "yes".\t\\'
    assert set(po.entries) == {(None, "Hello {name}!"), ("month", "May"), (None, day), (None, "Old")}
    assert po.entries[None, "Hello {name}!"].locate() == (11, 9)
    assert po.entries[None, "Hello {name}!"].locate(0, 6) == (11, 15)
    assert po.entries[None, day].locate(1) == (24, 2)
    assert po.entries[None, day].locate(1, 8) == (25, 2)
    assert po.entries[None, day].locate(1, 99) == (25, 11)
    assert po.entries[None, day].locate(7) == (18, 1)
    escaped = po.entries[None, day].part("msgid")
    assert escaped is not None
    assert escaped.text == day
    assert escaped.locate(19) == (20, 3)
    assert escaped.locate(23) == (20, 8)


def test_t08_fuzzy_is_marked_and_obsolete_is_not_read() -> None:
    po = parse(GOOD)
    assert {message.id for message in po.catalog if message.fuzzy and message.id} == {"Old"}
    assert po.entries[None, "Old"].fuzzy
    assert (None, "Gone") not in strings(po)


KEPT = '\nmsgid "Kept"\nmsgstr "Behalten"\n'


@pytest.mark.parametrize(
    ("damage", "line", "col", "code", "words"),
    [
        ('msgid "B\nmsgstr "b"\n', 6, 9, "T102", "not closed"),
        ('msgid "B"\nmsgstr "b\n', 7, 10, "T102", "not closed"),
        ('msgid "B"\nmsgstr "a "quoted" word"\n', 7, 11, "T102", "inside the text"),
        ('msgid "B"\nmsgstr "b" # comment\n', 7, 10, "T102", "inside the text"),
        ('msgid "B"\n  msgstr «b»\n', 7, 10, "T102", "no straight quote"),
        ('msgid "B"\nmsgstr “b”\n', 7, 8, "T102", "no straight quote"),
        ('msgid "B"\nmsgstr b\n', 7, 8, "T102", "not in quotes"),
        ('msgid "B"\nMsgstr "b"\n', 7, 1, "T102", "no keyword"),
        ('msgid "B"\nmsgstr"b"\n', 7, 1, "T102", "no keyword"),
        ('msgid "B"\nmsgstr "b\ngoes on\nand ends"\n', 7, 10, "T102", "not closed"),
        ('msgid "B"\nmsgstrr "b"\n', 7, 1, "T102", "no keyword"),
        ('garbage here\nmsgid "B"\nmsgstr "b"\n', 6, 1, "T102", "no line of a .po file"),
        ('"alone"\n', 6, 1, "T102", "belongs to no keyword"),
        ('msgid "B"\n<<<<<<< HEAD\nmsgstr "b"\n=======\nmsgstr "c"\n>>>>>>> x\n', 7, 1, "T103", "merge"),
        ('msgid "B"\n\nmsgid "C"\nmsgstr "c"\n', 6, 1, "T104", "not complete"),
        ('msgstr "b"\n', 6, 1, "T104", "not complete"),
        ('msgid "B"\nmsgstr "b"\nmsgstr "c"\n', 8, 1, "T104", "not complete"),
        ('msgctxt "b"\nmsgid "B"\nmsgid "B"\nmsgstr "b"\n', 7, 1, "T104", "not complete"),
        ('msgid "B"\nmsgid_plural "Bs"\nmsgstr[0] "b"\nmsgstr[5] "bs"\n', 9, 1, "T104", "not complete"),
        ('msgid "B"\nmsgstr[0] "b"\n', 7, 1, "T104", "not complete"),
        ('msgid "B"\nmsgid_plural "Bs"\nmsgstr[1] "b"\nmsgstr[0] "bs"\n', 8, 1, "T104", "not complete"),
        ('msgid "B"\nmsgid_plural "Bs"\nmsgstr "b"\n', 8, 1, "T104", "not complete"),
        ('msgid "B"\nmsgstr "b"\n', 10, 1, "T105", "stands twice"),
        ('msgid "B"\nmsgid_plural "Bs"\nmsgstr[0] "b"\n', 8, 12, "T108", "1 form;"),
        ('msgid "B"\nmsgid_plural "Bs"\nmsgstr[0] "b"\nmsgstr[1] " "\n', 8, 12, "T108", "1 form;"),
        ('msgid "B"\nmsgid_plural "Bs"\nmsgstr[0] "b"\nmsgstr[1] "c"\nmsgstr[2] "d"\n', 10, 12, "T108", "3 forms"),
    ],
)
def test_t08_damage_is_named_at_its_place_and_the_good_entries_stay(
    damage: str, line: int, col: int, code: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    repeated = '\n\nmsgid "B"\nmsgstr "again"\n' if code == "T105" else ""
    po = parse(HEADER + damage + repeated + KEPT)
    problem = next(problem for problem in po.problems if problem.code == code)
    assert (problem.line, problem.col) == (line, col)
    assert words in problem.message
    assert problem.hint
    assert str(problem).startswith(f"de.po:{line}:{col}: {code} ")
    assert strings(po)[None, "Kept"] == "Behalten"
    assert strings(po).get((None, "B"), "b") in ("b", ("b", ""), ("b", " "))
    assert capsys.readouterr() == ("", "")


def test_t08_a_finished_looking_merge_keeps_neither_side() -> None:
    po = parse(HEADER + '<<<<<<< HEAD\nmsgid "B"\nmsgstr "b"\n=======\nmsgid "B"\nmsgstr "c"\n>>>>>>> other\n' + KEPT)
    assert set(strings(po)) == {(None, "Kept")}
    assert [code for _, _, code in found(po)] == ["T103"]


def test_an_untranslated_message_is_no_problem() -> None:
    assert (
        parse(HEADER + 'msgid "B"\nmsgstr ""\n\nmsgid "C"\nmsgid_plural "Cs"\nmsgstr[0] ""\nmsgstr[1] ""\n').problems
        == ()
    )


def test_tabs_line_ends_of_windows_and_a_byte_order_mark_do_no_harm() -> None:
    po = read(
        b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").replace('msgid "May"', 'msgid\t"May"').encode(), "de.po", "de"
    )
    assert po.problems == ()
    assert strings(po) == strings(parse(GOOD))


def test_t07_a_missing_header_is_named() -> None:
    po = parse('msgid "B"\nmsgstr "b"\n')
    assert found(po) == [(1, 1, "T106")]
    assert strings(po) == {(None, "B"): "b"}


@pytest.mark.parametrize(
    ("header", "problems"),
    [
        ("Content-Type: text/plain; charset=ISO-8859-2\\n", [(2, 9, "T106"), (2, 9, "T107")]),
        ("Plural-Forms: nplurals=2; plural=(n != 1);\\n", [(2, 9, "T106")]),
        ("Content-Type: text/plain; charset=utf8\\nPlural-Forms: nplurals=1000000; plural=n/0;\\n", [(2, 49, "T107")]),
        ("Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n", [(2, 50, "T107")]),
    ],
)
def test_t07_a_wrong_header_is_named_and_not_used(header: str, problems: list[tuple[int, int, str]]) -> None:
    po = parse(f'msgid ""\nmsgstr "{header}"\n\nmsgid "ä"\nmsgid_plural "äs"\nmsgstr[0] "ö"\nmsgstr[1] "öö"\n')
    assert found(po) == problems
    assert all(problem.level == "warning" for problem in po.problems)
    assert strings(po) == {(None, "ä"): ("ö", "öö")}
    assert po.catalog.num_plurals == 2


def test_a_header_that_names_another_language_is_told_and_a_region_is_none() -> None:
    for written, codes in (("fr", ["T110"]), ("de_AT", []), ("de-CH", []), ("", [])):
        data = HEADER.replace('"Plural', f'"Language: {written}\\n"\n"Plural') + KEPT
        assert [one.code for one in read(data.encode(), "de.po", "de").problems] == codes


def test_t07_latin_2_bytes_are_named_and_the_rest_is_read() -> None:
    data = (HEADER + "# se\xf1or\n" + 'msgid "B"\nmsgstr "b\xe9"\n' + KEPT).encode("latin-1")
    po = read(data, "de.po", "de")
    assert found(po) == [(6, 5, "T101")]
    assert "(bytes like it: 2 lines)" in po.problems[0].message
    assert strings(po) == {(None, "Kept"): "Behalten"}


def test_a_file_that_is_too_large_is_not_read() -> None:
    po = read(b"#" * (FILE_BYTES + 1), "de.po", "de")
    assert found(po) == [(1, 1, "T101")]
    assert strings(po) == {}


def test_file_names_between_isolates_do_not_stop_babel() -> None:
    po = parse(HEADER + '#: \u2068a file.yaml\n#: b.yaml\u2069\nmsgid "B"\nmsgstr "b"\n')
    assert strings(po) == {(None, "B"): "b"}


PIECES = [
    *GOOD.splitlines(),
    '"',
    "msgid",
    'msgstr[7] "x"',
    'msgstr[0] "x"',
    "#,fuzzy",
    "#~",
    "<<<<<<<",
    "\\",
    "\x00",
    "\x85",
    "\udcff",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["de", "ja", "ar"]))
def test_t08_no_file_whatever_makes_reading_fail(lines: list[str], language: str) -> None:
    po = read("\n".join(lines).encode("utf-8", "surrogateescape"), "x.po", language)
    assert all(problem.code in CODES for problem in po.problems)


@given(st.binary(max_size=200))
def test_t08_no_bytes_whatever_make_reading_fail(data: bytes) -> None:
    assert read(data, "x.po", "de").header == {}


def test_a_text_with_line_breaks_in_it_is_told_once() -> None:
    assert found(parse(HEADER + 'msgid "B"\nmsgstr "b\ngoes on\nand ends"\n' + KEPT)) == [(7, 10, "T102")]
