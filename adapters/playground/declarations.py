"""The commands as the page needs them for completion and inline help, in the language of who reads them."""

from __future__ import annotations

from typing import Any

from bot.core.chat.answers import Audience
from bot.core.commands.declaring import Catalogue, Command, Group, Parameter
from bot.i18n.translator import Translator


def declare(catalogue: Catalogue, reader: Translator) -> list[dict[str, Any]]:
    """Every group with its commands and their options, as JSON data."""
    return [_group(group, reader) for group in catalogue.groups]


def declare_actions(catalogue: Catalogue, reader: Translator) -> list[dict[str, str]]:
    """What the menu of a message that links to a tweet offers, as JSON data."""
    return [
        {
            "key": action.key,
            "name": reader.words(action.name),
            "description": reader.words(action.description),
        }
        for action, _ in catalogue.message_actions
    ]


def _group(group: Group, reader: Translator) -> dict[str, Any]:
    return {
        "name": group.name,
        "summary": reader.words(group.summary),
        "default": group.default,
        "commands": [_command(command, reader) for command in group.commands],
    }


def _command(command: Command[Any], reader: Translator) -> dict[str, Any]:
    return {
        "path": list(command.path),
        "summary": reader.words(command.described),
        "effect": command.effect.value,
        "needs": list(command.needs.names()),
        "private": command.audience is not Audience.CHANNEL,
        "form": command.form_first,
        "examples": list(command.examples),
        "options": [_option(parameter, reader) for parameter in command.parameters],
    }


def _option(parameter: Parameter, reader: Translator) -> dict[str, Any]:
    default = parameter.default
    return {
        "name": parameter.name,
        "kind": parameter.kind.value,
        "description": reader.words(parameter.description),
        "required": parameter.required,
        "default": default if isinstance(default, str | int | bool) else None,
        "many": parameter.many,
        "main": parameter.main,
        "choices": [{"label": reader.words(c.label), "value": c.value} for c in parameter.choices],
        "least": parameter.ge,
        "most": parameter.le,
        "longest": parameter.max_length,
        "suggests": parameter.suggest is not None,
    }
