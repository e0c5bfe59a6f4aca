"""Pausing and resuming a route, or a place, by hand: the change and the word about it in one transaction.

Its places are told, and whoever made the route, unless it is they who did it; somebody else who manages
where they may not see it any more. What is as it was before is told to nobody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.silences import resume_route_button
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.route import Route
from bot.relay.sending import outage_notices
from bot.relay.sending.outage_notices import KeptMessages
from bot.relay.sending.outbox import delivery_key, enqueue_notice, enqueue_tell, lane_of_events
from bot.relay.sending.telling import tell
from bot.storage.engine.database import Database
from bot.storage.relay import outages, pauses
from bot.storage.relay.lost_places import take_left_out

First: TypeAlias = Callable[[AsyncConnection], Awaitable[object]]
"""Done first, inside the same transaction."""


async def pause(db: Database, route: Route, reason: str, *, by: str, now: float) -> tuple[str, ...] | None:
    """Pause a route; the lanes to wake afterwards, None when the route is gone.

    by: the id of who does it, "" when that is not known. now: epoch seconds.
    """

    async def work(connection: AsyncConnection) -> tuple[str, ...] | None:
        change = await pauses.pause(connection, route, reason, now)
        if change != "changed":
            return None if change == "gone" else ()
        card = outage_notices.paused_here(route, reason, now)
        dedup_key = dedup_keys.of_pause(route.id, now)
        # Who made it is told directly, where buttons have no place to act in.
        here = dict.fromkeys(route.open_destinations, replace(card, buttons=(resume_route_button(route),)))
        # What came before stands before it.
        lanes = await _said(connection, here, dedup_key, now, first=False)
        return (*lanes, *await _told(connection, route, card, dedup_key, by, now))

    return await db.write(work)


async def resume(
    db: Database,
    route: Route,
    *,
    by: str,
    now: float,
    first: First | None = None,
    still_lost: Collection[Destination] = (),
) -> tuple[str, ...] | None:
    """Let a route go on, in every place of it; the lanes to wake afterwards, None when it is gone.

    first: what is put into its lanes before anything that comes from then on, in the same transaction; not
    done for a route that no person has paused. still_lost: places that are known not to take messages yet;
    nothing is said or let go on there.
    """
    lanes = tuple(lane_of_events(place) for place in route.destinations if place not in still_lost)

    async def work(connection: AsyncConnection) -> tuple[str, ...] | None:
        if first is not None and await pauses.is_paused_by_person(connection, route):
            await first(connection)
        change = await pauses.resume(connection, route, still_lost)
        if change == "gone":
            return None
        await outages.end_in(connection, lanes)  # what is said here is said once
        lost = [place.destination for place in route.lost]
        places: Iterable[Destination] = route.destinations if change == "changed" else lost
        follows = {place: await _following(connection, place) for place in places if place not in still_lost}
        if not follows:
            return lanes
        here = {place: outage_notices.resumed_here(route, one) for place, one in follows.items()}
        card = outage_notices.resumed_here(route, sum(follows.values(), KeptMessages(0)))
        dedup_key = dedup_keys.of_resumption(route.id, now)
        said = await _said(connection, here, dedup_key, now, first=True)
        return (*lanes, *said, *await _told(connection, route, card, dedup_key, by, now))

    return await db.write(work)


async def place_stopped(
    connection: AsyncConnection, place: Destination, reason: str, now: float
) -> list[str]:
    """Say in a place, and to those who made routes there, that nothing comes; the lanes to wake.

    Inside the transaction that stops it. now: epoch seconds.
    """
    card = outage_notices.stopped_here(place, reason)
    return await _told_all(connection, place, card, dedup_keys.of_stop(now), now)


async def place_goes_on(connection: AsyncConnection, place: Destination, now: float) -> list[str]:
    """The same when it goes on."""
    lane = lane_of_events(place)
    await outages.end_in(connection, [lane])
    card = outage_notices.goes_on_here(place, await _following(connection, place))
    return await _told_all(connection, place, card, dedup_keys.of_going_on(now), now)


async def _following(connection: AsyncConnection, place: Destination) -> KeptMessages:
    lane = lane_of_events(place)
    left_out = await take_left_out(connection, lane)
    return KeptMessages(await outages.following(connection, lane), left_out)


async def _told_all(
    connection: AsyncConnection, place: Destination, card: Card, dedup_key: DedupKey, now: float
) -> list[str]:
    lane = lane_of_events(place)
    told = [await enqueue_notice(connection, place, dedup_key, card, now=now, first=True)]
    named = dedup_keys.of_place(dedup_key, delivery_key(lane, dedup_key))
    makers = await outages.makers(connection, lane)
    return told + await tell(connection, place.tenant, makers, dedup_key=named, card=card, now=now)


async def _said(
    connection: AsyncConnection,
    here: dict[Destination, Card],
    dedup_key: DedupKey,
    now: float,
    *,
    first: bool,
) -> list[str]:
    return [
        await enqueue_notice(connection, place, dedup_key, card, now=now, first=first)
        for place, card in here.items()
    ]


async def _told(
    connection: AsyncConnection, route: Route, card: Card, dedup_key: DedupKey, by: str, now: float
) -> tuple[str, ...]:
    maker = route.created_by
    if not maker or maker == by:
        return ()
    tenant, named = route.destination.tenant, dedup_keys.to_managers(dedup_key, confidential=True)
    return (await enqueue_tell(connection, tenant, maker, dedup_key=named, card=card, now=now),)
