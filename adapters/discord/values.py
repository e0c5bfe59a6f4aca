"""What a person chose and typed in a slash command, as the raw values of the core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from adapters.discord.forms import attachment_text, channel_text, mention_text
from bot.core.commands.options import Parameter

_SUBCOMMAND, _SUBCOMMAND_GROUP, _CHANNEL, _MENTIONABLE, _ATTACHMENT = 1, 2, 7, 9, 11
_FILE: Final = "_file"
_NESTED: Final = frozenset({_SUBCOMMAND, _SUBCOMMAND_GROUP})


class Typed(msgspec.Struct, frozen=True):
    """path: the command's words; values: option → its text; focused: the option being completed,
    and what stands in it."""

    path: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    focused: tuple[str, str] | None = None


def typed(data: Mapping[str, Any]) -> Typed:
    """The data of a slash command or of an autocomplete."""
    path = [str(data["name"])]
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    while options and options[0]["type"] in _NESTED:
        path.append(str(options[0]["name"]))
        options = options[0].get("options") or ()
    resolved = data.get("resolved") or {}
    focused = next((o for o in options if o.get("focused")), None)
    values: dict[str, tuple[str, ...]] = {}
    for option in options:
        if option is not focused:
            name = _option_of(option)
            values[name] = (*values.get(name, ()), _text(option, resolved))
    return Typed(
        tuple(path),
        values,
        (str(focused["name"]), str(focused.get("value", ""))) if focused else None,
    )


def attachment_names(parameter: Parameter) -> list[str]:
    """The options of a command by which files are attached for this one: media_file, media_file2 …"""
    most = (parameter.le or 1) if parameter.many else 1
    return [f"{parameter.name}{_FILE}{number if number > 1 else ''}" for number in range(1, most + 1)]


def _option_of(option: Mapping[str, Any]) -> str:
    """The option of the command that one of Discord's is for."""
    name = str(option["name"])
    return name.rpartition(_FILE)[0] if option["type"] == _ATTACHMENT else name


def _text(option: Mapping[str, Any], resolved: Mapping[str, Any]) -> str:
    value = option["value"]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if option["type"] == _CHANNEL:
        return channel_text(str(value), resolved.get("channels") or {})
    if option["type"] == _MENTIONABLE:
        return mention_text(str(value), resolved)
    if option["type"] == _ATTACHMENT:
        return attachment_text(str(value), resolved)
    return str(value)
