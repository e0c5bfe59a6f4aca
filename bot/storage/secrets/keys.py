"""The Xquik key of each tenant, in the vault."""

from __future__ import annotations

from pydantic import SecretStr

from bot.core.chat.ids import TenantId
from bot.core.errors import NotConfigured
from bot.storage.secrets.tenant_secrets import Secrets

FIELD = "xquik.key"
# A key shorter than this shows nothing: its ends would be too much of it.
_SHOWN_FROM = 16


class TenantKeys:
    """Implements `bot.core.ports.Keys`."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    async def has_key(self, tenant: TenantId) -> bool:
        """True when one is stored."""
        return await self._secrets.hint(tenant, FIELD) is not None

    async def key(self, tenant: TenantId) -> SecretStr:
        """The key; NotConfigured when there is none, VaultError when it cannot be opened."""
        found = await self._secrets.get(tenant, FIELD)
        if found is None:
            msg = "No Xquik key has been set up here yet."
            raise NotConfigured(msg, code="no_key")
        return found

    def hear(self, key: SecretStr) -> None:
        """Keep a key out of the log that somebody has typed, before anything is done with it."""
        self._secrets.hear(key)

    async def put(self, tenant: TenantId, key: SecretStr) -> None:
        """Store a key in place of the one before."""
        await self._secrets.put(tenant, FIELD, key, hint_of(key))

    async def forget(self, tenant: TenantId) -> bool:
        """Remove the key; False when there was none."""
        return await self._secrets.forget(tenant, FIELD)

    async def hint(self, tenant: TenantId) -> str | None:
        """What may be shown of the key ("xq_12a…cd"); None when there is none."""
        return await self._secrets.hint(tenant, FIELD)


def hint_of(secret: SecretStr) -> str:
    """What may be shown of a secret, so that its owner knows which it is: "xq_12a…cd"."""
    text = secret.get_secret_value()
    if len(text) < _SHOWN_FROM:
        return "…"
    return f"{text[:6]}…{text[-2:]}"
