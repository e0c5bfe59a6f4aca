"""What drains lanes and what runs periodic work is handed to the relay; it goes on with any that is."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.jobs.periodic import Jobs, JobScope, Periodic
from bot.relay.receiving.delivery_body import read_body
from bot.relay.sending.lane_scheduler import Drain
from bot.relay.sending.lane_tenure import LaneTenure
from bot.relay.sending.lanes import More
from bot.storage.engine.database import Database
from tests.relay.conftest import make_relay
from tests.relay.harness import TENANT, RecordingMessenger, event_body, route
from tests.relay.routing_harness import route_all

ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@dataclass
class Queue:
    """Lanes in a queue, as another engine would have them, worked off when the test says so."""

    lanes: list[str] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    drain: Drain | None = None
    shared: bool = False
    tenure: LaneTenure | None = None
    ready: bool = True

    async def start(self) -> None:
        self.did.append("start")

    def serve(self, drain: Drain) -> None:
        self.drain = drain

    def wake(self, lane: str) -> None:
        self.lanes.append(lane)

    def look(self) -> None:
        self.did.append("look")

    async def run(self) -> None:
        self.did.append("run")
        await self.ended.wait()

    def stop_looking(self) -> None:
        self.ended.set()

    async def stop(self, grace: float) -> None:
        self.did.append(f"stop within {grace}")

    @property
    def busy(self) -> int:
        return len(self.lanes)

    async def work_off(self) -> None:
        """Drain what was woken."""
        assert self.drain is not None
        while self.lanes:
            lane = self.lanes.pop(0)
            if isinstance(await self.drain(lane), More):
                self.lanes.append(lane)


@dataclass
class Timetable:
    """Periodic work that runs when the test says so."""

    work: dict[str, Periodic] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    began: bool = False
    ended: bool = False

    def __call__(self, work: Sequence[Periodic], /) -> Jobs:
        self.work |= {one.name: one for one in work}
        return self

    async def start(self) -> None:
        self.began = True

    async def stop(self) -> None:
        self.ended = True

    def soon(self, name: str) -> None:
        self.asked.append(name)


@ONE_DATABASE
async def test_lanes_are_drained_by_whatever_scheduler_the_relay_is_given(database: Database) -> None:
    messenger, queue = RecordingMessenger(), Queue()
    relay = make_relay(database, messenger, scheduler=queue)
    await relay.start()
    for name, channel in (("r", "C1"), ("s", "C2")):
        await relay.routes.add(route(name, channel), 1.0)
    for number in range(3):
        body = read_body(event_body(number), 1.0)
        assert body.event is not None
        await relay.intake.take_event(TENANT, body.event, body.data, body.digest, "stream")
    await route_all(relay)
    assert messenger.calls == [], "nothing is sent before the scheduler says so"
    assert {lane.partition("/")[2] for lane in queue.lanes} == {"C1", "C2"}
    await queue.work_off()
    assert [len(messenger.texts(channel)) for channel in ("C1", "C2")] == [3, 3]
    assert not await relay.deliveries.backlog()
    await relay.stop(grace=1.0)
    assert queue.did == ["start", "run", "stop within 1.0"]


@ONE_DATABASE
async def test_periodic_work_is_run_by_whatever_engine_the_relay_is_given(database: Database) -> None:
    timetable = Timetable()
    relay = make_relay(database, RecordingMessenger(), jobs=timetable)
    await relay.start()
    assert timetable.began
    assert {one.name: one.scope for one in timetable.work.values()} == {
        "pruning": JobScope.INSTALLATION,
        "capacity": JobScope.PROCESS,
        "releasing": JobScope.INSTALLATION,
        "clock": JobScope.INSTALLATION,
        "recovery": JobScope.INSTALLATION,
    }
    for one in timetable.work.values():
        await one.run()
    assert relay.capacity.share > 0
    await relay.stop(grace=1.0)
    assert timetable.ended
