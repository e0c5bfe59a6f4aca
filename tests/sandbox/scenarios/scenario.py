"""What a scenario is: requests to one operation, and their answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx

from bot.sandbox.world import posts

GIVEAWAY = posts.GIVEAWAY_ID
URL = f"https://x.com/xquik/status/{GIVEAWAY}"
ACCOUNT = {"account": "xquik_demo"}

Scenario: TypeAlias = Callable[[httpx.AsyncClient, str], Awaitable[list[httpx.Response]]]
"""Takes a client with a key of its own, and the address of a webhook that answers."""


class Scenarios(dict[str, Scenario]):
    """Those of one resource, each under the id of its operation."""

    def add(self, function: Scenario) -> Scenario:
        """Take a function under its name, which is the id of its operation."""
        self[function.__name__] = function
        return function


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def gets(*paths: str) -> Scenario:
    async def run(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
        return [await c.get(path) for path in paths]

    return run


def each(*requests: tuple[str, str, dict[str, Any] | None]) -> Scenario:
    """Requests with a fixed body, each with an Idempotency-Key of its own."""

    async def run(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
        return [
            await c.request(method, path, json=body, headers=keyed(f"k{number}"))
            for number, (method, path, body) in enumerate(requests)
        ]

    return run
