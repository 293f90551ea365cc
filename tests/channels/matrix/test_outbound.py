"""What is written: plain and HTML side by side, choices as numbers, nothing too large, nothing injected."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix.outbound import Address, contents, file_content, key_of, parts_of
from bot.texts.tree import CodeBlock, Message, Paragraph, RenderedChoice, RenderedFile, Run

DIRECT = Address("!room", "@ada:example.org")
THREAD = Address("!room", "@ada:example.org", "$root", direct=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def question(*labels: str, replaces_last: bool = False) -> Message:
    """Make a question with these answers."""
    choices = tuple(RenderedChoice(str(number), label, number == 2) for number, label in enumerate(labels, 1))
    return Message((Paragraph((Run("Which?"),)),), "question", choices, replaces_last=replaces_last)


def test_choices_are_numbered_lines_and_ticks_are_shown() -> None:
    (content,) = contents(question("One", "Two <b>"), DIRECT)
    assert content["body"] == "Which?\n\n1. One\n2. ✓ Two <b>"
    assert content["formatted_body"] == "<p>Which?</p><p>1. One<br>2. ✓ Two &lt;b&gt;</p>"
    assert content["msgtype"] == "m.text"
    assert content["m.mentions"] == {}


def test_a_thread_names_its_root_and_whom_it_is_for_and_rooms_get_notices() -> None:
    (content,) = contents(question("One"), THREAD, quiet=True)
    relation = content["m.relates_to"]
    assert (relation["rel_type"], relation["event_id"], relation["is_falling_back"]) == ("m.thread", "$root", True)
    assert content["m.mentions"] == {"user_ids": ["@ada:example.org"]}
    assert content["msgtype"] == "m.notice"


def test_an_edit_replaces_its_event() -> None:
    (content,) = contents(question("One", replaces_last=True), THREAD, edits="$q")
    assert content["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$q"}
    assert content["m.new_content"]["body"] == "Which?\n\n1. One"


def test_a_draft_is_a_code_block() -> None:
    (content,) = contents(Message((CodeBlock("Dear <Meta>"),), "draft"), DIRECT)
    assert content["formatted_body"] == "<pre><code>Dear &lt;Meta&gt;</code></pre>"
    assert content["body"] == "Dear <Meta>"


def test_o06_a_long_message_is_split_and_an_edit_that_is_too_long_comes_anew() -> None:
    long = Message((Paragraph((Run("Ein längerer Satz. " * 6000),)),), "say", replaces_last=True)
    parts = contents(long, DIRECT, edits="$q")
    assert len(parts) > 1
    assert all(len(json.dumps(part)) < 45_000 for part in parts)
    assert all("m.new_content" not in part for part in parts)


@given(TEXTS, st.lists(TEXTS.filter(lambda text: bool(text.strip())), max_size=4))
def test_whatever_stands_in_a_message_it_becomes_events_a_server_takes(text: str, labels: list[str]) -> None:
    message = Message((Paragraph((Run(text, bold=True),)),), "say", question(*labels).choices)
    for content in contents(message, THREAD):
        data = json.dumps(content, ensure_ascii=False).encode()
        assert len(data) < 65_000
        assert content["formatted_body"].count("<") == content["formatted_body"].count(">")


def test_a_file_says_what_it_is_and_where() -> None:
    content = file_content(RenderedFile("letter.txt", "text/plain", b"abc"), THREAD, {"url": "mxc://x/y"})
    assert content["info"] == {"mimetype": "text/plain", "size": 3}
    assert content["m.relates_to"]["event_id"] == "$root"


def test_addresses_and_keys_come_back_as_they_were() -> None:
    for address in (DIRECT, THREAD, Address("!r", "@a:b", "", direct=False, pending="~$x")):
        assert Address.from_bytes(address.to_bytes()) == address
    assert parts_of(key_of("@bot:b", "!r", "", "@a:b")) == ("@bot:b", "!r", "", "@a:b")
    assert parts_of("telegram:1:2") is None
