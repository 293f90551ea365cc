from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.texts.pobook import Book, Message, Previous, read_book, write_book
from bot.texts.reconcile import Entry, merge, template, update, write

FILE = "dialogs/pets/main.yaml"


def entry(place: str, msgid: str, **more: Any) -> Entry:
    return Entry(msgid, f"pets/main/{place}", FILE, **more)


def translated(entries: list[Entry], language: str = "de", **strings: Any) -> str:
    """Begin a catalogue and translate messages in it; `strings` name them by the last part of their place."""
    text, _ = update(entries, "", language)
    catalog = read_po(io.BytesIO(text.encode()), locale=language)
    for one in catalog:
        for comment in one.auto_comments:
            name = comment.rpartition("/")[2]
            if name in strings:
                one.string = strings[name]
    return write(catalog)


def book(text: str, language: str = "de") -> Book:
    return read_book(text, language)


YES = entry("answers/yes", "Yes")
HELLO = entry("say", "Hello {name}, how are you?")
DAYS = entry("days", "{n} day", plural="{n} days")
WORDS = entry("also", "yes, yep", context="match words", comment="match words: as many as you need")
ALL = [HELLO, YES, DAYS, WORDS]
GERMAN: dict[str, Any] = {
    "say": "Hallo {name}, wie geht es dir?",
    "yes": "Ja",
    "days": ("{n} Tag", "{n} Tage"),
    "also": "ja, jo, klar",
}


def test_a_new_language_has_every_text_in_the_order_of_the_dialogs() -> None:
    text, report = update(ALL, "", "pl")
    assert [one.msgid for one in book(text, "pl").messages.values()] == [one.msgid for one in ALL]
    assert '"Language: pl\\n"' in text
    assert "nplurals=3" in text
    assert len(book(text, "pl").messages[None, "{n} day"].strings) == 3
    assert (report.new, report.missing, report.kept, report.translated) == (4, 4, 0, 0)


def test_the_template_names_places_and_files_and_nothing_that_changes_by_itself() -> None:
    text = template([*ALL, entry("other/yes", "Yes")])
    assert "#. pets/main/answers/yes\n#. pets/main/other/yes\n#: dialogs/pets/main.yaml\nmsgid" in text
    assert 'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] ""\nmsgstr[1] ""\n' in text
    assert "Language:" not in text
    assert "POT-Creation-Date" not in text
    assert ":1" not in text


@pytest.mark.parametrize("language", ["de", "pl", "ar", "ja"])
def test_a_second_update_changes_nothing(language: str) -> None:
    once, _ = update(ALL, "", language)
    assert update(ALL, once, language)[0] == once


def test_an_update_keeps_translations_and_comments_of_translators() -> None:
    old = translated(ALL, **GERMAN).replace("#. pets/main/say", "# Ana: warm\n#. pets/main/say")
    text, report = update(ALL, old, "de")
    assert text == old
    assert (report.kept, report.translated, report.missing) == (4, 4, 0)


# --- texts that went elsewhere and changed on the way ----------------------------------------------------------------

SORRY = "I am sorry. Answer that e-mail and say that you do not agree."
SORRY_DE = "Das tut mir leid. Antworte auf diese E-Mail."


def test_a_text_cut_in_two_leaves_its_translation_with_both_halves() -> None:
    old = translated([entry("say", "All is well so far. I ask you again in a week.")], say="Gut. Ich frage wieder.")
    now = [entry("say/1", "All is well so far."), entry("say/2", "I ask you again in a week.")]
    text, report = update(now, old, "de")
    for one in book(text).messages.values():
        assert (one.strings, one.fuzzy, one.previous) == (
            ("Gut. Ich frage wieder.",), True, Previous("All is well so far. I ask you again in a week."),
        )  # fmt: skip
    assert (len(report.changed), report.new, report.gone) == (2, 0, 0)
    assert update(now, text, "de")[0] == text


def test_a_text_that_moved_on_by_one_and_changed_keeps_its_words_and_the_one_before_gets_none() -> None:
    old = translated([entry("say/1", SORRY)], **{"1": SORRY_DE})
    now = [entry("say/1", "That happens often."), entry("say/2", SORRY.replace("am sorry", "am so sorry"))]
    messages = book(update(now, old, "de")[0]).messages
    assert messages[None, now[0].msgid].strings == ("",)
    assert messages[None, now[1].msgid].strings == (SORRY_DE,)
    assert messages[None, now[1].msgid].fuzzy


def test_a_text_changed_in_a_renamed_state_or_a_renamed_answer_keeps_its_words() -> None:
    def state(name: str, answer: str, *texts: str) -> list[Entry]:
        ask, label, words = texts
        return [
            Entry(ask, f"pets/main/{name}/say", FILE),
            Entry(label, f"pets/main/{name}/answers/{answer}", FILE),
            Entry(words, f"pets/main/{name}/answers/{answer}/also", FILE, "match words"),
            Entry("Go back", f"pets/main/{name}/answers/back", FILE),
        ]

    old = translated(
        state("ask", "own", "Who is it for?", "Me", "me, myself"), say="Für wen?", own="Mich", also="ich", back="Zurück"
    )
    for now in (
        state("who", "own", "For whom do you do this?", "Myself, an adult", "me, adult"),
        state("ask", "adult", "For whom do you do this?", "Me", "me, adult"),
    ):
        messages = book(update(now, old, "de")[0]).messages
        assert messages[None, now[0].msgid].strings == ("Für wen?",)
        assert messages[None, now[1].msgid].strings == ("Mich",)
        words = messages["match words", now[2].msgid]
        assert (words.strings, words.fuzzy) == (("ich",), False)


def test_a_text_that_waits_for_its_translation_is_left_alone_when_one_like_it_goes() -> None:
    waits = entry("again", "Who is it for – you or your child?")
    old = translated([entry("say", "Who is it for?"), waits], say="Für wen?")
    now = [entry("say", "Tell me more of this person."), waits]
    messages = book(update(now, old, "de")[0]).messages
    assert messages[None, waits.msgid].strings == ("",)
    assert messages[None, now[0].msgid].strings == ("Für wen?",)


def test_words_that_people_type_do_not_go_to_another_answer() -> None:
    old = translated([WORDS], also="ja, jo, klar")
    text, report = update([replace(WORDS, place="pets/main/other/also", msgid="yes, yep, sure")], old, "de")
    assert book(text).messages["match words", "yes, yep, sure"].strings == ("",)
    assert report.gone == 1


def test_many_texts_that_share_their_words_are_looked_through_in_no_time() -> None:
    old = translated([entry(f"say{n}", f"The state of the number {n} is {n}.") for n in range(3000)])
    old = old.replace('msgstr ""\n\n', 'msgstr "x"\n\n')
    now = [entry(f"new{n}", f"The state of the letter a{n} is a{n}.") for n in range(3000)]
    begun = perf_counter()
    update(now, old, "de")
    assert perf_counter() - begun < 10


def test_a_changed_text_keeps_its_translation_marked_and_shows_what_it_was() -> None:
    new = replace(HELLO, msgid="Hello {name}, how do you feel today?")
    text, report = update([new, *ALL[1:]], translated(ALL, **GERMAN), "de")
    assert (
        "#, fuzzy, python-brace-format\n"
        '#| msgid "Hello {name}, how are you?"\n'
        'msgid "Hello {name}, how do you feel today?"\n'
        'msgstr "Hallo {name}, wie geht es dir?"\n'
    ) in text
    assert (report.fuzzy, report.changed, report.unsure, report.gone) == (1, ["pets/main/say"], 1, 0)
    assert "#~" not in text
    assert update([new, *ALL[1:]], text, "de")[0] == text


def test_a_text_changed_twice_still_shows_the_source_of_its_translation() -> None:
    text = translated(ALL, **GERMAN)
    for msgid in ("Hello {name}, how do you feel?", "Hello {name}, are you well?"):
        text, _ = update([replace(HELLO, msgid=msgid)], text, "de")
    assert book(text).messages[None, "Hello {name}, are you well?"].previous == Previous(HELLO.msgid)


def test_a_text_that_is_changed_back_is_translated_again() -> None:
    old = translated(ALL, **GERMAN)
    changed, _ = update([replace(HELLO, msgid="Hi {name}!"), *ALL[1:]], old, "de")
    back, report = update(ALL, changed, "de")
    assert back == old
    assert report.fuzzy == 0
    assert report.translated == 4


def test_a_text_no_longer_said_waits_at_the_end_and_comes_back() -> None:
    old = translated(ALL, **GERMAN)
    text, report = update([HELLO], old, "de")
    assert report.gone == 3
    assert '#~ msgid "Yes"\n#~ msgstr "Ja"\n' in text
    assert '#~ msgctxt "match words"\n#~ msgid "yes, yep"\n' in text
    again, report = update([HELLO], text, "de")
    assert again == text
    assert report.gone == 0
    back, report = update(ALL, text, "de")
    assert back == old
    assert (report.back, report.new, report.fuzzy) == (3, 0, 0)


def test_an_untranslated_text_no_longer_said_leaves_nothing_behind() -> None:
    text, report = update([HELLO], translated(ALL), "de")
    assert "#~" not in text
    assert report.gone == 0


def test_two_texts_that_change_places_keep_their_translations() -> None:
    no = entry("answers/no", "No")
    old = translated([YES, no], yes="Ja", no="Nein")
    text, report = update([replace(YES, msgid="No"), replace(no, msgid="Yes")], old, "de")
    assert {one.msgid: one.strings for one in book(text).messages.values()} == {"No": ("Nein",), "Yes": ("Ja",)}
    assert report.kept == 2
    assert "fuzzy" not in text


def test_a_text_said_in_several_places_is_one_message_until_one_of_them_changes() -> None:
    other = entry("other/ja", "Yes")
    old = translated([YES, other], yes="Ja")
    assert len(book(old).messages) == 1
    text, report = update([YES, replace(other, msgid="Yes, please")], old, "de")
    found = book(text).messages
    assert found[None, "Yes"].strings == ("Ja",)
    assert not found[None, "Yes"].fuzzy
    assert found[None, "Yes, please"].fuzzy
    assert found[None, "Yes, please"].strings == ("Ja",)
    assert report.changed == ["pets/main/other/ja"]


def test_a_text_put_before_another_does_not_get_its_words() -> None:
    first = entry("say/1", "Cats purr.")
    old = translated([first], **{"1": "Katzen schnurren."})
    text, report = update([entry("say/1", "Do you like dogs?"), entry("say/2", "Cats purr.")], old, "de")
    assert book(text).messages[None, "Do you like dogs?"].strings == ("",)
    assert book(text).messages[None, "Cats purr."].strings == ("Katzen schnurren.",)
    assert (report.new, report.kept, report.fuzzy) == (1, 1, 0)


def test_the_same_words_in_another_context_are_looked_at_again() -> None:
    text, _ = update([replace(YES, context="answer")], translated([YES], yes="Ja"), "de")
    assert '#, fuzzy\n#| msgid "Yes"\nmsgctxt "answer"\nmsgid "Yes"\nmsgstr "Ja"\n' in text
    again, _ = update([YES], text, "de")
    assert not book(again).messages[None, "Yes"].fuzzy


def test_equal_texts_in_two_contexts_are_lost_neither_when_used_nor_afterwards() -> None:
    two = [replace(YES, context="a"), replace(YES, context="b", place="pets/main/x/b")]
    old = translated(two, yes="Ja", b="Doch")
    text, report = update([HELLO], old, "de")
    assert report.gone == 2
    assert {key: one.strings for key, one in book(text).obsolete.items()} == {
        ("a", "Yes"): ("Ja",),
        ("b", "Yes"): ("Doch",),
    }
    assert update(two, text, "de")[0] == old


def test_a_new_plural_form_of_the_source_is_looked_at_again() -> None:
    old = translated(ALL, **GERMAN)
    text, _ = update([replace(DAYS, plural="{n} whole days")], old, "de")
    found = book(text).messages[None, "{n} day"]
    assert (found.fuzzy, found.strings, found.previous) == (
        True, ("{n} Tag", "{n} Tage"), Previous("{n} day", "{n} days"),
    )  # fmt: skip


def test_a_text_that_gets_a_plural_keeps_its_words_as_first_form() -> None:
    text, _ = update([replace(YES, plural="Yeses")], translated([YES], yes="Ja"), "de")
    found = book(text).messages[None, "Yes"]
    assert found.strings == ("Ja", "")
    assert found.fuzzy
    assert update([replace(YES, plural="Yeses")], text, "de")[0] == text


def test_a_text_that_loses_its_plural_keeps_the_other_forms_as_notes() -> None:
    text, _ = update([replace(DAYS, plural=None)], translated(ALL, **GERMAN), "de")
    found = book(text).messages[None, "{n} day"]
    assert found.strings == ("{n} Tag",)
    assert found.fuzzy
    assert found.notes == ["Earlier form: {n} Tage"]


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("Your acount is safe.", "Your account is safe.", True),
        ("You can recieve it.", "You can receive it.", True),
        ("Your data is safe.", "Your date is safe. Your data?", False),
        ("It is not safe.", "It is now safe.", False),
        ("You must not go there.", "You must not go here.", False),
        ("Your acount is safe.", "Your accounts is safe.", False),
        ("Your first acount.", "First your account.", False),
        ("It is safe", "It is safe.", True),
        ("it  is safe.", "It is safe –", True),
        ("It is {a} safe.", "It is a safe.", False),
        ("It costs 1.5 days.", "It costs 15 days.", False),
        ("It is safe.", "It is safe?", False),
        ("It is safe.", "It is **safe**.", False),
        ("See [here](form).", "See [here](other).", False),
        ("`a` is safe.", "a is safe.", False),
    ],
)
def test_keep_typos_keeps_what_differs_in_misspelled_words_case_punctuation_and_spaces_only(
    before: str, after: str, kept: bool
) -> None:
    old = translated([entry("say", before)], say="Übersetzt.")
    text, report = update([entry("say", after)], old, "de", keep_typos=True)
    found = book(text).messages[None, after]
    assert found.strings == ("Übersetzt.",)
    assert found.fuzzy is not kept
    assert report.fuzzy == (not kept)
    assert book(update([entry("say", after)], old, "de")[0]).messages[None, after].fuzzy


def test_keep_typos_does_not_approve_what_was_doubtful_before() -> None:
    old = translated([entry("say", "it is safe")], say="Sicher.").replace('msgid "it is', '#, fuzzy\nmsgid "it is')
    text, _ = update(
        [entry("say", "It is safe.")],
        old.replace("#: dialogs/pets/main.yaml\n#, fuzzy", "#, fuzzy"),
        "de",
        keep_typos=True,
    )
    assert book(text).messages[None, "It is safe."].fuzzy


def test_a_word_that_is_still_said_elsewhere_was_not_misspelled() -> None:
    old = translated([entry("say", "Open the form."), entry("other", "It is from Meta.")], say="Öffne das Formular.")
    now = [entry("say", "Open the from."), entry("other", "It is from Meta.")]
    assert not book(update(now, old, "de", keep_typos=True)[0]).messages[None, "Open the from."].fuzzy
    back = translated(now, say="Öffne das Formular.")
    text, _ = update([entry("say", "Open the form."), now[1]], back, "de", keep_typos=True)
    assert book(text).messages[None, "Open the form."].fuzzy


def test_keep_typos_takes_back_into_use_what_an_update_without_it_marked() -> None:
    old = translated([entry("say", "Your acount is safe.")], say="Sicher.")
    now = [entry("say", "Your account is safe.")]
    marked, _ = update(now, old, "de")
    assert book(marked).messages[None, now[0].msgid].fuzzy
    text, report = update(now, marked, "de", keep_typos=True)
    found = book(text).messages[None, now[0].msgid]
    assert (found.fuzzy, found.previous, found.strings) == (False, None, ("Sicher.",))
    assert report.translated == 1
    changed, _ = update([entry("say", "Your account is not safe.")], marked, "de", keep_typos=True)
    assert book(changed).messages[None, "Your account is not safe."].fuzzy


def test_what_a_translator_doubted_stays_doubted_whatever_the_source_does() -> None:
    marked = translated([entry("say", "it is safe")], say="Sicher?").replace(
        "#. pets/main/say", "#, fuzzy\n#. pets/main/say"
    )
    for msgid in ("It is safe.", "Is it safe?", "it is safe"):
        marked, _ = update([entry("say", msgid)], marked, "de", keep_typos=True)
        assert book(marked).messages[None, msgid].fuzzy, msgid


def test_words_that_people_type_are_not_doubted_when_the_english_ones_change() -> None:
    old = translated(ALL, **GERMAN)
    more = [*ALL[:3], replace(WORDS, msgid="yes, yep, sure")]
    text, report = update(more, old, "de")
    found = book(text).messages["match words", "yes, yep, sure"]
    assert found.strings == ("ja, jo, klar",)
    assert not found.fuzzy
    assert (report.changed, report.fuzzy, report.gone) == (["pets/main/also"], 0, 0)
    label, _ = update([replace(YES, place=WORDS.place, msgid="Go on")], old, "de")
    assert book(label).messages[None, "Go on"].fuzzy


def test_a_place_that_was_never_translated_gives_a_new_text() -> None:
    text, report = update([replace(YES, msgid="Sure")], translated([YES]), "de")
    assert "fuzzy" not in text
    assert report.new == 1


def test_a_damaged_file_is_not_touched() -> None:
    with pytest.raises(ContentError, match=r"de\.po:\d+:\d+: T102"):
        update(ALL, translated(ALL, **GERMAN).replace('msgstr "Ja"', 'msgstr "Ja'), "de", file="de.po")


def test_an_entry_without_text_is_no_message() -> None:
    assert merge([entry("say", ""), YES]) == {(None, "Yes"): [YES]}


def test_a_catalogue_that_babel_wrote_is_tidied_up_without_loss() -> None:
    catalog = Catalog(locale="de")
    catalog.add(
        "Hello {name}, how are you?",
        "Hallo {name}!",
        auto_comments=["pets/main/say"],
        flags=["fuzzy"],
        previous_id=["Hi"],
    )
    catalog.add("100% sure", "100% sicher", locations=[("a.py", 7)], user_comments=["Ana"])
    catalog.add(("{n} day", "{n} days"), ("{n} Tag", "{n} Tage"), context="c")
    catalog.obsolete["Old"] = catalog["100% sure"].clone()
    catalog.obsolete["Old"].id = "Old"
    out = io.BytesIO()
    write_po(out, catalog, include_previous=True)
    text = write(read_po(io.BytesIO(out.getvalue()), locale="de"))
    assert text == write(catalog)
    assert not any(word in text for word in ("python-format", "EMAIL", ":7", "PROJECT"))
    assert book(text).messages[None, HELLO.msgid].previous == Previous("Hi")
    assert book(text).obsolete[None, "Old"].strings == ("100% sicher",)


def test_two_people_can_work_at_once_without_a_conflict(tmp_path: Path) -> None:
    entries = [entry(f"answers/a{number}", f"Answer {number}") for number in range(12)]
    base = translated(entries)
    ours = translated(entries, a3="Drei", a7="Sieben")
    changed = [*entries[:4], replace(entries[4], msgid="Answer four"), *entries[5:9], entry("say", "New"), *entries[9:]]
    theirs, _ = update(changed, base, "de")
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_text(text, "utf-8")
    merged = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert merged.returncode == 0
    assert update(changed, merged.stdout, "de")[0] == merged.stdout
    assert book(merged.stdout).messages[None, "Answer 7"].strings == ("Sieben",)


def test_where_two_people_each_took_a_text_out_an_update_keeps_both(tmp_path: Path) -> None:
    entries = [entry(f"answers/a{number}", f"Answer {number}") for number in range(9)]
    base = translated(entries, a1="Eins", a6="Sechs").replace(
        "#. pets/main/answers/a6", "# Ana: gut?\n#. pets/main/answers/a6"
    )
    ours, _ = update([*entries[:1], *entries[2:]], base, "de")
    theirs, _ = update([*entries[:6], *entries[7:]], base, "de")
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_text(text, "utf-8")
    both = [*entries[:1], *entries[2:6], *entries[7:]]
    for style in ("--diff3", "-q"):
        merged = subprocess.run(
            ["git", "merge-file", "-p", style, "ours", "base", "theirs"],
            cwd=tmp_path, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        assert merged.returncode == 1  # git stops
        for ends in ("\n", "\r\n"):
            text, _ = update(both, merged.stdout.replace("\n", ends), "de")
            assert "<<<" not in text
            gone = book(text).obsolete
            assert {key[1]: (one.strings, one.notes) for key, one in gone.items()} == {
                "Answer 1": (("Eins",), []), "Answer 6": (("Sechs",), ["Ana: gut?"]),
            }  # fmt: skip


def test_a_conflict_about_a_text_that_is_said_is_never_decided_here() -> None:
    text = translated([YES], yes="Ja")
    for ours, theirs in (('msgstr "Ja"', 'msgstr "Jo"'), ("#, fuzzy\nmsgid", "#, no-wrap\nmsgid")):
        clash = f"<<<<<<< ours\n{ours}\n=======\n{theirs}\n>>>>>>> theirs"
        with pytest.raises(ContentError, match="T103"):
            update([YES], text.replace('msgstr "Ja"', clash), "de")
    with pytest.raises(ContentError, match="T103"):
        update([YES], text.replace('msgid "Yes"', '<<<<<<< a\n#, fuzzy\n=======\n>>>>>>> b\nmsgid "Yes"'), "de")


# --- whatever authors and translators do ------------------------------------------------------------------------------

MSGIDS = st.sampled_from(["Yes", "Yes.", "No", "Yes, {name}", "What?", "{n} day", "Go on and on", "Go on and off"])
ENTRIES = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(MSGIDS, st.sampled_from([None, "c", "d"])), max_size=6
).map(lambda found: [Entry(msgid, f"p/{place}", FILE, context) for place, (msgid, context) in found.items()])


def states(text: str) -> tuple[dict[tuple[str | None, str], Message], dict[tuple[str | None, str], Message]]:
    found = read_book(text, "de")
    return found.messages, found.obsolete


@given(st.lists(ENTRIES, min_size=1, max_size=5), st.booleans(), st.data())
def test_no_translation_is_lost_and_none_is_shown_for_a_text_it_was_not_made_for(
    versions: list[list[Entry]], keep_typos: bool, data: st.DataObject
) -> None:
    text = ""
    made: set[tuple[tuple[str | None, str], str]] = set()
    count = 0
    for entries in versions:
        text, report = update(entries, text, "de", keep_typos=keep_typos)
        messages, obsolete = states(text)
        assert [*messages] == [*merge(entries)]
        assert not messages.keys() & obsolete.keys()
        assert update(entries, text, "de", keep_typos=keep_typos)[0] == text
        said = {string for one in [*messages.values(), *obsolete.values()] for string in one.strings}
        assert {string for _, string in made} <= said
        assert report.translated + report.unsure + report.missing == len(messages)
        for key, one in messages.items():
            if one.begun and not one.fuzzy:
                assert keep_typos or (key, one.strings[0]) in made
            if one.fuzzy:
                assert one.previous is not None
        # A translator comes by: some of what is open is translated, nothing else is touched.
        lines = read_book(text, "de")
        for key, one in lines.messages.items():
            if not one.begun and data.draw(st.booleans()):
                count += 1
                one.strings = (f"Übersetzung {count}",)
                made.add((key, one.strings[0]))
        text = write_book(lines)
