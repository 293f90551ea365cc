from __future__ import annotations

from hypothesis import given

from bot.texts.clean import FSI, PDI, clean
from bot.texts.markup import compile_markup
from bot.texts.plain import to_plain
from bot.texts.tree import Body, CodeBlock, Link, Paragraph, Run
from tests.texts.strategies import bodies


def test_plain_text_drops_bold_and_keeps_paragraphs_lists_and_code() -> None:
    body = compile_markup("**Hello** you\n\nDo:\n- one\n- two `x`\n\nEnd\n\n{draft}").fill(
        {"draft": (CodeBlock("Dear Sir,\n\n  I object."),)}
    )
    assert to_plain(body) == "Hello you\n\nDo:\n\n- one\n- two x\n\nEnd\n\nDear Sir,\n\n  I object."


def test_a_link_is_its_words_and_its_address() -> None:
    form = Link("https://example.org/", "https://example.org/")
    assert to_plain(compile_markup("[The form](form)!").fill({"form": form})) == "The form: https://example.org/!"
    assert to_plain(compile_markup("{form}").fill({"form": form})) == "https://example.org/"
    assert to_plain(compile_markup("{form}").fill({"form": form}, rtl=True)) == "https://example.org/"
    assert to_plain((Paragraph((Run("", url="https://example.org/"),)),)) == "https://example.org/"


@given(bodies)
def test_no_word_and_no_address_is_ever_lost(body: Body) -> None:
    shown = to_plain(body)
    shown.encode("utf-8")
    for block in body:
        if isinstance(block, CodeBlock):
            assert clean(block.text) in shown
            continue
        for run in block.runs:
            assert clean(run.text).replace(FSI, "").replace(PDI, "").strip() in shown.replace(FSI, "").replace(PDI, "")
            assert run.url is None or clean(run.url) in shown
