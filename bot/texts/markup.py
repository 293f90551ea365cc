"""Compile an author's or translator's text once into a `Template`, fill it many times.

The markup, all of it:

- an empty line ends a paragraph; a line that starts with `- ` is a list item; any other new line is a line break;
- `**bold**`, `` `code` `` on one line, `[words](name)` where `name` stands for a link: addresses never stand in texts;
- `{name}` is a fill-in: a plain name and nothing else; `{{` and `}}` are literal braces.

Values enter as text, never as markup, so nothing a person types can become bold, a link or a fill-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.texts.clean import clean, isolate
from bot.texts.errors import MarkupError, MissingValue
from bot.texts.parse import ParsedParagraph, ParsedRun, parse
from bot.texts.plain import to_plain
from bot.texts.tree import Body, CodeBlock, Link, Paragraph, Run

__all__ = ["MarkupError", "MissingValue", "Template", "compile_markup", "literal"]


@dataclass(frozen=True, slots=True)
class _Span:
    """Text in one style with its fill-ins: `pieces` are (words before, name of the fill-in or None at the end)."""

    pieces: tuple[tuple[str, str | None], ...]
    bold: bool
    code: bool
    link: str | None

    def fill(self, values: Mapping[str, object], rtl: bool, runs: list[Run]) -> None:
        """Append the runs that this span becomes."""
        url: str | None = None
        if self.link is not None:
            target = _value(values, self.link)
            url = target.url if isinstance(target, Link) else None
        texts: list[str] = []
        for words, name in self.pieces:
            if words:
                texts.append(words)
            if name is None:
                continue
            value = values[name]
            if type(value) is str:
                if not rtl and value.isascii() and value.isprintable():  # the common case, and a turn has many of them
                    texts.append(value)
                elif self.code:
                    texts.append(clean(value).replace("\n", " "))
                else:
                    texts.append(isolate(clean(value), rtl=rtl))
            elif isinstance(value, Link) and self.link is None and not self.code:
                if texts:
                    runs.append(Run("".join(texts), self.bold))
                    texts = []
                runs.append(Run(isolate(clean(value.label), rtl=rtl), self.bold, False, value.url))
            elif self.code:
                texts.append(clean(value.url if isinstance(value, Link) else as_words(_value(values, name))))
            elif type(value) is int:
                texts.append(str(value))
            else:
                texts.append(isolate(clean(as_words(_value(values, name))), rtl=rtl))
        if texts:
            runs.append(Run("".join(texts), self.bold, self.code, url))


@dataclass(frozen=True, slots=True)
class _Filled:
    """A paragraph with fill-ins. `alone` names the only one where nothing else stands beside it."""

    parts: tuple[Run | _Span, ...]
    bullet: bool
    alone: str | None

    def fill(self, values: Mapping[str, object], rtl: bool, blocks: list[Paragraph | CodeBlock]) -> None:
        """Append the blocks that this paragraph becomes: one, or those of a body, or none for an empty value."""
        if self.alone is not None:
            value = _value(values, self.alone)
            if isinstance(value, tuple) and all(isinstance(block, (Paragraph, CodeBlock)) for block in value):
                blocks += [
                    Paragraph(block.runs, True) if self.bullet and isinstance(block, Paragraph) else block
                    for block in value
                ]
                return
            if value == "" or (isinstance(value, str) and not value.strip()):
                return
        runs: list[Run] = []
        for part in self.parts:
            if isinstance(part, Run):
                runs.append(part)
            else:
                part.fill(values, rtl, runs)
        blocks.append(Paragraph(tuple(runs), self.bullet))


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A compiled text. `names` are its fill-ins, `links` the links it names in `[words](name)`."""

    source: str
    names: frozenset[str]
    links: frozenset[str]
    alone: frozenset[str]
    """Fill-ins that are a whole paragraph: only these can hold a `Body`."""
    _parts: tuple[Paragraph | _Filled, ...]
    _static: Body | None

    def fill(self, values: Mapping[str, object], *, rtl: bool = False) -> Body:
        """Put values into the text; MissingValue (a KeyError) when one is not there or None.

        A value is a text (shown as written, line breaks kept), a whole number, a `Link`, or, where the fill-in is a
        whole paragraph, a `Body` whose blocks take its place. `rtl` says that the text is written from right to left.
        """
        if self._static is not None:
            return self._static
        blocks: list[Paragraph | CodeBlock] = []
        try:
            for part in self._parts:
                if isinstance(part, _Filled):
                    part.fill(values, rtl, blocks)
                else:
                    blocks.append(part)
        except KeyError as error:
            raise MissingValue(*error.args) from None
        return tuple(blocks)

    def fill_known(self, values: Mapping[str, object], *, rtl: bool = False) -> Body:
        """Fill what there is a value for and leave the other fill-ins out: the last resort, it never raises."""
        return self.fill(_Lenient({name: value for name, value in values.items() if value is not None}), rtl=rtl)


class _Lenient(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return ""


def _value(values: Mapping[str, object], name: str) -> object:
    value = values[name]
    if value is None:
        raise KeyError(name)
    return value


def as_words(value: object) -> str:
    """Write a value that is neither text, number nor link inside a sentence: a body or several words on one line."""
    if isinstance(value, tuple):
        if all(isinstance(part, (Paragraph, CodeBlock)) for part in value):
            return to_plain(value)
        return ", ".join(str(part) for part in value)
    return str(value)


@lru_cache(maxsize=16384)  # a check looks at the same few thousand texts from several sides
def compile_markup(source: str) -> Template:
    """Compile a text; MarkupError says in plain words what is wrong and at which offset."""
    paragraphs = parse(source)
    parts = tuple(_compile(paragraph) for paragraph in paragraphs)
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    static = tuple(part for part in parts if isinstance(part, Paragraph))
    return Template(
        source,
        frozenset(name for run in runs for _, name in run.pieces if name is not None),
        frozenset(run.link for run in runs if run.link is not None),
        frozenset(part.alone for part in parts if isinstance(part, _Filled) and part.alone is not None),
        parts,
        static if len(static) == len(parts) else None,
    )


def _compile(paragraph: ParsedParagraph) -> Paragraph | _Filled:
    parts = tuple(_compile_run(run) for run in paragraph.runs)
    static = tuple(part for part in parts if isinstance(part, Run))
    if len(static) == len(parts):
        return Paragraph(static, paragraph.bullet)
    alone = None
    if len(paragraph.runs) == 1:
        (run,) = paragraph.runs
        if len(run.pieces) == 1 and not run.pieces[0][0] and not (run.bold or run.code or run.link):
            alone = run.pieces[0][1]
    return _Filled(parts, paragraph.bullet, alone)


def _compile_run(run: ParsedRun) -> Run | _Span:
    if run.link is None and all(name is None for _, name in run.pieces):
        return Run("".join(words for words, _ in run.pieces), run.bold, run.code)
    return _Span(run.pieces, run.bold, run.code, run.link)


def literal(text: str) -> Template:
    """Make a template that says a text as it stands, without markup: for a source text that does not compile."""
    paragraphs = tuple(Paragraph((Run(part.strip()),)) for part in clean(text).split("\n\n") if part.strip())
    return Template(text, frozenset(), frozenset(), frozenset(), paragraphs, paragraphs)
