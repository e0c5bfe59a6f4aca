"""`relay list`: the routes by name; without VIEW the names of those that lead to this channel."""

from __future__ import annotations

from typing import Final

from bot.cards.routes.routes import (
    NO_ROUTES,
    RouteRow,
    keyless_text,
    names_note,
    names_table,
    route_filter,
    routes_blocks,
)
from bot.core.access import Permission, allows
from bot.core.chat.cards import Block, Tone, line
from bot.core.commands.declaring import NoArgs
from bot.core.commands.listing import Column, Listing, PageFrame, PageRows, page_of
from bot.core.commands.permits import held
from bot.core.messages.message import msg
from bot.features.services import CommandCall, here


async def routes(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[RouteRow]:
    """A page of the routes that the person may see now, with the last success and what waits."""
    if not await _sees(call):
        return page_of(await _named(call), _key, cursor, size)
    standings = await call.services.relay.routes.list(call.tenant)
    waiting = await call.services.relay.deliveries.waiting(call.tenant)
    rows = [
        RouteRow(
            one.route,
            one.last_success_at,
            sum(waiting.get(str(place), 0) for place in one.route.destinations),
            one.last_failure,
        )
        for one in standings
    ]
    return page_of(rows, _key, cursor, size)


async def _named(call: CommandCall) -> list[RouteRow]:
    channel, known = here(call).channel, await call.services.relay.routes.of_tenant(call.tenant)
    return [
        RouteRow(one, named=True)
        for one in known
        if any(place.channel == channel for place in one.destinations)
    ]


async def _sees(call: CommandCall) -> bool:
    return allows(await held(call.services.grants, call.invocation), Permission.VIEW)


def _key(row: RouteRow) -> tuple[str, ...]:
    return (row.route.name, row.route.id)


async def draw(_call: CommandCall, _args: NoArgs, rows: PageRows[RouteRow]) -> tuple[Block, ...]:
    """A table of them."""
    return (names_table(rows.items),) if rows.items[0].named else routes_blocks(rows.items)


async def frame(call: CommandCall, _args: NoArgs, rows: PageRows[RouteRow]) -> PageFrame:
    """What is missing, for who may see it."""
    if rows.items[0].named if rows.items else not await _sees(call):
        empty = line(msg("No route sends here."))
        return PageFrame(title=msg("Routes of this channel"), empty=empty, below=(names_note(),))
    if not rows.items or await call.services.keys.has_key(call.tenant):
        return PageFrame()
    return PageFrame(above=(keyless_text(),), tone=Tone.WARNING)


ROUTES: Final = Listing(
    title=lambda _args: msg("Routes"),
    fetch=routes,
    identity=lambda row: row.route.id,
    draw=draw,
    empty=lambda _args: NO_ROUTES,
    frame=frame,
    size=8,
    columns=(
        Column("route", lambda row: row.route.name),
        Column(
            "channels", lambda row: "" if row.named else " ".join(p.channel for p in row.route.destinations)
        ),
        Column("takes", lambda row: "" if row.named else route_filter(row.route)),
        Column("paused", lambda row: None if row.named else row.route.paused_reason),
        Column("waiting", lambda row: None if row.named else row.waiting),
        Column("last_failure", lambda row: row.last_failure),
    ),
)
