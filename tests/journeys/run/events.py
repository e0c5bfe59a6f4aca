"""Events of X as the sandbox sends them: signed webhooks to the bot's own address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.journeys.run.harness import Vendors

HOSTILE = (
    "@everyone @here <!channel> <!here> <@U0001ANN> <@1> <@&1> <#1> [free](https://evil.example) "
    "*bold* `code` ||spoiler|| \u202e https://evil.example &lt;!channel&gt; <https://evil.example|x.com>"
)
# A tweet that exists in the sandbox, so that it can be replied to.
THERE = "1893456789012345678"


def tweet(number: int, text: str = "", **more: Any) -> dict[str, Any]:
    """The data of a tweet event."""
    made: dict[str, Any] = {
        "id": f"18934567890{number:08}",
        "text": text or f"Tweet number {number}",
        "author": {"id": "11348282", "username": "nasa", "name": "NASA"},
        "createdAt": "2026-11-22T10:00:00.000Z",
    }
    return made | more


async def emit(
    vendors: Vendors, key: str, data: dict[str, Any], kind: str = "tweet.new", username: str = "nasa"
) -> str:
    """An event now, for the monitor of that account; its id."""
    made = await vendors.control("emit", key=key, username=username, type=kind, data=data)
    return str(made["id"])


@asynccontextmanager
async def stopped_webhook(vendors: Vendors, key: str) -> AsyncIterator[None]:
    """Xquik has stopped the customer's webhook, and takes no word to go on; afterwards it does."""
    sandbox, headers = vendors.sandbox, {"x-api-key": key}
    await vendors.control("faults", method="POST", path="/webhooks/*/resume", status=400)
    try:
        async with httpx.AsyncClient(base_url=sandbox.base_url, headers=headers, trust_env=False) as client:
            [hook] = (await client.get("/webhooks")).json()["webhooks"]
            changed = await client.patch(f"/webhooks/{hook['id']}", json={"isActive": False})
            assert changed.is_success, changed.text
        yield
    finally:
        await vendors.control("faults", "DELETE")
