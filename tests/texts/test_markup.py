from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.clean import FSI, PDI, clean
from bot.texts.markup import MarkupError, MissingValue, compile_markup, literal
from bot.texts.plain import to_plain
from bot.texts.tree import Body, CodeBlock, Link, Paragraph, Run
from tests.texts.strategies import typed

FORM = Link("the form", "https://example.org/form")


def fill(source: str, rtl: bool = False, **values: object) -> Body:
    return compile_markup(source).fill(values, rtl=rtl)


def one(source: str, rtl: bool = False, **values: object) -> tuple[Run, ...]:
    (block,) = fill(source, rtl, **values)
    assert isinstance(block, Paragraph)
    return block.runs


def test_an_empty_line_ends_a_paragraph_and_another_line_end_is_a_line_break() -> None:
    assert fill("One\n  two  \n\n \n\nThree\n") == (Paragraph((Run("One\ntwo"),)), Paragraph((Run("Three"),)))


def test_a_line_that_starts_with_a_dash_is_a_list_item_and_the_next_line_belongs_to_it() -> None:
    assert fill("List:\n- one\n  more\n-  two\n-three") == (
        Paragraph((Run("List:"),)),
        Paragraph((Run("one\nmore"),), bullet=True),
        Paragraph((Run("two\n-three"),), bullet=True),
    )


def test_bold_code_and_links_become_runs() -> None:
    assert one("A **b {name}** `c **d** [e](f)` [words {name}](form).", name="Ann", form=FORM) == (
        Run("A "),
        Run("b Ann", bold=True),
        Run(" "),
        Run("c **d** [e](f)", code=True),
        Run(" "),
        Run("words Ann", url=FORM.url),
        Run("."),
    )


def test_bold_can_hold_a_link_and_a_link_can_hold_bold_and_code() -> None:
    assert one("**see [the `x` form](form)**", form=FORM) == (
        Run("see ", bold=True),
        Run("the ", bold=True, url=FORM.url),
        Run("x", bold=True, code=True, url=FORM.url),
        Run(" form", bold=True, url=FORM.url),
    )
    assert one("[a **b** c](form)", form=FORM) == (
        Run("a ", url=FORM.url),
        Run("b", bold=True, url=FORM.url),
        Run(" c", url=FORM.url),
    )


def test_single_stars_square_brackets_and_double_braces_are_plain_text() -> None:
    assert one("2 * 3 [your name] a] {{x}} `{{y}}`") == (Run("2 * 3 [your name] a] {x} "), Run("{y}", code=True))


def test_an_empty_text_is_an_empty_body() -> None:
    assert fill("") == ()
    assert fill(" \n\n ") == ()


def test_a_template_without_fill_ins_gives_the_same_body_every_time() -> None:
    template = compile_markup("Hello **you**")
    assert template.fill({}) is template.fill({"name": "Ann"})


def test_a_template_names_its_fill_ins_and_links() -> None:
    template = compile_markup("{a} **{b}** `{c}` [x {d}](e)\n\n{f}\n\n- {g}\n\n**{h}**")
    assert template.names == {"a", "b", "c", "d", "f", "g", "h"}
    assert template.links == {"e"}
    assert template.alone == {"f", "g"}


@pytest.mark.parametrize(
    ("source", "offset", "words"),
    [
        ("Hi {name.__class__.__mro__}", 3, "only plain names"),
        ("{0}", 0, "not a plain name"),
        ("Hi {}", 3, "names nothing"),
        ("{ }", 0, "names nothing"),
        ("{name[0]}", 0, "only plain names"),
        ("{name!r}", 0, "has a format"),
        ("{name:>999999999}", 0, "has a format"),
        ("{name:{x}}", 0, "lone “{”"),
        ("{Name}", 0, "not a plain name"),
        ("{nämé}", 0, "not a plain name"),
        ("{" + "x" * 100 + "-}", 0, "…"),
        ("a\n  b { c", 6, "lone “{”"),
        ("a } b", 2, "lone “}”"),
        ("a }} } b", 5, "lone “}”"),
        ("`{x.y}`", 1, "only plain names"),
    ],
)
def test_t01_a_fill_in_is_a_plain_name_and_nothing_else(source: str, offset: int, words: str) -> None:
    with pytest.raises(MarkupError, match=words) as caught:
        compile_markup(source)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("source", "offset", "words"),
    [
        ("one\n\ntwo **three", 9, "nothing closes it"),
        ("**a\n\nb**", 0, "nothing closes it"),
        ("****", 0, "Nothing stands between"),
        ("** **", 0, "Nothing stands between"),
        ("a `b\nc`", 2, "nothing closes it on this line"),
        ("``", 0, "Nothing stands between"),
        ("[words](form", 0, "not closed"),
        ("see [words](https://evil.example/)", 12, "not the name of a link"),
        ("[words](javascript:alert)", 8, "not the name of a link"),
        ("[words]()", 8, "not the name of a link"),
        ("[ ](form)", 0, "has no words"),
        ("**a [b** c](form)", 6, "opened outside the link"),
        ("[a **b](form)**", 3, "nothing closes it"),
        ("Go to https://evil.example/ now", 6, "addresses live in the facts"),
        ("`tg://x`", 1, "addresses live in the facts"),
    ],
)
def test_t03_markup_that_is_not_whole_and_addresses_are_refused_at_their_place(
    source: str, offset: int, words: str
) -> None:
    with pytest.raises(MarkupError, match=words) as caught:
        compile_markup(source)
    assert caught.value.offset == offset


def test_t04_invisible_characters_are_refused_at_their_place() -> None:
    with pytest.raises(MarkupError, match="U\\+202E") as caught:
        compile_markup("one\r\ntwo \u202ethree")
    assert caught.value.offset == 9


def test_windows_line_ends_are_line_ends() -> None:
    assert fill("one\r\n\r\ntwo") == fill("one\n\ntwo")


def bare(text: str) -> str:
    return text.replace(FSI, "").replace(PDI, "")


@given(typed)
def test_u02_whatever_a_person_typed_stays_text(text: str) -> None:
    runs = one("a {x} **b** `c {x}` [d {x}](form)", x=text, form=FORM)
    shown = bare(clean(text))
    assert [bare(run.text) for run in runs] == [
        f"a {shown} ", "b", " ", "c " + shown.replace("\n", " "), " ", f"d {shown}",
    ]  # fmt: skip
    assert [(run.bold, run.code, run.url) for run in runs] == [
        (False, False, None), (True, False, None), (False, False, None),
        (False, True, None), (False, False, None), (False, False, FORM.url),
    ]  # fmt: skip


@given(typed)
def test_whatever_an_author_wrote_compiles_or_is_refused_in_words_at_a_place(source: str) -> None:
    offset = 0
    try:
        compile_markup(source).fill_known({})
    except MarkupError as error:
        offset = error.offset if str(error) else -1
    assert 0 <= offset <= len(source)


def test_numbers_and_other_values_are_written_out() -> None:
    assert one("{n} {yes} {several} `{n}` `{several}`", n=12, yes=True, several=("a", "b")) == (
        Run("12 True a, b "),
        Run("12", code=True),
        Run(" "),
        Run("a, b", code=True),
    )


def test_line_breaks_of_a_value_are_kept_but_not_in_code() -> None:
    assert one("{x} `{x}`", x="a\n- b") == (Run("a\n- b "), Run("a - b", code=True))


def test_a_link_as_a_value_is_a_link_with_its_label() -> None:
    assert one("Open {form} **{form}** now", form=FORM) == (
        Run("Open "),
        Run("the form", url=FORM.url),
        Run(" "),
        Run("the form", bold=True, url=FORM.url),
        Run(" now"),
    )


def test_a_link_in_code_is_its_address_and_in_the_words_of_a_link_its_label() -> None:
    other = Link("other", "https://example.org/other")
    assert one("`{form}`", form=FORM) == (Run(FORM.url, code=True),)
    assert one("[x {form}](other)", form=FORM, other=other)[0].url == other.url


def test_words_that_should_be_a_link_stay_words_when_the_value_is_none() -> None:
    assert one("[words](form)", form="https://typed.example/") == (Run("words"),)


BLOCKS: Body = (Paragraph((Run("one"),)), CodeBlock("two"))


def test_a_body_takes_the_place_of_the_paragraph_that_is_only_its_fill_in() -> None:
    assert fill("Before\n\n{draft}\n\nafter", draft=BLOCKS) == (
        Paragraph((Run("Before"),)),
        *BLOCKS,
        Paragraph((Run("after"),)),
    )


def test_a_body_in_a_list_item_becomes_list_items() -> None:
    assert fill("- {steps}", steps=BLOCKS) == (Paragraph((Run("one"),), bullet=True), CodeBlock("two"))


def test_a_body_inside_a_sentence_is_written_as_words() -> None:
    assert one("See: {draft}!", draft=BLOCKS) == (Run("See: one\n\ntwo!"),)


def test_an_empty_value_leaves_no_empty_paragraph() -> None:
    assert (
        fill("a\n\n{x}\n\nb", x="") == fill("a\n\nb") == fill("a\n\n{x}\n\nb", x=()) == fill("a\n\n{x}\n\nb", x=" \n")
    )


def test_t11_values_are_isolated_in_right_to_left_text_and_copied_code_is_not() -> None:
    source = "{x} **{n}** `{x}` {form}"
    assert one(source, rtl=True, x="Ann", n=5, form=FORM) == (
        Run(f"{FSI}Ann{PDI} "),
        Run("5", bold=True),
        Run(" "),
        Run("Ann", code=True),
        Run(" "),
        Run(f"{FSI}the form{PDI}", url=FORM.url),
    )
    assert one("{x}", rtl=True, x=("a", "b")) == (Run(f"{FSI}a, b{PDI}"),)


def test_u07_direction_tricks_in_a_name_do_not_reach_the_text_around_it() -> None:
    assert one("Hello {name}!", name="\u202egnp.exe") == (Run("Hello gnp.exe!"),)
    assert one("Hello {name}!", name="דנה\u2067") == (Run(f"Hello {FSI}דנה{PDI}!"),)


@pytest.mark.parametrize(
    ("source", "values", "name"),
    [
        ("{a}", {}, "a"),
        ("x {a}", {}, "a"),
        ("x {a}", {"a": None}, "a"),
        ("`{a}`", {"a": None}, "a"),
        ("{a}", {"a": None}, "a"),
        ("[x](form)", {}, "form"),
        ("[x](form)", {"form": None}, "form"),
    ],
)
def test_a_missing_value_is_told_by_its_name(source: str, values: Mapping[str, object], name: str) -> None:
    with pytest.raises(MissingValue) as caught:
        compile_markup(source).fill(values)
    assert caught.value.args == (name,)


def test_the_last_resort_leaves_out_what_is_not_known() -> None:
    template = compile_markup("Hello {name} in {land}!\n\n{draft}\n\n[open](form)")
    assert to_plain(template.fill_known({"land": "Peru", "name": None})) == "Hello  in Peru!\n\nopen"


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.one_of(typed, st.integers(), st.none())))
def test_the_last_resort_never_raises(values: dict[str, object]) -> None:
    assert compile_markup("{a} [x {b}](c) `{b}`\n\n{c}").fill_known(values)


def test_a_text_that_does_not_compile_can_be_said_as_it_stands() -> None:
    assert literal("Hi {name\n\n**x\x00").fill({}) == (Paragraph((Run("Hi {name"),)), Paragraph((Run("**x"),)))
    assert literal("").fill({}) == ()
