"""Events of X as the sandbox sends them: signed webhooks to the bot's own address."""

from __future__ import annotations

from typing import Any

from tests.journeys.run.house import Vendors

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
