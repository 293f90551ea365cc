"""Damage that any file can suffer: an editor, a merge, a copy or a tired hand."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.kit.damage.tree import (
    Cannot,
    Damage,
    Kind,
    Tree,
    block_end,
    cut,
    inserted,
    made,
    names_in,
    removed,
    replaced,
    substituted,
)

YAML = ("dialogs", "pack", "facts", "letters", "examples")
EVERY = (*YAML, "po", "glossary")
KEY = r"^\s*(?:- )?([a-z][a-z0-9_ ]*):(?: |$)"
TEXT = r"^\s*(?:- )?(?:say|text|again|answer|about|full|short|label|summary|not_understood): (?!\||['\"])(.{12,})$"
_BEFORE = r"^(?:msgstr \"| *(?:- )?(?:(?:say|text|again|answer|about|full|short|label|summary|bot): )?)"
ANY_TEXT = rf"{_BEFORE}([A-ZÄÖÜ][^\"'|]{{11,}}?)\"?$"


def deleted_line(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, EVERY, r"\S")
    return removed(tree, path, index, index + 1)


def doubled_line(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, EVERY, r"\S")
    return inserted(tree, path, index + 1, [match.string], [index])


def two_lines_swapped(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, EVERY, r"\S")
    lines = tree.lines(path)
    if index + 1 >= len(lines) or not lines[index + 1].strip():
        raise Cannot
    lines[index], lines[index + 1] = lines[index + 1], lines[index]
    return made(path, lines, [index, index + 1], names_in(lines[index : index + 2]))


def moved_indentation(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, YAML, r"^( *)\S")
    by = rng.choice([-2, -1, 1, 2])
    if len(match[1]) + by < 0:
        raise Cannot
    damage = replaced(tree, path, index, " " * (len(match[1]) + by) + match.string[len(match[1]) :])
    lines = tree.lines(path)
    # What stood below, or the key it now belongs to, is where it shows.
    return made(path, (damage.after or b"").decode().split("\n"), [index, index - 1], names_in([lines[index]]))


def lost_quote(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, (*YAML, "po"), r"^(?:\s*(?:- )?[a-z_ ]+: |msg\w+ |)(['\"]).*(['\"])$")
    return replaced(tree, path, index, cut(match, "", rng.choice([1, 2])))


def tab(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, YAML, r"^(  +)\S")
    return replaced(tree, path, index, cut(match, "\t"))


def byte_order_mark(tree: Tree, rng: random.Random) -> Damage:
    path = rng.choice(tree.paths(rng.choice(EVERY)))
    return Damage(path, b"\xef\xbb\xbf" + tree.files[path].encode(), frozenset({1}), what="BOM at the beginning")


def windows_line_ends(tree: Tree, rng: random.Random) -> Damage:
    path = rng.choice(tree.paths(rng.choice(EVERY)))
    return Damage(path, tree.files[path].replace("\n", "\r\n").encode(), frozenset({1}), what="CRLF")


def nul(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, EVERY, r"\S")
    spot = rng.randrange(len(match.string) + 1)
    return replaced(tree, path, index, match.string[:spot] + "\0" + match.string[spot:])


def other_encoding(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, ("dialogs", "facts", "letters", "po"), r"([äöüßé’–])")
    before = "\n".join([*tree.lines(path)[:index], ""])
    rest = tree.files[path][len(before) :]
    one = match[1].encode("cp1252")
    after = before.encode() + rest[: match.start(1)].encode() + one + rest[match.end(1) :].encode()
    return Damage(path, after, frozenset({index + 1}), what=f"cp1252 in {match.string.strip()[:40]}")


def truncated(tree: Tree, rng: random.Random) -> Damage:
    path = rng.choice(tree.paths(rng.choice(EVERY)))
    text = tree.files[path]
    spot = rng.randrange(1, len(text) - 1)
    left, lost = text[:spot], text[spot:]
    lines = left.split("\n")
    # What is missing shows at the end, at the state or record that is not whole, and where lost names are used.
    last = len(lines) - 1
    while last > 0 and not lines[last].strip():
        last -= 1
    begun = next((at for at in range(last, -1, -1) if re.match(r" {0,2}\w", lines[at])), 0)
    return made(path, lines, {len(lines) - 1, last, begun}, names_in(lost.split("\n")), f"ends after {spot} characters")


def doubled_block(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, YAML, r"^  [a-zA-Z_0-9]+:$")
    lines = tree.lines(path)
    end = block_end(lines, index)
    return made(path, [*lines[:end], *lines[index:end], *lines[end:]], [index, end], names_in(lines[index : index + 1]))


def doubled_key(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, YAML, r"^\s*([a-z][a-z_ ]*): \S")
    return inserted(tree, path, index + 1, [f"{match.string[: match.end(1)]}: something else"], [index])


def conflict_marks(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, EVERY, r"\S")
    return inserted(tree, path, index, ["<<<<<<< HEAD", match.string, "=======", match.string + "x", ">>>>>>> other"])


def list_instead_of_mapping(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, YAML, r"^( *)[a-z][a-z_ ]*:(?: |$)")
    return replaced(tree, path, index, f"{match[1]}- {match.string[len(match[1]) :]}", names_in([match.string]))


def unknown_key(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, YAML, KEY, named=True)


def lost_colon(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, YAML, r"^\s*(?:- )?[a-z][a-z_ ]*(:)(?: |$)")
    return replaced(tree, path, index, cut(match, ""), names_in([match.string]))


def second_colon(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, YAML, TEXT, lambda rng, text: text.replace(" ", ": ", 1))


def anchor_or_alias(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, YAML, TEXT, lambda rng, text: rng.choice(["&one ", "*", "!text "]) + text)


def hash_in_text(tree: Tree, rng: random.Random) -> Damage:
    def put(rng: random.Random, text: str) -> str:
        spots = [spot for spot, letter in enumerate(text) if letter == " "]
        spot = rng.choice(spots or [len(text)])
        return f"{text[:spot]} #1 {text[spot:].strip()}"

    return substituted(rng, tree, YAML, TEXT, put)


def second_document(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, YAML, r"^\w")
    return inserted(tree, path, index, ["---"])


def deleted_file(tree: Tree, rng: random.Random) -> Damage:
    path = rng.choice(tree.paths(rng.choice(("dialogs", "pack", "facts", "letters"))))
    names = names_in(tree.lines(path)) | {path.rpartition("/")[2].removesuffix(".yaml")}
    return Damage(path, None, frozenset({1}), frozenset(names), "deleted")


def emptied_file(tree: Tree, rng: random.Random) -> Damage:
    path = rng.choice(tree.paths(rng.choice(EVERY)))
    return Damage(path, b"", frozenset({1}), frozenset(names_in(tree.lines(path))), "emptied")


def bidi_character(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, (*YAML, "po"), ANY_TEXT, _put("\u202e", "\u2066", "\u200f"))


def zero_width_character(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, (*YAML, "po"), ANY_TEXT, _put("\u200b", "\u2060", "\ufeff", "\u00ad"))


def control_character(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, (*YAML, "po"), ANY_TEXT, _put("\x07", "\x1b", "\x85", "\u2028"))


def _put(*characters: str) -> Callable[[random.Random, str], str]:
    def put(rng: random.Random, text: str) -> str:
        spot = rng.randrange(1, len(text))
        return text[:spot] + rng.choice(characters) + text[spot:]

    return put


def secret(tree: Tree, rng: random.Random) -> Damage:
    token = f"{rng.randrange(10**8, 10**9)}:AA" + "".join(rng.choices("abcdefGHIJ0123456789_-", k=33))
    return substituted(rng, tree, YAML, TEXT, lambda rng, text: f"{text} {token}")


FILES: dict[str, Kind] = {
    "deleted line": deleted_line,
    "doubled line": doubled_line,
    "two lines swapped": two_lines_swapped,
    "moved indentation": moved_indentation,
    "lost quote": lost_quote,
    "tab": tab,
    "byte order mark": byte_order_mark,
    "Windows line ends": windows_line_ends,
    "NUL byte": nul,
    "another encoding": other_encoding,
    "truncated file": truncated,
    "deleted file": deleted_file,
    "emptied file": emptied_file,
    "doubled block": doubled_block,
    "doubled key": doubled_key,
    "merge conflict marks": conflict_marks,
    "list instead of mapping": list_instead_of_mapping,
    "typo in a key": unknown_key,
    "lost colon": lost_colon,
    "second colon in a text": second_colon,
    "anchor, alias or tag": anchor_or_alias,
    "text cut by #": hash_in_text,
    "second document": second_document,
    "bidi character": bidi_character,
    "zero-width character": zero_width_character,
    "control character": control_character,
    "secret pasted": secret,
}
