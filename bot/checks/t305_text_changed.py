"""Find English texts that were changed after they were translated."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.sample import po
from bot.checks.view import View
from bot.errors import Problem

CODE = "T305"
TITLE = "A text was changed after it was translated."
LEVEL: Level = "warning"
EXPLANATION = (
    "The catalogues know this place with other words, so people read English here. Was the change meant? Then run "
    "`optout-bot texts update`: it carries the translations over and marks them for a second look."
)
WHOLE = False
say = teller(CODE, LEVEL)


def check(view: View) -> Iterator[Problem]:
    """Compare the texts of all places with what the catalogues say stands there; one finding a text."""
    known: dict[str, tuple[str, set[str]]] = {}
    for language, po_file in view.po.items():
        for (_, msgid), entry in po_file.entries.items():
            for line in entry.lines:
                for place in line[2:].split() if line.startswith("#.") else ():
                    known.setdefault(place, (language, set()))[1].add(msgid)
    for one in view.texts:
        language, said = known.get(one.text.place, ("", set()))
        if said and one.text.msgid not in said:
            before = " ".join(min(said).split())
            message = f"this was «{before[:60]}» when it was translated ({language})."
            yield say(one.scalar, message, "Run «optout-bot texts update», or take the change back.")


_PO = "locales/de/LC_MESSAGES/messages.po"
_GOOD = po(("The one at the bridge", "Die an der Brücke"))[_PO].replace(
    '\nmsgid "The', '\n#. lamps/main/which/answers/bridge\nmsgid "The'
)
GOOD = (Example({_PO: _GOOD}),)
BAD = (Example({_PO: _GOOD.replace("The one at the bridge", "The one at the old bridge")}, 14),)
