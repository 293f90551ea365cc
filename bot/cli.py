"""The commands. Each imports only what it needs, so that `--help` answers at once."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FINE, PROBLEMS, USAGE, CANNOT_START = 0, 1, 2, 78


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 fine, 1 problems found, 2 usage, 78 cannot start."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # it was closed before the start (`>&-`): nobody wants to read it
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end
        # A terminal that knows fewer characters shows «?» for the others; nobody gets a traceback for that.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.version:
        return _version(arguments)
    run: Callable[[argparse.Namespace], int] | None = getattr(arguments, "run", None)
    if run is None:
        parser.print_help()
        return USAGE
    from bot.errors import BotError, StoreError, UsageError

    try:
        code = run(arguments)
        sys.stdout.flush()
        return code
    except BotError as error:
        print(f"optout-bot: {error}", file=sys.stderr)
        if arguments.command in {"chat", "run"}:
            return CANNOT_START
        return USAGE if isinstance(error, UsageError | StoreError) else PROBLEMS
    except BrokenPipeError:
        # Whoever read our output has left; that is their right (`optout-bot check | head`).
        _silence_stdout()
        return FINE
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EIO} or error.filename is not None:
            raise
        print(f"optout-bot: the output cannot be written ({error.strerror}).", file=sys.stderr)
        _silence_stdout()
        return PROBLEMS
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="optout-bot",
        description="A chat that walks people through objecting to the use of their data for AI training.",
    )
    parser.add_argument("--version", action="store_true", help="say which version this is")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _chat_parser(commands)
    _run_parser(commands)
    _check_parser(commands)
    _draw_parser(commands)
    _test_parser(commands)
    _record_parser(commands)
    _texts_parser(commands)
    _facts_parser(commands)
    return parser


def _add_content(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--content", type=Path, metavar="DIR", help="folder with your own dialogs/ and locales/")
    parser.add_argument("--pack", metavar="NAME", help="which pack, where the folder holds several")


def _chat_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    chat = commands.add_parser("chat", help="talk in the terminal; no token, no network")
    _add_content(chat)
    chat.add_argument("--lang", default=None, metavar="xx", help="language to begin with (default: the terminal's)")
    chat.add_argument("--db", type=Path, metavar="PATH", help="keep the conversation in this file (default: in memory)")
    chat.add_argument("--files", type=Path, metavar="DIR", help="where files the bot sends are put")
    chat.add_argument("--now", metavar="TIME", help="start of the clock, for example 2026-11-23T09:00+01:00")
    chat.add_argument("--watch", action="store_true", help="go on with changed dialogs and texts at the next message")
    form = chat.add_mutually_exclusive_group()
    form.add_argument("--plain", action="store_const", const="plain", dest="mode", help="plain text, for pipes")
    form.add_argument(
        "--json", action="store_const", const="json", dest="mode", help="one JSON object a line, both ways"
    )
    chat.set_defaults(run=_chat)


def _run_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser("run", help="run the bot: every channel that has settings")
    run.add_argument("--settings", type=Path, metavar="FILE", help="settings file (TOML); variables come before it")
    run.add_argument("--watch", action="store_true", help="take over changed content at once (else: at SIGHUP)")
    run.set_defaults(run=_run)


def _check_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="every problem of dialogs, facts and translations at once")
    _add_content(check)
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="packs or files (default: the shipped ones)")
    check.add_argument("--format", choices=("text", "json", "github"), default="text", help="how problems are printed")
    check.add_argument("--watch", action="store_true", help="check again whenever a file changes; Ctrl-C ends it")
    check.add_argument(
        "--against", type=Path, metavar="DB", help="say who stands in states that are gone (SQLite file)"
    )
    check.set_defaults(run=_check)


def _draw_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    draw = commands.add_parser("draw", help="the dialog as a picture: .svg .png .mmd .dot")
    _add_content(draw)
    draw.add_argument("dialog", nargs="?", metavar="DIALOG", help="one dialog (default: the whole pack)")
    draw.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write; its ending chooses the form")
    what = draw.add_mutually_exclusive_group()
    what.add_argument("--topics", action="store_true", help="one box for each dialog: how the topics hang together")
    what.add_argument("--each", action="store_true", help="the topics, and a file for each dialog, readable on A3")
    counted = draw.add_mutually_exclusive_group()
    counted.add_argument("--coverage", action="store_true", help="wide arrows: ways the examples take often")
    counted.add_argument("--traffic", type=Path, metavar="DB", help="how many people stand where now (SQLite file)")
    draw.set_defaults(run=_draw)


def _test_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    test = commands.add_parser("test", help="play the example conversations")
    _add_content(test)
    test.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="example files or folders (default: all)")
    test.add_argument("--all-languages", action="store_true", help="the same choices in every language")
    test.add_argument("--coverage", action="store_true", help="what the examples reach, and what not")
    test.add_argument("--accept", action="store_true", help="rewrite the expected lines, shown as a diff")
    test.add_argument("--transcript", action="store_true", help="print the conversations")
    test.set_defaults(run=_test)


def _record_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    record = commands.add_parser("record", help="play a conversation and keep it as an example")
    _add_content(record)
    record.add_argument("file", type=Path, metavar="FILE", help="new example file to write")
    record.add_argument("--lang", default="en", metavar="xx", help="language of the conversation")
    record.add_argument("--title", metavar="WORDS", help="what the example shows (default: from the file's name)")
    record.set_defaults(run=_record)


def _texts_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    texts = commands.add_parser("texts", help="the translation cycle")
    what = texts.add_subparsers(dest="what", metavar="WHAT", required=True)
    extract, update, status, pseudo = (
        what.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}. {more}")
        for name, does, more in (
            ("extract", "write the template of all texts", "It is locales/messages.pot; update writes it too."),
            (
                "update",
                "bring the catalogues up to date, or begin one: texts update fr",
                "Nothing that was translated is thrown away; a second time changes nothing.",
            ),
            ("status", "how far each language is", "What is fuzzy or unusable is said in English."),
            (
                "pseudo",
                "a made-up language that shows cut and untranslated text",
                "It is put into a copy of the content, so that nothing of yours changes.",
            ),
        )
    )
    for part in (extract, update):
        # All packs have their translations in the same files.
        part.add_argument("--content", type=Path, metavar="DIR", help="folder with your own dialogs/ and locales/")
    for part in (status, pseudo):
        _add_content(part)
    for part in (extract, update, status, pseudo):
        part.set_defaults(run=_texts)
    for part in (update, status):
        part.add_argument(
            "languages", nargs="*", metavar="xx", help="languages, such as fr or pt_BR (default: all there are)"
        )
    update.add_argument(
        "--keep-typos",
        action="store_true",
        help="do not mark fuzzy where only a misspelled word, case or punctuation changed",
    )
    status.add_argument("-o", "--output", type=Path, metavar="FILE.svg", help="also draw it as a picture")
    pseudo.add_argument("language", nargs="?", metavar="xx", help="take its plural forms and direction (en_XA)")
    pseudo.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="where the copy goes (a file .po: the catalogue alone)"
    )


def _facts_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    facts = commands.add_parser("facts", help="how old the facts are, and whether their links still work")
    what = facts.add_subparsers(dest="what", metavar="WHAT", required=True)
    status = what.add_parser("status", help="age, sources and confidence of every rule, form and authority")
    links = what.add_parser("links", help="which pages the facts lead to; --really opens them")
    links.add_argument("--really", action="store_true", help="open every page, politely: one a second from each host")
    links.add_argument("--only", choices=("forms", "authorities", "sources"), help="only these (default: all)")
    for part in (status, links):
        _add_content(part)
        part.add_argument("--json", action="store_true", help="for programs")
        part.set_defaults(run=_facts)


def _version(arguments: argparse.Namespace) -> int:
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(version("optout-bot"))
    except PackageNotFoundError:
        print("not installed (running from a folder)")
    return FINE


def _chat(arguments: argparse.Namespace) -> int:
    from bot.commands.chat import chat

    return chat(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from bot.commands.hangup import hold

    hold()  # first of all: the imports below take a moment
    from bot.commands.run import run

    return run(arguments)


def _check(arguments: argparse.Namespace) -> int:
    from bot.commands.check import check

    return check(arguments)


def _draw(arguments: argparse.Namespace) -> int:
    from bot.commands.draw import draw

    return draw(arguments)


def _test(arguments: argparse.Namespace) -> int:
    from bot.commands.test import test

    return test(arguments)


def _record(arguments: argparse.Namespace) -> int:
    from bot.commands.test import record

    return record(arguments)


def _texts(arguments: argparse.Namespace) -> int:
    from bot.commands.texts import texts

    return texts(arguments)


def _facts(arguments: argparse.Namespace) -> int:
    from bot.commands.facts import facts

    return facts(arguments)


def _silence_stdout() -> None:
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
