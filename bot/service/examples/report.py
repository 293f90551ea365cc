"""Say what an example expected and what came, with the lines around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.service.examples.model import Example
from bot.service.examples.play import Difference, Played

_AROUND = 2
_WIDTH = 160


def explain(example: Example, difference: Difference) -> str:
    """Write one difference for its reader."""
    problem = difference.problem
    lines = [str(problem), f"    in «{example.title}»"]
    if difference.expected:
        lines.append(f"    expected  {_short(difference.expected)}")
    for number, came in enumerate(difference.came):
        lines.append(f"    {'came' if number == 0 else '':8}  {_short(came)}")
    if difference.problem.code == "E021":
        lines.append("    came      (nothing)")
    return "\n".join([*lines, *_excerpt(example.source, problem.line)])


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _excerpt(source: str, line: int) -> Iterator[str]:
    written = source.split("\n")
    for number in range(max(1, line - _AROUND), min(len(written), line + _AROUND) + 1):
        mark = "→" if number == line else " "
        yield f"  {mark} {number:4} │ {written[number - 1]}".rstrip()


def summary(played: Sequence[Played], unread: int) -> str:
    """Write the last line of a run: how many examples are right, and how many answers were given in words."""
    wrong = sum(1 for one in played if not one.ok)
    said, tapped = sum(one.answers("say") for one in played), sum(one.answers("tap") for one in played)
    parts = [f"{_count(len(played) + unread, 'example')}: {len(played) - wrong} as expected"]
    if wrong:
        parts.append(f"{wrong} different")
    if unread:
        parts.append(f"{unread} unreadable")
    text = f"{', '.join(parts)}."
    if said + tapped:
        text += f" {_count(said + tapped, 'answer')}, {round(100 * said / (said + tapped))} % of them by their words."
    return text


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
