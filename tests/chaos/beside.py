"""What an operator runs beside the bot all the while: apply, check, export, backup, one after another."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from bot.core.errors import DatabaseUnusable, StorageUnavailable
from bot.core.routes.route import Route
from tests.journeys.crash.crash_run import SECRET, CrashRun, hook_of
from tests.journeys.run import process

TENANTS = "tenants.toml"
COPY = "copy.db"
_AWAY = (StorageUnavailable.title, DatabaseUnusable.title)
COMMANDS: tuple[tuple[str, ...], ...] = (("apply", TENANTS), ("check",), ("export",), ("backup", COPY))
_SECONDS = 120.0


@dataclass
class Beside:
    """pause: seconds between two commands. commands: which. done: how often each was run. refused: of these,
    how often it said that the database could not be used at that moment. broken: what none of them may do."""

    stage: CrashRun
    pause: float
    commands: tuple[tuple[str, ...], ...] = COMMANDS
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Until cancelled; each at once, and from then on in turn with pauses."""
        for command in self.commands:
            await self.once(*command)
        for command in cycle(self.commands):
            await asyncio.sleep(self.pause)
            await self.once(*command)

    async def once(self, *command: str) -> bool:
        """One command to its end; whether it did what it is for."""
        directory = self.stage.plan.directory
        (directory / COPY).unlink(missing_ok=True)
        code, said = await process.finished(
            *command,
            *("--config", str(self.stage.config)),
            log=directory / f"{command[0]}.log",
            env=self.stage.env | {"KEY": self.stage.vendors.sandbox.api_key, "HOOK": SECRET},
            seconds=_SECONDS,
        )
        self.done[command[0]] += 1
        # What `check` finds amiss with vendors that misbehave is right; a database may be full or locked.
        excused = command[0] == "check" or any(title in said for title in _AWAY)
        if code == 1 and excused and "Traceback" not in said:
            self.refused[command[0]] += command[0] != "check"
        elif code != 0:
            self.broken.append(f"{' '.join(command)} ended with {code}: {said[-500:]}")
        return code == 0

    @property
    def line(self) -> str:
        """How often each was run."""
        each = ", ".join(f"{name} {count}" for name, count in sorted(self.done.items()))
        return f"beside it: {each}; {self.refused.total()} met a database that was full or locked"


def write_tenants(stage: CrashRun, routes: Sequence[Route]) -> None:
    """The file that `apply` reads: both tenants, the hooks that Xquik knows, and the routes."""
    lines: list[str] = []
    for tenant in stage.tenants:
        lines += ["[[tenant]]", *_values(platform=tenant.platform, workspace=tenant.workspace)]
        lines += [*_values(api_key_env="KEY"), "[tenant.webhook]"]
        lines += _values(secret_env="HOOK", hook_id=hook_of(tenant))
        for route in routes:
            if route.destination.tenant == tenant:
                events = list(route.events)
                wanted = _values(name=route.name, channel=route.destination.channel)
                lines += ["[[tenant.route]]", *wanted, *_values(accounts=list(route.accounts))]
                lines += _values(events=events) if events else []
    path: Path = stage.plan.directory / TENANTS
    path.write_text("\n".join(lines) + "\n")


def _values(**given: object) -> Iterator[str]:
    return (f"{name} = {json.dumps(value)}" for name, value in given.items())
