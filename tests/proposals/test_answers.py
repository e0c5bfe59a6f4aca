"""Every answer of the vendor, and what a proposal makes of it.

On SQLite alone: the statements are the same in `test_writes`, which runs on both databases.
"""

from __future__ import annotations

import pytest

from bot.core.chat import card_json
from bot.core.proposal_states import ProposalState
from tests.proposals.harness import ProposalsHarness


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """A SQLite file."""
    return sqlite_url


@pytest.mark.parametrize(
    ("plan", "polls"),
    [
        (["lost"], []),
        (["dropped", "dropped"], []),
        (["defer", "lost", "dropped"], []),
        (["accept"], ["pending", "pending", "success"]),
        (["accept"], ["lost", "unavailable", "pending", "success"]),
    ],
)
async def test_a_lost_or_late_answer_still_ends_as_exactly_one_post(
    house: ProposalsHarness, plan: list[str], polls: list[str]
) -> None:
    house.vendor.plan.extend(plan)
    house.vendor.polls.extend(polls)
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    assert len(house.vendor.tweets) == 1
    assert (await house.row(key)).state is ProposalState.DONE
    assert len({(w[2], w[3]) for w in house.vendor.writes()}) == 1
    assert len(await house.outcomes()) == 1


@pytest.mark.parametrize(
    ("plan", "polls", "state", "again"),
    [
        (["limited"], [], "failed", True),
        (["broke"], [], "failed", True),
        (["revoked"], [], "failed", True),
        (["conflict"], [], "failed", True),
        (["reject"], [], "failed", False),
        (["accept"], ["failed"], "failed", False),
        (["ambiguous"], [], "unknown", False),
        (["accept"], ["expired"], "unknown", False),
        (["defer"] * 6, [], "failed", True),
        (["dropped"] * 24, [], "unknown", False),
        # What is refused at the door after a lost answer says nothing about the first request.
        (["lost", "broke", "limited", "revoked"], [], "done", False),
        (["accept"], ["unavailable"] * 24, "unknown", False),
    ],
)
async def test_how_each_answer_ends_and_whether_a_new_attempt_is_offered(
    house: ProposalsHarness, plan: list[str], polls: list[str], state: str, again: bool
) -> None:
    house.vendor.plan.extend(plan)
    house.vendor.polls.extend(polls)
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    assert (await house.row(key)).state == state
    (outcome,) = await house.outcomes()
    labels = [b.label for b in card_json.decode(outcome.card).buttons]
    assert ("Try again" in labels) == again
    assert ("Check on X" in labels) == (state == "unknown")
