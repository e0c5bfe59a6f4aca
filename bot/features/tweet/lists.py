"""`tweet quotes`: what others say with a tweet below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.chat.cards import line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import PageRows
from bot.core.messages.message import msg
from bot.core.x.references import TweetRef
from bot.features.services import CommandCall
from bot.features.shared.people_rows import rows_of
from bot.features.shared.post_rows import posts_listing
from bot.xquik.models import Tweet


@dataclass(frozen=True, kw_only=True)
class TweetArgs:
    """Which tweet."""

    tweet: Annotated[TweetRef, Option("A tweet link or id", main=True)]


async def quotes(call: CommandCall, args: TweetArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of them."""
    xquik = await call.xquik()
    return rows_of(await xquik.tweets.quotes(args.tweet.id, cursor=cursor or None, rows=size))


QUOTES: Final = posts_listing(
    lambda args: msg("Quotes of tweet {id}", id=args.tweet.id),
    quotes,
    lambda args: line(msg("Nobody has quoted this tweet. `tweet show {id}` shows it.", id=args.tweet.id)),
)
