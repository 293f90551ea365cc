"""Find the catalogues in a folder, as translators' tools keep them: `<language>/LC_MESSAGES/messages.po`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.texts.errors import TextProblem
from bot.texts.languages import SOURCE, normalise
from bot.texts.locale_data import is_known

Files = dict[str, tuple[str, bytes]]
"""By language: the file's name for messages and its bytes."""


def find(folder: Path, languages: Iterable[str] | None = None) -> tuple[Files, list[TextProblem]]:
    """Read the bytes of the catalogues of these languages, or of all; say which folder or file cannot be used."""
    problems: list[TextProblem] = []
    files: dict[str, tuple[str, bytes]] = {}
    wanted = None if languages is None else {normalise(language) or language for language in languages}
    for path in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        name = path.parent.parent.name
        language = normalise(name)
        if language is None or (not is_known(language)):
            problems.append(
                TextProblem(
                    str(path), 1, 1, "T109", f"“{name}” is no language that CLDR knows.",
                    "Name the folder like de, pt_BR or zh_Hans.",
                )
            )  # fmt: skip
            continue
        if wanted is not None and language not in wanted:
            continue
        try:
            files[language] = (str(path), path.read_bytes())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problems.append(
                TextProblem(str(path), 1, 1, "T101", f"The file cannot be read: {reason}.", "Look at its permissions.")
            )
    for language in sorted((wanted or set()) - files.keys() - {SOURCE}):
        path = folder / language / "LC_MESSAGES" / "messages.po"
        if not any(problem.file == str(path) for problem in problems):
            problems.append(
                TextProblem(str(path), 1, 1, "T101", f"There is no catalogue for {language}.",
                            "Add the file, or take the language out of the settings.")
            )  # fmt: skip
    return files, problems
