"""Read a `.po` file strictly: Babel understands it, and every line is looked at first.

Babel alone drops an entry whose quote is missing, prints warnings to standard output, lets a header choose any
character set and makes as many plural forms as it says. So the lines are checked here, damaged and repeated entries are
taken out and named, the header is replaced by ours, and only then Babel reads what is left. Nothing here raises on any
file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.texts.errors import TextProblem
from bot.texts.plurals import header as plural_header
from bot.texts.plurals import plurals
from bot.texts.polines import Entry, Key, complete, entries, short

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FILE_BYTES = (
    16 * 1024 * 1024
)  # 400 messages take 100 KiB; larger is no catalogue of ours, and reading it would stall the bot

_CHARSET = re.compile(r"charset=([^\s;]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PoFile:
    """A file that was read: Babel's catalogue of the good entries, their places, and what is wrong with the rest."""

    file: str
    language: str
    catalog: Catalog
    entries: dict[Key, Entry]
    header: dict[str, str]
    problems: tuple[TextProblem, ...]


def read(data: bytes, file: str, language: str) -> PoFile:
    """Read a catalogue. `file` is its name for messages, `language` decides the plural forms."""
    from babel.messages.pofile import read_po  # costs 70 ms; who talks English never needs it

    problems: list[TextProblem] = []
    text = _decode(data, file, problems)
    good: dict[Key, Entry] = {}
    head: Entry | None = None
    for entry in entries(text, file, problems):
        if complete(entry, file, problems):
            key = entry.key
            if key == (None, ""):
                if head is None:
                    head = entry
                continue
            if key in good:
                place = entry.parts[0].pieces[0][0]
                problems.append(
                    TextProblem(
                        file, place, 1, "T105", f"“{short(key[1])}” stands twice; first on line {good[key].first}.",
                        "Take one of the two out; until then the first one counts.",
                    )
                )  # fmt: skip
            else:
                good[key] = entry
    fields = _header(head, file, language, problems) if text else {}
    lines = [
        'msgid ""',
        'msgstr "Content-Type: text/plain; charset=utf-8\\n"',
        f'"Plural-Forms: {plural_header(language)}\\n"',
        "",
    ]
    for key, entry in good.items():
        _check_forms(key, entry, file, language, problems)
        lines += entry.lines
        lines.append("")
    # A typed locale would bring Babel's own plural rule back; the header above is the only one that counts.
    catalog = read_po(iter(lines), ignore_obsolete=True, abort_invalid=True)
    return PoFile(
        file, language, catalog, good, fields, tuple(sorted(problems, key=lambda found: (found.line, found.col)))
    )


def _decode(data: bytes, file: str, problems: list[TextProblem]) -> str:
    if len(data) > FILE_BYTES:
        problems.append(
            TextProblem(file, 1, 1, "T101", f"The file has {len(data):,} bytes; at most {FILE_BYTES:,} are read.",
                        "Look whether this is a .po file of this project.")
        )  # fmt: skip
        return ""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        col = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        problems.append(
            TextProblem(file, line, col, "T101", f"The file is not UTF-8: the byte 0x{data[error.start]:02X} has no meaning there.",
                        "Save the file as UTF-8; the entries that can be read are used.")
        )  # fmt: skip
        # Surrogates mark the bytes that could not be read; the line check refuses them line by line.
        return data.decode("utf-8", "surrogateescape")


def _check_forms(key: Key, entry: Entry, file: str, language: str, problems: list[TextProblem]) -> None:
    """Name a plural message that has too few or too many forms; an untranslated one is nobody's mistake."""
    if entry.part("msgid_plural") is None:
        return
    strings = entry.strings
    needed = plurals(language).categories
    empty = [index for index, part in enumerate(strings) if not part.text.strip()]
    if len(empty) == len(strings):
        return
    missing = [*empty, *range(len(strings), len(needed))]
    if missing or len(strings) > len(needed):
        problems.append(
            TextProblem(
                file, *entry.locate(), "T108",
                f"“{short(key[1])}” has {len(strings) - len(empty)} forms; {language} has {len(needed)}: {', '.join(needed)}.",
                "Fill in " + ", ".join(f"msgstr[{index}] ({needed[index]})" for index in missing if index < len(needed)) + "."
                if missing else f"Take out msgstr[{len(needed)}] and later ones.",
            )
        )  # fmt: skip


def _header(head: Entry | None, file: str, language: str, problems: list[TextProblem]) -> dict[str, str]:
    """Read the header for what it says of itself; our own values are used in any case."""
    if head is None:
        problems.append(
            TextProblem(file, 1, 1, "T106", "The header is missing.",
                        'Begin the file with msgid "" and a msgstr that has Content-Type and Plural-Forms.', "warning")
        )  # fmt: skip
        return {}
    string = head.strings[0]
    fields = {
        name.strip(): value.strip()
        for name, found, value in (line.partition(":") for line in string.text.split("\n"))
        if found
    }
    charset = _CHARSET.search(fields.get("Content-Type", ""))
    if charset is None or charset.group(1).lower().replace("-", "") != "utf8":
        problems.append(
            TextProblem(file, *string.locate(0), "T106",
                        f"The header says {'no character set' if charset is None else f'the character set “{charset.group(1)}”'}.",
                        "Write Content-Type: text/plain; charset=UTF-8 and save the file as UTF-8.", "warning")
        )  # fmt: skip
    if not plurals(language).agrees(fields.get("Plural-Forms", "")):
        problems.append(
            TextProblem(file, *string.locate(max(string.text.find("Plural-Forms"), 0)), "T107",
                        f"Plural-Forms is not the rule of {language}; the right rule is used in its place.",
                        f"Write Plural-Forms: {plural_header(language)}", "warning")
        )  # fmt: skip
    return fields
