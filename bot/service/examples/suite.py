"""Play many examples one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import NoContent, Problem
from bot.service.examples.coverage import Reached
from bot.service.examples.play import Played, play
from bot.service.examples.reading import check_names, find_files, load, same_titles
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

    `home` is the folder that file names in problems are given from (the current one where None). Raises `NoContent`
    where there is nothing to play.
    """
    files = {name_of(path, home): path for path in find_files(paths)}
    if not files:
        raise NoContent(
            "there are no examples here; an example is a .yaml file in the folder «examples» of a pack. "
            "«optout-bot record FILE» makes one."
        )
    played: list[Played] = []
    problems: list[Problem] = []
    loaded = [load(path, name) for name, path in files.items()]
    twice = {one.file: one for one in same_titles([example for example, _ in loaded if example is not None])}
    for example, found in loaded:
        if example is not None:
            found += check_names(example, library, library.catalogues.languages)
            found += [twice[example.file]] if example.file in twice else []
        problems += found
        if example is not None and not _broken(found):
            played.append(play(library, example))
    return Results(tuple(played), tuple(sorted(problems)), files)


def name_of(path: Path, home: Path | None) -> str:
    """Give a path as a person would type it: relative to `home` (or where they are), if it lies below."""
    try:
        return path.resolve().relative_to((home or Path.cwd()).resolve()).as_posix()
    except ValueError:
        return str(path)


def _broken(problems: Sequence[Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)
