"""`user compare|latest`: several accounts at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Final

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Text, line
from bot.core.commands.declaring import Option
from bot.core.commands.page_cards import unreadable_words
from bot.core.errors import NotFound
from bot.core.messages.message import msg
from bot.core.x import prices
from bot.core.x.references import Username
from bot.features.services import CommandCall
from bot.features.user.args import once
from bot.features.user.several_cards import compared_card, newest_card

MOST_PROFILES: Final = 25
MOST_ACCOUNTS: Final = 10
MOST_TWEETS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareArgs:
    """Which accounts."""

    users: Annotated[
        tuple[Username, ...],
        Option("Accounts, like @nasa, @esa", main=True, ge=1, le=MOST_PROFILES, suggest="people"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestArgs:
    """Which accounts, and how much of each."""

    users: Annotated[
        tuple[Username, ...],
        Option("Accounts like @nasa and @esa", main=True, ge=1, le=MOST_ACCOUNTS, suggest="people"),
    ]
    count: Annotated[int, Option("How many tweets of each", ge=1, le=MOST_TWEETS)] = 1


def profiles_at_most(args: CompareArgs) -> int:
    """What comparing these costs."""
    return prices.PROFILE * len(once(args.users))


def tweets_at_most(args: LatestArgs) -> int:
    """What their newest tweets cost."""
    return prices.ROW * len(once(args.users)) * args.count


async def compare(call: CommandCall, args: CompareArgs) -> Reply:
    """The figures of several accounts side by side."""
    xquik = await call.xquik()
    found = await xquik.users.several(once(args.users))
    if not found.users:
        raise _nobody()
    return Reply(compared_card(found.users, found), charged=prices.PROFILE * len(found.users))


async def latest(call: CommandCall, args: LatestArgs) -> Reply:
    """The newest tweets of several accounts, account by account."""
    xquik = await call.xquik()
    names = once(args.users)
    found = await xquik.users.newest(names, rows=args.count)
    if not found.tweets and len(found.looked.unavailable) == len(names):
        raise _nobody()
    card = newest_card(found.tweets, found.looked)
    if found.unreadable:
        card = replace(card, blocks=(*card.blocks, Text(line(unreadable_words(found.unreadable)))))
    return Reply(card, charged=prices.ROW * (len(found.tweets) + found.unreadable))


def _nobody() -> NotFound:
    return NotFound(
        msg("X shows none of these accounts."),
        remedy=msg("Check how they are written. `user search` finds accounts by their names."),
    )
