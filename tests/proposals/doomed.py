"""A process that performs one proposal and kills itself on the way."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from bot.storage.engine.database import Database
from tests.proposals.harness import ANN, TENANT, ProposalsHarness


def main(database_url: str, vendor_url: str, directory: str, key: str, kill_at: int) -> None:
    """Confirm the proposal and perform it. kill_at: the step, from 1, at which it dies; 0: never."""
    asyncio.run(_perform(database_url, vendor_url, Path(directory), key, kill_at))


async def _perform(database_url: str, vendor_url: str, directory: Path, key: str, kill_at: int) -> None:
    steps = 0

    def step(_name: str) -> None:
        nonlocal steps
        steps += 1
        if steps == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    database = await Database.open(database_url)
    house = ProposalsHarness(database, time.time, directory, vendor_url=vendor_url, step=step)
    await house.executor.start()
    claimed = await house.store.claim(TENANT, key, ANN)
    assert claimed is not None
    house.executor.begin(claimed)
    await house.executor.outcome(TENANT, key)
    await house.executor.stop()
    await house.transport.aclose()
    await database.close()
