"""Shared work on a real PostgreSQL: the jobs, a worker, and a look at the rows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import create_engine, make_url, text

from bot.jobs.keyed_jobs import JobLimits, KeyedJobs
from bot.jobs.shared_worker import SharedWorker, WorkerTimes, WorkOn
from bot.storage.engine.addresses import address, connecting
from bot.storage.engine.job_tables import SCHEMA

QUICK = WorkerTimes(
    look=0.1, heartbeat=0.2, dead=1.0, pulse=0.2, deaf=1.0, first=0.05, longest=0.2, steady=60.0, ending=5.0
)


class Told:
    """Keeps what was told of a worker."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self.restarts: list[str] = []

    def trouble(self, where: str, error: BaseException) -> None:
        self.troubles.append(f"{where}: {error!r}")

    def restarting(self, why: str) -> None:
        self.restarts.append(why)


def asked(url: str, statement: str, **given: object) -> Sequence[Any]:
    """The rows that a statement finds, with the names of the shared work."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"SET search_path TO {SCHEMA}"))
        found = connection.execute(text(statement), given)
        rows = found.all() if found.returns_rows else []
    engine.dispose()
    return rows


def keys(url: str, status: str = "todo") -> list[str]:
    """The keys whose jobs have that state, in the order in which they would be taken."""
    rows = asked(
        url,
        "SELECT lock FROM procrastinate_jobs WHERE status::text = :status AND lock IS NOT NULL"
        " ORDER BY priority DESC, id",
        status=status,
    )
    return [row.lock for row in rows]


@asynccontextmanager
async def keyed_jobs(url: str, limits: JobLimits | None = None) -> AsyncIterator[KeyedJobs]:
    """The jobs over connections of their own."""
    jobs = KeyedJobs(connecting(address(url)), limits)
    await jobs.open()
    try:
        yield jobs
    finally:
        await jobs.close()


@asynccontextmanager
async def working(
    jobs: KeyedJobs,
    work: WorkOn,
    told: Told,
    *,
    queues: Collection[str] = ("q",),
    concurrency: int = 4,
    times: WorkerTimes = QUICK,
) -> AsyncIterator[SharedWorker]:
    """A worker that runs until the end."""
    worker = SharedWorker(
        jobs,
        lambda: queues,
        work,
        concurrency=concurrency,
        monotonic=time.monotonic,
        sleep=asyncio.sleep,
        observer=told,
        times=times,
    )
    worker.start()
    try:
        yield worker
    finally:
        await worker.stop(2.0)
