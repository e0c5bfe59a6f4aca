"""Looks at one tenant: which of its places are quiet and why, and tells of what is new or over, once.

What is told stands in the database, in one transaction with the messages that tell it, so neither a restart
nor a second process says it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards import silences as cards
from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.errors import BotError, KeyRejected, OutOfCredits
from bot.core.ports import Wake
from bot.core.routes import dedup_keys
from bot.core.routes.route import Route
from bot.core.routes.silences import Silence, SilenceCause
from bot.relay.observing import MemberLog
from bot.relay.sending.outbox import enqueue_notice, place_of_lane
from bot.relay.sending.telling import tell
from bot.relay.watching.comparing import SilenceChange, changes
from bot.relay.watching.hidden import hidden_accounts
from bot.relay.watching.missing import missing
from bot.relay.watching.seeing import QuietPlaces, Sight, everywhere, in_place, seen
from bot.storage.engine.database import Database
from bot.storage.intake import hook_outages
from bot.storage.intake.hooks import Hooks
from bot.storage.intake.watermarks import Member
from bot.storage.places import watched_monitors
from bot.storage.relay import silences
from bot.storage.relay.routes import Routes
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.connections import Connections
from bot.xquik.models import AnyMonitor

AccountsNamed: TypeAlias = Callable[[TenantId, Sequence[tuple[str | None, str]]], Awaitable[bool]]
"""Told the ids and usernames of accounts that were seen; whether one was renamed."""


KeyRefused: TypeAlias = Callable[[Member], Awaitable[None]]
"""Told that Xquik refused the key of a member."""


class SilenceWatch:
    """Asks Xquik how monitors and credits do, and reads what else is known of a tenant."""

    def __init__(
        self,
        db: Database,
        hooks: Hooks,
        routes: Routes,
        connections: Connections,
        keys: TenantKeys,
        *,
        named: AccountsNamed,
        refused: KeyRefused,
        clock: Clock,
        wake: Wake,
        log: MemberLog,
    ) -> None:
        """named: told of the accounts that Xquik watches, each with X's id and its username; whether that was
        news. refused: notes that Xquik refused a member's key. clock: epoch seconds. wake: called for a lane
        that something was put into. log: told "quiet: <cause>" and "over: <cause>"."""
        self._db = db
        self._hooks = hooks
        self._routes = routes
        self._connections = connections
        self._keys = keys
        self._named = named
        self._refused = refused
        self._clock = clock
        self._wake = wake
        self._log = log
        self._lasts: dict[TenantId, float] = {}

    @property
    def shortest(self) -> float | None:
        """Seconds until the first of all tenants has no credits left, as far as was seen; None where nothing
        uses any."""
        return min(self._lasts.values(), default=None)

    def keep(self, tenants: Sequence[TenantId]) -> None:
        """Forget what is remembered of all others."""
        for tenant in self._lasts.keys() - set(tenants):
            del self._lasts[tenant]

    async def look(self, member: Member) -> None:
        """One look. StorageUnavailable; what Xquik does not answer is left as it was."""
        tenant = member.tenant
        routes = await self._routes.of_tenant(tenant)
        stored = await silences.standing(self._db, tenant)
        sight = await self._seen(member, routes, stored)
        if sight.lasts is None:
            self._lasts.pop(tenant, None)
        else:
            self._lasts[tenant] = sight.lasts
        now = self._clock()
        for change in changes(tenant, stored, sight, now):
            await self._tell(member, change, sight, now)

    async def _seen(self, member: Member, routes: tuple[Route, ...], stored: Sequence[Silence]) -> Sight:
        now = self._clock()
        sight = await self._at_xquik(member, routes, stored, now)
        outage = await hook_outages.standing(self._db, member.tenant)
        hook = await self._hooks.of(member.tenant)
        late: list[QuietPlaces] = []
        if outage is not None and hook is not None and outage.hook == hook.id:
            late.append(everywhere(SilenceCause.WEBHOOK, routes, outage.since or now))
        return sight.with_found(late, [SilenceCause.WEBHOOK])

    async def _at_xquik(
        self, member: Member, routes: tuple[Route, ...], stored: Sequence[Silence], now: float
    ) -> Sight:
        if member.refused:
            return _whole(SilenceCause.KEY, routes, now, known=(SilenceCause.KEY,))
        key = await self._keys.key(member.tenant)
        xquik = self._connections.client(key)
        try:
            monitors, keywords, posts, account = await asyncio.gather(
                xquik.monitors.list(),
                xquik.keyword_monitors.list(),
                xquik.post_monitors.list(),
                xquik.account.show(),
            )
            standing = [one.subject.removeprefix("account:") for one in stored]
            hidden = await hidden_accounts(xquik, monitors, standing, now)
        except KeyRejected:
            await self._refused(member)
            return _whole(SilenceCause.KEY, routes, now, known=(SilenceCause.KEY,))
        except OutOfCredits:
            return _whole(SilenceCause.CREDITS, routes, now, known=(SilenceCause.CREDITS, SilenceCause.KEY))
        except BotError:
            return Sight({}, frozenset(), routes=routes)
        if await self._named(member.tenant, [(one.x_user_id, one.username) for one in monitors]):
            # Routes show what accounts are called now.
            routes = await self._routes.of_tenant(member.tenant)
        low = any(one.cause is SilenceCause.LOW for one in stored)
        every: tuple[AnyMonitor, ...] = (*monitors, *keywords, *posts)
        sight = seen(every, account, routes, hidden=hidden, low=low, now=now)
        known = await watched_monitors.known(self._db, member.tenant)
        missed = missing(known, every, routes, member.key_at, now)
        if missed.seen or missed.gone:
            await watched_monitors.note(self._db, member.tenant, missed.seen, missed.gone)
        return sight.with_found(missed.found, ())

    async def _tell(self, member: Member, change: SilenceChange, sight: Sight, now: float) -> None:
        """Store the change, and tell of it, in one transaction."""
        tenant = member.tenant

        async def work(connection: AsyncConnection) -> list[str] | None:
            if not await _stored(connection, tenant, change):
                return None
            lanes = await _said(connection, change, sight, now)
            return lanes + await _told(connection, tenant, change, sight, now)

        lanes = await self._db.write(work)
        if lanes is None:
            return  # another process was quicker
        if change.before is None or change.after is None:
            self._log(f"{'over' if change.after is None else 'quiet'}: {change.silence.cause}", member)
        for lane in lanes:
            self._wake(lane)


def _whole(
    cause: SilenceCause, routes: Sequence[Route], now: float, *, known: tuple[SilenceCause, ...]
) -> Sight:
    found = everywhere(cause, routes, now)
    return Sight({found.key: found}, frozenset(known), routes=routes)


async def _stored(connection: AsyncConnection, tenant: TenantId, change: SilenceChange) -> bool:
    if change.before is None:
        return change.after is not None and await silences.begin(connection, tenant, change.after)
    if change.after is None:
        return await silences.end(connection, tenant, change.before)
    return await silences.change(connection, tenant, change.before, change.after)


async def _said(connection: AsyncConnection, change: SilenceChange, sight: Sight, now: float) -> list[str]:
    """In the places themselves, behind what waits there."""
    one, lanes = change.silence, []
    for places, key in (
        (change.over, dedup_keys.of_silence_over(one.id, now)),
        (change.quiet, dedup_keys.of_silence(one.id, now)),
    ):
        for place in places:
            to = place_of_lane(place)
            if to is None:
                continue
            here = tuple(what for what in one.watched if in_place(sight.routes, place)(what))
            whole = not any(map(in_place(sight.routes, place), sight.live))
            card = (
                cards.over_here(one, here)
                if places is change.over
                else cards.quiet_here(one, here, all_of_it=whole)
            )
            lanes.append(await enqueue_notice(connection, to, key, card, now=now, first=False))
    return lanes


async def _told(
    connection: AsyncConnection, tenant: TenantId, change: SilenceChange, sight: Sight, now: float
) -> list[str]:
    """To those who can help."""
    if not change.managers:
        return []
    one = change.silence
    makers = _makers(one, sight)
    if change.after is None:
        return await tell(
            connection,
            tenant,
            makers,
            dedup_key=dedup_keys.of_silence_over(one.id),
            card=cards.over(one),
            now=now,
        )
    return await tell(
        connection,
        tenant,
        makers,
        dedup_key=dedup_keys.of_silence(one.id),
        card=cards.trouble(one, lasts=sight.lasts),
        in_channel=cards.trouble_in_channel(one),
        now=now,
    )


def _makers(one: Silence, sight: Sight) -> list[str]:
    """Of the routes that lead to the places concerned."""
    concerned = [
        route
        for route in sight.routes
        if not one.places or any(str(place) in one.places for place in route.destinations)
    ]
    return sorted({route.created_by for route in concerned if route.created_by})
