"""The bot between its vendors: what every run stands on, and one process on a small disk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.chaos.beside import COMMANDS, Beside, write_tenants
from tests.chaos.clock import Clock
from tests.chaos.disk import Disk, small_disk
from tests.chaos.faults import DiscordFaults, SlackFaults
from tests.chaos.lives import Lives
from tests.chaos.scale import Scale
from tests.chaos.xquik import NEW, Xquik, account_name
from tests.journeys.crash.crash_run import CrashRun, route
from tests.journeys.run.harness import Plan, Sections, vendors
from tests.journeys.run.inside import Openings
from tests.journeys.slack.place import furnish


@dataclass
class Ground:
    """What every run stands on. url: of the database."""

    scale: Scale
    stage: CrashRun
    xquik: Xquik
    discord: DiscordFaults
    slack: SlackFaults
    beside: Beside
    url: str

    def broken(self) -> Iterator[str]:
        """What this run has seen itself that may not be."""
        yield from (f"a rule was broken: {rule}" for rule in self.broken_rules())
        yield from (f"beside the bot: {what}" for what in self.beside.broken)

    def broken_rules(self) -> Iterator[object]:
        """Of the vendors."""
        yield from self.stage.vendors.broken_rules


@dataclass
class Arena(Ground):
    """One process that does everything, on a file of SQLite."""

    lives: Lives
    disk: Disk
    clock: Clock
    openings: Openings

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.disk.directory / "bot.db"

    def broken(self) -> Iterator[str]:
        """See `Ground`."""
        yield from super().broken()
        if self.openings.found:
            yield f"the database was opened other than by SQLite: {self.openings.found[:2000]}"
        yield from (f"exit code {code} after SIGTERM" for code in self.lives.stopped if code)


@asynccontextmanager
async def arena(directory: Path, scale: Scale) -> AsyncIterator[Arena]:
    """The vendors, the channels with their routes, and the settings of a bot that has never started."""
    async with vendors() as all_vendors:
        with small_disk(directory, scale.disk) as disk:
            url = f"sqlite:///{disk.directory / 'bot.db'}"
            stage = furnished(Plan(all_vendors, directory), scale, url)
            clock = Clock(directory / "clock")
            clock.set(0.0)
            openings = Openings(disk.directory / "bot.db", directory / "openings.log")
            stage.env = clock.environment() | openings.environment()
            ground = laid(stage, scale, url, stage.plan.address)
            lives = Lives(stage.start)
            try:
                yield Arena(**vars(ground), lives=lives, disk=disk, clock=clock, openings=openings)
            finally:
                await lives.end()


def laid(
    stage: CrashRun,
    scale: Scale,
    url: str,
    address: str,
    commands: tuple[tuple[str, ...], ...] = COMMANDS,
) -> Ground:
    """Vendors that misbehave around a stage. address: where Xquik delivers. commands: of the operator."""
    around = stage.vendors
    unlucky = (
        DiscordFaults(scale.seed, scale.discord_misfortune),
        SlackFaults(scale.seed, scale.slack_misfortune),
    )
    around.discord.faults, around.slack.faults = unlucky
    # A process that is killed forgets what it was asked to wait for, and one whose clock jumps
    # believes that it has waited: neither is a rule that a correct program keeps here.
    around.slack.enforce_retry_after = False
    xquik = Xquik(around.sandbox, address, stage.tenants, scale)
    return Ground(scale, stage, xquik, *unlucky, Beside(stage, scale.pause, commands), url)


def furnished(plan: Plan, scale: Scale, url: str, more: Sections | None = None) -> CrashRun:
    """Half of the channels on each platform, one of each for an account. more: settings, by section.

    In Discord's two routes overlap, which must give one message; Slack's take one type alone.
    """
    guild = plan.vendors.discord.add_guild(name="Acme")
    ada = guild.add_member(name="ada", admin=True)
    ws = furnish(plan.vendors.slack)
    ws.channels.clear()
    settings = {
        "storage": {"url": url},
        "log": {"level": "info"},
        "relay": {"ingest": scale.ingest},
        **(more or {}),
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
