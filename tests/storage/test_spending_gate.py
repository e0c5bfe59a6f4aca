"""A confirmation of spending is used up once, on both databases."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import Any

import pytest

from bot.cards.spending import SPENDING_CARDS
from bot.core.access import Actor
from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Block, Card, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.invocation import Call, Invocation, silent
from bot.core.commands.cost import Cost, Unit
from bot.core.commands.declaring import Catalogue, Group
from bot.core.commands.listing import Listing, PageRows
from bot.core.commands.presets import SPENDING, command, listing_command
from bot.core.commands.spending import SpendingGate
from bot.core.errors import Expired
from bot.core.messages.message import msg, nmsg
from bot.storage.engine.database import Database
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.spending import StoredSpending

HERE, ELSEWHERE = TenantId("discord", "1"), TenantId("discord", "2")


async def _enough(_tenant: TenantId, _credits: int) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Args:
    """Nothing."""


async def run(_call: Call[Any], _args: Args) -> Reply:
    """It."""
    return Reply(Card("Done"))


DEAR = command("thing buy", run, SPENDING, "Buy a thing", "thing buy", cost=Cost(500))


async def fetch(_call: Call[Any], _args: Args, _cursor: str, _size: int) -> PageRows[str]:
    """Nothing."""
    return PageRows(())


async def draw(_call: Call[Any], _args: Args, _rows: PageRows[str]) -> tuple[Block, ...]:
    """Nothing."""
    return ()


LIST: Listing[Args, str] = Listing(
    title=lambda _args: "Things",
    fetch=fetch,
    identity=str,
    draw=draw,
    empty=lambda _args: line("None."),
    cost=Cost(each=2, unit=Unit(msg("thing"), nmsg("{n} thing", "{n} things", n=1))),
)
LISTED = listing_command("thing list", LIST, SPENDING, "List things", "thing list")
CHEAP = command("thing see", run, SPENDING, "See a thing", "thing see", cost=Cost(1))


class NobodyAsks:
    """A `Spending` that is not to be asked."""

    async def threshold(self, tenant: TenantId) -> int:
        """It."""
        raise AssertionError(tenant)


def _invocation(tenant: TenantId = HERE) -> Invocation:
    return Invocation("i1", Actor("ann", "Ann"), Destination(tenant, "c1"), 5.0)


def _call() -> Call[None]:
    return Call(_invocation(), None, silent)


def _gate(database: Database) -> SpendingGate:
    states = StoredButtonStates(database, lambda: 5.0, os.urandom)
    catalogue = Catalogue((Group("thing", "Things", (DEAR,)),))
    return SpendingGate(
        catalogue, StoredSpending(database, lambda: 5.0), states, SPENDING_CARDS, _enough, lambda: 5.0
    )


async def _asked(gate: SpendingGate) -> ActionRef:
    card = await gate.question(_call(), DEAR, Args(), {}, from_form=False, agreed=None)
    assert card is not None
    (confirm, _cancel) = card.buttons
    assert confirm.action is not None
    return confirm.action


async def test_of_many_who_take_it_at_once_one_gets_it(database: Database) -> None:
    gate = _gate(database)
    agreed = await gate.agreed(_invocation(), await _asked(gate))
    assert (agreed.command, agreed.credits, agreed.by) == (DEAR, 500, "ann")
    took = await asyncio.gather(*(gate.take(_invocation(), agreed) for _ in range(5)), return_exceptions=True)
    assert sum(one is None for one in took) == 1
    assert all(one is None or isinstance(one, Expired) for one in took)


async def test_another_place_does_not_find_it(database: Database) -> None:
    gate = _gate(database)
    ref = await _asked(gate)
    with pytest.raises(Expired):
        await gate.agreed(_invocation(ELSEWHERE), ref)


async def test_a_place_that_allows_it_is_not_asked(database: Database) -> None:
    await StoredSpending(database, lambda: 5.0).put(HERE, 500)
    gate = _gate(database)
    question = await gate.question(_call(), DEAR, Args(), {}, from_form=False, agreed=None)
    assert question is None


async def test_a_page_of_a_list_is_asked_about_at_its_price(database: Database) -> None:
    stored = StoredSpending(database, lambda: 5.0)
    for above, asked in ((20, False), (19, True)):
        await stored.put(HERE, above)
        card = await _gate(database).question(_call(), LISTED, Args(), {}, from_form=False, agreed=None)
        assert (card is not None) is asked


async def test_nothing_is_read_for_what_is_asked_about_nowhere(database: Database) -> None:
    states = StoredButtonStates(database, lambda: 5.0, os.urandom)
    gate = SpendingGate(Catalogue(()), NobodyAsks(), states, SPENDING_CARDS, _enough, lambda: 5.0)
    question = await gate.question(_call(), CHEAP, Args(), {}, from_form=False, agreed=None)
    assert question is None
