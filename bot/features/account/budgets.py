"""`credits budget`: how many credits may be spent in a day or a month, and how much of them is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.cards.budgets import budget_set_card, budgets_card
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Text, Tone, line
from bot.core.chat.places import ChannelRef
from bot.core.commands.budgets import MOST, Budget, BudgetScope, Period
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING, command
from bot.core.commands.subjects import SubjectRef
from bot.core.errors import NotFound, UsageError
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.channels import known_place

_PERIODS: Final = {"day": "day", "month": "month"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetArgs:
    """credits: None shows all. Of person, channel and route one at the most; none: of the place."""

    credits: Annotated[
        int | None, Option("How many credits; all budgets are shown if left out", main=True, ge=1, le=MOST)
    ] = None
    period: Annotated[str, Option("A day or a month", choices=_PERIODS)] = "day"
    person: Annotated[SubjectRef | None, Option("For this person alone")] = None
    channel: Annotated[ChannelRef | None, Option("For this channel alone")] = None
    route: Annotated[str | None, Option("For this route's monitors alone", suggest="routes")] = None
    off: Annotated[bool, Option("Take it back")] = False


async def budget(call: CommandCall, args: BudgetArgs) -> Reply:
    """Set one, take one back, or show how all stand."""
    stored, tenant = call.services.budgets, call.tenant
    if args.credits is not None and args.off:
        raise UsageError(
            msg("Give a number, or off."), option="off", example="credits budget 1000 period:day"
        )
    names = {one.id: one.name for one in await call.services.relay.routes.of_tenant(tenant)}
    if args.credits is None and not args.off:
        asks_above = await call.services.spending.threshold(tenant)
        return Reply(budgets_card(await stored.standing(tenant), names, asks_above))
    scope, subject = await _whose(call, args, names)
    period = Period(args.period)
    if args.off:
        if not await stored.remove(tenant, scope, subject, period):
            raise NotFound(msg("No such budget is set."), remedy=msg("`credits budget` shows what is set."))
        said = msg("Nothing is stopped by it any more.")
        return Reply(Card(msg("Budget taken back"), (Text(line(said)),), Tone.SUCCESS))
    wanted = Budget(scope, subject, period, args.credits or 0)
    await stored.put(tenant, wanted, call.invocation.actor.id)
    now = next(one for one in await stored.standing(tenant) if one.budget == wanted)
    return Reply(budget_set_card(now, names))


async def _whose(call: CommandCall, args: BudgetArgs, names: dict[str, str]) -> tuple[BudgetScope, str]:
    given = [name for name in ("person", "channel", "route") if getattr(args, name) is not None]
    if len(given) > 1:
        raise UsageError(
            msg("A budget is for a person, a channel or a route: give one of them."),
            option=given[1],
            example="credits budget 1000 channel:#general",
        )
    if args.person is not None:
        if args.person.kind != "user":
            raise UsageError(
                msg("A budget is for one person, not for a role."),
                option="person",
                example="credits budget 500 person:@ada",
            )
        return BudgetScope.PERSON, args.person.id
    if args.channel is not None:
        return BudgetScope.CHANNEL, (await known_place(call, args.channel)).channel
    if args.route is not None:
        found = next((key for key, name in names.items() if args.route in (name, key)), None)
        if found is None:
            raise NotFound(
                msg("{name} is no route.", name=repr(args.route[:40])),
                remedy=msg("`relay list` shows them."),
                option="route",
            )
        return BudgetScope.ROUTE, found
    return BudgetScope.PLACE, ""


BUDGET: Final = command(
    "credits budget",
    budget,
    SETTING,
    "Show or set how many credits may be spent in a day or a month",
    "credits budget",
    "credits budget 1000 period:day",
    "credits budget 5000 period:month channel:#general",
    "credits budget 500 person:user:123456",
    looks=("period", "person", "channel", "route"),
)
