"""The tables of facts are those of the installed SDK, hold no prose, and judge what they are asked."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pydantic
import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.facts import HERE, conform, table
from tests.facts.instances import instance
from tests.facts.sdk_calls import understood

SCRIPT = Path(__file__).parents[2] / "scripts" / "renew_facts.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("renew_facts", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_the_sdk_says_is_what_the_installed_one_says(script: ModuleType) -> None:
    """When this fails after an update of the SDK: read what is new, then run scripts/renew_facts.py."""
    assert script.sdk() == table("xquik_sdk")


def test_prose_and_examples_are_left_out(script: ModuleType) -> None:
    document = {
        "components": {"schemas": {"Name": {"type": "string", "description": "words", "maxLength": 3}}},
    }
    reducer = script.Reducer(document)
    node = {
        "title": "words",
        "example": {"a": 1},
        "properties": {"description": {"$ref": "#/components/schemas/Name", "description": "words"}},
        "required": ["description"],
    }
    assert reducer.schema(node) == {
        "required": ["description"],
        "properties": {"description": {"$ref": "#/shapes/Name"}},
    }
    assert reducer.shapes() == {"Name": {"type": "string", "maxLength": 3}}


def words(node: Any, name: str = "") -> list[str]:
    """The texts of a table with a space in them, but for its source: sentences."""
    if isinstance(node, dict):
        return [found for key, one in node.items() if key != "source" for found in words(one, key)]
    if isinstance(node, list):
        return [found for one in node for found in words(one, name)]
    is_text = isinstance(node, str) and name not in ("pattern", "enum", "const", "operations")
    return [node] if is_text and " " in node else []


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("*.json")))
def test_a_table_names_its_source_and_holds_no_sentence(name: str) -> None:
    assert table(name)["source"]
    assert words(table(name)) == []


def test_every_named_shape_is_there_and_is_a_schema() -> None:
    for name in ("xquik_api", "discord_api"):
        facts = table(name)
        for shape in facts["shapes"].values():
            Draft202012Validator.check_schema(shape)
        named = {part.split('"')[0] for part in json.dumps(facts).split('"#/shapes/')[1:]}
        assert named <= set(facts["shapes"])


def test_a_value_that_does_not_fit_is_refused() -> None:
    record = instance({"$ref": "#/shapes/XWriteAction"}, whole=False)
    with pytest.raises(ValidationError):
        conform({"$ref": "#/shapes/XWriteAction"}, {**record, "action": "juggle"})


def test_an_answer_that_the_sdk_would_not_read_is_refused() -> None:
    answer = {"status": "paid", "amount_dollars": 25, "credits": "166650"}
    understood("GET /credits/topup/status", answer)
    for odd in ({"amount_dollars": "25"}, {"credits": 166_650}, {"status": "gone"}):
        with pytest.raises(pydantic.ValidationError):
            understood("GET /credits/topup/status", answer | odd)
