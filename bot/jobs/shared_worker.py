"""A process's part in the work that several share: procrastinate's worker, kept going.

The worker ends by itself, without an error, when one of its side tasks does (a restart of the server), with
an error when its row is gone (the process stood still), and it can go on without hearing that there is work.
So it is watched: whoever ends, or hears nothing of what is said to all every few seconds, is started again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final, Protocol, TypeAlias

import msgspec

from bot.core.clocks import Monotonic, Sleep
from bot.core.errors import StorageUnavailable
from bot.core.tasks import cancelled
from bot.jobs.keyed_jobs import CLEAN, CLEANING_QUEUE, TASK, KeyedJobs, ended, queue_of, unreachable

WorkOn: TypeAlias = Callable[[str], Awaitable[None]]
"""What is done for a key. What it raises is told; the job has ended all the same."""
ServedQueues: TypeAlias = Callable[[], Collection[str]]
"""The names of the queues to work on, which may change."""

# Deletes what ended otherwise than well: what ended well is deleted at once.
_CLEANING: Final = "*/10 * * * *"
_KEEP_HOURS = 1


class WorkerTimes(msgspec.Struct, frozen=True):
    """Seconds. look: between looks for jobs nobody told of. heartbeat: between two signs of life. dead: of
    silence, after which others take its jobs. pulse: between two words said to all. deaf: after which one
    that heard none of them is started again. first, longest: of pauses before a start, doubled each time.
    steady: after which the next pause is a first one. ending: that a worker may take once its jobs have
    ended."""

    look: float = 0.5
    heartbeat: float = 10.0
    dead: float = 30.0
    pulse: float = 10.0
    deaf: float = 30.0
    first: float = 0.5
    longest: float = 30.0
    steady: float = 60.0
    ending: float = 5.0


class WorkerObserver(Protocol):
    """Told how the worker does. Must be quick and never raise."""

    def trouble(self, where: str, error: BaseException) -> None:
        """Something failed that is tried again."""

    def restarting(self, why: str) -> None:
        """The worker ended, or was given up, and is started again."""


class Deaf(Exception):
    """The worker hears nothing."""


class SharedWorker:
    """Works on the keys of some queues, so many at a time."""

    def __init__(
        self,
        jobs: KeyedJobs,
        queues: ServedQueues,
        work: WorkOn,
        *,
        concurrency: int,
        monotonic: Monotonic,
        sleep: Sleep,
        observer: WorkerObserver,
        times: WorkerTimes | None = None,
    ) -> None:
        """queues: asked at each start. jobs: of the same clock `monotonic`."""
        self._jobs = jobs
        self._queues = queues
        self._work = work
        self._concurrency = concurrency
        self._monotonic = monotonic
        self._sleep = sleep
        self._observer = observer
        self._times = times or WorkerTimes()
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()
        self._served: set[str] = set()
        self._supervisor: asyncio.Task[None] | None = None
        self._worker: asyncio.Task[None] | None = None
        # Workers that were given up, and end with what they still do.
        self._ending: set[asyncio.Task[None]] = set()
        self._running: set[asyncio.Task[Any]] = set()
        self._unreached = False  # by the last word said to all
        self.made: Any = None
        """What procrastinate knows of us, of the worker that was started last."""

    @property
    def ready(self) -> bool:
        """Whether it works now, and hears."""
        if self._worker is None or self._worker.done() or self._unreached:
            return False
        return self._monotonic() - self._jobs.heard_at < self._times.deaf

    def refresh(self) -> None:
        """Work on the queues that there are now, where these are others."""
        if self._worker is not None and set(self._queues()) != self._served:
            self._changed.set()

    def start(self) -> None:
        """Begin, and go on until `stop`."""
        if self._supervisor is None:
            self._supervisor = asyncio.create_task(self._supervise(), name="shared-worker")

    def stop_fetching(self) -> None:
        """Begin with no further key; what runs goes on."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.cancel()  # it ends when its jobs have

    async def stop(self, grace: float) -> None:
        """Wait up to `grace` seconds for what runs, then cancel it."""
        self.stop_fetching()
        if self._running:
            await cancelled(set(self._running), grace=grace)
        if self._supervisor is not None:
            # It says goodbye to a database that may be away.
            await cancelled([self._supervisor], grace=self._times.ending)
        left = {task for task in (self._worker, *self._ending) if task is not None}
        if left:
            await cancelled(left, grace=self._times.ending)

    async def _supervise(self) -> None:
        pause = self._times.first
        while not self._stopping.is_set():
            began = self._monotonic()
            why = "it ended"
            try:
                if await self._serve():
                    continue
                if not self._stopping.is_set():
                    # procrastinate keeps the reason to itself: one of its side tasks lost its connection.
                    self._observer.trouble("lanes", ended())
            except Deaf:
                why = "it hears nothing"
            except Exception as error:
                why = type(error.__cause__ or error).__name__
                self._observer.trouble("lanes", _said(error))
            if self._stopping.is_set():
                return
            self._observer.restarting(why)
            if self._monotonic() - began >= self._times.steady:
                pause = self._times.first
            await self._rest(pause)
            pause = min(pause * 2, self._times.longest)

    async def _serve(self) -> bool:
        """One worker, until it ends or has to be given up; True where its queues are others now."""
        from procrastinate.exceptions import ConnectorException

        try:
            await self._jobs.open()
        except (ConnectorException, OSError, TimeoutError) as error:
            raise unreachable(error) from error
        if self._stopping.is_set():
            return False
        self._jobs.heard_at = self._monotonic()
        self._unreached = False
        self._changed.clear()
        self._served = set(self._queues())
        self._worker = worker = asyncio.create_task(self._one_worker(), name="shared-worker-run")
        watch = asyncio.create_task(self._watch(), name="shared-worker-watch")
        changed = asyncio.create_task(self._changed.wait(), name="shared-worker-changed")
        try:
            ends = {worker, watch, changed}
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if worker in done:
                await worker
                return False
            self._leave(worker)
            if changed in done:
                return True
            raise Deaf
        except asyncio.CancelledError:
            worker.cancel()
            raise
        finally:
            await cancelled([watch, changed])

    def _leave(self, worker: asyncio.Task[None]) -> None:
        """Another one begins now; this one ends with its jobs, which others may take from it meanwhile."""
        self._ending.add(worker)
        worker.add_done_callback(self._ended)
        worker.cancel()

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._ending.discard(worker)
        if not worker.cancelled() and (error := worker.exception()) is not None:
            self._observer.trouble("lanes", _said(error))

    async def _one_worker(self) -> None:
        times = self._times
        queues = [*(queue_of(name) for name in sorted(self._served)), CLEANING_QUEUE]
        self.made = self._app()
        await self.made.run_worker_async(
            queues=queues,
            name="lanes",
            concurrency=self._concurrency,
            fetch_job_polling_interval=times.look,
            update_heartbeat_interval=times.heartbeat,
            stalled_worker_timeout=times.dead,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    def _app(self) -> Any:
        """What procrastinate knows of us: the work, and one periodic task, without which its worker notices
        no end of what listens for it."""
        from procrastinate import App

        app = App(connector=self._jobs.connector)

        @app.task(name=TASK, retry=False)  # type: ignore[untyped-decorator,unused-ignore]
        async def work(key: str, group: str) -> None:
            del group
            await self._do(key)

        @app.periodic(cron=_CLEANING)  # type: ignore[untyped-decorator,unused-ignore]
        @app.task(name=CLEAN, queue=CLEANING_QUEUE, queueing_lock=CLEAN, retry=False)  # type: ignore[untyped-decorator,unused-ignore]
        async def clean(timestamp: int) -> None:
            del timestamp
            await app.job_manager.delete_old_jobs(
                _KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )

        del work, clean
        return app

    async def _do(self, key: str) -> None:
        task = asyncio.current_task()
        if task is not None and task not in self._running:
            self._running.add(task)
            task.add_done_callback(self._done)
        try:
            await self._work(key)
        except Exception as error:
            self._observer.trouble("lanes", error)

    def _done(self, job: asyncio.Task[Any]) -> None:
        """A job that was finished by somebody else meanwhile cannot be finished again, and says so."""
        self._running.discard(job)
        if not job.cancelled() and (error := job.exception()) is not None and not self._stopping.is_set():
            self._observer.trouble("lanes", unreachable(error) if isinstance(error, Exception) else error)

    async def _watch(self) -> None:
        """Until nothing is heard any more of what is said to all."""
        while True:
            await self._sleep(self._times.pulse)
            try:
                await self._jobs.pulse()
                self._unreached = False
            except StorageUnavailable:
                self._unreached = True
                # Nobody can be heard then. The worker notices by itself; where it does not, it has to hear
                # again once the database is back.
                self._jobs.heard_at = max(self._jobs.heard_at, self._monotonic() - self._times.pulse)
                continue
            if self._monotonic() - self._jobs.heard_at > self._times.deaf:
                return

    async def _rest(self, seconds: float) -> None:
        rest = asyncio.ensure_future(self._sleep(seconds))
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({rest, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancelled([rest, stopped])


def _said(error: BaseException) -> BaseException:
    """What procrastinate raises where the database does not answer, as everybody else says it."""
    from procrastinate.exceptions import ConnectorException

    return unreachable(error) if isinstance(error, ConnectorException) else error
