"""Runs a command whose price counts for the budgets of its place."""

from __future__ import annotations

from typing import Any

from bot.core.chat.answers import Answer, Reply
from bot.core.chat.invocation import Call
from bot.core.commands.budgets import metered
from bot.core.commands.declaring import Command
from bot.core.commands.spending import SpendingGate


async def run_metered(gate: SpendingGate | None, call: Call[Any], command: Command[Any], args: Any) -> Answer:
    """Its answer. BudgetReached where a budget does not cover it; it is not run then."""
    run = command.run
    assert run is not None  # noqa: S101 - of a command that lists, pages are metered
    return await metered(
        None if gate is None else gate.meter,
        call.invocation,
        command.name,
        command.metered(args),
        lambda: run(call, args),
        lambda answer: answer.charged if isinstance(answer, Reply) else None,
        single=not command.cost.each or command.cost.confirmed,
    )
