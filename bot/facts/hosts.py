"""Say whether a link may be shown: https, a plain host on the list, nothing that hides where it leads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""The last part of a host that browsers take for an address (127.0.0.1, 0x7f.1)."""
_TRACKS = re.compile(r"utm_\w+|fbclid|gclid|igsh(?:id)?|mc_[ce]id|msclkid")
"""What companies hang on to a link to recognise who shared it; it has no business in a link for everybody."""
_BAD = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f<>\"`{}|^]")


def belongs(host: str, allowed: Sequence[str]) -> bool:
    """Say whether `host` is one of the hosts, or below one: exact at the dots, never by ending alone."""
    return any(host == entry or host.endswith("." + entry) for entry in allowed)


def refuse(url: str, allowed: Sequence[str] | None, shorteners: Sequence[str] = ()) -> str | None:
    """Say why `url` may not be shown, or None when it may. `allowed` None: any host but a shortener."""
    if not url.isascii() or _BAD.search(url):
        return "it holds a space, a sign from another alphabet or another sign that no address has"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is not an address"
    if parts.scheme != "https":
        return "it does not begin with https://"
    if "@" in parts.netloc:
        return "it has an @ before the host, so it leads elsewhere than it seems"
    host = parts.hostname or ""
    if port is not None or not _HOST.fullmatch(host) or parts.netloc != host:
        return "its host is not a plain name in small letters without port"
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return "its host is a number, not a name"
    if any(label.startswith("xn--") for label in host.split(".")):
        return "its host imitates letters of another alphabet (xn--)"
    if belongs(host, shorteners):
        return f"{host} is a shortener and hides where it leads"
    if allowed is not None and not belongs(host, allowed):
        return f"the host {host} is not on the list ({', '.join(allowed)})"
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if _TRACKS.fullmatch(name.lower()):
            return f"its part {name}= only tells where it was copied from; cut it off"
        if "://" in value or value.startswith(("//", "www.")):
            return f"its part {name}= leads on to another address"
    return None
