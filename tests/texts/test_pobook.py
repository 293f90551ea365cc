from __future__ import annotations

import io

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.texts.pobook import NOTE, Book, Message, Previous, previous, quoted, read_book, write_book

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'

# What no editor writes into a .po file: half a character pair, and signs that end a line for some readers only.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
TEXT = WORDS.filter(bool)
LINE = (
    st.text(st.sampled_from("abc :*-äß{}/"), min_size=1)
    .map(str.strip)
    .filter(lambda line: line and line[0] not in "~|.:,")
)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    plural = draw(st.none() | TEXT)
    size = 1 if plural is None else 3
    return Message(
        draw(TEXT),
        draw(st.none() | TEXT),
        plural,
        tuple(draw(st.lists(WORDS, min_size=size, max_size=size))),
        draw(st.lists(LINE.map(lambda line: f"a/{line}"), max_size=2)),
        [],
        draw(st.lists(LINE, max_size=2)),
        draw(st.sets(st.sampled_from(["fuzzy", "no-wrap"]))),
        draw(st.none() | st.builds(Previous, TEXT, st.none() | TEXT, st.none() | TEXT)),
    )


BOOKS = st.lists(messages(), unique_by=lambda one: one.key, max_size=5)


def shown(book: Book) -> tuple[object, ...]:
    def kept(one: Message) -> Message:
        one.flags -= {"python-brace-format"}
        return one

    return (
        [kept(one) for one in book.messages.values()],
        {kept(one).key: one for one in book.obsolete.values()},
        book.notes,
    )


@given(BOOKS)
def test_what_is_written_is_read_again(made: list[Message]) -> None:
    book = Book("pl", {one.key: one for one in made})
    assert shown(read_book(write_book(book), "pl")) == shown(book)


@given(BOOKS)
def test_what_is_no_longer_said_is_read_again_too(made: list[Message]) -> None:
    for one in made:
        one.about = []
    book = Book("pl", {}, {one.key: one for one in made})
    assert shown(read_book(write_book(book), "pl")) == shown(book)


@given(BOOKS)
def test_babel_reads_what_we_write(made: list[Message]) -> None:
    catalog = read_po(io.BytesIO(write_book(Book("pl", {one.key: one for one in made})).encode()), abort_invalid=True)
    found = {(one.context, one.id if isinstance(one.id, str) else one.id[0]): one.string for one in catalog if one.id}
    assert found == {one.key: one.strings if one.plural is not None else one.strings[0] for one in made}


def test_a_file_has_no_dates_no_line_numbers_and_no_names_nobody_filled_in() -> None:
    text = write_book(Book("de", {(None, "Yes"): Message("Yes", files=["dialogs/a/main.yaml"])}))
    assert text == (
        f"# {NOTE}\n"
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: optout-bot\\n"\n'
        '"Language: de\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '\n#: dialogs/a/main.yaml\nmsgid "Yes"\nmsgstr ""\n'
    )


def test_the_header_keeps_who_translates_and_forgets_what_changes_with_every_save() -> None:
    head = (
        "# Translated by Ana.\n"
        'msgid ""\nmsgstr ""\n"PO-Revision-Date: 2026-11-23 10:00+0100\\n"\n'
        '"Last-Translator: Ana <ana@example.org>\\n"\n"Language-Team: LANGUAGE <LL@li.org>\\n"\n'
        '"X-Generator: Poedit 3.4\\n"\n"X-Poedit-Basepath: .\\n"\n"Language: xx\\n"\n'
    )
    book = read_book(head, "pt_BR")
    assert book.notes == ["Translated by Ana."]
    assert book.header == {"Last-Translator": "Ana <ana@example.org>", "X-Poedit-Basepath": "."}
    text = write_book(book)
    assert '"Last-Translator: Ana <ana@example.org>\\n"' in text
    assert '"Language: pt_BR\\n"' in text
    assert "2026" not in text
    assert "LL@li.org" not in text
    assert "Poedit 3.4" not in text


def test_a_long_comment_stays_on_one_line() -> None:
    words = "meta_ai/" + "very_long_name " * 20
    lines = write_book(Book("de", {(None, "a"): Message("a", about=[words], notes=["two\nlines"])})).split("\n")
    assert f"#. {words.rstrip()}" in lines
    assert "# two lines" in lines


def test_a_text_of_several_lines_has_a_line_for_each() -> None:
    assert quoted('He said "no".\n\n- {a}\tb\\\n') == ['""', '"He said \\"no\\".\\n"', '"\\n"', '"- {a}\\tb\\\\\\n"']
    assert quoted("") == ['""']
    assert quoted("one\n") == ['"one\\n"']


def test_fill_ins_are_flagged_and_a_percent_sign_is_not() -> None:
    book = Book("de", {("c", one): Message(one, "c") for one in ("{name}", "100% sure", "a {{b}}")})
    assert [line for line in write_book(book).split("\n") if line.startswith("#,")] == ["#, python-brace-format"]


def test_comments_before_an_obsolete_message_stay_with_it() -> None:
    text = HEAD + (
        '#. a/b\nmsgid "Yes"\nmsgstr "Ja"\n\n'
        '# ask Ana\n#, fuzzy\n#~| msgid "Nope"\n#~ msgctxt "answer"\n#~ msgid "No"\n#~ msgstr "Nein"\n'
    )
    book = read_book(text, "de")
    assert [*book.messages] == [(None, "Yes")]
    gone = book.obsolete["answer", "No"]
    assert (gone.notes, gone.fuzzy, gone.previous, gone.strings) == (["ask Ana"], True, Previous("Nope"), ("Nein",))


def test_a_file_with_windows_line_ends_and_a_mark_at_its_start_is_read() -> None:
    text = "\ufeff" + (HEAD + '#. a/b\nmsgid "Yes"\nmsgstr "Ja"\n#~ msgid "No"\n#~ msgstr "Nein"\n').replace(
        "\n", "\r\n"
    )
    book = read_book(text, "de")
    assert book.messages[None, "Yes"].strings == ("Ja",)
    assert book.obsolete[None, "No"].strings == ("Nein",)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ('msgid "Yes\nmsgstr "Ja"\n', "T102"),
        ('msgid "Yes"\n<<<<<<< HEAD\nmsgstr "Ja"\n', "T103"),
        ('msgid "Yes"\n', "T104"),
        ('msgid "Yes"\nmsgstr "Ja"\n\nmsgid "Yes"\nmsgstr "Jawohl"\n', "T105"),
        ('#~ msgid "Yes\n#~ msgstr "Ja"\n', "T102"),
    ],
)
def test_a_damaged_file_is_named_and_not_read(damage: str, code: str) -> None:
    with pytest.raises(ContentError, match=rf"locales/de\.po:\d+:\d+: {code} .*Nothing was changed") as caught:
        read_book(HEAD + damage, "de", "locales/de.po")
    assert caught.value.problems
    assert read_book(HEAD + damage, "de", "locales/de.po", strict=False).problems == caught.value.problems


def test_two_mistakes_are_counted() -> None:
    with pytest.raises(ContentError, match=r"\(and 1 more\)"):
        read_book(HEAD + 'msgid "a\n\nmsgid "b\n', "de")


def test_the_same_translation_twice_or_an_empty_one_beside_it_is_no_harm() -> None:
    text = HEAD + 'msgid "a"\nmsgstr ""\n\nmsgid "a"\nmsgstr "A"\n\nmsgid "a"\nmsgstr "A"\n\nmsgid "a"\nmsgstr ""\n'
    assert read_book(text, "de").messages[None, "a"].strings == ("A",)


def test_an_earlier_source_that_cannot_be_read_is_none() -> None:
    assert previous([]) is None
    assert previous(['msgid "a']) is None
    assert previous(['msgctxt ""', 'msgid ""', '"a "', '"b"', 'msgid_plural "c"']) == Previous("a b", "c")


def test_a_file_name_with_a_space_stands_between_isolates() -> None:
    text = write_book(Book("de", {(None, "a"): Message("a", files=["dialogs/a b.yaml"])}))
    assert "#: \u2068dialogs/a b.yaml\u2069\n" in text
    assert read_book(text, "de").messages[None, "a"].msgid == "a"
