"""Find texts whose marks cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.kinds import Example, Level, teller
from bot.checks.markup import template
from bot.checks.sample import MAIN
from bot.checks.view import View
from bot.errors import Problem
from bot.texts.markup import MarkupError

CODE = "D202"
TITLE = "The marks of a text cannot be read."
LEVEL: Level = "error"
EXPLANATION = (
    "Marks are `**bold**`, `` `code` ``, `[words](name)`, `{name}` and `{{` for a brace, nothing else. Close "
    "what is open; addresses never stand in a text."
)
WHOLE = False
say = teller(CODE, LEVEL)

_TAG = re.compile(r"</?(?:a|b|br|code|div|em|font|h[1-6]|i|img|li|ol|p|pre|s|span|strong|u|ul)\b[^<>\n]{0,200}>", re.I)


def check(view: View) -> Iterator[Problem]:
    """Compile every text, and look for the marks of web pages."""
    for one in view.every:
        made = template(one.source)
        if isinstance(made, MarkupError):
            message = str(made)
            yield say(view.spot(one.scalar, made.offset), message[:1].lower() + message[1:])
        for tag in _TAG.finditer(one.source):
            hint = "Bold is **words**, a link [words](name); a new line is a new line."
            yield say(view.spot(one.scalar, tag.start()), f"«{tag[0]}» would be shown as it is written.", hint)


GOOD = (Example({"main.yaml": MAIN.replace("Which lamp is broken?", "Which **lamp** is broken?")}),)
BAD = (
    Example({"main.yaml": MAIN.replace("Which lamp is broken?", "Which <b>lamp</b> is broken?")}, 11),
    Example({"main.yaml": MAIN.replace("Which lamp is broken?", "Which **lamp is broken?")}, 11),
    Example(
        {"main.yaml": MAIN.replace("Which lamp is broken?", "|\n      Which lamp\n\n      is broken, {lamp.id}?")}, 14
    ),
)
