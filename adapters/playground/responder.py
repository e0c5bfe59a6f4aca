"""Answers one command or button of the page."""

from __future__ import annotations

from adapters.playground import limits
from adapters.playground.board import DIRECT, Board
from adapters.playground.runs import Run, Runs
from bot.core.chat import card_json
from bot.core.chat.answers import Audience, Reply
from bot.core.chat.cards import Card, Form
from bot.core.chat.ids import Destination, MessageRef
from bot.core.chat.invocation import Invocation
from bot.i18n.translator import Translator


class PlaygroundResponder:
    """A `Responder`: forms go to the page that asked, private answers to the person's pages only."""

    form_inputs = limits.FORM_INPUTS
    presses = True
    confidential = True  # goes to the open pages of the person, and into no table

    def __init__(self, invocation: Invocation, run: Run, runs: Runs, board: Board) -> None:
        self._invocation = invocation
        self._run = run
        self._runs = runs
        self._board = board
        self._audience = Audience.PRIVATE

    async def ask(self, form: Form) -> None:
        """Open a form on the page that sent the command, and on no other."""
        self._run.ask((await self._reader()).form(form))

    async def acknowledge(self, audience: Audience) -> None:
        """Show the person that the bot is working."""
        self._audience = audience
        self._runs.working(self._run)

    async def progress(self, card: Card) -> None:
        """Show how far it is, to the person alone."""
        self._runs.progressed(self._run, (await self._reader()).card(card))

    async def answer(self, reply: Reply) -> MessageRef | None:
        """Post the answer, or put it in place of the message whose button was pressed.

        Messages that one person sees are stored like any other, so each of them can be edited; of what is
        confidential only its buttons are.
        """
        pressed, locale = self._invocation.message, self._invocation.locale
        confidential = self._audience is Audience.CONFIDENTIAL
        if reply.replace and pressed is not None and (self._invocation.alone or not confidential):
            edited = await self._board.edit(
                int(pressed.message), reply.card, reply.files, locale=locale, confidential=confidential
            )
            if edited is not None:
                return pressed
        channel = self._invocation.place.channel
        private = self._audience is not Audience.CHANNEL or channel == DIRECT
        message = await self._board.post(
            channel,
            reply.card,
            viewer=self._invocation.actor.id if private else "",
            files=reply.files,
            asked=self._run.asked,
            locale=locale,
            confidential=confidential,
        )
        return MessageRef(Destination(self._board.tenant, channel), str(message.id))

    async def fail(self, card: Card) -> None:
        """Tell the person: inside the form that failed while it is open, else as a private message."""
        card = (await self._reader()).card(card)
        if self._run.in_form and self._run.settle({"status": "failed", "card": card_json.to_data(card)}):
            return
        await self._board.post(
            self._invocation.place.channel, card, viewer=self._invocation.actor.id, asked=self._run.asked
        )

    async def _reader(self) -> Translator:
        """For what the person alone sees."""
        return await self._board.reader(self._invocation.actor.id, self._invocation.locale)
