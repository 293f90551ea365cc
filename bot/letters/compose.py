"""Put a letter together from what is known: pure, the same choices and date give the same text.

The short form begins with everything in its `short` size; while it is longer than its limit, the recipe's steps of
shortening are taken one after the other. What the person wrote is never cut: where even the last step does not help,
`Letter.fits` is False and the person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date
from babel.lists import format_list

from bot.engine.conditions import Lookup
from bot.engine.providers import Labels
from bot.letters.models import OTHERWISE, REASONS, FollowUp, Letters, Size, Version
from bot.texts.languages import is_rtl
from bot.texts.locale_data import locale
from bot.texts.markup import MarkupError, MissingValue, compile_markup
from bot.texts.plain import to_plain

NO_SPACES = frozenset({"ja", "zh"})
"""Languages that put no space between two sentences."""


@dataclass(frozen=True, slots=True)
class Msg:
    """A text of the facts that is still to be translated (`GDPR Art. 21(1)`)."""

    msgid: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Answers to be listed by the names that the letters have for them."""

    group: str
    ids: tuple[str, ...]


Fill = str | date | Msg | Chosen


@dataclass(frozen=True, slots=True)
class Case:
    """All that a letter may say about a person and the law.

    `language` is the letter's; `lookup` gives an answer or a value of the facts by its name, or None; `values` are the
    fill-ins, without an entry for what is not known; `grounds` are those chosen and still offered, `asks` names the
    slot of each ground's follow-up question.
    """

    language: str
    lookup: Lookup
    values: Mapping[str, Fill] = field(default_factory=dict)
    grounds: tuple[str, ...] = ()
    asks: Mapping[str, str] = field(default_factory=dict)
    territory: str = ""
    """Where the person lives: decides whether the date is written `23 November 2026` or `November 23, 2026`."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A composed letter. `length` counts the short form as a form box does."""

    kind: str
    language: str
    subject: str
    short: str
    long: str
    length: int
    fits: bool


def length(text: str) -> int:
    """Count characters as a web form does, in UTF-16 units: an emoji counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def compose(letters: Letters, kind: str, case: Case, labels: Labels) -> Letter:
    """Compose the letter of this kind; KeyError where the pack has no such recipe."""
    recipe = letters.letters[kind]
    writer = _Writer(letters, case, labels)
    plan: dict[str, Size] = {}
    short = writer.write(recipe.short, "short", plan)
    for step in recipe.shorten:
        if length(short) <= recipe.limit:
            break
        plan[step.part] = step.size
        short = writer.write(recipe.short, "short", plan)
    counted = length(short)
    return Letter(
        kind=kind,
        language=case.language,
        subject=" ".join(writer.part(recipe.subject, "full")) if recipe.subject else "",
        short=short,
        long=writer.write(recipe.long, "full", {}),
        length=counted,
        fits=counted <= recipe.limit,
    )


@dataclass(slots=True)
class _Writer:
    letters: Letters
    case: Case
    labels: Labels
    said: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """What a part says in a size, so that the steps of shortening do not fill anything in twice."""

    def write(self, paragraphs: Sequence[Sequence[str]], size: Size, plan: Mapping[str, Size]) -> str:
        """Write the paragraphs; in the long form every reason is a paragraph of its own."""
        between = "" if self.case.language[:2] in NO_SPACES else " "
        written: list[str] = []
        for paragraph in paragraphs:
            if paragraph == ("reasons",) and size == "full":
                written += [between.join(said) for said in self.reasons(size, plan)]
                continue
            sentences: list[str] = []
            for name in paragraph:
                if name == "reasons":
                    sentences += [sentence for said in self.reasons(size, plan) for sentence in said]
                else:
                    sentences += self.part(name, plan.get(name, size))
            written.append(between.join(sentences))
        return "\n\n".join(paragraph for paragraph in written if paragraph)

    def part(self, name: str, size: Size) -> list[str]:
        """Say a part, or nothing where none of its versions fits."""
        if (name, size) not in self.said:
            version = self._version(self.letters.parts[name])
            self.said[name, size] = self._sentences(version.text(size)) if version else []
        return self.said[name, size]

    def reasons(self, size: Size, plan: Mapping[str, Size]) -> list[list[str]]:
        """Argue with each ground; where there is neither a ground nor an own word, say what can be said without."""
        grounds = [ground for ground in self.case.grounds if ground in self.letters.reasons][:REASONS]
        if not grounds:
            return (
                []
                if "own_words" in self.case.values or "no_reasons" not in self.letters.parts
                else [self.part("no_reasons", size)]
            )
        asked: set[str] = set()
        arguments = []
        for number, ground in enumerate(grounds, 1):
            slot = self.case.asks.get(ground)
            follow_ups = [] if slot is None or slot in asked else self._follow_ups(slot)
            if slot is not None:
                asked.add(slot)
            arguments.append(self._argue(ground, follow_ups, plan.get(f"reason {number}", size)))
        return arguments

    def _follow_ups(self, slot: str) -> list[FollowUp]:
        answers = self.letters.follow_ups.get(slot, {})
        chosen = self.case.lookup(slot)
        ids = (chosen,) if isinstance(chosen, str) else chosen if isinstance(chosen, tuple) else ()
        return [answers[answer] for answer in ids if answer in answers]

    def _argue(self, ground: str, follow_ups: Sequence[FollowUp], size: Size) -> list[str]:
        version = self._version(self.letters.reasons[ground])
        if version is None:
            return []
        if size == "brief":
            # One clause: the follow-up's where there is a single one, else the ground's, which is true for all of them.
            alone = follow_ups[0].brief if len(follow_ups) == 1 else None
            return self._sentences(alone or version.text(size))
        told = follow_ups[:1] if size == "lean" else follow_ups
        return [said for sizes in (version, *told) for said in self._sentences(sizes.text(size))]

    def _version(self, versions: Mapping[str, Version]) -> Version | None:
        """Choose the first version that fits and whose fill-ins are known: no law is said that the facts lack."""
        for version in versions.values():
            if (version.when is None or version.when.holds(self.case.lookup)) and all(
                name in self.case.values for _, text in version.texts() for name in compile_markup(text).names
            ):
                return version
        return None

    def _sentences(self, msgid: str | None) -> list[str]:
        if msgid is None:
            return []
        said = self._say(msgid)
        return [said] if said else []

    def _say(self, msgid: str) -> str:
        """Translate and fill in; a translation that cannot be filled is passed over for the English text."""
        language = self.case.language
        for text in (self.labels(language, msgid), msgid):
            try:
                template = compile_markup(text)
                values = {name: self._fill(self.case.values[name]) for name in template.names}
                return to_plain(template.fill(values, rtl=is_rtl(language)))
            except (MarkupError, MissingValue, KeyError):
                continue
        return ""

    def _fill(self, value: Fill) -> str:
        language = self.case.language
        if isinstance(value, Msg):
            return self.labels(language, value.msgid)
        if isinstance(value, date):
            place = f"{language}_{self.case.territory}" if self.case.territory and "_" not in language else language
            return format_date(value, "long", locale=locale(place))
        if isinstance(value, Chosen):
            names = self.letters.names.get(value.group, {})
            listed = [self.labels(language, names[one]) for one in value.ids if one in names and one != OTHERWISE]
            if not listed:
                return self.labels(language, names[OTHERWISE]) if OTHERWISE in names else ""
            return format_list(listed, locale=locale(language))
        return value
