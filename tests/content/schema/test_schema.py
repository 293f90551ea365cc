"""The schemas say what the readers say: an editor with them accepts our files and underlines what `check` refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.checks.described import DESCRIBED
from bot.checks.kinds import Check
from bot.checks.registry import all_checks
from bot.checks.sample import FILES, MAIN, PACK, dialog
from bot.checks.schemas import FOLDER, SETTINGS, all_files, all_schemas, dump, editor_settings, main
from bot.content.shape import MORE_PHRASES, PHRASES, TABLES
from bot.service.examples.reading import read_example

ROOT = Path(__file__).resolve().parents[3]


class _Editor(yaml.SafeLoader):
    """Read YAML as an editor does (1.2): only true, false, null and numbers are something else than text."""


_Editor.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:null|Null|NULL|~|)$", ["n", "N", "~", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
):
    _Editor.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))
_Editor.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def load(text: str) -> Any:
    return yaml.load(text, _Editor)


def errors(schema: str, text: str) -> list[str]:
    return [
        f"{list(one.path)}: {one.message}" for one in Draft7Validator(all_schemas()[schema]).iter_errors(load(text))
    ]


def shipped() -> list[tuple[str, Path]]:
    """List every shipped file with its schema, as the editor's settings say."""
    found = []
    for schema, patterns in editor_settings()["yaml.schemas"].items():
        outside = {path for pattern in patterns if pattern[0] == "!" for path in ROOT.glob(pattern[1:])}
        paths = {path for pattern in patterns if pattern[0] != "!" for path in ROOT.glob(pattern)}
        found += [(schema.removeprefix("./dialogs/"), path) for path in sorted(paths - outside)]
    return found


@pytest.mark.parametrize("path", sorted(all_schemas()))
def test_every_schema_is_valid_draft_07(path: str) -> None:
    schema = all_schemas()[path]
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in json.dumps(schema)


def keys_of(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """List every key of every record of a schema with what is said of it."""
    records = {"": schema, **schema.get("definitions", {})}
    return [
        (f"{name}.{key}", one) for name, record in records.items() for key, one in record.get("properties", {}).items()
    ]


FROM_MODELS = sorted(path for path in all_schemas() if path.startswith(("schema/facts/", "schema/letters")))


@pytest.mark.parametrize("path", FROM_MODELS)
def test_every_key_of_facts_and_letters_is_explained_with_an_example_that_fits(path: str) -> None:
    schema = all_schemas()[path]
    for name, one in keys_of(schema):
        assert one["description"], name
        listed = "enum" in json.dumps(one) or "const" in one
        table = one.get("type") == "object" or "$ref" in json.dumps(one)
        assert one.get("examples") or listed or table, name
        for example in one.get("examples", ()):
            checker = Draft7Validator({**one, "definitions": schema.get("definitions", {})})
            assert [found.message for found in checker.iter_errors(example)] == [], name


def test_no_key_is_explained_that_is_not_there() -> None:
    there = {
        f"{name or schema['title']}.{key}"
        for path in FROM_MODELS
        for schema in [all_schemas()[path]]
        for name, key in (full.split(".", 1) for full, _ in keys_of(schema))
    }
    there |= {name.split(".")[1] for name in there}
    assert set(DESCRIBED) - there == set()


@pytest.mark.parametrize("path", sorted(all_files()), ids=str)
def test_every_committed_file_is_current(path: Path) -> None:
    assert (ROOT / path).read_text("utf-8") == all_files()[path], "run python -m bot.checks.schemas --write"


@pytest.mark.parametrize(("schema", "path"), shipped(), ids=lambda one: one.name if isinstance(one, Path) else one)
def test_every_shipped_file_fits_its_schema(schema: str, path: Path) -> None:
    assert errors(schema, path.read_text("utf-8")) == []


def test_the_settings_name_a_schema_for_every_kind_of_file() -> None:
    kinds = {schema.split("/")[1] if "/" in schema else schema for schema, _ in shipped()}
    assert kinds >= {"schema.json", "pack.json", "example.json", "letters.json", "facts"}


@pytest.mark.parametrize("name", [name for name in FILES if name != "pack.yaml"])
def test_the_sample_dialogs_fit(name: str) -> None:
    assert errors("schema.json", FILES[name]) == []


def test_the_sample_pack_fits() -> None:
    assert errors("schema/pack.json", PACK) == []


END = "\n  out:\n    say: Bye.\n    end: done\n"
GOOD_STATES = {
    "asks with answers": "say: Well?\n    answers:\n      - answer: Yes\n        go: out\n",
    "asks with a list": "say: Well?\n    choose: lamps\n    save: lamp\n    next: out\n",
    "asks for several": "say: Well?\n    pick: lamps\n    save: lamp\n    up to: 3\n    done: Ok\n    next: out\n",
    "asks for a text": "say: Well?\n    write: name\n    not_understood: 12\n    next: out\n",
    "says and goes on": "say:\n      - Hello.\n      - text: 12\n        when: right is yes\n"
    "      - show: block\n    next: out\n",
    "goes on silently": "set:\n      a: b\n    next: out\n",
    "plural": "say:\n      by: count\n      one: One.\n      other: More.\n    next: out\n",
    "branches": "branch:\n      - when: count > 3\n        go: other/out\n      - otherwise: out\n",
    "calls": "do: help\n    next: out\n",
    "ends": "say: Bye.\n    end: forget\n",
    "reminds": "say: Bye.\n    remind:\n      name: a\n      in: 31 days\n      do: help\n    end: done\n",
}
BAD_STATES = {
    "nothing": "say: Hi.\n",
    "two things": "do: help\n    end: done\n",
    "unknown key": "say: Hi.\n    nxt: out\n    end: done\n",
    "no question": "answers:\n      - answer: Yes\n        go: out\n",
    "no button to end": "say: Well?\n    pick: lamps\n    save: lamp\n    next: out\n",
    "up to without pick": "say: Well?\n    up to: 3\n    answers:\n      - answer: Yes\n        go: out\n",
    "not a number": "say: Well?\n    pick: lamps\n    save: lamp\n    up to: three\n    done: Ok\n    next: out\n",
    "again without asking": "say: Hi.\n    again: Hi?\n    end: done\n",
    "wrong word": "say: Bye.\n    end: finished\n",
    "wrong target": "say: Hi.\n    next: Out There\n",
    "answers as text": "say: Well?\n    answers: yes\n",
    "answer without words": "say: Well?\n    answers:\n      - id: yes\n        go: out\n",
    "half a way": "branch:\n      - when: right is yes\n      - otherwise: out\n",
    "no time": "say: Bye.\n    remind:\n      name: a\n      in: soon\n      do: help\n    end: done\n",
    "two forms": "say:\n      - text: Hi.\n        show: block\n    end: done\n",
    "half a plural": "say:\n      - one: A.\n        by: count\n    end: done\n",
}


@pytest.mark.parametrize("state", GOOD_STATES.values(), ids=list(GOOD_STATES))
def test_a_good_state_is_accepted(state: str) -> None:
    assert errors("schema.json", dialog(f"  which:\n    {state}{END}")) == []


@pytest.mark.parametrize("state", BAD_STATES.values(), ids=list(BAD_STATES))
def test_a_bad_state_is_underlined(state: str) -> None:
    assert errors("schema.json", dialog(f"  which:\n    {state}{END}")) != []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("unknown key", "'nxt' is not one of ['say', 'end', "),
        ("nothing", "'next' is a required property"),
        ("two things", "'end' is not one of ['say', 'next', 'do', "),
        ("no question", "'say' is a required property"),
        ("wrong word", "'finished' is not one of ['done', 'forget']"),
        ("half a way", "'go' is a required property"),
        ("no time", "'soon' does not match "),
    ],
)
def test_a_bad_state_is_underlined_where_it_is_wrong_and_told_what_is_right(state: str, said: str) -> None:
    assert any(said in one for one in errors("schema.json", dialog(f"  which:\n    {BAD_STATES[state]}{END}")))


def test_no_bad_state_is_only_told_that_none_of_five_kinds_fits() -> None:
    whole = "['states', 'which']: {"
    for name, state in BAD_STATES.items():
        assert not any(one.startswith(whole) for one in errors("schema.json", dialog(f"  which:\n    {state}{END}"))), (
            name
        )


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.CODE)
def test_what_a_check_gives_as_good_is_accepted(check: Check) -> None:
    for one in check.GOOD:
        for name, text in one.files.items():
            schema = {"pack.yaml": "schema/pack.json"}.get(
                name, "schema/example.json" if "/" in name else "schema.json"
            )
            # Facts have schemas of their own, and the examples only pieces of them.
            if name.endswith(".yaml") and not name.startswith(("locales/", "facts/")):
                assert errors(schema, text) == []


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("schema.json", MAIN.replace("start: which\n", "")),
        ("schema.json", MAIN.replace("type: choice", "type: choise")),
        ("schema.json", MAIN.replace("dialog: main", "dialog: Main")),
        ("schema.json", MAIN + "more: x\n"),
        ("schema.json", "a text\n"),
        ("schema/pack.json", PACK.replace("  sorry: A word from me.\n", "")),
        ("schema/pack.json", PACK.replace("  sorry:", "  sory:")),
        ("schema/pack.json", PACK.replace("    do: help\n    also", "    also")),
        ("schema/example.json", "example: a\n"),
        ("schema/example.json", "example: a\ntalk:\n  - they whisper: b\n"),
        ("schema/example.json", "example: a\ntalk:\n  - wait: soon\n"),
        ("schema/example.json", "example: a\ntalk:\n  - bot: Hi\nexpect:\n  satte: a/b\n"),
        ("schema/example.json", "example: a\ntalk:\n  - bot: Hi\n    they tap: b\n"),
        ("schema/example.json", "example: a\nnow: tomorrow\ntalk:\n  - bot: Hi\n"),
        ("schema.json", MAIN.replace("type: choice", "type: date\n    earliest: yesterday")),
        ("schema/glossary.json", "terms:\n  - id: a\n    de: b\n"),
        ("schema/glossary.json", "terms:\n  - id: a\n    en: b\n    German: c\n"),
        ("schema/glossary.json", "words: x\n"),
        ("schema/letters.json", "format: '1'\nparst:\n  a: b\n"),
        ("schema/letters.json", "format: '2'\n"),
        ("schema/facts/products.json", "products:\n  a:\n    nam: b\n"),
        ("schema/facts/hosts.json", "forms: [a]\nauthorities: all\nsources: as_cited\nshorteners: []\n"),
    ],
)
def test_a_bad_file_is_underlined(schema: str, text: str) -> None:
    assert errors(schema, text) != []


def test_an_example_may_begin_at_any_time_and_name_buttons_beside_a_message() -> None:
    for now in ("2026-11-23T09:00+01:00", "2026-11-23", "20261123", "2026-W48-1"):
        text = f"example: a\nnow: {now}\ntalk:\n  - bot: Hi\n    buttons: Yes\n  - they say:\n  - buttons: No\n"
        assert errors("schema/example.json", text) == []
        assert [one for one in read_example("a.yaml", text)[1] if one.level == "error"] == []


def test_a_glossary_in_our_format_is_accepted() -> None:
    text = "terms:\n  - id: right\n    about: It.\n    en: right*\n    pt_BR: direito\n    avoid:\n      de: Recht\n"
    assert errors("schema/glossary.json", text) == []


def keys(schema: Any) -> set[str]:
    """List every key that a schema lets somebody write."""
    if isinstance(schema, list):
        return set().union(*(keys(one) for one in schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    own = set(schema.get("properties", ()))
    return own.union(*(keys(one) for name, one in schema.items() if name != "required")) if schema else own


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_key_an_author_may_write_is_completed_and_explained(table: str) -> None:
    everything = [all_schemas()[name] for name in ("schema.json", "schema/pack.json", "schema/example.json")]
    assert {key.name for key in TABLES[table]} <= keys(everything)
    text = json.dumps(everything, ensure_ascii=False)
    assert all(json.dumps(key.about, ensure_ascii=False)[1:-1] in text for key in TABLES[table])


def test_every_phrase_is_explained() -> None:
    properties = all_schemas()["schema/pack.json"]["properties"]["phrases"]["properties"]
    assert {name: one["description"] for name, one in properties.items()} == PHRASES | MORE_PHRASES


def test_stale_files_are_named_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 1
    assert "dialogs/schema.json is not current" in capsys.readouterr().out
    assert main(["--write"]) == 0
    assert (main([]), capsys.readouterr().out) == (0, "")
    (tmp_path / FOLDER / "schema.json").write_text("{}")
    assert main([]) == 1
    assert json.loads((tmp_path / SETTINGS).read_text()) == editor_settings()
    assert dump({"a": "ü"}) == '{\n  "a": "ü"\n}\n'
