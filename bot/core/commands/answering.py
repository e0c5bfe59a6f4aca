"""Giving the answer of a handler: by the clocks of whoever reads it, and with the proposal stored first."""

from __future__ import annotations

from bot.core.chat.answers import Answer, Audience, Proposal, Reply
from bot.core.chat.invocation import Invocation
from bot.core.commands.readers import ZoneReaders
from bot.core.ports import Proposals, Responder


class Answering:
    """See the module."""

    def __init__(self, readers: ZoneReaders, proposals: Proposals) -> None:
        self._readers = readers
        self._proposals = proposals

    async def deliver(
        self, invocation: Invocation, answer: Answer, responder: Responder, audience: Audience
    ) -> None:
        """Give it; a preview is known by its message then."""
        match answer:
            case Reply():
                await responder.answer(await self._readers.reply(invocation, answer, audience))
                if answer.arrived is not None:
                    await answer.arrived()
            case Proposal():
                preview = Reply(await self._proposals.open(invocation, answer))
                preview = await self._readers.reply(invocation, preview, audience)
                ref = await responder.answer(preview)
                await self._proposals.shown(preview.card, ref)
