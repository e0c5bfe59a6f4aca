"""The dispatcher: one way in for every command, button and form, whatever the platform.

Order for a command: bind the arguments (pure; a missing one opens the form at once, since no
platform opens a form after an acknowledgement) → permission and key, local → acknowledge → run →
card or error card → one log line. Nothing a handler raises reaches a person as a traceback.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from bot.core.chat.actions import ActionRef
from bot.core.chat.answers import Answer, Reply
from bot.core.chat.cards import Card, Choice
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import NONE_GIVEN, Call, Invocation, Progress, Values, silent
from bot.core.clocks import Monotonic
from bot.core.commands.actions import Actions
from bot.core.commands.admission import Admission
from bot.core.commands.answering import Answering
from bot.core.commands.asking import (
    ACTION_AGAIN,
    FORM_ACTION,
    FORM_AGAIN,
    FORM_LIFETIME,
    RUN_ACTION,
    Asking,
    ErrorCard,
)
from bot.core.commands.binding import MissingOptions, bind
from bot.core.commands.consent import check_place
from bot.core.commands.declaring import Catalogue, Command, Group
from bot.core.commands.forms import matching_choices
from bot.core.commands.grammar import HelpWanted, parse
from bot.core.commands.journal import NO_JOURNAL, Journal
from bot.core.commands.offering import OfferCard, Offering
from bot.core.commands.offers import Offer
from bot.core.commands.outcomes import InvocationOutcome, outcome_of, went_wrong
from bot.core.commands.pager import TURNS, FurtherButtons, Pager, no_further
from bot.core.commands.readers import ZoneReaders
from bot.core.commands.running import Running
from bot.core.commands.spending import DECLINE, SPEND, Agreed, SpendingGate
from bot.core.errors import BotError, RateLimited, UsageError
from bot.core.messages.message import msg
from bot.core.ports import Access, ButtonStates, Keys, Observer, Proposals, Responder, Timezones
from bot.core.throttle import Throttle
from bot.core.x.references import TweetRef, only_reference

__all__ = ["ACTION_AGAIN", "FORM_ACTION", "FORM_AGAIN", "FORM_LIFETIME", "Dispatcher", "InvocationOutcome"]

SUGGEST_SECONDS = 1.2  # platforms drop suggestions after 3 s; half of that is what people wait for
MOST_SUGGESTED = 100  # as many as any platform shows at once: Slack's

HelpCard: TypeAlias = Callable[[Catalogue, Group | None], Card]
"""Draws the help on a group, or on all commands."""


class Dispatcher:
    """Runs commands, presses and suggestions against a catalogue.

    present_error: error → card, with the buttons given. help_card: the card for a group, or for
    all commands when None. offer_card: as `bot.core.commands.offering.OfferCard`. clock: monotonic seconds,
    for the log line. turns: how often one person may come, by tenant and person; None for as often as they
    like. timezones: by whose clocks moments are said; None for UTC. further: as of `Pager`. gate: asks before
    much is spent, and counts it; None: never, so that no command runs which asks in any case. journal: what
    is recorded.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        services: Any,
        *,
        access: Access,
        keys: Keys,
        states: ButtonStates,
        proposals: Proposals,
        observer: Observer,
        present_error: ErrorCard,
        help_card: HelpCard,
        offer_card: OfferCard,
        clock: Monotonic,
        turns: Throttle | None = None,
        timezones: Timezones | None = None,
        further: FurtherButtons = no_further,
        gate: SpendingGate | None = None,
        journal: Journal = NO_JOURNAL,
    ) -> None:
        self.catalogue = catalogue
        self._turns, self._gate = turns, gate
        self._services = services
        self._admission = Admission(access, keys, states, journal)
        self._asking = Asking(
            catalogue,
            self._admission,
            states,
            present_error=present_error,
            call=lambda invocation: self._call(invocation, silent),
        )
        self._offering = Offering(catalogue, self._admission, self._asking, offer_card)
        self._answering = Answering(ZoneReaders(timezones), proposals)
        self._pager = Pager(
            catalogue,
            self._admission,
            states,
            self._answering,
            present_error=present_error,
            call=lambda invocation: self._call(invocation, silent),
            further=further,
            journal=journal,
            gate=gate,
        )
        self._actions = Actions(
            catalogue, services, self._admission, self._asking, self._answering, self._pager, journal, gate
        )
        self._running = Running(self._pager, journal, gate)
        self._observer = observer
        self._present_error = present_error
        self._help_card = help_card
        self._clock = clock

    # --- ways in -----------------------------------------------------------------------------

    def admit(self, tenant: TenantId, person: str) -> BotError | None:
        """None when the person may go on; else what to tell them (`bot.core.commands.entry.Commands`)."""
        name = f"{tenant}/{person}"
        if self._turns is None or self._turns.wait(name, 0.0) is not None:
            return None
        wait = self._turns.until(name)
        return RateLimited(
            msg("You are asking faster than the bot allows one person to. Nothing was done."),
            remedy=msg("Try again in {seconds} s. Nobody else is affected.", seconds=max(1, round(wait))),
            retry_after=wait,
        )

    async def run_text(self, invocation: Invocation, text: str, responder: Responder) -> InvocationOutcome:
        """Run a typed line (without the platform's own prefix)."""
        if (about := only_reference(text.strip().removeprefix("/"))) is not None and self.catalogue.offers:
            offered = self._offering.alone(invocation, about, responder)
            return await self._settle(invocation, "offer", responder, offered)
        try:
            parsed = parse(self.catalogue, text)
        except UsageError as error:
            return await self._settle(invocation, "?", responder, self._raise(error))
        if isinstance(parsed, HelpWanted):
            work = self._help(invocation, parsed.group, responder)
            return await self._settle(invocation, "help", responder, work)
        return await self.run(invocation, parsed.command, parsed.values, responder)

    async def run(
        self, invocation: Invocation, command: Command[Any], values: Values, responder: Responder
    ) -> InvocationOutcome:
        """Run a command with the raw values of its options."""
        work = self._typed(invocation, command, values, responder)
        return await self._settle(invocation, command.name, responder, work)

    async def on_message(
        self, invocation: Invocation, offer: Offer, posts: Sequence[TweetRef], responder: Responder
    ) -> InvocationOutcome:
        """Run an entry of the menu of a message (`bot.core.commands.entry.Commands`)."""
        work = self._offering.on_message(invocation, offer, posts, responder, self._typed)
        return await self._settle(invocation, " ".join(offer.path), responder, work)

    async def press(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None = None,
    ) -> InvocationOutcome:
        """A button was pressed, or (with `values`) the form behind `ref` was submitted."""
        if ref.name in (FORM_ACTION, FORM_AGAIN):
            work, known = self._form(invocation, ref, responder, values), True
        elif ref.name == RUN_ACTION:
            work, known = self._run_offered(invocation, ref, responder), True
        elif ref.name in TURNS:
            work, known = self._pager.turn(invocation, ref, responder), True
        elif ref.name in (SPEND, DECLINE) and self._gate is not None:
            work, known = self._spend(self._gate, invocation, ref, responder), True
        elif ref.name == ACTION_AGAIN:
            work, known = self._actions.again(invocation, ref, responder), True
        else:
            work = self._actions.run(invocation, ref, responder, values)
            known = self.catalogue.action(ref.name) is not None
        # What nobody declared is not written down: it came from outside, and figures count by name.
        return await self._settle(invocation, ref.name if known else "?", responder, work)

    async def suggest(
        self,
        invocation: Invocation,
        path: tuple[str, ...],
        option: str,
        typed: str,
        given: Values = NONE_GIVEN,
    ) -> tuple[Choice, ...]:
        """Values for an option while it is typed, beside those given: never metered, nothing rather than
        late, and nothing for people who may not run the command."""
        command = self.catalogue.command(path)
        parameter = command.by_name.get(option) if command else None
        if command is None or parameter is None:
            return ()
        try:
            async with asyncio.timeout(SUGGEST_SECONDS):
                if not await self._admission.may(invocation, command):
                    return ()
                source = self.catalogue.suggestions.get(parameter.suggest or "")
                if source is None:
                    return matching_choices(parameter, typed, MOST_SUGGESTED)
                others = {name: texts for name, texts in given.items() if name != option}
                call = Call(invocation, self._services, silent, others, command.deed)
                return (await source(call, typed))[:MOST_SUGGESTED]
        except (BotError, TimeoutError):
            return ()
        except Exception as error:
            self._observer.failed(invocation, command.name, error)
            return ()

    async def open_to(self, invocation: Invocation) -> Catalogue:
        """The commands that the person may run."""
        return self.catalogue.within((await self._admission.standing(invocation)).may)

    # --- what each way does ------------------------------------------------------------------

    async def _typed(
        self, invocation: Invocation, command: Command[Any], values: Values, responder: Responder
    ) -> InvocationOutcome:
        """Carry out what was given in a line; what a menu can mend gets its form."""
        try:
            return await self._command(invocation, command, values, responder, from_form=False)
        except BotError as error:
            if not any(p.menu and p.name == error.option for p in command.parameters):
                raise
            await self._asking.command_failed(invocation, command, values, responder, error)
            return outcome_of(error)

    async def _command(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
        *,
        from_form: bool,
        agreed: Agreed | None = None,
    ) -> InvocationOutcome:
        """Carry a command out; what was not understood points to the help of that very command."""
        try:
            return await self._carry_out(
                invocation, command, values, responder, from_form=from_form, agreed=agreed
            )
        except UsageError as error:
            if error.remedy == UsageError.default_remedy:
                error.remedy = msg("`help {command}` shows its options.", command=command.name)
            raise

    async def _carry_out(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
        *,
        from_form: bool,
        agreed: Agreed | None,
    ) -> InvocationOutcome:
        if command.form_first and not from_form:
            await self._admission.permit(invocation, command)
            await self._asking.command(invocation, command, values, responder)
            return InvocationOutcome.FORM
        try:
            args = bind(command, values, from_form=from_form)
        except MissingOptions as missing:
            if from_form:
                raise
            await self._admission.permit(invocation, command)
            await self._asking.command(invocation, command, values, responder, missing=missing)
            return InvocationOutcome.FORM
        await self._admission.permit(invocation, command)
        if command.needs_key:
            await self._admission.need_key(invocation)
        if command.more is not None and not from_form:
            more = await command.more(self._call(invocation, silent), args)
            if more:
                unsaid = MissingOptions(command, tuple(more))
                await self._asking.command(invocation, command, values, responder, more, unsaid)
                return InvocationOutcome.FORM
        if not from_form and (unsettled := await self._asking.unsettled(invocation, command, values)):
            name, why = unsettled
            await self._asking.command(invocation, command, values, responder, {name: ""}, why)
            return InvocationOutcome.FORM
        check_place(command.audience, responder)
        if command.consent is not None:
            assert self._gate is not None  # noqa: S101 - whoever declares such commands wires one
            # Who is asked about what is found out at Xquik, which may take its time.
            await responder.acknowledge(command.audience)
        call = self._call(invocation, responder.progress)
        question = None
        if self._gate is not None:
            question = await self._gate.question(
                call, command, args, values, from_form=from_form, agreed=agreed
            )
        if command.consent is None:
            await responder.acknowledge(command.audience)
        answer: Answer | None = Reply(question) if question else None
        answer = answer or await self._running.answer(call, command, args, values, responder)
        if agreed is not None and isinstance(answer, Reply):
            answer = replace(answer, replace=True)
        await self._answering.deliver(invocation, answer, responder, command)
        return InvocationOutcome.OK

    async def _form(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None,
    ) -> InvocationOutcome:
        command, kept, about = await self._asking.kept(invocation, ref)
        if values is None:
            await self._admission.permit(invocation, command)
            await self._asking.command(invocation, command, kept, responder, about=about)
            return InvocationOutcome.FORM
        merged = {**kept, **{name: (given,) for name, given in values.items()}}
        try:
            return await self._command(invocation, command, merged, responder, from_form=True)
        except BotError as error:
            await self._asking.command_failed(invocation, command, merged, responder, error)
            return outcome_of(error)

    # --- steps -------------------------------------------------------------------------------

    async def _help(
        self, invocation: Invocation, group: Group | None, responder: Responder
    ) -> InvocationOutcome:
        """Help on what the person may run, for words that name no command."""
        allowed = await self.open_to(invocation)
        shown = None if group is None else allowed.group(group.name)
        if group is not None and shown is None:
            await self._admission.permit(invocation, group.commands[0])
        await responder.answer(Reply(self._help_card(allowed, shown)))
        return InvocationOutcome.OK

    async def _run_offered(
        self, invocation: Invocation, ref: ActionRef, responder: Responder
    ) -> InvocationOutcome:
        command, values, _ = await self._asking.kept(invocation, ref)
        return await self._typed(invocation, command, values, responder)

    async def _spend(
        self, gate: SpendingGate, invocation: Invocation, ref: ActionRef, responder: Responder
    ) -> InvocationOutcome:
        """Carry out what the place is asked before, or leave it; the question goes in any case."""
        agreed = await gate.agreed(invocation, ref)
        command, card, outcome = agreed.command, gate.declined(invocation), InvocationOutcome.OK
        if ref.name == SPEND or invocation.actor.id != agreed.by:
            await self._admission.permit(invocation, command)
        if ref.name == SPEND:
            await gate.afford(invocation, agreed)
        await gate.take(invocation, agreed)
        try:
            if ref.name == SPEND:
                return await self._command(
                    invocation, command, agreed.values, responder, from_form=agreed.from_form, agreed=agreed
                )
            await responder.acknowledge(command.audience)
        except BotError as error:
            card, outcome = self._present_error(error, ()), outcome_of(error)
        await self._answering.deliver(invocation, Reply(card, replace=True), responder, command)
        return outcome

    async def _raise(self, error: BotError) -> InvocationOutcome:
        raise error

    def _call(self, invocation: Invocation, progress: Progress) -> Call[Any]:
        return Call(invocation, self._services, progress)

    async def _settle(
        self, invocation: Invocation, name: str, responder: Responder, work: Awaitable[InvocationOutcome]
    ) -> InvocationOutcome:
        """Await `work`; turn what it raises into a private card; leave one log line."""
        started = self._clock()
        label = "cancelled"  # what is logged when nothing below is reached
        try:
            outcome = await work
            label = outcome.value
        except BotError as error:
            outcome = outcome_of(error)
            label = type(error).__name__
            await responder.fail(self._present_error(error, ()))
        except Exception as error:
            outcome = InvocationOutcome.FAILED
            label = type(error).__name__
            self._observer.failed(invocation, name, error)
            await responder.fail(self._present_error(went_wrong(invocation.id), ()))
        finally:
            self._observer.invoked(invocation, name, label, self._clock() - started)
        return outcome
