"""The command tree that Discord shows, made from the declarations, and when it is sent.

An option that is required is required by Discord's client too, except where a form asks better:
secrets are never typed into a command, and long texts get a large field, so leaving one out opens
the form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final, assert_never

import discord

from adapters.discord import limits
from adapters.discord.kinds import OFFERED_CHANNELS
from adapters.discord.localisations import Locales, localised, spoken_locales
from adapters.discord.rest import Rest
from adapters.discord.values import attachment_names
from bot.core.access import Permission
from bot.core.commands.declaring import Catalogue, Command, Group, OptionKind, Parameter, Root
from bot.core.messages.message import msg
from bot.core.stores import KeyValues

Json = dict[str, Any]
_SLASH, _MESSAGE_MENU = 1, 3
_SUBCOMMAND, _SUBCOMMAND_GROUP = 1, 2
_STRING, _INTEGER, _BOOLEAN, _CHANNEL, _MENTIONABLE, _ATTACHMENT = 3, 4, 5, 7, 9, 11
_IN_SERVERS: Final = {"contexts": [0], "integration_types": [0]}
# A number, as the OpenAPI description of the request has it; answers have a text.
_MANAGERS: Final = discord.Permissions(manage_guild=True).value


def command_tree(catalogue: Catalogue, locales: Locales | None = None) -> list[Json]:
    """Every slash command and context-menu entry, as Discord takes them in one upload. locales: in which they
    are shown besides English; None for all that the bot speaks."""
    locales = spoken_locales() if locales is None else locales
    roots = [_root(group, locales) for group in catalogue.groups if group.under is None]
    roots += [_nesting(root, catalogue.below(root.name), locales) for root in _rare(catalogue)]
    # Shown to everybody: who may run one is decided by our own policy, whose grants Discord does not know.
    menu = [
        {
            "type": _MESSAGE_MENU,
            **localised("name", action.name, limits.MENU_NAME, locales),
            **_IN_SERVERS,
            "default_member_permissions": None,
        }
        for action, _ in catalogue.message_actions
    ]
    return [*roots, *menu]


async def synchronise(rest: Rest, kv: KeyValues, tree: list[Json]) -> bool:
    """Upload the tree unless this very one was uploaded before; True when it was sent.

    Several processes may do it at the same time: each sends the whole tree, so it makes no difference.
    """
    application = rest.application_id
    key = f"discord.tree.{application}"
    digest = hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()
    if await kv.get(key) == digest:
        return False
    await rest.surely("PUT", "/applications/{application_id}/commands", json=tree, application_id=application)
    await kv.put(key, digest)
    return True


def completes(parameter: Parameter) -> bool:
    """Whether values are suggested while the option is typed."""
    if parameter.kind in (OptionKind.BOOLEAN, OptionKind.CHANNEL, OptionKind.SECRET) and not parameter.many:
        return False
    return parameter.suggest is not None or (bool(parameter.choices) and not _has_menu(parameter))


def offered(command: Command[Any]) -> list[Parameter]:
    """The options that a slash command shows, what Discord requires first."""
    shown = [p for p in command.parameters if p.kind is not OptionKind.SECRET]
    shown.sort(key=lambda p: not _required(command, p))
    return shown[: limits.COMMAND_OPTIONS]


def _root(group: Group, locales: Locales) -> Json:
    commands = group.commands
    root: Json = {"type": _SLASH, "name": group.name, **_IN_SERVERS, **_managed(commands)}
    if len(commands) == 1 and len(commands[0].path) == 1:
        only = commands[0]
        return root | _described(only.described, locales) | {"options": _options(only, locales)}
    return root | _described(group.summary, locales) | {"options": _subcommands(commands, locales)}


def _rare(catalogue: Catalogue) -> list[Root]:
    """The roots of groups that nest, once each and in order."""
    return list(dict.fromkeys(group.under for group in catalogue.groups if group.under is not None))


def _nesting(root: Root, groups: Sequence[Group], locales: Locales) -> Json:
    """A root whose groups are subcommand groups, each with its commands."""
    below = [
        {
            "type": _SUBCOMMAND_GROUP,
            "name": group.name,
            **_described(group.summary, locales),
            "options": _subcommands(group.commands, locales),
        }
        for group in groups
    ]
    commands = tuple(command for group in groups for command in group.commands)
    head: Json = {"type": _SLASH, "name": root.name, **_IN_SERVERS, **_managed(commands)}
    return head | _described(root.summary, locales) | {"options": below}


def _subcommands(commands: Sequence[Command[Any]], locales: Locales) -> list[Json]:
    return [
        {
            "type": _SUBCOMMAND,
            "name": command.path[-1],
            **_described(command.described, locales),
            "options": _options(command, locales),
        }
        for command in commands
    ]


def _managed(commands: tuple[Command[Any], ...]) -> Json:
    """Hidden from members where every command of a root needs MANAGE: Discord knows permissions for
    roots only, and our own policy decides in any case."""
    if all(Permission.MANAGE in command.needs for command in commands):
        return {"default_member_permissions": _MANAGERS}
    return {"default_member_permissions": None}


def _options(command: Command[Any], locales: Locales) -> list[Json]:
    options: list[Json] = []
    for parameter in offered(command):
        options.append(_option(command, parameter, locales))
        if parameter.kind is OptionKind.MEDIA:
            options += _attachments(parameter, locales)
    return options[: limits.COMMAND_OPTIONS]


def _attachments(parameter: Parameter, locales: Locales) -> list[Json]:
    """The files that can be attached to a command, beside the option that takes links. Discord's own choice
    of files takes one in each."""
    names = attachment_names(parameter)
    said = msg("A picture or video from here")
    return [
        {"type": _ATTACHMENT, "name": name, **_described(said, locales), "required": False} for name in names
    ]


def _option(command: Command[Any], parameter: Parameter, locales: Locales) -> Json:
    option: Json = {
        "type": _type(parameter),
        "name": parameter.name,
        **_described(parameter.description, locales),
        "required": _required(command, parameter),
    }
    if _type(parameter) == _INTEGER:
        low = -limits.SAFE_INTEGER if parameter.ge is None else parameter.ge
        high = limits.SAFE_INTEGER if parameter.le is None else parameter.le
        option |= {"min_value": low, "max_value": high}
    if parameter.kind is OptionKind.CHANNEL and not parameter.many:
        option["channel_types"] = list(OFFERED_CHANNELS)
    if parameter.kind is OptionKind.STRING and not parameter.many and parameter.max_length:
        option["max_length"] = min(parameter.max_length, limits.STRING_OPTION)
    if _has_menu(parameter):
        option["choices"] = [
            {**localised("name", choice.label, limits.CHOICE_NAME, locales), "value": choice.value}
            for choice in parameter.choices
        ]
    elif completes(parameter):
        option["autocomplete"] = True
    return option


def _required(command: Command[Any], parameter: Parameter) -> bool:
    if parameter.kind is OptionKind.MEDIA:
        return False  # a link or a file: the form asks where there is neither
    return parameter.required and not parameter.paragraph and not command.form_first


def _has_menu(parameter: Parameter) -> bool:
    """Whether Discord's own menu of choices holds all there are."""
    return (
        parameter.kind is OptionKind.CHOICE
        and not parameter.many
        and 0 < len(parameter.choices) <= limits.COMMAND_CHOICES
        and all(len(choice.value) <= limits.CHOICE_VALUE for choice in parameter.choices)
    )


def _type(parameter: Parameter) -> int:
    if parameter.many:
        return _STRING
    match parameter.kind:
        case OptionKind.INTEGER:
            return _STRING if parameter.suggest else _INTEGER
        case OptionKind.BOOLEAN:
            return _BOOLEAN
        case OptionKind.CHANNEL:
            return _CHANNEL
        case OptionKind.SUBJECT:
            return _STRING if parameter.suggest else _MENTIONABLE
        case (
            OptionKind.STRING
            | OptionKind.CHOICE
            | OptionKind.TWEET
            | OptionKind.USERNAME
            | OptionKind.LIST
            | OptionKind.COMMUNITY
            | OptionKind.SPACE
            | OptionKind.BROADCAST
            | OptionKind.DURATION
            | OptionKind.TIMEZONE
            | OptionKind.MEDIA
        ):
            return _STRING
        case OptionKind.SECRET:
            msg = f"{parameter.name} is a secret, which a command never shows"
            raise ValueError(msg)
        case _:
            assert_never(parameter.kind)


def _described(text: str, locales: Locales) -> Json:
    return localised("description", text, limits.COMMAND_DESCRIPTION, locales)
