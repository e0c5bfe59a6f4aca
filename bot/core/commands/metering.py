"""Runs a command whose price counts for the budgets of its place, and says below its answer what that was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.core.chat.answers import Answer, Reply
from bot.core.chat.cards import Card, Text, line
from bot.core.chat.invocation import Call
from bot.core.commands.budgets import metered
from bot.core.commands.declaring import Command
from bot.core.commands.spending import SpendingGate
from bot.core.messages.message import Message


async def run_metered(gate: SpendingGate | None, call: Call[Any], command: Command[Any], args: Any) -> Answer:
    """Its answer. BudgetReached where a budget does not cover it; it is not run then."""
    run, most = command.run, command.metered(args)
    assert run is not None  # noqa: S101 - of a command that lists, pages are metered
    answer = await metered(
        None if gate is None else gate.meter,
        call.invocation,
        command.name,
        most,
        lambda: run(call, args),
        lambda answer: answer.charged if isinstance(answer, Reply) else None,
        single=not command.cost.each or command.cost.confirmed,
    )
    if most and isinstance(answer, Reply):
        said = command.cost.said_afterwards(most, answer.charged)
        return replace(answer, card=with_footnote(answer.card, said))
    return answer


def with_footnote(card: Card, said: Message) -> Card:
    """The card with that below everything else."""
    return replace(card, blocks=(*card.blocks, Text(line(said), subtle=True)))
