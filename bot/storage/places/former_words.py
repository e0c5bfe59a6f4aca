"""Words under which the charges of somebody stand whose data was deleted.

They are the same for the same person of a place, so that a budget that is set for them later counts what they
used of its period; without a key that the vault keeps they tell nobody who it was.
"""

from __future__ import annotations

import hmac
import secrets as random
from typing import Final

from pydantic import SecretStr

from bot.core.chat.ids import TenantId
from bot.storage.places.former_people import PREFIX
from bot.storage.secrets.tenant_secrets import Secrets

FIELD: Final = "former.people"
"""The secret of a place that words are made with."""
_HALF: Final = 24  # hexadecimal digits


class FormerWords:
    """Over the secrets of places."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    async def of(self, tenant: TenantId, person: str) -> str:
        """The word of a person. VaultError where the key cannot be opened."""
        key = await self._secrets.kept(tenant, FIELD, lambda: SecretStr(random.token_hex(32)))
        made = hmac.new(key.get_secret_value().encode(), person.encode(), "sha256")
        return PREFIX + made.hexdigest()[:_HALF]
