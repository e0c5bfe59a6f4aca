"""What `help` brings. It is part of the catalogue that it shows."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.chat.cards import Choice
from bot.core.commands.declaring import Catalogue
from bot.core.commands.permits import standing
from bot.features.feature import Feature
from bot.features.help.commands import help_group
from bot.features.services import CommandCall


def help_feature(whole: Callable[[], Catalogue]) -> Feature:
    """whole: gives the finished catalogue."""

    async def suggest_topics(call: CommandCall, typed: str) -> tuple[Choice, ...]:
        known = whole().within((await standing(call.services.grants, call.invocation)).may)
        names = [*(group.name for group in known.groups), *(command.name for command in known)]
        return tuple(Choice(name, name) for name in dict.fromkeys(names) if typed.casefold() in name)

    return Feature((help_group(whole),), suggestions={"topics": suggest_topics})
