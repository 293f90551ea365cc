"""The values about regime, forms, time limits and authorities that dialogs may ask for and fill in."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from bot.engine.providers import Scope
from bot.facts import blocks, choose, cited, deadlines, territories
from bot.facts.authority import authority_name
from bot.facts.crosscheck import opens
from bot.facts.fields import Answer
from bot.facts.offer import Block, Offer
from bot.facts.pages import Form
from bot.facts.parts import LinkValue
from bot.facts.places import Authority
from bot.facts.rules import Regime, Right

_OPEN = ("yes", "unknown", "no")


def regime_values(offer: Offer) -> None:
    """Register what holds where the person lives."""
    facts = offer.facts
    regimes = tuple(facts.regimes)
    offer.of_regime("regime", "choice", lambda regime: regime.id, "which rules hold", regimes)
    offer.of_regime("right", "choice", lambda regime: regime.right, "is there a right to object", get_args(Right))
    offer.of_regime("forms_open", "choice", lambda regime: regime.forms_open, "do forms for own posts open", _OPEN)
    kinds = ("objection", "suspension", "request")
    offer.of_regime("letter_kind", "choice", lambda regime: regime.letter, "what a letter may be", kinds)
    offer.of_regime("has_law", "yes_no", lambda regime: bool(regime.laws), "may a law be cited")
    about = "the day on which the facts were last checked"
    offer.of_regime("last_checked", "date", lambda regime: regime.checked_on.isoformat(), about)
    offer.of_regime("newest_source", "date", lambda regime: cited.newest(facts, regime), "day of the newest source")
    offer.value("company", "text", lambda scope: facts.pack.company, "the company")

    def controller(scope: Scope) -> str | None:
        found = choose.controller(facts, scope.slots)
        return None if found is None else found.name

    offer.value("controller", "text", controller, "the company a letter goes to")
    for name, block in (
        ("has_address", blocks.controller_address),
        ("has_situation_notes", blocks.situation_notes),
        ("has_earlier_objection", blocks.earlier_objection),
    ):
        about = f"has the block {block.__name__} anything to say"
        offer.value(name, "yes_no", _says_anything(offer, block), about)
    lists = tuple(facts.follow_ups)
    about = "the lists of follow-ups that the chosen reasons ask for"
    offer.value("follow_ups", "choices", lambda scope: choose.follow_ups_open(facts, scope.slots), about, lists)


def _says_anything(offer: Offer, block: Block) -> Callable[[Scope], bool]:
    return lambda scope: bool(offer.parts(block, scope))


def deadline_values(offer: Offer) -> None:
    """Register by when an answer is due."""
    facts = offer.facts

    def due(scope: Scope, extended: bool) -> str | None:
        regime, sent_on = offer.regime(scope), scope.slots.get("sent_on")
        if regime is None or not isinstance(sent_on, str):
            return None
        day = deadlines.due(regime.deadline, sent_on, extended)
        return None if day is None else day.isoformat()

    def words(scope: Scope) -> str | None:
        regime = offer.regime(scope)
        if regime is None:
            return None
        known = regime.deadline if deadlines.usable(regime.deadline) else None
        return offer.labels(scope.language, known.words if known else facts.phrases.deadline_unknown, None)

    about = "is a time limit known"
    offer.of_regime("deadline_days_known", "yes_no", lambda regime: deadlines.usable(regime.deadline), about)
    offer.value("deadline", "date", lambda scope: due(scope, False), "last day for the answer, from sent_on")
    offer.value("deadline_late", "date", lambda scope: due(scope, True), "last day after an announced extension")
    offer.value("deadline_words", "text", words, "the time limit in words")


def form_values(offer: Offer) -> None:
    """Register which forms are needed, and what is known about the one being spoken of."""
    facts, forms = offer.facts, tuple(offer.facts.forms)
    needed, first = choose.forms_needed, choose.next_form
    offer.value(
        "forms_needed", "choices", lambda scope: needed(facts, scope.slots), "the forms to send, in order", forms
    )
    offer.value("forms_count", "number", lambda scope: len(needed(facts, scope.slots)), "how many forms")
    offer.value("several_forms", "yes_no", lambda scope: len(needed(facts, scope.slots)) > 1, "more than one form")
    offer.value("forms_left", "number", lambda scope: len(choose.forms_open(facts, scope.slots)), "forms still to do")
    offer.value("next_form", "choice", lambda scope: first(facts, scope.slots), "the first form still to do", forms)
    offer.value("has_form", "yes_no", lambda scope: offer.form(scope) is not None, "is there a form to speak of")
    offer.of_form("current_form", "choice", lambda form, regime: form.id, "the form being spoken of", forms)
    products = (*facts.products, "all")
    offer.of_form("form_product", "choice", lambda form, regime: form.product, "what it is for", products)
    answers = get_args(Answer)
    offer.of_form("form_login", "choice", lambda form, regime: form.login, "must one be signed in", answers)
    offer.of_form("form_open", "choice", lambda form, regime: opens(facts, form, regime.id), "does it open here", _OPEN)

    def code(form: Form, regime: Regime) -> str:
        return choose.by_regime(facts, form.code, regime.id)

    def reason(form: Form, regime: Regime) -> str:
        return choose.by_regime(facts, form.reason, regime.id)

    offer.of_form("form_code", "choice", code, "is a code sent by e-mail", answers)
    offer.of_form("reason_needed", "choice", reason, "must a reason be given", answers)
    about = "are menu steps to the form known"
    offer.of_form("has_form_path", "yes_no", lambda form, regime: blocks.form_paths(facts, form, regime), about)
    offer.name_of("form_name", offer.form, "the name of the form being spoken of")
    offer.link("form_link", offer.form, "the form being spoken of")


def other_forms(offer: Offer) -> None:
    """Register other pages: what to try instead, the contact page, the form for data from others."""
    facts, forms = offer.facts, tuple(offer.facts.forms)

    def alternative(scope: Scope) -> Form | None:
        found = choose.alternatives(facts, scope.slots)
        return facts.forms[found[0]] if found else None

    def third_party(scope: Scope) -> Form | None:
        regime = offer.regime(scope)
        return None if regime is None else facts.forms[regime.forms[facts.pack.others_product][0]]

    def try_form(scope: Scope) -> Form | None:
        regime = offer.regime(scope)
        return None if regime is None else facts.forms[regime.try_form]

    def id_of(form: Form | None) -> str | None:
        return None if form is None else form.id

    offer.value("alternative", "choice", lambda scope: id_of(alternative(scope)), "the form to try instead", forms)
    offer.value("has_alternative", "yes_no", lambda scope: alternative(scope) is not None, "is there another way")
    offer.name_of("alternative_name", alternative, "the name of the form to try instead")
    offer.link("alternative_link", alternative, "the form to try instead")
    about = "the form for data from others"
    offer.value("third_party_form", "choice", lambda scope: id_of(third_party(scope)), about, forms)
    offer.link("third_party_link", third_party, about)
    offer.link("contact_link", lambda scope: facts.forms[facts.pack.contact_form], "the company's privacy contact page")
    offer.link("try_link", try_form, "a page worth opening once")


def authority_values(offer: Offer) -> None:
    """Register where to complain."""
    facts = offer.facts

    def found(scope: Scope) -> Authority | None:
        listed = territories.authorities_for(facts, scope.slots)
        return listed[0] if listed else None

    def name(scope: Scope) -> str | None:
        one = found(scope)
        return None if one is None else authority_name(one, scope.language)

    def show(scope: Scope) -> LinkValue | None:
        one = found(scope)
        return None if one is None else LinkValue(authority_name(one, scope.language), one.form or one.website)

    def company_first(scope: Scope) -> bool:
        one = found(scope)
        return one is not None and one.company_first

    def needs_part(scope: Scope) -> bool:
        return territories.needs_subdivision(facts, str(scope.slots.get("territory")))

    offer.value("authority", "text", name, "where to complain", (), show)
    offer.value("has_authority", "yes_no", lambda scope: found(scope) is not None, "is an authority known to us")
    offer.value("company_first", "yes_no", company_first, "does the authority want the company to be asked first")
    offer.value("needs_subdivision", "yes_no", needs_part, "does a complaint depend on the part of the territory")
