"""Looks for a message of ours among the recent ones of a channel."""

from __future__ import annotations

from typing import Final

from adapters.discord.marks import carries
from adapters.discord.rest import Rest
from bot.core.chat.delivery_results import Absent, Found, Lookup, Unreadable

MESSAGES: Final = "/channels/{channel_id}/messages"
_PAGE: Final = 100
_PAGES: Final = 5
_EPOCH: Final = 1_420_070_400.0  # Discord's first second: 2015


def first_id(after: float) -> int:
    """The least id of what was made since then. after: epoch seconds."""
    return max(0, int((after - _EPOCH) * 1000)) << 22


async def find_message(rest: Rest, channel: int, key: str, after: float) -> Lookup:
    """Our message with that key, among those since `after`. Raises what `Rest` raises.

    A message of ours without any components cannot carry its key: where one stands and none with the
    key, nothing is known.
    """
    since, unmarked = first_id(after), False
    for _ in range(_PAGES):
        query = {"after": str(since), "limit": _PAGE}
        page = await rest.surely("GET", MESSAGES, query=query, channel_id=channel)
        for message in page:
            if str(message["author"]["id"]) != str(rest.user_id):
                continue
            components = message.get("components") or []
            if carries(components, key):
                return Found(str(message["id"]))
            unmarked = unmarked or not components
        if len(page) < _PAGE:
            return Unreadable() if unmarked else Absent()
        since = max(int(message["id"]) for message in page)
    return Unreadable()
