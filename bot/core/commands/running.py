"""What carries a command out once nothing speaks against it: its handler, or the first page of its list.
What is recorded of it is noted first, and how it ended afterwards."""

from __future__ import annotations

from typing import Any

from bot.core.chat.answers import Answer
from bot.core.chat.invocation import Call, Values
from bot.core.commands.declaring import Command
from bot.core.commands.journal import Journal, command_doing, recorded
from bot.core.commands.metering import run_metered
from bot.core.commands.pager import Pager
from bot.core.commands.spending import SpendingGate
from bot.core.ports import Responder


class Running:
    """See the module."""

    def __init__(self, pager: Pager, journal: Journal, gate: SpendingGate | None) -> None:
        """gate: counts what is spent."""
        self._pager = pager
        self._gate = gate
        self._journal = journal

    async def answer(
        self, call: Call[Any], command: Command[Any], args: Any, values: Values, responder: Responder
    ) -> Answer:
        """What it answers."""

        async def work() -> Answer:
            if command.run is not None:
                return await run_metered(self._gate, call, command, args)
            return await self._pager.first(call, command, args, values, turns=responder.presses)

        doing = command_doing(command, args, values)
        return await recorded(self._journal, call.invocation, doing, work)
