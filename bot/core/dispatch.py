"""The dispatcher: one way in for every command, button and form, whatever the platform.

Order for a command: bind the arguments (pure; a missing one opens the form at once, since no
platform opens a form after an acknowledgement) → permission and key, local → acknowledge → run →
card or error card → one log line. Nothing a handler raises reaches a person as a traceback.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.core.access import Denied, Permission, decide
from bot.core.actions import ActionRef
from bot.core.answers import Answer, Proposal, Reply
from bot.core.binding import MissingOptions, bind, form_for, matching_choices
from bot.core.cards import Button, Card, Choice, Form
from bot.core.commands import Action, Catalogue, Command, Group, Kind
from bot.core.errors import BotError, Expired, NotConfigured, NotPermitted, UsageError
from bot.core.grammar import HelpWanted, parse
from bot.core.invocation import Call, Invocation
from bot.core.outcomes import Outcome, outcome_of
from bot.core.ports import Access, ButtonStates, Keys, Observer, Proposals, Responder
from bot.core.typed import filled, with_typed

__all__ = ["ACTION_AGAIN", "FORM_ACTION", "FORM_AGAIN", "FORM_LIFETIME", "Dispatcher", "Outcome"]

Values = Mapping[str, Sequence[str]]

FORM_LIFETIME = 60 * 60.0
# Platforms drop suggestions that come after 3 s; PLATFORMS.md asks for 1.5 s.
SUGGEST_SECONDS = 1.2

FORM_ACTION = "form.command"
FORM_AGAIN = "form.again"
ACTION_AGAIN = "form.again.action"


class Dispatcher:
    """Runs commands, presses and suggestions against a catalogue.

    present_error: error → card, with the buttons given. help_card: the card for a group, or for
    all commands when None. clock: monotonic seconds, for the log line.
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
        present_error: Callable[[BotError, tuple[Button, ...]], Card],
        help_card: Callable[[Catalogue, Group | None], Card],
        clock: Callable[[], float],
    ) -> None:
        self.catalogue = catalogue
        self._services = services
        self._access = access
        self._keys = keys
        self._states = states
        self._proposals = proposals
        self._observer = observer
        self._present_error = present_error
        self._help_card = help_card
        self._clock = clock

    # --- ways in -----------------------------------------------------------------------------

    async def run_text(self, invocation: Invocation, text: str, responder: Responder) -> Outcome:
        """Run a typed line (without the platform's own prefix)."""
        try:
            parsed = parse(self.catalogue, text)
        except UsageError as error:
            return await self._settle(invocation, "?", responder, self._raise(error))
        if isinstance(parsed, HelpWanted):
            card = self._help_card(self.catalogue, parsed.group)
            return await self._settle(invocation, "help", responder, self._show(responder, card))
        return await self.run(invocation, parsed.command, parsed.values, responder)

    async def run(
        self, invocation: Invocation, command: Command[Any], values: Values, responder: Responder
    ) -> Outcome:
        """Run a command with the raw values of its options."""
        work = self._command(invocation, command, values, responder, from_form=False)
        return await self._settle(invocation, command.name, responder, work)

    async def press(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None = None,
    ) -> Outcome:
        """A button was pressed, or (with `values`) the form behind `ref` was submitted."""
        if ref.name in (FORM_ACTION, FORM_AGAIN):
            work, known = self._form(invocation, ref, responder, values), True
        elif ref.name == ACTION_AGAIN:
            work, known = self._reopen(invocation, ref, responder), True
        else:
            work = self._action(invocation, ref, responder, values)
            known = self.catalogue.action(ref.name) is not None
        # What nobody declared is not written down: it came from outside, and figures count by name.
        return await self._settle(invocation, ref.name if known else "?", responder, work)

    async def suggest(
        self, invocation: Invocation, path: tuple[str, ...], option: str, typed: str
    ) -> tuple[Choice, ...]:
        """Values for an option while it is typed: from memory or the database, never metered.

        Nothing for people who may not run the command, and nothing rather than late.
        """
        command = self.catalogue.command(path)
        parameter = next((p for p in command.parameters if p.name == option), None) if command else None
        if command is None or parameter is None:
            return ()
        try:
            async with asyncio.timeout(SUGGEST_SECONDS):
                await self._permit(invocation, command.needs)
                source = self.catalogue.suggestions.get(parameter.suggest or "")
                if source is None:
                    return matching_choices(parameter, typed)
                return (await source(self._call(invocation, _silent), typed))[:25]
        except (BotError, TimeoutError):
            return ()
        except Exception as error:
            self._observer.failed(invocation, command.name, error)
            return ()

    # --- what each way does ------------------------------------------------------------------

    async def _command(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
        *,
        from_form: bool,
    ) -> Outcome:
        """Carry a command out; what was not understood points to the help of that very command."""
        try:
            return await self._carry_out(invocation, command, values, responder, from_form=from_form)
        except UsageError as error:
            if error.remedy == UsageError.default_remedy:
                error.remedy = f"`help {command.name}` shows its options."
            raise

    async def _carry_out(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
        *,
        from_form: bool,
    ) -> Outcome:
        if command.form_first and not from_form:
            await self._permit(invocation, command.needs)
            await self._ask(invocation, command, values, responder)
            return Outcome.FORM
        try:
            args = bind(command, values, from_form=from_form)
        except MissingOptions as missing:
            if from_form:
                raise
            await self._permit(invocation, command.needs)
            await self._ask(invocation, command, values, responder, missing=missing)
            return Outcome.FORM
        await self._permit(invocation, command.needs)
        if command.needs_key:
            await self._need_key(invocation)
        if command.more is not None and not from_form:
            more = await command.more(self._call(invocation, _silent), args)
            if more:
                unsaid = MissingOptions(command, tuple(more))
                await self._ask(invocation, command, values, responder, more, unsaid)
                return Outcome.FORM
        await responder.acknowledge(command.audience)
        answer = await command.run(self._call(invocation, responder.progress), args)
        await self._deliver(invocation, answer, responder)
        return Outcome.OK

    async def _action(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None,
    ) -> Outcome:
        action = self.catalogue.action(ref.name)
        if action is None:
            raise Expired("This button belongs to an older version of the bot.")
        if action.form is not None and values is None:
            await responder.ask(await self._action_form(invocation, action, ref))
            return Outcome.FORM
        try:
            return await self._act(invocation, action, ref, responder, values or {})
        except BotError as error:
            if action.form is None or not values:
                raise
            await self._fail_with_typed(invocation, action, ref, responder, values, error)
            return outcome_of(error)

    async def _act(
        self,
        invocation: Invocation,
        action: Action,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str],
    ) -> Outcome:
        await self._permit(invocation, action.needs)
        state = await self._state(invocation, action, ref)
        if action.needs_key:
            await self._need_key(invocation)
        if action.check is not None:
            await action.check(self._call(invocation, _silent), state, values)
        await responder.acknowledge(action.audience)
        answer = await action.run(self._call(invocation, responder.progress), state, values)
        await self._deliver(invocation, answer, responder)
        return Outcome.OK

    async def _reopen(self, invocation: Invocation, ref: ActionRef, responder: Responder) -> Outcome:
        """The form of an action as it was sent, to be changed and sent again."""
        kept = await self._states.recall(invocation.tenant, ref.name, ref.key)
        action = self.catalogue.action(str(kept["action"])) if kept else None
        if kept is None or action is None:
            raise Expired("What was typed was kept for an hour only.")
        form = await self._action_form(invocation, action, ActionRef(action.name, str(kept["key"])))
        await responder.ask(filled(form, kept["values"]))
        return Outcome.FORM

    async def _form(
        self,
        invocation: Invocation,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str] | None,
    ) -> Outcome:
        state = await self._states.recall(invocation.tenant, ref.name, ref.key)
        command = self.catalogue.command(tuple(state["path"])) if state else None
        if state is None or command is None:
            raise Expired("This form was open for too long.")
        kept = {name: tuple(given) for name, given in state["values"].items()}
        if values is None:
            await self._permit(invocation, command.needs)
            await self._ask(invocation, command, kept, responder)
            return Outcome.FORM
        merged = {**kept, **{name: (given,) for name, given in values.items()}}
        try:
            return await self._command(invocation, command, merged, responder, from_form=True)
        except UsageError as error:
            await self._fail_with_form(invocation, command, merged, responder, error)
            return Outcome.NOT_UNDERSTOOD

    # --- steps -------------------------------------------------------------------------------

    async def _ask(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
        more: Mapping[str, str] | None = None,
        missing: MissingOptions | None = None,
    ) -> None:
        """Open the form of a command; with `more`, for those options alone. missing: what to say where
        nobody can be asked (a pipe)."""
        key = await self._keep_values(invocation, command, values, FORM_ACTION)
        shown = {**values, **{name: (text,) for name, text in (more or {}).items()}}
        try:
            await responder.ask(form_for(command, shown, ActionRef(FORM_ACTION, key), only=tuple(more or ())))
        except UsageError as error:
            raise missing or error from None

    async def _keep_values(
        self, invocation: Invocation, command: Command[Any], values: Values, name: str
    ) -> str:
        secret = {p.name for p in command.parameters if p.kind is Kind.SECRET}
        kept = {n: list(given) for n, given in values.items() if n not in secret}
        state = {"path": list(command.path), "values": kept}
        return await self._states.keep(invocation.tenant, name, state, lifetime=FORM_LIFETIME)

    async def _fail_with_form(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
        error: UsageError,
    ) -> None:
        """Show what is wrong with a button that opens the form again, nothing typed lost."""
        key = await self._keep_values(invocation, command, values, FORM_AGAIN)
        button = Button("Change it", action=ActionRef(FORM_AGAIN, key))
        await responder.fail(self._present_error(error, (button,)))

    async def _action_form(self, invocation: Invocation, action: Action, ref: ActionRef) -> Form:
        """The form that a press opens, for who may open it."""
        if action.form is None:
            raise Expired("This button belongs to an older version of the bot.")
        await self._permit(invocation, action.needs)
        state = await self._state(invocation, action, ref)
        return await action.form(self._call(invocation, _silent), ref.key, state)

    async def _fail_with_typed(
        self,
        invocation: Invocation,
        action: Action,
        ref: ActionRef,
        responder: Responder,
        values: Mapping[str, str],
        error: BotError,
    ) -> None:
        """Show what went wrong so that nothing typed is lost: with a button that opens the form as
        it was sent; where it can be opened no more, with the text itself, to be copied."""
        typed = {name: given for name, given in values.items() if name not in action.secrets}
        try:
            await self._action_form(invocation, action, ref)
        except BotError:
            await responder.fail(with_typed(self._present_error(error, ()), typed))
            return
        kept = {"action": action.name, "key": ref.key, "values": typed}
        key = await self._states.keep(invocation.tenant, ACTION_AGAIN, kept, lifetime=FORM_LIFETIME)
        label = "Change it" if isinstance(error, UsageError) else "Open it again"
        button = Button(label, action=ActionRef(ACTION_AGAIN, key))
        await responder.fail(self._present_error(error, (button,)))

    async def _permit(self, invocation: Invocation, needs: Permission) -> None:
        grants = await self._access.grants(invocation.tenant)
        verdict = decide(invocation.actor, needs, grants)
        if isinstance(verdict, Denied):
            raise NotPermitted(verdict.reason)

    async def _need_key(self, invocation: Invocation) -> None:
        if not await self._keys.has_key(invocation.tenant):
            raise NotConfigured("No Xquik key is set up here yet, so nothing can be asked of X.")

    async def _state(self, invocation: Invocation, action: Action, ref: ActionRef) -> Mapping[str, Any]:
        if not action.stored:
            return {"key": ref.key}
        state = await self._states.recall(invocation.tenant, ref.name, ref.key)
        if state is None:
            raise Expired("This button has expired.")
        return state

    async def _deliver(self, invocation: Invocation, answer: Answer, responder: Responder) -> None:
        match answer:
            case Reply():
                await responder.answer(answer)
            case Proposal():
                card = await self._proposals.open(invocation, answer)
                ref = await responder.answer(Reply(card))
                await self._proposals.shown(card, ref)

    async def _show(self, responder: Responder, card: Card) -> Outcome:
        await responder.answer(Reply(card))
        return Outcome.OK

    async def _raise(self, error: BotError) -> Outcome:
        raise error

    def _call(self, invocation: Invocation, progress: Callable[[Card], Awaitable[None]]) -> Call[Any]:
        return Call(invocation, self._services, progress)

    async def _settle(
        self, invocation: Invocation, name: str, responder: Responder, work: Awaitable[Outcome]
    ) -> Outcome:
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
            outcome = Outcome.FAILED
            label = type(error).__name__
            self._observer.failed(invocation, name, error)
            shown = BotError(
                "The bot made a mistake of its own. Nothing was changed on X by this step.",
                remedy=f"Try again. If it happens again, give the operator this id: {invocation.id}",
            )
            await responder.fail(self._present_error(shown, ()))
        finally:
            self._observer.invoked(invocation, name, label, self._clock() - started)
        return outcome


async def _silent(_card: Card) -> None:
    """Progress of something that is answered at once."""
