"""The working copy of one turn: everything `step` may change, thrown away afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.engine import limits
from bot.engine.effects import Attach, Block, Choice, EditLast, Effect, Kind, Listed, Say, Value
from bot.engine.library import Library
from bot.engine.model import Change, Dialog, Pack, State, Target
from bot.engine.providers import Scope
from bot.engine.session import Frame, Session
from bot.engine.text import Text

_MESSAGES = (Say, EditLast, Attach)


@dataclass(frozen=True, slots=True)
class Passed:
    """One state passed or one answer taken in a turn, for coverage: never kept with the person."""

    place: str
    what: str


class Turn:
    """Collect what one event changes; `session()` gives the result."""

    __slots__ = (
        "_scope", "_values", "answer", "effects", "ended", "frames", "history", "jump", "language", "library",
        "maybe", "misses", "now", "number", "pack", "picked", "slots", "state", "trace",
    )  # fmt: skip

    def __init__(self, library: Library, pack: Pack, session: Session, now: datetime) -> None:
        self.library = library
        self.pack = pack
        self.now = now
        self.frames = session.frames
        self.language = session.language
        self.slots = dict(session.slots)
        self.history = session.history
        self.number = session.turn
        self.picked = session.picked
        self.maybe = session.maybe
        self.misses = session.misses
        self.ended = session.ended
        self.effects: list[Effect] = []
        self.trace: list[Passed] = []
        self.state = session.top.state
        self.answer = ""
        self.jump: Target | None = None
        self._values: dict[str, Value | None] = {}
        self._scope: Scope | None = None

    def session(self) -> Session:
        """Give the session as it is after the turn."""
        return Session(
            pack=self.pack.name,
            version=self.pack.version,
            frames=self.frames,
            language=self.language,
            slots=self.slots,
            history=self.history,
            turn=self.number,
            picked=self.picked,
            maybe=self.maybe,
            misses=self.misses,
            ended=self.ended,
        )

    @property
    def dialog(self) -> Dialog:
        """The dialog the person stands in."""
        return self.pack.dialogs[self.frames[-1].dialog]

    @property
    def here(self) -> State:
        """The state the person stands in."""
        top = self.frames[-1]
        return self.pack.dialogs[top.dialog].states[top.state]

    @property
    def place(self) -> str:
        """The place the person stands at."""
        return f"{self.frames[-1].dialog}/{self.frames[-1].state}"

    def scope(self) -> Scope:
        """Give what providers may look at; made anew when an answer changed."""
        if self._scope is None:
            self._scope = Scope(self.slots, self.now, self.language)
        return self._scope

    def lookup(self, name: str) -> Value | None:
        """Give a remembered answer or a provider's value; None where neither is known."""
        if name == "language":
            return self.language
        if name in self.slots:
            return self.slots[name]
        if name in self._values:
            return self._values[name]
        provider = self.library.registry.values.get(name)
        value = provider.get(self.scope()) if provider else None
        self._values[name] = value
        return value

    def move(self, state: str) -> None:
        """Stand in another state of the same dialog."""
        top = self.frames[-1]
        self.frames = (*self.frames[:-1], Frame(top.dialog, state, top.mark))

    def take_jump(self) -> Target | None:
        """Give the target outside the dialog that the machine left behind, once."""
        jump, self.jump = self.jump, None
        return jump

    def put(self, name: str, value: Value | None) -> None:
        """Remember an answer, or forget it with None; answers that depend on it are forgotten when it changes."""
        if name == "language":
            if isinstance(value, str):
                self.language = value
                self._scope = None
            return
        if self.slots.get(name) == value:
            return
        # A fresh dict: effects already collected keep the answers as they were when they were said.
        slots = dict(self.slots)
        if value is None or value == () or value == "":
            slots.pop(name, None)
        else:
            slots[name] = value
        self.slots = slots
        self._scope = None
        self._values = {}
        for slot in self.pack.slots.values():
            if slot.depends_on == name and slot.name in self.slots:
                self.put(slot.name, None)

    def forget_answers(self) -> None:
        """Forget every answer, as /restart does; the language stays."""
        self.slots = {}
        self._scope = None
        self._values = {}

    def change(self, changes: tuple[Change, ...]) -> None:
        """Carry out the `set`, `add` and `clear` of a state or an answer, in the order of the file."""
        for one in changes:
            value = self.lookup(one.source) if one.source else one.value
            if one.verb == "clear":
                self.put(one.slot, None)
            elif one.verb == "set":
                slot = self.pack.slots.get(one.slot)
                several = slot is not None and slot.type == "choices" and isinstance(value, str)
                self.put(one.slot, (str(value),) if several else value)
            elif value is not None:
                had = self.slots.get(one.slot, ())
                ids = had if isinstance(had, tuple) else (str(had),)
                more = value if isinstance(value, tuple) else (str(value),)
                self.put(one.slot, tuple(dict.fromkeys((*ids, *more))))

    def say(
        self,
        body: Text | Block,
        kind: Kind = "say",
        choices: tuple[Choice, ...] = (),
        *,
        multiple: bool = False,
        extra: dict[str, Value | Listed | Text] | None = None,
        edit: bool = False,
    ) -> None:
        """Collect a message; beyond the limit of a turn only a question is added, in the place of what was last."""
        if self._full() and kind != "question":
            return
        say = Say(body, kind, choices, multiple, self.slots, extra or {}, self.place, self.number)
        if self._full():
            # A question has to be heard: without it the person would not know that they are waited for.
            last = max(at for at, one in enumerate(self.effects) if isinstance(one, _MESSAGES))
            del self.effects[last]
        self.effects.append(EditLast(say) if edit else say)

    def attach(self, name: str) -> None:
        """Collect a file; beyond the limit of a turn it is left out."""
        if not self._full():
            self.effects.append(Attach(name, self.slots))

    def _full(self) -> bool:
        return sum(isinstance(one, _MESSAGES) for one in self.effects) >= limits.MESSAGES_PER_TURN

    def phrase(self, name: str, **extra: Value | Listed | Text) -> None:
        """Say what the bot says by itself."""
        self.say(self.pack.phrases[name], "notice", extra=dict(extra))

    def remember_question(self) -> None:
        """Put the question in hand on the history, so that one can come back to it.

        Inside an interrupt the oldest entries must stay (its mark counts them), so there the newest is left out
        instead.
        """
        if any(frame.mark is not None for frame in self.frames):
            if len(self.history) < 2 * limits.HISTORY:
                self.history = (*self.history, self.frames)
        else:
            self.history = (*self.history, self.frames)[-limits.HISTORY :]
