"""The commands as the page needs them for completion and inline help."""

from __future__ import annotations

from typing import Any

from bot.core.chat.answers import Audience
from bot.core.commands.declaring import Catalogue, Command, Group, Parameter


def declare(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every group with its commands and their options, as JSON data."""
    return [_group(group) for group in catalogue.groups]


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "summary": group.summary,
        "default": group.default,
        "commands": [_command(command) for command in group.commands],
    }


def _command(command: Command[Any]) -> dict[str, Any]:
    return {
        "path": list(command.path),
        "summary": command.described,
        "effect": command.effect.value,
        "needs": list(command.needs.names()),
        "private": command.audience is Audience.PRIVATE,
        "form": command.form_first,
        "examples": list(command.examples),
        "options": [_option(parameter) for parameter in command.parameters],
    }


def _option(parameter: Parameter) -> dict[str, Any]:
    default = parameter.default
    return {
        "name": parameter.name,
        "kind": parameter.kind.value,
        "description": parameter.description,
        "required": parameter.required,
        "default": default if isinstance(default, str | int | bool) else None,
        "many": parameter.many,
        "main": parameter.main,
        "choices": [{"label": c.label, "value": c.value} for c in parameter.choices],
        "least": parameter.ge,
        "most": parameter.le,
        "longest": parameter.max_length,
        "suggests": parameter.suggest is not None,
    }
