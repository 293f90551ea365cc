"""Sessions survive their bytes; anything else is refused with our own error (E04)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.session import BrokenSession, Frame, Session, decode, encode, with_slots

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
FRAMES = st.lists(st.builds(Frame, NAMES, NAMES, st.none() | st.integers(0, 40)), min_size=1, max_size=4).map(tuple)
VALUES = st.text(max_size=20) | st.integers(-(2**31), 2**31) | st.booleans() | st.lists(st.text(max_size=5)).map(tuple)
SESSIONS = st.builds(
    Session, NAMES, NAMES, FRAMES, NAMES, st.dictionaries(NAMES, VALUES, max_size=5),
    history=st.lists(FRAMES, max_size=4).map(tuple), turn=st.integers(0, 9999),
    picked=st.none() | st.lists(NAMES, max_size=3).map(tuple), maybe=st.lists(NAMES, max_size=3).map(tuple),
    misses=st.integers(0, 99), ended=st.booleans(),
)  # fmt: skip


@given(SESSIONS)
def test_a_session_survives_its_bytes(session: Any) -> None:
    assert decode(encode(session)) == session


@given(st.binary(max_size=80))
def test_any_bytes_are_a_session_or_a_broken_one(raw: Any) -> None:
    with suppress(BrokenSession):
        decode(raw)


GOOD = orjson.loads(encode(Session("p", "v", (Frame("d", "s"),), "en", {"a": "b"})))


@pytest.mark.parametrize(
    "change",
    [{"f": 2}, {"s": ""}, {"s": "a"}, {"s": "a/b/c/d"}, {"s": "a/b/x"}, {"s": 5}, {"p": 5}, {"a": []}, {"a": {"x": {}}},
     {"a": {"x": [1]}}, {"t": "1"}, {"k": 5}, {"m": "x"}, {"h": [5]}, {"x": []}, {"l": None}],
)  # fmt: skip
def test_E04_a_session_with_a_wrong_piece_is_broken(change: Any) -> None:
    with pytest.raises(BrokenSession):
        decode(orjson.dumps(GOOD | change))


def test_a_session_missing_a_piece_is_broken() -> None:
    for key in GOOD:
        with pytest.raises(BrokenSession):
            decode(orjson.dumps({name: value for name, value in GOOD.items() if name != key}))


def test_other_answers_make_another_session() -> None:
    session = decode(orjson.dumps(GOOD))
    assert with_slots(session, {"x": 1}).slots == {"x": 1}
    assert session.slots == {"a": "b"}
    assert session.stack == ("d/s",)
