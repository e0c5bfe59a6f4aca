"""Tweets as blocks and cards. Everything in a tweet is untrusted: it goes into `Quote` and fields."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.core import cards
from bot.core.cards import Block, Button, Card, Field, Fields, Gallery, Quote, Text, Tone, line
from bot.presenters.figures import count, epoch, joined
from bot.xquik.models import Media, Tweet, User

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


def byline(user: User | None) -> str:
    """ "NASA (@nasa)", as far as it is known."""
    if user is None or not (user.username or user.name):
        return ""
    if user.name and user.username and user.name != user.username:
        return f"{user.name} (@{user.username})"
    return f"@{user.username}" if user.username else user.name


def quote(tweet: Tweet) -> Quote:
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


def gallery(media: tuple[Media, ...], *, more_url: str | None, sensitive: bool) -> Gallery | None:
    """The pictures (of a video: its still), or None where there are none.

    more_url: where the rest is, told only when there is more than is shown.
    """
    items = []
    for one in media[:MAX_PICTURES]:
        url = web_url(one.preview) or web_url(one.url)
        if url is None:
            continue
        kind = one.type if one.type in ("photo", "video") else "gif"
        alt = one.alt_text or {"photo": "Picture", "video": "Video"}.get(kind, "GIF") + " from the tweet"
        items.append(cards.Media(url, alt, kind, one.width, one.height))
    if not items:
        return None
    more = more_url if len(media) > len(items) else None
    return Gallery(tuple(items), more_url=more, sensitive=sensitive)


def tweet_blocks(tweet: Tweet) -> tuple[Block, ...]:
    """The tweet, what it quotes, and its pictures."""
    shown = tweet.retweeted_tweet or tweet
    blocks: list[Block] = []
    if tweet.retweeted_tweet is not None:
        blocks.append(Text(line(f"{byline(tweet.author) or 'Someone'} reposted"), subtle=True))
    if shown.in_reply_to_username:
        blocks.append(Text(line(f"In reply to @{shown.in_reply_to_username}"), subtle=True))
    blocks.append(quote(shown))
    if shown.quoted_tweet is not None:
        blocks.append(Text(line("quoting"), subtle=True))
        blocks.append(quote(shown.quoted_tweet))
    sensitive = shown.possibly_sensitive
    pictures = gallery(shown.media, more_url=shown.url, sensitive=sensitive)
    if pictures is None and shown.quoted_tweet is not None:
        quoted = shown.quoted_tweet
        sensitive = sensitive or quoted.possibly_sensitive
        pictures = gallery(quoted.media, more_url=quoted.url, sensitive=sensitive)
    if pictures is not None:
        blocks.append(pictures)
    return tuple(blocks)


def tweet_card(tweet: Tweet, buttons: tuple[Button, ...] = ()) -> Card:
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
        verified = "verified" if author.verified or author.is_blue_verified else None
        about = (Text(joined(f"{count(author.followers)} followers", verified), subtle=True),)
    title = f"Tweet by @{author.username}" if author and author.username else "Tweet"
    return Card(
        title,
        (*tweet_blocks(tweet), figures, *about),
        Tone.NEUTRAL,
        (Button("Open on X", url=tweet.url), *buttons),
    )
