from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import languages
from bot.texts.languages import asked_for, endonym, is_rtl, language_name, negotiate, normalise, words_for
from bot.texts.locale_data import chain, locale, subtags

OURS = ("en", "de", "fr", "he", "nb", "pt", "pt_BR", "sr", "tr", "zh_Hans", "el")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("de", "de"),
        ("DE", "de"),
        (" de ", "de"),
        ("de-1996", "de"),
        ("de_AT.UTF-8", "de"),
        ("de_DE@euro", "de"),
        ("en-u-ca-buddhist", "en"),
        ("en_GB", "en"),
        ("iw", "he"),
        ("iw_IL", "he"),
        ("pt", "pt"),
        ("pt-br", "pt_BR"),
        ("PT_br", "pt_BR"),
        ("pt-AO", "pt"),
        ("zh-hans", "zh_Hans"),
        ("zh", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh_TW", "zh_Hans"),
        ("no", "nb"),
        ("nn_NO", "nb"),
        ("gsw", "de"),
        ("sh", "sr"),
        ("sr-Latn-RS", "sr"),
        ("C", None),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("und", None),
        ("", None),
        ("  ", None),
        ("garbage!!", None),
        ("deutsch", None),
        ("de de", None),
        ("🙂", None),
        ("ja", None),
        ("xx", None),
        ("x" * 5000, None),
        ("i-klingon", None),
        ("\x00", None),
    ],
)
def test_any_spelling_finds_the_language_that_serves(wanted: str, language: str | None) -> None:
    assert negotiate(wanted, OURS) == language


@pytest.mark.parametrize(
    ("wanted", "available", "language"),
    [
        ("nn", ["nb", "nn"], "nn"),
        ("pt", ["pt_BR"], "pt_BR"),
        ("pt_PT", ["pt_BR", "pt"], "pt"),
        ("es_MX", ["es", "es_419"], "es_419"),
        ("zh_TW", ["zh_Hans", "zh_Hant"], "zh_Hant"),
        ("zh_HK", ["zh-hant"], "zh-hant"),
        ("pa_Arab", ["pa"], None),
        ("sh", ["sr", "sr_Latn"], "sr_Latn"),
        ("de", ["odd name", "de_CH", "de_AT"], "de_AT"),
        ("de", [], None),
        ("kab", ["kab"], "kab"),
    ],
)
def test_the_nearest_of_several_is_found(wanted: str, available: list[str], language: str | None) -> None:
    assert negotiate(wanted, available) == language


@given(st.text(max_size=20))
def test_whatever_is_wanted_the_answer_is_one_of_ours_or_none(wanted: str) -> None:
    assert negotiate(wanted, OURS) in (*OURS, None)
    assert normalise(wanted) is None or normalise(normalise(wanted) or "") == normalise(wanted)
    assert is_rtl(wanted) in (True, False)
    assert locale(wanted).language


def test_a_language_is_written_our_way() -> None:
    spellings = ["PT-br.UTF-8", "zh-HANT-tw", "iw", "sh", "es-419", "cnr", "de-AT-1996", "in_ID"]
    assert [normalise(wanted) for wanted in spellings] == [
        "pt_BR", "zh_Hant_TW", "he", "sr_Latn", "es_419", "sr", "de_AT", "id_ID",
    ]  # fmt: skip


def test_another_script_is_no_parent() -> None:
    assert chain("pt_AO") == ("pt_AO", "pt_PT", "pt")
    assert chain("zh_Hant_TW") == ("zh_Hant_TW", "zh_Hant")
    assert chain("de") == ("de",)
    assert chain("") == ()
    assert subtags("zh_TW") == ("zh", "Hant", "TW")
    assert subtags("cnr") == ("sr", "Latn", "ME")
    assert subtags("not a language") is None


@pytest.mark.parametrize("language", ["ar", "fa", "he", "ur", "yi", "az_Arab", "pa-PK", "iw"])
def test_t11_languages_that_run_from_right_to_left_are_known(language: str) -> None:
    assert is_rtl(language)


@pytest.mark.parametrize("language", ["en", "de", "zh_Hans", "az", "pa", "zz", ""])
def test_t11_and_all_others_do_not(language: str) -> None:
    assert not is_rtl(language)


@pytest.mark.parametrize("language", languages._ENDONYMS)
def test_what_a_language_calls_itself_is_what_cldr_says(language: str) -> None:
    name = locale(language).get_display_name(locale(language)) or ""
    assert endonym(language) == name[:1].title() + name[1:]


def test_a_language_outside_the_table_has_its_name_from_cldr() -> None:
    assert endonym("zh_Hans") == "中文 (简体)"
    assert endonym("cy") == "Cymraeg"
    assert endonym("zz") == "Zz"


def test_languages_have_names_in_other_languages() -> None:
    assert language_name("de", "fr") == "allemand"
    assert language_name("de", "en") == "German"
    assert words_for("de", ["fr"]) == ("Deutsch", "German", "allemand", "de")
    assert "Portuguese" in words_for("pt_BR")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("GERMAN", "de"),
        ("Deutsch!", "de"),
        ("allemand", "de"),
        ("francais", "fr"),
        ("FRANÇAIS", "fr"),
        ("turkce", "tr"),
        ("TÜRKÇE", "tr"),
        ("ελληνικα", "el"),
        ("ΕΛΛΗΝΙΚΆ", "el"),
        ("עברית", "he"),
        ("中文", "zh_Hans"),
        ("mandarin", "zh_Hans"),
        ("norsk", "nb"),
        ("Norwegian", "nb"),
        ("portuguese", "pt"),
        ("Brazilian Portuguese", "pt_BR"),
        ("Português (Brasil)", "pt_BR"),
        ("pt-br", "pt_BR"),
        ("iw", "he"),
        ("", None),
        ("?!", None),
        ("klingon", None),
        ("japanese", None),
        ("a sentence about German", None),
    ],
)
def test_t12_a_person_asks_for_a_language_in_any_case_with_or_without_accents(text: str, language: str | None) -> None:
    assert asked_for(text, OURS, ["fr"]) == language


def test_a_word_for_two_languages_is_not_guessed() -> None:
    assert asked_for("Chinese", ["zh_Hans", "zh_Hant"]) is None
    assert asked_for("Traditional Chinese", ["zh_Hans", "zh_Hant"]) == "zh_Hant"
