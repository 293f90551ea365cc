"""Content changes while people talk: all or nothing, nobody is lost, and whoever edits hears what happened."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import random
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import watch as watching
from bot.engine.model import Pack
from bot.errors import Problem
from bot.facts.models import Facts
from bot.service import reload
from bot.service.reload import Files, Fresh, Reloaded, Reloader, Stamp, watch
from tests.packs.kit import Bot, Company

Starts = Callable[..., Awaitable[Bot]]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest.fixture
async def start(company: Company) -> AsyncIterator[Starts]:
    bots = []

    async def begin(*, keep_older: bool = True) -> Bot:
        bots.append(await Bot.start(company, keep_older=keep_older))
        return bots[-1]

    yield begin
    for bot in bots:
        await bot.store.close()


async def changed(bot: Bot) -> tuple[str, str]:
    """Let the bot look at its files, and give what came of it."""
    outcome = await bot.reloader.look()
    assert outcome is not None
    return outcome.status, outcome.sentence


async def test_a_new_text_is_said_to_who_begins_now_and_the_old_one_to_who_began_before(
    start: Starts, company: Company
) -> None:
    bot = await start()
    await bot.begins("ada")
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    assert (await changed(bot))[0] == "taken"
    await bot.begins("ben")
    assert await bot.says("ada", "finland") == ["Whose notes are they?"]
    assert await bot.says("ben", "finland") == ["Who wrote the notes?"]


async def test_an_author_goes_on_with_the_new_text_at_once(start: Starts, company: Company) -> None:
    bot = await start(keep_older=False)
    await bot.begins("author")
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    await changed(bot)
    assert await bot.says("author", "finland") == ["Who wrote the notes?"]


async def test_facts_letters_and_translations_change_for_everybody(start: Starts, company: Company) -> None:
    bot = await start()
    assert (await bot.begins("ada", "de"))[-1] == "Wo wohnst du?"
    before = bot.version
    company.edit("facts/claims.yaml", "Private notes are left out.", "Secret notes are left out.")
    company.edit("letters/letters.yaml", "I object to training with my notes", "I object to any use of my notes")
    company.catalogue.write_text(company.catalogue.read_text("utf-8").replace("Wo wohnst du?", "Wo lebst du?"), "utf-8")
    status, sentence = await changed(bot)
    assert (status, "same dialogs" in sentence, bot.version) == ("taken", True, before)
    assert (await bot.says("ada", "xyzzy"))[-1] == "Wo lebst du?"
    await bot.says("ada", "finland")
    await bot.says("ada", "mine")
    assert any("Secret notes" in said for said in await bot.says("ada", "notes"))
    assert any("any use of my notes" in said for said in await bot.says("ada", "I give no reason"))


async def test_a_new_language_is_spoken(start: Starts, company: Company) -> None:
    bot = await start()
    french = company.root / "locales" / "fr" / "LC_MESSAGES" / "messages.po"
    french.parent.mkdir(parents=True)
    french.write_text(company.catalogue.read_text("utf-8").replace("Wo wohnst du?", "Où habitez-vous ?"), "utf-8")
    await changed(bot)
    assert (await bot.begins("zoé", "fr"))[-1] == "Où habitez-vous ?"


DAMAGES: dict[str, Callable[[Company], object]] = {
    "a wrong name": lambda company: company.edit("main.yaml", "next: who\n", "next: whoo\n"),
    "broken YAML": lambda company: company.edit("main.yaml", "states:\n", "states: [\n"),
    "C12 a half-written file": lambda company: halve(company.pack / "main.yaml"),
    "C12 an empty file": lambda company: (company.pack / "main.yaml").write_text("", "utf-8"),
    "C12 a dialog that vanished": lambda company: (company.pack / "forget.yaml").unlink(),
    "C12 facts that vanished": lambda company: (company.pack / "facts" / "claims.yaml").unlink(),
    "letters that vanished": lambda company: (company.pack / "letters" / "letters.yaml").unlink(),
    "the pack file vanished": lambda company: (company.pack / "pack.yaml").unlink(),
    "no text": lambda company: (company.pack / "main.yaml").write_bytes(b"\xff\xfe\x00say"),
    "a link out": lambda company: (company.pack / "more.yaml").symlink_to("/etc/hostname"),
    "D01 a look-alike host": lambda company: company.edit(
        "facts/forms.yaml", "www.brightnote.example", "brightnote.evil"
    ),
    "a letter with an unknown fill-in": lambda company: company.edit("letters/letters.yaml", "{company}", "{compny}"),
    "a catalogue that vanished": lambda company: company.catalogue.unlink(),
    "all languages that vanished": lambda company: shutil.rmtree(company.root / "locales"),
    "a damaged catalogue": lambda company: company.catalogue.write_text(
        company.catalogue.read_text("utf-8").replace('"Wo wohnst du?"', '"Wo wohnst du?'), "utf-8"
    ),
    "a catalogue with an unknown fill-in": lambda company: company.catalogue.write_text(
        company.catalogue.read_text("utf-8").replace("Wo wohnst du?", "Wo wohnst du, {name.__class__}?"), "utf-8"
    ),
}


def halve(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text[: len(text) // 2], "utf-8")


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
async def test_a_wrong_file_never_replaces_a_right_one(
    start: Starts, company: Company, tmp_path: Path, damage: Callable[[Company], object]
) -> None:
    bot = await start()
    await bot.begins("ada", "de")
    good = Company(tmp_path / "good")
    damage(company)
    status, sentence = await changed(bot)
    assert status == "refused"
    assert sentence.startswith("The changed files are not used, the old content stays: ")
    assert await bot.reloader.look() is None, "the same mistake is told once"
    # The conversation goes on, also for who begins only now.
    assert (await bot.says("ada", "finland"))[-1] == "Whose notes are they?"
    assert (await bot.begins("ben", "de"))[-1] == "Wo wohnst du?"
    # And what was mended is taken.
    for path in [*company.pack.glob("*.yaml"), *company.root.glob("locales/*/LC_MESSAGES/*.po")]:
        path.unlink()
    shutil.copytree(good.root, company.root, dirs_exist_ok=True)
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    assert (await changed(bot))[0] == "taken"


async def test_the_first_mistake_and_the_number_of_others_are_told(start: Starts, company: Company) -> None:
    bot = await start()
    company.edit("main.yaml", "next: who\n", "next: whoo\n")
    company.edit("main.yaml", "    next: what\n", "    next: waht\n")
    _, sentence = await changed(bot)
    assert "main.yaml:41:11: D041 there is no state «whoo»." in sentence
    assert sentence.endswith(f"(1 more: «optout-bot check {company.pack}» lists all.)")


async def test_a_file_that_is_gone_is_named_before_what_misses_it(start: Starts, company: Company) -> None:
    bot = await start(keep_older=False)
    await bot.begins("ada")
    path = company.pack / "help.yaml"
    text = path.read_text("utf-8")
    path.unlink()
    outcome = await bot.reloader.look()
    assert outcome is not None
    assert f"the old content stays: {path} is gone. {outcome.problems[0]}" in outcome.sentence
    assert await bot.says("ada", "/help")
    path.write_text(text, "utf-8")
    outcome = await bot.reloader.look()
    assert outcome is not None
    assert outcome.status == "taken"
    company.edit("main.yaml", "next: who\n", "next: whoo\n")
    outcome = await bot.reloader.look()
    assert outcome is not None
    assert "is gone" not in outcome.sentence


async def test_files_that_change_while_they_are_read_are_read_again(start: Starts, company: Company) -> None:
    bot = await start()
    whole = (company.pack / "main.yaml").read_text("utf-8").replace("Whose notes are they?", "Who wrote the notes?")
    real, checks = bot.source.check, 0

    def check() -> Sequence[Problem]:
        nonlocal checks
        checks += 1
        found = real()
        if checks == 1:  # the editor writes the rest just now
            (company.pack / "main.yaml").write_text(whole, "utf-8")
        return found

    bot.reloader = Reloader(bot.turns, replace(bot.source, check=check))
    halve(company.pack / "main.yaml")
    assert (await changed(bot))[0] == "unsettled"
    assert (await changed(bot))[0] == "taken"
    await bot.begins("ada")
    assert await bot.says("ada", "finland") == ["Who wrote the notes?"]


async def test_half_of_a_change_is_not_taken_over_while_the_rest_is_being_written(
    start: Starts, company: Company
) -> None:
    """Each of these changes is right in itself; a copy over a slow line makes one after another."""
    bot = await start()
    words = ["Whose notes are they?", "Who wrote them?", "Who wrote these?", "Who wrote these notes?"]
    taken: list[str] = []

    class Slow(Files):
        def stamp(self) -> Stamp:
            if len(words) > 1:
                company.edit("main.yaml", words.pop(0), words[0])
            return super().stamp()

    bot.reloader = Reloader(bot.turns, replace(bot.source, files=Slow(bot.source.files.folders)))
    bot.reloader.on_taken = lambda outcome: taken.append(outcome.version)
    task = asyncio.create_task(watch(bot.reloader, 0.01))
    await until(lambda: len(taken) == 1)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await bot.begins("ada")
    assert await bot.says("ada", "finland") == ["Who wrote these notes?"]


async def test_who_asked_for_new_content_need_not_ask_again_because_a_file_was_being_written(
    start: Starts, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await start()
    monkeypatch.setattr(reload, "_AGAIN", 0.01)
    real, words, taken = bot.source.check, ["Whose notes are they?", "Who wrote them?", "Who wrote these notes?"], 0

    def check() -> Sequence[Problem]:
        found = real()
        if len(words) > 1:
            company.edit("main.yaml", words.pop(0), words[0])
        return found

    def count(outcome: Reloaded) -> None:
        nonlocal taken
        taken += 1

    bot.reloader = Reloader(bot.turns, replace(bot.source, check=check))
    bot.reloader.on_taken = count
    asked = asyncio.Event()
    task = asyncio.create_task(watch(bot.reloader, None, asked))
    asked.set()
    await until(lambda: taken == 1)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await bot.begins("ada")
    assert await bot.says("ada", "finland") == ["Who wrote these notes?"]


async def test_a_file_that_vanishes_between_check_and_load_changes_nothing(start: Starts, company: Company) -> None:
    bot = await start()
    real, before = bot.source.load, bot.version

    def load() -> Fresh:
        (company.pack / "facts" / "claims.yaml").unlink()
        return real()

    bot.reloader = Reloader(bot.turns, replace(bot.source, load=load))
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    assert (await changed(bot))[0] == "unsettled"
    assert bot.version == before


async def test_a_language_behind_a_link_is_watched_and_a_circle_of_links_ends(
    start: Starts, company: Company, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "translators" / "de"
    german = company.root / "locales" / "de"
    elsewhere.parent.mkdir()
    german.rename(elsewhere)
    german.symlink_to(elsewhere)
    (company.root / "locales" / "again").symlink_to(company.root / "locales")
    bot = await start()
    company.catalogue.write_text(company.catalogue.read_text("utf-8").replace("Wo wohnst du?", "Wo lebst du?"), "utf-8")
    (company.root / "locales" / "again").unlink()
    assert (await changed(bot))[0] == "taken"
    assert (await bot.begins("ada", "de"))[-1] == "Wo lebst du?"


async def test_a_link_that_leads_up_is_not_followed_through_all_there_is(start: Starts, company: Company) -> None:
    bot = await start()
    before = bot.source.files.stamp()
    (company.root.parent / "elsewhere.yaml").write_text("not: ours\n", "utf-8")
    for name, target in (("up", company.root.parent), ("top", Path("/"))):
        (company.root / "locales" / name).symlink_to(target)
    assert bot.source.files.stamp() == before


async def test_a_change_of_rights_is_a_change(start: Starts, company: Company) -> None:
    """Whoever forgot to make a file readable mends it with chmod, and nothing else of the file changes."""
    bot = await start()
    before = bot.source.files.stamp()
    (company.pack / "main.yaml").chmod(0o600)
    assert bot.source.files.stamp() != before


async def test_a_folder_that_may_not_be_read_is_said_in_a_sentence(start: Starts, company: Company) -> None:
    bot = await start()

    def check() -> Sequence[Problem]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(company.pack))

    bot.reloader = Reloader(bot.turns, replace(bot.source, check=check))
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    _, sentence = await changed(bot)
    assert sentence.endswith(f"the old content stays: {company.pack} cannot be read (Permission denied).")


async def test_a_mistake_of_the_program_is_said_in_a_sentence(start: Starts, company: Company) -> None:
    bot = await start()

    def check() -> Sequence[Problem]:
        raise RecursionError("deep")

    bot.reloader = Reloader(bot.turns, replace(bot.source, check=check))
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    status, sentence = await changed(bot)
    assert (status, sentence.endswith("the program stumbled over it (RecursionError).")) == ("refused", True)


async def test_what_was_only_touched_or_is_never_read_is_no_change(start: Starts, company: Company) -> None:
    bot = await start()
    (company.pack / "main.yaml").touch()
    company.edit("examples/a_diary_in_finland.yaml", "they say: finland", "they say: findland: [")
    assert await bot.reloader.look() is None
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    assert (await changed(bot))[0] == "taken", "a broken example keeps nothing out"


@pytest.fixture
def announced(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Give what the log said of the people who are affected."""
    caplog.set_level(logging.INFO, "bot.reload")
    return lambda: "\n".join(one for one in caplog.messages if one.startswith("New content is about to be used. "))


async def test_who_is_affected_is_said_before_it_happens(start: Starts, company: Company) -> None:
    bot = await start()
    await bot.begins("ada")
    await bot.says("ada", "finland")
    before, seen = bot.version, list[tuple[str, str]]()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append((record.getMessage(), bot.version))

    listener, log = Listener(), logging.getLogger("bot.reload")
    level = log.level
    log.addHandler(listener)
    log.setLevel(logging.INFO)
    try:
        company.edit("main.yaml", "  who:\n", "  owner:\n")
        company.edit("main.yaml", "next: who\n", "next: owner\n")
        assert (await changed(bot))[0] == "taken"
    finally:
        log.removeHandler(listener)
        log.setLevel(level)
    ((words, version),) = seen
    assert "1 person is in states you removed (main/who: 1)" in words
    assert version == before != bot.version


async def test_people_in_removed_states_finish_on_the_version_they_began(
    start: Starts, company: Company, announced: Callable[[], str]
) -> None:
    bot = await start()
    for who in ("ada", "ben"):
        await bot.begins(who)
        await bot.says(who, "finland")
    await bot.begins("eve")
    company.edit("main.yaml", "  who:\n", "  owner:\n")
    company.edit("main.yaml", "next: who\n", "next: owner\n")
    await changed(bot)
    assert "2 people are in states you removed (main/who: 2); they finish on the version they began." in announced()
    assert (await bot.says("ada", "mine"))[-1] == "What do you use?"
    assert bot.session.version != bot.version


async def test_people_are_moved_where_the_state_was_renamed(
    start: Starts, company: Company, announced: Callable[[], str]
) -> None:
    bot = await start()
    await bot.begins("ada")
    await bot.says("ada", "finland")
    company.edit("main.yaml", "  who:\n", "  owner:\n")
    company.edit("main.yaml", "next: who\n", "next: owner\n")
    company.edit("main.yaml", "    end: done\n", "    end: done\n\nrenamed:\n  who: owner\n")
    await changed(bot)
    assert "1 person is moved by «renamed» (main/who: 1)." in announced()
    await bot.says("ada", "mine")
    assert (bot.session.version, bot.session.state) == (bot.version, "main/what")


async def test_E03_where_the_old_version_no_longer_fits_the_facts_people_begin_again_and_keep_their_answers(
    start: Starts, company: Company, announced: Callable[[], str]
) -> None:
    bot = await start()
    await bot.begins("ada")
    await bot.says("ada", "finland")
    await bot.says("ada", "mine")
    await bot.says("ada", "notes")
    await bot.says("ada", "My notes are a diary")
    assert bot.session.state == "main/diary"
    # The list of follow-ups gets another name, so that the old dialogs name a list there is none of.
    company.edit("facts/grounds.yaml", "diary_kinds", "kinds_of_diary")
    company.edit("main.yaml", "diary_kinds", "kinds_of_diary")
    company.edit("main.yaml", "  diary:\n", "  which_kind:\n")
    company.edit("main.yaml", "go: diary\n", "go: which_kind\n")
    await changed(bot)
    assert (
        "1 person is in states you removed (main/diary: 1); they begin again, with their answers kept." in announced()
    )
    said = await bot.says("ada", "About my family")
    assert said[0].startswith("Something changed on my side")
    assert bot.session.slots["territory"] == "FI"
    assert bot.session.version == bot.version


async def test_who_begins_while_new_content_is_read_finishes_on_what_they_began(
    start: Starts, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await start()
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    old = bot.version
    real = bot.store.states_in_use

    async def in_use() -> dict[tuple[str, str], int]:
        await bot.begins("ada")  # just before the swap
        return await real()

    monkeypatch.setattr(bot.store, "states_in_use", in_use)
    await changed(bot)
    assert bot.turns.library.pack("brightnote", old) is not None
    assert await bot.says("ada", "finland") == ["Whose notes are they?"]


async def test_what_was_replaced_leaves_memory(start: Starts) -> None:
    def there() -> int:
        return sum(isinstance(one, (Facts, Pack)) for one in gc.get_objects())

    bot = await start()
    await bot.reloader.reload()
    before = there()
    for _ in range(3):
        await bot.reloader.reload()
    assert there() <= before


async def test_a_store_in_trouble_makes_new_content_wait(start: Starts, company: Company) -> None:
    bot = await start()
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    await bot.store.close()
    for _ in range(2):
        status, sentence = await changed(bot)
        assert (status, sentence) == ("unsettled", "The new content waits: The database was closed already.")


async def test_a_store_that_stays_in_trouble_is_asked_more_and_more_rarely(
    start: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await start()
    monkeypatch.setattr(reload, "_AGAIN", 0.05)
    fresh, times = bot.source.load(), list[float]()

    def check() -> Sequence[Problem]:
        times.append(time.monotonic())
        return ()

    await bot.store.close()
    asked = asyncio.Event()
    asked.set()
    reloader = Reloader(bot.turns, replace(bot.source, check=check, load=lambda: fresh))
    task = asyncio.create_task(watch(reloader, None, asked))
    await until(lambda: len(times) == 4)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert times[3] - times[2] >= 0.2


async def test_watching_logs_what_happens_and_a_signal_reads_everything_anew(
    start: Starts, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    bot = await start()
    taken: list[str] = []
    bot.reloader.on_taken = lambda outcome: taken.append(outcome.version)
    asked = asyncio.Event()
    with caplog.at_level(logging.INFO, "bot.reload"):
        task = asyncio.create_task(watch(bot.reloader, 0.01, asked))
        company.edit("main.yaml", "next: who\n", "next: whoo\n")
        await until(lambda: "D041" in caplog.text)
        company.edit("main.yaml", "next: whoo\n", "next: who\n")
        await until(lambda: len(taken) == 1)
        asked.set()
        await until(lambda: len(taken) == 2)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert "Traceback" not in caplog.text
    assert [record.levelname for record in caplog.records if "D041" in record.message] == ["ERROR"]


async def test_what_is_written_while_a_bot_starts_is_not_missed(start: Starts, company: Company) -> None:
    before = watching.noted(company.root, None)
    bot = await start()
    company.edit("main.yaml", "Whose notes are they?", "Who wrote the notes?")
    taken: list[str] = []
    task = watching.follow(
        bot.turns, bot.source, watching=True, before=before, on_taken=lambda outcome: taken.append(outcome.version)
    )
    await until(lambda: len(taken) == 1)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def test_the_terminal_waits_for_a_file_that_is_being_written(
    start: Starts, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await start()
    monkeypatch.setattr(watching, "PAUSE", 0.01)
    writes = iter(["Who wrote them?", "Who wrote these notes?"])
    real = bot.source.check
    last = "Whose notes are they?"

    def check() -> Sequence[Problem]:
        nonlocal last
        found = real()
        for text in writes:
            company.edit("main.yaml", last, text)
            last = text
            break
        return found

    look = watching.at_the_next_message(bot.turns, replace(bot.source, check=check))
    assert await look() is None
    company.edit("main.yaml", "say: What do you use?", "say: What of ours do you use?")
    said = await look()
    assert said is not None
    assert said.startswith("optout-bot: New content is in use")
    await bot.begins("author")
    assert await bot.says("author", "finland") == ["Who wrote these notes?"]


def damage(path: Path, chance: random.Random) -> None:
    """Do something to a file that happens to files."""
    data = path.read_bytes()
    lines = data.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    ways: list[Callable[[], bytes]] = [
        lambda: b"".join(lines[:at] + lines[at + 1 :]),
        lambda: b"".join([*lines[:at], b"  " + lines[at], *lines[at + 1 :]]),
        lambda: b"".join([*lines[:at], lines[at], *lines[at:]]),
        lambda: data[: chance.randrange(len(data))],
        lambda: data.replace(b":", b"", 1),
        lambda: b"".join([*lines[:at], lines[at][::-1], *lines[at + 1 :]]),
        lambda: data[:at] + bytes([chance.randrange(256)]) + data[at:],
        lambda: b"".join([*lines[:at], b"\xe2\x80\xae{x}" + lines[at], *lines[at + 1 :]]),
    ]
    path.write_bytes(chance.choice(ways)())


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_happens_to_a_file_the_conversations_go_on(start: Starts, company: Company, seed: int) -> None:
    bot = await start()
    await bot.begins("ada")
    chance = random.Random(seed)
    files = sorted(path for path in company.root.rglob("*") if path.suffix in {".yaml", ".po"})
    damage(chance.choice(files), chance)
    outcome = await bot.reloader.look()
    assert outcome is None or outcome.status in {"taken", "refused"}
    assert await bot.says("ada", "finland")
    assert await bot.begins("ben", "de")
    assert await bot.says("ben", "mine")
