"""Renews the tables of facts in `tests/facts`: what the two APIs take and answer, for the tests to judge by.

    .venv/bin/python scripts/renew_facts.py                                   # what the vendor's SDK knows
    .venv/bin/python scripts/renew_facts.py --xquik FILE --event FILE --discord FILE   # and specifications

The tables hold facts alone: operations, parameters, types, required fields, bounds, allowed values, error
codes. No sentence of anybody's is taken over, and no example. Of an API only what is used here is kept: the
operations that the sandbox performs, and those that the Discord double serves.

FILE: an OpenAPI 3.1 document in JSON (of Discord: github.com/discord/discord-api-spec, specs/openapi.json);
for --event the JSON Schema of Xquik's webhook deliveries. Without one, a table stays as it is.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import typing
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FACTS = ROOT / "tests" / "facts"
sys.path.insert(0, str(ROOT))  # `tests` is ours, whatever else is installed under that name
JSON = "application/json"
# What a schema says of a value; everything else in one (titles, descriptions, examples) is prose.
RULES = frozenset(
    (
        *("type", "required", "enum", "const", "pattern", "format", "uniqueItems"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
    )
)
INNER = frozenset(["items", "additionalProperties", "not", "if", "then", "else", "propertyNames"])
CHOICES = frozenset(["oneOf", "anyOf", "allOf", "prefixItems"])


class Reducer:
    """Turns parts of one OpenAPI document into facts, and remembers which named shapes they speak of."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._wanted: list[str] = []

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """The node itself, where it only refers to another one."""
        while "$ref" in node:
            target: Any = self._document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def schema(self, node: Any) -> Any:
        """What a schema says, without its prose."""
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            if name not in self._wanted:
                self._wanted.append(name)
            return {"$ref": f"#/shapes/{name}"}
        made: dict[str, Any] = {name: node[name] for name in node if name in RULES}
        made |= {name: self.schema(node[name]) for name in node if name in INNER}
        made |= {name: [self.schema(one) for one in node[name]] for name in node if name in CHOICES}
        if "properties" in node:
            made["properties"] = {name: self.schema(one) for name, one in node["properties"].items()}
        return made

    def shapes(self) -> dict[str, Any]:
        """The named shapes that the facts so far speak of, and those that these speak of."""
        done: dict[str, Any] = {}
        while pending := [name for name in self._wanted if name not in done]:
            for name in pending:
                done[name] = self.schema(self._document["components"]["schemas"][name])
        return dict(sorted(done.items()))

    def operation(self, found: dict[str, Any]) -> dict[str, Any]:
        """Parameters, body and answers of one operation."""
        parameters = [self.resolved(one) for one in found.get("parameters", [])]
        made: dict[str, Any] = {
            "query": {p["name"]: self.schema(p["schema"]) for p in parameters if p["in"] == "query"},
            "headers": sorted(p["name"] for p in parameters if p["in"] == "header"),
        }
        content = self.resolved(found.get("requestBody", {})).get("content", {})
        if JSON in content:
            made["body"] = self.schema(content[JSON]["schema"])
        made["answers"] = {status: self._answer(one) for status, one in found.get("responses", {}).items()}
        return made

    def _answer(self, answer: dict[str, Any]) -> dict[str, Any]:
        stated = self.resolved(answer)
        made: dict[str, Any] = {}
        headers = {name: self.resolved(one) for name, one in stated.get("headers", {}).items()}
        if headers:
            made["headers"] = {
                name: {"required": bool(one.get("required")), **self.schema(one.get("schema", {}))}
                for name, one in headers.items()
            }
        if "content" in stated:
            made["types"] = {
                media: self.schema(one["schema"]) if media == JSON and "schema" in one else None
                for media, one in stated["content"].items()
            }
        return made


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and content of every operation of a document."""
    return [
        (method.upper(), path, found)
        for path, methods in document["paths"].items()
        for method, found in methods.items()
        if isinstance(found, dict) and "operationId" in found
    ]


def xquik(document: dict[str, Any]) -> dict[str, Any]:
    """Names and paths of all operations; the whole of those that the sandbox performs or a write needs."""
    from bot.sandbox.app import OPERATIONS
    from bot.xquik.write_kinds import WRITES

    performed = {operation.id for operation in OPERATIONS}
    reducer = Reducer(document)
    made: dict[str, Any] = {}
    for method, path, found in operations(document):
        below = path.removeprefix("/api/v1")
        made[found["operationId"]] = {"method": method, "path": below}
        if found["operationId"] in performed or _is_write(method, below, WRITES.values()):
            made[found["operationId"]] |= reducer.operation(found)
    codes = document["components"]["schemas"]["Error"]["properties"]["error"]["oneOf"][0]["enum"]
    return {
        "source": f"OpenAPI document of Xquik, version {document['info']['version']}",
        "operations": dict(sorted(made.items())),
        "shapes": reducer.shapes(),
        "error_codes": sorted(codes),
    }


def _is_write(method: str, path: str, kinds: Any) -> bool:
    shape = re.sub(r"\{\w+\}", "{}", path)
    return any((kind.method, re.sub(r"\{\w+\}", "{}", kind.path)) == (method, shape) for kind in kinds)


def discord(document: dict[str, Any]) -> dict[str, Any]:
    """The operations that the Discord double serves, and all paths that there are."""
    from tests.doubles.discord.server import DiscordServer

    served = {(route.method, re.sub(r"\{\w+\}", "{}", route.template)) for route in DiscordServer().routes()}
    reducer = Reducer(document)
    paths: dict[str, dict[str, Any]] = {}
    for method, path, found in operations(document):
        kept = paths.setdefault(path, {})
        whole = (method, re.sub(r"\{\w+\}", "{}", path)) in served
        kept[method] = reducer.operation(found) if whole else {}
    return {
        "source": f"OpenAPI document of Discord, version {document['info']['version']}",
        "paths": dict(sorted(paths.items())),
        "shapes": reducer.shapes(),
    }


def event(document: dict[str, Any]) -> dict[str, Any]:
    """What a webhook delivery holds."""
    reducer = Reducer({"components": {"schemas": document.get("$defs", {})}})
    made: dict[str, Any] = reducer.schema(document)
    return made | ({"shapes": shapes} if (shapes := reducer.shapes()) else {})


def sdk() -> dict[str, Any]:
    """What the installed SDK says: error codes, event types, and each operation's method and path."""
    from x_twitter_scraper.types.shared.error import ErrorCode
    from x_twitter_scraper.types.shared.event_type import EventType

    from tests.facts.sdk_calls import named_calls

    return {
        "source": f"x-twitter-scraper {version('x-twitter-scraper')}",
        "error_codes": sorted(typing.get_args(ErrorCode)),
        "event_types": sorted(typing.get_args(EventType)),
        "operations": sorted(named_calls()),
    }


def write(name: str, facts: dict[str, Any]) -> None:
    """One table, a line a leaf of its second level, so that a change reads as one."""
    lines = ["{"]
    for index, (part, found) in enumerate(facts.items()):
        comma = "," if index < len(facts) - 1 else ""
        if isinstance(found, dict):
            inner = [f"  {json.dumps(key)}: {json.dumps(one)}" for key, one in found.items()]
            lines += [f" {json.dumps(part)}: {{", ",\n".join(inner), f" }}{comma}"]
        else:
            lines.append(f" {json.dumps(part)}: {json.dumps(found)}{comma}")
    (FACTS / name).write_text("\n".join([*lines, "}", ""]), encoding="utf-8")


def main() -> None:
    """Write the tables for which there is a source."""
    asked = argparse.ArgumentParser(description="Renews tests/facts.")
    asked.add_argument("--xquik", type=Path, help="the OpenAPI document of Xquik")
    asked.add_argument("--event", type=Path, help="the JSON Schema of a webhook delivery")
    asked.add_argument("--discord", type=Path, help="the OpenAPI document of Discord")
    given = asked.parse_args()
    write("xquik_sdk.json", sdk())
    if given.xquik:
        write("xquik_api.json", xquik(_read(given.xquik)))
    if given.event:
        write(
            "xquik_event.json",
            {"source": "JSON Schema of Xquik's webhooks", "event": event(_read(given.event))},
        )
    if given.discord:
        write("discord_api.json", discord(_read(given.discord)))


def _read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


if __name__ == "__main__":
    main()
