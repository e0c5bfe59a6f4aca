"""`draw check`: whether somebody reposted a tweet, as a draw may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.cards.figures import epoch
from bot.cards.tweets import OPEN_ON_X
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Button, Card, Inline, Link, Text, Timestamp, Tone, line
from bot.core.commands.declaring import Option
from bot.core.messages.message import msg, nmsg
from bot.core.x.references import TweetRef, Username
from bot.features.services import CommandCall
from bot.features.shared.tweet_args import TweetArgs
from bot.xquik.models import RepostCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class RepostArgs(TweetArgs):
    """Which tweet, and who."""

    user: Annotated[Username, Option("Who may have reposted it, like @nasa", suggest="people")]


async def check(call: CommandCall, args: RepostArgs) -> Reply:
    """Whether the account is seen to have reposted it."""
    xquik = await call.xquik()
    found = await xquik.tweets.reposted_by(args.tweet.id, str(args.user))
    return Reply(repost_card(args.tweet, str(args.user), found))


def repost_card(tweet: TweetRef, user: str, found: RepostCheck) -> Card:
    """What is known of it, and how far X was looked through. Pure."""
    who = Link(f"@{user}", f"https://x.com/{user}")
    blocks = [Text(line(_said(who, found)))]
    if not found.is_retweeted and not found.complete:
        n = found.checked_posts
        looked = nmsg(
            "Its newest {n} post was looked through: it may have reposted the tweet before that.",
            "Its newest {n} posts were looked through: it may have reposted the tweet before those.",
            n=n,
        )
        blocks.append(Text(line(looked), subtle=True))
    tone = Tone.SUCCESS if found.is_retweeted else Tone.INFO if found.complete else Tone.WARNING
    return Card(
        msg("Repost of tweet {id}", id=tweet.id), tuple(blocks), tone, (Button(OPEN_ON_X, url=tweet.url),)
    )


def _said(who: Link, found: RepostCheck) -> Inline:
    if not found.is_retweeted:
        if found.complete:
            return msg("{who} has not reposted this tweet.", who=who)
        return msg("No repost of this tweet by {who} is seen.", who=who)
    at = epoch(found.retweeted_at)
    if at is None:
        return msg("{who} has reposted this tweet.", who=who)
    return msg("{who} reposted this tweet {when}.", who=who, when=Timestamp(at))
