"""Hold the tiny pack over which the examples of the checks are laid: another company, a few providers."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.shape import PHRASES
from bot.engine.providers import BlockProvider, File, FileProvider, ListProvider, Registry, ValueProvider
from bot.texts.tree import Link, Paragraph, Run

_FILL_INS = {
    "unknown_command": "I do not know {command}.",
    "foreign_command": "'`{command}` belongs to another chat.'",
    "did_you_mean_one": "Did you mean {candidate}?",
    "too_long": "Please write at most {limit} characters.",
}

PACK = (
    "pack: lamps\ntitle: Lamp report\nstart: main\n\ncommands:\n"
    "  help:\n    about: What I can do\n    do: help\n    also: help me\n"
    "  back:\n    about: One step back\n    built in: back\n"
    "  forget:\n    about: Delete everything\n    do: forget\n"
    "  privacy:\n    about: What I keep\n    do: help\n"
    "  restart:\n    about: Begin again\n    go: main/which\n    clear: all\n"
    "foreign commands: /reset-lamp\n\nphrases:\n"
    # Those with fill-ins come first, so that a further phrase moves no line that an example names.
    + "".join(f"  {name}: {_FILL_INS.get(name, 'A word from me.')}\n" for name in dict.fromkeys((*_FILL_INS, *PHRASES)))
)
"""A whole `pack.yaml`."""

MAIN = """dialog: main
start: which

slots:
  lamp:
    type: choice
    about: The lamp you mean

states:
  which:
    say: Which lamp is broken?
    save: lamp
    answers:
      - answer: The one at the bridge
        id: bridge
      - answer: The one at the station
        id: station
    next: thanks

  thanks:
    say: Thank you. I send somebody to the lamp {lamp}.
    end: done
"""
"""A whole `main.yaml`; line 12 is its question."""

FILES: Mapping[str, str] = {
    "pack.yaml": PACK,
    "main.yaml": MAIN,
    "help.yaml": "dialog: help\nstart: say\n\nstates:\n  say:\n    say: I report broken lamps.\n    end: done\n",
    "forget.yaml": "dialog: forget\nstart: gone\n\nstates:\n  gone:\n    say: All is gone.\n    end: forget\n",
}


def registry() -> Registry:
    """Make the providers the examples may name."""
    colours = {"red": "Red", "green": "Green", "blue": "Blue"}
    many = tuple(f"lamp_{number}" for number in range(101))
    return Registry(
        values={
            "right": ValueProvider("choice", lambda scope: "yes", ("yes", "partly", "no")),
            "days": ValueProvider("number", lambda scope: 3),
            "today": ValueProvider("date", lambda scope: scope.now.date().isoformat()),
            "several": ValueProvider("yes_no", lambda scope: True),
            "form": ValueProvider(
                "text", lambda scope: "form", show=lambda scope: Link("form", "https://lamps.example")
            ),
        },
        lists={
            "colours": _list(colours),
            "every_lamp": _list(dict.fromkeys(many, "Lamp")),
            "wordy": _list({"the_lamp_at_the_bridge_over_the_river": "Bridge", "station": "Station"}),
        },
        blocks={"summary": BlockProvider(lambda scope: (Paragraph((Run("All lamps."),)),))},
        files={"letter": FileProvider(lambda scope: File("letter.txt", "text/plain", b"Dear city"))},
    )


def _list(labels: Mapping[str, str]) -> ListProvider:
    ids = tuple(labels)
    return ListProvider(ids, lambda scope: ids, lambda one, language: labels[one], lambda one, language: ())


def dialog(states: str, slots: str = "", name: str = "main", start: str = "which") -> str:
    """Write a dialog file around some states (and slots), so that an example shows only what it is about."""
    declared = f"\nslots:\n{slots}" if slots else ""
    return f"dialog: {name}\nstart: {start}\n{declared}\nstates:\n{states}"


def po(*messages: tuple[str, str], language: str = "de") -> dict[str, str]:
    """Write a catalogue: pairs of source and translation."""
    head = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    )
    body = "".join(f'\nmsgid "{source}"\nmsgstr "{said}"\n' for source, said in messages)
    return {f"locales/{language}/LC_MESSAGES/messages.po": head + body}
