"""Questions: which answers are offered, how they are said, and which one a person meant."""

from __future__ import annotations

from bot.engine import recognise
from bot.engine.effects import Block, Choice, Listed
from bot.engine.library import Library
from bot.engine.model import Answer, Item, Pack, State
from bot.engine.recognise import Found, Vocabulary
from bot.engine.text import Text
from bot.engine.turn import Turn

DONE = "done"
"""Answer id of the button that ends picking."""
NEITHER = "neither"
"""Answer id of "none of these" under "did you mean"."""


def fixed(turn: Turn, state: State) -> tuple[Answer, ...]:
    """Give the fixed answers that are offered now."""
    lookup = turn.lookup
    return tuple([a for a in state.answers if a.when is None or a.when.holds(lookup)])


def listed(turn: Turn, state: State) -> tuple[str, ...]:
    """Give all ids of the provider's list that are allowed now, shown or not."""
    name = state.choose or state.pick
    return tuple(turn.library.registry.lists[name].ids(turn.scope())) if name else ()


def allowed(turn: Turn, state: State) -> tuple[str, ...]:
    """Give every answer id the question takes now."""
    done = (DONE,) if state.pick else ()
    return (*listed(turn, state), *[answer.id for answer in fixed(turn, state)], *done)


def choices(turn: Turn, state: State) -> tuple[Choice, ...]:
    """Give the answers as they are offered: entries of the list, then the fixed ones, then the one that ends
    picking.
    """
    offered: list[Choice] = []
    name = state.choose or state.pick
    if name:
        provider = turn.library.registry.lists[name]
        shown = provider.shown or provider.ids
        picked = turn.picked or ()
        offered += [Choice(one, Listed(name, one), one in picked) for one in shown(turn.scope())]
    offered += [Choice(answer.id, answer.label) for answer in fixed(turn, state)]
    if state.pick and state.done is not None:
        offered.append(Choice(DONE, state.done))
    return tuple(offered)


def ask(turn: Turn, state: State, *, again: bool = False, edit: bool = False) -> None:
    """Say a question with its answers; `again` says only the question itself, in its short form where there is one."""
    items = [item for item in state.items if item.when is None or item.when.holds(turn.lookup)]
    if not again and not edit:
        for item in items[:-1]:
            say_item(turn, item)
    question = items[-1]
    body: Text | Block = Block(question.body) if isinstance(question.body, str) else question.body
    if again and state.again is not None:
        body = state.again
    kind = "question" if question.kind == "say" else question.kind
    turn.say(body, kind, choices(turn, state), multiple=state.pick is not None, edit=edit)


def say_item(turn: Turn, item: Item) -> None:
    """Say one message of a state, or attach its file."""
    if isinstance(item.body, Text):
        turn.say(item.body, item.kind)
    elif item.form == "attach":
        turn.attach(item.body)
    else:
        turn.say(Block(item.body), item.kind)


def vocabulary(library: Library, pack: Pack, place: str, state: State, language: str) -> Vocabulary:
    """Give the words for every answer of a question in a language; built once."""
    key = (pack.name, pack.version, place, language)
    made = library.vocabularies.get(key)
    if made is None:
        made = library.vocabularies[key] = _build(library, state, language)
    return made


def _build(library: Library, state: State, language: str) -> Vocabulary:
    layers: list[dict[str, list[str]]] = []
    name = state.choose or state.pick
    provider = library.registry.lists[name] if name else None
    for one in dict.fromkeys((language, "en")):
        layer = {answer.id: [library.words(one, answer.label)] for answer in state.answers}
        if state.pick and state.done is not None:
            layer[DONE] = [library.words(one, state.done)]
        if provider:
            for entry in provider.every:
                layer.setdefault(entry, []).extend([provider.label(entry, one), *provider.words(entry, one)])
        layers.append(layer)
    ids = {answer.id: [answer.id] for answer in state.answers}
    if provider:
        # Two-letter ids are country codes, and «no» or «in» are words before they are countries.
        ids |= {entry: [entry] for entry in provider.every if len(entry) > 2}
    layers.append(ids)
    for one in dict.fromkeys((language, "en")):
        layers.append({a.id: match_words(library, one, a.also) for a in state.answers if a.also is not None})
    return recognise.build(layers)


def match_words(library: Library, language: str, text: Text | None) -> list[str]:
    """Split a translator's list of match words."""
    if text is None:
        return []
    return [word for word in (piece.strip() for piece in library.words(language, text).split(",")) if word]


def phrase_words(turn: Turn, name: str) -> frozenset[str]:
    """Give a phrase that is a list of words (negations, joining words) as normalised words, with the English ones."""
    key = (turn.pack.version, name, turn.language)
    known = turn.library.phrase_words.get(key)
    if known is None:
        text = turn.pack.phrases[name]
        found = [w for one in (turn.language, "en") for w in match_words(turn.library, one, text)]
        known = turn.library.phrase_words[key] = frozenset([recognise.normalise(word) for word in found])
    return known


def understand(turn: Turn, state: State, text: str) -> Found:
    """Say which answer a text names; a pending "did you mean" is looked at first."""
    words = vocabulary(turn.library, turn.pack, turn.place, state, turn.language)
    open_ids = allowed(turn, state)
    if turn.maybe:
        shown = [*turn.maybe, NEITHER]
        first = recognise.recognise(text, words, shown, turn.maybe)
        if len(first.ids) == 1:
            return first
        spoken = recognise.normalise(text)
        if spoken in phrase_words(turn, "neither") or spoken in phrase_words(turn, "none_words"):
            return Found((NEITHER,))
        if len(turn.maybe) == 1 and spoken in phrase_words(turn, "yes_words"):
            return Found(turn.maybe)
    shown = [choice.id for choice in choices(turn, state)]
    return recognise.recognise(text, words, shown, open_ids, phrase_words(turn, "negation_words"))


def understand_several(turn: Turn, state: State, text: str) -> tuple[str, ...] | Found:
    """Read a typed multiple choice («1, 3», «Facebook and Instagram», «all»): the ids, or what one part left
    unclear.
    """
    spoken = recognise.normalise(text)
    if spoken in phrase_words(turn, "all_words"):
        return listed(turn, state)
    words = vocabulary(turn.library, turn.pack, turn.place, state, turn.language)
    open_ids = allowed(turn, state)
    whole = words.exact(spoken, open_ids)
    if whole:
        return whole if len(whole) == 1 else Found(whole)
    # Labels may hold a comma or a «not» themselves, so pieces that are exactly answers are looked at first.
    named = [words.exact(recognise.normalise(piece), open_ids) for piece in text.split(",")]
    if named and all(len(one) == 1 for one in named):
        return tuple(dict.fromkeys(one[0] for one in named))
    parts = _parts(text, phrase_words(turn, "joining_words"))
    shown = [choice.id for choice in choices(turn, state)]
    negations = phrase_words(turn, "negation_words")
    if any(word in negations for word in spoken.split()):
        return Found(words.inside(spoken, open_ids)[0], sure=False)
    found: list[str] = []
    for part in parts:
        one = recognise.recognise(part, words, shown, open_ids)
        if len(one.ids) > 1 and len(words.inside(recognise.normalise(part), open_ids)[0]) < len(one.ids):
            return one
        if not one.ids:
            return Found()
        found += one.ids
    return tuple(dict.fromkeys(found))


def _parts(text: str, joining: frozenset[str]) -> list[str]:
    for separator in ";\n/+&":
        text = text.replace(separator, ",")
    pieces: list[str] = []
    for piece in text.split(","):
        run: list[str] = []
        for word in piece.split():
            if recognise.normalise(word) in joining:
                pieces.append(" ".join(run))
                run = []
            else:
                run.append(word)
        pieces.append(" ".join(run))
    parts = [piece for piece in pieces if piece.strip()]
    tokens = [word for part in parts for word in part.split()]
    # «1 3» is two numbers, not one.
    if tokens and all(recognise.number(token) is not None for token in tokens):
        return tokens
    return parts
