from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given

from bot.engine.text import Text
from bot.texts.catalogue import Catalogues
from bot.texts.clean import FSI, PDI
from bot.texts.errors import TextProblem
from bot.texts.plain import to_plain
from bot.texts.plurals import header
from bot.texts.tree import CodeBlock, Link, Paragraph, Run
from tests.texts.strategies import typed


def head(language: str) -> str:
    return (
        f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: {header(language)}\\n"\n\n'
    )


def po(language: str, *pairs: tuple[str, str]) -> str:
    return head(language) + "".join(f'msgid "{msgid}"\nmsgstr "{msgstr}"\n\n' for msgid, msgstr in pairs)


def text(msgid: str, context: str | None = None) -> Text:
    return Text(msgid, "dialog/state/say", context)


HELLO = text("Hello {name}!")
DAYS = Text("You have {n} day.", "dialog/state/say", plural="You have {n} days.", by="n")

GERMAN = (
    po("de", ("Hello {name}!", "Hallo {name}!"), ("Bye", "Tschüss"))
    + 'msgctxt "month"\nmsgid "May"\nmsgstr "Mai"\n\n'
    + 'msgid "You have {n} day."\nmsgid_plural "You have {n} days."\n'
    + 'msgstr[0] "Du hast einen Tag."\nmsgstr[1] "Du hast {n} Tage."\n'
)


def found(problems: list[TextProblem]) -> list[tuple[str, int, int, str]]:
    return [(problem.file, problem.line, problem.col, problem.code) for problem in problems]


def test_a_text_is_said_in_the_persons_language() -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    assert texts.languages == ("en", "de")
    assert texts.text("de", HELLO) == "Hallo {name}!"
    assert texts.plain("de", HELLO, {"name": "Ann"}) == "Hallo Ann!"
    assert texts.fill("en", HELLO, {"name": "Ann"}) == (Paragraph((Run("Hello Ann!"),)),)
    assert texts.template("de", HELLO) is texts.template("de", Text("Hello {name}!", "elsewhere"))
    assert texts.problems == []


def test_each_message_falls_back_by_itself_to_the_parent_and_then_to_english() -> None:
    texts = Catalogues.from_texts(
        {
            "pt": po("pt", ("One", "Um"), ("Two", "Dois")),
            "pt_BR": po("pt_BR", ("One", "Um (BR)"), ("Two", ""), ("Three", "  ")),
        }
    )
    assert [texts.plain("pt_BR", text(msgid)) for msgid in ("One", "Two", "Three")] == ["Um (BR)", "Dois", "Three"]
    assert [texts.plain("pt-br", text(msgid)) for msgid in ("One", "Two")] == ["Um (BR)", "Dois"]
    assert [texts.label("pt_BR", msgid) for msgid in ("One", "Two", "Three")] == ["Um (BR)", "Dois", "Three"]
    assert texts.translated("pt_BR", text("Two"))
    assert not texts.translated("pt_BR", text("Three"))
    assert texts.problems == []


@pytest.mark.parametrize("language", ["", "C", "xx", "ja", "not a language", "\x00"])
def test_a_language_without_a_catalogue_is_english(language: str) -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    assert texts.plain(language, HELLO, {"name": "Ann"}) == "Hello Ann!"
    assert texts.label(language, "Bye") == "Bye"
    assert texts.nearest(language) == "en"


def test_any_number_of_odd_languages_takes_no_memory() -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    for number in range(1000):
        assert texts.label(f"xx_{number}", "Bye") == "Bye"
    assert len(texts._tables) <= 256
    assert texts.label("de", "Bye") == "Tschüss"


def test_a_label_is_found_by_its_context() -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    assert texts.label("de_AT", "May", "month") == "Mai"
    assert texts.label("de", "May") == "May"
    assert texts.plain("de", text("May", "month")) == "Mai"
    assert texts.plain("de", text("May", "verb")) == "May"
    assert texts.label("de", "Bye", "") == "Tschüss"
    assert texts.label("de", "You have {n} day.") == "Du hast einen Tag."


def test_empty_text_is_never_the_header() -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    assert texts.label("de", "") == ""
    assert texts.fill("de", text("")) == ()


@pytest.mark.parametrize(
    ("n", "german", "english"),
    [
        (1, "Du hast einen Tag.", "You have 1 day."),
        (0, "Du hast 0 Tage.", "You have 0 days."),
        (5, "Du hast 5 Tage.", "You have 5 days."),
        ("1", "Du hast einen Tag.", "You have 1 day."),
        ("many", "Du hast many Tage.", "You have many days."),
    ],
)
def test_the_number_chooses_the_plural_form(n: object, german: str, english: str) -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    assert texts.plain("de", DAYS, {"n": n}) == german
    assert texts.plain("en", DAYS, {"n": n}) == english


def test_the_plural_form_of_a_template_is_chosen_by_hand_too() -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    assert texts.text("de", DAYS, 1) == "Du hast einen Tag."
    assert texts.text("de", DAYS) == "Du hast {n} Tage."
    assert texts.text("en", DAYS, 1) == "You have {n} day."
    assert texts.text("de", HELLO, 1) == "Hallo {name}!"


def test_t07_cldrs_rule_counts_whatever_the_header_says() -> None:
    forms = "".join(f'msgstr[{index}] "{word} {{n}}"\n' for index, word in enumerate(["dzień", "dni", "dni wiele"]))
    message = f'msgid "You have {{n}} day."\nmsgid_plural "You have {{n}} days."\n{forms}'
    for plural_forms in ("nplurals=1000000; plural=n/0;", "nplurals=1; plural=0;", header("pl")):
        fields = f"Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: {plural_forms}\\n"
        texts = Catalogues.from_texts({"pl": f'msgid ""\nmsgstr "{fields}"\n\n{message}'})
        assert [texts.plain("pl", DAYS, {"n": n}) for n in (1, 2, 5)] == ["dzień 1", "dni 2", "dni wiele 5"]
        assert {problem.code for problem in texts.problems} == (set() if plural_forms == header("pl") else {"T107"})


@pytest.mark.parametrize("forms", ['msgstr[0] "Tag"\n', 'msgstr[0] "Tag"\nmsgstr[1] ""\n'])
def test_t07_a_message_without_all_its_forms_is_not_used(forms: str) -> None:
    texts = Catalogues.from_texts({"de": head("de") + f'msgid "{DAYS.msgid}"\nmsgid_plural "{DAYS.plural}"\n{forms}'})
    assert texts.plain("de", DAYS, {"n": 5}) == "You have 5 days."
    assert found(texts.problems) == [("de.po", 8, 12, "T108")]


def test_a_message_that_is_plural_on_one_side_only() -> None:
    texts = Catalogues.from_texts({"de": GERMAN.replace("einen", "{n}") + '\nmsgid "{n} way"\nmsgstr "{n} Weg"\n'})
    assert texts.plain("de", text("You have {n} day."), {"n": 3}) == "Du hast 3 Tag."
    assert texts.plain("de", Text("{n} way", "", plural="{n} ways", by="n"), {"n": 3}) == "3 ways"


def test_t08_a_fuzzy_translation_is_not_used_and_is_no_problem() -> None:
    texts = Catalogues.from_texts({"de": head("de") + '#, fuzzy\nmsgid "Bye"\nmsgstr "Hallo"\n'})
    assert texts.plain("de", text("Bye")) == "Bye"
    assert texts.verify([text("Bye")]) == []


@pytest.mark.parametrize(
    ("msgid", "msgstr", "place"),
    [
        ("Hi {name}", "Hi {name.__class__.__mro__}", (7, 12, "T201")),
        ("Hi {name}", "Hi {0}", (7, 12, "T201")),
        ("Hi {name}", "Hi {name!r}", (7, 12, "T201")),
        ("Hi {name}", "Hi {name", (7, 12, "T201")),
        ("Hi {name}", "Hi **{name}", (7, 12, "T201")),
        ("Hi {name}", "Hi", (7, 9, "T202")),
        ("Hi {name}", "Hi {name} {nahme}", (7, 19, "T203")),
        ("[Go](form)", "[Los](https://evil.example/)", (7, 15, "T201")),
        ("[Go](form)", "[Los](other)", (7, 13, "T204")),
        ("[Go](form)", "Los auf https://evil.example/", (7, 17, "T201")),
        ("Hi", "\u202eHi", (7, 9, "T205")),
        ("Hi", "H\u00adi", (7, 10, "T205")),
        ("Hi", "H\u2067i", (7, 10, "T205")),
    ],
)
def test_t01_t02_t03_t04_a_translation_that_cannot_be_trusted_falls_back_and_is_named(
    msgid: str, msgstr: str, place: tuple[int, int, str]
) -> None:
    texts = Catalogues.from_texts({"de": po("de", (msgid, msgstr))})
    values = {"name": "Ann", "form": Link("", "https://example.org/")}
    assert texts.fill("de", text(msgid), values) == texts.fill("en", text(msgid), values)
    assert found(texts.problems) == [("de.po", *place)]
    assert not texts.translated("de", text(msgid))


def test_t06_a_translation_of_spaces_only_is_none() -> None:
    texts = Catalogues.from_texts({"de": po("de", ("Hi", " \\n "))})
    assert texts.plain("de", text("Hi")) == "Hi"
    assert texts.problems == []


def test_verify_tells_all_problems_and_remarks_of_all_languages_in_order() -> None:
    texts = Catalogues.from_texts(
        {
            "de": po("de", ("Hi {name}", "Hi {name} {name}"), ("Bye", "Tsch**"), ("Bye", "Tschüss")),
            "fr": po("fr", ("Bye", "Au <b>revoir</b>")),
        }
    )
    assert found(texts.verify([text("Hi {name}"), text("Bye"), text("unknown")])) == [
        ("de.po", 7, 19, "T207"),
        ("de.po", 10, 13, "T201"),
        ("de.po", 12, 1, "T105"),
        ("fr.po", 7, 12, "T209"),
    ]
    only = Catalogues.from_texts({"de": po("de", ("Bye", "x**")), "fr": po("fr", ("Bye", "y**"))})
    assert found(only.verify([text("Bye")], ["fr"])) == [("fr.po", 7, 10, "T201")]


def test_a_missing_value_falls_back_to_the_source_and_then_leaves_the_fill_in_out() -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    plural = Text("One day.", "", plural="{n} days.", by="n")
    assert texts.plain("de", HELLO, {}) == "Hello !"
    assert texts.plain("de", HELLO, {"name": None}) == "Hello !"
    assert texts.plain("de", plural, {}) == " days."
    shorter = Catalogues.from_texts(
        {"de": head("de") + 'msgid "One day."\nmsgid_plural "{n} days."\nmsgstr[0] "{n} Tag."\nmsgstr[1] "{n} Tage."\n'}
    )
    assert shorter.plain("de", plural, {"n": 1}) == "1 Tag."


def test_a_source_that_does_not_compile_is_said_as_it_stands() -> None:
    texts = Catalogues.from_texts({"de": po("de", ("Hi {name", "Hallo {name"))})
    assert texts.plain("en", text("Hi {name")) == "Hi {name"
    assert texts.plain("de", text("Hi {name")) == "Hi {name"


def test_t11_right_to_left_texts_isolate_their_values_and_a_fallback_does_not() -> None:
    texts = Catalogues.from_texts({"he": po("he", ("Hello {name}!", "שלום {name}!"))})
    assert texts.plain("he", HELLO, {"name": "Ann"}) == f"שלום {FSI}Ann{PDI}!"
    assert texts.plain("he", text("Bye {name}!"), {"name": "Ann"}) == "Bye Ann!"


@example("0\x1f")
@given(typed)
def test_u01_u02_u07_filling_never_fails_on_what_a_person_typed(value: str) -> None:
    texts = Catalogues.from_texts({"de": GERMAN})
    for language in ("de", "en"):
        to_plain(texts.fill(language, HELLO, {"name": value})).encode()
        texts.plain(language, DAYS, {"n": value})


def test_a_body_is_filled_in_as_blocks() -> None:
    texts = Catalogues.from_texts({"de": po("de", ("Draft:\\n\\n{draft}", "Entwurf:\\n\\n{draft}"))})
    body = texts.fill("de", text("Draft:\n\n{draft}"), {"draft": (CodeBlock("Dear Sir"),)})
    assert body == (Paragraph((Run("Entwurf:"),)), CodeBlock("Dear Sir"))


def write(folder: Path, language: str, content: str | bytes) -> Path:
    path = folder / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_folder_is_loaded_and_read_at_first_use(tmp_path: Path) -> None:
    path = write(tmp_path, "de", GERMAN)
    write(tmp_path, "pt-BR", po("pt_BR", ("Bye", "Tchau"), ("Bye", "Adeus")))
    texts = Catalogues.load(tmp_path)
    path.unlink()
    assert texts.languages == ("en", "de", "pt_BR")
    assert texts.problems == []
    assert texts.label("de", "Bye") == "Tschüss"
    texts.preload(texts=[HELLO])
    assert texts.label("pt_BR", "Bye") == "Tchau"
    assert [problem.code for problem in texts.problems] == ["T105"]


def test_t08_a_compiled_mo_file_is_never_read(tmp_path: Path) -> None:
    path = write(tmp_path, "de", GERMAN)
    path.with_suffix(".mo").write_bytes(b"\xde\x12\x04\x95 lies")
    assert Catalogues.load(tmp_path).label("de", "Bye") == "Tschüss"


def test_only_the_wanted_languages_are_loaded_and_a_missing_one_is_named(tmp_path: Path) -> None:
    write(tmp_path, "de", GERMAN)
    write(tmp_path, "fr", po("fr", ("Bye", "Salut")))
    texts = Catalogues.load(tmp_path, ["en", "DE", "ja"])
    assert texts.languages == ("en", "de")
    missing = str(tmp_path / "ja" / "LC_MESSAGES" / "messages.po")
    assert found(texts.problems) == [(missing, 1, 1, "T101")]


def test_a_folder_that_is_no_language_and_a_file_that_is_none_are_named(tmp_path: Path) -> None:
    odd = write(tmp_path, "klingon", GERMAN)
    folder = tmp_path / "fr" / "LC_MESSAGES" / "messages.po"
    folder.mkdir(parents=True)
    texts = Catalogues.load(tmp_path, ["fr"])
    assert found(texts.problems) == [(str(folder), 1, 1, "T101"), (str(odd), 1, 1, "T109")]
    assert texts.languages == ("en",)


def test_a_language_that_cldr_only_knows_by_name_may_be_added(tmp_path: Path) -> None:
    write(tmp_path, "en_XA", po("en_XA", ("Bye", "[Bÿé]")))
    write(tmp_path, "abr", po("abr", ("Bye", "Nante yie")))
    texts = Catalogues.load(tmp_path)
    assert texts.label("en_XA", "Bye") == "[Bÿé]"
    assert texts.label("abr", "Bye") == "Nante yie"
    assert texts.problems == []


def test_without_a_folder_there_is_english(tmp_path: Path) -> None:
    texts = Catalogues.load(tmp_path / "none")
    assert texts.languages == ("en",)
    assert texts.problems == []
    assert texts.plain("de", HELLO, {"name": "Ann"}) == "Hello Ann!"


def test_an_english_catalogue_may_mend_the_source(tmp_path: Path) -> None:
    texts = Catalogues.from_texts({"en": po("en", ("Colour", "Color")), "en_GB": po("en_GB", ("Bye", "Cheerio"))})
    assert texts.languages == ("en", "en_GB")
    assert texts.label("en_GB", "Bye") == "Cheerio"
    assert texts.label("en_GB", "Colour") == "Color"


def test_whole_catalogues_that_cannot_be_read_are_found_before_anybody_speaks_them() -> None:
    good = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Yes"\nmsgstr "Ja"\n'
    assert Catalogues.from_texts({"de": good, "fr": good}).broken("en") == []
    for line in ("oops", 'msgid "not closed', 'msgidd "x"', "\udcff"):
        found = Catalogues.from_texts({"de": good, "fr": f"{good}{line}\n"}).broken("de")
        assert found, line
        assert {one.file for one in found} == {"fr.po"}
