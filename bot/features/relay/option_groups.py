"""Options that several commands about routes have in common: where events come from, and what passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from bot.core.chat.places import ChannelRef
from bot.core.commands.declaring import Option
from bot.core.messages.message import msg
from bot.core.routes.conditions import LONGEST_SEARCH, MOST_TWEETS
from bot.core.x.references import TweetRef, Username
from bot.features.shared.event_types import EVENT_LEADS, AnyEventTypes

# A route leads to the channel it was made for, and to at most so many others.
MOST_ALSO = 9

PartName: TypeAlias = Literal["media", "link", "poll"]
# What people call the parts of a tweet.
_PARTS = {
    "media": "image images photo photos picture pictures pic pics video videos gif gifs görsel "
    "fotoğraf resim 画像 写真 動画 तस्वीर फोटो वीडियो",  # no message: what they type
    "link": "links url urls address bağlantı リンク लिंक",  # no message: what they type
    "poll": "polls vote survey anket アンケート पोल",  # no message: what they type
}
_LEADS = {
    word: msg("did you mean {choice}?", choice=repr(part))
    for part, words in _PARTS.items()
    for word in words.split()
}


@dataclass(frozen=True, kw_only=True)
class RouteSources:
    """Which events a route takes, and the further channels that get them."""

    account: Annotated[
        tuple[Username, ...], Option("Only these X accounts; all if left out", le=50, suggest="watched")
    ] = ()
    keyword: Annotated[
        tuple[str, ...],
        Option(
            "Only these keyword monitors, by their search",
            le=50,
            max_length=LONGEST_SEARCH,
            code="query",
            search=True,
            suggest="searches",
        ),
    ] = ()
    events: Annotated[
        AnyEventTypes,
        Option(
            "Only these event types; tweets and profile changes if left out",
            suggest="any_events",
            leads=EVENT_LEADS,
        ),
    ] = ()
    also: Annotated[
        tuple[ChannelRef, ...], Option("More channels that get the same: #news, #press", le=MOST_ALSO)
    ] = ()


@dataclass(frozen=True, kw_only=True)
class RouteConditions:
    """What of those events passes."""

    contains: Annotated[
        tuple[str, ...], Option("Only with one of these words or phrases: launch, lift off", le=50)
    ] = ()
    matches: Annotated[
        str | None,
        Option(
            "Only where this regular expression (RE2) matches: (?i)artemis [iv]+",
            max_length=500,
            code="pattern",
        ),
    ] = None
    quiet: Annotated[
        tuple[str, ...],
        Option("Nothing with any of these words or phrases: giveaway, sponsored", le=50),
    ] = ()
    has: Annotated[
        tuple[PartName, ...], Option("Only with all of these: media, link, poll", leads=_LEADS)
    ] = ()
    lacks: Annotated[
        tuple[PartName, ...], Option("Only with none of these: media, link, poll", leads=_LEADS)
    ] = ()
    language: Annotated[
        tuple[str, ...],
        Option(
            "Only in these languages, by code or name: en, German", le=20, words=True, suggest="languages"
        ),
    ] = ()
    min_followers: Annotated[
        int | None, Option("Only by authors with at least this many followers", ge=1, le=1_000_000_000)
    ] = None
    replies: Annotated[bool | None, Option("Whether to send replies to others; yes if left out")] = None
    tweet: Annotated[
        tuple[TweetRef, ...],
        Option("Only what happens to these tweets, by link or id", le=MOST_TWEETS, suggest="watched_tweets"),
    ] = ()
    quoted: Annotated[bool | None, Option("Whether filters also check quoted tweets; no if left out")] = None
    sensitive: Annotated[
        Literal["channel", "always", "never"] | None,
        Option("Tweets marked sensitive: as the channel allows, always, or never"),
    ] = None
