"""The published OpenAPI description, used as a second judge of every request.

`Specification.find()` returns None where the file is not at hand; the rules of `rules_*.py` hold
regardless. Two deviations from the letter of the file, both because Discord itself accepts more
than its description says: snowflakes may be JSON integers, and a union of objects told apart by an
integer `type` is judged by the matching member alone (quicker, and the message then names the field
at fault instead of "not valid under any of the given schemas").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.doubles.discord.errors import Problem

DEFAULT_PATH = Path(__file__).resolve().parents[3] / "../shared/specs/discord-openapi.json"
_ROOT = "urn:discord"


class Specification:
    """Paths, methods and request bodies of the API. Validators are compiled once an operation and
    kept.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        snowflake = document["components"]["schemas"]["SnowflakeType"]
        snowflake["type"] = ["string", "integer"]
        self._document = document
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(_ROOT, resource)
        self._routes = sorted(
            ((_pattern(path), path) for path in document["paths"]),
            key=lambda route: route[1].count("{"),  # "/users/@me" before "/users/{user_id}"
        )
        self._validators: dict[str, Any] = {}
        self._checker = validators.extend(
            Draft202012Validator, {"oneOf": self._union("oneOf"), "anyOf": self._union("anyOf")}
        )

    @classmethod
    def find(cls, path: Path = DEFAULT_PATH) -> Specification | None:
        """The specification at `path`, parsed once a process; None if there is no such file."""
        return _load(path) if path.exists() else None

    def template(self, path: str) -> str | None:
        """The path template ("/channels/{channel_id}") that a concrete path belongs to, or None."""
        return next((template for pattern, template in self._routes if pattern.fullmatch(path)), None)

    def methods(self, template: str) -> set[str]:
        return {m.upper() for m in self._document["paths"][template] if m != "parameters"}

    def check_body(self, method: str, template: str, body: Any) -> list[Problem]:
        """Problems of a JSON request body (for multipart: of its `payload_json`)."""
        operation = self._document["paths"][template][method.lower()]
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return []
        pointer = _pointer(
            "paths", template, method.lower(), "requestBody", "content", "application/json", "schema"
        )
        return self._problems(pointer, body)

    def check_answer(self, method: str, template: str, status: int, body: Any) -> list[Problem]:
        """Problems of this server's own answer, so that it cannot drift from what Discord would say."""
        answers = self._document["paths"][template][method.lower()]["responses"]
        if "application/json" not in answers.get(str(status), {}).get("content", {}):
            return []
        where = ("responses", str(status), "content", "application/json", "schema")
        return self._problems(_pointer("paths", template, method.lower(), *where), body)

    def check_schema(self, name: str, value: Any) -> list[Problem]:
        """Problems of a value against one named component schema."""
        return self._problems(_pointer("components", "schemas", name), value)

    def _problems(self, pointer: str, value: Any) -> list[Problem]:
        validator = self._validators.get(pointer)
        if validator is None:
            schema = {"$ref": f"{_ROOT}#{pointer}"}
            validator = self._validators[pointer] = self._checker(schema, registry=self._registry)
        return [
            Problem(".".join(str(part) for part in error.absolute_path), _detail(error))
            for error in validator.iter_errors(value)
        ]

    def _union(self, keyword: str) -> Any:
        plain = Draft202012Validator.VALIDATORS[keyword]

        def check(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
            kind = instance.get("type") if isinstance(instance, dict) else None
            if isinstance(kind, int):
                matching = [b for b in branches if kind in self._kinds(b)]
                if len(matching) == 1:
                    yield from validator.descend(instance, matching[0])
                    return
            yield from plain(validator, branches, instance, schema)

        return check

    def _kinds(self, branch: dict[str, Any]) -> list[int]:
        name = branch.get("$ref", "").rpartition("/")[2]
        schema = self._document["components"]["schemas"].get(name, {})
        kinds: list[int] = schema.get("properties", {}).get("type", {}).get("enum", [])
        return kinds


@cache
def _load(path: Path) -> Specification:
    return Specification(json.loads(path.read_text(encoding="utf-8")))


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", path)
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts))


def _pointer(*parts: str) -> str:
    return "".join(
        "/" + p.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D") for p in parts
    )


def _detail(error: ValidationError) -> str:
    """The validator's message, or only the rule where the message would repeat a large value."""
    rule = f"breaks {error.validator}: {error.validator_value}"
    return f"{error.message if len(error.message) < 200 else rule[:200]} (OpenAPI)"
