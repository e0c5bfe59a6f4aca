"""Downloaded media: galleries, and what of the request succeeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.figures import count, credits_, plural
from bot.cards.tweets import byline, gallery, video_lines, web_url
from bot.core.chat.cards import Block, Bold, Button, Card, Field, Fields, Table, Text, Tone, line
from bot.core.errors import BotError
from bot.core.x.prices import LOOKUP, MEDIA_PER_TWEET
from bot.core.x.readings import TweetReading
from bot.xquik.models import MediaDownload

# Tweets whose pictures stand in the answer; of more, the gallery alone.
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class MediaBatch:
    """One request of at most 50 tweets and what became of it."""

    requested: int
    result: MediaDownload | None
    error: BotError | None = None


def single_card(download: MediaDownload, shown: Sequence[TweetReading] = ()) -> Card:
    """The gallery of one tweet. shown: the tweet, where it was looked up for its pictures."""
    saved = "free, it was saved before" if download.cache_hit else credits_(MEDIA_PER_TWEET)
    cost = f"{saved}; {credits_(LOOKUP * len(shown))} to show it" if shown else saved
    blocks = list(_pictures(shown))
    blocks.append(Fields((Field("Cost", (cost,)), Field("Requested", ("1",)), Field("Successful", ("1",)))))
    return Card("Media saved", tuple(blocks), Tone.SUCCESS, gallery_buttons([download.gallery_url]))


def _pictures(shown: Sequence[TweetReading]) -> tuple[Block, ...]:
    """What the galleries hold, each with its tweet."""
    blocks: list[Block] = []
    for tweet in (one.shown for one in shown):
        pictures = gallery(tweet.media, more_url=tweet.url, sensitive=tweet.possibly_sensitive)
        if pictures is not None:
            if len(shown) > 1:
                blocks.append(Text(line(byline(tweet.author) or "A tweet"), subtle=True))
            blocks.append(pictures)
            blocks.extend(video_lines(tweet))
    return tuple(blocks)


def batches_card(
    batches: Sequence[MediaBatch], shown: Sequence[TweetReading] = (), *, not_tried: int = 0
) -> Card:
    """Galleries of many tweets: requested against successful, request by request.

    shown: the tweets, where they were looked up for their pictures. not_tried: tweets that were not asked
    for because an earlier request failed for good.
    """
    requested = sum(batch.requested for batch in batches)
    successful = sum((b.result.total_tweets or 0) for b in batches if b.result)
    items = sum((b.result.total_media or 0) for b in batches if b.result)
    missed = requested - successful
    blocks: list[Block] = [
        *_pictures(shown),
        Fields(
            (
                Field("Requested", (plural(requested, "tweet"),)),
                Field("Successful", (plural(successful, "tweet"),)),
                Field("Media", (plural(items, "file"),)),
            )
        ),
    ]
    if len(batches) > 1:
        rows = tuple(
            (
                (str(i),),
                (count(b.requested),),
                (count(b.result.total_tweets) if b.result else "failed",),
            )
            for i, b in enumerate(batches, start=1)
        )
        blocks.append(Table(("Request", "Asked for", "Saved"), rows))
    if missed:
        blocks.append(
            Text(
                line(
                    Bold(f"Nothing was saved for {plural(missed, 'tweet')}: "),
                    "no media, deleted, or not visible. Xquik does not say which.",
                )
            )
        )
    blocks.extend(Text(line(Bold("A request failed: "), b.error.detail)) for b in batches if b.error)
    if not_tried:
        blocks.append(Text(line(f"{plural(not_tried, 'tweet was', 'tweets were')} not tried after that.")))
    failed = any(b.error for b in batches)
    tone = Tone.WARNING if missed or failed else Tone.SUCCESS
    return Card(
        "Media saved" if successful else "No media saved",
        tuple(blocks),
        tone,
        gallery_buttons([b.result.gallery_url for b in batches if b.result]),
    )


def gallery_buttons(urls: Sequence[str]) -> tuple[Button, ...]:
    """A link to each gallery."""
    safe = [url for url in urls if web_url(url)]
    if len(safe) == 1:
        return (Button("Open the gallery", url=safe[0]),)
    return tuple(Button(f"Gallery {i}", url=url) for i, url in enumerate(safe, start=1))
