"""Anything that a message can hold, and anything that a person can type."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.texts.tree import Body, CodeBlock, Paragraph, Run

# Every character there is, lone surrogates too, and often the ones that break things.
typed = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from("<>&\"'*_[](){}`/\\~|#@\n\t\r\x00\x1b"),
        st.sampled_from(
            ["\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200d", "\u0301", "\ud83d", "\udc4d", "\u2028"]
        ),
        st.sampled_from("👍👩🇩🇪אبß"),
    ),
    max_size=80,
)

urls = st.sampled_from(
    [
        None,
        None,
        "https://www.facebook.com/help/contact/?id=1&lang=de",
        "http://example.org/a_b?x=%22",
        "javascript:alert(1)",
        'https://evil.example/"><b>',
        "tg://user?id=1",
        "https://facebook.com@evil.example/",
        "",
    ]
)

runs = st.builds(Run, typed, st.booleans(), st.booleans(), urls)
paragraphs = st.builds(Paragraph, st.lists(runs, max_size=4).map(tuple), st.booleans())
blocks = st.one_of(paragraphs, st.builds(CodeBlock, typed))
bodies: st.SearchStrategy[Body] = st.lists(blocks, max_size=5).map(tuple)
