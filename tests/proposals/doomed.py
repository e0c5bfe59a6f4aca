"""A process that performs one proposal and kills itself on the way."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from msgspec.structs import replace

from bot.proposals.kinds import ProposalKinds
from bot.storage.engine.database import Database
from tests.proposals.harness import ANN, TENANT, ProposalsHarness

SHOWN = "shown"
"""The file that stands for the message of the click."""


def main(database_url: str, vendor_url: str, directory: str, key: str, kill_at: int) -> None:
    """Confirm the proposal and perform it. kill_at: the step, from 1, at which it dies; 0: never."""
    asyncio.run(_perform(database_url, vendor_url, Path(directory), key, kill_at))


def answering(database_url: str, vendor_url: str, directory: str, key: str, kill_at: int) -> None:
    """Press Confirm of a private proposal, and show the answer. kill_at: 1 before that, 2 after it, 3 when
    it is written down that it was read."""
    asyncio.run(_answer(database_url, vendor_url, Path(directory), key, kill_at))


async def _answer(database_url: str, vendor_url: str, directory: Path, key: str, kill_at: int) -> None:
    database = await Database.open(database_url)
    house = ProposalsHarness(database, time.time, directory, vendor_url=vendor_url)
    house.kinds = alone(house.kinds)
    house.rebuild()
    await house.executor.start()
    reply = await house.press("confirm", key, message=None)
    assert reply.arrived is not None
    for step in ("answered", "shown", "told"):
        if step == "shown":
            (directory / SHOWN).write_text(reply.card.title)
        if step == "told":
            await reply.arrived()
        kill_at -= 1
        if not kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def alone(kinds: ProposalKinds) -> ProposalKinds:
    """The same, each a matter of one person."""
    return ProposalKinds(replace(kind, private=True) for kind in kinds)


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
