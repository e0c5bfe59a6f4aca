"""The installation between its vendors."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.arena import Ground, furnished, laid
from tests.chaos.beside import COMMANDS
from tests.chaos.cluster.balancer import Balancer, balancer
from tests.chaos.cluster.fleet import Fleet, Member, fleet
from tests.chaos.cluster.people import Clicks, corners
from tests.chaos.cluster.scale import ClusterScale
from tests.chaos.cluster.server import Server, server
from tests.journeys.run.harness import Plan, Sections, vendors

# Discord's words for a click that waited too long, and for one that was acknowledged already.
_TOO_LATE, _AGAIN = 10062, 40060
# PostgreSQL is backed up by its own tools.
_COMMANDS = tuple(command for command in COMMANDS if command[0] != "backup")


@dataclass
class Cluster(Ground):
    """Everything that stands. server: PostgreSQL. trouble: until which moment a
    click may go unanswered, for what is done to it (as time.monotonic). seen: what may not be."""

    scale: ClusterScale
    fleet: Fleet
    balancer: Balancer
    server: Server
    clicks: Clicks
    trouble: float = -math.inf
    seen: list[str] = field(default_factory=list)

    def broken(self) -> Iterator[str]:
        """See `Ground`."""
        yield from super().broken()
        yield from self.seen
        yield from (f"no answer to {what}" for what in self.clicks.unanswered)
        for member in self.fleet.members:
            yield from (
                f"{member.name}: exit code {code} after SIGTERM" for code in member.lives.stopped if code
            )

    def broken_rules(self) -> Iterator[object]:
        """Two answers to clicks break none. One that was stopped answers when it goes on, which may be too
        late; whether it may is judged where the person waits. And two processes have a shard while it is
        handed over, so that no click is missed, and both acknowledge a harmless one; Discord takes the first.
        """
        for rule in super().broken_rules():
            if getattr(rule, "code", None) not in (_TOO_LATE, _AGAIN):
                yield rule

    async def relaying(self) -> Member | None:
        """The process that relays."""
        return self.fleet.with_pid(await self.server.relaying())


@asynccontextmanager
async def cluster(directory: Path, scale: ClusterScale) -> AsyncIterator[Cluster]:
    """The vendors, the channels with their routes, and the settings of an installation that never started."""
    async with vendors() as around:
        with server(scale.disk) as database:
            more: Sections = {
                "web": {"drain_seconds": scale.drain},
            }
            around.discord.shards = scale.discords
            stage = furnished(Plan(around, directory), scale, database.url, more)
            processes = fleet(stage, scale)
            async with balancer(processes.web_addresses) as shared:
                ground = laid(stage, scale, database.url, shared.address, _COMMANDS)
                clicks = Clicks(
                    around.discord,
                    corners(around.discord, scale.discords),
                    lambda: made.trouble > time.monotonic(),
                )
                made = Cluster(
                    **vars(ground), fleet=processes, balancer=shared, server=database, clicks=clicks
                )
                try:
                    yield made
                finally:
                    await processes.end()
