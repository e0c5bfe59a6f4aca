"""Values that a schema allows: with only what it requires, and with everything it knows."""

from __future__ import annotations

import re
from typing import Any

from tests.facts import conform, resolved

_TEXTS = {
    "date-time": "2026-02-27T12:00:00.000Z",
    "date": "2026-02-27",
    "uri": "https://example.com/a",
    "email": "a@example.com",
}
# Patterns are met by the first of these that fits.
_HEXADECIMAL = ("0" * 32, "0" * 64, "xq_" + "0" * 64)
_GUESSES = ("1", "12345", "nasa", "a" * 8, *_HEXADECIMAL, "https://example.com/a", "en")


def instance(schema: dict[str, Any], *, whole: bool) -> Any:
    """A value that conforms. whole: with every field, else with the required ones."""
    made = _make(schema, whole, 0)
    conform(schema, made)
    return made


def _make(schema: Any, whole: bool, depth: int) -> Any:
    if schema is True or depth > 12:
        return {}
    schema = resolved(schema)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for union in ("oneOf", "anyOf"):
        if union in schema and "properties" not in schema:
            return _make(_first(schema[union]), whole, depth + 1)
    if "allOf" in schema:
        return _all(schema, whole, depth)
    return _of_type(schema, whole, depth)


def _first(branches: list[Any]) -> Any:
    return next((one for one in branches if one.get("type") != "null"), branches[0])


def _all(schema: dict[str, Any], whole: bool, depth: int) -> Any:
    parts = [_make(one, whole, depth + 1) for one in schema["allOf"] if "if" not in one and "not" not in one]
    own = _of_type(schema, whole, depth) if "properties" in schema else None
    objects = [part for part in (*parts, own) if isinstance(part, dict)]
    return {name: value for part in objects for name, value in part.items()} if objects else parts[0]


def _of_type(schema: dict[str, Any], whole: bool, depth: int) -> Any:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    match kind:
        case "object":
            return _object(schema, whole, depth)
        case "array":
            most = schema.get("maxItems", 1)
            count = max(schema.get("minItems", 0), min(1, most) if whole else 0)
            return [_make(schema.get("items", True), whole, depth + 1) for _ in range(count)]
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return _text(schema)


def _object(schema: dict[str, Any], whole: bool, depth: int) -> dict[str, Any]:
    known = schema.get("properties", {})
    wanted = known if whole and depth < 6 else schema.get("required", [])
    return {
        name: _make(known.get(name, True), whole, depth + 1)
        for name in wanted
        if known.get(name) is not False
    }


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") in _TEXTS:
        return _TEXTS[schema["format"]]
    low, high = schema.get("minLength", 0), schema.get("maxLength", 10_000)
    pattern = re.compile(schema.get("pattern", ""))
    fitting = (one for one in _GUESSES if low <= len(one) <= high and pattern.search(one))
    return next(fitting, "a" * max(1, low))
