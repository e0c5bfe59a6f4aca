"""`media get`: save the media of one tweet or many to a gallery; `media list`: what was saved.

One manifest row a request, written before the call: a download spends credits and has no
idempotency key, so after a crash the row says that something was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.core.afterwards import or_else
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Progress
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import INSIDE_LOCAL, SPENDING, command, listing_command
from bot.core.commands.price_list import SAVED_MEDIA, SUBTITLES
from bot.core.errors import BotError, KeyRejected, OutcomeUnknown, OutOfCredits
from bot.core.messages.message import msg
from bot.core.x import prices
from bot.core.x.readings import TweetReading
from bot.core.x.references import TweetRef
from bot.features.media.cards.media import MOST_SHOWN, MediaBatch, batches_card, single_card
from bot.features.media.exporting import EXPORTING
from bot.features.media.listed import SAVED
from bot.features.media.subtitles import subtitles
from bot.features.media.uploading import UPLOADING
from bot.features.services import CommandCall
from bot.xquik.client import XquikClient
from bot.xquik.models import MediaDownload
from bot.xquik.resources.media import DOWNLOAD_LIMIT

MAX_TWEETS = 500
_ROW = "what came of a download is not written down"  # no message: for the log


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaArgs:
    """tweets: one or many."""

    tweets: Annotated[
        tuple[TweetRef, ...], Option("Tweet links or ids, one or many", main=True, le=MAX_TWEETS)
    ]


def _once(args: MediaArgs) -> tuple[TweetRef, ...]:
    """The tweets; one by two links is one."""
    return tuple({tweet.id: tweet for tweet in args.tweets}.values())


def credits_at_most(args: MediaArgs) -> int:
    """What saving these costs, and looking them up where they are few enough to be shown."""
    count = len(_once(args))
    shown = count if count <= MOST_SHOWN else 0
    return prices.MEDIA_PER_TWEET * count + prices.LOOKUP * shown


async def get(call: CommandCall, args: MediaArgs) -> Reply:
    """Save the media; more than 50 tweets are split into several requests."""
    xquik = await call.xquik()
    tweets = _once(args)
    if len(tweets) == 1:
        result = await _recorded(call, xquik, tweets)
        shown = await _shown(call, tweets)
        return Reply(single_card(result, shown or ()), charged=_charged(result, shown))
    batches: list[MediaBatch] = []
    for start in range(0, len(tweets), DOWNLOAD_LIMIT):
        group = tweets[start : start + DOWNLOAD_LIMIT]
        if len(tweets) > DOWNLOAD_LIMIT:
            await call.progress(_progress(start, len(tweets)))
        try:
            batches.append(MediaBatch(len(group), await _recorded(call, xquik, group)))
        except BotError as error:
            if not batches:
                raise
            batches.append(MediaBatch(len(group), None, error))
            if isinstance(error, KeyRejected | OutOfCredits):
                break  # the next request would fail the same way
    asked = sum(batch.requested for batch in batches)
    shown = await _shown(call, tweets) if any(batch.result for batch in batches) else ()
    return Reply(batches_card(batches, shown or (), not_tried=len(tweets) - asked))


def _charged(saved: MediaDownload, shown: Sequence[TweetReading] | None) -> int | None:
    """Credits for one tweet; None where it is not known what looking it up cost."""
    if shown is None:
        return None
    return (0 if saved.cache_hit else prices.MEDIA_PER_TWEET) + prices.LOOKUP * len(shown)


async def _shown(call: CommandCall, tweets: Sequence[TweetRef]) -> tuple[TweetReading, ...] | None:
    """The tweets themselves, for their pictures: a saved gallery has but an address. () for more than
    a message shows; None where they cannot be looked up, and what is saved is shown by its gallery alone."""
    if len(tweets) > MOST_SHOWN:
        return ()
    xquik = await call.xquik()
    try:
        found = await xquik.tweets.several([tweet.id for tweet in tweets])
    except BotError:
        return None
    return found.items if not found.unreadable else None


async def _recorded(call: CommandCall, xquik: XquikClient, tweets: tuple[TweetRef, ...]) -> MediaDownload:
    """One request with its manifest row. What came of it is told also where the row cannot say so: that
    goes on saying that it was asked for."""
    manifest = call.services.manifest
    ids = [tweet.id for tweet in tweets]
    row = await manifest.begin(call.tenant, call.invocation.actor.id, ids)
    try:
        if len(ids) == 1:
            result = await xquik.media.download(ids[0])
        else:
            result = await xquik.media.download_many(ids)
    except OutcomeUnknown as error:
        await or_else(manifest.unknown(row, error.detail), None, what=_ROW)
        raise
    except BotError as error:
        await or_else(manifest.failed(row, error.detail), None, what=_ROW)
        raise
    noted = manifest.done(
        row,
        gallery_url=result.gallery_url,
        tweet=result.tweet_id,
        cache_hit=result.cache_hit if len(ids) == 1 else None,
        successful_tweets=1 if len(ids) == 1 else result.total_tweets,
        media_items=result.total_media,
    )
    await or_else(noted, None, what=_ROW)
    return result


def _progress(done: int, total: int) -> Card:
    return Card(msg("Saving media"), (Progress(done, total, msg("Tweets saved")),))


MEDIA = Group(
    "media",
    "Save the media of tweets, and upload your own",
    (
        command(
            "media get",
            get,
            SPENDING,
            "Save the media of tweets and show it",
            "media get https://x.com/nasa/status/1893456789012345678",
            cost=SAVED_MEDIA,
            estimate=credits_at_most,
            operations=(
                "POST /x/media/download",
                "GET /x/tweets",
            ),
        ),
        listing_command(
            "media list",
            SAVED,
            INSIDE_LOCAL,
            "List downloads with their galleries, newest first",
            "media list",
        ),
        command(
            "media subtitles",
            subtitles,
            SPENDING,
            "Get what is said in the videos of a tweet, as files",
            "media subtitles https://x.com/spacex/status/1893500000000000005",
            cost=SUBTITLES,
            operations=("GET /x/tweets/{id}/subtitles",),
        ),
        UPLOADING,
        EXPORTING,
    ),
    default="get",
)
