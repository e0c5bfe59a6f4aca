"""Looks after webhooks at Xquik: one that it has stopped, or lost, is switched on or made again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card
from bot.core.clocks import Clock
from bot.core.errors import BotError
from bot.core.ports import Wake
from bot.core.routes import dedup_keys
from bot.core.routes.dedup_keys import DedupKey
from bot.relay.observing import MemberLog
from bot.relay.receiving import gap_notices
from bot.relay.receiving.registration import HookRegistrar
from bot.relay.sending.telling import tell
from bot.storage.engine.database import Database
from bot.storage.intake import hook_outages
from bot.storage.intake.hook_outages import HookOutage
from bot.storage.intake.hooks import Hook, Hooks
from bot.storage.intake.watermarks import Member
from bot.storage.relay.routes import Routes
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.connections import Connections
from bot.xquik.models import Webhook

ACTIVE: Final = "active"


class HookWatch:
    """Asks Xquik how the webhook of a tenant does."""

    def __init__(
        self,
        db: Database,
        hooks: Hooks,
        routes: Routes,
        registrar: HookRegistrar,
        connections: Connections,
        keys: TenantKeys,
        *,
        clock: Clock,
        wake: Wake,
        log: MemberLog,
    ) -> None:
        """wake: called for a lane that a notice was put into. log: told "resumed",
        "stopped", or "delivering" when somebody else brought an end to what had stopped."""
        self._db = db
        self._hooks = hooks
        self._routes = routes
        self._registrar = registrar
        self._connections = connections
        self._keys = keys
        self._clock = clock
        self._wake = wake
        self._log = log

    async def look(self, member: Member) -> bool:
        """Whether deliveries had stopped. Then they are on again, or those who can help know.

        Raises what `Transport.request` raises for the question itself.
        """
        hook = await self._hooks.of(member.tenant)
        if hook is None:
            return False
        key = await self._keys.key(member.tenant)
        standing = await self._connections.client(key).webhooks.list()
        ours = next((one for one in standing if is_ours(one, hook)), None)
        if ours is None and hook.webhook is None:
            return False  # never registered: `setup key` does that, or a person keeps it
        if ours is not None and ours.is_active and ours.delivery_status == ACTIVE:
            await self._goes_on(member, hook)
            return False
        xquik = self._connections.client(key)
        try:
            if ours is None:
                works = (await self._registrar.register(member.tenant, xquik.webhooks)).success
            else:
                works = (await xquik.webhooks.resume(ours.id)).success
        except BotError:
            works = False
        self._log("resumed" if works else "stopped", member)
        if works:
            await self._resumed(member, hook)
        else:
            await self._stopped(member, hook)
        return True

    async def _goes_on(self, member: Member, hook: Hook) -> None:
        """It delivers. Where people were told that it does not, they are told that it does."""
        outage = await self._outage(member, hook)
        if outage is None:
            return
        self._log("delivering", member)
        await self._end(member, outage, gap_notices.HOOK_BACK)

    async def _resumed(self, member: Member, hook: Hook) -> None:
        outage = await self._outage(member, hook)
        if outage is not None:
            await self._end(member, outage, gap_notices.HOOK_RESUMED)
            return
        # Named after the mark: while nothing comes it stays, so what is told is told once.
        at = member.mark.event if member.mark is not None else None
        await self._tell_managers(member, dedup_keys.of_hook_up(at), gap_notices.HOOK_RESUMED)

    async def _stopped(self, member: Member, hook: Hook) -> None:
        """Told once, and kept in mind until it is over."""
        if await self._outage(member, hook) is None:
            name = f"{self._clock():.6f}"
            await self._tell_managers(
                member, dedup_keys.of_hook_down(name), gap_notices.HOOK_STOPPED, (hook, name)
            )

    async def _outage(self, member: Member, hook: Hook) -> HookOutage | None:
        """What those who can help were told of and is not over; of another address it means nothing."""
        outage = await hook_outages.standing(self._db, member.tenant)
        return outage if outage is not None and outage.hook == hook.id else None

    async def _tell_managers(
        self, member: Member, dedup_key: DedupKey, card: Card, begins: tuple[Hook, str] | None = None
    ) -> None:
        """begins: the hook and name of the outage that begins with it."""
        tenant, now = member.tenant, self._clock()
        routes = await self._routes.of_tenant(tenant)

        async def work(connection: AsyncConnection) -> list[str]:
            if begins is not None:
                hook, name = begins
                outage = HookOutage(hook.id, name, gap_notices.managers(routes))
                await hook_outages.begin(connection, tenant, outage)
            return await gap_notices.tell_managers(
                connection, tenant, routes, dedup_key=dedup_key, card=card, now=now
            )

        await self._write(work)

    async def _end(self, member: Member, outage: HookOutage, card: Card) -> None:
        """Tell the same people that it is over, and forget it, in one step."""
        tenant, now, dedup_key = member.tenant, self._clock(), dedup_keys.of_hook_back(outage.name)

        async def work(connection: AsyncConnection) -> list[str]:
            await hook_outages.end(connection, tenant)
            return await tell(connection, tenant, outage.people, dedup_key=dedup_key, card=card, now=now)

        await self._write(work)

    async def _write(self, work: Callable[[AsyncConnection], Awaitable[list[str]]]) -> None:
        for lane in await self._db.write(work):
            self._wake(lane)


def is_ours(webhook: Webhook, hook: Hook) -> bool:
    """Whether a webhook at Xquik is the one that delivers to the hook."""
    if hook.webhook is not None:
        return webhook.id == hook.webhook
    # Adopted: made by a person at Xquik, and known by the address it delivers to.
    return webhook.url.endswith(f"/hooks/xquik/{hook.id}")
