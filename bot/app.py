"""Put the parts together: the only file that knows them all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.content import folder
from bot.content.compile import Compiled, finish, is_dialog, read_pack
from bot.content.resolve import resolve
from bot.engine.model import Pack
from bot.engine.providers import Registry
from bot.errors import ContentError, Problem
from bot.service import common
from bot.service.library import Library
from bot.service.parts import adapt
from bot.texts import cldr
from bot.texts.catalogue import Catalogues
from bot.texts.languages import language_name

if TYPE_CHECKING:
    from bot.facts.models import Facts
    from bot.letters.load import Source
    from bot.letters.models import Letters
    from bot.service.faults import Faults
    from bot.service.flood import Floods
    from bot.service.ports import Store
    from bot.service.turns import Turns


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything a content folder gave: for the checks, the picture and the tools; `library` is what runs."""

    content: folder.Content
    files: Mapping[str, str]
    compiled: Compiled
    registry: Registry
    catalogues: Catalogues
    facts: Facts
    letters: Letters
    library: Library | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Provided:
    """What facts and letters of a pack gave: the registry, and themselves."""

    registry: Registry
    facts: Facts
    letters: Source


def provide(pack: Path, catalogues: Catalogues, operator: Mapping[str, str] | None = None) -> Provided:
    """Read facts and letters of a pack and register every named provider but `kept`.

    Raises `ContentError`, with `problems`, where facts or letters cannot be used.
    """
    from bot.facts import providers as facts_providers
    from bot.facts.load import load_facts
    from bot.letters import load as letters_load
    from bot.letters import providers as letters_providers
    from bot.letters.from_facts import company_facts

    registry = Registry()
    facts = load_facts(pack / "facts")
    facts_providers.register(registry, facts, catalogues.label, cldr.territory, language_name)
    adapt(registry, catalogues)
    letters = letters_load.load(pack / "letters")
    letters_providers.register(registry, letters.letters, company_facts(facts, registry), catalogues.label)
    common.register_operator(registry, operator or {})
    common.register_languages(registry, tuple(catalogues.languages))
    return Provided(registry, facts, letters)


def load(
    root: Path | None = None,
    *,
    pack: str | None = None,
    default_language: str = "en",
    operator: Mapping[str, str] | None = None,
) -> Loaded:
    """Read a content folder whole; `problems` names everything that keeps it from running.

    Raises `ContentError` where not even the facts or letters can be read (its `problems` say why).
    """
    with not_collecting(), _frozen():
        return _load(root, pack, default_language, operator)


@contextmanager
def not_collecting() -> Iterator[None]:
    """Read content without the garbage collector, which would look through the same lasting objects again and again.

    It saves a tenth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _frozen() -> Iterator[None]:
    """Set what was loaded apart from what the collector looks through, so that turns pay nothing for it."""
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:  # only once: frozen rubbish of a reload would never be found
            gc.freeze()


def _load(root: Path | None, pack: str | None, default_language: str, operator: Mapping[str, str] | None) -> Loaded:
    content = folder.find(root, pack)
    files = folder.read_files(content)
    compiled = read_pack(content.name, files, f"{_short(content.pack)}/")
    catalogues = Catalogues.load(content.locales)
    provided = provide(content.pack, catalogues, operator)
    problems = list(compiled.problems)
    library: Library | None = None
    if compiled.draft is not None:
        # The block of what is kept needs the library that needs the registry: it is added when both are there.
        default = catalogues.nearest(default_language)
        shell = Library(compiled.draft, provided.registry, catalogues, default_language=default)
        common.register_kept(provided.registry, shell)
        # What is said in a file that nobody could read is missed elsewhere: the first problem told is the cause.
        if compiled.pack is not None:
            problems += resolve(compiled.draft, provided.registry, compiled.marks)
        if not any(problem.level == "error" for problem in problems):
            shell.newest = finish(compiled.draft)
            library = shell
    return Loaded(
        content,
        files,
        compiled,
        provided.registry,
        catalogues,
        provided.facts,
        provided.letters.letters,
        library,
        tuple(sorted(set(problems))),
    )


def running(loaded: Loaded) -> Library:
    """Give the library of content that must run; raises `ContentError` with every problem where it does not."""
    if loaded.library is not None:
        return loaded.library
    errors = tuple(problem for problem in loaded.problems if problem.level == "error")
    if len(errors) == 1:
        raise ContentError(str(errors[0]), errors)
    raise ContentError(f"{errors[0]} («{loaded.content.check}» lists all {len(errors)} problems.)", errors)


def open_library(
    root: Path | None = None,
    *,
    pack: str | None = None,
    default_language: str = "en",
    operator: Mapping[str, str] | None = None,
) -> Library:
    """Load content that must run."""
    return running(load(root, pack=pack, default_language=default_language, operator=operator))


def pack_reader(registry: Registry) -> Callable[[str, Mapping[str, str]], Pack | None]:
    """Give a function that compiles an older version of a pack from its kept files, or None where it no longer can."""

    def read(name: str, files: Mapping[str, str]) -> Pack | None:
        compiled = read_pack(name, files)
        if compiled.pack is None or any(p.level == "error" for p in resolve(compiled.pack, registry)):
            return None
        return finish(compiled.pack)

    return read


async def make_turns(
    loaded: Loaded,
    store: Store,
    clock: Callable[[], datetime],
    *,
    faults: Faults | None = None,
    floods: Floods | None = None,
) -> Turns:
    """Put the turn pipeline together; versions of the pack that people still stand in are loaded with it."""
    from bot.service.turns import Turns
    from bot.service.versions import keep_versions

    library = running(loaded)
    files = {path: text for path, text in loaded.files.items() if is_dialog(path)}
    await keep_versions(library, store, files, pack_reader(loaded.registry), clock())
    return Turns(library, store, clock=clock, faults=faults, floods=floods)


def _short(path: Path) -> str:
    """Give a path as a person would type it: relative to where they are, if it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return str(path)
