"""The ten-question dialog of every contestant as a content folder for our bot: typed answers, or one button each."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

_BASE = Path(__file__).parents[2] / "packs" / "tiny_company"
_QUESTIONS = 10


def make(root: Path, *, buttons: bool) -> None:
    """Write the folder: facts, letters and phrases of the tests' tiny company, and the quiz in place of its dialog.

    With `buttons` every question has an answer to press and the way back, as people get them, so each is edited in
    place; without, nothing can be pressed and a turn is one call.
    """
    shutil.copytree(_BASE, root)
    pack = root / "dialogs" / "brightnote"
    shutil.rmtree(pack / "examples", ignore_errors=True)
    (pack / "main.yaml").write_text(_dialog(buttons=buttons), "utf-8")
    if not buttons:
        path = pack / "pack.yaml"
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"(?m)^  back:\n(?:    .*\n)+", "", text), "utf-8")


def _dialog(*, buttons: bool) -> str:
    kind = "type: choice" if buttons else "type: text"
    lines = ["dialog: main", "start: hello", "", "slots:"]
    for number in range(_QUESTIONS):
        lines += [f"  a{number}:", f"    {kind}", "    about: An answer"]
    lines += ["", "states:"]
    for number in range(_QUESTIONS):
        lines += [f"  {_name(number)}:", f"    say: Q{number} please answer"]
        if buttons:
            lines += [f"    save: a{number}", "    answers:", "      - answer: Yes", "        id: fine"]
        else:
            lines += [f"    write: a{number}"]
        lines += [f"    next: {_name(number + 1)}"]
    lines += [f"  {_name(_QUESTIONS)}:", f"    say: Q{_QUESTIONS} please answer", "    end: done", ""]
    return "\n".join(lines)


def _name(number: int) -> str:
    return "hello" if number == 0 else f"q{number}"
