"""Which addresses may become a link that a person can press."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

# Browsers and both networks take 2,000 characters; a longer address is no form, authority or source of ours.
URL_LENGTH = 2000

_PLAIN = re.compile(
    r"https?://[^\s\x00-\x20\x7f-\xa0\u2028-\u202e\u2066-\u2069\ud800-\udfff\"<>\\^`{|}]+", re.IGNORECASE
)


@lru_cache(maxsize=2048)
def is_web(url: str) -> bool:
    """Tell whether an address is http or https with a host, without a user name before it and without odd characters.

    Everything else (`javascript:`, `data:`, `tg://`, `facebook.com@evil.example`) is shown as text.
    """
    if len(url) > URL_LENGTH or _PLAIN.fullmatch(url) is None:
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc
