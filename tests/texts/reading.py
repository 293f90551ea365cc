"""Read what a renderer wrote as a client would: with the standard library's HTML parser, not with our own code."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from bot.texts.clean import clean
from bot.texts.links import is_web
from bot.texts.plain import plain_run
from bot.texts.tree import Body, CodeBlock


@dataclass
class Reading(HTMLParser):
    """The text of a piece of HTML, its links and the tags that were used; marks that do not nest are an error."""

    html: str
    text: str = ""
    tags: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "br":
            self.text += "\n"
            return
        assert "code" not in self.open, f"<{tag}> inside code"
        self.open.append(tag)
        names = [name for name, _ in attrs]
        assert names == (["href"] if tag == "a" else [])
        self.links += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def squeezed(text: str) -> str:
    """Take out what a cut may take: white space and isolates."""
    return "".join("".join(text.split()).replace("\u2068", "").replace("\u2069", "").split("\u2066")).replace(
        "\u2067", ""
    )


def expected(body: Body) -> str:
    """All words of a body, however it is marked up."""
    words: list[str] = []
    for block in body:
        if isinstance(block, CodeBlock):
            words.append(clean(block.text))
        else:
            words += [
                clean(run.text) or run.url if run.url is not None and is_web(run.url) else plain_run(run)
                for run in block.runs
            ]
    return "".join(words)
