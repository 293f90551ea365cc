"""A small pack about pets, with every kind of state: the tests' own conversation."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.content.compile import finish, read_pack
from bot.content.resolve import resolve
from bot.content.shape import PHRASES
from bot.engine.effects import EditLast, Say
from bot.engine.events import Event, Started
from bot.engine.model import Pack
from bot.engine.providers import BlockProvider, File, FileProvider, ListProvider, Registry, Scope, ValueProvider
from bot.engine.session import Session, decode, encode
from bot.engine.step import Outcome, step
from bot.engine.text import Text
from bot.service.library import Library
from bot.texts.catalogue import Catalogues
from bot.texts.tree import Paragraph, Run

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

WORDS = {
    "yes_words": "yes, yep",
    "none_words": "none, nothing",
    "all_words": "all, everything",
    "negation_words": "not, without",
    "joining_words": "and, or",
    "neither": "None of these",
    "did_you_mean_one": "Did you mean {candidate}?",
    "unknown_command": "No command {command}.",
    "too_long": "Too long, at most {limit}.",
    "number_range": "From {from} to {to}, please.",
    "date_range": "From {from} to {to}, please.",
}

PACK = """pack: pets
title: Pets
start: main
foreign commands: /reset-ai
commands:
  help:
    about: What I can do
    do: help
    also: help, what now, assist
  back:
    about: One step back
    built in: back
    also: back
  animal:
    about: Another animal
    go: main/animal
  restart:
    about: Begin again
    go: main/hello
    clear: all
  forget:
    about: Delete everything
    do: forget
phrases:
""" + "".join(f"  {name}: '{WORDS.get(name, 'phrase ' + name)}'\n" for name in PHRASES)

MAIN = """dialog: main
start: hello
slots:
  animal:
    type: choice
  country:
    type: choice
    from: places
    about: Where you live
  foods:
    type: choices
    from: foods
    depends on: animal
  count:
    type: number
    from: 1
    to: 20
    depends on: animal
  born:
    type: date
    latest: today
  nick:
    type: name
  tags:
    type: choices
states:
  hello:
    say: Hello!
    next: animal
  animal:
    say: Which animal do you have?
    again: Which animal?
    save: animal
    answers:
      - answer: A dog
        id: dog
        also: doggy, puppy
      - answer: A cat
        id: cat
        also: kitten
      - answer: None
        id: nothing
        go: goodbye
      - answer: A unicorn
        id: unicorn
        when: country is known
    next: country
  country:
    say: Where does it live?
    choose: places
    save: country
    next: foods
  foods:
    say: What does it eat?
    pick: foods
    save: foods
    at least: 1
    up to: 2
    done: That is all
    answers:
      - answer: I do not know
        id: unknown
        go: count
    next: count
  count:
    say: How many do you have?
    write: count
    not_understood: A number, please.
    answers:
      - answer: Skip
        id: skip
        go: branch
    next: branch
  branch:
    branch:
      - when: animal is dog and count > 3
        go: many
      - when: right is no
        go: nowhere
      - otherwise: born
  many:
    say:
      - by: count
        one: One dog.
        other: "{count} dogs."
      - show: summary
      - attach: card
    set:
      tags: lively
    add:
      tags: =animal
    next: born
  nowhere:
    say: Pets are not allowed there.
    record: refused
    next: goodbye
  born:
    say: When was it born?
    write: born
    next: name
  name:
    do: name
    next: goodbye
  goodbye:
    say: Goodbye {nick}!
    remind:
      name: feed
      in: 1 day
      do: feed
    end: done
"""

NAME = """dialog: name
start: ask
states:
  ask:
    say: What is its name?
    write: nick
    answers:
      - answer: It has none
        id: nameless
        go: out
        clear: nick
    next: out
  out:
    end: done
"""

HELP = """dialog: help
start: ask
states:
  ask:
    say: What do you need?
    answers:
      - answer: Nothing
        id: fine
        go: out
      - answer: More
        id: more
        go: more
  more:
    say: More of what?
    answers:
      - answer: Enough
        id: enough
        go: out
  out:
    say: Fine.
    end: done
"""

FORGET = """dialog: forget
start: gone
states:
  gone:
    say: Everything is gone.
    end: forget
"""

FEED = """dialog: feed
start: ask
states:
  ask:
    say: Did you feed it?
    answers:
      - answer: Fed
        id: fed
        go: out
  out:
    say: Good.
    end: done
"""

FILES = {
    "pack.yaml": PACK, "main.yaml": MAIN, "name.yaml": NAME, "help.yaml": HELP, "forget.yaml": FORGET,
    "feed.yaml": FEED,
}  # fmt: skip

PLACES = {
    "IR": ("Iran", ()), "IQ": ("Iraq", ()), "DE": ("Germany", ("Deutschland",)), "GE": ("Georgia", ()),
    "US": ("United States", ("USA", "Georgia")), "AT": ("Austria", ()), "AU": ("Australia", ()),
    "NE": ("Niger", ()), "NG": ("Nigeria", ()),
}  # fmt: skip
FOODS = ("meat", "fish", "grass")


def registry() -> Registry:
    """Make the providers of the pets: places with near neighbours, foods, one value, one block, one file."""
    made = Registry()
    made.lists["places"] = ListProvider(
        tuple(PLACES),
        lambda scope: tuple(PLACES),
        lambda one, language: PLACES[one][0],
        lambda one, language: PLACES[one][1],
        shown=lambda scope: ("DE", "US"),
    )
    made.lists["foods"] = ListProvider(
        FOODS,
        lambda scope: FOODS[:2] if scope.slots.get("animal") == "cat" else FOODS,
        lambda one, language: one.capitalize(),
        lambda one, language: (),
    )
    made.values["right"] = ValueProvider("choice", _right, ("yes", "no"))
    made.blocks["summary"] = BlockProvider(lambda scope: (Paragraph((Run(f"animal {scope.slots['animal']}"),)),))
    made.files["card"] = FileProvider(lambda scope: File("card.txt", "text/plain", b"card"))
    return made


def _right(scope: Scope) -> str | None:
    country = scope.slots.get("country")
    return None if country is None else "no" if country == "IR" else "yes"


def compiled(files: dict[str, str] | None = None, providers: Registry | None = None) -> Pack:
    """Compile the pets, or other files, and refuse any problem."""
    result = read_pack("pets", files or FILES)
    assert result.pack is not None, [str(problem) for problem in result.problems]
    found = resolve(result.pack, providers or registry())
    assert not found, [str(problem) for problem in found]
    return finish(result.pack)


def library(files: dict[str, str] | None = None, translations: dict[str, str] | None = None) -> Library:
    """Make the library of the pets."""
    providers = registry()
    return Library(compiled(files, providers), providers, Catalogues.from_texts(translations or {}))


class Talk:
    """Talk with the engine: `talk.does(Said("dog"))`, `talk.says`; the session goes through its bytes at every turn."""

    def __init__(self, lib: Library | None = None, first: Event | None = None) -> None:
        self.library = lib or library()
        self.session: Session
        self.outcome: Outcome
        self._before: Session | None = None
        self.now = NOW
        self.does(first or Started("en"))

    def does(self, event: Event) -> Talk:
        """Handle an event; the session goes through its bytes."""
        outcome = step(self.library, self._before, event, self.now)
        self.outcome = outcome
        self.session = decode(encode(outcome.session))
        assert self.session == outcome.session
        self._before = self.session
        return self

    @property
    def says(self) -> list[str]:
        """The source texts of the last turn's messages."""
        found = []
        for effect in self.outcome.effects:
            say = effect.say if isinstance(effect, EditLast) else effect
            if isinstance(say, Say):
                found.append(say.body.msgid if isinstance(say.body, Text) else f"[{say.body.name}]")
        return found

    @property
    def choices(self) -> list[str]:
        """The answer ids offered by the last message."""
        says = [e.say if isinstance(e, EditLast) else e for e in self.outcome.effects if isinstance(e, (Say, EditLast))]
        return [choice.id for choice in says[-1].choices] if says else []

    @property
    def state(self) -> str:
        """Where the person stands."""
        return self.session.state

    @property
    def slots(self) -> dict[str, object]:
        """What is remembered."""
        return dict(self.session.slots)
