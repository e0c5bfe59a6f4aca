"""Runs a command whose price counts for the budgets of its place, and says below its answer what that was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from bot.core.chat.answers import Answer, OpenedList, Proposal, Reply
from bot.core.chat.cards import Card, Text, line
from bot.core.chat.invocation import Call
from bot.core.commands.budgets import metered
from bot.core.commands.cost import looked_up_words
from bot.core.commands.declaring import Command
from bot.core.commands.spending import SpendingGate
from bot.core.messages.message import Message
from bot.core.x.paid_requests import PaidRequests, counting_paid_requests

T = TypeVar("T")


async def run_metered(gate: SpendingGate | None, call: Call[Any], command: Command[Any], args: Any) -> Answer:
    """Its answer. BudgetReached where a budget does not cover it; it is not run then."""
    run = command.run
    assert run is not None  # noqa: S101 - of a command that lists, pages are metered
    single = not command.cost.each or command.cost.confirmed
    return await _metered(gate, call, command, command.metered(args), lambda: run(call, args), single=single)


async def press_metered(
    gate: SpendingGate | None,
    call: Call[Any],
    command: Command[Any],
    work: Callable[[], Awaitable[Answer | OpenedList]],
) -> Answer | OpenedList:
    """The same of a button that reads what a command reads, at its fixed price: what depends on options, and
    pages of a list, are metered where these are read."""
    price = 0 if command.listing is not None else command.cost.fixed
    return await _metered(gate, call, command, price, work, single=True)


async def _metered(
    gate: SpendingGate | None,
    call: Call[Any],
    command: Command[Any],
    most: int,
    work: Callable[[], Awaitable[T]],
    *,
    single: bool,
) -> T:
    """most: credits that it may cost; single: as of `metered`."""
    with counting_paid_requests() as requests:
        answer = await metered(
            None if gate is None else gate.meter,
            call.invocation,
            command.name,
            most,
            work,
            lambda answer: _charged(answer, requests),
            single=single,
        )
    if most and isinstance(answer, Reply):
        said = command.cost.said_afterwards(most, answer.charged)
        return replace(answer, card=_with_footnote(answer.card, said))
    if most and isinstance(answer, Proposal) and requests.sent:
        return replace(answer, preview=_with_footnote(answer.preview, looked_up_words(most)))
    return answer


def _charged(answer: object, requests: PaidRequests) -> int | None:
    """Credits; None where nobody says. What is only to be confirmed may have been looked up for nothing."""
    if isinstance(answer, Proposal):
        return None if requests.sent else 0
    return answer.charged if isinstance(answer, Reply) else None


def _with_footnote(card: Card, said: Message) -> Card:
    """The card with that below everything else."""
    return replace(card, blocks=(*card.blocks, Text(line(said), subtle=True)))
