"""Tell a live page from a login wall and from a page that only says it is not there (a soft 404)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Literal
from urllib.parse import urljoin, urlsplit

Verdict = Literal[
    "alive", "moved", "login", "gone", "soft_404", "elsewhere", "refused", "robots", "blocked", "failed", "not_asked"
]
MEANING: dict[Verdict, str] = {
    "alive": "opens",
    "moved": "has a new address",
    "login": "asks to sign in first: only a person can look",
    "gone": "is gone",
    "soft_404": "opens, but says that there is nothing",
    "elsewhere": "leads to another host",
    "refused": "may not be opened",
    "robots": "does not want programs (robots.txt): only a person can look",
    "blocked": "does not answer programs: only a person can look",
    "failed": "could not be reached",
    "not_asked": "was not opened",
}
BAD: frozenset[Verdict] = frozenset({"gone", "soft_404", "elsewhere", "refused", "failed"})
"""Verdicts that somebody has to act on."""

_SHORT = 1200
"""Characters of text; a page that is longer says more than that there is nothing, or that one should sign in."""

_LOGIN_PATH = re.compile(
    r"(?:^|/)(?:log-?in|sign-?in|anmelden|connexion|accedi|checkpoint|sso|oauth2?)(?:[./?]|\Z)", re.I
)
_LOGIN_TITLE = re.compile(r"\b(?:log ?in|sign ?in|anmelden|einloggen|connexion|accedi|iniciar sesión)\b", re.I)
_HEADINGS = frozenset({"h1", "h2"})
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg"})
_LONGEST_TAG = 2000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,20})\s{0,9}=\s{0,9}("[^"]*"|'[^']*'|[^\s>"']+)""")
_REFRESH = re.compile(r"\s*[0-9]{1,2}(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'>\s]+)", re.I)
_NOTHING = re.compile(
    r"\b404\b|not found|no longer (?:available|exists?)|(?:isn['’]t|is not|not) available|(?:doesn['’]t|does not) exist"
    r"|page (?:has been )?(?:removed|missing)|nicht gefunden|nicht (?:mehr )?verfügbar|existiert nicht"
    r"|introuvable|n['’]existe pas|n['’]est (?:pas|plus) disponible|no encontrada|no (?:está|se encuentra) disponible"
    r"|non trovata|non (?:è )?disponibile|não encontrada|indisponível|niet gevonden|hittades inte|ikke fundet"
    r"|nie znaleziono|не найдена",
    re.I,
)


@dataclass(slots=True)
class Page:
    """What matters of a page: its title, its headings, its words, whether it asks for a password."""

    title: str = ""
    headings: list[str] = field(default_factory=list)
    words: str = ""
    password: bool = False
    refresh: str | None = None
    """Where the page itself leads on after at most a few seconds."""


def is_login(url: str) -> bool:
    """Say whether an address is that of a page to sign in."""
    try:
        return bool(_LOGIN_PATH.search(urlsplit(url).path))
    except ValueError:  # no address at all; whoever goes on there finds that out
        return False


def read_page(html: str, url: str) -> Page:
    """Read a page, however broken, in one pass: the standard library's parser takes minutes for some of them."""
    page = Page()
    said: list[str] = []
    inside = ""
    at = 0
    while at < len(html):
        start = html.find("<", at)
        text = unescape(html[at : start if start >= 0 else len(html)])
        if inside == "title":
            page.title += text
        else:
            said.append(text)
            if inside in _HEADINGS:
                page.headings[-1] += text
        if start < 0:
            break
        if html.startswith("<!--", start):
            end, at = html.find("-->", start), 3
        else:
            end, at = html.find(">", start), 1
        if end < 0:
            break
        at += end
        match = _TAG.match(html, start)
        if match is None:
            continue
        closing, tag = match[1], match[2].lower()
        if closing:
            inside = "" if tag == inside else inside
        elif tag in _UNSEEN:
            after = re.compile(f"</{tag}", re.I).search(html, at)
            at = after.start() if after else len(html)
        elif tag == "title" or tag in _HEADINGS:
            inside = tag
            page.headings += [""] if tag in _HEADINGS else []
        elif tag in ("input", "meta"):
            _about(page, tag, html[match.end() : min(end, match.end() + _LONGEST_TAG)], url)
    page.words = " ".join(" ".join(said).split())
    page.title = " ".join(page.title.split())
    return page


def _about(page: Page, tag: str, attributes: str, url: str) -> None:
    """Note what a field for a password, or a page that leads on by itself, says in its attributes."""
    about = {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(attributes)}
    if tag == "input" and about.get("type", "").lower() == "password":
        page.password = True
    if tag == "meta" and about.get("http-equiv", "").lower() == "refresh":
        match = _REFRESH.match(about.get("content", ""))
        try:
            page.refresh = urljoin(url, match[1]) if match else None
        except ValueError:
            page.refresh = None


def judge(asked: str, final: str, page: Page) -> tuple[Verdict, str]:
    """Judge a page that came with status 200: the verdict, and what shows it."""
    said = [page.title, *page.headings]
    short = len(page.words) < _SHORT
    if is_login(final) or (page.password and (short or any(_LOGIN_TITLE.search(one) for one in said))):
        return "login", page.title[:80]
    for one in said if not short else [*said, page.words]:
        match = _NOTHING.search(one)
        if match is not None:
            return "soft_404", f"it says «{_around(one, match)}»"
    if _deep(asked) and not _deep(final):
        return "soft_404", "it leads to the front page"
    return "alive", ""


def _around(text: str, match: re.Match[str]) -> str:
    start = max(0, match.start() - 30)
    return text[start : match.end() + 30].strip()


def _deep(url: str) -> bool:
    parts = urlsplit(url)
    return len(parts.path.strip("/")) > 2 or bool(parts.query)
