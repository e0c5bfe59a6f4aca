"""Hearing at once what other processes changed, on PostgreSQL."""

from __future__ import annotations

from bot.jobs.periodic import JobScope, Periodic
from bot.storage.engine.database import Database

# Seconds between the end of a connection and the next try.
AGAIN_SECONDS = 1.0


def hearing(database: Database) -> Periodic:
    """The one connection on which a process hears others: a run lasts as long as that does, and the next one
    makes another. Meanwhile everything holds all the same, up to a second later."""
    return Periodic("hearing", AGAIN_SECONDS, database.listen, JobScope.PROCESS, jitter=0.5)
