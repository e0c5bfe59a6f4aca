"""Confirmed extractions pass no limit, whatever Xquik expected and however much it found, on both databases.

Two processes confirm at the same time; Xquik finds anything up to the limit that was confirmed, says what it
charged, or the process dies before it knows. A draw has no limit in its request: of those what passes a
budget is what one draw costs above its estimate, and nothing is confirmed after it.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.commands.budgets import Budget, BudgetReached, BudgetScope, Period
from bot.core.proposal_states import ProposalState
from bot.core.x.extraction_tools import tool_of
from bot.features.catalogue import PROPOSAL_KINDS
from bot.features.draw.kinds import DRAW_RUN
from bot.features.extract.kinds import EXTRACTION_RUN
from bot.proposals.budgeting import BudgetedProposals
from bot.storage.engine.database import Database
from bot.storage.places.budgets import Budgets
from bot.storage.writes.proposal_rows import StoredProposal
from tests import fuzzing
from tests.conftest import ManualClock, PostgresServer
from tests.storage.test_budgets import NOON

HERE = TenantId("discord", "1")
PLACE = Destination(HERE, "c1")
TOOLS = ("follower_explorer", "article_extractor")


@dataclass(frozen=True)
class Asked:
    """An extraction. tool: Xquik's name; expected, found: results, as Xquik estimates and as it finds them;
    known: whether anybody learns what it cost."""

    tool: str
    limit: int
    expected: int
    found: int
    known: bool

    @property
    def price(self) -> int:
        """Credits for a result."""
        tool = tool_of(self.tool)
        assert tool is not None
        return tool.price


ASKED = st.builds(
    lambda tool, limit, expected, found, known: Asked(
        tool, limit, limit * expected // 10, limit * found // 10, known
    ),
    st.sampled_from(TOOLS),
    st.integers(1, 60),
    st.integers(0, 10),
    st.integers(0, 10),
    st.booleans(),
)
STEPS = st.lists(st.lists(ASKED, min_size=1, max_size=5), min_size=1, max_size=6)


@dataclass
class Spent:
    """What Xquik has really charged, known here or not, and what was let through."""

    charged: int = 0
    admitted: list[tuple[StoredProposal, Asked]] = field(default_factory=list)


def _proposal(number: int, kind: str, payload: dict[str, Any], credits: int) -> StoredProposal:
    return StoredProposal(
        id=f"p{number}",
        kind=kind,
        requester="ann",
        requester_name="Ann",
        payload=payload,
        payload_hash="",
        preview=Card(""),
        credits=credits,
        idempotency_key="k",
        state=ProposalState.CLAIMED,
        decided_by="ann",
        decided_by_name="Ann",
        place=PLACE,
        message=None,
        locale="en",
        write_action=None,
        poll_at=None,
        attempts=0,
        result=None,
        created_at=NOON,
        expires_at=NOON,
        claimed_at=NOON,
        settled_at=None,
    )


async def _claimed(database: Database, budgeted: BudgetedProposals, proposal: StoredProposal) -> bool:
    try:
        await database.write(lambda connection: budgeted.claimed(connection, proposal))
    except BudgetReached:
        return False
    return True


async def _ended(
    database: Database, budgeted: BudgetedProposals, proposal: StoredProposal, charged: int
) -> None:
    done = replace(proposal, state=ProposalState.DONE, result={"charged": charged})
    await database.write(lambda connection: budgeted.settled(connection, done))


async def _played(url: str, limit: int, steps: list[list[Asked]]) -> None:
    clock = ManualClock(NOON)
    databases = [await Database.open(url) for _ in range(2)]
    processes = [BudgetedProposals(Budgets(one, clock), PROPOSAL_KINDS, clock) for one in databases]
    budgets = Budgets(databases[0], clock)
    spent, number = Spent(), 0
    try:
        await budgets.put(HERE, Budget(BudgetScope.PLACE, "", Period.DAY, limit), "ann")
        for step in steps:
            asked = [
                (
                    _proposal(
                        number + place,
                        EXTRACTION_RUN.name,
                        {"toolType": one.tool, "resultsLimit": one.limit},
                        one.expected * one.price,
                    ),
                    one,
                )
                for place, one in enumerate(step)
            ]
            number += len(step)
            taken = await asyncio.gather(
                *(
                    _claimed(databases[place % 2], processes[place % 2], proposal)
                    for place, (proposal, _) in enumerate(asked)
                )
            )
            admitted = [one for one, was_taken in zip(asked, taken, strict=True) if was_taken]
            spent.charged += sum(one.found * one.price for _, one in admitted)
            assert spent.charged <= limit, "Xquik has charged more than the budget lets"
            ends = [
                _ended(databases[1], processes[1], proposal, one.found * one.price)
                for proposal, one in admitted
                if one.known
            ]
            await asyncio.gather(*ends)
            (use,) = await budgets.standing(HERE)
            assert spent.charged <= use.total <= limit
    finally:
        for one in databases:
            await one.close()


COMMON: Any = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@settings(max_examples=fuzzing.examples(30), **COMMON)
@given(limit=st.integers(1, 300), steps=STEPS)
def test_no_extraction_passes_a_limit_on_sqlite(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, limit: int, steps: list[list[Asked]]
) -> None:
    path = tmp_path_factory.mktemp("budgets") / "bot.db"
    shutil.copyfile(sqlite_template, path)
    asyncio.run(_played(f"sqlite:///{path}", limit, steps))


@settings(max_examples=fuzzing.examples(15), **COMMON)
@given(limit=st.integers(1, 300), steps=STEPS)
def test_no_extraction_passes_a_limit_on_postgresql(
    postgres: PostgresServer, limit: int, steps: list[list[Asked]]
) -> None:
    try:
        asyncio.run(_played(postgres.shared, limit, steps))
    finally:
        postgres.empty()


async def test_a_draw_passes_a_limit_by_itself_alone(database: Database, clock: ManualClock) -> None:
    budgets = Budgets(database, clock)
    budgeted = BudgetedProposals(budgets, PROPOSAL_KINDS, clock)
    await budgets.put(HERE, Budget(BudgetScope.PLACE, "", Period.DAY, 100), "ann")
    draws = [_proposal(number, DRAW_RUN.name, {"tweetUrl": "x"}, 60) for number in range(2)]
    assert await _claimed(database, budgeted, draws[0])
    await _ended(database, budgeted, draws[0], 130)
    assert not await _claimed(database, budgeted, draws[1])
    (use,) = await budgets.standing(HERE)
    assert use.total == 130, "it counts whole"
