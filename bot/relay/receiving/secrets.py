"""The signing secrets of hooks in the vault: the current one and, while it is rotated, the one before."""

from __future__ import annotations

from pydantic import SecretStr

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.relay.receiving.hook_keys import HookKey
from bot.storage.intake.hooks import Hooks
from bot.storage.secrets.tenant_secrets import Secrets

# Seconds for which the secret before still signs: what was signed with it may be retried so long.
GRACE = 24 * 3600.0
# Seconds by which the clocks of two machines may differ.
CLOCKS_APART = 300.0


class HookSecrets:
    """Reads and replaces the secrets of hooks."""

    def __init__(self, hooks: Hooks, secrets: Secrets, clock: Clock) -> None:
        self._hooks = hooks
        self._secrets = secrets
        self._clock = clock

    async def load(self, hook: str) -> HookKey | None:
        """Whose the hook is and what signs for it; None when there is no such hook."""
        found = await self._hooks.find(hook)
        if found is None:
            return None
        held = [await self.current(found.tenant, hook), await self._previous(found.tenant, hook)]
        secrets = tuple(s.get_secret_value().encode() for s in held if s is not None)
        return HookKey(hook, found.tenant, secrets)

    async def current(self, tenant: TenantId, hook: str) -> SecretStr | None:
        """The secret that signs now."""
        return await self._secrets.get(tenant, f"webhook:{hook}")

    async def replace(self, tenant: TenantId, hook: str, secret: SecretStr) -> None:
        """Store a new secret; the one before holds for `GRACE` seconds more."""
        old = await self.current(tenant, hook)
        if old is not None and old.get_secret_value() != secret.get_secret_value():
            until = int(self._clock() + GRACE)
            kept = SecretStr(f"{until} {old.get_secret_value()}")
            await self._secrets.put(tenant, f"webhook-previous:{hook}", kept)
        await self._secrets.put(tenant, f"webhook:{hook}", secret)

    async def forget(self, tenant: TenantId, hook: str) -> None:
        """Remove both; deliveries to the hook are turned away from then on."""
        await self._secrets.forget(tenant, f"webhook:{hook}")
        await self._secrets.forget(tenant, f"webhook-previous:{hook}")

    async def _previous(self, tenant: TenantId, hook: str) -> SecretStr | None:
        kept = await self._secrets.get(tenant, f"webhook-previous:{hook}")
        if kept is None:
            return None
        until, _, secret = kept.get_secret_value().partition(" ")
        left = float(until) - self._clock()
        # More than it ever had is left where the clock was set back.
        return SecretStr(secret) if 0 < left <= GRACE + CLOCKS_APART else None
