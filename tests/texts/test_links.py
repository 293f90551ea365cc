from __future__ import annotations

import pytest

from bot.texts.links import is_web


@pytest.mark.parametrize(
    "url",
    ["https://www.facebook.com/help/contact/123?x=1&y=%20#top", "http://example.org", "HTTPS://EXAMPLE.ORG:8443/ä"],
)
def test_web_addresses_become_links(url: str) -> None:
    assert is_web(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "tg://user?id=1",
        "mailto:a@example.org",
        "https://",
        "https:///path",
        "https://facebook.com@evil.example/",
        "https://user:pass@example.org/",
        "https://exa mple.org/",
        'https://example.org/"><b>',
        "https://example.org/\u202e",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://[::1/",
        " https://example.org/",
        "https://example.org/\n",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_everything_else_stays_text(url: str) -> None:
    assert not is_web(url)
