"""What stands around an adapter in these tests: the real dispatcher and storage, and what it notes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from bot.cards.errors import error_card
from bot.cards.help import help_card
from bot.cards.spending import SPENDING_CARDS
from bot.core.chat.answers import Proposal
from bot.core.chat.cards import Card
from bot.core.chat.ids import MessageRef, TenantId
from bot.core.chat.invocation import Invocation
from bot.core.commands.declaring import Catalogue
from bot.core.commands.dispatch import Dispatcher
from bot.core.commands.pager import FurtherButtons, no_further
from bot.core.commands.spending import SpendingGate
from bot.core.ports import ButtonStates, Observer, Proposals
from bot.core.throttle import Throttle
from bot.features.help.cards.offers import offer_card
from bot.storage.engine.database import Database
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.grants import Grants
from bot.storage.places.spending import StoredSpending


class AnyKey:
    """Every tenant has a key: the commands of these tests ask nobody."""

    async def has_key(self, _tenant: TenantId) -> bool:
        return True


class NoProposals:
    """The commands of these tests make none; their previews use stored button states."""

    async def open(self, _invocation: Invocation, _proposal: Proposal, _command: str) -> Card:
        raise AssertionError("no command here proposes")

    async def shown(self, _card: Card, _ref: MessageRef | None) -> None:
        raise AssertionError("no command here proposes")


@dataclass
class Noted:
    """An `Observer` that keeps what it was told."""

    outcomes: list[tuple[str, str]] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def invoked(self, _invocation: Invocation, command: str, outcome: str, _seconds: float) -> None:
        self.outcomes.append((command, outcome))

    def failed(self, _invocation: Invocation, _command: str, error: BaseException) -> None:
        self.failures.append(error)


class GatedStates(StoredButtonStates):
    """The real states, behind a gate: a database that takes its time."""

    gate: asyncio.Event | None = None

    async def keep(self, *args: Any, **named: Any) -> str:
        if self.gate is not None:
            await self.gate.wait()
        return await super().keep(*args, **named)


async def _enough(_tenant: TenantId, _credits: int) -> bool:
    return True


def dispatcher(
    database: Database,
    commands: Catalogue,
    states: ButtonStates,
    observer: Observer,
    services: Any = None,
    turns: Throttle | None = None,
    further: FurtherButtons = no_further,
    proposals: Proposals | None = None,
) -> Dispatcher:
    """The real one, over real grants. services: what the commands are given; turns: how often one
    person may come; further: more buttons for pages of lists; proposals: where they make any."""
    return Dispatcher(
        commands,
        services,
        access=Grants(database),
        keys=AnyKey(),
        states=states,
        proposals=proposals or NoProposals(),
        observer=observer,
        present_error=error_card,
        help_card=help_card,
        offer_card=offer_card,
        clock=time.monotonic,
        turns=turns,
        further=further,
        gate=SpendingGate(
            commands, StoredSpending(database, time.time), states, SPENDING_CARDS, _enough, time.time
        ),
    )
