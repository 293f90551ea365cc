"""List every text of the facts that people read, for the catalogues."""

from __future__ import annotations

from collections.abc import Iterator

from bot.facts.answers import lists
from bot.facts.fields import Record
from bot.facts.models import Facts
from bot.facts.offer import MATCH_WORDS

Item = tuple[str, str, str | None]
"""place id, English text, context"""

_AUTHORITY_TEXTS = ("how", "language_note", "phone_note", "note", "before")


def texts(facts: Facts) -> Iterator[Item]:
    """Yield place id, text and context of every translatable text; names of companies and places are not among them.

    Texts with the context `match words` are lists of what people type, and never shown.
    """
    root = f"{facts.pack.id}/facts"
    for path, text in _walk(facts):
        yield f"{root}/{path}", text, None
    for path, also in _also(facts):
        if also is not None:
            yield f"{root}/{path}/also", also, MATCH_WORDS


def _walk(facts: Facts) -> Iterator[tuple[str, str]]:
    for name in type(facts.phrases).model_fields:
        value = getattr(facts.phrases, name)
        if isinstance(value, str):
            yield f"phrases/{name}", value
    for name, text in facts.phrases.fields.items():
        yield f"phrases/fields/{name}", text
    for product in facts.products.values():
        yield f"products/{product.id}/name", product.name
    for regime in facts.regimes.values():
        yield f"regimes/{regime.id}/name", regime.name
        for law_id, law in regime.laws.items():
            yield f"regimes/{regime.id}/laws/{law_id}/cite", law.cite
            yield f"regimes/{regime.id}/laws/{law_id}/use", law.use
        for key, deadline in (("deadline", regime.deadline), ("acknowledgement", regime.acknowledgement)):
            if deadline is not None:
                yield f"regimes/{regime.id}/{key}/words", deadline.words
    for claim in facts.claims.values():
        yield f"claims/{claim.id}/text", claim.text
    for form in facts.forms.values():
        if form.status == "gone":
            continue
        yield f"forms/{form.id}/name", form.name
        for ask_id, ask in form.asks.items():
            yield f"forms/{form.id}/asks/{ask_id}", ask.text
    for path in facts.paths.values():
        yield f"paths/{path.id}/place", path.place
        for number, line in enumerate(path.steps, 1):
            yield f"paths/{path.id}/steps/{number}", line
    for ground in facts.grounds.values():
        yield f"grounds/{ground.id}/label", ground.label
        yield f"grounds/{ground.id}/summary", ground.summary
    for follow_up in facts.follow_ups.values():
        for id, option in follow_up.options.items():
            yield f"follow_ups/{follow_up.id}/{id}", option.label
    for step in facts.steps.values():
        yield f"steps/{step.id}/text", step.text
    for event in facts.events.values():
        yield f"events/{event.id}/text", event.text
    for controller in facts.controllers.values():
        yield from _optional(f"controllers/{controller.id}", controller, ("note",))
    for authority in facts.authorities.values():
        yield from _optional(f"authorities/{authority.id}", authority, _AUTHORITY_TEXTS)
    for source in facts.sources.values():
        if source.url is None:
            # Without a page to open, the publisher is a description and no name.
            yield f"sources/{source.id}/publisher", source.publisher


def _also(facts: Facts) -> Iterator[tuple[str, str | None]]:
    for path, answers in lists(facts):
        # The place of an option has never had the word "options" in it, and translations keep to their places.
        where = "/".join(str(part) for part in path if part != "options")
        for id, (_, also) in answers.items():
            yield f"{where}/{id}", also


def _optional(path: str, record: Record, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        text = getattr(record, name)
        if text is not None:
            yield f"{path}/{name}", text
