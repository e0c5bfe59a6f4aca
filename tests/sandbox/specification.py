"""Judging the sandbox's answers by what the API may answer: `tests/facts`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import httpx

from tests.facts import conform, table
from tests.facts.sdk_calls import has_json, sdk_calls, understood, unnamed

__all__ = ["check", "check_by_sdk", "conform", "operations"]


@cache
def operations() -> dict[str, tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Operation id → method, path pattern, and the operation itself."""
    return {
        name: (
            found["method"],
            re.compile(re.sub(r"\{\w+\}", "[^/]+", f"/api/v1{found['path']}") + "$"),
            found,
        )
        for name, found in table("xquik_api")["operations"].items()
    }


def check(operation_id: str, response: httpx.Response) -> None:
    """Fail unless the response is one that the operation may give: request, status, headers, body."""
    method, pattern, operation = operations()[operation_id]
    assert response.request.method == method
    assert pattern.match(response.request.url.path), response.request.url.path
    answers = operation["answers"]
    status = str(response.status_code)
    stated = answers[status if status in answers else "default"]
    for name, header in stated.get("headers", {}).items():
        if header["required"] or name in {"Retry-After", "WWW-Authenticate", "Cache-Control"}:
            if name == "WWW-Authenticate" and response.status_code == 402:
                continue  # that challenge is for anonymous requests
            assert name in response.headers, f"{operation_id}: {name} is missing"
            value: Any = response.headers[name]
            rules = {rule: stated for rule, stated in header.items() if rule != "required"}
            conform(rules, int(value) if rules.get("type") == "integer" else value)
    types = stated.get("types")
    if types is None:
        assert response.content == b""
        return
    media_type = response.headers["content-type"].split(";")[0]
    assert media_type in types
    if types[media_type] is not None:
        conform(types[media_type], response.json())


def check_by_sdk(operation: str, response: httpx.Response) -> None:
    """Fail unless a success is what the vendor's SDK understands. operation: "GET /x/users/{id}"."""
    known = unnamed(operation) in sdk_calls()
    if known and has_json(operation) and response.status_code < 300 and response.content:
        understood(operation, response.json())
