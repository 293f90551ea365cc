from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console.lines import LONGEST
from tests.channels.console.kit import Answer, Result, converse, lines, parts
from tests.kit.pets import FILES, NOW, library

NASTY = [
    b"", b" ", b"nonsense", b"\x00\x00", b"\xff\xfe\x80", b"[]", b"null", b"1", b'"text"', b"{}", b"NaN",
    b"[" * 100_000,
    b'{"text": NaN}', b'{"text": Infinity}', b'{"text": 5}', b'{"text": null}', b'{"text": ["a"]}', b'{"x": "y"}',
    b'{"text": "a", "press": "dog"}', b'{"press": ""}', b'{"press": "\\u0000"}', b'{"press": 1}', b'{"advance": 5}',
    b'{"advance": "soon"}', b'{"advance": "-1 days"}', b'{"advance": "999999 months"}', b'{"a": ' + b"9" * 5000 + b"}",
    b'{"press": "' + b"x" * 1_000_000 + b'"}', b"x" * 1_000_000, b'{"text": "a"', b'{"text": "a"} {"text": "b"}',
    b'{"text": ' + b'{"text":' * 50_000,
]  # fmt: skip

STRANGE = [
    b'{"text": ""}', b'{"text": "\\ud800"}', b'{"text": "\\u0000"}', b'{"text": "\\ud83d\\ude00"}', b'{"text":"\xff"}',
    b'{"text": "' + b"a" * 1_000_000 + b'"}', '{"text": "\u202egnp.exe"}'.encode(), b'{"text": "{nick}"}',
    ('{"text": "' + "e\u0301\u0302" * 4096 + '"}').encode(), b'{"text": "<b>\\u001b[2J</b>"}', b'{"text": "/"}',
    b'\xef\xbb\xbf{"text": "hm"}', b'{"text": "\\"\'); DROP TABLE sessions;--"}', b' {"text" : "hm" } \r',
]  # fmt: skip


async def once(given: bytes) -> Result:
    async with parts() as made:
        return await converse(made, "json", given)


async def answers(*given: dict[str, str]) -> list[Answer]:
    return (await once(lines(*given))).answers


@pytest.mark.parametrize("line", NASTY, ids=[repr(one[:30]) for one in NASTY])
async def test_a_bad_line_gets_one_sentence_and_the_state_and_changes_nothing(line: bytes) -> None:
    start, bad, good = (await once(line + b'\n{"press": "dog"}\n')).answers
    assert len(bad.errors) == 1
    assert not bad.messages
    assert bad.errors[0].endswith(".")
    assert "\n" not in bad.errors[0]
    assert len(bad.errors[0]) < 300
    assert bad.state == start.state
    assert good.state["slots"] == {"animal": "dog"}


@pytest.mark.parametrize("line", STRANGE, ids=[repr(one[:30]) for one in STRANGE])
async def test_strange_words_are_answered_like_any_others(line: bytes) -> None:
    start, strange = (await once(line + b"\n")).answers
    assert strange.messages
    assert not strange.errors
    assert strange.state == start.state


@given(
    st.lists(
        st.one_of(
            st.sampled_from([one for one in NASTY + STRANGE if len(one) < 1000]),
            st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"")),
            st.text(max_size=30).map(lambda text: json.dumps({"text": text}).encode()),
            st.sampled_from(["dog", "meat", "done", "DE", "fed", "fine", "neither", "unknown"]).map(
                lambda one: json.dumps({"press": one}).encode()
            ),
            st.sampled_from(["/help", "/back", "/forget", "/restart", "2", "1, 2", "30.2.2020", "1.1.2020"]).map(
                lambda one: json.dumps({"text": one}).encode()
            ),
            st.sampled_from([b'{"advance": "1 days"}', b'{"advance": "7 weeks"}']),
        ),
        max_size=12,
    )
)
def test_every_input_is_answered_and_closed_by_exactly_one_state_line(given: list[bytes]) -> None:
    result = asyncio.run(once(b"".join(one + b"\n" for one in given)))
    assert result.code == 0
    assert len(result.answers) == len(given) + 1
    ids = [message["id"] for answer in result.answers for message in answer.messages]
    assert ids == list(range(1, len(ids) + 1))


async def test_the_start_says_what_there_is_and_where_one_stands() -> None:
    (start,) = await answers()
    hello, question = start.messages
    assert hello == {
        "id": 1, "replaces": None, "kind": "say", "text": "Hello!", "choices": [], "links": [], "files": [],
    }  # fmt: skip
    assert question["kind"] == "question"
    assert question["choices"][0] == {"id": "dog", "label": "A dog", "selected": False}
    assert start.state == {
        "state": "main/animal", "stack": ["main/animal"], "language": "en", "slots": {}, "ended": False,
    }  # fmt: skip


async def test_a_press_ticks_and_the_message_replaces_the_question() -> None:
    *_, before, ticked, unticked, done = await answers(
        {"press": "dog"}, {"text": "Germany"}, {"press": "meat"}, {"press": "meat"}, {"text": "1, 3"}
    )
    assert ticked.messages[0]["replaces"] == before.messages[-1]["id"]
    assert [choice["id"] for choice in ticked.messages[0]["choices"] if choice["selected"]] == ["meat"]
    assert unticked.messages[0]["replaces"] == ticked.messages[0]["id"]
    assert not any(choice["selected"] for choice in unticked.messages[0]["choices"])
    assert done.state["slots"]["foods"] == ["meat", "grass"]


async def test_done_ends_picking() -> None:
    *_, last = await answers({"press": "dog"}, {"press": "DE"}, {"press": "fish"}, {"press": "done"})
    assert last.state["slots"]["foods"] == ["fish"]
    assert last.state["state"] == "main/count"


async def test_a_choice_of_another_question_is_an_error() -> None:
    *_, last = await answers({"press": "dog"}, {"press": "dog"})
    assert last.errors == ["There is no choice «dog» here."]
    assert last.state["state"] == "main/country"


async def test_did_you_mean_can_be_pressed() -> None:
    *_, asked, chosen = await answers({"press": "dog"}, {"text": "Irak"}, {"press": "IQ"})
    assert {"IQ", "IR"} <= {choice["id"] for choice in asked.messages[-1]["choices"]}
    assert chosen.state["slots"]["country"] == "IQ"


async def test_the_stack_is_told_outermost_first() -> None:
    *_, last = await answers({"text": "/help"})
    assert last.state["stack"] == ["main/animal", "help/ask"]
    assert last.state["state"] == "help/ask"


async def test_a_reminder_comes_when_the_clock_is_moved_past_it_and_only_once() -> None:
    *_, ended, early, due, late = await answers(
        {"press": "nothing"}, {"advance": "23 hours"}, {"advance": "1 hours"}, {"advance": "31 days"}
    )
    assert ended.state["ended"]
    assert not early.messages
    assert due.texts == ["Did you feed it?"]
    assert due.state["state"] == "feed/ask"
    assert not due.state["ended"]
    assert not late.messages
    assert not late.errors


def ringing(every: str) -> str:
    """Write a reminder dialog that sets the reminder again before it asks."""
    again = (
        f"  again:\n    say: Ding.\n    remind:\n      name: feed\n      in: {every}\n      do: feed\n    next: ask\n"
    )
    return FILES["feed.yaml"].replace("start: ask\n", "start: again\n").replace("states:\n", f"states:\n{again}")


async def test_what_is_due_comes_one_after_another_each_at_its_moment() -> None:
    chain = ringing("1 day")
    async with parts(library({**FILES, "feed.yaml": chain})) as made:
        result = await converse(made, "json", lines({"press": "nothing"}, {"advance": "3 days"}))
        assert made.clock.now() == NOW + timedelta(days=3)
    assert result.answers[-1].texts.count("Ding.") == 3


async def test_a_reminder_that_sets_itself_again_does_not_stop_the_conversation() -> None:
    always = FILES["main.yaml"].replace("in: 1 day", "in: 1 minutes")
    chain = ringing("1 minutes")
    async with parts(library({**FILES, "main.yaml": always, "feed.yaml": chain})) as made:
        result = await converse(made, "json", lines({"press": "nothing"}, {"advance": "2 days"}))
        assert made.clock.now() == NOW + timedelta(days=2)
    assert result.answers[-1].texts.count("Ding.") == 1000


async def test_after_forgetting_the_state_tells_where_it_ended_and_nothing_else() -> None:
    *_, gone, again = await answers({"press": "dog"}, {"text": "/forget"}, {"text": "hello"})
    assert gone.texts == ["Everything is gone."]
    assert gone.state == {
        "state": "forget/gone", "stack": ["forget/gone"], "language": "en", "slots": {}, "ended": True,
    }  # fmt: skip
    assert again.texts[0] == "Hello!"
    assert not again.state["ended"]


async def test_what_the_watcher_found_is_said_beside_the_conversation() -> None:
    async def watch() -> str:
        return "main.yaml:3:1: D001 something is wrong."

    async with parts() as made:
        result = await converse(made, "json", lines({"press": "dog"}), watch=watch)
    assert result.err == "main.yaml:3:1: D001 something is wrong.\n"
    assert len(result.answers) == 2


async def test_a_store_that_fails_is_an_error_line_and_the_state() -> None:
    async with parts() as made:

        async def close_the_store() -> None:
            await made.store.close()

        result = await converse(made, "json", lines({"press": "dog"}, {"text": "x"}), watch=close_the_store)
    start, failed, again = result.answers
    assert len(failed.errors) == len(again.errors) == 1
    assert failed.state == again.state == start.state


async def test_a_line_longer_than_anything_is_refused_and_the_next_one_read() -> None:
    _, refused, good = (await once(b"x" * (LONGEST + 70_000) + b'\n{"press": "dog"}\n')).answers
    assert refused.errors == ["This line is too long to be read."]
    assert good.state["slots"] == {"animal": "dog"}


async def test_a_last_line_without_an_end_counts() -> None:
    _, last = (await once(b'{"press": "dog"}')).answers
    assert last.state["slots"] == {"animal": "dog"}


async def test_what_falls_due_while_the_person_thinks_comes_after_the_answer() -> None:
    async with parts() as made:

        async def think() -> None:
            made.clock.advance(2, "days")

        result = await converse(made, "json", lines({"press": "nothing"}, {"text": "hm"}), watch=think)
    assert result.answers[-1].texts == ["phrase ended", "Did you feed it?"]
