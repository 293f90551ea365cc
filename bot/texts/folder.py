"""Find the catalogues in a folder, as translators' tools keep them: `<language>/LC_MESSAGES/messages.po`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.texts.errors import TextProblem
from bot.texts.languages import SOURCE, normalise
from bot.texts.locale_data import subtags

_PLACE = Path("LC_MESSAGES", "messages.po")

Files = dict[str, tuple[str, bytes]]
"""By language: the file's name for messages and its bytes."""


def find(folder: Path, languages: Iterable[str] | None = None) -> tuple[Files, list[TextProblem]]:
    """Read the bytes of the catalogues of these languages, or of all; say which folder or file cannot be used."""
    problems: list[TextProblem] = []
    files: Files = {}
    wanted = None if languages is None else {normalise(language) or language for language in languages}
    for path in sorted(folder.glob(f"*/{_PLACE}")):
        name = path.parent.parent.name
        language = normalise(name)
        if language is None or subtags(language) is None:
            hint = "Name the folder like de, pt_BR or zh_Hans."
            problems.append(TextProblem(str(path), 1, 1, "T109", f"“{name}” is no language that CLDR knows.", hint))
        elif wanted is None or language in wanted:
            try:
                files[language] = (str(path), path.read_bytes())
            except OSError as error:
                message = f"The file cannot be read: {error.strerror or type(error).__name__}."
                problems.append(TextProblem(str(path), 1, 1, "T101", message, "Look whether it is a file we may read."))
                (wanted or set()).discard(language)
    problems += _misplaced(folder)
    for language in sorted((wanted or set()) - files.keys() - {SOURCE}):
        path = folder / language / _PLACE
        hint = "Add the file, or take the language out of the settings."
        problems.append(TextProblem(str(path), 1, 1, "T101", f"There is no catalogue for {language}.", hint))
    return files, problems


def _misplaced(folder: Path) -> list[TextProblem]:
    """Name the catalogues that lie where nobody looks, one folder too high or under another name."""
    found = []
    templates = folder.glob("*/LC_MESSAGES/*.pot")  # a catalogue saved as a template
    for path in sorted({*folder.glob("*.po"), *folder.glob("*/*.po"), *folder.glob("*/*/*.po"), *templates}):
        if path.relative_to(folder).parts[1:] == _PLACE.parts:
            continue
        language = path.stem if path.parent == folder else path.relative_to(folder).parts[0]
        message = "This catalogue lies in the wrong place; nothing in it is used."
        right = folder / language / _PLACE
        hint = f"Move it to {right}."
        if right.is_file():
            hint = f"Delete it if it is a copy; what counts is {right}."
        found.append(TextProblem(str(path), 1, 1, "T109", message, hint))
    return found
