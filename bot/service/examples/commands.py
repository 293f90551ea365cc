"""What `optout-bot test` and `optout-bot record` do; the command line only hands its arguments on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.errors import BotError, UsageError
from bot.service.examples.accept import accept as accepted
from bot.service.examples.accept import difference
from bot.service.examples.languages import replay
from bot.service.examples.model import START
from bot.service.examples.record import record, refuse, write
from bot.service.examples.recorder import Recorder
from bot.service.examples.report import coverage_lines, explain, summary
from bot.service.examples.suite import Results, run
from bot.service.examples.transcript import transcript as written
from bot.service.library import Library

FINE, PROBLEMS = 0, 1


def command_test(
    paths: Sequence[Path],
    open_library: Callable[[], Library],
    out: TextIO,
    *,
    all_languages: bool = False,
    coverage: bool = False,
    accept: bool = False,
    transcript: bool = False,
    home: Path | None = None,
) -> int:
    """Play the examples of these files and folders and say what differs; gives the exit code (0 fine, 1 problems).

    `home` is the folder that file names are given from (the current one where None).
    """
    library = open_library()
    results = run(paths, library, home)
    if accept:
        changed = _accept(results, out)
        results = run(paths, library, home) if changed else results
    _print_problems(results, out)
    for played in results.played:
        if transcript:
            print(written(played), end="\n\n", file=out)
        for one in played.differences[:1]:
            print(explain(played.example, one), end="\n\n", file=out)
    print(summary(results.played, results.unread), file=out)
    fine = results.ok
    if all_languages:
        fine = _other_languages(library, results, out) and fine
    if coverage:
        print(file=out)
        for line in coverage_lines(library, results.played):
            print(line, file=out)
    return FINE if fine else PROBLEMS


def _other_languages(library: Library, results: Results, out: TextIO) -> bool:
    """Play everything in every other language; True where it went the same way everywhere."""
    fine = True
    for language in library.catalogues.languages:
        others = [one for one in results.played if language != one.language]
        strayed = [(one, found) for one in others if (found := replay(library, one, language)) is not None]
        fine = fine and not strayed
        for played, found in strayed:
            print(explain(played.example, found), end="\n\n", file=out)
        if others:
            print(f"{language}: {len(others) - len(strayed)} of {len(others)} go the same way.", file=out)
    return fine


def _accept(results: Results, out: TextIO) -> bool:
    """Rewrite the examples whose expected lines differ, and show what changed; True where something did."""
    changed: dict[str, tuple[str, str]] = {}
    for played in results.played:
        old = played.example.source
        new = accepted(played) if played.differences else old
        if new != old:
            changed[played.example.file] = (old, new)
            results.paths[played.example.file].write_text(new, encoding="utf-8")
    for name, (old, new) in changed.items():
        print(difference(name, old, new), end="\n\n", file=out)
    print(f"{len(changed)} rewritten.", end="\n\n", file=out)
    return bool(changed)


def _print_problems(results: Results, out: TextIO) -> None:
    for problem in results.problems:
        print(problem.in_one_line, file=out)
    if results.problems:
        print(file=out)


def command_record(
    path: Path,
    open_library: Callable[[], Library],
    lines: Iterable[str],
    out: TextIO,
    *,
    title: str | None = None,
    language: str = "en",
    now: datetime = START,
) -> int:
    """Play a conversation with what comes in `lines` (a terminal, a pipe) and write it to a new example file; gives 0.

    The title is made from the file's name where none is given. Raises `UsageError` where it cannot be written, or where
    the language is not there.
    """
    refuse(path)
    library = open_library()
    there = library.catalogues.languages
    if language not in there:
        # It would be played in another language than the file says, and never play again.
        raise UsageError(f"there is no language «{language[:20]}»; there is {', '.join(there)}.")
    recorder = Recorder(library, now, language)
    for line in recorder.play(lines):
        print(line, file=out, flush=True)
    title = title or path.stem.replace("_", " ").capitalize()
    made = record(title, recorder.heard, session=recorder.talk.last, language=language, now=now)
    try:
        write(path, made)
    except BotError:
        print(f"\n{made}", file=out)  # what was played would be lost
        raise
    print(f"\n{path}: written. Shorten what may change, then play it: optout-bot test {path}", file=out)
    return FINE
