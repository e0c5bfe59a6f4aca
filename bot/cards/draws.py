"""Giveaway draws: what will be drawn, and which draws there were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cards.figures import count, credits_, plural, when
from bot.cards.numbers import NO_NUMBERS, numbered
from bot.cards.tweets import quote
from bot.core.chat.cards import (
    Block,
    Bold,
    Card,
    Code,
    Field,
    Fields,
    Line,
    Link,
    Priority,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.text.shortening import shorten
from bot.core.x.prices import DRAW_PER_ENTRY
from bot.core.x.references import find_posts
from bot.xquik.models import Draw, Tweet, moment

# Payload key of POST /draws → how the filter reads in a sentence.
_FILTERS: dict[str, Callable[[Any], str]] = {
    "uniqueAuthorsOnly": lambda on: "one entry per person" if on else "",
    "mustRetweet": lambda on: "must have reposted" if on else "",
    "mustFollowUsername": lambda name: f"must follow @{name}",
    "filterMinFollowers": lambda n: f"at least {n:,} followers",
    "filterAccountAgeDays": lambda n: f"account at least {n:,} days old",
    "filterLanguage": lambda code: f"language {code}",
    "requiredKeywords": lambda words: "says " + ", ".join(words),
    "requiredHashtags": lambda tags: "has " + ", ".join(tags),
    "requiredMentions": lambda names: "mentions " + ", ".join(names),
}


def filter_words(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The filters of a draw request, in words."""
    words = (say(payload[name]) for name, say in _FILTERS.items() if payload.get(name))
    return tuple(word for word in words if word)


def draw_preview(
    payload: Mapping[str, Any],
    tweet: Tweet,
    estimate: int,
    *,
    rules: tuple[Text, ...] = (),
) -> Card:
    """What will be drawn when a person confirms. estimate: credits. rules: what the tweet itself asks for
    (`bot.features.draw.cards.rules`).

    The preview stands in a channel, which learns nothing of the balance: whether the credits go far enough is
    told to who confirms, when they do.
    """
    filters = filter_words(payload)
    backups = payload.get("backupCount") or 0
    fields = [
        Field("Winners", (str(payload.get("winnerCount", 1)),)),
        Field("Backups", (str(backups),)),
        Field("Estimated cost", (_price(tweet, estimate),), short=False),
        Field("Who can win", (entrants(filters),), short=False),
    ]
    quoted = replace(quote(tweet), priority=Priority.QUOTED)
    blocks: list[Block] = [quoted, Fields(tuple(fields), Priority.ESSENTIAL), *rules]
    if not tweet.reply_count:
        told = line(
            Bold("Nobody can win yet: "), "nobody has replied to this tweet. Draw once there are replies."
        )
        blocks.append(Text(told, priority=Priority.ESSENTIAL))
    return Card("Run this draw?", tuple(blocks), Tone.INFO if tweet.reply_count else Tone.WARNING)


def _price(tweet: Tweet, estimate: int) -> str:
    """What a draw costs at most, and for what: Xquik inspects the reposters too, whatever the filters."""
    entries = f"{plural(tweet.reply_count, 'reply', 'replies')} and {plural(tweet.retweet_count, 'reposter')}"
    each = f"{DRAW_PER_ENTRY:,} for each entry that Xquik inspects"
    return f"up to {credits_(estimate)}: {each}, at most {entries}"


def entrants(filters: tuple[str, ...]) -> str:
    """Who can win, in words. filters: as `filter_words`."""
    return "; ".join(filters) if filters else "everyone who replied"


def tweet_url(draw: Draw) -> str | None:
    """The tweet of a draw, made from its id alone."""
    found = _named(draw)
    return f"https://x.com/{found[0] or 'i'}/status/{found[1]}" if found else None


def _named(draw: Draw) -> tuple[str, str] | None:
    """The author's username ("" when it is not known) and the id of a draw's tweet.

    A list of draws gives the address alone; nothing of it is used but these two.
    """
    linked = next(iter(find_posts(draw.tweet_url or "")), None)
    author = draw.tweet_author_username or (linked.username if linked else None) or ""
    if draw.tweet_id and draw.tweet_id.isdigit():
        return author, draw.tweet_id
    return (author, linked.id) if linked else None


def draws_blocks(draws: Sequence[Draw], numbers: Mapping[str, int] = NO_NUMBERS) -> tuple[Table, Text]:
    """Draws, of which there is one at least, each with its tweet. numbers: what the place calls them."""
    rows = tuple(
        (
            (numbered(draw.id, numbers),),
            _tweet_link(draw),
            (_standing(draw),),
            when(draw.created_at),
            (draw.id,),
        )
        for draw in draws
    )
    table = Table(("Draw", "Tweet", "Valid of inspected", "When", "Id"), rows)
    return table, Text(line(Code(f"draw show {numbered(draws[0].id, numbers)}"), " opens one."), subtle=True)


def _tweet_link(draw: Draw) -> Line:
    found, url = _named(draw), tweet_url(draw)
    if found is None or url is None:
        return ("–",)
    author, identity = found
    return (Link(f"@{author}" if author else identity, url),)


def draw_words(draw: Draw) -> str:
    """A draw in a few words: whose tweet, and how it stands."""
    author, identity = _named(draw) or ("", "")
    return " · ".join(filter(None, (f"@{author}" if author else identity, _standing(draw))))


def drawn_at(draw: Draw) -> float | None:
    """When it was drawn, in epoch seconds, where that is known."""
    drawn = moment(draw.drawn_at or draw.created_at)
    return drawn.timestamp() if drawn else None


def _standing(draw: Draw) -> str:
    if draw.status != "completed":
        return shorten(draw.status, 30)
    return f"{count(draw.valid_entries)} of {count(draw.total_entries)}"
