"""Secrets of tenants at rest: ciphertext of the vault, and a hint of what may be shown."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Insert, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.ports import Remember, not_remembered
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.engine.statements import adding, count, putting
from bot.storage.secrets.rotation import Rotated, rotate
from bot.storage.secrets.vault import Vault
from bot.storage.tables import facts, secrets

# Something sealed at the first start, which every later start must be able to open.
CANARY = "vault.canary"
_CANARY_TEXT = "the vault opens"  # no message: sealed, and compared
# The marks of the keys that the process that relays was started with, a space between.
RELAY_KEYS = "relay.vault_keys"


_ADD_FACT = adding(facts)
_PUT = putting(secrets)
_ADD = adding(secrets)


class Secrets:
    """Keeps secrets by tenant and field ("xquik.key", "hook.secret"). clock: epoch seconds.

    remember: told of each one that was given or opened, for the log to leave it out.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        remember: Remember = not_remembered,
    ) -> None:
        self._database = database
        self._vault = self.vault = vault
        self._clock = clock
        self._remember = remember

    def hear(self, secret: SecretStr) -> SecretStr:
        """The secret, of which the log knows from now on, whether it is stored or not."""
        # Some are kept with a word before them, like the time until which they hold.
        for word in secret.get_secret_value().split():
            self._remember(word)
        return secret

    async def put(self, tenant: TenantId, field: str, secret: SecretStr, hint: str = "") -> None:
        """Store a secret in place of the one before. hint: what may be shown of it, or nothing."""
        self.hear(secret)
        await self._write(_PUT[self._database.dialect], tenant, field, secret, hint)

    async def get(self, tenant: TenantId, field: str) -> SecretStr | None:
        """The secret, None when there is none; VaultError when the vault does not open it."""
        query = select(secrets.c.ciphertext).where(*_is(tenant, field))

        async def work(connection: AsyncConnection) -> bytes | None:
            return (await connection.execute(query)).scalar_one_or_none()

        ciphertext = await self._database.read(work)
        if ciphertext is None:
            return None
        return self.hear(self._vault.open(str(tenant), field, ciphertext))

    async def kept(self, tenant: TenantId, field: str, make: Callable[[], SecretStr]) -> SecretStr:
        """The secret that stands there; where there is none, a new one, which of two that make one at the
        same moment is the same for both. VaultError when the vault does not open it."""
        while (found := await self.get(tenant, field)) is None:
            await self._write(_ADD[self._database.dialect], tenant, field, make())
        return found

    async def _write(
        self, statement: Insert, tenant: TenantId, field: str, secret: SecretStr, hint: str = ""
    ) -> None:
        row = {
            "tenant": str(tenant),
            "field": field,
            "ciphertext": self._vault.seal(str(tenant), field, secret),
            "hint": hint,
            "updated_at": self._clock(),
        }
        await self._database.change(lambda connection: connection.execute(statement, row))

    async def hint(self, tenant: TenantId, field: str) -> str | None:
        """What may be shown of the secret, None when there is none. Needs no vault key."""

        async def work(connection: AsyncConnection) -> str | None:
            query = select(secrets.c.hint).where(*_is(tenant, field))
            return (await connection.execute(query)).scalar_one_or_none()

        return await self._database.remembered.get(("hint", str(tenant), field), work)

    async def forget(self, tenant: TenantId, field: str) -> bool:
        """Remove the secret; False when there was none."""
        statement = delete(secrets).where(*_is(tenant, field))
        return await self._database.change(lambda connection: count(connection, statement)) > 0

    async def tell_relay_keys(self) -> None:
        """Leave word of the keys that this process knows, which is the one that relays from now on."""
        await StoredKeyValues(self._database).put(RELAY_KEYS, " ".join(self._vault.marks))

    async def relay_knows_newest(self) -> bool:
        """Whether the process that relays, or did last, can open what our newest key seals."""
        told = await StoredKeyValues(self._database).get(RELAY_KEYS)
        return self._vault.marks[0] in (told or "").split()

    async def rotate_all(self) -> Rotated:
        """Seal everything stored under the newest key.

        VaultError, saying how many, when some cannot be opened: then nothing is changed.
        """
        return await rotate(self._database, self._vault)

    async def verify_vault(self) -> None:
        """Check at the start that the vault is the one used before; VaultError when it is not.

        At the very first start there is nothing to compare with, and a canary is stored.
        """
        stored = await self._canary()
        if stored is None:
            # Secrets without a canary were stored by a vault too; none of them may be cut off.
            await self._open_any()
            sealed = self._vault.seal("", CANARY, SecretStr(_CANARY_TEXT)).decode()
            row = {"key": CANARY, "value": sealed}
            await self._database.write(lambda c: c.execute(_ADD_FACT[self._database.dialect], row))
            stored = await self._canary()
        self._vault.open("", CANARY, (stored or "").encode())

    async def _canary(self) -> str | None:
        query = select(facts.c.value).where(facts.c.key == CANARY)

        async def work(connection: AsyncConnection) -> str | None:
            return (await connection.execute(query)).scalar_one_or_none()

        return await self._database.read(work)

    async def _open_any(self) -> None:
        query = select(secrets.c.tenant, secrets.c.field, secrets.c.ciphertext).limit(1)

        async def work(connection: AsyncConnection) -> tuple[str, str, bytes] | None:
            row = (await connection.execute(query)).first()
            return None if row is None else (row.tenant, row.field, row.ciphertext)

        found = await self._database.read(work)
        if found is not None:
            self._vault.open(*found)


def _is(tenant: TenantId, field: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return secrets.c.tenant == str(tenant), secrets.c.field == field
