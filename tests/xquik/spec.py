"""Requests judged by what the API takes: `tests/facts`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.facts import conform, resolved, table
from tests.facts.instances import instance
from tests.facts.sdk_calls import sdk_calls

_READ: dict[Any, Callable[[str], Any]] = {"integer": int, "boolean": {"true": True, "false": False}.get}


def codes() -> list[str]:
    """The error codes that the specification enumerates."""
    return list(table("xquik_api")["error_codes"])


def match(method: str, path: str) -> dict[str, Any]:
    """The operation a request belongs to; literal segments win over placeholders."""
    wanted = path.split("/")
    best: tuple[int, dict[str, Any]] | None = None
    for found in table("xquik_api")["operations"].values():
        parts = found["path"].split("/")
        fits = len(parts) == len(wanted) and all(
            part == given or part.startswith("{") for part, given in zip(parts, wanted, strict=True)
        )
        if fits and method == found["method"]:
            literal = sum(not part.startswith("{") for part in parts)
            if best is None or literal > best[0]:
                best = (literal, found)
    assert best, f"{method} {path} is no operation"
    assert "answers" in best[1], f"{method} {path} is in tests/facts by name alone; renew the table"
    return best[1]


def check_by_sdk(method: str, path: str, sent: set[str]) -> bool:
    """Fail for a field, of query or body, that the vendor's SDK does not send; False for an operation that it
    does not know."""
    parts = path.split("/")
    fitting = [
        (sum(part != "{}" for part in wanted), call)
        for name, call in sdk_calls().items()
        for of_method, _, template in [name.partition(" ")]
        if of_method == method
        and len(wanted := template.split("/")) == len(parts)
        and all(part in ("{}", given) for part, given in zip(wanted, parts, strict=True))
    ]
    if fitting:
        call = max(fitting, key=lambda one: one[0])[1]
        assert sent <= call.fields, f"{method} {path}: {sent - call.fields}"
    return bool(fitting)


def in_document(method: str, path: str) -> bool:
    """Whether the published document has the operation of a request."""
    try:
        match(method, path)
    except AssertionError:
        return False
    return True


def check_body(method: str, path: str, body: Any) -> None:
    """The body is allowed, and names no field the operation does not know."""
    schema = match(method, path)["body"]
    conform(schema, body)
    known = resolved(schema).get("properties")
    assert known is None or set(body) <= set(known), set(body) - set(known or ())


def check_query(method: str, path: str, query: dict[str, str]) -> None:
    """Every query parameter is known, here or to the vendor's SDK, and its value allowed."""
    known = match(method, path)["query"]
    newer = set(query) - set(known)
    assert not newer or check_by_sdk(method, path, newer), newer
    for name, value in query.items():
        if name in newer:
            continue
        schema = resolved(known[name])
        conform(schema, _READ.get(schema.get("type"), str)(value))


def answers(operation_id: str, status: str) -> list[Any]:
    """Two answers that the operation may give: with only what is required, and with everything."""
    schema = table("xquik_api")["operations"][operation_id]["answers"][status]["types"]["application/json"]
    return [instance(schema, whole=whole) for whole in (False, True)]
