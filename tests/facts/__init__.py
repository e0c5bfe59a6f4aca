"""What the APIs of Xquik and Discord take and answer, as tables of our own.

Written by `scripts/renew_facts.py` from the vendor's SDK and from the published specifications, whose names
and versions stand in each table as `source`. Facts alone: operations, parameters, types, required fields,
bounds, allowed values, error codes. Schemas are in the words of JSON Schema; `#/shapes/…` names another one.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

HERE = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """One of the tables: "xquik_api", "xquik_sdk" or "discord_api"."""
    facts: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return facts


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({"allOf": [json.loads(schema)], "shapes": table("xquik_api")["shapes"]})


def conform(schema: dict[str, Any], value: Any) -> None:
    """Fail unless `value` is what `schema`, a part of "xquik_api", describes."""
    _validator(json.dumps(schema)).validate(value)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The shape itself, where a schema of "xquik_api" only names it."""
    while "$ref" in schema:
        schema = table("xquik_api")["shapes"][schema["$ref"].rpartition("/")[2]]
    return schema
