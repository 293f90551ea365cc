"""`facts status` and `facts links` as commands, on the second company and on the shipped facts."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import threading
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.facts import show_results, show_status
from bot.facts.links.targets import Target, targets
from bot.facts.load import load_facts
from bot.facts.status import status
from bot.service.links import Result
from tests.facts.kit import shipped
from tests.packs.kit import HOME, PACK


@pytest.fixture
def tiny() -> list[str]:
    return ["--content", str(HOME)]


def own() -> Path:
    return HOME / "dialogs" / PACK / "facts"


def test_every_regime_form_and_authority_has_a_row() -> None:
    facts = shipped()
    rows = status(facts, date(2026, 11, 23))
    assert len(rows) == len(facts.regimes) + len(facts.forms) + len(facts.authorities)
    assert all(row.age >= 0 and row.sources > 0 for row in rows)
    assert not any(row.overdue for row in rows)


def test_a_row_says_how_old_and_how_sure() -> None:
    rows = {row.id: row for row in status(load_facts(own()), date(2026, 11, 23))}
    form = rows["notes_objection"]
    assert (form.kind, form.age, form.newest_source, form.confidence) == ("form", 21, "2026-09-01", "high")
    assert form.confirmed_live == date(2026, 11, 2)
    assert (rows["nordic"].sources, rows["nordic"].newest_source) == (2, "2026-09-01")
    assert (rows["FI-DO"].kind, rows["FI-DO"].newest_source) == ("authority", "2026-10")
    assert rows["write_to_us"].confirmed_live is None


def test_D02_what_is_past_its_review_date_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    facts = load_facts(own())
    assert show_status(status(facts, date(2027, 5, 31)), as_json=False) == 0
    assert "Nothing is overdue; the next review is due by 2027-05-31." in capsys.readouterr().out
    assert show_status(status(facts, date(2027, 6, 1)), as_json=False) == 1
    out = capsys.readouterr().out
    assert out.count("OVERDUE") == 5
    assert "5 are past their review date" in out
    assert "1 of 2 forms were opened by a person." in out
    assert show_status(status(facts, date(2027, 6, 1)), as_json=True) == 1
    assert {row["overdue"] for row in json.loads(capsys.readouterr().out)} == {True}


def test_the_command_gives_a_table_and_json(tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["facts", "status", *tiny])
    assert capsys.readouterr().out.splitlines()[0].split()[:2] == ["what", "id"]
    main(["facts", "status", "--json", *tiny])
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["id"] == "nordic"
    assert rows[0]["checked_on"] == "2026-11-02"


@pytest.mark.parametrize("columns", [30, 60, 80, 200])
def test_a_narrow_terminal_gets_fewer_columns(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    rows = status(shipped(), date(2026, 11, 29))
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setenv("COLUMNS", str(columns))
    show_status(rows, as_json=False)
    head, *table = screen.getvalue().splitlines()[: len(rows) + 1]
    assert head.split()[0] == ("what" if columns >= 80 else "id")
    assert ("newest" in head) == (columns == 200)
    assert max(map(len, [head, *table])) <= max(columns, 50)
    assert "days" in head
    assert ("Left out to fit: newest, sources" in screen.getvalue()) == (columns < 100)


def test_nothing_is_opened_unless_somebody_says_so(tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "links", *tiny]) == 0
    out = capsys.readouterr().out
    assert "https://www.brightnote.example/object  (forms/notes_objection/url)" in out
    assert "nothing was opened" in out
    assert main(["facts", "links", "--only", "authorities", "--json", *tiny]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["id"], one["verdict"]) for one in listed] == [("authorities/FI-DO/website", "not_asked")]
    assert listed[0]["file"].endswith("facts/authorities.yaml")


def test_every_link_of_the_shipped_facts_is_listed_once_with_its_own_hosts() -> None:
    found = targets(shipped())
    assert len({(one.url, one.allowed) for one in found}) == len(found)
    assert {one.group for one in found} == {"forms", "authorities", "sources"}
    for one in found:
        assert any(one.host == host or one.host.endswith(f".{host}") for host in one.allowed), one
        assert one.line > 1


def test_the_report_names_file_and_line_of_what_has_to_be_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    here = Target("forms/a/url", "forms", "https://www.brightnote.example/a", ("brightnote.example",), "forms.yaml", 5)
    fine, gone = Result(here, "alive", status=200, final=here.url), Result(here, "gone", "status 404", 404, here.url)
    login = Result(here, "login")
    assert show_results([fine, login], as_json=False) == 0
    assert "1 × login: asks to sign in first: only a person can look" in capsys.readouterr().out
    assert show_results([fine, gone], as_json=False) == 1
    out = capsys.readouterr().out
    assert "  forms.yaml:5: forms/a/url https://www.brightnote.example/a – status 404" in out
    assert "1 of 2 pages open as they stand. Look at the pages above and correct the facts by hand." in out
    assert show_results([gone], as_json=True) == 1
    assert json.loads(capsys.readouterr().out)[0]["verdict"] == "gone"


def test_really_opens_pages_and_tells_how_far_it_is(tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    # Tests stay on this machine, so every page fails; that is told, and nothing raises.
    assert main(["facts", "links", "--really", "--only", "authorities", *tiny]) == 1
    said = capsys.readouterr()
    assert "1 × failed: could not be reached" in said.out
    assert said.err == "1 of 1 pages, www.dataoffice.example last\n"


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_after_ctrl_c_what_was_found_until_then_is_told(
    tiny: list[str], form: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    # Three pages are on one host, with a second between them.
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    assert main(["facts", "links", "--really", *form, *tiny]) == 130
    said = capsys.readouterr()
    count = re.search(r"interrupted: ([1-4]) of 5 pages were opened", said.err)
    assert count, said.err
    opened = int(count[1])
    if form:
        assert Counter(one["verdict"] for one in json.loads(said.out)) == {"failed": opened, "not_asked": 5 - opened}
    else:
        assert f"{opened} × failed: could not be reached" in said.out
        assert f"{5 - opened} × not_asked: was not opened" in said.out


def test_facts_that_cannot_be_read_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "status", "--content", str(tmp_path)]) == 2
    assert "there is no folder «dialogs» here" in capsys.readouterr().err
