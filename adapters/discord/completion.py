"""Values suggested while an option is typed."""

from __future__ import annotations

from adapters.discord import limits
from adapters.discord.values import Typed
from bot.core.cards import Choice
from bot.core.commands import Parameter
from bot.core.invocation import Invocation
from bot.core.ports import Commands


async def completions(commands: Commands, invocation: Invocation, asked: Typed) -> list[dict[str, str]]:
    """At most 25 choices. In a list the last item is completed and the others are kept."""
    if asked.focused is None:
        return []
    name, text = asked.focused
    command = commands.catalogue.command(asked.path)
    parameter = next((p for p in command.parameters if p.name == name), None) if command else None
    if parameter is None:
        return []
    kept, last = _split(parameter, text)
    found = await commands.suggest(invocation, asked.path, name, last)
    return [made for choice in found if (made := _choice(kept, choice))][: limits.COMMAND_CHOICES]


def _split(parameter: Parameter, text: str) -> tuple[str, str]:
    if not parameter.many:
        return "", text.strip()
    before, comma, last = text.rpartition(",")
    return (f"{before.strip()}, " if comma else ""), last.strip()


def _choice(kept: str, choice: Choice) -> dict[str, str] | None:
    """None where the value is longer than Discord takes: a cut one would be another value."""
    value = kept + choice.value
    if not choice.value or limits.size(value) > limits.CHOICE_VALUE:
        return None
    return {"name": limits.clip(kept + choice.label, limits.CHOICE_NAME), "value": value}
