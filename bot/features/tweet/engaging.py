"""`tweet like|unlike|repost|unrepost|quote`: what is done to a tweet, without words or with one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.cards.tweets import quote as quoted
from bot.core.chat.answers import Proposal
from bot.core.commands.declaring import Option
from bot.core.commands.presets import WRITING, command
from bot.core.commands.price_list import OTHER_WRITE, POST
from bot.core.x import prices
from bot.core.x.references import TweetRef
from bot.features.services import CommandCall
from bot.features.shared.proposing import propose_engagement, propose_post
from bot.features.shared.tweet_kinds import LIKE, REPOST, UNLIKE, UNREPOST
from bot.features.shared.write_options import ActingAs, CommunityOption, PostingMedia


@dataclass(frozen=True, slots=True, kw_only=True)
class EngageArgs(ActingAs):
    """Which tweet, and as whom."""

    tweet: Annotated[TweetRef, Option("The tweet", main=True, suggest="tweets")]


async def like(call: CommandCall, args: EngageArgs) -> Proposal:
    """A like to be confirmed, with the tweet itself."""
    return await propose_engagement(call, LIKE, args.tweet.id, example="tweet like", account=args.account)


async def unlike(call: CommandCall, args: EngageArgs) -> Proposal:
    """A like to be taken back, with the tweet itself."""
    return await propose_engagement(call, UNLIKE, args.tweet.id, example="tweet unlike", account=args.account)


async def repost(call: CommandCall, args: EngageArgs) -> Proposal:
    """A repost to be confirmed, with the tweet itself."""
    return await propose_engagement(call, REPOST, args.tweet.id, example="tweet repost", account=args.account)


async def unrepost(call: CommandCall, args: EngageArgs) -> Proposal:
    """A repost to be taken back, with the tweet itself."""
    return await propose_engagement(
        call, UNREPOST, args.tweet.id, example="tweet unrepost", account=args.account
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteArgs(PostingMedia):
    """What to say about which tweet."""

    tweet: Annotated[TweetRef, Option("The tweet to quote", main=True, suggest="tweets")]
    text: Annotated[str, Option("What to say about it", max_length=25_000, paragraph=True, running=True)]
    community: CommunityOption = None


async def quote(call: CommandCall, args: QuoteArgs) -> Proposal:
    """A quote to be confirmed, with the tweet itself."""
    xquik = await call.xquik()
    return await propose_post(
        call,
        f"{args.text} {args.tweet.url}",
        account=args.account,
        media=args.media,
        community=args.community,
        quoting=quoted(await xquik.tweets.show(args.tweet.id)),
        example=f'tweet quote {args.tweet.id} text:"Worth a look"',
    )


_TWEET = "https://x.com/nasa/status/1893456789012345678"
_SEEN = OTHER_WRITE.looked_up(prices.LOOKUP)
ENGAGING = (
    command(
        "tweet like",
        like,
        WRITING,
        "Like a tweet; shows it and asks first",
        f"tweet like {_TWEET}",
        cost=_SEEN,
        operations=(
            "GET /x/tweets/{id}",
            "POST /x/tweets/{id}/like",
        ),
    ),
    command(
        "tweet repost",
        repost,
        WRITING,
        "Repost a tweet; shows it and asks first",
        f"tweet repost {_TWEET}",
        cost=_SEEN,
        operations=(
            "GET /x/tweets/{id}",
            "POST /x/tweets/{id}/retweet",
        ),
    ),
    command(
        "tweet unlike",
        unlike,
        WRITING,
        "Take back a like; shows the tweet and asks first",
        f"tweet unlike {_TWEET}",
        cost=_SEEN,
        operations=(
            "GET /x/tweets/{id}",
            "DELETE /x/tweets/{id}/like",
        ),
    ),
    command(
        "tweet unrepost",
        unrepost,
        WRITING,
        "Take back a repost; shows the tweet and asks first",
        f"tweet unrepost {_TWEET}",
        cost=_SEEN,
        operations=(
            "GET /x/tweets/{id}",
            "DELETE /x/tweets/{id}/retweet",
        ),
    ),
    command(
        "tweet quote",
        quote,
        WRITING,
        "Quote a tweet; shows both and asks first",
        f'tweet quote {_TWEET} text:"Worth a look"',
        cost=POST.looked_up(prices.LOOKUP),
        operations=(
            "POST /x/tweets",
            "GET /x/tweets/{id}",
        ),
    ),
)
