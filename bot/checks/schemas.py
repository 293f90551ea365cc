"""Write every JSON Schema of the project, and the editor's settings: `python -m bot.checks.schemas --write`.

The tables of keys make those of dialogs, pack and examples; facts and letters are described by their models.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.checks.described import described
from bot.checks.glossary import TERM
from bot.content.schema import DRAFT, NAME, Schema, dialog_schema, example_schema, pack_schema

FOLDER = Path("dialogs")
SETTINGS = Path(".vscode", "settings.json")


def all_schemas() -> dict[str, Schema]:
    """Give every schema by its path below `dialogs/`."""
    from bot.facts.load import FILES
    from bot.letters.models import Letters

    facts = {f"schema/facts/{name.removesuffix('.yaml')}.json": _facts(model) for name, model in FILES.items()}
    return {
        "schema.json": dialog_schema(),
        "schema/pack.json": pack_schema(),
        "schema/example.json": example_schema(),
        "schema/letters.json": _letters(Letters),
        "schema/glossary.json": glossary_schema(),
        **facts,
    }


def editor_settings() -> dict[str, Any]:
    """Give `.vscode/settings.json`: which files each schema is for, and two spaces of indentation."""
    files = {
        "schema.json": ["dialogs/*/*.yaml", "!dialogs/*/pack.yaml"],
        "schema/pack.json": ["dialogs/*/pack.yaml"],
        "schema/example.json": ["dialogs/*/examples/*.yaml"],
        "schema/letters.json": ["dialogs/*/letters/*.yaml"],
        "schema/glossary.json": ["locales/glossary.yaml"],
    }
    for path in all_schemas():
        if path.startswith("schema/facts/"):
            files[path] = [f"dialogs/*/facts/{Path(path).stem}.yaml"]
    return {
        "yaml.schemas": {f"./dialogs/{path}": found for path, found in files.items()},
        "yaml.format.enable": False,
        "[yaml]": {"editor.tabSize": 2, "editor.insertSpaces": True, "editor.wordWrap": "on"},
    }


def glossary_schema() -> Schema:
    """Describe `locales/glossary.yaml`."""
    language = r"^[a-z]{2,3}(_[A-Za-z0-9]{2,8})*$"
    words: Schema = {"type": "string", "minLength": 1}
    about = {key.name: key.about for key in TERM}
    term: Schema = {
        "title": "A term",
        "type": "object",
        "properties": {
            "id": {"description": about["id"], "type": "string", "pattern": NAME, "examples": ["right_to_object"]},
            "about": {"description": about["about"], "type": "string"},
            "en": {"description": about["en"], **words, "examples": ["right to object, objection*"]},
            "avoid": {"description": about["avoid"], "type": "object", "patternProperties": {language: words},
                      "additionalProperties": False},
        },
        "patternProperties": {language: words},
        "additionalProperties": False,
        "required": ["id", "en"],
    }  # fmt: skip
    return {
        "$schema": DRAFT,
        "title": "The glossary",
        "description": "How each language says the terms of the law, and what would be wrong.",
        "type": "object",
        "properties": {"terms": {"description": "One entry a term.", "type": "array", "items": term}},
        "additionalProperties": False,
        "required": ["terms"],
    }


class _Textual(GenerateJsonSchema):
    """Describe what is read from text by code (a condition) as the text it is."""

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return {"type": "string", "minLength": 1, "description": "A condition, such as: right is yes"}


def _model(model: type[BaseModel], title: str) -> Schema:
    made = model.model_json_schema(schema_generator=_Textual)
    definitions = made.pop("$defs", {})
    return {"$schema": DRAFT, **made, "title": title, **({"definitions": definitions} if definitions else {})}


def _facts(model: type[BaseModel]) -> Schema:
    made = _model(model, model.__name__.strip("_"))
    for record in made.get("definitions", {}).values():
        # The id of a record is the key it stands under; the loader writes it in.
        record.get("properties", {}).pop("id", None)
        record["required"] = [name for name in record.get("required", ()) if name != "id"]
    return _explained(_mended(made))


def _letters(model: type[BaseModel]) -> Schema:
    made = _model(model, "Letters")
    made["description"] = "Recipes, parts and arguments of the letters; the groups may be spread over several files."
    made.pop("required", None)
    made["definitions"]["Step"] = {"type": "string", "pattern": r"^[a-z0-9_ ]+ to (lean|brief|nothing)$"}
    return _explained(_mended(made))


def _explained(made: Schema) -> Schema:
    """Let every key of every record say what it means."""
    for name, record in {str(made["title"]): made, **made.get("definitions", {})}.items():
        found = record.get("properties", {})
        found.update({key: described(name, key, one) for key, one in found.items()})
    return made


def _mended(value: Any) -> Any:
    """Make draft-07 of what the models say, and take text where our readers take text."""
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {key: _mended(one) for key, one in value.items() if key not in {"default", "format", "properties"}}
    if "properties" in value:  # below it the keys are names of ours, whatever they are called
        made["properties"] = {name: _mended(one) for name, one in value["properties"].items()}
    elif isinstance(made.get("title"), str):
        made.pop("title")  # pydantic repeats the name of the key
    if "$ref" in made:
        return {**made, "$ref": made["$ref"].replace("#/$defs/", "#/definitions/")}
    plain = not made.keys() & {"pattern", "enum", "const"}
    if made.get("type") == "boolean":
        made = {**{key: one for key, one in made.items() if key != "type"}, "enum": ["yes", "no"]}
    elif made.get("type") == "string" and plain:
        made["type"] = ["string", "number", "boolean"]
    elif made.get("type") == "integer":
        made["type"] = ["integer", "string"]
    elif made.get("type") == "array":  # several may stand on one line, with commas, and one word may stand for all
        return {"anyOf": [{"type": "string"}, made]}
    return made


def dump(schema: Mapping[str, Any]) -> str:
    """Write a schema as text, always the same for the same schema."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def all_files() -> dict[Path, str]:
    """Give everything that is written, by its path below the project."""
    schemas = {FOLDER / path: dump(schema) for path, schema in all_schemas().items()}
    return {**schemas, SETTINGS: dump(editor_settings())}


def main(arguments: list[str]) -> int:
    """Write all files below the folder one stands in (`--write`), or name those that are not current."""
    stale = [file for file, text in all_files().items() if not file.is_file() or file.read_text("utf-8") != text]
    for file in stale:
        if "--write" in arguments:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(all_files()[file], "utf-8")
        else:
            sys.stdout.write(f"{file.as_posix()} is not current; run python -m bot.checks.schemas --write.\n")
    return int(bool(stale) and "--write" not in arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
