"""What dialogs get: lists, values and blocks, for every regime and situation."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from bot.engine.providers import Registry
from bot.facts.cited import sources_of
from bot.facts.parts import DateValue, LinkValue, Part
from bot.facts.providers import register
from tests.facts.kit import block, name, plain, registry, scope, shipped, value, words

ONE_PER_REGIME = {one.regime: code for code, one in sorted(shipped().territories.items(), reverse=True)}
SITUATIONS = tuple(shipped().situations)


def test_names_are_unique_over_all_kinds() -> None:
    made = registry()
    names = [*made.values, *made.lists, *made.blocks, *made.files]
    assert len(names) == len(set(names))
    assert all(value.about for value in made.values.values())
    assert all(listed.about for listed in made.lists.values())
    assert all(composed.about for composed in made.blocks.values())


def test_nothing_is_known_before_anything_was_answered() -> None:
    known = {key: one.get(scope()) for key, one in registry().values.items()}
    always = {"company", "contact_link"}
    assert {key for key, found in known.items() if found not in (None, False, 0, ())} == always
    for key, provider in registry().blocks.items():
        assert provider.get(scope()) == [], key


@pytest.mark.parametrize("bad", [7, True, ("DE",), "XX", "", "Germany"])
def test_a_slot_with_something_else_in_it_counts_as_not_answered(bad: object) -> None:
    assert value("regime", territory=bad) is None
    assert block("policy_summary", territory=bad) == []


@pytest.mark.parametrize(("regime", "territory"), ONE_PER_REGIME.items())
def test_every_value_is_of_its_kind_in_every_regime(regime: str, territory: str) -> None:
    kinds = {"text": str, "number": int, "yes_no": bool, "choice": str, "choices": tuple, "date": str}
    for situation, same in itertools.product((None, *SITUATIONS), ("yes", "no", True, None)):
        slots: dict[str, Any] = {
            "territory": territory,
            "situation": situation,
            "same_centre": same,
            "accounts": tuple(shipped().products),
            "sent_on": "2026-11-23",
            "grounds": tuple(shipped().grounds),
        }
        for key, provider in registry().values.items():
            found = provider.get(scope(**slots))
            assert found is None or type(found) is kinds[provider.type], key
            if provider.choices and found is not None:
                assert set(found if isinstance(found, tuple) else (found,)) <= set(provider.choices), key
            if provider.show is not None:
                assert (provider.show(scope(**slots)) is None) == (found is None), key
    assert value("regime", territory=territory) == regime


@pytest.mark.parametrize(("regime", "territory"), ONE_PER_REGIME.items())
def test_every_block_can_be_composed_in_every_regime(regime: str, territory: str) -> None:
    for situation in SITUATIONS:
        for key in registry().blocks:
            for part in block(key, territory=territory, situation=situation, accounts=("facebook", "whatsapp")):
                assert (part.msgid == "") == (part.code is not None)
                assert "{" not in words([part]), key


@pytest.mark.parametrize("territory", ONE_PER_REGIME.values())
def test_the_summary_is_short(territory: str) -> None:
    parts = block("policy_summary", territory=territory)
    assert len(parts) == 5
    assert len("\n".join("• " + words([part]) for part in parts)) <= 490


@pytest.mark.parametrize("territory", ["US", "AU", "IN"])
def test_where_there_is_no_right_nothing_speaks_of_objecting(territory: str) -> None:
    for key in ("policy_summary", "policy_details", "self_help", "third_party_notes", "after_steps"):
        assert "object" not in words(block(key, territory=territory)).casefold(), key


def test_details_and_story_name_their_sources_and_the_last_check() -> None:
    for key in ("policy_details", "story"):
        *told, last = block(key, territory="DE")
        assert all(part.after[-1].msgid == "({source})" for part in told)
        assert last.values == {"date": DateValue("2026-11-23"), "newest": DateValue("2026-08-22")}


def days_of(parts: list[Part]) -> list[str]:
    return [one.iso for part in parts if isinstance(one := part.values.get("date"), DateValue)]


def test_the_story_holds_what_everybody_should_know_in_order() -> None:
    parts = block("story", territory="DE")[:-1]
    days = days_of(parts)
    assert days == sorted(days)
    assert len(days) == len(parts)
    told = words(parts)
    for needed in ("two billion", "eleven European countries", "pauses", "Cologne", "Amsterdam", "Training with data"):
        assert needed in told
    assert "in the US get none" in words(block("story", territory="US"))


def listed(territory: str, *names: str) -> list[Part]:
    """Give the sources in these blocks, without their heads and the line about the last check."""
    return [part for name in names for part in block(name, territory=territory) if part.bullet]


EVERY_SOURCE = ("main_sources", "detail_sources", "story_sources", "form_sources")


@pytest.mark.parametrize("territory", ONE_PER_REGIME.values())
def test_the_main_sources_are_at_most_ten_primary_ones_first(territory: str) -> None:
    regime = shipped().regimes[shipped().territories[territory].regime]
    main = [shipped().sources[name] for name in sources_of(shipped(), regime)][: len(listed(territory, "main_sources"))]
    assert 0 < len(main) <= 10
    assert [one.kind for one in main] == sorted(one.kind for one in main)
    assert len(block("main_sources", territory=territory)) == len(main) + 1


@pytest.mark.parametrize("territory", ONE_PER_REGIME.values())
def test_every_source_of_what_is_shown_is_named_once(territory: str) -> None:
    found = [str(part.values["source"]) + str(part.values.get("date")) for part in listed(territory, *EVERY_SOURCE)]
    assert len(found) == len(sources_of(shipped(), shipped().regimes[shipped().territories[territory].regime]))
    urls = [
        link.url for part in listed(territory, *EVERY_SOURCE) if isinstance(link := part.values["source"], LinkValue)
    ]
    assert len(urls) == len(set(urls))


def test_the_other_sources_come_newest_first_under_a_head_and_in_messages_one_can_read() -> None:
    for group in EVERY_SOURCE[1:]:
        head, *parts = block(group, territory="DE")
        assert head.msgid.startswith("**")
        days = days_of(parts)
        assert days == sorted(days, reverse=True)
        assert 0 < len(parts) <= 25
    assert len(listed("DE", *EVERY_SOURCE)) > 40
    assert any("(undated)" in part.msgid for part in listed("AD", *EVERY_SOURCE))
    assert block("form_sources", territory="US") == []
    assert block("story_sources") == block("main_sources") == []


def test_a_source_says_who_keeps_the_copy_and_whom_it_reports() -> None:
    labels = words(listed("DE", *EVERY_SOURCE))
    assert "Meta Platforms Ireland, kept by Open Terms Archive" in labels
    assert "Adnkronos, reporting Italian Garante" in labels
    without_page = "Industry magazine of mid-2024, citing Snopes and The New York Times"
    assert without_page in [part.values["source"] for part in listed("DE", *EVERY_SOURCE)]


@pytest.mark.parametrize(
    ("slots", "forms"),
    [
        ({"accounts": ("facebook",)}, ("fb_ai_objection",)),
        ({"accounts": ("facebook", "instagram")}, ("fb_ai_objection", "ig_ai_objection")),
        ({"accounts": ("facebook", "instagram"), "same_centre": "unsure"}, ("fb_ai_objection", "ig_ai_objection")),
        ({"accounts": ("facebook", "instagram"), "same_centre": "yes"}, ("fb_ai_objection",)),
        ({"accounts": ("instagram", "facebook"), "same_centre": True}, ("fb_ai_objection",)),
        ({"accounts": ("instagram", "threads"), "same_centre": "no"}, ("ig_ai_objection",)),
        (
            {"accounts": ("whatsapp", "meta_account", "instagram", "facebook"), "same_centre": "yes"},
            ("fb_ai_objection", "whatsapp_ai_objection", "meta_account_ai_objection"),
        ),
        ({"situation": "no_account", "accounts": ("facebook",)}, ("third_party_objection",)),
        ({"situation": "child", "accounts": ("instagram",)}, ("ig_ai_objection", "third_party_objection")),
        ({"situation": "child"}, ("third_party_objection",)),
        ({"situation": "own"}, ("fb_ai_objection",)),
        ({"situation": "creator", "accounts": ("threads",)}, ("ig_ai_objection", "third_party_objection")),
        ({"territory": "KR", "accounts": ("whatsapp", "meta_account")}, ("privacy_hub",)),
        (
            {"territory": "US", "accounts": ("facebook", "instagram", "third_party")},
            ("privacy_hub", "third_party_request"),
        ),
        ({}, ()),
    ],
)
def test_the_right_forms_are_needed(slots: dict[str, Any], forms: tuple[str, ...]) -> None:
    asked = {"territory": "FR", **slots}
    assert value("forms_needed", **asked) == forms
    assert value("forms_count", **asked) == len(forms)
    assert value("several_forms", **asked) == (len(forms) > 1)
    assert registry().lists["forms"].ids(scope(**asked)) == forms


def test_forms_are_done_one_after_the_other() -> None:
    slots: dict[str, Any] = {"territory": "DE", "accounts": ("facebook", "instagram", "whatsapp")}
    assert (value("next_form", **slots), value("forms_left", **slots)) == ("fb_ai_objection", 3)
    slots["forms_done"] = ("fb_ai_objection",)
    assert (value("next_form", **slots), value("forms_left", **slots)) == ("ig_ai_objection", 2)
    slots["forms_later"] = ("ig_ai_objection",)
    assert (value("next_form", **slots), value("forms_left", **slots)) == ("whatsapp_ai_objection", 1)
    assert value("current_form", **slots) == "whatsapp_ai_objection"
    assert value("current_form", form="ig_ai_objection", **slots) == "ig_ai_objection"
    assert value("current_form", form="nonsense", **slots) == "whatsapp_ai_objection"
    slots["forms_done"] = ("fb_ai_objection", "whatsapp_ai_objection")
    assert value("next_form", **slots) is None
    assert value("has_form", **slots) is False
    assert block("form_asks", **slots) == []


def test_an_alternative_is_offered_only_where_it_may_open_and_has_not_failed() -> None:
    assert value("alternative", territory="DE", form="fb_ai_objection") == "fb_ai_objection_alt"
    failed = ("fb_ai_objection_alt", "general_objection_fb")
    assert value("alternative", territory="DE", form="fb_ai_objection", forms_failed=failed) == "privacy_hub"
    assert value("alternative", territory="GB", form="fb_ai_objection") == "general_objection_fb"
    assert value("alternative", territory="BR", form="fb_ai_objection") == "privacy_hub"
    done = (*failed, "privacy_hub")
    assert value("has_alternative", territory="DE", form="fb_ai_objection", forms_failed=done) is False
    assert value("alternative_name", territory="DE", form="fb_ai_objection", forms_failed=done) is None


def test_links_carry_the_translated_name_of_the_form() -> None:
    show = registry().values["form_link"].show
    assert show is not None
    found = show(scope("de", territory="DE", form="fb_ai_objection"))
    url = "https://www.facebook.com/help/contact/6359191084165019"
    assert found == LinkValue("<de>Facebook: objection to AI training", url)


@pytest.mark.parametrize(
    ("territory", "form", "expected"),
    [
        ("DE", "fb_ai_objection", ("yes", "no", "sometimes")),
        ("GB", "ig_ai_objection", ("yes", "unknown", "unknown")),
        ("BR", "fb_ai_objection", ("yes", "yes", "yes")),
        ("KR", "fb_ai_objection", ("unknown", "unknown", "unknown")),
        ("RS", "fb_ai_objection", ("unknown", "unknown", "unknown")),
        ("DE", "whatsapp_ai_objection", ("unknown", "unknown", "unknown")),
        ("DE", "third_party_objection", ("yes", "yes", "unknown")),
        ("KE", "privacy_hub", ("yes", "unknown", "unknown")),
        ("DE", "dpo_contact", ("no", "unknown", "unknown")),
        ("US", "fb_ai_objection", ("no", "unknown", "unknown")),
    ],
)
def test_what_is_known_of_a_form_depends_on_the_region(territory: str, form: str, expected: tuple[str, ...]) -> None:
    found = tuple(value(key, territory=territory, form=form) for key in ("form_open", "reason_needed", "form_code"))
    assert found == expected


def test_a_form_nobody_has_seen_says_so() -> None:
    assert "could not confirm" in words(block("form_asks", territory="DE", form="whatsapp_ai_objection"))


def test_what_a_form_asks_depends_on_the_region() -> None:
    assert "may also stay empty" in words(block("form_asks", territory="DE", form="fb_ai_objection"))
    assert "may also stay empty" not in words(block("form_asks", territory="BR", form="fb_ai_objection"))


def test_menu_steps_are_those_of_the_region() -> None:
    assert "Privacy Centre" in words(block("form_path_web", territory="DE", form="fb_ai_objection"))
    assert "Centro de Privacidade" in words(block("form_path_app", territory="BR", form="ig_ai_objection"))
    assert value("has_form_path", territory="DE", form="whatsapp_ai_objection") is False
    assert block("form_path_web", territory="DE", form="whatsapp_ai_objection") == []
    assert block("try_path", territory="KE") != []
    assert block("try_path", territory="US") == []


@pytest.mark.parametrize(
    ("slots", "says", "silent"),
    [
        ({"accounts": ("facebook", "instagram"), "same_centre": "yes"}, "so one form is enough", "each need"),
        ({"accounts": ("facebook", "instagram")}, "each need a form of their own", "enough"),
        ({"accounts": ("facebook", "whatsapp")}, "have forms of their own", "each need"),
        ({"accounts": ("facebook",), "territory": "US"}, "We know of no form for your own posts", "Accounts Centre"),
    ],
)
def test_the_number_of_forms_is_explained(slots: dict[str, Any], says: str, silent: str) -> None:
    told = words(block("accounts_note", **{"territory": "DE", **slots}))
    assert says in told
    assert silent not in told


def test_one_account_needs_no_explanation() -> None:
    assert block("accounts_note", territory="DE", accounts=("facebook",)) == []
    assert block("accounts_note", territory="DE", accounts=("third_party",)) == []


def test_days_are_reckoned_only_from_a_known_time_limit() -> None:
    assert value("deadline", territory="DE", sent_on="2027-01-31") == "2027-02-28"
    assert value("deadline_late", territory="DE", sent_on="2027-01-31") == "2027-04-30"
    assert value("deadline", territory="DE") is None
    assert value("deadline", territory="DE", sent_on=20270131) is None
    assert value("deadline", sent_on="2027-01-31") is None
    assert value("deadline_late", territory="GB", sent_on="2027-01-31") is None
    for territory in ("CH", "BR", "KR", "US", "KE", "RS", "AD"):
        assert value("deadline_days_known", territory=territory) is False
        assert value("deadline", territory=territory, sent_on="2027-01-31") is None
        assert value("deadline_words", territory=territory) == "no time limit that we could confirm"
    assert value("deadline_words", "de", territory="GB") == "<de>one month"


def test_reasons_fit_the_right() -> None:
    grounds = registry().lists["grounds"]
    personal = ("expectation", "sensitive", "third_persons", "children", "misuse_fear", "past_harm", "creator")
    for territory in ("US", "JP", "KE", "RS"):
        assert grounds.ids(scope(territory=territory)) == personal
    assert "court_precedent" in grounds.ids(scope(territory="DE"))
    assert "court_precedent" not in grounds.ids(scope(territory="GB"))
    assert "unlawful_basis_br" in grounds.ids(scope(territory="BR"))
    assert grounds.ids(scope()) == ()
    assert grounds.label("creator", "de").startswith("<de>")
    assert set(grounds.every) == set(shipped().grounds)


def test_every_reason_has_a_follow_up_list() -> None:
    assert value("follow_ups", grounds=("sensitive", "consent", "history", "nonsense")) == (
        "sensitive_kinds",
        "contents",
    )
    for ground in shipped().grounds.values():
        follow_up = registry().lists[ground.follow_up]
        assert follow_up.ids(scope()) == tuple(shipped().follow_ups[ground.follow_up].options)
        assert set(follow_up.every) == set(follow_up.ids(scope()))


def test_products_fit_the_situation() -> None:
    products = registry().lists["products"]
    assert products.ids(scope(situation="no_account")) == ("third_party",)
    assert products.ids(scope()) == products.every


def test_the_company_to_write_to_depends_on_the_form() -> None:
    assert value("controller", territory="DE") == "Meta Platforms Ireland Limited"
    assert value("controller", territory="DE", form="whatsapp_ai_objection") == "Meta Platforms Ireland Limited"
    assert value("controller", territory="DE", form="whatsapp_general_objection") == "WhatsApp Ireland Limited"
    assert value("controller", territory="KE", form="whatsapp_general_objection") == "Meta Platforms, Inc."
    assert value("has_address", territory="GB", form="whatsapp_general_objection") is False
    (note, address) = block("controller_address", territory="GB")
    assert "two addresses" in note.msgid
    assert address == Part(
        "", code="Meta Platforms, Inc.\nFAO: Privacy Operations\n1 Meta Way\nMenlo Park, CA 94025\nUSA"
    )


@pytest.mark.parametrize(
    ("situation", "territory", "says"),
    [
        ("minor", "DE", "under 18"),
        ("child", "DE", "parents"),
        ("no_account", "KE", "You need no account"),
        ("page", "DE", "cannot object"),
        ("creator", "US", "does not cover your own posts"),
    ],
)
def test_situations_have_notes_of_their_own(situation: str, territory: str, says: str) -> None:
    assert says in words(block("situation_notes", territory=territory, situation=situation))
    assert value("has_situation_notes", territory=territory, situation=situation) is True


def test_every_special_situation_has_a_note_everywhere() -> None:
    for territory, situation in itertools.product(ONE_PER_REGIME.values(), SITUATIONS):
        expected = situation != "own"
        assert value("has_situation_notes", territory=territory, situation=situation) is expected


def test_authorities_are_named_in_the_persons_language_with_their_page() -> None:
    show = registry().values["authority"].show
    assert show is not None
    assert show(scope("de-AT", territory="AT")) == LinkValue(
        "Österreichische Datenschutzbehörde", "https://dsb.gv.at/eingabe-an-die-dsb/formulare"
    )
    assert value("authority", "fr", territory="AT") == "Österreichische Datenschutzbehörde"
    assert value("authority", "en", territory="AT") == "Austrian Data Protection Authority"
    assert value("authority", "fr", territory="BG") == value("authority", "en", territory="BG")
    assert show(scope(territory="CZ")) == LinkValue(value("authority", territory="CZ"), "https://uoou.gov.cz")
    assert show(scope(territory="KE")) is None
    assert value("company_first", territory="GB") is True
    assert value("company_first", territory="DE") is False


def test_authority_details_say_how_and_how_old() -> None:
    told = words(block("authority_details", "en", territory="AT"))
    assert "Irish authority, which leads" in told
    assert "Languages: German." in told
    assert "Barichgasse 40-42" in told
    assert "Please look up first: the complaint page." in told
    assert told.endswith("so look at the site before you write.")
    assert "dataprotection.gov.cy" in words(block("authority_details", territory="CY"))


def test_authority_details_wait_for_the_part_and_admit_what_is_unknown() -> None:
    unknown = "No authority that takes such complaints is known to us"
    assert unknown not in words(block("authority_details", territory="DE"))
    assert "BayLDA" in words(block("authority_details", territory="DE", subdivision="DE-BY"))
    assert unknown in words(block("authority_details", territory="DE", subdivision="DE-XX"))
    assert unknown in words(block("authority_details", territory="VA"))


def test_without_names_of_languages_they_are_not_listed() -> None:
    made = Registry()
    register(made, shipped(), plain, name)
    parts = made.blocks["authority_details"].get(scope(territory="AT"))
    assert "Languages:" not in words(parts)


def test_pages_to_try_are_known_everywhere() -> None:
    for territory in ONE_PER_REGIME.values():
        for key in ("try_link", "contact_link", "third_party_link"):
            show = registry().values[key].show
            assert show is not None
            assert isinstance(show(scope(territory=territory)), LinkValue)
    assert value("third_party_form", territory="US") == "third_party_request"
    assert value("third_party_form", territory="FR") == "third_party_objection"


def test_the_choices_of_answers_are_all_listed() -> None:
    assert registry().values["right"].choices == ("yes", "partly", "no", "unknown")
