"""Looks after webhooks at Xquik: one that it has stopped, or lost, is switched on or made again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.core.cards import Card
from bot.core.errors import BotError
from bot.relay import gap_notices
from bot.relay.registration import HookRegistrar
from bot.storage.database import Database
from bot.storage.hooks import Hook, Hooks
from bot.storage.keys import TenantKeys
from bot.storage.routes import Routes
from bot.storage.watermarks import Member
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
        clock: Callable[[], float],
        wake: Callable[[str], None],
        log: Callable[[str, Member], None],
    ) -> None:
        """wake: called for a lane that a notice was put into. log: told "resumed" or "stopped"."""
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
        standing = await self._connections.reads(key).webhooks()
        ours = next((one for one in standing if _is_ours(one, hook)), None)
        if ours is None and hook.webhook is None:
            return False  # never registered: `setup key` does that, or a person keeps it
        if ours is not None and ours.is_active and ours.delivery_status == ACTIVE:
            return False
        setup = self._connections.setup(key)
        try:
            if ours is None:
                works = (await self._registrar.register(member.tenant, setup)).success
            else:
                works = (await setup.resume_webhook(ours.id)).success
        except BotError:
            works = False
        await self._tell(member, works)
        return True

    async def _tell(self, member: Member, works: bool) -> None:
        self._log("resumed" if works else "stopped", member)
        card: Card = gap_notices.HOOK_RESUMED if works else gap_notices.HOOK_STOPPED
        # Named after the mark: while nothing comes it stays, so one outage is told once.
        at = member.mark.event if member.mark is not None else None
        purpose = f"hook-{'up' if works else 'down'}:{at or 'start'}"
        routes = await self._routes.of_tenant(member.tenant)
        now = self._clock()
        lanes = await self._db.write(
            lambda connection: gap_notices.tell_managers(
                connection, member.tenant, routes, purpose=purpose, card=card, now=now
            )
        )
        for lane in lanes:
            self._wake(lane)


def _is_ours(webhook: Webhook, hook: Hook) -> bool:
    if hook.webhook is not None:
        return webhook.id == hook.webhook
    # Adopted: made by a person at Xquik, and known by the address it delivers to.
    return webhook.url.endswith(f"/hooks/xquik/{hook.id}")
