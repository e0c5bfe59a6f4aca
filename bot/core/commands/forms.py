"""The form that asks for the options of a command. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Choice, Form, Input, InputKind, Suggested
from bot.core.chat.invocation import Values
from bot.core.commands.binding import OFF
from bot.core.commands.declaring import Command, OptionKind, Parameter
from bot.core.commands.menus import Menu
from bot.core.messages.message import Message, pmsg
from bot.core.messages.speaking import say
from bot.core.text.invisible import blank
from bot.core.times.durations import format_duration

_LONGEST_CHOICE = 100  # characters
FORM_INPUTS = 5  # as few as any platform takes: Discord's modals
_INPUTS = {
    OptionKind.INTEGER: InputKind.INTEGER,
    OptionKind.BOOLEAN: InputKind.BOOLEAN,
    OptionKind.CHOICE: InputKind.CHOICE,
    OptionKind.CHANNEL: InputKind.CHANNEL,
    OptionKind.SECRET: InputKind.SECRET,
    OptionKind.SUBJECT: InputKind.SUBJECT,
    OptionKind.MEDIA: InputKind.MEDIA,
}


def form_for(
    command: Command[Any],
    values: Values,
    action: ActionRef,
    *,
    only: Sequence[str] = (),
    menus: Mapping[str, Menu] | None = None,
    about: str = "",
    most: int = FORM_INPUTS,
) -> Form:
    """The form that asks for a command's options: what is required first, then what was given.

    At most `most` fields; what was given and finds no field is kept by the caller, in the
    state behind `action`. only: the options to ask for, which are required then; all when there are
    none. menus: what is offered, by the name of the option. about: the option that was at fault, which
    always has its field.
    """
    offered = menus or {}
    wanted = [replace(p, required=True) for p in command.parameters if p.name in only]

    def needed(p: Parameter) -> bool:
        return p.required or p.name in command.one_of

    def rank(p: Parameter) -> tuple[bool, bool, int]:
        return not needed(p), not values.get(p.name), command.parameters.index(p)

    pressing = sorted(
        command.parameters, key=lambda p: (p.name != about, not needed(p), p.name not in offered, rank(p))
    )
    parameters = wanted or sorted(pressing[:most], key=rank)
    inputs = tuple(_input(command, p, values.get(p.name, ()), offered.get(p.name)) for p in parameters[:most])
    return Form(
        title=command.name.capitalize(),
        action=action,
        inputs=inputs,
        submit=pmsg("the button", "Save") if command.form_first else pmsg("the button", "Run"),
        note=command.described,
        about=about,
    )


def lacks_nothing(command: Command[Any], values: Values) -> bool:
    """Whether it is certain, without reading any value, that `bind` finds no option missing."""
    if OFF in command.by_name:  # which may take the value of another
        return False
    given = {name for name, texts in values.items() if not all(map(blank, texts))}
    either = command.one_of
    return given.issuperset(p.name for p in command.parameters if p.required) and (
        not either or not given.isdisjoint(either)
    )


def _input(command: Command[Any], parameter: Parameter, given: Sequence[str], menu: Menu | None) -> Input:
    if menu is not None:
        hint = menu.note or parameter.description
        return menu_input(parameter.name, hint, menu, given[0] if given else "")
    kind = _INPUTS.get(parameter.kind, InputKind.PARAGRAPH if parameter.paragraph else InputKind.TEXT)
    if parameter.many and kind not in (InputKind.CHANNEL, InputKind.MEDIA):
        kind = InputKind.TEXT
    if kind is InputKind.INTEGER and parameter.suggest is not None:
        kind = InputKind.TEXT  # chosen among those there are
    offers = parameter.suggest is not None or (parameter.many and bool(parameter.choices))
    value = "" if parameter.kind is OptionKind.SECRET else ", ".join(given)
    if not value and not parameter.required and parameter.default is not None and not parameter.many:
        value = _shown_default(parameter)
    return Input(
        name=parameter.name,
        label=parameter.name.replace("_", " ").capitalize(),
        kind=kind,
        required=parameter.required,
        value=value,
        hint=parameter.description,
        choices=parameter.choices,
        max_length=parameter.max_length,
        many=parameter.many,
        most=parameter.le if parameter.many else None,
        suggested=Suggested(command.path, parameter.name) if offers else None,
    )


def menu_input(name: str, hint: str, menu: Menu, given: str = "") -> Input:
    """A field that offers a menu; it has to be answered where the menu has nothing that counts."""
    return Input(
        name=name,
        label=name.replace("_", " ").capitalize(),
        kind=InputKind.CHOICE,
        required=not menu.chosen,
        value=given or menu.chosen,
        hint=hint,
        choices=menu.choices,
    )


def _shown_default(parameter: Parameter) -> str:
    if isinstance(parameter.default, bool):
        return "yes" if parameter.default else "no"  # as it is typed
    if isinstance(parameter.default, timedelta):
        return format_duration(parameter.default)
    return str(parameter.default)


def _said(label: str) -> str:
    return say(label) if isinstance(label, Message) else label


def matching_choices(parameter: Parameter, typed: str, limit: int = 25) -> tuple[Choice, ...]:
    """The choices that contain what was typed, in the language that is being spoken or in English; those that
    start with it first. Of a list, choices for what stands behind the last comma, the rest of it kept."""
    kept, _, last = typed.rpartition(",") if parameter.many else ("", "", typed)
    already = [item.strip() for item in kept.split(",") if item.strip()]
    prefix = "".join(f"{item}, " for item in already)
    folded = last.strip().casefold()
    labels = {c.label: (_said(c.label).casefold(), c.label.casefold()) for c in parameter.choices}
    found = [
        c
        for c in parameter.choices
        if c.value not in already and any(folded in one for one in (*labels[c.label], c.value.casefold()))
    ]
    found.sort(key=lambda c: not any(one.startswith(folded) for one in labels[c.label]))
    made = (Choice(prefix + _said(c.label) if prefix else c.label, prefix + c.value) for c in found)
    # Discord takes no longer one.
    return tuple(choice for choice in made if len(choice.value) <= _LONGEST_CHOICE)[:limit]
