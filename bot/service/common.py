"""Named providers every pack has: the date, the operator, the languages, what is kept about a person."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.effects import Value
from bot.engine.providers import BlockProvider, ListProvider, Registry, Scope, ValueProvider
from bot.service.library import Library
from bot.service.render import Values
from bot.texts import languages
from bot.texts.tree import Body, Link, Paragraph, Run


def register_operator(registry: Registry, operator: Mapping[str, str]) -> None:
    """Add the values that name who runs the bot; each is unknown where the operator did not say."""

    def known(name: str) -> ValueProvider:
        value = operator.get(name) or None
        return ValueProvider("text", lambda scope: value, about=f"the operator's {name.replace('_', ' ')}")

    url = operator.get("privacy_url") or None
    registry.values |= {
        "today": ValueProvider("date", lambda scope: scope.now.date().isoformat(), about="the day of the turn"),
        "operator": known("name"),
        "operator_contact": known("contact"),
        "privacy_url": ValueProvider(
            "text", lambda scope: url, show=lambda scope: Link(url, url) if url else None, about="the privacy notice"
        ),
    }


def register_languages(registry: Registry, available: tuple[str, ...]) -> None:
    """Add the list of languages there are, each under its own name and understood in any."""
    registry.lists["languages"] = ListProvider(
        every=available,
        ids=lambda scope: available,
        label=lambda one, language: languages.endonym(one),
        words=lambda one, language: languages.words_for(one, (language, "en")),
        about="the languages there are translations for",
    )
    registry.values["speaks_english"] = ValueProvider(
        "yes_no", lambda scope: scope.language.startswith("en"), about="the conversation is in English"
    )


def _ids(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def register_kept(registry: Registry, library: Library) -> None:
    """Add the block that lists what is kept about the person, from the slots' own `about`."""

    def kept(scope: Scope) -> Body:
        pack = library.current()
        values = Values(library, pack, scope)
        lines = []
        for name in scope.slots:
            slot = pack.slots.get(name)
            if slot is None or slot.about is None:
                continue
            about = library.words(scope.language, slot.about)
            shown = str(values[name])
            # An id that only the bot itself knows («firm») says nothing to a person.
            own = slot.type in {"choice", "choices"} and shown in {str(scope.slots[name]), *_ids(scope.slots[name])}
            words = (Run(about),) if own else (Run(shown, bold=True), Run(f" – {about}"))
            lines.append(Paragraph(words, bullet=True))
        return tuple(lines)

    registry.blocks["kept"] = BlockProvider(kept, "what is kept about the person, and why")
