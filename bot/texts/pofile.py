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

from bot.texts.errors import Findings, TextProblem
from bot.texts.plurals import header as plural_header
from bot.texts.plurals import plurals
from bot.texts.polines import SOME_BYTES, Entry, Key, complete, entries, short

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FILE_BYTES = (
    16 * 1024 * 1024
)  # 400 messages take 100 KiB; larger is no catalogue of ours, and reading it would stall the bot

# A line that no catalogue has: neither a comment, nor a keyword with a text in quotes, nor a text in quotes.
_WRONG_LINE = re.compile(
    rb'^(?!\s*(?:#|$|"[^\n]*"\s*$|(?:msgctxt|msgid|msgid_plural|msgstr(?:\[[0-9]+\])?)[ \t]+"[^\n]*"\s*$))',
    re.MULTILINE,
)
# The marks that UTF-16 files begin with; without a mark, English letters in UTF-16 have a zero byte each.
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
FIRST_BYTES = 1024
_UNREADABLE = re.compile("[\ud800-\udfff]")
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


def looks_wrong(data: bytes) -> bool:
    """Say at once whether a catalogue may be unreadable; `read` says where and why."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return not data.strip() or _WRONG_LINE.search(data) is not None


def read(data: bytes, file: str, language: str) -> PoFile:
    """Read a catalogue. `file` is its name for messages, `language` decides the plural forms."""
    from babel.messages.pofile import read_po  # costs 70 ms; who talks English never needs it

    findings = Findings(file)
    good: dict[Key, Entry] = {}
    text = _decode(data, findings)
    for entry in entries(text, findings):
        if not complete(entry, findings):
            continue
        first = good.setdefault(entry.key, entry)
        if first is not entry:
            message = f"“{short(entry.key[1])}” stands twice; the first is on line {first.place[0]}."
            findings.error(entry.place, "T105", message, "Take one of them out; until then the first one counts.")
    if text and not good and not findings.problems:
        hint = "Look at its line ends, or take the last good version back."
        findings.error((1, 1), "T101", "There is no message in this file; nothing is translated.", hint)
        text = ""
    fields = _header(good.pop((None, ""), None), language, findings) if text else {}
    lines = [
        'msgid ""',
        'msgstr "Content-Type: text/plain; charset=utf-8\\n"',
        f'"Plural-Forms: {plural_header(language)}\\n"',
    ]
    for key, entry in good.items():
        if _forms_fit(key, entry, language, findings):
            lines += entry.lines
    # A typed locale would bring Babel's own plural rule back; the header above is the only one that counts.
    catalog = read_po(iter(lines), ignore_obsolete=True, abort_invalid=True)
    # That the file is not UTF-8 was told once for all of its lines.
    told = [found for found in findings.problems if found.message != SOME_BYTES]
    problems = sorted(told, key=lambda found: (found.line, found.col))
    return PoFile(file, language, catalog, good, fields, tuple(problems))


def _decode(data: bytes, findings: Findings) -> str:
    if len(data) > FILE_BYTES:
        message = f"The file has {len(data):,} bytes; at most {FILE_BYTES:,} are read."
        findings.error((1, 1), "T101", message, "Look whether this is a .po file of this project.")
        return ""
    if data.startswith(_UTF16) or b"\0" in data[:FIRST_BYTES]:
        # Read line by line it would give one error a line, none of which says what is wrong.
        message = "The file is not UTF-8 but looks like UTF-16, or is no text file; nothing in it was read."
        findings.error((1, 1), "T101", message, "Save the file as UTF-8 (in the editor: “Save with encoding”).")
        return ""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        message = "The file is empty; nothing is translated."
        hint = "Take the last good version back, or run: optout-bot texts update"
        findings.error((1, 1), "T101", message, hint)
        return ""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        whole = data.decode("utf-8", "surrogateescape")
        lines = sum(_UNREADABLE.search(line) is not None for line in whole.split("\n"))
        more = f" (bytes like it: {lines} lines)" if lines > 1 else ""
        message = f"The file is not UTF-8: the byte 0x{data[error.start]:02X} means nothing there{more}."
        findings.error(place, "T101", message, "Save the file as UTF-8; what can be read is used.")
        # Surrogates mark the bytes that could not be read; the line check refuses the lines they stand in.
        return whole


def _forms_fit(key: Key, entry: Entry, language: str, findings: Findings) -> bool:
    """Tell whether a message has no more forms than the language; name it when it has fewer or more.

    An untranslated message is nobody's mistake.
    """
    if entry.part("msgid_plural") is None:
        return True
    strings = entry.strings
    needed = plurals(language).categories
    empty = [index for index, part in enumerate(strings) if not part.text.strip()]
    missing = [index for index in (*empty, *range(len(strings), len(needed))) if index < len(needed)]
    there = len(strings) - len(empty)
    said = f"“{short(key[1])}” has {there} form{'s' * (there != 1)}"
    if len(strings) > len(needed):
        message = f"{said}; {language} has only {len(needed)}: {', '.join(needed)}."
        findings.error(entry.locate(len(needed)), "T108", message, f"Take out msgstr[{len(needed)}] and later ones.")
        return False
    if missing and len(empty) < len(strings):
        message = f"{said}; {language} has {len(needed)}: {', '.join(needed)}."
        wanted = ", ".join(f"msgstr[{index}] ({needed[index]})" for index in missing)
        findings.error(entry.locate(), "T108", message, f"Fill in {wanted}.")
    return True


def _header(head: Entry | None, language: str, findings: Findings) -> dict[str, str]:
    """Read the header for what it says of itself; our own values are used in any case."""
    if head is None:
        hint = 'Begin the file with msgid "" and a msgstr that has Content-Type and Plural-Forms.'
        findings.warning((1, 1), "T106", "The header is missing.", hint)
        return {}
    string = head.strings[0]
    pairs = [line.partition(":") for line in string.text.split("\n")]
    fields = {name.strip(): value.strip() for name, found, value in pairs if found}
    charset = _CHARSET.search(fields.get("Content-Type", ""))
    if charset is None or charset.group(1).lower().replace("-", "") != "utf8":
        said = "no character set" if charset is None else f"the character set “{short(charset.group(1))}”"
        hint = "Write Content-Type: text/plain; charset=UTF-8 and save the file as UTF-8."
        findings.warning(
            string.locate(max(string.text.find("Content-Type"), 0)), "T106", f"The header says {said}.", hint
        )
    written = fields.get("Language", "").replace("-", "_")
    if written and written.split("_")[0].lower() != language.split("_")[0].lower():
        place = string.locate(max(string.text.find("Language:"), 0))
        message = f"The header says the language is “{short(written)}”, but the folder is {language}."
        findings.warning(place, "T110", message, f"Write Language: {language}, or move the file where it belongs.")
    if not plurals(language).agrees(fields.get("Plural-Forms", "")):
        place = string.locate(max(string.text.find("Plural-Forms"), 0))
        message = f"Plural-Forms is not the rule of {language}; the right rule is used in its place."
        findings.warning(place, "T107", message, f"Write Plural-Forms: {plural_header(language)}")
    return fields
