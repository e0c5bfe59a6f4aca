"""What a button does, and the form behind one: asked first, acted on, and offered again where it failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Answer, OpenedList
from bot.core.chat.invocation import Call, Invocation, silent
from bot.core.commands.admission import Admission
from bot.core.commands.answering import Answering
from bot.core.commands.asking import Asking
from bot.core.commands.binding import bind
from bot.core.commands.declaring import Action, Catalogue
from bot.core.commands.journal import NO_JOURNAL, Journal, action_doing, command_doing, read_behind, recorded
from bot.core.commands.metering import press_metered
from bot.core.commands.outcomes import InvocationOutcome, outcome_of
from bot.core.commands.pager import Pager
from bot.core.commands.spending import SpendingGate
from bot.core.errors import BotError, Expired
from bot.core.messages.message import msg
from bot.core.ports import Responder


class Actions:
    """Runs the actions of a catalogue. services: what their handlers are given."""

    def __init__(
        self,
        catalogue: Catalogue,
        services: Any,
        admission: Admission,
        asking: Asking,
        answering: Answering,
        pager: Pager,
        journal: Journal = NO_JOURNAL,
        gate: SpendingGate | None = None,
    ) -> None:
        """gate: counts what is spent."""
        self._gate = gate
        self._journal = journal
        self._catalogue = catalogue
        self._services = services
        self._admission = admission
        self._asking = asking
        self._answering = answering
        self._pager = pager

    async def run(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None,
    ) -> InvocationOutcome:
        """Do what the button says; its form is asked first, unless `values` are what was typed into it."""
        action = self._catalogue.action(ref.name)
        if action is None:
            raise Expired(msg("This button belongs to an older version of the bot."))
        if action.form is not None and values is None:
            form = await self._asking.action(invocation, action, ref)
            if form is not None:
                await responder.ask(form)
                return InvocationOutcome.FORM
        return await self._act_or_ask_again(invocation, action, ref, responder, values or {})

    async def _act_or_ask_again(
        self,
        invocation: Invocation,
        action: Action,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str],
    ) -> InvocationOutcome:
        """Act; where that fails on what a form can mend, or after one was sent, offer the form."""
        try:
            return await self._act(invocation, action, ref, responder, values)
        except BotError as error:
            if action.form is None or not (values or error.option):
                raise
            await self._asking.action_failed(invocation, action, ref, responder, values, error)
            return outcome_of(error)

    async def _act(
        self,
        invocation: Invocation,
        action: Action,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str],
    ) -> InvocationOutcome:
        await self._admission.permit(invocation, action)
        state = await self._admission.state(invocation, action, ref)
        if action.needs_key:
            await self._admission.need_key(invocation)
        if action.check is not None:
            await action.check(Call(invocation, self._services, silent), state, values)
        await responder.acknowledge(action.audience)
        call = Call(invocation, self._services, responder.progress)

        async def work() -> Answer | OpenedList:
            read = read_behind(action, self._catalogue)
            if read is None:
                return await action.run(call, state, values)
            return await press_metered(self._gate, call, read, lambda: action.run(call, state, values))

        doing = action_doing(action, self._catalogue)
        answer = await recorded(self._journal, invocation, doing, work)
        if isinstance(answer, OpenedList):
            answer = await self._opened(call, answer, responder)
        await self._answering.deliver(invocation, answer, responder, action)
        return InvocationOutcome.OK

    async def _opened(self, call: Call[Any], opened: OpenedList, responder: Responder) -> Answer:
        """The first page of a list, for who may run its command."""
        command = self._catalogue.command(opened.path)
        if command is None or command.listing is None:
            raise Expired(msg("This button belongs to an older version of the bot."))
        await self._admission.permit(call.invocation, command)
        args = bind(command, opened.values)

        async def work() -> Answer:
            return await self._pager.first(call, command, args, opened.values, turns=responder.presses)

        doing = command_doing(command, args, opened.values)
        return await recorded(self._journal, call.invocation, doing, work)

    async def again(self, invocation: Invocation, ref: ActionRef, responder: Responder) -> InvocationOutcome:
        """The form of an action as it was sent, to be changed and sent again; the action itself with
        what was typed, where nothing has to be asked any more."""
        action, of, typed, form = await self._asking.action_again(invocation, ref)
        if form is None:
            return await self._act_or_ask_again(invocation, action, of, responder, typed)
        await responder.ask(form)
        return InvocationOutcome.FORM
