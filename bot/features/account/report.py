"""`credits report`: what was spent here, by command, person, route, draw or month, also as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from bot.cards.budgets import Spent, report_table
from bot.core.chat.cards import Block, line
from bot.core.commands.budgets import Period
from bot.core.commands.declaring import Option
from bot.core.commands.listing import Column, Listing, PageRows, page_of
from bot.core.commands.presets import INSIDE_LOCAL, listing_command
from bot.core.messages.message import msg
from bot.core.times.zone_words import kept_zone
from bot.features.services import CommandCall
from bot.storage.places.budgets import Charged

_BY: Final = {
    "command": "command",
    "person": "person",
    "route": "route",
    "draw": "draw",
    "channel": "channel",
    "month": "month",
}
_MOST_MONTHS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportArgs:
    """by: what is added up; months: this one and those before it."""

    by: Annotated[str, Option("What is added up", main=True, choices=_BY)] = "command"
    months: Annotated[int, Option("How many months, this one included", ge=1, le=_MOST_MONTHS)] = 1


async def spent(call: CommandCall, args: ReportArgs, cursor: str, size: int) -> PageRows[Spent]:
    """A page of the sums, the largest first; months in their order, the newest first."""
    months = await _months(call, args.months)
    names = {one.id: one.name for one in await call.services.relay.routes.of_tenant(call.tenant)}
    sums: dict[str, Spent] = {}
    for name, since, until in months:
        for one in await call.services.budgets.charged(call.tenant, since, until):
            for key, said in _keys(one, args.by, name, names):
                before = sums.get(key) or Spent(args.by, key, said)
                sums[key] = before.with_charge(one.credits, settled=one.settled)
    return page_of(list(sums.values()), _place, cursor, size)


def _place(row: Spent) -> tuple[str, ...]:
    """What sorts a row: the newest month, or the largest sum, first."""
    if row.by == "month":
        return (f"{999_999 - int(row.key.replace('-', '')):06}", row.key)
    return (f"{10**12 - row.credits:013}", row.key)


async def _months(call: CommandCall, count: int) -> list[tuple[str, float, float]]:
    """Name, beginning and end of each month, the newest first, by the clocks of the place."""
    zone = await call.services.timezones.place(call.tenant)
    found, at = [], call.services.clock()
    for _ in range(count):
        begin, end = Period.MONTH.bounds(at, zone)
        local = datetime.fromtimestamp(begin, UTC).astimezone(ZoneInfo(kept_zone(zone)))
        found.append((f"{local:%Y-%m}", begin, end))
        at = begin - 1
    return found


def _keys(one: Charged, by: str, month: str, names: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Under which key a charge is added up, and how that is called; none where it has none of that."""
    key = {
        "command": one.what,
        "person": one.person,
        "route": one.route,
        "draw": one.draw,
        "channel": one.channel,
        "month": month,
    }[by]
    if key:
        yield key, names.get(key, key) if by == "route" else key


async def draw(_call: CommandCall, args: ReportArgs, rows: PageRows[Spent]) -> tuple[Block, ...]:
    """A table of them."""
    return (report_table(args.by, rows.items),)


REPORT: Final = Listing(
    title=lambda _args: msg("Credits spent"),
    fetch=spent,
    identity=lambda row: row.key,
    draw=draw,
    empty=lambda _args: line(
        msg("Nothing was spent that can be told so."), " ", msg("`credits report` tells it by command.")
    ),
    columns=(
        Column("by", lambda row: row.by),
        Column("id", lambda row: row.key),
        Column("name", lambda row: row.name),
        Column("credits", lambda row: row.credits),
        Column("charges", lambda row: row.count),
        Column("credits_not_confirmed", lambda row: row.open),
    ),
)
REPORT_COMMAND: Final = listing_command(
    "credits report",
    REPORT,
    INSIDE_LOCAL,
    "Show what was spent, by command, person, route, draw or month",
    "credits report",
    "credits report person months:3",
)
