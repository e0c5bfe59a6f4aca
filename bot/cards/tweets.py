"""Tweets as blocks and cards. Everything in a tweet is untrusted: it goes into `Quote` and fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never
from urllib.parse import urlsplit

from bot.cards.figures import count, epoch, joined, plural
from bot.core.chat import cards
from bot.core.chat.cards import Block, Button, Card, Field, Fields, Gallery, Link, Quote, Text, Tone, line
from bot.core.text.shortening import shorten
from bot.core.x.readings import Author, MediaReading, Poll, TweetReading

MAX_PICTURES = 4  # X allows four


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
            return media.alt_text or "Picture from the tweet"
        case "video":
            return f"Still of a video: {media.alt_text or 'from the tweet'}"
        case "gif":
            return f"Still of a GIF: {media.alt_text or 'from the tweet'}"
        case _:
            assert_never(media.kind)


def video_lines(tweet: TweetReading) -> tuple[Block, ...]:
    """Of each video and GIF: that what is shown is a still, and where it plays."""
    lines: list[Block] = []
    moving = [one for one in tweet.media[:MAX_PICTURES] if one.kind != "photo"]
    for number, one in enumerate(moving, 1):
        what = "GIF" if one.kind == "gif" else "Video"
        name = f"{what} {number}" if len(moving) > 1 else what
        best = web_url(one.best_video)
        plays = (Link("MP4", best), " · ") if best is not None else ()
        post = (Link("play it on X", tweet.url),) if tweet.id else ()
        lines.append(Text((f"▶ {name}, shown as a still: ", *plays, *post)))
    return tuple(lines)


def poll_block(poll: Poll | None) -> tuple[Block, ...]:
    """What can be chosen, with the votes as far as X tells them."""
    if poll is None or not poll.choices:
        return ()
    labels = (
        f"○ {shorten(one.label, 60)}" + (f" · {plural(one.votes, 'vote')}" if one.votes is not None else "")
        for one in poll.choices
    )
    return (Text(line("\n".join(labels))),)


def tweet_blocks(tweet: TweetReading) -> tuple[Block, ...]:
    """The tweet, its poll, what it quotes, and its pictures."""
    shown = tweet.shown
    blocks: list[Block] = []
    if tweet.retweeted_tweet is not None:
        blocks.append(Text(line(f"{byline(tweet.author) or 'Someone'} reposted"), subtle=True))
    if shown.in_reply_to_username:
        blocks.append(Text(line(f"In reply to @{shown.in_reply_to_username}"), subtle=True))
    blocks.append(quote(shown))
    blocks.extend(poll_block(shown.poll))
    quoted = shown.quoted_tweet
    if quoted is not None:
        blocks.append(Text(line("quoting"), subtle=True))
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
            Field("Likes", (count(metrics.likes),)),
            Field("Reposts", (count(metrics.retweets),)),
            Field("Replies", (count(metrics.replies),)),
            Field("Quotes", (count(metrics.quotes),)),
            Field("Views", (count(metrics.views),)),
            Field("Bookmarks", (count(metrics.bookmarks),)),
        )
    )
    author = tweet.author
    about: tuple[Block, ...] = ()
    if author is not None and author.followers is not None:
        verified = "verified" if author.is_verified else None
        about = (Text(joined(f"{count(author.followers)} followers", verified), subtle=True),)
    title = f"Tweet by @{author.username}" if author and author.username else "Tweet"
    return Card(
        title,
        (*tweet_blocks(tweet), figures, *about),
        Tone.NEUTRAL,
        (Button("Open on X", url=tweet.url), *buttons),
    )
