"""Where one conversation stands, and how that becomes bytes and comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from bot.engine.effects import Value

FORMAT = 1


class BrokenSession(ValueError):
    """Say that stored bytes are no session this program understands; the conversation restarts politely."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A dialog that was entered and the state it stands in.

    `mark` is set on a dialog that interrupts (a command, a reminder): the length of the history to return to when it
    is over.
    """

    dialog: str
    state: str
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation: frames (outermost first), answers, language and what is being asked.

    `turn` counts questions, so that a button of an earlier one is recognised. `picked` are the ticks of a multiple
    choice that is not finished, `maybe` the candidates of a pending "did you mean", `misses` the misunderstood
    answers in a row.
    """

    pack: str
    version: str
    frames: tuple[Frame, ...]
    language: str
    slots: Mapping[str, Value]
    history: tuple[tuple[Frame, ...], ...] = ()
    turn: int = 0
    picked: tuple[str, ...] | None = None
    maybe: tuple[str, ...] = ()
    misses: int = 0
    ended: bool = False

    @property
    def top(self) -> Frame:
        """The innermost frame: where the person stands."""
        return self.frames[-1]

    @property
    def state(self) -> str:
        """The place of the person as `dialog/state`."""
        return f"{self.frames[-1].dialog}/{self.frames[-1].state}"

    @property
    def stack(self) -> tuple[str, ...]:
        """All places, outermost first."""
        return tuple(f"{frame.dialog}/{frame.state}" for frame in self.frames)


def encode(session: Session) -> bytes:
    """Turn a session into compact bytes; what is empty is left out."""
    data: dict[str, Any] = {
        "f": FORMAT,
        "p": session.pack,
        "v": session.version,
        "s": _pack_frames(session.frames),
        "l": session.language,
        "a": dict(session.slots),
        "t": session.turn,
    }
    if session.history:
        data["h"] = [_pack_frames(frames) for frames in session.history]
    if session.picked is not None:
        data["k"] = session.picked
    if session.maybe:
        data["m"] = session.maybe
    if session.misses:
        data["x"] = session.misses
    if session.ended:
        data["e"] = 1
    return orjson.dumps(data)


def decode(data: bytes) -> Session:
    """Read the bytes of `encode`; raises `BrokenSession` for anything else, whatever it is."""
    try:
        raw = orjson.loads(data)
        if raw["f"] != FORMAT:
            raise BrokenSession(f"a session of format {raw['f']!r}, this program writes {FORMAT}")
        slots = {_text(name): _value(value) for name, value in raw["a"].items()}
        picked = raw.get("k")
        session = Session(
            pack=_text(raw["p"]),
            version=_text(raw["v"]),
            frames=_unpack_frames(raw["s"]),
            language=_text(raw["l"]),
            slots=slots,
            history=tuple([_unpack_frames(one) for one in raw.get("h", ())]),
            turn=_number(raw["t"]),
            picked=None if picked is None else _texts(picked),
            maybe=_texts(raw.get("m", [])),
            misses=_number(raw.get("x", 0)),
            ended=bool(raw.get("e")),
        )
    except BrokenSession:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BrokenSession("these bytes are no session") from error
    if not session.frames:
        raise BrokenSession("a session that stands nowhere")
    return session


def with_slots(session: Session, slots: Mapping[str, Value]) -> Session:
    """Give the same session with other answers."""
    return replace(session, slots=slots)


def _pack_frames(frames: tuple[Frame, ...]) -> str:
    return ">".join([f"{f.dialog}/{f.state}" if f.mark is None else f"{f.dialog}/{f.state}/{f.mark}" for f in frames])


def _unpack_frames(text: str) -> tuple[Frame, ...]:
    frames = []
    for part in text.split(">"):
        pieces = part.split("/")
        if len(pieces) == 2:
            frames.append(Frame(pieces[0], pieces[1]))
        elif len(pieces) == 3:
            frames.append(Frame(pieces[0], pieces[1], int(pieces[2])))
        else:
            raise BrokenSession("a frame that is no place")
    return tuple(frames)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BrokenSession("expected a text")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise BrokenSession("expected a list of texts")
    return tuple([_text(value) for value in values])


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise BrokenSession("expected a whole number")
    return value


def _value(value: object) -> Value:
    if isinstance(value, (str, int)):
        return value
    return _texts(value)
