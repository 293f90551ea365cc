"""How old the facts are, and whether their links still work: `facts status | links`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from bot.content import folder
from bot.facts.links.page import BAD, MEANING
from bot.facts.links.targets import Target, targets
from bot.facts.load import load_facts
from bot.facts.status import Row, status

if TYPE_CHECKING:
    from bot.facts.models import Facts
    from bot.service.links import Progress, Result

_ORDER = tuple(MEANING)
_LEAST_MISSED = ("newest", "sources", "review by", "confidence", "what", "checked")
_NUMBERS = {"days", "sources"}
INTERRUPTED = 130
"""The exit code after Ctrl-C."""


def facts(arguments: argparse.Namespace) -> int:
    """Carry out `optout-bot facts …`: 1 where something is overdue, or where a page needs somebody's care."""
    found = load_facts(folder.find(arguments.content, arguments.pack).pack / "facts")
    if arguments.what == "status":
        return show_status(status(found, datetime.now(UTC).date()), as_json=arguments.json)
    chosen = targets(found, arguments.only)
    if not arguments.really:
        return show_list(chosen, as_json=arguments.json)
    results, whole = _opened(found, chosen)
    code = show_results(results, as_json=arguments.json)
    return code if whole else INTERRUPTED


def show_status(rows: Sequence[Row], *, as_json: bool) -> int:
    """Print the age of everything; 1 where something is past its review date."""
    overdue = [row for row in rows if row.overdue]
    if as_json:
        print(json.dumps([_plain(asdict(row)) for row in rows], indent=1))
        return 1 if overdue else 0
    for line in _table(rows, get_terminal_size().columns if sys.stdout.isatty() else None):
        print(line)
    print()
    for line in _summary(rows, overdue):
        print(line)
    return 1 if overdue else 0


def _table(rows: Sequence[Row], room: int | None) -> list[str]:
    """Lay the table out; in a terminal that is too narrow for all of it the columns one misses least are left out."""
    columns: dict[str, list[str]] = {
        "what": [row.kind for row in rows],
        "id": [row.id for row in rows],
        "checked": [row.checked_on.isoformat() for row in rows],
        "days": [str(row.age) for row in rows],
        "review by": [row.review_by.isoformat() for row in rows],
        "sources": [str(row.sources) for row in rows],
        "newest": [row.newest_source or "undated" for row in rows],
        "confidence": [row.confidence for row in rows],
        "opened live": [_live(row) for row in rows],
        "": ["OVERDUE" if row.overdue else "" for row in rows],
    }
    left_out = []
    for name in _LEAST_MISSED:
        if room is None or _width(columns) <= room:
            break
        del columns[name]
        left_out.append(name)
    wide = {name: max(map(len, [name, *cells])) for name, cells in columns.items()}
    numbered = ([(name, cells[number]) for name, cells in columns.items()] for number in range(len(rows)))
    lines = [
        " ".join([f"{cell:{'>' if name in _NUMBERS else '<'}{wide[name]}}" for name, cell in row]).rstrip()
        for row in [[(name, name) for name in columns], *numbered]
    ]
    return lines + [f"Left out to fit: {', '.join(left_out)}; --json has all."] * bool(left_out)


def _width(columns: Mapping[str, Sequence[str]]) -> int:
    return sum(max(map(len, [name, *cells])) + 1 for name, cells in columns.items()) - 1


def _live(row: Row) -> str:
    return row.confirmed_live.isoformat() if row.confirmed_live else "never" if row.kind == "form" else "–"


def _summary(rows: Sequence[Row], overdue: Sequence[Row]) -> list[str]:
    sure = Counter(row.confidence for row in rows)
    forms = [row for row in rows if row.kind == "form"]
    opened = sum(1 for row in forms if row.confirmed_live)
    levels = ", ".join(f"{sure[level]} {level}" for level in ("high", "medium", "low"))
    said = [
        f"{len(rows)} records, by confidence: {levels}.",
        f"{opened} of {len(forms)} forms were opened by a person.",
    ]
    if overdue:
        said.append(f"{len(overdue)} are past their review date: read their sources again, then set new dates.")
    elif rows:
        said.append(f"Nothing is overdue; the next review is due by {min(row.review_by for row in rows)}.")
    return said


def show_list(chosen: Sequence[Target], *, as_json: bool) -> int:
    """Print which pages would be opened."""
    if as_json:
        print(json.dumps([{**_target(one), "verdict": "not_asked"} for one in chosen], indent=1))
        return 0
    for one in chosen:
        print(f"{one.url}  ({one.id})")
    hosts = Counter(one.host for one in chosen)
    slowest = max(hosts.values(), default=0)
    print(f"\n{len(chosen)} pages on {len(hosts)} hosts; nothing was opened. «--really» opens them, one a second from "
          f"each host: about {max(1, round(slowest / 60 + 0.5))} min.")  # fmt: skip
    return 0


def show_results(results: Sequence[Result], *, as_json: bool) -> int:
    """Print what the pages were; 1 where somebody has to act on one."""
    bad = any(one.verdict in BAD for one in results)
    if as_json:
        print(json.dumps([_result(one) for one in results], indent=1, ensure_ascii=False))
        return 1 if bad else 0
    counts = Counter(one.verdict for one in results)
    for verdict in _ORDER:
        if verdict == "alive" or not counts[verdict]:
            continue
        print(f"{counts[verdict]} × {verdict}: {MEANING[verdict]}")
        for one in results:
            if one.verdict == verdict:
                note = f" – {one.note}" if one.note else ""
                print(f"  {one.target.file}:{one.target.line}: {one.target.id} {one.target.url}{note}")
        print()
    tail = "Look at the pages above and correct the facts by hand." if bad else "Nothing has to be corrected."
    print(f"{counts['alive']} of {len(results)} pages open as they stand. {tail}")
    return 1 if bad else 0


def _opened(found: Facts, chosen: Sequence[Target]) -> tuple[tuple[Result, ...], bool]:
    """Open the pages; after Ctrl-C what was found until then is told, and False: it may have taken an hour."""
    from bot.service.links import LinkChecker, Result

    checker = LinkChecker(shorteners=found.hosts.shorteners)
    done: dict[Target, Result] = {}
    try:
        with _showing(len(chosen)) as show:

            def forward(count: int, of: int, last: Result) -> None:
                done[last.target] = last
                show(count, of, last)

            return asyncio.run(checker.check(chosen, forward)), True
    except KeyboardInterrupt:
        print(f"interrupted: {len(done)} of {len(chosen)} pages were opened", file=sys.stderr)
        return tuple(done.get(one) or Result(one, "not_asked") for one in chosen), False


@contextmanager
def _showing(pages: int) -> Iterator[Progress]:
    """Show how far it is: a bar in a terminal, lines elsewhere."""
    if not sys.stderr.isatty():
        yield _lines
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("opening pages", total=pages)
        yield lambda done, of, last: bar.update(task, completed=done, description=last.target.host[:40])


def _lines(done: int, of: int, last: Result) -> None:
    """Say in a log how far it is, every ten pages."""
    if done % 10 == 0 or done == of:
        print(f"{done} of {of} pages, {last.target.host} last", file=sys.stderr, flush=True)


def _result(one: Result) -> dict[str, Any]:
    return {
        **_target(one.target),
        "verdict": one.verdict,
        "note": one.note,
        "status": one.status or None,
        "final": one.final or None,
    }


def _target(one: Target) -> dict[str, Any]:
    return {"id": one.id, "group": one.group, "url": one.url, "file": one.file, "line": one.line}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
