"""Budgets: how many credits may be spent in a day or a month, in a place, by a person, in a channel, for a
route. Pure.

What is confirmed is reserved, and what Xquik says it charged takes the place of that; what is not charged is
given back. What runs (monitors) is foreseen until the end of the day or month. Days and months are those of
the timezone of the place.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from bot.core.chat.cards import Timestamp
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Invocation
from bot.core.commands.cost import credit_words
from bot.core.errors import BotError, OutOfCredits
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import Message, msg
from bot.core.routes.watched import WatchedSource
from bot.core.times.zone_words import kept_zone
from bot.core.x.paid_requests import counting_paid_requests

WARN_AT: Final = 0.8
"""The part of a budget at which it is warned of."""
MOST: Final = 1_000_000_000
"""Credits of a budget, at the most."""
MOST_BUDGETS: Final = 200
"""Budgets of one place."""
HOUR: Final = 3_600.0
T = TypeVar("T")


class BudgetScope(StrEnum):
    """For what a budget is."""

    PLACE = "place"
    PERSON = "person"
    CHANNEL = "channel"
    ROUTE = "route"


class Period(StrEnum):
    """For how long a budget is."""

    DAY = "day"
    MONTH = "month"

    def bounds(self, now: float, zone: str) -> tuple[float, float]:
        """From when to when the present one goes, in epoch seconds. zone: an IANA name, "" for UTC."""
        local = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(kept_zone(zone)))
        # By the wall clock: a day may have 23 or 25 hours.
        begin = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        if self is Period.DAY:
            return begin.timestamp(), (begin + timedelta(days=1)).timestamp()
        first = begin.replace(day=1)
        return first.timestamp(), (first + timedelta(days=32)).replace(day=1).timestamp()


class Budget(msgspec.Struct, frozen=True):
    """credits: in all of a period. subject: the id of a person, a channel or a route; "" of the place."""

    scope: BudgetScope
    subject: str
    period: Period
    credits: int


class BudgetUse(msgspec.Struct, frozen=True):
    """How a budget stands. used: what was charged, and what is reserved until it is; foreseen: what runs
    costs until the end; until: when that is, in epoch seconds."""

    budget: Budget
    used: int
    foreseen: int
    until: float

    @property
    def total(self) -> int:
        """What of it is spoken for."""
        return self.used + self.foreseen

    @property
    def spent_up(self) -> bool:
        """Whether nothing is left of it."""
        return self.total >= self.budget.credits

    @property
    def warns(self) -> bool:
        """Whether it is nearly used up."""
        return self.total >= WARN_AT * self.budget.credits


class Spend(msgspec.Struct, frozen=True):
    """What is to be spent. id: of it, told once; what: the command, or the kind of proposal; hourly: credits
    an hour for as long as it runs, in place of `credits`; watched: what the monitors watch that do, each of
    which costs the same. route: for which they are started, if for one. looked: something was charged before,
    for looking up what it is about."""

    id: str
    tenant: TenantId
    person: str
    channel: str
    what: str
    credits: int
    hourly: int = 0
    route: str = ""
    watched: tuple[WatchedSource, ...] = ()
    looked: bool = False

    def falls_under(self, budget: Budget) -> bool:
        """Whether it counts for a budget of its place."""
        match budget.scope:
            case BudgetScope.PLACE:
                return True
            case BudgetScope.PERSON:
                return budget.subject == self.person
            case BudgetScope.CHANNEL:
                return budget.subject == self.channel
            case BudgetScope.ROUTE:
                return budget.subject == self.route


class BudgetReached(OutOfCredits):
    """It would pass a budget. Nothing was spent."""

    title = msg("The budget does not cover this")


def reached(use: BudgetUse, wanted: int, *, looked: bool = False) -> BudgetReached:
    """Why so many credits are not spent, and who can change that. looked: something was spent on looking up
    what it is about."""
    said = sentences(
        standing_words(use),
        msg("This may cost {wanted}.", wanted=credit_words(wanted)),
        msg("Nothing more was spent.") if looked else msg("Nothing was spent."),
    )
    remedy = msg(
        "Somebody who may change the settings can raise it: `credits budget`. It begins anew {when}.",
        when=Timestamp(use.until),
    )
    return BudgetReached(said, remedy=remedy)


def standing_words(use: BudgetUse) -> Message:
    """How it stands, in a sentence."""
    if not use.foreseen:
        return msg(
            "{budget} is {credits}; {used} of that are used or reserved.",
            budget=called(use.budget),
            credits=credit_words(use.budget.credits),
            used=use.used,
        )
    return msg(
        "{budget} is {credits}; {used} of that are used or reserved, and monitors that are on cost "
        "{foreseen} more until its end.",
        budget=called(use.budget),
        credits=credit_words(use.budget.credits),
        used=use.used,
        foreseen=use.foreseen,
    )


def called(budget: Budget) -> Message:
    """Which budget it is, in words."""
    daily = budget.period is Period.DAY
    match budget.scope:
        case BudgetScope.PLACE:
            return (
                msg("The budget of all channels for a day")
                if daily
                else msg("The budget of all channels for a month")
            )
        case BudgetScope.PERSON:
            return msg("A person's budget for a day") if daily else msg("A person's budget for a month")
        case BudgetScope.CHANNEL:
            return msg("The channel's budget for a day") if daily else msg("The channel's budget for a month")
        case BudgetScope.ROUTE:
            return msg("The route's budget for a day") if daily else msg("The route's budget for a month")


class Meter(Protocol):
    """Counts what commands spend without a Confirm of their own."""

    async def reserve(self, invocation: Invocation, what: str, credits: int) -> str:
        """Before it is asked; what to settle it by. BudgetReached where a budget does not cover it."""

    async def settle(self, spent: str, charged: int | None) -> None:
        """Afterwards. charged: credits; None where that is not known, and what was reserved counts."""


async def metered(
    meter: Meter | None,
    invocation: Invocation,
    what: str,
    credits: int,
    work: Callable[[], Awaitable[T]],
    charged: Callable[[T], int | None],
    *,
    single: bool,
) -> T:
    """What comes of `work`, which may cost so many credits; not begun where a budget does not cover it.

    charged: what it cost, of what came. What failed cost nothing where no request went through that may have
    been charged. single: it is one request, so that where that was refused nothing was charged; of several
    some may have been. Where there was no such thing, no row came: what a request costs counts then, since
    Xquik does not say that it is free.
    """
    if meter is None or credits <= 0:
        return await work()
    spent = await meter.reserve(invocation, what, credits)
    with counting_paid_requests() as requests:
        try:
            answer = await work()
        except BotError as error:
            if not requests.sent or (single and error.uncharged):
                await meter.settle(spent, 0)
            elif (most := requests.missed_cost) is not None:
                await meter.settle(spent, min(credits, most))
            raise
    await meter.settle(spent, charged(answer))
    return answer
