"""Accounts that are found under a username: their ids are kept, and a changed username is said once.

What is found out, and the word about it in each channel whose routes name the account, are one
transaction: a crash repeats neither, and whichever way tells it second tells nothing new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.events.words import now_called
from bot.core.chat.cards import Bold, Card, Text, Tone, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.clocks import Clock
from bot.core.messages.enumerations import first_few
from bot.core.messages.message import msg
from bot.core.ports import Wake
from bot.core.routes import dedup_keys
from bot.core.routes.account_names import Renamed, Sighting, monitored
from bot.core.routes.events import RENAMED_TYPE, Event
from bot.core.routes.muting import Muting
from bot.core.routes.route import Matched, Route, match
from bot.relay.sending.outbox import enqueue_notice
from bot.storage.engine.database import Database
from bot.storage.relay import account_names
from bot.storage.relay.account_names import AccountNames
from bot.storage.relay.mutes import muted_of
from bot.storage.relay.route_rows import load
from bot.storage.tables import routes

# Routes of a place that are called by their names.
_NAMED = 8


class Renaming:
    """Keeps what a tenant knows of accounts up to date."""

    def __init__(self, db: Database, clock: Clock, wake: Wake) -> None:
        """clock: epoch seconds. wake: called for each lane in which something is said."""
        self._db = db
        self._names = AccountNames(db)
        self._clock = clock
        self._wake = wake

    async def seen(self, tenant: TenantId, accounts: Iterable[tuple[str | None, str]]) -> bool:
        """Accounts that Xquik says it watches, each with X's id and its username; whether that was news."""
        found = monitored(accounts, self._clock())
        if not found or not (await self._names.following(tenant)).taking(found):
            return False
        return await self.take(tenant, found)

    async def take(
        self, tenant: TenantId, sightings: Sequence[Sighting], posted: Sequence[Event] = ()
    ) -> bool:
        """Keep what sightings tell, and say what has changed; whether anything has.

        posted: those among the events at hand that are posted where they are routed to.
        """
        now = self._clock()
        renames = [event for event in posted if event.type == RENAMED_TYPE]

        async def work(connection: AsyncConnection) -> list[str] | None:
            await self._db.serialised(connection, f"routes:{tenant}")
            changes = (await account_names.following(connection, str(tenant))).taking(sightings)
            if not changes:
                return None
            await account_names.store(connection, tenant, changes)
            if not changes.renamed:
                return []
            return await _said(connection, tenant, changes.renamed, renames, now)

        lanes = await self._db.write(work)
        for lane in lanes or ():
            self._wake(lane)
        return lanes is not None


async def _said(
    connection: AsyncConnection,
    tenant: TenantId,
    renamed: Sequence[Renamed],
    renames: Sequence[Event],
    now: float,
) -> list[str]:
    known = [one.route for one in await load(connection, routes.c.tenant == str(tenant))]
    muting = Muting(
        [(one.channel, one.account, one.account_id) for one in await muted_of(connection, tenant)]
    )
    lanes = []
    for one in renamed:
        # Where the event itself is posted, it says so.
        telling = [event for event in renames if event.account_id == one.after.id]
        for place, following in _places(known, one).items():
            if place.channel in muting.of_account(one.after.id, one.after.name):
                continue
            if any(_posts(known, muting, place, event) for event in telling):
                continue
            dedup_key = dedup_keys.of_renaming(one.after.id, one.after.since)
            card = renamed_card(one, [route.name for route in following])
            lanes.append(await enqueue_notice(connection, place, dedup_key, card, now=now, first=False))
    return lanes


def renamed_card(one: Renamed, names: Sequence[str]) -> Card:
    """The word about it in a channel. names: of the routes that follow the account there."""
    shown = first_few([Bold(name) for name in names], _NAMED)
    said = (
        msg("The route {names} follows the account under its new name.", names=shown)
        if len(names) == 1
        else msg("The routes {names} follow the account under its new name.", names=shown)
    )
    return Card(now_called(one.before.name, one.after.name), (Text(line(said)),), Tone.INFO)


def _places(known: Sequence[Route], one: Renamed) -> dict[Destination, list[Route]]:
    found: defaultdict[Destination, list[Route]] = defaultdict(list)
    for route in known:
        if route.collects and any(account.id == one.after.id for account in route.followed):
            for place in route.open_destinations:
                found[place].append(route)
    return found


def _posts(known: Sequence[Route], muting: Muting, place: Destination, event: Event) -> bool:
    if muting.hides(place.channel, event):
        return False
    return any(place in route.destinations and isinstance(match(route, event), Matched) for route in known)
