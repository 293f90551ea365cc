"""Read one state: which of the five things it does, and whether its keys fit together."""

from __future__ import annotations

from bot.content.pieces import Reading
from bot.engine.effects import Kind
from bot.engine.model import Answer, Branch, Item, Remind, State
from bot.engine.text import Text
from bot.reader import Entries, Items, Piece, Scalar

_ASKING = ("answers", "choose", "pick", "write")
_ONLY_ASKING = ("save", "at least", "up to", "done", "again", "not_understood")


def read_state(reading: Reading, dialog: str, key: Scalar, piece: Piece) -> State | None:
    """Read a state with everything in it, or None where it has no keys at all."""
    entries = reading.entries(piece, "state")
    if entries is None:
        return None
    reading.mark(key, entries)
    place = f"{dialog}/{key.text}"
    kind = _kind(reading, key, entries)
    answers = _answers(reading, entries, place)
    state = State(
        key.text,
        kind,  # type: ignore[arg-type]
        items=_items(reading, entries.get("say"), place),
        answers=answers,
        choose=reading.name(entries.get("choose"), "choose"),
        pick=reading.name(entries.get("pick"), "pick"),
        write=reading.name(entries.get("write"), "write"),
        save=reading.name(entries.get("save"), "save"),
        at_least=reading.number(entries.get("at least"), "at least") or (0 if entries.get("at least") else 1),
        up_to=reading.number(entries.get("up to"), "up to"),
        done=reading.text(entries.get("done"), "done", f"{place}/done"),
        next=reading.target(entries.get("next"), "next"),
        branches=_branches(reading, entries.get("branch")),
        do=reading.name(entries.get("do"), "do"),
        end=reading.choice(entries.get("end"), "end", "state"),
        again=reading.text(entries.get("again"), "again", f"{place}/again"),
        not_understood=reading.text(entries.get("not_understood"), "not_understood", f"{place}/not_understood"),
        changes=reading.changes(entries),
        remind=_remind(reading, entries.get("remind")),
        forget_reminder=reading.name(entries.get("forget reminder"), "forget reminder"),
        record=reading.choice(entries.get("record"), "record", "state"),
        at=reading.place(key),
    )
    if reading.knows(entries, "state"):
        # With a slip in one key, what is said about the others may be wrong: it may be the question that is lost.
        _fits(reading, key, entries, state)
    return state


def _kind(reading: Reading, key: Scalar, entries: Entries) -> str:
    has = [name for name in ("branch", "do", "end") if entries.get(name) is not None]
    asks = [name for name in _ASKING if entries.get(name) is not None]
    if asks:
        has.insert(0, asks[0])
    if len(has) > 1:
        hint = "A state asks, says and goes on, branches, calls or ends: put one of them into a state of its own."
        reading.fail(key, "D020", f"the state «{key.text}» does two things: {has[0]} and {has[1]}.", hint)
    if asks:
        return "ask"
    return {"branch": "branch", "do": "call", "end": "end"}.get(has[0], "say") if has else "say"


def _fits(reading: Reading, key: Scalar, entries: Entries, state: State) -> None:
    name = f"the state «{key.text}»"
    asks = [word for word in _ASKING if entries.get(word) is not None]
    if state.kind == "ask":
        written = entries.get("say")
        empty = isinstance(written, Scalar) and not written.text.strip()  # told at the value itself
        last = state.items[-1] if state.items else None
        if not empty and (last is None or last.form == "attach" or last.when is not None):
            hint = "The last message of «say» is the question: a text (or show) without «when»."
            reading.fail(key, "D021", f"{name} asks, but its question is not certain to be said.", hint)
        if len([word for word in asks if word != "answers"]) > 1:
            reading.fail(key, "D022", f"{name} has two of choose, pick and write.", "Keep one.")
        for word in ("at least", "up to", "done") if not state.pick else ():
            if entries.get(word) is not None:
                reading.fail(
                    entries.key(word) or key, "D039", f"«{word}» belongs to «pick», which is not here.", "Delete it."
                )
        if state.up_to is not None and state.up_to < max(state.at_least, 1):
            message = f"nobody can pick at least {state.at_least} and at most {state.up_to}."
            reading.fail(entries.get("up to") or key, "D038", message, "Make «up to» larger.")
        if (state.choose or state.pick) and not state.save:
            reading.fail(key, "D023", f"{name} does not say where the answer is kept.", "Add «save: slot».")
        if state.pick and state.done is None:
            reading.fail(key, "D024", f"{name} picks, but has no button to end picking.", "Add «done: That is all».")
        if (state.choose or state.pick or state.write) and entries.get("next") is None:
            reading.fail(key, "D025", f"{name} does not say where it goes on.", "Add «next: state».")
        if state.pick and any(answer.id == "done" for answer in state.answers):
            hint = "It is the id of the button that ends picking; choose another id."
            reading.fail(key, "D013", f"{name} picks and has an answer with the id «done».", hint)
        if state.write and state.save:
            reading.fail(
                entries.key("save") or key, "D026", f"{name} has write and save.", "«write» names the slot already."
            )
    else:
        for word in _ONLY_ASKING:
            if entries.get(word) is not None:
                reading.fail(entries.key(word) or key, "D027", f"{name} does not ask, so «{word}» does nothing.")
        if state.kind in {"say", "call"} and entries.get("next") is None:
            reading.fail(key, "D025", f"{name} does not say where it goes on.", "Add «next: state» or «end: done».")
        if state.kind in {"branch", "end"} and state.next is not None:
            reading.fail(entries.key("next") or key, "D028", f"{name} never reaches its «next».", "Delete it.")
    if state.kind == "branch" and state.items:
        reading.fail(entries.key("say") or key, "D028", f"{name} branches; say it in a state before.")
    if state.branches and not _has_otherwise(reading, entries.get("branch")):
        reading.fail(
            entries.key("branch") or key,
            "D029",
            f"{name} has no «otherwise».",
            "Add «- otherwise: state» as the last way.",
        )


def _has_otherwise(reading: Reading, piece: Piece | None) -> bool:
    """Say whether there is an «otherwise», or a way with a slip in its key that may be one."""
    ways = [one for one in piece.values if isinstance(one, Entries)] if isinstance(piece, Items) else []
    return any(one.get("otherwise") is not None or not reading.knows(one, "way") for one in ways)


def _items(reading: Reading, piece: Piece | None, place: str) -> tuple[Item, ...]:
    if piece is None:
        return ()
    pieces = piece.values if isinstance(piece, Items) else (piece,)
    found = []
    for number, one in enumerate(pieces):
        where = f"{place}/say" if len(pieces) == 1 else f"{place}/say/{number + 1}"
        item = _item(reading, one, where)
        if item is not None:
            found.append(item)
    return tuple(found)


def _item(reading: Reading, piece: Piece, place: str) -> Item | None:
    if isinstance(piece, Scalar):
        text = reading.text(piece, "say", place)
        return None if text is None else Item(text, at=reading.place(piece))
    entries = reading.entries(piece, "message")
    if entries is None:
        return None
    reading.mark(entries, entries)
    forms = [name for name in ("text", "show", "attach", "one") if entries.get(name) is not None]
    if len(forms) != 1:
        reading.fail(entries, "D031", "a message has exactly one of text, show, attach (or one/other with by).")
        return None
    for extra in ("by", "other") if forms[0] != "one" else ():
        if entries.get(extra) is not None:
            reading.fail(entries.key(extra) or entries, "D039", f"«{extra}» belongs to «one», which is not here.",
                         "Write «one» instead of «text», or delete it.")  # fmt: skip
    when = reading.condition(entries.get("when"), "when")
    kind: Kind = reading.choice(entries.get("kind"), "kind", "message") or "say"  # type: ignore[assignment]
    scalar = reading.scalar(entries.get("context"), "context")
    context = scalar.text if scalar else None
    at = reading.place(entries)
    if forms[0] in {"show", "attach"}:
        name = reading.name(entries.get(forms[0]), forms[0])
        return None if name is None else Item(name, forms[0], kind, when, at)  # type: ignore[arg-type]
    if forms[0] == "text":
        text = reading.text(entries.get("text"), "text", place, context)
        return None if text is None else Item(text, "text", kind, when, at)
    by = reading.name(entries.get("by"), "by")
    one, other = reading.scalar(entries.get("one"), "one"), reading.scalar(entries.get("other"), "other")
    if by is None or one is None or other is None:
        reading.fail(entries, "D032", "plural forms need «by», «one» and «other».")
        return None
    plural = Text(one.text.strip(), f"{reading.pack}/{place}", context, other.text.strip(), by)
    # Both forms are one text; it stands twice, so that a mistake is shown in the form that has it.
    reading.texts += [(plural, one), (plural, other)]
    return Item(plural, "text", kind, when, at)


def _answers(reading: Reading, entries: Entries, place: str) -> tuple[Answer, ...]:
    found: list[Answer] = []
    seen: dict[str, int] = {}
    for piece in reading.items(entries.get("answers"), "answers"):
        own = reading.entries(piece, "answer")
        if own is None:
            continue
        reading.mark(own, own)
        words = reading.scalar(own.get("answer"), "answer")
        if words is None:
            continue
        answer_id = reading.answer_id(own.get("id"), words.text, words)
        if answer_id in seen:
            hint = f"The one in line {seen[answer_id]} has it already; give another «id»."
            reading.fail(own, "D033", f"two answers have the id «{answer_id}».", hint)
        seen[answer_id] = own.line
        if own.get("go") is None and entries.get("next") is None and reading.knows(entries, "state"):
            reading.fail(
                own, "D025", f"the answer «{answer_id}» leads nowhere.", "Add «go: state», or «next» to the state."
            )
        where = f"{place}/answers/{answer_id}"
        context = reading.scalar(own.get("context"), "context")
        label = Text(words.text.strip(), f"{reading.pack}/{where}", context.text if context else None)
        reading.texts.append((label, words))
        found.append(
            Answer(
                answer_id,
                label,
                also=reading.text(own.get("also"), "also", f"{where}/also", "match words"),
                go=reading.target(own.get("go"), "go"),
                when=reading.condition(own.get("when"), "when"),
                changes=reading.changes(own),
                at=reading.place(own),
            )
        )
    return tuple(found)


def _branches(reading: Reading, piece: Piece | None) -> tuple[Branch, ...]:
    found: list[Branch] = []
    ways = reading.items(piece, "branch")
    for index, one in enumerate(ways):
        entries = reading.entries(one, "way")
        if entries is None:
            continue
        if entries.get("otherwise") is not None:
            target = reading.target(entries.get("otherwise"), "otherwise")
            if index != len(ways) - 1:
                reading.fail(entries, "D034", "«otherwise» must be the last way; what follows is never reached.")
            if target is not None:
                found.append(Branch(None, target))
            continue
        when, go = reading.condition(entries.get("when"), "when"), reading.target(entries.get("go"), "go")
        if (entries.get("when") is None or entries.get("go") is None) and reading.knows(entries, "way"):
            reading.fail(entries, "D035", "a way needs «when» and «go», or «otherwise».")
        if when is not None and go is not None:
            found.append(Branch(when, go))
    return tuple(found)


def _remind(reading: Reading, piece: Piece | None) -> Remind | None:
    if piece is None:
        return None
    entries = reading.entries(piece, "reminder")
    if entries is None:
        return None
    name, do = reading.name(entries.get("name"), "name"), reading.name(entries.get("do"), "do")
    on = reading.scalar(entries.get("on"), "on")
    span = reading.span(entries.get("in"), "in")
    if (entries.get("on") is None) == (entries.get("in") is None):
        reading.fail(entries, "D036", "a reminder needs one of «on: =date» and «in: 31 days».")
        return None
    if on is not None and not on.text.startswith("="):
        reading.fail(
            on, "D037", f"«on» takes the name of a date value, read «{on.text[:20]}».", "For example: on: =deadline."
        )
        return None
    if name is None or do is None:
        return None
    if on is not None:
        return Remind(name, do, on=on.text[1:])
    return None if span is None else Remind(name, do, number=span[0], unit=span[1])
