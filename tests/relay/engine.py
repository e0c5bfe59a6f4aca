"""A relay as the tests run it: tasks of asyncio, and whatever a test says of time, chance and bounds."""

from __future__ import annotations

import asyncio
import math
import random as chance
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from bot.core.clocks import Chance, Clock, Sleep
from bot.core.ports import RelayMessenger
from bot.jobs.on_asyncio import AsyncioJobs
from bot.jobs.periodic import Jobs, MakeJobs, Periodic
from bot.relay.observing import RelayObserver, Unobserved
from bot.relay.parts import RelayEnvironment, RelayLimits, WritesApart
from bot.relay.sending.lane_scheduler import LaneScheduler
from bot.relay.sending.rendering import PresentEvent
from bot.relay.sending.scheduler import AsyncioScheduler
from bot.relay.service import Relay
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import Deliveries
from bot.storage.secrets.tenant_secrets import Secrets


@dataclass(frozen=True)
class JobTroubles:
    """Tells failures of periodic work as the bot does, without the figures."""

    trouble: Callable[[str, BaseException], None]

    def ran(self, _job: str, part: str, _seconds: float, error: Exception | None) -> None:
        """See `JobObserver`."""
        if error is not None and part:
            self.trouble(part, error)


def jobs_of(observer: RelayObserver, once: str = "") -> MakeJobs:
    """Periodic work as tasks. once: the name of what is to run at the start alone."""

    def make(work: Sequence[Periodic]) -> Jobs:
        return AsyncioJobs(
            [replace(one, every=math.inf) if one.name == once else one for one in work],
            sleep=asyncio.sleep,
            monotonic=time.monotonic,
            random=chance.random,
            observer=JobTroubles(observer.trouble),
        )

    return make


def relay_of(
    db: Database,
    secrets: Secrets,
    messengers: Mapping[str, RelayMessenger],
    present: PresentEvent,
    *,
    clock: Clock = time.time,
    random: Chance = chance.random,
    sleep: Sleep = asyncio.sleep,
    observer: RelayObserver | None = None,
    jobs: MakeJobs | None = None,
    scheduler: LaneScheduler | None = None,
    holds: Callable[[], bool] = lambda: True,
    apart: WritesApart | None = None,
    **limits: Any,
) -> Relay:
    """A relay that has not been started. limits: of `RelayLimits`."""
    watch = observer or Unobserved()
    made = jobs or jobs_of(watch)
    env = RelayEnvironment(db, clock, time.monotonic, random, sleep, watch, made, apart)
    lanes = scheduler or AsyncioScheduler(Deliveries(db).open_lanes, clock=clock, sleep=sleep, observer=watch)
    return Relay(env, secrets, messengers, present, lanes, limits=RelayLimits(**limits), holds=holds)
