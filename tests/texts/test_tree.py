from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.tree import (
    CodeBlock,
    Link,
    Message,
    Paragraph,
    RenderedChoice,
    RenderedFile,
    Run,
    body_from_json,
    body_to_json,
    from_json,
    to_json,
)
from tests.texts.strategies import bodies, typed

messages = st.builds(
    Message,
    body=bodies,
    kind=st.sampled_from(["say", "question", "draft", "letter", "notice"]),
    choices=st.lists(st.builds(RenderedChoice, typed, typed, st.booleans()), max_size=3).map(tuple),
    multiple=st.booleans(),
    files=st.lists(st.builds(RenderedFile, typed, typed, st.binary(max_size=20)), max_size=2).map(tuple),
    replaces_last=st.booleans(),
    language=st.sampled_from(["en", "de", "pt_BR"]),
    place=typed,
    turn=st.integers(0, 10**6),
)


@given(messages)
def test_a_message_comes_back_from_its_json_as_it_was(message: Message) -> None:
    assert from_json(json.loads(json.dumps(to_json(message)))) == message


def test_what_is_default_is_not_written() -> None:
    assert to_json(Message((Paragraph((Run("Hello"),)),))) == {"body": [["Hello"]]}


def test_a_body_is_written_shortly() -> None:
    body = (
        Paragraph((Run("a"), Run("b", bold=True), Run("c", code=True)), bullet=True),
        Paragraph((Run("form", url="https://example.org/"),)),
        CodeBlock("x\ny"),
    )
    data = [{"li": ["a", ["b", 1], ["c", 2]]}, [["form", 0, "https://example.org/"]], {"code": "x\ny"}]
    assert body_to_json(body) == data
    assert body_from_json(data) == body


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"body": 7},
        {"body": [7]},
        {"body": [{"other": 1}]},
        {"body": [], "choices": [["a"]]},
        {"body": [], "files": [["a", "b", "no base64!"]]},
        {"body": [], "files": [["a", "b"]]},
        {"body": [[["only text"]]]},
    ],
)
def test_what_is_no_stored_message_is_refused_in_one_sentence(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="This stored message cannot be read"):
        from_json(data)


def test_the_links_of_a_message_stand_once_each_in_reading_order() -> None:
    body = (
        Paragraph((Run("b", url="https://b.example/"), Run("none"), Run("a", url="https://a.example/"))),
        CodeBlock("https://c.example/"),
        Paragraph((Run("again", url="https://b.example/"),)),
    )
    assert Message(body).links() == (Link("b", "https://b.example/"), Link("a", "https://a.example/"))
