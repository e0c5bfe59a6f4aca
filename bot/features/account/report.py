"""`credits report`: what was spent here, by command, person, route, draw or month, also as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from bot.storage.places.budgets import Sum, SumBy
from bot.storage.places.personal_tables import DELETED

_SUMS: Final = {
    "command": SumBy.COMMAND,
    "person": SumBy.PERSON,
    "route": SumBy.ROUTE,
    "draw": SumBy.DRAW,
    "channel": SumBy.CHANNEL,
}
_BY: Final = {name: name for name in (*_SUMS, "month")}
_MOST_MONTHS: Final = 24
_SHARED: Final = msg("A monitor counts for every route that takes something of it, as in budgets.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportArgs:
    """by: what is added up; months: this one and those before it."""

    by: Annotated[str, Option("What is added up", main=True, choices=_BY)] = "command"
    months: Annotated[int, Option("How many months, this one included", ge=1, le=_MOST_MONTHS)] = 1


async def spent(call: CommandCall, args: ReportArgs, cursor: str, size: int) -> PageRows[Spent]:
    """A page of the sums, the largest first; months in their order, the newest first."""
    months = await _months(call, args.months)
    rows = [
        row
        for month, since, until in (months if args.by == "month" else [_all_of(months)])
        for row in await _sums(call, args.by, month, since, until)
    ]
    note = line(_SHARED) if args.by == "route" and rows else ()
    return page_of(rows, _place, cursor, size, note=note)


async def _sums(call: CommandCall, by: str, month: str, since: float, until: float) -> list[Spent]:
    """The rows of one stretch of time."""
    added = await call.services.budgets.sums(call.tenant, _SUMS.get(by, SumBy.ALL), since, until)
    names: Mapping[str, str] = {}
    if by == "route":
        names = {one.id: one.name for one in await call.services.relay.routes.of_tenant(call.tenant)}
    return [_spent(by, month, one, names) for one in added]


def _spent(by: str, month: str, one: Sum, names: Mapping[str, str]) -> Spent:
    if by == "person" and one.key == DELETED:
        # A word stands there, and nobody who could be named.
        return Spent(by, "", "", one.credits, one.count, one.open)
    key = one.key or month
    return Spent(by, key, names.get(one.key, _said(by, key)), one.credits, one.count, one.open)


def _said(by: str, key: str) -> str:
    """A command as it is written; what was confirmed in an earlier version stands by its kind."""
    return key.replace(".", " ") if by == "command" else key


def _all_of(months: Sequence[tuple[str, float, float]]) -> tuple[str, float, float]:
    """The months as one stretch of time; they are in order, the newest first."""
    return "", months[-1][1], months[0][2]


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
