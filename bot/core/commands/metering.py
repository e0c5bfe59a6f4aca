"""Runs a command whose price counts for the budgets of its place, and says below its answer what that was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from bot.core.chat.answers import Answer, OpenedList, Reply
from bot.core.chat.cards import Card, Text, line
from bot.core.chat.invocation import Call
from bot.core.commands.budgets import metered
from bot.core.commands.declaring import Command
from bot.core.commands.spending import SpendingGate
from bot.core.messages.message import Message

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
    answer = await metered(
        None if gate is None else gate.meter,
        call.invocation,
        command.name,
        most,
        work,
        lambda answer: answer.charged if isinstance(answer, Reply) else None,
        single=single,
    )
    if most and isinstance(answer, Reply):
        said = command.cost.said_afterwards(most, answer.charged)
        return replace(answer, card=_with_footnote(answer.card, said))
    return answer


def _with_footnote(card: Card, said: Message) -> Card:
    """The card with that below everything else."""
    return replace(card, blocks=(*card.blocks, Text(line(said), subtle=True)))
