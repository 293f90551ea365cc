"""Register what the facts offer to dialogs: lists, values and blocks, under names any company's pack shares.

Everything reads the slots `territory`, `subdivision`, `situation`, `accounts`, `same_centre`, `grounds`, `form`,
`forms_done`, `forms_later`, `forms_failed` and `sent_on`; a slot that is missing or holds something else counts as not
answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from bot.engine.providers import BlockProvider, Labels, ListProvider, Registry, Scope
from bot.facts import answers, blocks, choose, cited, territories, values
from bot.facts.authority import authority_details
from bot.facts.models import Facts
from bot.facts.offer import Name, Offer, Slots
from bot.facts.parts import Part
from bot.facts.texts import texts

__all__ = ["register", "texts"]


def register(registry: Registry, facts: Facts, labels: Labels, names: Name, language_names: Name | None = None) -> None:
    """Fill `registry`. `labels` translates texts of the facts, `names` gives official names of territories, and
    `language_names` those of languages (without it the languages of an authority are not listed)."""
    offer = Offer(registry, facts, labels, names, language_names)
    _lists(offer)
    values.regime_values(offer)
    values.deadline_values(offer)
    values.form_values(offer)
    values.other_forms(offer)
    values.authority_values(offer)
    _blocks(offer)


def _lists(offer: Offer) -> None:
    facts, lists = offer.facts, offer.registry.lists
    everywhere = tuple(facts.territories)
    lists["territories"] = ListProvider(
        every=everywhere,
        ids=lambda scope: everywhere,
        label=lambda id, language: territories.label(offer.names, id, language),
        words=lambda id, language: territories.words(facts, offer.names, id, language),
        shown=lambda scope: territories.shown(facts, scope.language),
        about="every country and territory; the likely ones for the language are shown",
    )
    lists["subdivisions"] = ListProvider(
        every=tuple(facts.subdivisions),
        ids=lambda scope: territories.parts_of(facts, str(scope.slots.get("territory"))),
        label=lambda id, language: territories.part_label(facts, id, language),
        words=lambda id, language: (*facts.subdivisions[id].names.values(), *facts.subdivisions[id].words),
        about="parts of the territory, where a complaint depends on them",
    )
    offer.list("products", answers.of_products(facts), choose.products_offered, "what a person may use")
    offer.list("grounds", answers.of_grounds(facts), choose.grounds_offered, "the reasons that fit here")
    forms = {one.id: (one.name, None) for one in facts.forms.values()}
    offer.list("forms", forms, choose.forms_needed, "the forms that are needed")
    for follow_up in facts.follow_ups.values():
        about = f"a follow-up, kept in the slot {follow_up.slot}"
        offer.list(follow_up.id, answers.of_follow_up(follow_up), _always(tuple(follow_up.options)), about)


def _always(ids: tuple[str, ...]) -> Callable[[Facts, Slots], Sequence[str]]:
    return lambda facts, slots: ids


def _blocks(offer: Offer) -> None:
    for block in (
        blocks.policy_summary,
        blocks.policy_details,
        blocks.story,
        cited.main_sources,
        cited.detail_sources,
        cited.story_sources,
        cited.form_sources,
        blocks.law,
        blocks.situation_notes,
        blocks.earlier_objection,
        blocks.accounts_note,
        blocks.form_asks,
        blocks.try_path,
        blocks.third_party_notes,
        blocks.controller_address,
    ):
        offer.block(block.__name__, block, (block.__doc__ or "").partition("\n")[0])
    offer.block("form_path_web", partial(blocks.form_path, where="web"), "the way to the form in a browser")
    offer.block("form_path_app", partial(blocks.form_path, where="app"), "the way to the form in the app")
    offer.block("self_help", partial(blocks.steps, kind="self_help"), "what else helps")
    offer.block("after_steps", partial(blocks.steps, kind="after"), "what to do after sending")

    def details(scope: Scope) -> list[Part]:
        say = offer.say(scope.language)
        return authority_details(offer.facts, scope.slots, say, scope.language, offer.language_names)

    about = "how to complain: what first, where, in which languages, and how old these details are"
    offer.registry.blocks["authority_details"] = BlockProvider(details, about)
