"""The published OpenAPI document, where it is at hand. It is third-party data and not part of the tree."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

FILE = Path(__file__).resolve().parents[2] / "../shared/specs/xquik-openapi.json"
needs_spec = pytest.mark.skipif(not FILE.exists(), reason="the OpenAPI document is not at hand")


@cache
def document() -> dict[str, Any]:
    return json.loads(FILE.read_text())


def codes() -> list[str]:
    """The error codes the document enumerates; none where it is absent."""
    if not FILE.exists():
        return []
    return document()["components"]["schemas"]["Error"]["properties"]["error"]["oneOf"][0]["enum"]


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def operation(operation_id: str) -> tuple[str, str, dict[str, Any]]:
    """Method, path below the base and the operation."""
    for path, methods in document()["paths"].items():
        for method, found in methods.items():
            if isinstance(found, dict) and found.get("operationId") == operation_id:
                return method.upper(), path.removeprefix("/api/v1"), found
    raise LookupError(operation_id)


def match(method: str, path: str) -> dict[str, Any]:
    """The operation a request belongs to; literal segments win over placeholders."""
    wanted = path.split("/")
    best: tuple[int, dict[str, Any]] | None = None
    for template, methods in document()["paths"].items():
        parts = template.removeprefix("/api/v1").split("/")
        fits = len(parts) == len(wanted) and all(
            part == given or part.startswith("{") for part, given in zip(parts, wanted, strict=True)
        )
        if fits and method.lower() in methods:
            literal = sum(not part.startswith("{") for part in parts)
            if best is None or literal > best[0]:
                best = (literal, methods[method.lower()])
    assert best, f"{method} {path} is not in the document"
    return best[1]


def check_body(method: str, path: str, body: Any) -> None:
    """The body validates, and names no field the operation does not know."""
    content = match(method, path)["requestBody"]["content"]["application/json"]["schema"]
    schema = {**content, "components": document()["components"]}
    jsonschema.Draft202012Validator(schema).validate(body)
    known = resolve(content).get("properties")
    assert known is None or set(body) <= set(known), set(body) - set(known or ())


def check_query(method: str, path: str, query: dict[str, str]) -> None:
    """Every query parameter is known and its value allowed."""
    known = {
        one["name"]: one
        for one in map(resolve, match(method, path).get("parameters", []))
        if one["in"] == "query"
    }
    for name, value in query.items():
        schema = resolve(known[name]["schema"])
        typed = int(value) if schema.get("type") == "integer" else value
        jsonschema.Draft202012Validator(schema).validate(typed)


def example(operation_id: str, status: str) -> Any:
    """A published example of an answer, or None."""
    _, _, found = operation(operation_id)
    media = resolve(found["responses"][status])["content"]["application/json"]
    if "example" in media:
        return media["example"]
    examples = media.get("examples") or {}
    return next((one["value"] for one in examples.values()), None)
