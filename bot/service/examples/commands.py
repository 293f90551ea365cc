"""What `optout-bot test` and `optout-bot record` do; the command line only hands its arguments on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from bot.service.examples.report import explain, summary
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
    _print_problems(results, out)
    for played in results.played:
        if transcript:
            print(written(played), end="\n\n", file=out)
        for difference in played.differences[:1]:
            print(explain(played.example, difference), end="\n\n", file=out)
    print(summary(results.played, results.unread), file=out)
    return FINE if results.ok else PROBLEMS


def _print_problems(results: Results, out: TextIO) -> None:
    for problem in results.problems:
        print(problem, file=out)
    if results.problems:
        print(file=out)
