"""Say what an example expected and what came, with the lines around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.service.examples.coverage import Point, Reached
from bot.service.examples.model import START, Example
from bot.service.examples.play import Difference, Played
from bot.service.examples.suggest import Known, known, suggest
from bot.service.library import Library

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


def coverage_lines(library: Library, played: Sequence[Played]) -> Iterator[str]:
    """Write how much of a pack the examples reach, and for what is missing its place and a way to it."""
    pack = library.current()
    reached = Reached()
    for one in played:
        reached.add(pack, one.turns)
    yield f"What {_count(len(played), 'example')} of «{pack.name}» reach{'es' if len(played) == 1 else ''}:"
    for group, done, there in reached.table(pack):
        if there:
            yield f"  {group:15} {done:4} of {there:4}  {_percent(done, there):>5}"
    missing = reached.missing(pack)
    if missing:
        yield from ("", "Not reached, and a short way there, to be put below «talk:» of an example:")
    knows = known(library, played, reached.values) if missing else Known()
    together: dict[tuple[str, ...], list[Point]] = {}
    for point in missing:
        way = suggest(library, point, START, knows)
        lines = way.lines if way else ("  no way found by trying: look at the conditions that lead there",)
        together.setdefault(lines, []).append(point)
    for lines, points in together.items():
        yield ""
        for point in points:
            yield f"{point.at.file}:{point.at.line}:{point.at.col}: {point}" if point.at else str(point)
        yield from lines


def _percent(done: int, there: int) -> str:
    # 199 of 200 is not everything: only what is complete says 100 %.
    return "100 %" if done == there else f"{min(99, round(100 * done / there))} %"
