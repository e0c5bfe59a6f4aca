"""Has the monitors of a tenant report what its routes name: at the start, and after `apply`."""

from __future__ import annotations

from bot.app.wiring import App
from bot.core.chat.ids import TenantId
from bot.core.errors import BotError
from bot.observability.loggers import log
from bot.relay.receiving.monitor_types import ask_for_types


async def ask_monitors(app: App, tenant: TenantId) -> bool:
    """Whether any monitor reports more now. Without a key, and while Xquik does not answer, none does; the
    next start asks again."""
    try:
        if not await app.keys.has_key(tenant):
            return False
        routes = await app.services.relay.routes.of_tenant(tenant)
        return bool(await ask_for_types(await app.services.xquik.of(tenant), routes))
    except BotError as error:
        log("bot.monitors").warning("not asked", tenant=str(tenant), error=type(error).__name__)
        return False
