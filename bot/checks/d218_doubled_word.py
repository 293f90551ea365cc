"""Find words that stand twice in a row, and other slips of typing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import blank
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem

CODE = "D218"
TITLE = "A slip of typing."
LEVEL: Level = "warning"
EXPLANATION = (
    "The same word twice in a row, a space before a comma, a bracket or quotation mark that is not closed, a semicolon "
    "in a list of words: slips that nobody sees any more after the third reading."
)
WHOLE = False
say = teller(CODE, LEVEL)

_TWICE = re.compile(r"(?<![\w-])([^\W\d_]{2,})[ \n]+\1(?![\w-])", re.IGNORECASE)
_FINE = {"that", "had", "bye", "no", "very", "ha", "knock"}
_SPACE = re.compile(r"(?<=\w) +[,.;?!](?!\w)|(?<=\w)[,;](?=[^\W\d_])|(?<=\S)  +(?=\S)")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("„", "“"), ("«", "»"))


def check(view: View) -> Iterator[Problem]:
    """Look at all texts; lists of words only for their commas."""
    for one in view.every:
        if one.role == "words":
            at = one.source.find(";")
            if at >= 0:
                yield say(view.spot(one.scalar, at), "a semicolon in a list of words.", "Write a comma.")
            continue
        text = blank(one.source, fill="_")
        for found in _TWICE.finditer(text):
            if found[1].lower() not in _FINE:
                yield say(view.spot(one.scalar, found.start()), f"«{found[1]}» stands twice in a row.", "Delete one.")
        for found in _SPACE.finditer(text):
            yield say(view.spot(one.scalar, found.start()), "a space too many, or one is missing.", "Mend it.")
        for opened, closed in _PAIRS:
            if (opened == "“" and "„" in text) or (opened == "„" and "„" not in text):
                continue  # „German“ and “English” marks share a sign
            if text.count(opened) != text.count(closed) and not re.search(r"(?m)^\s*\w{1,2}\)", text):
                at = max(text.rfind(opened), text.rfind(closed), 0)
                yield say(view.spot(one.scalar, at), f"«{opened}» and «{closed}» do not match.", "Add or delete one.")
        if text.count('"') % 2:
            yield say(view.spot(one.scalar, text.rfind('"')), "a quotation mark is not closed.", "Add or delete one.")


GOOD = (Example({"main.yaml": MAIN.replace("Thank you.", 'Thank you (so much), and "bye bye".')}),)
BAD = (
    *(
        Example({"main.yaml": MAIN.replace("Thank you.", text)}, 21)
        for text in ("Thank you you.", "Thank you , all.", "Thank you (all.", 'Thank you, "all.', "Thank  you.")
    ),
    Example({"main.yaml": MAIN.replace("id: bridge\n", "id: bridge\n        also: river; near\n")}, 16),
)
