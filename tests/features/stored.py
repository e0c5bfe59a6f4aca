"""Events of X that came before a test begins."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.core.chat.ids import TenantId
from bot.core.routes.events import IncomingEvent
from tests.features.harness import HERE, BotHarness

FOLLOWERS = 5_000


def tweet(text: str, *, author: str = "nasa", lang: str = "en", **more: Any) -> dict[str, Any]:
    """The data of a tweet."""
    return {
        "text": text,
        "lang": lang,
        "author": {"id": "1", "username": author, "name": author.upper(), "followers": FOLLOWERS},
        **more,
    }


async def came(
    house: BotHarness, *tweets: dict[str, Any], kind: str = "tweet.new", tenant: TenantId = HERE
) -> None:
    """Tweets that were stored here, the last one the newest."""
    for data in tweets:
        number = await house.app.relay.events.newest() + 1
        body = {"id": f"18934567890123{number:05d}", **data}
        event = IncomingEvent(kind, data["author"]["username"], None, house.clock() - 60, body, f"e:{number}")
        digest = hashlib.sha256(str(number).encode()).digest()
        await house.app.relay.intake.take_event(tenant, event, json.dumps(body), digest, "stream")
