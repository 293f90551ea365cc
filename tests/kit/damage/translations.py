"""Damage to a catalogue: an editor for translators, a merge, or a translator who means well."""

from __future__ import annotations

import random
import re

from tests.kit.damage.tree import PO, Cannot, Damage, Kind, Tree, cut, made, removed, replaced, substituted

IN = ("po",)


def _entry(tree: Tree, index: int) -> tuple[int, int]:
    """Give the lines of the entry around a line."""
    lines = tree.lines(PO)
    start = index
    while start > 0 and lines[start - 1].strip():
        start -= 1
    end = index
    while end < len(lines) and lines[end].strip():
        end += 1
    return start, end


def _keyword(lines: list[str], start: int, end: int, word: str) -> int:
    return next(at for at in range(start, end) if lines[at].startswith(word))


def unterminated(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, IN, r'^(?:msgid|msgstr|msgctxt)?(?:\[\d\])? ?".*(")$')
    return replaced(tree, path, index, cut(match, ""))


def doubled_message(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, IN, r'^msgid "..')
    lines = tree.lines(path)
    start, end = _entry(tree, index)
    at = _keyword(lines, start, end, "msgid")
    again = end + 1 + at - start
    after = [*lines[:end], "", *lines[start:end], *lines[end:]]
    return made(path, after, [at, again, *range(end + 1, again + 1)])


def fuzzy(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, IN, r'^msgid "..')
    lines = tree.lines(path)
    start, end = _entry(tree, index)
    at = _keyword(lines, start, end, "msg")
    return made(path, [*lines[:at], "#, fuzzy", *lines[at:]], [at, at + 1, index + 1])


def _in_msgstr(tree: Tree, rng: random.Random, pattern: str, new: str | None) -> Damage:
    """Change a group of a pattern in the translation, not in the source."""
    path, index, match = tree.draw(rng, IN, pattern)
    lines = tree.lines(path)
    start, end = _entry(tree, index)
    if index < _keyword(lines, start, end, "msgstr"):
        raise Cannot
    word = new if new is not None else match[1][::-1]
    damage = replaced(tree, path, index, cut(match, word))
    # A message is named at its beginning or at the line that is wrong.
    begin = _keyword(lines, start, end, "msgstr")
    return Damage(path, damage.after, damage.lines | {begin + 1}, what=damage.what)


def translated_fill_in(tree: Tree, rng: random.Random) -> Damage:
    return _in_msgstr(tree, rng, r"\{([a-z_]{3,})\}", rng.choice([None, "land", "name.__class__", "0"]))


def lost_fill_in(tree: Tree, rng: random.Random) -> Damage:
    return _in_msgstr(tree, rng, r"(\{[a-z_]{3,}\})", rng.choice(["", "{", "}"]))


def translated_command(tree: Tree, rng: random.Random) -> Damage:
    return _in_msgstr(tree, rng, r"(/[a-z]{4,})\b", rng.choice(["/hilfe", "/neu", "neu"]))


def raw_markup(tree: Tree, rng: random.Random) -> Damage:
    new = rng.choice(["<b>Achtung</b> ", "<br>", '<a href=\\"x\\">hier</a> ', "&nbsp;<i>"])
    return _in_msgstr(tree, rng, r'^msgstr "()[A-Z]', new)


def lost_stars(tree: Tree, rng: random.Random) -> Damage:
    return _in_msgstr(tree, rng, r"(\*\*)", "")


def other_link(tree: Tree, rng: random.Random) -> Damage:
    return _in_msgstr(tree, rng, r"\]\(([a-z_]+)\)", rng.choice([None, "form", "https://evil.example"]))


def address(tree: Tree, rng: random.Random) -> Damage:
    return _in_msgstr(tree, rng, r'^msgstr "[A-Z].{20,}()"$', " Siehe https://faceb00k.com.")


def plural_header(tree: Tree, rng: random.Random) -> Damage:
    wrong = [
        "nplurals=1; plural=0;",
        "nplurals=3; plural=(n%10==1 ? 0 : 1);",
        "nplurals=2; plural=n/0;",
        "nplurals=1000000;",
    ]
    return substituted(rng, tree, IN, r"Plural-Forms: (.*?)\\n", lambda rng, _: rng.choice(wrong))


def lost_plural(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, IN, r"^msgstr\[1\]")
    return removed(tree, path, index, index + 1, ())


def one_word_for_two_answers(tree: Tree, rng: random.Random) -> Damage:
    """Translate an answer like another one of the same question: both stand one after the other in the catalogue."""
    lines = tree.lines(PO)
    where: dict[str, int] = {}
    for index, line in enumerate(lines):
        for place in re.findall(r"\S+/answers/\w+(?= |$)", line) if line.startswith("#.") else ():
            where[place] = index
    question = rng.choice(sorted({place.rpartition("/")[0] for place in where}))
    there = sorted(index for place, index in where.items() if place.startswith(f"{question}/"))
    if len(set(there)) < 2:
        raise Cannot
    one, two = rng.sample(sorted(set(there)), 2)
    first, second = (_keyword(lines, *_entry(tree, at), "msgstr") for at in (one, two))
    if lines[first] == 'msgstr ""' or lines[second] == 'msgstr ""':
        raise Cannot
    return made(PO, [*lines[:second], lines[first], *lines[second + 1 :]], [first, second])


def emptied(tree: Tree, rng: random.Random) -> Damage:
    return _in_msgstr(tree, rng, r'^msgstr "([A-Z].{5,})"$', "")


def source_changed(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, IN, r'^msgid "([A-Z].{5,})"$')
    return replaced(tree, path, index, cut(match, match[1][:3] + match[1][4:]))


def ten_times(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, IN, r'^msgstr "([A-Z][^\\]{20,})"$')
    return replaced(tree, path, index, cut(match, " ".join([match[1]] * 12)))


def charset(tree: Tree, rng: random.Random) -> Damage:
    return substituted(
        rng, tree, IN, r"charset=([\w-]+)", lambda rng, _: rng.choice(["ISO-8859-2", "latin-1", "utf-16"])
    )


def removed_message(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, IN, r'^msgid "..')
    start, end = _entry(tree, index)
    return removed(tree, path, start, end + 1, ())


def wrong_term(tree: Tree, rng: random.Random) -> Damage:
    return _in_msgstr(tree, rng, r"\b(Widerspruch)\b", rng.choice(["Einspruch", "Beanstandung"]))


TRANSLATIONS: dict[str, Kind] = {
    "unterminated text in a .po": unterminated,
    "doubled message in a .po": doubled_message,
    "fuzzy": fuzzy,
    "translated fill-in": translated_fill_in,
    "lost fill-in in a .po": lost_fill_in,
    "translated command": translated_command,
    "HTML in a .po": raw_markup,
    "lost ** in a .po": lost_stars,
    "other link in a .po": other_link,
    "address in a .po": address,
    "wrong Plural-Forms": plural_header,
    "lost plural form in a .po": lost_plural,
    "one word for two answers": one_word_for_two_answers,
    "emptied translation": emptied,
    "changed msgid": source_changed,
    "twelve times as long": ten_times,
    "wrong charset": charset,
    "removed message": removed_message,
    "term the glossary avoids": wrong_term,
}
