"""Event types as an option: their full names, or the last word of them."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from bot.core.chat.cards import Choice
from bot.core.commands.declaring import Option
from bot.core.messages.message import msg
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

# What people ask for that is no type, and what there is instead.
_LEADS = {
    "all any every everything * hepsi tümü 全部 すべて सभी": msg(
        "for every kind of tweet leave events out; other types come only by name"
    ),
    "like likes liked fav favorite favorites beğeni いいね लाइक view views": msg(
        "likes and views are not reported; `tweet show` counts those of one tweet"
    ),
    "tweet tweets post posts gönderi ツイート पोस्ट": msg("did you mean 'tweet.new'?"),
    "repost reposts retweets rt": msg("did you mean 'tweet.retweet'?"),
    "replies answers yanıt 返信 जवाब": msg("did you mean 'tweet.reply'?"),
    "quotes alıntı 引用": msg("did you mean 'tweet.quote'?"),
    "photo photos image images video videos pictures": msg("did you mean 'tweet.media'?"),
}
EVENT_LEADS = {word: lead for words, lead in _LEADS.items() for word in words.split()}
ReportedOption: TypeAlias = Annotated[
    EventTypes,
    Option("What to report; every kind of tweet if left out", suggest="events", leads=EVENT_LEADS),
]
"""What a monitor reports."""


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
