"""The one shape of a message between the conversation and the networks: paragraphs, bold, links, code, choices.

Everything is plain data. Values that people typed only ever stand inside `Run.text`, so nothing they write can become
markup. `to_json` / `from_json` are what the outbox keeps.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from bot.engine.effects import Kind


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. `url` makes it a link."""

    text: str
    bold: bool = False
    code: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; line breaks inside a run's text are kept. `bullet` makes it a list item."""

    runs: tuple[Run, ...]
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A text to copy as it stands: the drafted objection, an address."""

    text: str


Body = tuple[Paragraph | CodeBlock, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a value: what a `{form}` fill-in or `[words](form)` stands for. `label` is used when the text
    gives none.
    """

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RenderedChoice:
    """One offered answer in the person's language."""

    id: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A file that belongs to a message; `data` travels base64-coded in JSON."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message in the person's language, ready for any network."""

    body: Body
    kind: Kind = "say"
    choices: tuple[RenderedChoice, ...] = ()
    multiple: bool = False
    files: tuple[RenderedFile, ...] = ()
    replaces_last: bool = False
    language: str = "en"
    place: str = ""
    turn: int = 0

    def links(self) -> tuple[Link, ...]:
        """List the links of the body in reading order, each address once."""
        seen: dict[str, Link] = {}
        for block in self.body:
            if isinstance(block, Paragraph):
                for run in block.runs:
                    if run.url and run.url not in seen:
                        seen[run.url] = Link(run.text, run.url)
        return tuple(seen.values())


_DEFAULTS: tuple[tuple[str, Any], ...] = (
    ("kind", "say"),
    ("multiple", False),
    ("replaces_last", False),
    ("language", "en"),
    ("place", ""),
    ("turn", 0),
)
"""The fields of a message that travel as they are, with the value that need not travel."""


def to_json(message: Message) -> dict[str, Any]:
    """Turn a message into compact JSON-able data (defaults are left out); `from_json` is the way back."""
    data: dict[str, Any] = {"body": body_to_json(message.body)}
    if message.choices:
        data["choices"] = [
            [choice.id, choice.label, True] if choice.selected else [choice.id, choice.label]
            for choice in message.choices
        ]
    if message.files:
        data["files"] = [[file.name, file.media_type, b64encode(file.data).decode("ascii")] for file in message.files]
    for name, default in _DEFAULTS:
        value = getattr(message, name)
        if value != default:
            data[name] = value
    return data


def from_json(data: dict[str, Any]) -> Message:
    """Turn what `to_json` made back into the message; ValueError when it is something else."""
    try:
        return Message(
            body=body_from_json(data["body"]),
            choices=tuple(RenderedChoice(*choice) for choice in data.get("choices", ())),
            files=tuple(
                RenderedFile(name, media_type, b64decode(content, validate=True))
                for name, media_type, content in data.get("files", ())
            ),
            **{name: data[name] for name, _ in _DEFAULTS if name in data},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("This stored message cannot be read: it was not written by to_json.") from error


def body_to_json(body: Body) -> list[Any]:
    """Turn a body into JSON-able data: a paragraph is a list of runs, a code block `{"code": text}`."""
    return [
        {"code": block.text}
        if isinstance(block, CodeBlock)
        else {"li": [_run_to_json(run) for run in block.runs]}
        if block.bullet
        else [_run_to_json(run) for run in block.runs]
        for block in body
    ]


def body_from_json(data: list[Any]) -> Body:
    """Turn what `body_to_json` made back into the body."""
    return tuple(_block_from_json(block) for block in data)


def _run_to_json(run: Run) -> str | list[Any]:
    """Write a plain run as its text, a styled one as `[text, style]` or `[text, style, url]` (style: 1 bold, 2
    code).
    """
    style = run.bold + 2 * run.code
    if run.url is not None:
        return [run.text, style, run.url]
    return [run.text, style] if style else run.text


def _run_from_json(data: str | list[Any]) -> Run:
    if isinstance(data, str):
        return Run(data)
    text, style, *url = data
    return Run(text, bool(style & 1), bool(style & 2), url[0] if url else None)


def _block_from_json(data: list[Any] | dict[str, Any]) -> Paragraph | CodeBlock:
    if isinstance(data, list):
        return Paragraph(tuple(_run_from_json(run) for run in data))
    if "code" in data:
        return CodeBlock(data["code"])
    return Paragraph(tuple(_run_from_json(run) for run in data["li"]), bullet=True)
