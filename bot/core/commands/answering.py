"""Giving the answer of a handler: by the clocks of whoever reads it, and with the proposal stored first."""

from __future__ import annotations

from typing import Any

from bot.core.chat.answers import Answer, Proposal, Reply
from bot.core.chat.invocation import Invocation
from bot.core.commands.declaring import Action, Command
from bot.core.commands.readers import ZoneReaders
from bot.core.ports import Proposals, Responder


class Answering:
    """See the module."""

    def __init__(self, readers: ZoneReaders, proposals: Proposals) -> None:
        self._readers = readers
        self._proposals = proposals

    async def deliver(
        self, invocation: Invocation, answer: Answer, responder: Responder, of: Command[Any] | Action
    ) -> None:
        """Give it; a preview is known by its message then. of: what was run or pressed."""
        match answer:
            case Reply():
                await responder.answer(await self._readers.reply(invocation, answer, of.audience))
                if answer.arrived is not None:
                    await answer.arrived()
            case Proposal():
                command = answer.command or of.deed.command
                preview = Reply(await self._proposals.open(invocation, answer, command), answer.files)
                preview = await self._readers.reply(invocation, preview, of.audience)
                ref = await responder.answer(preview)
                await self._proposals.shown(preview.card, ref)
