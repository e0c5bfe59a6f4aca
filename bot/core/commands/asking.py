"""The forms of commands and actions: opened, kept while they are filled in, and opened once more.

Nothing that was typed is lost to an error: the error has a button that opens the form as it was sent,
with the field at fault in it; where the form can be opened no more, the error shows what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, Card, Form
from bot.core.chat.invocation import Call, Invocation, Values
from bot.core.chat.typed import filled, with_typed
from bot.core.commands.admission import Admission
from bot.core.commands.declaring import Action, Catalogue, Command, OptionKind
from bot.core.commands.forms import form_for
from bot.core.commands.menus import Menu
from bot.core.errors import BotError, Expired, UsageError
from bot.core.messages.message import Message, msg
from bot.core.ports import ButtonStates, Responder

FORM_LIFETIME = 60 * 60.0
FORM_ACTION = "form.command"
FORM_AGAIN = "form.again"
ACTION_AGAIN = "form.again.action"
# Runs the command behind it, without a form where nothing has to be asked.
RUN_ACTION = "offer.run"


ErrorCard: TypeAlias = Callable[[BotError, tuple[Button, ...]], Card]
"""Draws an error, with buttons below it."""


CallOf: TypeAlias = Callable[[Invocation], Call[Any]]
"""What a handler of that invocation runs with."""


class Asking:
    """Opens forms as the first answer of an invocation.

    present_error: error → card, with the buttons given. call: what sources of menus and the forms of
    actions are run with.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        admission: Admission,
        states: ButtonStates,
        *,
        present_error: ErrorCard,
        call: CallOf,
    ) -> None:
        self._catalogue = catalogue
        self._admission = admission
        self._states = states
        self._present_error = present_error
        self._call = call

    # --- of commands -------------------------------------------------------------------------

    async def command(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
        more: Mapping[str, str] | None = None,
        missing: UsageError | None = None,
        about: str = "",
    ) -> None:
        """Open the form of a command; with `more`, for those options alone, with what stands in them at
        first. missing: what to say where nobody can be asked (a pipe). about: the option at fault."""
        key = await self.keep(invocation, command, values, FORM_ACTION)
        if more is not None:
            # What is not kept with the form has to be in it, or it is lost.
            unkept = [p.name for p in command.parameters if p.unkept and values.get(p.name)]
            more = {**more, **{name: values[name][0] for name in unkept}}
        shown = {**values, **{name: (text,) for name, text in (more or {}).items() if text}}
        form = form_for(
            command,
            shown,
            ActionRef(FORM_ACTION, key),
            only=tuple(more or ()),
            menus=await self._menus(invocation, command),
            about=about,
            most=responder.form_inputs,
        )
        try:
            await responder.ask(form)
        except UsageError as error:
            raise missing or error from None

    async def unsettled(
        self, invocation: Invocation, command: Command[Any], values: Values
    ) -> tuple[str, UsageError] | None:
        """An option that was left out and has to be asked for, as its menu says, and what to say where
        nobody can be asked."""
        for name, menu in (await self._menus(invocation, command, values)).items():
            if menu.question:
                example = f"{command.examples[0]} {name}:{menu.choices[0].value}"
                return name, UsageError(menu.question, option=name, example=example)
        return None

    async def command_failed(
        self,
        invocation: Invocation,
        command: Command[Any],
        values: Values,
        responder: Responder,
        error: BotError,
    ) -> None:
        """Show what is wrong with a button that opens the form again, nothing typed lost."""
        try:
            if not await self._admission.may(invocation, command):
                raise error
            key = await self.keep(invocation, command, values, FORM_AGAIN, about=error.option or "")
        except BotError:
            secret = _secrets(command)
            typed = {name: ", ".join(given) for name, given in values.items() if name not in secret}
            await responder.fail(with_typed(self._present_error(error, ()), typed))
            return
        button = Button(_label(error), action=ActionRef(FORM_AGAIN, key))
        await responder.fail(self._present_error(error, (button,)))

    async def kept(
        self, invocation: Invocation, ref: ActionRef
    ) -> tuple[Command[Any], dict[str, tuple[str, ...]], str]:
        """The command behind a form, the values kept with it and the option at fault; Expired when that
        is gone."""
        state = await self._states.recall(invocation.tenant, ref.name, ref.key)
        command = self._catalogue.command(tuple(state["path"])) if state else None
        if state is None or command is None:
            pressed = ref.name == RUN_ACTION
            raise Expired(
                msg("This button has expired.") if pressed else msg("This form was open for too long.")
            )
        values = {name: tuple(given) for name, given in state["values"].items()}
        return command, values, str(state.get("about", ""))

    # --- of actions --------------------------------------------------------------------------

    async def action(self, invocation: Invocation, action: Action, ref: ActionRef) -> Form | None:
        """The form that a press opens, for who may open it; None when nothing has to be asked."""
        if action.form is None:
            raise Expired(msg("This button belongs to an older version of the bot."))
        await self._admission.permit(invocation, action)
        state = await self._admission.state(invocation, action, ref)
        return await action.form(self._call(invocation), ref.key, state)

    async def action_failed(
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
        kept = {"action": action.name, "key": ref.key, "values": typed, "about": error.option or ""}
        try:
            await self.action(invocation, action, ref)
            key = await self._states.keep(
                invocation.tenant, ACTION_AGAIN, kept, lifetime=FORM_LIFETIME, person=invocation.actor.id
            )
        except BotError:
            await responder.fail(with_typed(self._present_error(error, ()), typed))
            return
        button = Button(_label(error), action=ActionRef(ACTION_AGAIN, key))
        await responder.fail(self._present_error(error, (button,)))

    async def action_again(
        self, invocation: Invocation, ref: ActionRef
    ) -> tuple[Action, ActionRef, Mapping[str, str], Form | None]:
        """An action whose form was sent, what was typed, and that form filled with it; None for the
        form when nothing has to be asked any more."""
        kept = await self._states.recall(invocation.tenant, ref.name, ref.key)
        action = self._catalogue.action(str(kept["action"])) if kept else None
        if kept is None or action is None:
            raise Expired(msg("What you type is kept for one hour only."))
        of = ActionRef(action.name, str(kept["key"]))
        form = await self.action(invocation, action, of)
        if form is not None:
            form = replace(filled(form, kept["values"]), about=str(kept.get("about", "")))
        return action, of, kept["values"], form

    # --- shared ------------------------------------------------------------------------------

    async def _menus(
        self, invocation: Invocation, command: Command[Any], given: Values | None = None
    ) -> dict[str, Menu]:
        """The menus of a command's options, where there is something to choose or to ask. given: those
        options are left out that have a value in it."""
        found: dict[str, Menu] = {}
        for parameter in command.parameters:
            source = self._catalogue.menus.get(parameter.menu or "")
            if source is None or any(text.strip() for text in (given or {}).get(parameter.name, ())):
                continue
            menu = await source(self._call(invocation))
            if len(menu.choices) > 1 or menu.question:
                found[parameter.name] = menu
        return found

    async def keep(
        self, invocation: Invocation, command: Command[Any], values: Values, name: str, about: str = ""
    ) -> str:
        """Keep a command and its values behind a button of that name, for a form or a press; the key."""
        secret = _secrets(command)
        kept = {n: list(given) for n, given in values.items() if n not in secret}
        state = {"path": list(command.path), "values": kept, "about": about}
        return await self._states.keep(
            invocation.tenant, name, state, lifetime=FORM_LIFETIME, person=invocation.actor.id
        )


def _secrets(command: Command[Any]) -> frozenset[str]:
    return frozenset(p.name for p in command.parameters if p.kind is OptionKind.SECRET or p.unkept)


def _label(error: BotError) -> Message:
    """What the button is called: whether something is to be changed, or only tried once more."""
    if isinstance(error, UsageError) or error.option:
        return msg("Change it")
    return msg("Open it again")
