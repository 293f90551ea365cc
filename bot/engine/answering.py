"""What to do with an answer: written, typed, pressed or ticked."""

from __future__ import annotations

from bot.engine import limits, recognise
from bot.engine.asking import (
    DONE,
    NEITHER,
    allowed,
    ask,
    choices,
    listed,
    phrase_words,
    understand,
    understand_several,
    vocabulary,
)
from bot.engine.effects import Choice, Listed, Value
from bot.engine.interrupts import named, obey
from bot.engine.model import Answer, State
from bot.engine.recognise import Found
from bot.engine.text import Text
from bot.engine.turn import Turn
from bot.engine.validate import Refused, read
from bot.engine.walk import again, follow, run


def written(turn: Turn, state: State, text: str) -> None:
    """Take what a person wrote freely, or one of the answers offered beside it."""
    shown = [choice.id for choice in choices(turn, state)]
    if shown:
        # Beside free writing only the exact words or number of an offered answer count, never a near miss.
        position = recognise.number(text)
        slot_is_number = turn.pack.slots[state.write or ""].type == "number"
        if position is not None and 1 <= position <= len(shown) and not slot_is_number:
            choose(turn, state, shown[position - 1])
            return
        found = understand(turn, state, text)
        if len(found.ids) == 1 and len(text) <= 40 and _is_exact(turn, state, text):
            choose(turn, state, found.ids[0])
            return
    slot = turn.pack.slots[state.write or ""]
    months = turn.library.months(turn.language) if slot.type == "date" else {}
    value = read(slot, text, turn.now.date(), months)
    if isinstance(value, Refused):
        _missed(turn, state, value)
        return
    turn.remember_question()
    turn.put(state.write or "", value)
    follow(turn, "value")
    run(turn)


def _is_exact(turn: Turn, state: State, text: str) -> bool:
    words = vocabulary(turn.library, turn.pack, turn.place, state, turn.language)
    return bool(words.exact(recognise.normalise(text), allowed(turn, state)))


def answered(turn: Turn, state: State, text: str) -> None:
    """Understand typed words as an answer, a command or a language; ask back whatever could mean two things."""
    rule = named(turn, text)
    if rule is not None and not _is_exact(turn, state, text):
        obey(turn, rule.name)
        return
    if state.pick and not turn.maybe:
        several = understand_several(turn, state, text)
        if isinstance(several, tuple) and several:
            _pick_all(turn, state, several)
            return
        found = several if isinstance(several, Found) else Found()
        if not found.sure:
            found = Found()
    else:
        found = understand(turn, state, text)
    not_now = not turn.maybe and _named_but_closed(turn, state, text, guess=not found.ids)
    if not_now:
        found = Found()
    elif not found.ids and _speaks_language(turn, text):
        return
    if not found.ids:
        _missed(turn, state, Refused("not_now" if not_now else "not_understood"))
    elif found.ids == (NEITHER,):
        turn.maybe = ()
        again(turn, short=False)
    elif len(found.ids) == 1 and found.sure:
        turn.maybe = ()
        if state.pick:
            _pick_all(turn, state, found.ids)
        else:
            choose(turn, state, found.ids[0])
    else:
        _did_you_mean(turn, state, found.ids)


def _named_but_closed(turn: Turn, state: State, text: str, *, guess: bool) -> bool:
    """Say whether a text names an answer of this question that is not offered now («shorter» when it is short).

    Its exact words go before a near miss of an open answer; anything less counts only where a `guess` is needed.
    """
    open_ids = allowed(turn, state)
    closed = [answer.id for answer in state.answers if answer.id not in open_ids]
    if not closed or _is_exact(turn, state, text):
        return False
    words = vocabulary(turn.library, turn.pack, turn.place, state, turn.language)
    if words.exact(recognise.normalise(text), closed):
        return True
    found = recognise.recognise(text, words, (), closed, phrase_words(turn, "negation_words"))
    return guess and len(found.ids) == 1 and found.sure


def _speaks_language(turn: Turn, text: str) -> bool:
    """Change the language when somebody simply names one («English please»)."""
    provider = turn.library.registry.lists.get("languages")
    words = recognise.normalise(text)
    if provider is None or not words or "language_changed" not in turn.pack.phrases:
        return False
    for one in provider.every:
        names = {recognise.normalise(word) for word in (provider.label(one, one), *provider.words(one, turn.language))}
        if words in names or (len(words.split()) <= 3 and words.split()[0] in names):
            if one != turn.language:
                turn.put("language", one)
                turn.phrase("language_changed")
            again(turn, short=False)
            return True
    return False


def _did_you_mean(turn: Turn, state: State, ids: tuple[str, ...]) -> None:
    turn.maybe = ids
    offered = tuple([Choice(one, _label(state, one)) for one in ids])
    neither = Choice(NEITHER, turn.pack.phrases["neither"])
    if len(ids) == 1:
        yes = Choice(ids[0], turn.pack.phrases["yes"])
        extra: dict[str, Value | Listed | Text] = {"candidate": _label(state, ids[0])}
        turn.say(turn.pack.phrases["did_you_mean_one"], "question", (yes, neither), extra=extra)
    else:
        turn.say(turn.pack.phrases["did_you_mean"], "question", (*offered, neither))


def _label(state: State, answer: str) -> Text | Listed:
    for one in state.answers:
        if one.id == answer:
            return one.label
    if answer == DONE and state.done is not None:
        return state.done
    return Listed(state.choose or state.pick or "", answer)


def _missed(turn: Turn, state: State, why: Refused) -> None:
    """Say what was not understood; help is offered at the third time, the operator's contact at the fifth."""
    turn.misses += 1
    turn.maybe = ()
    if why.phrase in {"not_understood", "number_wanted", "date_wanted"} and state.not_understood is not None:
        turn.say(state.not_understood, "notice", extra=dict(why.extra))
    else:
        turn.phrase(why.phrase, **why.extra)
    contact = turn.lookup("operator_contact") is not None
    if contact and turn.misses % limits.CONTACT_AFTER == 0:
        turn.phrase("not_understood_contact")
    elif turn.misses == limits.HELP_AFTER:
        turn.phrase("not_understood_help")
    again(turn)


def toggle(turn: Turn, state: State, answer: str) -> None:
    """Tick or untick one answer of a multiple choice, or end it."""
    picked = turn.picked or ()
    if answer == DONE:
        _pick_all(turn, state, picked)
    elif answer in picked:
        turn.picked = tuple([one for one in picked if one != answer])
        ask(turn, state, edit=True)
    elif state.up_to is not None and len(picked) >= state.up_to:
        turn.phrase("pick_at_most", limit=state.up_to)
        ask(turn, state, again=True)
    else:
        turn.picked = (*picked, answer)
        ask(turn, state, edit=True)


def _pick_all(turn: Turn, state: State, ids: tuple[str, ...]) -> None:
    """End a multiple choice with these answers; a fixed answer beside the list ("none of these") stands alone."""
    fixed_ids = [one for one in ids if one in {answer.id for answer in state.answers}]
    if fixed_ids:
        choose(turn, state, fixed_ids[0])
        return
    if ids == (DONE,):
        ids = turn.picked or ()
    ids = tuple([one for one in ids if one != DONE])
    if len(ids) < state.at_least:
        turn.phrase("pick_at_least", limit=state.at_least)
        again(turn)
    elif state.up_to is not None and len(ids) > state.up_to:
        turn.phrase("pick_at_most", limit=state.up_to)
        again(turn)
    else:
        order = {one: index for index, one in enumerate(listed(turn, state))}
        turn.remember_question()
        turn.put(state.save or "", tuple(sorted(ids, key=lambda one: order.get(one, 0))))
        turn.picked = None
        follow(turn, "value")
        run(turn)


def choose(turn: Turn, state: State, answer: str) -> None:
    """Take one answer: keep it, change what it changes, and go on."""
    chosen: Answer | None = next((one for one in state.answers if one.id == answer), None)
    turn.remember_question()
    turn.misses = 0
    if chosen is None:
        if state.save:
            turn.put(state.save, answer)
        follow(turn, "value")
    else:
        if state.save and not state.pick and not state.write:
            turn.put(state.save, answer)
        elif state.pick and state.save:
            turn.put(state.save, None)
        turn.picked = None
        turn.change(chosen.changes)
        turn.answer = answer
        follow(turn, "answer")
    run(turn)
