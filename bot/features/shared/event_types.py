"""Event types as an option: their full names, or the last word of them."""

from __future__ import annotations

from typing import TypeAlias

from bot.core.chat.cards import Choice
from bot.core.routes.events import MONITOR_TYPES, EventType
from bot.features.services import CommandCall

EventTypes: TypeAlias = tuple[EventType, ...]

DEFAULT_EVENTS = (
    "tweet.new",
    "tweet.reply",
    "tweet.retweet",
    "tweet.quote",
    "tweet.media",
    "tweet.link",
    "tweet.poll",
    "tweet.longform",
)


async def suggest_events(_call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Event types for a list: what was typed before the last comma is kept."""
    kept, _, last = typed.rpartition(",")
    already = {part.strip() for part in kept.split(",") if part.strip()}
    prefix = ", ".join(sorted(already)) + ", " if already else ""
    return tuple(
        Choice(prefix + name, prefix + name)
        for name in MONITOR_TYPES
        if name not in already and last.strip().casefold() in name and len(prefix + name) <= 100
    )
