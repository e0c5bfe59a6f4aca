"""Giveaway draws: what will be drawn, and which draws there were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cards.figures import count, credits_, when
from bot.cards.numbers import NO_NUMBERS, numbered
from bot.cards.tweets import quote
from bot.core.chat.cards import (
    Block,
    Bold,
    Card,
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
from bot.core.messages.message import Joined, JoinedBy, Message, msg, nmsg
from bot.core.text.shortening import printable, shorten
from bot.core.x.prices import DRAW_PER_ENTRY
from bot.core.x.references import find_posts
from bot.xquik.models import Draw, Tweet, moment

_NAME = 60  # characters
# Payload key of POST /draws → how the filter reads in a sentence.
_FILTERS: dict[str, Callable[[Any], Message]] = {
    "uniqueAuthorsOnly": lambda _on: msg("one entry per person"),
    "mustRetweet": lambda _on: msg("must have reposted"),
    "mustFollowUsername": lambda name: msg("must follow @{name}", name=name),
    "filterMinFollowers": lambda n: nmsg("at least {n} follower", "at least {n} followers", n=n),
    "filterAccountAgeDays": lambda n: nmsg(
        "account at least {n} day old", "account at least {n} days old", n=n
    ),
    "filterLanguage": lambda code: msg("language {code}", code=code),
    "requiredKeywords": lambda words: msg("says {words}", words=_commas(words)),
    "requiredHashtags": lambda tags: msg("has {hashtags}", hashtags=_commas(tags)),
    "requiredMentions": lambda names: msg("mentions {names}", names=_commas(names)),
}


def filter_words(payload: Mapping[str, Any]) -> tuple[Message, ...]:
    """The filters of a draw request, in words."""
    return tuple(say(payload[name]) for name, say in _FILTERS.items() if payload.get(name))


def _commas(items: Sequence[str]) -> Joined:
    return Joined(tuple(items), JoinedBy.COMMA)


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
        Field(msg("Winners"), (count(payload.get("winnerCount", 1)),)),
        Field(msg("Backups"), (count(backups),)),
        Field(msg("Estimated cost"), (_price(tweet, estimate),), short=False),
        Field(msg("Who can win"), (entrants(filters),), short=False),
    ]
    quoted = replace(quote(tweet), priority=Priority.QUOTED)
    blocks: list[Block] = [quoted, Fields(tuple(fields), Priority.ESSENTIAL), *rules]
    if not tweet.reply_count:
        why = msg("nobody has replied to this tweet. Draw once there are replies.")
        told = line(msg("{yet} {why}", yet=Bold(msg("Nobody can win yet:")), why=why))
        blocks.append(Text(told, priority=Priority.ESSENTIAL))
    return Card(msg("Run this draw?"), tuple(blocks), Tone.INFO if tweet.reply_count else Tone.WARNING)


def _price(tweet: Tweet, estimate: int) -> Message:
    """What a draw costs at most, and for what: Xquik inspects the reposters too, whatever the filters."""
    return msg(
        "up to {credits}: {price} for each entry that Xquik inspects, at most {replies} and {reposters}",
        credits=credits_(estimate),
        price=DRAW_PER_ENTRY,
        replies=nmsg("{n} reply", "{n} replies", n=tweet.reply_count),
        reposters=nmsg("{n} reposter", "{n} reposters", n=tweet.retweet_count),
    )


def entrants(filters: tuple[str, ...]) -> str:
    """Who can win, in words. filters: as `filter_words`."""
    if not filters:
        return msg("everyone who replied")
    said, *others = filters
    for one in others:
        said = msg("{first}; {second}", first=said, second=one)
    return said


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
    columns = (msg("Draw"), msg("Tweet"), msg("Valid of inspected"), msg("When"), msg("Id"))
    opens = msg("`draw show {draw}` opens one.", draw=numbered(draws[0].id, numbers))
    return Table(columns, rows), Text(line(opens), subtle=True)


def _tweet_link(draw: Draw) -> Line:
    found, url = _named(draw), tweet_url(draw)
    if found is None or url is None:
        return ("–",)
    author, identity = found
    return (Link(f"@{author}" if author else identity, url),)


def draw_words(draw: Draw) -> str:
    """A draw in a few words on one line: whose tweet, and how it stands."""
    author, identity = _named(draw) or ("", "")
    tweet = shorten(printable(f"@{author}" if author else identity), _NAME)
    standing = _standing(draw)
    return (
        msg("{tweet} · {standing}", tweet=tweet, standing=standing)
        if tweet and standing
        else tweet or standing
    )


def drawn_at(draw: Draw) -> float | None:
    """When it was drawn, in epoch seconds, where that is known."""
    drawn = moment(draw.drawn_at or draw.created_at)
    return drawn.timestamp() if drawn else None


def _standing(draw: Draw) -> str:
    if draw.status != "completed":
        return shorten(printable(draw.status), 30)
    return msg("{valid} of {total}", valid=count(draw.valid_entries), total=count(draw.total_entries))
