"""The processes of the installation, each with its role, on one settings file."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.clock import Clock
from tests.chaos.cluster.scale import ClusterScale
from tests.chaos.lives import Lives, ready
from tests.journeys.crash.crash_run import CrashRun
from tests.journeys.run import process
from tests.journeys.run.harness import free_port
from tests.journeys.run.inside import python_path
from tests.journeys.run.process import Process


@dataclass
class Member:
    """One process of a role, life after life. addresses: of the last two lives; while one is replaced, both
    run. asleep: whether it was sent SIGSTOP."""

    name: str
    stage: CrashRun
    env: dict[str, str]
    addresses: deque[str] = field(default_factory=lambda: deque(maxlen=2))
    asleep: bool = False
    lives: Lives = field(init=False)

    def __post_init__(self) -> None:
        self.lives = Lives(self._begin)

    @property
    def role(self) -> str:
        """As `--role` has it."""
        return self.name.partition("-")[0]

    async def _begin(self) -> Process:
        """The next life, on a port of its own: the last one may still listen."""
        port = free_port()
        self.addresses.append(f"http://127.0.0.1:{port}")
        return await process.start(
            *("run", "--config", str(self.stage.config), "--role", self.role),
            log=self.stage.plan.directory / f"{self.name}.log",
            address=self.addresses[-1],
            env=self.env | {"XQUIK_BOT_WEB__PORT": str(port)},
        )


@dataclass
class Fleet:
    """All of them. clocks: those that can be set wrong, by process."""

    members: tuple[Member, ...]
    clocks: dict[str, Clock]
    _keeping: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """All at once, until all are ready. Whichever comes first makes the tables."""
        for member in self.members:
            self._keeping.append(asyncio.create_task(member.lives.run(), name=member.name))
        for member in self.members:
            await member.lives.started.wait()
        await asyncio.gather(*(ready(member.lives.current) for member in self.members))

    async def supervise_no_more(self) -> None:
        """What ends from now on stays ended."""
        for keeping in self._keeping:
            keeping.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)

    async def stop(self) -> None:
        """SIGTERM for all that run, at once."""
        await self.supervise_no_more()
        await asyncio.gather(*(one.lives.stop() for one in self.members if one.lives.current.running))

    async def end(self) -> None:
        """However far it got."""
        await self.supervise_no_more()
        for member in self.members:
            await member.lives.end()

    async def start_ahead(self, name: str, ahead: float) -> Member:
        """Of those that have ended, one again, and ready. ahead: seconds that its clock is."""
        member = self.named(name)
        clock = _clock(member.stage, name)
        clock.set(ahead)
        member.env = member.env | clock.environment()
        await ready(await member.lives.start())
        return member

    def named(self, name: str) -> Member:
        """The process of that name."""
        return next(member for member in self.members if member.name == name)

    def of(self, role: str) -> list[Member]:
        """All of a role."""
        return [member for member in self.members if member.role == role]

    def with_pid(self, pid: int | None) -> Member | None:
        """Whose present life has that number."""
        return next((member for member in self.members if member.lives.pid == pid), None)

    def web_addresses(self) -> Sequence[str]:
        """Where a web process may be."""
        return [address for member in self.of("web") for address in member.addresses]


def _clock(stage: CrashRun, name: str) -> Clock:
    made = Clock(stage.plan.directory / f"{name}.clock")
    made.set(0.0)
    return made


def fleet(stage: CrashRun, scale: ClusterScale) -> Fleet:
    """The processes, not started."""
    members, clocks = [], {}
    for name in scale.names:
        env = python_path() if scale.whole else {}
        if name in scale.clocked:
            clocks[name] = _clock(stage, name)
            env = clocks[name].environment()
        if name.startswith("discord") and scale.shards == "fixed":
            env = env | {"XQUIK_BOT_DISCORD__SHARD_IDS": name.partition("-")[2]}
        members.append(Member(name, stage, env))
    return Fleet(tuple(members), clocks)
