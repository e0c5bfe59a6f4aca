"""Event types as an option: their full names, or the last word of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from bot.core.chat.cards import Choice
from bot.core.commands.declaring import Option
from bot.core.messages.message import msg
from bot.core.messages.speaking import say
from bot.core.routes.event_words import kind_words
from bot.core.routes.events import (
    ALL_TYPES,
    MONITOR_TYPES,
    POST_TYPES,
    AnyEventType,
    EventType,
    PostEventType,
)
from bot.core.text.sameness import folded
from bot.features.services import CommandCall

EventTypes: TypeAlias = tuple[EventType, ...]
AnyEventTypes: TypeAlias = tuple[AnyEventType, ...]
PostEventTypes: TypeAlias = tuple[PostEventType, ...]
DEFAULT_POST_EVENTS = (
    "post.reply.new",
    "post.quote.new",
    "post.likes.changed",
    "post.retweets.changed",
    "post.edited",
    "post.deleted",
)

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
        "likes and views are reported of single tweets: `monitor post`"
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
NewEventTypesOption: TypeAlias = Annotated[
    AnyEventTypes,
    Option("Only these event types, instead of the present ones", suggest="any_events", leads=EVENT_LEADS),
]
"""What is reported from now on."""
PostReportedOption: TypeAlias = Annotated[
    PostEventTypes,
    Option(
        "What to report; all but replies, quotes, bookmarks and views as figures if left out",
        suggest="post_events",
    ),
]
"""What a monitor of a single tweet reports."""


async def suggest_events(_call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Event types of accounts and searches for a list."""
    return _types(MONITOR_TYPES, typed)


async def suggest_post_events(_call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Event types of single tweets for a list."""
    return _types(POST_TYPES, typed)


async def suggest_any_events(_call: CommandCall, typed: str) -> tuple[Choice, ...]:
    """Event types of all monitors for a list."""
    return _types(ALL_TYPES, typed)


def _types(known: Sequence[str], typed: str) -> tuple[Choice, ...]:
    """What was typed before the last comma is kept."""
    kept, _, last = typed.rpartition(",")
    already = {part.strip() for part in kept.split(",") if part.strip()}
    prefix = ", ".join(sorted(already)) + ", " if already else ""
    return tuple(
        Choice(msg("{words} ({type})", words=kind_words(name), type=prefix + name), prefix + name)
        for name in known
        if name not in already and _fits(name, last.strip()) and len(prefix + name) <= 100
    )


def _fits(name: str, typed: str) -> bool:
    """By the name of a type, or by what people call it, in the language of who types."""
    return typed.casefold() in name or folded(typed) in folded(say(kind_words(name)))
