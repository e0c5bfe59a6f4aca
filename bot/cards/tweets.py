"""Tweets as blocks and cards. Everything in a tweet is untrusted: it goes into `Quote` and fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never
from urllib.parse import urlsplit

from bot.cards.figures import count, epoch, joined
from bot.core.chat import cards
from bot.core.chat.cards import (
    Block,
    Button,
    Card,
    Field,
    Fields,
    Gallery,
    Inline,
    Link,
    Quote,
    Text,
    Tone,
    line,
)
from bot.core.messages.message import Message, msg, nmsg
from bot.core.text.shortening import shorten
from bot.core.x.readings import Author, MediaReading, Poll, TweetReading

MAX_PICTURES = 4  # X allows four
OPEN_ON_X = msg("Open on X")
_QUOTING = Text(line(msg("quoting")), subtle=True)


def web_url(text: str | None) -> str | None:
    """The address when it is one a chat client may open (http or https), else None."""
    if not text or len(text) > 2000:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("https", "http") and parts.hostname else None


def byline(user: Author | None) -> str:
    """ "NASA (@nasa)", as far as it is known."""
    if user is None or not (user.username or user.name):
        return ""
    if user.name and user.username and user.name != user.username:
        return f"{user.name} (@{user.username})"
    return f"@{user.username}" if user.username else user.name


def quote(tweet: TweetReading) -> Quote:
    """The tweet's own text with who wrote it and when."""
    return Quote(
        tweet.text,
        author=byline(tweet.author),
        author_url=f"https://x.com/{tweet.author.username}"
        if tweet.author and tweet.author.username
        else None,
        avatar_url=web_url(tweet.author.profile_picture) if tweet.author else None,
        url=tweet.url,
        at=epoch(tweet.created_at),
    )


def gallery(media: Sequence[MediaReading], *, more_url: str | None, sensitive: bool) -> Gallery | None:
    """The pictures (of a video: its still, which says so), or None where there are none.

    more_url: where the rest is, told only when there is more than is shown.
    """
    items = []
    for one in media[:MAX_PICTURES]:
        url = web_url(one.preview) or web_url(one.url)
        if url is not None:
            items.append(cards.Media(url, _alt(one), one.kind, one.width, one.height))
    if not items:
        return None
    more = more_url if len(media) > len(items) else None
    return Gallery(tuple(items), more_url=more, sensitive=sensitive)


def _alt(media: MediaReading) -> str:
    match media.kind:
        case "photo":
            return media.alt_text or msg("Picture from the tweet")
        case "video":
            told = media.alt_text
            return (
                msg("Still of a video: {shows}", shows=told)
                if told
                else msg("Still of a video: from the tweet")
            )
        case "gif":
            told = media.alt_text
            return (
                msg("Still of a GIF: {shows}", shows=told) if told else msg("Still of a GIF: from the tweet")
            )
        case _:
            assert_never(media.kind)


def video_lines(tweet: TweetReading) -> tuple[Block, ...]:
    """Of each video and GIF: that what is shown is a still, and where it plays."""
    lines: list[Block] = []
    moving = [one for one in tweet.media[:MAX_PICTURES] if one.kind != "photo"]
    for number, one in enumerate(moving, 1):
        still = _still(one, number if len(moving) > 1 else None)
        best = web_url(one.best_video)
        plays = joined(
            Link("MP4", best) if best is not None else None,
            Link(msg("play it on X"), tweet.url) if tweet.id else None,
        )
        lines.append(Text(line(still, " ", *plays)))
    return tuple(lines)


def _still(media: MediaReading, number: int | None) -> Message:
    if media.kind == "gif":
        if number is None:
            return msg("▶ GIF, shown as a still:")
        return msg("▶ GIF {number}, shown as a still:", number=number)
    if number is None:
        return msg("▶ Video, shown as a still:")
    return msg("▶ Video {number}, shown as a still:", number=number)


def poll_block(poll: Poll | None) -> tuple[Block, ...]:
    """What can be chosen, with the votes as far as X tells them."""
    if poll is None or not poll.choices:
        return ()
    parts: list[Inline] = []
    for one in poll.choices:
        label = f"○ {shorten(one.label, 60)}"
        parts.append(f"\n{label}" if parts else label)
        if one.votes is not None:
            parts += (" · ", nmsg("{n} vote", "{n} votes", n=one.votes))
    return (Text(tuple(parts)),)


def tweet_blocks(tweet: TweetReading) -> tuple[Block, ...]:
    """The tweet, its poll, what it quotes, and its pictures."""
    shown = tweet.shown
    blocks: list[Block] = []
    if tweet.retweeted_tweet is not None:
        who = byline(tweet.author)
        said = msg("{who} reposted", who=who) if who else msg("Someone reposted")
        blocks.append(Text(line(said), subtle=True))
    if shown.in_reply_to_username:
        said = msg("In reply to @{username}", username=shown.in_reply_to_username)
        blocks.append(Text(line(said), subtle=True))
    blocks.append(quote(shown))
    blocks.extend(poll_block(shown.poll))
    quoted = shown.quoted_tweet
    if quoted is not None:
        blocks.append(_QUOTING)
        blocks.append(quote(quoted))
        blocks.extend(poll_block(quoted.poll))
    sensitive = shown.possibly_sensitive
    pictured = shown
    if not shown.media and quoted is not None:
        pictured = quoted
        sensitive = sensitive or quoted.possibly_sensitive
    pictures = gallery(pictured.media, more_url=pictured.url, sensitive=sensitive)
    if pictures is not None:
        blocks.append(pictures)
    blocks.extend(video_lines(pictured))
    return tuple(blocks)


def tweet_card(tweet: TweetReading, buttons: tuple[Button, ...] = ()) -> Card:
    """One tweet with its figures."""
    metrics = tweet.metrics
    figures = Fields(
        (
            Field(msg("Likes"), (count(metrics.likes),)),
            Field(msg("Reposts"), (count(metrics.retweets),)),
            Field(msg("Replies"), (count(metrics.replies),)),
            Field(msg("Quotes"), (count(metrics.quotes),)),
            Field(msg("Views"), (count(metrics.views),)),
            Field(msg("Bookmarks"), (count(metrics.bookmarks),)),
        )
    )
    author = tweet.author
    about: tuple[Block, ...] = ()
    if author is not None and author.followers is not None:
        verified = msg("verified") if author.is_verified else None
        followers = nmsg("{n} follower", "{n} followers", n=author.followers)
        about = (Text(joined(followers, verified), subtle=True),)
    title = msg("Tweet by @{author}", author=author.username) if author and author.username else msg("Tweet")
    return Card(
        title,
        (*tweet_blocks(tweet), figures, *about),
        Tone.NEUTRAL,
        (Button(OPEN_ON_X, url=tweet.url), *buttons),
    )
