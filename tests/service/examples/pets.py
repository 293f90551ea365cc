"""A small pack in English and German with everything an example can meet: lists, picking, writing, reminders."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.compile import finish, read_pack
from bot.content.resolve import resolve
from bot.content.shape import PHRASES
from bot.engine.providers import BlockProvider, File, FileProvider, ListProvider, Registry, ValueProvider
from bot.service.examples.model import Example
from bot.service.examples.reading import read_example
from bot.service.library import Library
from bot.texts.catalogue import Catalogues
from bot.texts.tree import CodeBlock

PHRASE_TEXTS = {
    "yes_words": "yes, ok",
    "none_words": "none, nothing",
    "all_words": "all, everything",
    "negation_words": "not, no",
    "joining_words": "and, plus",
    "neither": "None of these",
    "not_understood": "I did not understand that.",
    "unreadable": "I can only read text.",
    "old_button": "That button is old.",
    "unknown_command": "I do not know {command}.",
    "foreign_command": "{command} is not mine.",
    "ended": "We are finished.",
    "did_you_mean": "Which one?",
    "did_you_mean_one": "Did you mean {candidate}?",
    "language_changed": "All right, I speak English now.",
}

PACK = """\
pack: pets
title: Pets
start: main
commands:
  help:
    about: What I can do
    do: help
    also: help me
  back:
    about: One step back
    built in: back
  restart:
    about: Begin again
    go: main/hello
    clear: all
  language:
    about: Another language
    do: language
  forget:
    about: Delete everything
    do: forget
phrases:
"""

MAIN = """\
dialog: main
start: hello
slots:
  animal:
    type: choice
  toys:
    type: choices
    from: toys
  town:
    type: choice
    from: towns
  name:
    type: name
  count:
    type: number
    from: 1
    to: 20
states:
  hello:
    say: Hello!
    next: which
  which:
    say: Which animal do you have?
    save: animal
    not_understood: A dog or a cat?
    answers:
      - answer: A dog
        id: dog
        also: doggy, puppy
      - answer: A cat
        id: cat
      - answer: No, thank you
        id: none
        go: goodbye
    next: town
  town:
    say: Where does it live?
    choose: towns
    save: town
    next: toys
  toys:
    say: What does it play with?
    pick: toys
    save: toys
    up to: 2
    done: That is all
    answers:
      - answer: Nothing
        id: nothing
    next: name
  name:
    say: What is its name?
    write: name
    next: count
  count:
    say: How old is {name}?
    write: count
    next: old
  old:
    branch:
      - when: count > 9
        go: wise
      - otherwise: card
  wise:
    say: How wise!
    next: card
  card:
    say:
      - show: card
        kind: draft
      - attach: picture
    next: later
  later:
    say: Shall I ask again?
    answers:
      - answer: Yes, please
        id: yes
        go: remind
      - answer: No
        id: no
        go: goodbye
  remind:
    remind:
      name: again
      in: 31 days
      do: again
    next: goodbye
  goodbye:
    say: Thank you, and **goodbye**.
    end: done
"""

AGAIN = """\
dialog: again
start: ask
states:
  ask:
    say: Is {name} well?
    answers:
      - answer: Well
        id: well
      - answer: Ask tomorrow
        id: tomorrow
        go: tomorrow
    next: good
  tomorrow:
    remind:
      name: again
      in: 1 days
      do: again
    next: good
  good:
    say: Good.
    end: done
"""

HELP = """\
dialog: help
start: say
states:
  say:
    say: Answer with a button.
    end: done
"""

LANGUAGE = """\
dialog: language
start: ask
slots:
  language:
    type: choice
    from: languages
states:
  ask:
    say: Which language?
    choose: languages
    save: language
    next: said
  said:
    say: I speak it now.
    end: done
"""

FORGET = """\
dialog: forget
start: ask
states:
  ask:
    say: Delete everything?
    answers:
      - answer: Delete
        id: delete
        go: gone
      - answer: Keep
        id: keep
        go: kept
  gone:
    say: Everything is deleted.
    end: forget
  kept:
    say: I keep it.
    end: done
"""

GERMAN = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Hello!"
msgstr "Hallo!"

msgid "Which animal do you have?"
msgstr "Welches Tier hast du?"

msgid "A dog"
msgstr "Einen Hund"

msgid "Where does it live?"
msgstr "Wo wohnt es?"
"""

TOWNS = {"B": ("Berlin", "capital"), "P": ("Paris", "capital"), "L": ("London", ""), "R": ("Rome", "")}
TOYS = {"ball": "A ball", "bone": "A bone", "mouse": "A mouse"}


def files(**changed: str) -> dict[str, str]:
    """Give the files of the pack, some of them changed."""
    phrases = {name: PHRASE_TEXTS.get(name, f"({name})") for name in PHRASES}
    head = PACK + "".join(f'  {name}: "{text}"\n' for name, text in phrases.items())
    made = {"pack": head, "main": MAIN, "again": AGAIN, "help": HELP, "language": LANGUAGE, "forget": FORGET, **changed}
    return {f"{name}.yaml": text for name, text in made.items()}


def registry() -> Registry:
    """Give the providers of the pack."""
    made = Registry()
    made.lists["towns"] = ListProvider(
        every=tuple(TOWNS),
        ids=lambda scope: tuple(TOWNS),
        label=lambda one, language: TOWNS[one][0],
        words=lambda one, language: [TOWNS[one][1]],
        shown=lambda scope: ("B", "P"),
    )
    made.lists["toys"] = ListProvider(
        tuple(TOYS), lambda scope: tuple(TOYS), lambda one, language: TOYS[one], lambda one, language: []
    )
    names = {"en": "English", "de": "Deutsch"}
    made.lists["languages"] = ListProvider(
        tuple(names), lambda scope: tuple(names), lambda one, language: names[one], lambda one, language: [one]
    )
    made.values["today"] = ValueProvider("date", lambda scope: scope.now.date().isoformat())
    made.blocks["card"] = BlockProvider(lambda scope: (CodeBlock(f"{scope.slots.get('name')} the animal"),))
    made.files["picture"] = FileProvider(lambda scope: File("pet.txt", "text/plain", b"woof"))
    return made


def library(texts: Mapping[str, str] | None = None, **changed: str) -> Library:
    """Compile the pack, some files of it changed."""
    compiled = read_pack("pets", files(**changed))
    assert compiled.pack is not None, compiled.problems
    providers = registry()
    assert not resolve(compiled.pack, providers), resolve(compiled.pack, providers)
    return Library(finish(compiled.pack), providers, Catalogues.from_texts({"de": GERMAN} if texts is None else texts))


def example(talk: str, head: str = "", expect: str = "", file: str = "examples/one.yaml") -> Example:
    """Read an example from its steps, indented as in a file."""
    tail = f"expect:\n{expect}" if expect else ""
    made, problems = read_example(file, f"example: One\n{head}talk:\n{talk}{tail}")
    assert made is not None, problems
    return made
