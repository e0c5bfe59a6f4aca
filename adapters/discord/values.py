"""What a person chose and typed in a slash command, as the raw values of the core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.discord.forms import channel_text, mention_text

_SUBCOMMAND, _SUBCOMMAND_GROUP, _CHANNEL, _MENTIONABLE = 1, 2, 7, 9
_NESTED: Final = frozenset({_SUBCOMMAND, _SUBCOMMAND_GROUP})


@dataclass(frozen=True, slots=True)
class Typed:
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
    return Typed(
        tuple(path),
        {str(o["name"]): (_text(o, resolved),) for o in options if o is not focused},
        (str(focused["name"]), str(focused.get("value", ""))) if focused else None,
    )


def _text(option: Mapping[str, Any], resolved: Mapping[str, Any]) -> str:
    value = option["value"]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if option["type"] == _CHANNEL:
        return channel_text(str(value), resolved.get("channels") or {})
    if option["type"] == _MENTIONABLE:
        return mention_text(str(value), resolved)
    return str(value)
