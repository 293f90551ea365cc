"""Damage to what dialogs, facts, letters and examples mean; each file is still good YAML."""

from __future__ import annotations

import random
import re

from tests.kit.damage.tree import (
    Cannot,
    Damage,
    Kind,
    Tree,
    block_end,
    cut,
    inserted,
    made,
    parent,
    removed,
    replaced,
    substituted,
    typo,
)

TALK = ("dialogs",)
TARGET = r"^\s*(?:- )?(?:go|next|otherwise|do|start): ([a-z][a-z0-9_/]+)$"
SAY = r"^\s*(?:- )?(?:say|text|again|not_understood): ([A-Z][^'\"|{]{20,})$"


def wrong_target(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, (*TALK, "pack"), TARGET)


def renamed_state(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, TALK, r"^  ([a-z][a-z0-9_]{3,}):$", named=True)


def two_targets_swapped(tree: Tree, rng: random.Random) -> Damage:
    path = rng.choice(tree.paths("dialogs"))
    there = tree.matches(path, TARGET)
    if len({match[1] for *_, match in there}) < 2:
        raise Cannot
    (_, one, first), (_, two, second) = rng.sample(there, 2)
    if first[1] == second[1] or ("do:" in first.string) != ("do:" in second.string) or "start:" in first.string:
        raise Cannot
    lines = tree.lines(path)
    lines[one], lines[two] = cut(first, second[1]), cut(second, first[1])
    return made(path, lines, [one, two], {first[1], second[1]})


def removed_state(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, TALK, r"^  ([a-z][a-z0-9_]*):$")
    lines = tree.lines(path)
    return removed(tree, path, index, block_end(lines, index), {match[1]})


def removed_way_on(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, TALK, r"^    (?:next|save|end): ")
    return removed(tree, path, index, index + 1)


def slot_in_condition(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, (*TALK, "letters"), r"when: (?:not )?([a-z][a-z_]{3,}) (?:is|has|>|<|=)")


def value_in_condition(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, (*TALK, "letters"), r"when:.* (?:is|has|is not) (?!known|not)([a-z][a-z_]{2,})")


def grammar_of_condition(tree: Tree, rng: random.Random) -> Damage:
    def spoil(rng: random.Random, text: str) -> str:
        return rng.choice([f"({text}", f"{text})", f"{text} and", text.replace(" is ", " == ", 1), f"{text} or or x"])

    return substituted(rng, tree, (*TALK, "letters"), r"when: (.+)$", spoil)


def removed_otherwise(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, TALK, r"^\s*- otherwise: ")
    return removed(tree, path, index, index + 1, ())


def removed_phrase(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, ("pack",), r"^  ([a-z_]+): .")
    return removed(tree, path, index, block_end(tree.lines(path), index), {match[1]})


def removed_command(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, ("pack",), r"^  ([a-z_]+):$")
    return removed(tree, path, index, block_end(tree.lines(path), index), {match[1]})


def equal_answers(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, TALK, r"^\s*- answer: ([^'\"]+)$")
    lines = tree.lines(path)
    others = [at for at in range(index + 1, len(lines)) if re.match(r"\s*- answer: ", lines[at])]
    if not others or parent(lines, others[0]) != parent(lines, index):
        raise Cannot
    second = re.sub(r"answer: .*", lambda _: f"answer: {match[1]}", lines[others[0]])
    return made(path, [*lines[: others[0]], second, *lines[others[0] + 1 :]], [index, others[0]])


def answer_like_a_command(tree: Tree, rng: random.Random) -> Damage:
    words = ["Help", "Back", "Restart", "Stop", "Cancel", "Sources", "Forget me", "/help", "Go back"]
    return substituted(rng, tree, TALK, r"^\s*- answer: ([^'\"]+)$", lambda rng, _: rng.choice(words))


def fill_in(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, (*TALK, "pack", "letters"), r"\{([a-z][a-z_]{3,})\}")


def broken_fill_in(tree: Tree, rng: random.Random) -> Damage:
    def spoil(rng: random.Random, text: str) -> str:
        name = text[1:-1]
        return rng.choice([text[:-1], name + "}", "{}", "{0}", f"{{{name}.x}}", f"{{{name}!r}}", "{" + text])

    return substituted(rng, tree, (*TALK, "pack", "letters"), r"[^'](\{[a-z][a-z_]{3,}\})", spoil)


def link_name(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, TALK, r"\]\(([a-z_]+)\)")


def address_in_text(tree: Tree, rng: random.Random) -> Damage:
    places = ["https://faceb00k.com/help", "www.example.org", "facebook.com.evil.example/form", "http://169.254.169.254",
              "javascript:alert(1)", "t.me/somebody"]  # fmt: skip
    return substituted(rng, tree, TALK, SAY, lambda rng, text: f"{text} See {rng.choice(places)} for it.")


def unclosed_mark(tree: Tree, rng: random.Random) -> Damage:
    def spoil(rng: random.Random, text: str) -> str:
        word = rng.choice([word for word in text.split() if word.isalpha()])
        return text.replace(word, rng.choice([f"**{word}", f"`{word}", f"[{word}", f"<b>{word}</b>"]), 1)

    return substituted(rng, tree, (*TALK, "letters"), SAY.replace("|not_understood", "|not_understood|full"), spoil)


def slot_type(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, TALK, r"^    type: ([a-z_]+)$")


def other_slot_type(tree: Tree, rng: random.Random) -> Damage:
    def other(rng: random.Random, text: str) -> str:
        return rng.choice([one for one in ("choice", "choices", "text", "number", "date", "yes_no") if one != text])

    path, index, match = tree.draw(rng, TALK, r"^    type: ([a-z_]+)$")
    lines = tree.lines(path)
    name = lines[parent(lines, index)].strip(" :")
    return replaced(tree, path, index, cut(match, other(rng, match[1])), {name})


def removed_slot(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, TALK, r"^    type: ([a-z_]+)$")
    lines = tree.lines(path)
    start = parent(lines, index)
    return removed(tree, path, start, block_end(lines, start), {lines[start].strip(" :")})


def plural_form(tree: Tree, rng: random.Random) -> Damage:
    path, index, _ = tree.draw(rng, TALK, r"^ +(?:- )?(?:by: |one: It|other: It)")
    return removed(tree, path, index, index + 1, ())


def lookalike_host(tree: Tree, rng: random.Random) -> Damage:
    def alike(rng: random.Random, host: str) -> str:
        evil = [f"{host}.evil.example", f"{host}@evil.example", f"evil.example/{host}", "bit.ly", "127.0.0.1"]
        return rng.choice([host.replace("o", "0", 1), host.replace("a", "а", 1), *evil])

    return substituted(rng, tree, ("facts/forms", "facts/authorities"), r"https://(?:www\.)?([^/ '\"]+)", alike)


def missing_source(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, ("facts",), r"^ +sources: \[(\w[^\]]*)\]$")
    way = rng.randrange(3)
    if way == 0:
        return removed(tree, path, index, index + 1, ())
    if way == 1:
        return replaced(tree, path, index, cut(match, ""))
    return replaced(
        tree, path, index, cut(match, typo(rng, match[1].split(",")[0]) + match[1][len(match[1].split(",")[0]) :])
    )


def wrong_date(tree: Tree, rng: random.Random) -> Damage:
    wrong = ["2026-02-30", "2026-13-01", "26-01-2026", "tomorrow", "2031-01-01", "2026-1-1"]
    return substituted(rng, tree, ("facts",), r"date: (\d{4}-\d\d-\d\d)$", lambda rng, _: rng.choice(wrong))


def review_is_over(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, ("facts",), r"review_by: (\S+)$", lambda rng, _: "2025-01-31")


def removed_territory(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, ("facts/territories",), r"^  ([A-Z]{2}):$")
    return removed(tree, path, index, block_end(tree.lines(path), index), {match[1]})


def wrong_regime(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, ("facts/territories", "facts/claims"), r"regimes?: \[?([a-z_]{3,})")


def confidence(tree: Tree, rng: random.Random) -> Damage:
    return substituted(
        rng, tree, ("facts",), r"confidence: ([a-z]+)$", lambda rng, text: rng.choice([typo(rng, text), "certain"])
    )


def sure_of_the_unsure(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, ("facts/claims",), r"text: .*(could not confirm)", lambda rng, _: "confirmed")


def fact_named_elsewhere(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, ("facts",), r"^  ([a-z][a-z0-9_]{4,}):$", named=True)


def letter_part(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(
        rng, ("letters/claim", "letters/law", "letters/frame", "letters/reasons"), r"^  (\w+):$"
    )
    return removed(tree, path, index, block_end(tree.lines(path), index), {match[1]})


def letter_order(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, ("letters/letters",), r"^ +- ([a-z_]{3,})(?:,| to |$)")


def example_state(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, ("examples",), r"^  state: \w+/(\w+)$")


def example_slot(tree: Tree, rng: random.Random) -> Damage:
    return substituted(
        rng, tree, ("examples",), r"^    (?:situation|territory|hurry): (\w+)$", lambda rng, _: "nothing_known"
    )


def example_tap(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, ("examples",), r"^  - they tap: ([a-z_]{4,})$")


def example_says(tree: Tree, rng: random.Random) -> Damage:
    return substituted(rng, tree, ("examples",), r"^  - bot: ([A-Z][^'\"*]{10,})", lambda rng, text: text[::-1])


def glossary(tree: Tree, rng: random.Random) -> Damage:
    path, index, match = tree.draw(rng, ("glossary",), r"^  - id: (\w+)$")
    way = rng.randrange(3)
    if way == 0:
        return inserted(tree, path, index, [match.string, "    en: some words"], [index + 2])
    if way == 1:
        return replaced(tree, path, index, match.string.replace("id:", "idd:"))
    return inserted(tree, path, index + 1, ["    germann: Wort"])


MEANING: dict[str, Kind] = {
    "typo in a target": wrong_target,
    "renamed state": renamed_state,
    "two targets swapped": two_targets_swapped,
    "removed state": removed_state,
    "removed next, save or end": removed_way_on,
    "typo in a condition's slot": slot_in_condition,
    "typo in a condition's value": value_in_condition,
    "broken grammar of a condition": grammar_of_condition,
    "removed otherwise": removed_otherwise,
    "removed phrase": removed_phrase,
    "removed command": removed_command,
    "two equal answers": equal_answers,
    "answer equal to a command": answer_like_a_command,
    "typo in a fill-in": fill_in,
    "broken fill-in": broken_fill_in,
    "wrong link name": link_name,
    "address in a text": address_in_text,
    "unclosed mark or HTML": unclosed_mark,
    "typo in a slot's type": slot_type,
    "another type of slot": other_slot_type,
    "removed slot": removed_slot,
    "removed plural form": plural_form,
    "look-alike host": lookalike_host,
    "missing or wrong source": missing_source,
    "wrong date": wrong_date,
    "past its review": review_is_over,
    "removed territory": removed_territory,
    "wrong regime": wrong_regime,
    "wrong confidence": confidence,
    "sure of what is not": sure_of_the_unsure,
    "renamed record of the facts": fact_named_elsewhere,
    "removed part of a letter": letter_part,
    "typo in a letter's order": letter_order,
    "example ends elsewhere": example_state,
    "example expects what cannot be": example_slot,
    "example taps what is not there": example_tap,
    "example says something else": example_says,
    "spoiled glossary": glossary,
}
