from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.console.talk import Mode, talk
from bot.engine.text import Text
from tests.channels.console.kit import converse, parts
from tests.kit.pets import FILES, library

GREETING = """\
Hello!

Which animal do you have?
1. A dog
2. A cat
3. None

"""


async def plain(given: str, encoding: str = "utf-8") -> str:
    async with parts() as made:
        result = await converse(made, "plain", given.encode(), encoding=encoding)
    assert (result.code, result.err) == (0, "")
    return result.out


async def test_a_transcript_is_a_block_per_message_with_an_empty_line_after_each() -> None:
    expected = (
        GREETING
        + """\
Where does it live?
1. Germany
2. United States

What does it eat?
1. Meat
2. Fish
3. Grass
4. I do not know
5. That is all

How many do you have?
1. Skip

"""
    )
    assert await plain("1\nDeutschland\n1, 3\n") == expected


async def test_the_same_input_gives_the_same_output() -> None:
    given = "dog\nGermany\n1, 3\n2\n1.1.2020\nRex\n"
    first = await plain(given)
    assert first.endswith("Goodbye Rex!\n\n")
    assert await plain(given) == first


async def test_a_ticked_choice_says_so_and_the_others_stay_as_they_were() -> None:
    async with parts() as made:
        await converse(made, "json", b'{"press":"dog"}\n{"press":"DE"}\n{"press":"fish"}\n')
        result = await converse(made, "plain", b"")
    assert result.blocks[-1] == ("What does it eat?\n1. Meat\n2. [x] Fish\n3. Grass\n4. I do not know\n5. That is all")


async def test_a_line_that_ends_in_a_backslash_goes_on_in_the_next() -> None:
    assert await plain("A \\\ndog\n") == await plain("A dog\n")
    assert "Where does it live?" in await plain("dog\\")


async def test_an_empty_line_is_an_answer_too() -> None:
    assert (await plain("\n\n")).count("Which animal?") == 2


async def test_line_ends_of_other_systems_are_no_part_of_the_answer() -> None:
    assert await plain("dog\r\n") == await plain("dog\n")


@pytest.mark.parametrize(
    "given", [b"\xff\xfe\x00", b"\x00", b"x" * 1_000_000, "e\u0301".encode() * 4096, b"\x1b[2J\x07"]
)
async def test_unreadable_input_gets_a_helpful_answer(given: bytes) -> None:
    async with parts() as made:
        result = await converse(made, "plain", given + b"\ndog\n")
    assert result.code == 0
    assert result.blocks[-1].startswith("Where does it live?")
    assert not set("\x00\x07\x1b") & set(result.out)


async def test_a_message_of_several_paragraphs_is_still_one_block() -> None:
    files = {**FILES, "main.yaml": FILES["main.yaml"].replace("say: Hello!", "say: |\n      Hello!\n\n      It is me.")}
    async with parts(library(files)) as made:
        result = await converse(made, "plain", b"")
    assert result.blocks[0] == "Hello!\nIt is me."


async def test_an_output_without_umlauts_and_flags_gets_what_is_nearest() -> None:
    lib = library({**FILES, "main.yaml": FILES["main.yaml"].replace("say: Hello!", "say: 🇩🇪 Grüße – “hi”…")})
    async with parts(lib) as made:
        result = await converse(made, "plain", b"", encoding="ascii")
    assert result.blocks[0] == 'DE Gruesse - "hi"...'


async def test_files_are_named_with_their_path(tmp_path: Path) -> None:
    async with parts() as made:
        result = await converse(made, "plain", b"dog\nGermany\nmeat\n5\n", files=tmp_path)
    assert f"card.txt: {tmp_path / 'card.txt'}" in result.blocks


async def test_nothing_of_what_the_console_says_is_its_own() -> None:
    lib = library()
    phrases = {**lib.newest.phrases, "goodbye": Text("See you!", "pack/phrases/goodbye")}
    object.__setattr__(lib.newest, "phrases", phrases)
    async with parts(lib) as made:
        assert (await converse(made, "plain", b"")).out == GREETING


async def test_nobody_at_the_input_is_the_end_of_the_input() -> None:
    assert await plain("") == GREETING


@pytest.mark.parametrize("mode", ["plain", "json", "rich"])
async def test_without_any_stream_it_ends_quietly(mode: Mode) -> None:
    async with parts() as made:
        code = await talk(
            made.turns,
            made.store,
            made.clock,
            mode=mode,
            language="en",
            files=None,
            stdin=None,
            stdout=None,
            stderr=None,
        )
    assert code == 0
