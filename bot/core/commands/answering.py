"""Giving the answer of a handler: by the clocks of whoever reads it, and with the proposal stored first."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.core.chat.answers import Answer, Proposal, Reply
from bot.core.chat.invocation import Invocation
from bot.core.commands.declaring import Action, Command
from bot.core.commands.readers import ZoneReaders
from bot.core.errors import AnswerLost
from bot.core.ports import Proposals, Responder
from bot.core.tasks import TaskSet


class Answering:
    """See the module."""

    def __init__(self, readers: ZoneReaders, proposals: Proposals) -> None:
        self._readers = readers
        self._proposals = proposals
        self._waiting = TaskSet()

    async def deliver(
        self, invocation: Invocation, answer: Answer, responder: Responder, of: Command[Any] | Action
    ) -> None:
        """Give it; a preview is known by its message then. of: what was run or pressed."""
        match answer:
            case Reply():
                await responder.answer(await self._readers.reply(invocation, answer, of.audience))
                if answer.arrived is not None:
                    await answer.arrived()
                if answer.later is not None and responder.presses:
                    self._waiting.start(self._later(invocation, answer, responder, of), "later-answer")
            case Proposal():
                command = answer.command or of.deed.command
                preview = Reply(await self._proposals.open(invocation, answer, command), answer.files)
                preview = await self._readers.reply(invocation, preview, of.audience)
                ref = await responder.answer(preview)
                later = await self._proposals.shown(preview.card, ref)
                if later is not None and responder.presses:
                    shown = replace(preview, later=later)
                    self._waiting.start(self._later(invocation, shown, responder, of), "later-preview")

    async def _later(
        self, invocation: Invocation, answer: Reply, responder: Responder, of: Command[Any] | Action
    ) -> None:
        """Put what an answer waits for in its place. Where the platform takes it no more, whoever made the
        answer has another way to tell it."""
        after = await answer.later() if answer.later is not None else None
        if after is not None:
            with suppress(AnswerLost):
                await self.deliver(invocation, after, responder, of)
