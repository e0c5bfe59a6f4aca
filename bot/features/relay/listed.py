"""`relay list`: the routes by name; without VIEW the names of those that lead to this channel."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from msgspec import structs

from bot.cards.routes.gaps import gaps_in_words, unasked_text
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
from bot.features.shared.fed_routes import feedings


async def routes(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[RouteRow]:
    """A page of the routes that the person may see now, with the last success, what waits and whether
    anything comes to them."""
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
    page = page_of(rows, _key, cursor, size)
    found = await feedings(call, [one.route for one in page.items])
    return replace(
        page, items=tuple(structs.replace(one, feeding=found.get(one.route.id)) for one in page.items)
    )


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
    if not rows.items:
        return PageFrame()
    if not await call.services.keys.has_key(call.tenant):
        return PageFrame(above=(keyless_text(),), tone=Tone.WARNING)
    unknown = any(one.feeding is None for one in rows.items)
    unfed = any(one.feeding is not None and one.feeding.gaps for one in rows.items)
    below = (unasked_text(),) if unknown else ()
    return PageFrame(below=below, tone=Tone.WARNING if unfed else Tone.INFO)


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
        Column("gaps", lambda row: None if row.feeding is None else gaps_in_words(row.feeding)),
    ),
)
