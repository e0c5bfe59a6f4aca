"""What the vendor's SDK, which is installed for tests, sends and understands: its own source and types.

The SDK is newer than the published document. Its answers' types ignore what they do not know; read
strictly, with no text for a number, they judge what the sandbox answers. (As JSON Schema they judge alike,
but for a 1 in the place of true, and take two seconds an operation to be written.)
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import typing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typing_extensions
import x_twitter_scraper
from pydantic import TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError

SENDING = frozenset(["_get", "_get_api_list", "_post", "_put", "_patch", "_delete"])


@dataclass(frozen=True)
class SdkCall:
    """A request of the SDK: the module, class and method that send it, and that method's code."""

    module: str
    owner: str
    method: ast.FunctionDef

    @property
    def answer(self) -> Any:
        """The type of what it answers."""
        function = getattr(getattr(importlib.import_module(self.module), self.owner), self.method.name)
        return typing.get_type_hints(function)["return"]

    @property
    def fields(self) -> frozenset[str]:
        """The names, on the wire, of what may be sent in query or body, or as a header."""
        module = importlib.import_module(self.module)
        return frozenset(
            name
            for node in ast.walk(self.method)
            if isinstance(node, ast.Attribute)
            and node.attr.endswith("Params")
            and isinstance(node.value, ast.Name)
            for name in _wire_names(getattr(getattr(module, node.value.id), node.attr))
        )


@cache
def sdk_calls() -> dict[str, SdkCall]:
    """The requests of the synchronous client: "GET /x/users/{}" → what sends it."""
    return {unnamed(name): call for name, call in named_calls().items()}


@cache
def named_calls() -> dict[str, SdkCall]:
    """The same, with the names of the places in a path: "GET /x/users/{id}"."""
    root = Path(inspect.getfile(x_twitter_scraper)).parent
    found: dict[str, SdkCall] = {}
    for source in sorted((root / "resources").rglob("*.py")):
        module = ".".join(source.relative_to(root.parent).with_suffix("").parts)
        for owner in ast.parse(source.read_text(encoding="utf-8")).body:
            if isinstance(owner, ast.ClassDef) and not owner.name.startswith("Async"):
                for method in owner.body:
                    if isinstance(method, ast.FunctionDef):
                        sent = _requests_in(method)
                        found |= {name: SdkCall(module, owner.name, method) for name in sent}
    return found


def unnamed(operation: str) -> str:
    """A method and path without the names of its places, which differ between sources."""
    return re.sub(r"\{\w+\}", "{}", operation)


def understood(operation: str, body: Any) -> None:
    """Fail unless `body` is an answer of that operation ("GET /x/users/{id}") as the SDK's types state it."""
    _answer(unnamed(operation)).validate_json(json.dumps(body), strict=True)


@cache
def _answer(operation: str) -> TypeAdapter[Any]:
    return TypeAdapter(sdk_calls()[operation].answer)


def has_json(operation: str) -> bool:
    """Whether the SDK says what the JSON of an answer holds: streams and files have none."""
    try:
        _answer(unnamed(operation))
    except PydanticSchemaGenerationError:
        return False
    return True


def _requests_in(method: ast.FunctionDef) -> set[str]:
    return {
        f"{call.func.attr.removeprefix('_').upper()} {path}"
        for call in ast.walk(method)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in SENDING
        if (path := _path(call)) is not None
    }


def _path(call: ast.Call) -> str | None:
    """The path of a request in the SDK's source: a text, or a template's first argument."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Call) and first.args:
        first = first.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _wire_names(params: Any) -> set[str]:
    """The fields of one of the SDK's parameter types, by their names on the wire."""
    if typing.get_origin(params) is not None:  # one of several shapes
        return {name for part in typing.get_args(params) for name in _wire_names(part)}
    found = set()
    for name, hint in typing.get_type_hints(params, include_extras=True).items():
        needed = typing.get_origin(hint) in (typing_extensions.Required, typing_extensions.NotRequired)
        marks = getattr(typing.get_args(hint)[0] if needed else hint, "__metadata__", ())
        found.add(next((mark.alias for mark in marks if getattr(mark, "alias", None)), name))
    return found
