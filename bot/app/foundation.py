"""What every part of one process stands on: settings, database, secrets, time, and who is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from random import SystemRandom

import msgspec

from bot.app.observing import Telling, watch
from bot.app.opening import storage_url_named
from bot.core.clocks import Clock
from bot.core.ports import Remember
from bot.jobs.on_asyncio import AsyncioJobs
from bot.jobs.periodic import Jobs, Periodic
from bot.observability.figures import BotMetrics
from bot.observability.jobs import JobFigures
from bot.observability.loggers import log
from bot.settings import Settings
from bot.storage.engine.database import Database
from bot.storage.intake.store_messages import StoreBegin
from bot.storage.intake.store_process import StoreProcess
from bot.storage.migrate import HEAD, migrate, newer, pending, require
from bot.storage.moving.marks import require_not_moved, require_whole
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault


class Foundation(msgspec.Struct, frozen=True):
    """clock: epoch seconds. watch: who is told. remember: told of every secret, for the log. apart: the
    process that stores deliveries, where there is one."""

    settings: Settings
    database: Database
    vault: Vault
    secrets: Secrets
    clock: Clock
    figures: BotMetrics
    watch: Telling
    remember: Remember
    apart: StoreProcess | None

    def jobs(self, work: Sequence[Periodic]) -> Jobs:
        """Periodic work as tasks of this process. A `bot.jobs.periodic.MakeJobs`."""
        return AsyncioJobs(
            work,
            sleep=asyncio.sleep,
            monotonic=time.monotonic,
            random=SystemRandom().random,
            observer=JobFigures(self.figures, self.clock, self.watch.relay.trouble),
        )


async def open_foundation(
    settings: Settings, *, clock: Clock, migrating: bool, remember: Remember, receiving: bool
) -> Foundation:
    """Open the database and check the vault; see `bot.app.wiring.App.open` for what can go wrong."""
    vault = Vault(settings.vault.keys)
    figures = BotMetrics()
    with storage_url_named():
        database = await Database.open(
            settings.storage.url, make=migrating, committed=figures.commit_seconds.observe
        )
        try:
            await require_not_moved(database)  # before its tables are changed: an older version may go back
            if not migrating:
                await require(database)
            elif await pending(database):
                await migrate(settings.storage.url)
            elif (revision := await newer(database)) is not None:
                log("bot.storage").warning(
                    "goes on beside a newer version, which changed the tables", revision=revision, ours=HEAD
                )
            await require_whole(database)
            secrets = Secrets(database, vault, clock, remember)
            await secrets.verify_vault()
        except BaseException:
            await database.close()
            raise
    seen = watch(settings, figures, clock)
    apart = new_store_process(database, figures) if receiving else None
    return Foundation(settings, database, vault, secrets, clock, figures, seen, remember, apart)


def new_store_process(database: Database, figures: BotMetrics) -> StoreProcess | None:
    """A process that writes deliveries into a SQLite file: PostgreSQL is one itself."""
    file = database.shared()
    if file is None:
        return None
    begin = StoreBegin(str(file.path), list(file.settings), file.turn)
    return StoreProcess(begin, figures.commit_seconds.observe, _started_again)


def _started_again(code: int | None) -> None:
    log("bot.storage").warning("the process that stores events ended, and was started again", code=code)
