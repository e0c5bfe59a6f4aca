"""`xquik-bot migrate --from`: an installation on SQLite becomes one on PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.app.opening import storage_url_named
from bot.core.errors import DatabaseUnusable, NotMigrated
from bot.core.ports import Remember
from bot.settings import Settings, SettingsError
from bot.storage.engine.addresses import address
from bot.storage.engine.database import Database
from bot.storage.engine.relay_lock import relay_lock
from bot.storage.migrate import migrate, require
from bot.storage.moving.marks import forget_move, moved_to
from bot.storage.moving.move import Moved, TableCopied, move
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault


async def move_into(settings: Settings, source: str, remember: Remember, copied: TableCopied) -> Moved:
    """Copy the SQLite file that `source` names (sqlite:///FILE) into the database of storage.url.

    SettingsError where one of the two is of another kind; NotMigrated for a file that is not there or has
    older tables; VaultError where vault.keys do not open its secrets; DatabaseUnusable as `move` says, and
    while a bot runs on PostgreSQL already.
    """
    file = _file(source)
    _require_postgresql(settings)
    await _require_ours(file, source, settings, remember)
    lock = relay_lock(settings.storage.url)
    try:
        with storage_url_named():
            holder = await lock.take()
        if holder is not None:
            raise DatabaseUnusable(
                f"A bot runs on the database of storage.url already ({holder}).",
                remedy="Nothing was changed. Stop it, or name an empty database in storage.url.",
                code="in_use",
            )
        with storage_url_named():
            await migrate(settings.storage.url)
            return await asyncio.to_thread(move, file, settings.storage.url, copied)
    finally:
        await lock.release()


async def take_back(settings: Settings) -> str | None:
    """Let a bot start again on the file of storage.url, which was moved; where to, None where it was not.

    SettingsError where storage.url names no file; NotMigrated for a file that is not there.
    """
    if address(settings.storage.url).get_backend_name() != "sqlite":
        raise SettingsError(
            "storage.url names no SQLite file, and only such a file is marked as moved.",
            remedy="Set storage.url to the file that you want to go back to.",
        )
    with storage_url_named():
        database = await Database.open(settings.storage.url, make=False)
    try:
        where = await moved_to(database)
        if where is not None:
            await forget_move(database)
        return where
    finally:
        await database.close()


def _file(source: str) -> Path:
    try:
        parsed = address(source)
    except ValueError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite":
        raise SettingsError(
            "--from names a SQLite file: sqlite:///data/bot.db (four slashes for an absolute path).",
            remedy="It is the storage.url that the bot has had until now.",
        )
    return Path(str(parsed.database))


def _require_postgresql(settings: Settings) -> None:
    if address(settings.storage.url).get_backend_name() != "postgresql":
        raise SettingsError(
            "storage.url names a SQLite file; `migrate --from` copies into PostgreSQL.",
            remedy="Set storage.url to postgresql://USER:PASSWORD@HOST/DATABASE, an empty database.",
        )


async def _require_ours(file: Path, source: str, settings: Settings, remember: Remember) -> None:
    """That the file has the tables of this version, and secrets that these keys open."""
    database = await Database.open(source, make=False)
    try:
        try:
            await require(database, exactly=True)  # tables that this version does not know would be lost
        except NotMigrated as error:
            raise NotMigrated(
                f"{file}: {error.detail}",
                remedy="Run `xquik-bot migrate` of this version with storage.url on that file first.",
                code=error.code,
            ) from None
        await Secrets(database, Vault(settings.vault.keys), time.time, remember).verify_vault()
    finally:
        await database.close()
