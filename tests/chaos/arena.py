"""The bot between its vendors: a process that is started again whenever it ends, on a small disk."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.chaos.beside import Beside, write_tenants
from tests.chaos.clock import Clock
from tests.chaos.disk import Disk, small_disk
from tests.chaos.faults import DiscordFaults, SlackFaults
from tests.chaos.scale import Scale
from tests.chaos.xquik import NEW, Xquik, account_name
from tests.journeys.crash.crash_run import CrashRun, route
from tests.journeys.run.harness import Plan, vendors
from tests.journeys.run.inside import Openings
from tests.journeys.slack.place import furnish

KILLED = -9
_STORE = b"store_child.py"
# Seconds after which a supervisor starts again what ended by itself.
_AGAIN = 0.5


@dataclass
class Lives:
    """Keeps the bot running, as systemd does. ends: how often it ended with each exit code. stopped: the
    exit codes where it was asked to."""

    stage: CrashRun
    ends: Counter[int] = field(default_factory=Counter)
    stopped: list[int] = field(default_factory=list)
    down: float = 0.0
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            running = await self.stage.start()
            self.started.set()
            code = await running.process.wait()
            self.ends[code] += 1
            await asyncio.sleep(self.down if code == KILLED else _AGAIN)

    async def kill(self, down: float) -> None:
        """SIGKILL, and another one after so many seconds. Returns when that one has begun."""
        current = self.stage.process
        assert current is not None
        self.down = down
        self.started.clear()
        await current.kill()
        await self.started.wait()

    async def stop(self) -> None:
        """SIGTERM; `run` must have been cancelled."""
        assert self.stage.process is not None
        self.stopped.append(await self.stage.process.terminate(30.0))

    @property
    def pid(self) -> int:
        """The process that runs, or ran last."""
        assert self.stage.process is not None
        return self.stage.process.process.pid

    @property
    def stores(self) -> tuple[int, ...]:
        """Its process that stores deliveries, where there is one."""
        found = []
        with suppress(OSError):  # it ended meanwhile
            for thread in Path(f"/proc/{self.pid}/task").iterdir():
                for child in (thread / "children").read_text().split():
                    if _STORE in Path(f"/proc/{child}/cmdline").read_bytes():
                        found.append(int(child))
        return tuple(found)


@dataclass
class Arena:
    """Everything that stands. channels: by platform, in the order of their accounts."""

    scale: Scale
    stage: CrashRun
    lives: Lives
    disk: Disk
    clock: Clock
    xquik: Xquik
    discord: DiscordFaults
    slack: SlackFaults
    beside: Beside
    openings: Openings

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.disk.directory / "bot.db"


@asynccontextmanager
async def arena(directory: Path, scale: Scale) -> AsyncIterator[Arena]:
    """The vendors, the channels with their routes, and the settings of a bot that has never started."""
    async with vendors() as all_vendors:
        with small_disk(directory, scale.disk) as disk:
            stage = _furnished(Plan(all_vendors, directory), scale, disk)
            clock = Clock(directory / "clock")
            clock.set(0.0)
            openings = Openings(disk.directory / "bot.db", directory / "openings.log")
            stage.env = clock.environment() | openings.environment()
            xquik = Xquik(all_vendors.sandbox, stage.plan.address, stage.tenants, scale)
            unlucky = DiscordFaults(scale.seed), SlackFaults(scale.seed, scale.slack_misfortune)
            all_vendors.discord.faults, all_vendors.slack.faults = unlucky
            # A process that is killed forgets what it was asked to wait for, and one whose clock jumps
            # believes that it has waited: neither is a rule that a correct program keeps here.
            all_vendors.slack.enforce_retry_after = False
            try:
                beside = Beside(stage, scale.pause)
                yield Arena(scale, stage, Lives(stage), disk, clock, xquik, *unlucky, beside, openings)
            finally:
                if stage.process is not None:
                    await stage.process.kill()


def _furnished(plan: Plan, scale: Scale, disk: Disk) -> CrashRun:
    """Half of the channels on each platform, one of each for an account.

    In Discord's two routes overlap, which must give one message; Slack's take one type alone.
    """
    guild = plan.vendors.discord.add_guild(name="Acme")
    ada = guild.add_member(name="ada", admin=True)
    ws = furnish(plan.vendors.slack)
    ws.channels.clear()
    settings = {
        "storage": {"url": f"sqlite:///{disk.directory / 'bot.db'}"},
        "log": {"level": "info"},
        "relay": {"ingest": scale.ingest},
    }
    stage = CrashRun(plan.vendors, plan, plan.write(settings), guild, ada, ws)
    routes = []
    for number in range(scale.accounts):
        account = account_name(number)
        there = guild.add_channel(f"alerts-{number}")
        all_of_it = route(stage.tenants[0], str(there.id), account)
        routes += [all_of_it, replace(all_of_it, id=f"again-{number}", name=f"again-{number}", events=(NEW,))]
        here = ws.add_channel(f"C{number:04}", f"alerts-{number}")
        routes.append(replace(route(stage.tenants[1], here.id, account), events=(NEW,)))
    write_tenants(stage, routes)
    return stage
