"""Downloaded media: galleries, and what of the request succeeded."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.cards.figures import count, credits_
from bot.cards.tweets import byline, gallery, video_lines, web_url
from bot.core.chat.cards import Block, Bold, Button, Card, Field, Fields, Table, Text, Tone, line
from bot.core.errors import BotError
from bot.core.messages.message import Message, msg, nmsg
from bot.core.x.prices import LOOKUP, MEDIA_PER_TWEET
from bot.core.x.readings import TweetReading
from bot.xquik.models import MediaDownload

# Tweets whose pictures stand in the answer; of more, the gallery alone.
MOST_SHOWN = 4


class MediaBatch(msgspec.Struct, frozen=True):
    """One request of at most 50 tweets and what became of it."""

    requested: int
    result: MediaDownload | None
    error: BotError | None = None


def single_card(download: MediaDownload, shown: Sequence[TweetReading] = ()) -> Card:
    """The gallery of one tweet. shown: the tweet, where it was looked up for its pictures."""
    cost = msg("free, it was saved before") if download.cache_hit else credits_(MEDIA_PER_TWEET)
    if shown:
        cost = msg("{saved}; {shown} to show it", saved=cost, shown=credits_(LOOKUP * len(shown)))
    fields = (
        Field(msg("Cost"), (cost,)),
        Field(msg("Requested"), (count(1),)),
        Field(msg("Successful"), (count(1),)),
    )
    blocks = (*_pictures(shown), Fields(fields))
    return Card(msg("Media saved"), blocks, Tone.SUCCESS, gallery_buttons([download.gallery_url]))


def _pictures(shown: Sequence[TweetReading]) -> tuple[Block, ...]:
    """What the galleries hold, each with its tweet."""
    blocks: list[Block] = []
    for tweet in (one.shown for one in shown):
        pictures = gallery(tweet.media, more_url=tweet.url, sensitive=tweet.possibly_sensitive)
        if pictures is not None:
            if len(shown) > 1:
                blocks.append(Text(line(byline(tweet.author) or msg("A tweet")), subtle=True))
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
                Field(msg("Requested"), (_tweets(requested),)),
                Field(msg("Successful"), (_tweets(successful),)),
                Field(msg("Media"), (nmsg("{n} file", "{n} files", n=items),)),
            )
        ),
    ]
    if len(batches) > 1:
        rows = tuple(
            (
                (count(i),),
                (count(b.requested),),
                (count(b.result.total_tweets) if b.result else msg("failed"),),
            )
            for i, b in enumerate(batches, start=1)
        )
        blocks.append(Table((msg("Request"), msg("Asked for"), msg("Saved")), rows))
    if missed:
        blocks.append(
            Text(
                line(
                    Bold(
                        nmsg(
                            "Nothing was saved for {n} tweet:", "Nothing was saved for {n} tweets:", n=missed
                        )
                    ),
                    " ",
                    msg("no media, deleted, or not visible. Xquik does not say which."),
                )
            )
        )
    blocks.extend(Text(line(Bold(msg("A request failed:")), " ", b.error.detail)) for b in batches if b.error)
    if not_tried:
        blocks.append(Text(line(_not_tried(not_tried))))
    failed = any(b.error for b in batches)
    tone = Tone.WARNING if missed or failed else Tone.SUCCESS
    return Card(
        msg("Media saved") if successful else msg("No media saved"),
        tuple(blocks),
        tone,
        gallery_buttons([b.result.gallery_url for b in batches if b.result]),
    )


def _tweets(number: int) -> Message:
    return nmsg("{n} tweet", "{n} tweets", n=number)


def _not_tried(number: int) -> Message:
    return nmsg("{n} tweet was not tried after that.", "{n} tweets were not tried after that.", n=number)


def gallery_buttons(urls: Sequence[str]) -> tuple[Button, ...]:
    """A link to each gallery."""
    safe = [url for url in urls if web_url(url)]
    if len(safe) == 1:
        return (Button(msg("Open the gallery"), url=safe[0]),)
    return tuple(Button(msg("Gallery {number}", number=i), url=url) for i, url in enumerate(safe, start=1))
