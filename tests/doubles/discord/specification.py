"""What Discord's published description says (`tests/facts`), as a second judge of every request.

The rules of `rules_*.py` hold regardless. Two deviations from the letter of it, both because Discord
itself accepts more than its description says: snowflakes may be JSON integers, and a union of objects
told apart by an integer `type` is judged by the matching member alone (quicker, and the message then
names the field at fault instead of "not valid under any of the given schemas").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.doubles.discord.errors import Problem
from tests.facts import table

_ROOT = "urn:discord"
_JSON = "application/json"


class Specification:
    """Paths, methods and request bodies of the API. Validators are compiled once an operation and
    kept.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        shapes = document["shapes"]
        shapes["SnowflakeType"] = {**shapes["SnowflakeType"], "type": ["string", "integer"]}
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
    def published(cls) -> Specification:
        """The published one, made once a process."""
        return _published()

    def template(self, path: str) -> str | None:
        """The path template ("/channels/{channel_id}") that a concrete path belongs to, or None."""
        return next((template for pattern, template in self._routes if pattern.fullmatch(path)), None)

    def methods(self, template: str) -> set[str]:
        return set(self._document["paths"][template])

    def check_body(self, method: str, template: str, body: Any) -> list[Problem]:
        """Problems of a JSON request body (for multipart: of its `payload_json`)."""
        if "body" not in self._document["paths"][template][method]:
            return []
        return self._problems(_pointer("paths", template, method, "body"), body)

    def check_answer(self, method: str, template: str, status: int, body: Any) -> list[Problem]:
        """Problems of this server's own answer, so that it cannot drift from what Discord would say.

        Of refusals the document knows one shape alone, and Discord more.
        """
        if status >= 400:
            return []
        answer = self._document["paths"][template][method].get("answers", {}).get(str(status), {})
        if _JSON not in answer.get("types", {}):
            return []
        return self._problems(
            _pointer("paths", template, method, "answers", str(status), "types", _JSON), body
        )

    def check_schema(self, name: str, value: Any) -> list[Problem]:
        """Problems of a value against one named component schema."""
        return self._problems(_pointer("shapes", name), value)

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
        schema = self._document["shapes"].get(name, {})
        kinds: list[int] = schema.get("properties", {}).get("type", {}).get("enum", [])
        return kinds


@cache
def _published() -> Specification:
    return Specification({**(facts := table("discord_api")), "shapes": dict(facts["shapes"])})


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
