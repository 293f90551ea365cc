"""Play many examples one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ContentError, Problem
from bot.service.examples.coverage import Reached
from bot.service.examples.model import Example
from bot.service.examples.play import Played, play
from bot.service.examples.reading import check_names, find_files, load
from bot.service.library import Library


@dataclass(frozen=True, slots=True)
class Results:
    """What came of a run: the examples as they were played, and the files that could not be read."""

    played: tuple[Played, ...]
    problems: tuple[Problem, ...]
    paths: Mapping[str, Path]
    """Every file of the run, by the name it has in problems."""

    @property
    def ok(self) -> bool:
        """Whether every example could be read and was as expected."""
        return not any(problem.level == "error" for problem in self.problems) and all(one.ok for one in self.played)

    def passages(self, library: Library) -> Counter[tuple[str, str]]:
        """Count how often the way from a place to a place was taken: the width of arrows for `draw`."""
        reached = Reached()
        for one in self.played:
            reached.add(library.current(), one.turns)
        return reached.passages

    @property
    def unread(self) -> int:
        """Count the files that could not be played."""
        return len(self.paths) - len(self.played)


def run(paths: Iterable[Path], library: Library, home: Path | None = None) -> Results:
    """Play the example files of these files and folders.

    `home` is the folder that file names in problems are given from (the current one where None). Raises `ContentError`
    where there is nothing to play.
    """
    files = {name_of(path, home): path for path in find_files(paths)}
    if not files:
        raise ContentError("there are no examples here; an example is a .yaml file in the folder «examples».")
    played: list[Played] = []
    problems: list[Problem] = []
    titles: dict[str, str] = {}
    for name, path in files.items():
        example, found = load(path, name)
        if example is not None:
            found += check_names(example, library, library.catalogues.languages)
            found += named_twice(example, titles)
        problems += found
        if example is not None and not _broken(found):
            played.append(play(library, example))
    return Results(tuple(played), tuple(sorted(problems)), files)


def named_twice(example: Example, titles: dict[str, str]) -> Iterator[Problem]:
    """Tell an example that has the name of another one; `titles` remembers them with their files."""
    first = titles.setdefault(example.title, example.file)
    if first != example.file:
        hint = f"{first} has it already; give another one, or delete the file if it is a copy."
        yield example.at.problem("E015", f"two examples are called «{example.title[:60]}».", hint)


def name_of(path: Path, home: Path | None) -> str:
    """Give a path as a person would type it: relative to `home` (or where they are), if it lies below."""
    try:
        return path.resolve().relative_to((home or Path.cwd()).resolve()).as_posix()
    except ValueError:
        return str(path)


def _broken(problems: Sequence[Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)
