"""Work that several processes share on PostgreSQL: one job for each key, with procrastinate beneath.

A key stands for something that one process at a time works on. At most one job of it waits and one runs,
which are the two locks that procrastinate knows. Jobs are put by a statement of our own, since
procrastinate's refuses a whole group for one key that waits already, and since a key that waits for a moment
is wanted sooner now and then. The same statement sees to it that the keys of one group share with those of
others: each group has only so many jobs, and its jobs stand behind each other's, not before everybody else's
(start-time fair queueing; the priority is the negative start).

A job never fails and is never repeated by procrastinate: `retry_job` of a key that waits already is a
violation of its lock for ever. What is left of a process that died is finished and put anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from bot.core.clocks import Monotonic
from bot.core.errors import StorageUnavailable
from bot.storage.engine.addresses import driver
from bot.storage.engine.failures import WORK_AWAY, detail_of
from bot.storage.engine.job_tables import SCHEMA

TASK: Final = "work"
CLEAN: Final = "clean"
# Of the one periodic task, which every process takes part in.
CLEANING_QUEUE: Final = "cleaning"
_PREFIX = "keys."
# Seconds that a question may wait for a connection.
_PATIENCE = 10.0


class Wanted(msgspec.Struct, frozen=True):
    """A key to be worked on. group: whom it belongs to. at: not before that moment, epoch seconds; None:
    now."""

    key: str
    group: str
    at: float | None = None


class JobLimits(msgspec.Struct, frozen=True):
    """Of a queue. due: jobs that run or could. later: those that wait for a moment. A group may have three
    times what is left free of each."""

    due: int = 1_024
    later: int = 10_000


def queue_of(name: str) -> str:
    """procrastinate's name of a queue of ours."""
    return f"{_PREFIX}{name}"


class KeyedJobs:
    """The jobs, over connections of their own: what procrastinate's triggers do needs its schema on the path.

    Every method raises StorageUnavailable when the database does not answer.
    """

    def __init__(
        self,
        connecting: Mapping[str, Any],
        limits: JobLimits | None = None,
        *,
        connections: int = 4,
        patience: float = _PATIENCE,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        """connecting: what psycopg is given to connect. DatabaseUnusable where procrastinate is missing."""
        with driver():
            from procrastinate import PsycopgConnector

        self._limits = limits or JobLimits()
        self.connector: Any = PsycopgConnector(
            kwargs={**connecting, "application_name": "xquik-bot jobs"},
            min_size=0,
            max_size=connections,
            timeout=patience,
            reconnect_timeout=patience,
            configure=_configure,
            name="jobs",
        )
        self._open = self._closed = False
        self._opening = asyncio.Lock()
        self._listen = self.connector.listen_notify
        self.connector.listen_notify = self._hear
        self.heard_at = 0.0
        """When a worker last heard anything, by the clock that `monotonic` is."""
        self.deaf = False
        """Set by whoever tries what becomes of one that hears nothing."""
        self._monotonic = monotonic

    async def _hear(self, on_notification: Any, channels: Any) -> None:
        """Listen as procrastinate does, and note that something is heard."""

        async def noted(*, channel: str, payload: str) -> None:
            if self.deaf:
                return
            self.heard_at = self._monotonic()
            await on_notification(channel=channel, payload=payload)

        await self._listen(on_notification=noted, channels=channels)

    async def open(self) -> None:
        """Make it ready; connections are made when they are needed."""
        if self._closed:
            raise StorageUnavailable("the shared work was let go of", code="storage")  # no message: for logs
        async with self._opening:  # who comes meanwhile waits until it is open
            if not self._open:
                await self.connector.open_async()
                self._open = True

    async def close(self) -> None:
        """Let go of the connections, for good."""
        self._closed = True
        if self._open:
            self._open = False
            await self.connector.close_async()

    async def put(
        self, queue: str, wanted: Sequence[Wanted], *, unless_running: bool = False
    ) -> frozenset[str]:
        """Have these keys worked on; those that were left out, whose groups have too many jobs already.

        A key that waits already stays, and comes sooner if that is wanted. unless_running: leave alone what
        runs at this moment."""
        if not wanted:
            return frozenset()
        soonest: dict[str, Wanted] = {}
        for one in sorted(wanted, key=lambda one: (one.at is not None, one.at or 0.0)):
            soonest.setdefault(one.key, one)
        ordered = [soonest[key] for key in sorted(soonest)]
        rows = await self._asked(
            _PUT,
            queue=queue_of(queue),
            task=TASK,
            keys=[one.key for one in ordered],
            groups=[one.group for one in ordered],
            moments=[None if one.at is None else datetime.fromtimestamp(one.at, UTC) for one in ordered],
            unless_running=unless_running,
            due_limit=self._limits.due,
            later_limit=self._limits.later,
            channel=f"procrastinate_queue_v1#{queue_of(queue)}",
        )
        return frozenset(row["key"] for row in rows if row["key"] is not None)

    async def finish_dead(self, silent: float = 30.0) -> Mapping[str, Sequence[Wanted]]:
        """Finish the jobs whose process died, or said nothing for so many seconds; by queue what they worked
        on, which the caller has to put anew."""
        found: dict[str, list[Wanted]] = {}
        for row in await self._asked(_FINISH_DEAD, silent=silent):
            if row["key"] is not None:
                queue = str(row["queue_name"]).removeprefix(_PREFIX)
                found.setdefault(queue, []).append(Wanted(row["key"], row["owner"] or ""))
        return found

    async def pulse(self) -> None:
        """Send word that every worker hears who listens."""
        await self._asked(_PULSE, channel=f"procrastinate_queue_v1#{CLEANING_QUEUE}")

    async def waiting(self) -> int:
        """How many jobs there are that have not ended."""
        return int((await self._asked(_COUNT))[0]["jobs"])

    async def _asked(self, query: str, **given: Any) -> list[dict[str, Any]]:
        from procrastinate.exceptions import ConnectorException

        try:
            await self.open()
            rows: list[dict[str, Any]] = await self.connector.execute_query_all_async(query, **given)
        except (ConnectorException, OSError, TimeoutError) as error:
            raise unreachable(error) from error
        return rows


def unreachable(error: Exception) -> StorageUnavailable:
    """What it means that the database did not answer, without what the driver says of it."""
    cause = error.__cause__ or error
    state = getattr(cause, "sqlstate", None)
    # What PostgreSQL says is no outage is told by itself.
    away = state is None or detail_of(state) is not None
    said = WORK_AWAY if away else "the shared work failed"
    return StorageUnavailable(
        f"{said} ({type(cause).__name__}{f', {state}' if state else ''})",
        code="storage",
    )


def ended() -> StorageUnavailable:
    """What it means that a worker ended by itself."""
    return StorageUnavailable(f"{WORK_AWAY} (its worker ended)", code="storage")


async def _configure(connection: Any) -> None:
    """Each statement is a transaction; names are those of procrastinate's schema; and none is cut off for its
    silence, as the one that listens would be."""
    await connection.set_autocommit(True)
    await connection.execute(
        f"SELECT set_config('search_path', '{SCHEMA}', false),"
        " CASE WHEN current_setting('server_version_num')::int >= 140000"
        " THEN set_config('idle_session_timeout', '0', false) END"
    )


# `held` and `whole`: what there is; `front`: where the queue has come. A key is left out where its group has
# three times what is free, as in `bot.relay.sending.fair_queue`. Whoever waits is told also when nothing was
# inserted.
_PUT: Final = """
WITH wanted AS (
    SELECT w.key, w.owner, w.n, CASE WHEN w.moment > now() THEN w.moment END AS moment
    FROM unnest(%(keys)s::text[], %(groups)s::text[], %(moments)s::timestamptz[])
         WITH ORDINALITY AS w(key, owner, moment, n)
    WHERE NOT %(unless_running)s OR NOT EXISTS (
        SELECT FROM procrastinate_jobs r WHERE r.lock = w.key AND r.status = 'doing')
), jobs AS (
    SELECT args->>'group' AS owner, priority, status,
           coalesce(status = 'todo' AND scheduled_at > now(), false) AS later
    FROM procrastinate_jobs WHERE queue_name = %(queue)s AND status IN ('todo', 'doing')
), held AS (
    SELECT owner, count(*) FILTER (WHERE NOT later) AS due, count(*) FILTER (WHERE later) AS later,
           min(priority) FILTER (WHERE NOT later AND status = 'todo') AS last
    FROM jobs GROUP BY owner
), whole AS (
    SELECT count(*) FILTER (WHERE NOT later) AS due, count(*) FILTER (WHERE later) AS later,
           coalesce(max(priority) FILTER (WHERE NOT later AND status = 'todo'), 0) AS front
    FROM jobs
), sooner AS (
    UPDATE procrastinate_jobs j SET scheduled_at = w.moment FROM wanted w
    WHERE j.queueing_lock = w.key AND j.status = 'todo' AND j.scheduled_at > coalesce(w.moment, now())
    RETURNING j.queueing_lock AS key
), told AS (
    SELECT pg_notify(%(channel)s, '{"type": "job_inserted", "job_id": 0}')
    WHERE EXISTS (SELECT FROM sooner)
), missing AS (
    SELECT w.*, row_number() OVER (PARTITION BY w.owner, w.moment IS NULL ORDER BY w.n) AS nth
    FROM wanted w
    WHERE NOT EXISTS (
        SELECT FROM procrastinate_jobs j WHERE j.queueing_lock = w.key AND j.status = 'todo')
), counted AS (
    SELECT w.*, h.last,
           coalesce(CASE WHEN w.moment IS NULL THEN h.due ELSE h.later END, 0) + w.nth - 1 AS mine
    FROM missing w LEFT JOIN held h USING (owner)
), fresh AS (
    SELECT w.*,
           CASE WHEN w.moment IS NULL THEN %(due_limit)s - t.due ELSE %(later_limit)s - t.later END
               + 1 - row_number() OVER (PARTITION BY w.moment IS NULL ORDER BY w.mine, w.n) AS free,
           greatest(least(t.front, coalesce(w.last - 1, t.front)) - w.nth + 1, -2000000000) AS priority
    FROM counted w CROSS JOIN whole t
), inserted AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
    SELECT %(queue)s, %(task)s, priority, key, key, jsonb_build_object('key', key, 'group', owner), moment
    FROM fresh WHERE mine < 3 * free ORDER BY key
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
)
SELECT key FROM fresh WHERE mine >= 3 * free
UNION ALL SELECT NULL FROM told
"""
_FINISH_DEAD: Final = """
WITH dead AS (
    SELECT j.id FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing'
      AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %(silent)s))
    FOR UPDATE OF j SKIP LOCKED
)
DELETE FROM procrastinate_jobs j USING dead WHERE j.id = dead.id
RETURNING j.queue_name, j.lock AS key, j.args->>'group' AS owner
"""
_PULSE: Final = """SELECT pg_notify(%(channel)s, '{"type": "pulse"}')"""
_COUNT: Final = "SELECT count(*) AS jobs FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
