from __future__ import annotations

from bot.engine.providers import Registry
from bot.letters.providers import register
from bot.texts.tree import CodeBlock
from tests.letters.kit import same, scope, tiny, tiny_facts, tiny_registry


def offered() -> Registry:
    registry = tiny_registry()
    register(registry, tiny().letters, tiny_facts(), same)
    return registry


def test_the_draft_is_one_text_to_copy_as_long_as_it_was_asked_for() -> None:
    registry = offered()
    (short,) = registry.blocks["draft"].get(scope(length="short"))
    (long,) = registry.blocks["draft"].get(scope(length="long"))
    assert isinstance(short, CodeBlock)
    assert short.text.startswith("Good day!")
    assert long.text.startswith("November 23, 2026")
    assert (short,) == registry.blocks["draft_short"].get(scope(length="long"))
    assert (long,) == registry.blocks["draft_long"].get(scope())


def test_length_and_fit_speak_of_the_draft_that_is_shown() -> None:
    values = offered().values
    short, long = scope(length="short"), scope(length="long", own_words="x" * 250)
    assert values["draft_fits"].get(short) is True
    assert values["draft_fits"].get(long) is False
    length = values["draft_length"].get(long)
    assert isinstance(length, int)
    assert length > 260


def test_a_pack_without_a_text_to_forward_shows_nothing() -> None:
    assert offered().blocks["share_text"].get(scope()) == ()


def test_the_file_is_the_long_letter_in_utf_8_under_a_plain_name() -> None:
    file = offered().files["letter_file"].get(scope(person_name="Zoë \ud800"))
    assert file.name == "no-thanks-2026-11-23.txt"
    assert file.name.isascii()
    assert file.data.decode("utf-8").endswith("Zoë \ufffd\n")


def test_values_tell_whether_there_is_a_draft_and_a_reason() -> None:
    values = offered().values
    assert values["has_draft"].get(scope()) is False
    assert values["has_draft"].get(scope(territory="DE", situation="guest")) is True
    assert values["no_reasons"].get(scope()) is True
    assert values["no_reasons"].get(scope(grounds=("paper",), territory="FR")) is True
    assert values["no_reasons"].get(scope(grounds=("paper",))) is False
    assert values["no_reasons"].get(scope(own_words=" . ")) is False
