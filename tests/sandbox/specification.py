"""Judging the sandbox's answers by the published OpenAPI document, where it is at hand."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

SPECS = Path(__file__).resolve().parents[2] / "../shared/specs"
OPENAPI = SPECS / "xquik-openapi.json"
WEBHOOK_EVENT = SPECS / "xquik-webhook-event.schema.json"

needs_openapi = pytest.mark.skipif(not OPENAPI.exists(), reason="the OpenAPI document is not at hand")
needs_webhook_schema = pytest.mark.skipif(
    not WEBHOOK_EVENT.exists(), reason="the webhook schema is not at hand"
)


@cache
def document() -> dict[str, Any]:
    return json.loads(OPENAPI.read_text())


@cache
def operations() -> dict[str, tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Operation id → method, path pattern, and the operation itself."""
    found = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "operationId" in operation:
                pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$")
                found[operation["operationId"]] = (method.upper(), pattern, operation)
    return found


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def check(operation_id: str, response: httpx.Response) -> None:
    """Fail unless the response is one that the operation may give: request, status, headers, body."""
    method, pattern, operation = operations()[operation_id]
    assert response.request.method == method
    assert pattern.match(response.request.url.path), response.request.url.path
    responses = operation["responses"]
    stated = _resolved(responses.get(str(response.status_code), responses["default"]))
    for name, reference in stated.get("headers", {}).items():
        header = _resolved(reference)
        if header.get("required") or name in {"Retry-After", "WWW-Authenticate", "Cache-Control"}:
            if name == "WWW-Authenticate" and response.status_code == 402:
                continue  # that challenge is for anonymous requests
            assert name in response.headers, f"{operation_id}: {name} is missing"
            value: Any = response.headers[name]
            if header["schema"].get("type") == "integer":
                value = int(value)
            Draft202012Validator(header["schema"]).validate(value)
    content = stated.get("content")
    if content is None:
        assert response.content == b""
        return
    media_type = response.headers["content-type"].split(";")[0]
    assert media_type in content
    if media_type == "application/json":
        conform(content[media_type]["schema"], response.json())


def conform(schema: dict[str, Any], body: Any) -> None:
    """Fail unless ``body`` is what ``schema``, a part of the document, describes."""
    _validator(json.dumps(schema)).validate(body)


@cache
def _validator(schema: str) -> Draft202012Validator:
    whole = {"allOf": [json.loads(schema)], "components": document()["components"]}
    return Draft202012Validator(whole)
