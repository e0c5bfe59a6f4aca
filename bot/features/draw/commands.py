"""`draw run` and its group: giveaway draws over the replies of a tweet. What was drawn: `draw_results`.

A draw spends credits, so it is a proposal: previewed, confirmed once, and sent under the key that is
stored with it, so that a crash never makes it two (`bot.proposals`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

import msgspec

from bot.cards.draws import draw_preview
from bot.core.chat.answers import Alternative, Proposal
from bot.core.chat.cards import Card
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import INSIDE, SHOWN, SPENDING, command, listing_command
from bot.core.commands.price_list import DRAW as DRAW_COST
from bot.core.commands.price_list import LOOKUP
from bot.core.errors import UsageError
from bot.core.messages.errors import of_option
from bot.core.routes.conditions import (
    ConditionError,
    check_account_age,
    check_followers,
    checked_hashtags,
    checked_keywords,
    checked_language,
)
from bot.core.x import prices
from bot.core.x.giveaways import stated
from bot.core.x.languages import code_in_tweets
from bot.core.x.references import TweetRef, Username
from bot.features.draw.backups import BACKUP
from bot.features.draw.cards.rules import rules_told
from bot.features.draw.checking import check
from bot.features.draw.kinds import DRAW_RUN
from bot.features.draw.listed import DRAWS
from bot.features.draw.results import EXPORT, export, show
from bot.features.draw.rules import RULES_LABEL, rules_of, with_rules
from bot.features.services import CommandCall
from bot.xquik.draw_requests import DrawRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawArgs:
    """A draw and its filters."""

    tweet: Annotated[TweetRef, Option("The tweet whose replies take part", main=True, suggest="tweets")]
    winners: Annotated[int, Option("How many winners", ge=1, le=100)] = 1
    backups: Annotated[int, Option("How many backups, in case a winner does not answer", ge=0, le=100)] = 0
    unique: Annotated[bool, Option("One entry per person")] = True
    must_retweet: Annotated[bool, Option("Only people who reposted the tweet")] = False
    must_follow: Annotated[Username | None, Option("Only followers of this account", suggest="people")] = None
    min_followers: Annotated[int | None, Option("At least this many followers", ge=0)] = None
    account_age: Annotated[
        int | None, Option("Account at least this many days old", ge=0, le=10_000, unit=timedelta(days=1))
    ] = None
    language: Annotated[
        str | None,
        Option("Replies in this language, like en or German", max_length=60, suggest="languages"),
    ] = None
    keywords: Annotated[tuple[str, ...], Option("Words a reply must contain", le=20)] = ()
    hashtags: Annotated[tuple[str, ...], Option("Hashtags a reply must contain", le=20, words=True)] = ()
    mentions: Annotated[
        tuple[Username, ...], Option("Accounts a reply must mention", le=20, suggest="people")
    ] = ()


async def run(call: CommandCall, args: DrawArgs) -> Proposal:
    """A preview with the tweet, the filters and the estimated cost, to be confirmed."""
    asked = _conditions(args, call.services.clock())
    xquik = await call.xquik()
    tweet = await xquik.tweets.show(args.tweet.id)
    author = tweet.author.username if tweet.author and tweet.author.username else args.tweet.username
    request = DrawRequest(
        tweet_url=f"https://x.com/{author or 'i'}/status/{tweet.id}",
        winner_count=args.winners,
        backup_count=args.backups or None,
        unique_authors_only=args.unique,
        must_retweet=args.must_retweet or None,
        must_follow_username=str(args.must_follow) if args.must_follow else None,
        filter_min_followers=args.min_followers,
        filter_account_age_days=args.account_age,
        filter_language=asked.language,
        required_keywords=asked.keywords,
        required_hashtags=asked.hashtags,
        required_mentions=tuple(dict.fromkeys(name.handle.lower() for name in args.mentions)),
    )
    estimate = DRAW_COST.of(tweet.reply_count + tweet.retweet_count)
    rules = stated(tweet.text, author)
    more = with_rules(request, rules)

    def preview(of: DrawRequest) -> Card:
        label = RULES_LABEL if more and of is request else ""
        follow = (more or request).must_follow_username
        told = rules_told(rules, follow, label=label, done=rules_of(request))
        return draw_preview(of.body(), tweet, estimate, rules=told)

    offer = Alternative(RULES_LABEL, more.body(), preview(more)) if more else None
    return DRAW_RUN.proposal(request.body(), preview(request), credits=estimate, alternative=offer)


class _Conditions(msgspec.Struct, frozen=True):
    """What replies must have, as Xquik and X write it."""

    language: str | None
    keywords: tuple[str, ...]
    hashtags: tuple[str, ...]


def _conditions(args: DrawArgs, now: float) -> _Conditions:
    """The filters, checked before anything is looked up or paid for; UsageError names the option."""
    try:
        check_followers(args.min_followers or 0)
        check_account_age(args.account_age or 0, now)
        code = None if args.language is None else checked_language(args.language)
        return _Conditions(
            None if code is None else code_in_tweets(code),
            checked_keywords(args.keywords),
            checked_hashtags(args.hashtags),
        )
    except ConditionError as error:
        raise UsageError(
            of_option(error.option, error),
            option=error.option,
            example=_EXAMPLES[error.option],
        ) from None


_LINE = "draw run https://x.com/xquik/status/1893456789012345678"  # no message: a command
_EXAMPLES = {
    "language": f"{_LINE} language:en",
    "keywords": f'{_LINE} keywords:"launch day",moon',
    "hashtags": f"{_LINE} hashtags:giveaway,#win",
    "min_followers": f"{_LINE} min_followers:50",
    "account_age": f"{_LINE} account_age:30d",
}


DRAW = Group(
    "draw",
    "Giveaway draws among the replies to a tweet",
    (
        command(
            "draw run",
            run,
            SPENDING,
            "Draw winners among the replies; asks first",
            "draw run https://x.com/xquik/status/1893456789012345678 winners:3 backups:2",
            cost=DRAW_COST.looked_up(prices.LOOKUP),
            operations=(
                "POST /draws",
                "GET /draws/{id}",
                "GET /x/tweets/{id}",
            ),
        ),
        command(
            "draw show",
            show,
            SHOWN,
            "Show a past draw with its winners",
            "draw show #3",
            operations=("GET /draws/{id}",),
        ),
        listing_command(
            "draw list",
            DRAWS,
            INSIDE,
            "List past draws, newest first",
            "draw list",
            operations=("GET /draws",),
        ),
        command(
            "draw export",
            export,
            INSIDE,
            "Export a draw as a file",
            "draw export #3 format:xlsx rows:entries",
            operations=(
                "GET /draws/{id}",
                "GET /draws/{id}/export",
            ),
        ),
        command(
            "draw check",
            check,
            SPENDING,
            "Check whether an account reposted a tweet",
            "draw check https://x.com/xquik/status/1893456789012345678 user:@nasa",
            cost=LOOKUP,
            operations=("GET /x/tweets/{id}/retweeters/check",),
        ),
    ),
    default="run",
)

DRAW_ACTIONS = (EXPORT, BACKUP)
