"""A preview that one person alone sees, whose requester has their data deleted: while Discord takes a change
of it, it says so in its place; later a press is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.proposals.open_previews import SHOWN_FOR
from bot.proposals.withdrawing import Withdrawals
from bot.relay.sending.outbox import Outbox
from bot.storage.engine.database import Database
from bot.storage.writes.running_proposals import RunningProposals
from tests.adapters.discord.test_late_outcomes import PRIVATE, Late, previewed


async def _withdrawn(late: Late, *, elsewhere: bool = False) -> None:
    """Their data are deleted, in this process or in another one."""
    house = late.house
    running = RunningProposals(house.database)
    withdrawals = Withdrawals(running, Outbox(house.clock), house.lanes, PRIVATE, house.clock)
    if not elsewhere:
        withdrawals.listen(house.executor.clicks.previews.withdrawn)
    assert await withdrawals.of_person(late.tenant, late.person) == 1


@pytest.mark.parametrize("after", [0.0, SHOWN_FOR - 1.0])
async def test_it_says_so_in_its_place(store: Database, tmp_path: Path, after: float) -> None:
    async with previewed(store, tmp_path) as late:
        assert "Hello from the moon" in late.message.text
        late.clock.advance(after)
        await late.look()
        await _withdrawn(late)
        changed = late.server.world.changes
        await changed.wait_for(lambda: "Withdrawn" in late.message.text, 5.0, "the edited message")
        assert "Hello" not in late.message.text and "cannot be confirmed any more" in late.message.text
        assert late.message.ephemeral and late.message.buttons() == []
        assert await late.delivered() == []


async def test_of_a_deletion_by_another_process_too(store: Database, tmp_path: Path) -> None:
    async with previewed(store, tmp_path) as late:
        late.house.executor.clicks.previews._sole = False
        await _withdrawn(late, elsewhere=True)
        assert "Hello from the moon" in late.message.text
        await late.look()
        changed = late.server.world.changes
        await changed.wait_for(lambda: "Withdrawn" in late.message.text, 5.0, "the edited message")


async def test_nothing_is_asked_of_an_old_token_and_nobody_is_told_directly(
    store: Database, tmp_path: Path
) -> None:
    async with previewed(store, tmp_path) as late:
        asked = len(late.server.requests)
        late.clock.advance(SHOWN_FOR)
        await late.look()
        await _withdrawn(late)
        await late.look()
        assert [one for one in late.server.requests[asked:] if "/webhooks/" in one.path] == []
        assert "Hello from the moon" in late.message.text and await late.delivered() == []
