"""Register what the facts offer to dialogs: lists, values and blocks, under names any company's pack shares.

Everything reads the slots `territory`, `subdivision`, `situation`, `accounts`, `same_centre`, `grounds`, `form`,
`forms_done`, `forms_failed` and `sent_on`; a slot that is missing or holds something else counts as not answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from bot.engine.effects import Value
from bot.engine.providers import BlockProvider, Labels, ListProvider, Registry, Scope, ValueProvider, ValueType
from bot.facts import blocks, choose, deadlines, territories
from bot.facts.crosscheck import opens
from bot.facts.fields import Answer
from bot.facts.models import Facts, Form, Regime, Right
from bot.facts.parts import LinkValue, Part

Slots = Mapping[str, Any]
Name = Callable[[str, str], str]
"""(code of a territory or language, language) -> its name"""


def register(registry: Registry, facts: Facts, labels: Labels, names: Name, language_names: Name | None = None) -> None:
    """Fill `registry`. `labels` translates texts of the facts, `names` gives official names of territories, and
    `language_names` those of languages (without it their codes are shown)."""
    offer = _Offer(registry, facts, labels, names, language_names or (lambda code, _: code))
    offer.lists()
    offer.regime_values()
    offer.form_values()
    offer.authority_values()
    offer.blocks()


class _Offer:
    """Hold what every provider needs while they are registered."""

    def __init__(self, registry: Registry, facts: Facts, labels: Labels, names: Name, language_names: Name) -> None:
        self.registry, self.facts, self.labels = registry, facts, labels
        self.names, self.language_names = names, language_names

    def say(self, language: str) -> blocks.Say:
        return lambda text: self.labels(language, text, None)

    # lists

    def lists(self) -> None:
        facts = self.facts
        everywhere = tuple(facts.territories)
        self.registry.lists["territories"] = ListProvider(
            every=everywhere,
            ids=lambda scope: everywhere,
            label=lambda id, language: territories.label(self.names, id, language),
            words=lambda id, language: territories.words(facts, self.names, id, language),
            shown=lambda scope: territories.shown(facts, scope.language),
            about="every country and territory; the likely ones for the language are shown",
        )
        self.registry.lists["subdivisions"] = ListProvider(
            every=tuple(facts.subdivisions),
            ids=lambda scope: tuple(
                part.id for part in facts.subdivisions.values() if part.territory == scope.slots.get("territory")
            ),
            label=lambda id, language: self.part_name(id, language),
            words=lambda id, language: (*facts.subdivisions[id].names.values(), *facts.subdivisions[id].words),
            about="parts of the territory, where a complaint depends on them",
        )
        self.list(
            "products",
            {one.id: one.name for one in facts.products.values()},
            choose.products_offered,
            "what a person may use",
        )
        self.list(
            "grounds",
            {one.id: one.label for one in facts.grounds.values()},
            choose.grounds_offered,
            "reasons that fit here",
        )
        self.list(
            "forms",
            {one.id: one.name for one in facts.forms.values()},
            choose.forms_needed,
            "the forms that are needed",
        )
        for follow_up in facts.follow_ups.values():
            ids = tuple(follow_up.options)
            self.list(follow_up.id, follow_up.options, _always(ids), f"follow-up, kept in the slot {follow_up.slot}")

    def part_name(self, id: str, language: str) -> str:
        found = self.facts.subdivisions[id].names
        return territories.for_language(found, language) or found["en"]

    def list(
        self, name: str, texts: Mapping[str, str], ids: Callable[[Facts, Slots], Sequence[str]], about: str
    ) -> None:
        self.registry.lists[name] = ListProvider(
            every=tuple(texts),
            ids=lambda scope: ids(self.facts, scope.slots),
            label=lambda id, language: self.labels(language, texts[id], None),
            words=lambda id, language: (),
            about=about,
        )

    # values

    def value(
        self,
        name: str,
        type: ValueType,
        get: Callable[[Scope], Value | None],
        about: str,
        choices: tuple[str, ...] = (),
        show: Callable[[Scope], Any] | None = None,
    ) -> None:
        self.registry.values[name] = ValueProvider(type, get, choices, show, about)

    def regime(self, scope: Scope) -> Regime | None:
        return choose.regime_of(self.facts, scope.slots)

    def of_regime(
        self, name: str, type: ValueType, get: Callable[[Regime], Value], about: str, choices: tuple[str, ...] = ()
    ) -> None:
        """Register a value of the regime; not known without a territory."""
        self.value(name, type, lambda scope: get(regime) if (regime := self.regime(scope)) else None, about, choices)

    def link(self, name: str, form: Callable[[Scope], Form | None], about: str) -> None:
        """Register a link to a form: the value is the address, shown under the name of the form."""

        def show(scope: Scope) -> LinkValue | None:
            found = form(scope)
            return LinkValue(self.labels(scope.language, found.name, None), found.url) if found else None

        self.value(name, "text", lambda scope: found.url if (found := form(scope)) else None, about, (), show)

    def regime_values(self) -> None:
        facts = self.facts
        self.of_regime("regime", "choice", lambda regime: regime.id, "which rules hold", tuple(facts.regimes))
        self.of_regime("right", "choice", lambda regime: regime.right, "is there a right to object", get_args(Right))
        self.of_regime(
            "forms_open",
            "choice",
            lambda regime: regime.forms_open,
            "do the forms for own posts open",
            ("yes", "unknown", "no"),
        )
        kinds = ("objection", "suspension", "request")
        self.of_regime("letter_kind", "choice", lambda regime: regime.letter, "what a letter may be", kinds)
        self.value("company", "text", lambda scope: facts.pack.company, "the company")
        self.value("controller", "text", self.controller_name, "the company a letter goes to")
        self.value(
            "has_address",
            "yes_no",
            lambda scope: bool(self.parts(blocks.controller_address, scope)),
            "is its postal address known",
        )
        self.link(
            "contact_link", lambda scope: facts.forms[facts.pack.contact_form], "the company's privacy contact page"
        )
        self.link(
            "try_link",
            lambda scope: facts.forms[regime.try_form] if (regime := self.regime(scope)) else None,
            "a page worth opening once",
        )
        self.value(
            "third_party_form",
            "choice",
            lambda scope: found.id if (found := self.third_party(scope)) else None,
            "form for data from others",
            tuple(facts.forms),
        )
        self.link("third_party_link", self.third_party, "form for data from others")
        self.of_regime("has_law", "yes_no", lambda regime: bool(regime.laws), "may a law be cited")
        self.of_regime(
            "deadline_days_known", "yes_no", lambda regime: deadlines.usable(regime.deadline), "is a time limit known"
        )
        self.value("deadline", "date", lambda scope: self.due(scope, extended=False), "last day for the answer")
        self.value(
            "deadline_late",
            "date",
            lambda scope: self.due(scope, extended=True),
            "last day after an announced extension",
        )
        self.value("deadline_words", "text", self.deadline_words, "the time limit in words")
        self.of_regime(
            "last_checked", "date", lambda regime: regime.checked_on.isoformat(), "when the facts were last checked"
        )
        self.of_regime("newest_source", "date", lambda regime: blocks.newest(facts, regime), "day of the newest source")
        for name, block in (
            ("has_situation_notes", blocks.situation_notes),
            ("has_earlier_objection", blocks.earlier_objection),
        ):
            self.value(name, "yes_no", self.filled(block), "has the block of this name anything to say")
        lists = tuple(facts.follow_ups)
        self.value(
            "follow_ups",
            "choices",
            lambda scope: tuple(choose.follow_ups_open(facts, scope.slots)),
            "follow-up lists of the chosen reasons",
            lists,
        )

    def controller_name(self, scope: Scope) -> str | None:
        found = choose.controller(self.facts, scope.slots)
        return found.name if found else None

    def third_party(self, scope: Scope) -> Form | None:
        """Find the form of the last product, which stands for what others post."""
        regime = self.regime(scope)
        return self.facts.forms[regime.forms[tuple(self.facts.products)[-1]][0]] if regime else None

    def due(self, scope: Scope, extended: bool) -> str | None:
        regime, sent_on = self.regime(scope), scope.slots.get("sent_on")
        day: date | None = None
        if regime and isinstance(sent_on, str):
            day = deadlines.due(regime.deadline, sent_on, extended)
        return day.isoformat() if day else None

    def deadline_words(self, scope: Scope) -> str | None:
        regime = self.regime(scope)
        if regime is None:
            return None
        known = regime.deadline if deadlines.usable(regime.deadline) else None
        return self.labels(scope.language, known.words if known else self.facts.phrases.deadline_unknown, None)

    def form_values(self) -> None:
        facts, forms = self.facts, tuple(self.facts.forms)
        needed = choose.forms_needed
        self.value(
            "forms_needed", "choices", lambda scope: needed(facts, scope.slots), "the forms to send, in order", forms
        )
        self.value("forms_count", "number", lambda scope: len(needed(facts, scope.slots)), "how many forms")
        self.value("several_forms", "yes_no", lambda scope: len(needed(facts, scope.slots)) > 1, "more than one form")
        self.value("forms_left", "number", self.forms_left, "how many forms are not done")
        self.value(
            "next_form",
            "choice",
            lambda scope: choose.next_form(facts, scope.slots),
            "first form that is not done",
            forms,
        )
        self.value("has_form", "yes_no", lambda scope: self.current(scope) is not None, "is there a form to speak of")
        self.of_form("current_form", "choice", lambda form, regime: form.id, "the form being spoken of", forms)
        self.of_form("form_name", "text", lambda form, regime: form.name, "its name", translated=True)
        self.of_form("form_login", "choice", lambda form, regime: form.login, "must one be signed in", get_args(Answer))
        self.of_form(
            "form_product", "choice", lambda form, regime: form.product, "what it is for", (*facts.products, "all")
        )
        self.of_form(
            "form_open",
            "choice",
            lambda form, regime: opens(facts, form, regime.id),
            "does it open here",
            ("yes", "unknown", "no"),
        )
        self.of_form(
            "form_code",
            "choice",
            lambda form, regime: choose.by_regime(facts, dict(form.code), regime.id),
            "is a code sent by e-mail",
            get_args(Answer),
        )
        self.of_form(
            "reason_needed",
            "choice",
            lambda form, regime: choose.by_regime(facts, dict(form.reason), regime.id),
            "must a reason be given",
            get_args(Answer),
        )
        self.of_form(
            "has_form_path",
            "yes_no",
            lambda form, regime: blocks.form_paths(facts, form, regime),
            "are menu steps known",
        )
        self.link("form_link", self.current, "the form being spoken of")
        self.value(
            "alternative",
            "choice",
            lambda scope: found.id if (found := self.alternative(scope)) else None,
            "form to try instead",
            forms,
        )
        self.value(
            "has_alternative",
            "yes_no",
            lambda scope: self.alternative(scope) is not None,
            "is there another form to try",
        )
        self.value(
            "alternative_name",
            "text",
            lambda scope: self.labels(scope.language, found.name, None) if (found := self.alternative(scope)) else None,
            "its name",
        )
        self.link("alternative_link", self.alternative, "form to try instead")

    def current(self, scope: Scope) -> Form | None:
        return choose.current_form(self.facts, scope.slots)

    def forms_left(self, scope: Scope) -> int:
        done = choose.several(scope.slots.get("forms_done"))
        return sum(name not in done for name in choose.forms_needed(self.facts, scope.slots))

    def alternative(self, scope: Scope) -> Form | None:
        found = choose.alternatives(self.facts, scope.slots)
        return self.facts.forms[found[0]] if found else None

    def of_form(
        self,
        name: str,
        type: ValueType,
        get: Callable[[Form, Regime], Value],
        about: str,
        choices: tuple[str, ...] = (),
        translated: bool = False,
    ) -> None:
        """Register a value of the current form in the regime."""

        def find(scope: Scope) -> Value | None:
            form, regime = self.current(scope), self.regime(scope)
            if form is None or regime is None:
                return None
            found = get(form, regime)
            return self.labels(scope.language, str(found), None) if translated else found

        self.value(name, type, find, about, choices)

    def authority_values(self) -> None:
        facts = self.facts

        def found(scope: Scope) -> Any:
            part = scope.slots.get("subdivision")
            listed = territories.authorities(
                facts, str(scope.slots.get("territory")), part if isinstance(part, str) else None
            )
            return listed[0] if listed else None

        def name(scope: Scope) -> str | None:
            return blocks.authority_name(facts, scope.slots, scope.language)

        def show(scope: Scope) -> LinkValue | None:
            one, label = found(scope), name(scope)
            return LinkValue(label, one.form or one.website) if one and label else None

        self.value("authority", "text", name, "where to complain", (), show)
        self.value("has_authority", "yes_no", lambda scope: found(scope) is not None, "is an authority known to us")
        self.value(
            "company_first",
            "yes_no",
            lambda scope: bool((one := found(scope)) and one.company_first),
            "must the company be asked first",
        )
        self.value(
            "needs_subdivision",
            "yes_no",
            lambda scope: territories.needs_subdivision(facts, str(scope.slots.get("territory"))),
            "does a complaint depend on the part of the territory",
        )

    # blocks

    def parts(self, block: Callable[[Facts, Slots, blocks.Say], list[Part]], scope: Scope) -> list[Part]:
        return block(self.facts, scope.slots, self.say(scope.language))

    def filled(self, block: Callable[[Facts, Slots, blocks.Say], list[Part]]) -> Callable[[Scope], bool]:
        return lambda scope: bool(self.parts(block, scope))

    def block(self, name: str, get: Callable[..., list[Part]], *more: str) -> None:
        def compose(scope: Scope) -> list[Part]:
            return get(self.facts, scope.slots, self.say(scope.language), *more)

        self.registry.blocks[name] = BlockProvider(compose, (get.__doc__ or "").partition("\n")[0])

    def blocks(self) -> None:
        for get in (
            blocks.policy_summary,
            blocks.policy_details,
            blocks.story,
            blocks.sources,
            blocks.law,
            blocks.situation_notes,
            blocks.earlier_objection,
            blocks.accounts_note,
            blocks.form_asks,
            blocks.try_path,
            blocks.third_party_notes,
            blocks.controller_address,
        ):
            self.block(get.__name__, get)
        self.block("form_path_web", blocks.form_path, "web")
        self.block("form_path_app", blocks.form_path, "app")
        self.block("self_help", blocks.steps, "self_help")
        self.block("after_steps", blocks.steps, "after")

        def details(scope: Scope) -> list[Part]:
            say = self.say(scope.language)
            return blocks.authority_details(self.facts, scope.slots, say, scope.language, self.language_names)

        self.registry.blocks["authority_details"] = BlockProvider(
            details, (blocks.authority_details.__doc__ or "").partition("\n")[0]
        )


def _always(ids: tuple[str, ...]) -> Callable[[Facts, Slots], Sequence[str]]:
    return lambda facts, slots: ids
