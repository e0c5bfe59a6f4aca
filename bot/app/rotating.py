"""Rotation of the vault's keys, with a look at who relays: what is sealed anew must stay open to them."""

from __future__ import annotations

from bot.app.wiring import App
from bot.core.errors import VaultError
from bot.storage.engine.relay_lock import relay_lock
from bot.storage.secrets.rotation import Rotated


async def rotate_keys(app: App) -> Rotated:
    """Seal every stored secret under the newest key.

    VaultError, and nothing changed, while a process relays that was started without that key, or when a
    secret cannot be opened. Processes that do not relay hold no lock and are not seen.
    """
    lock = relay_lock(app.settings.storage.url)
    try:
        holder = await lock.who()
    finally:
        await lock.release()
    if holder is not None and not await app.secrets.relay_knows_newest():
        raise VaultError(
            f"The running bot ({holder}) does not have the newest key of `vault.keys` and could no longer "
            "open any secret. Nothing was changed.",
            remedy="Restart every process with both keys in `vault.keys`, the new one first; then run "
            "`xquik-bot keys rotate` again.",
            code="vault_key_not_known",
        )
    return await app.secrets.rotate_all()
