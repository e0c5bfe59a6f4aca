"""`space show|search|replay`: live audio conversations on X."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import SPENDING, command, listing_command
from bot.core.commands.price_list import LOOKUP
from bot.core.x.gatherings import SpaceRef
from bot.features.services import CommandCall
from bot.features.shared.roots import MORE
from bot.features.space.lists import FOUND
from bot.features.space.showing import played, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceArgs:
    """Which Space."""

    space: Annotated[SpaceRef, Option("The Space's link, or the id at its end", main=True)]


async def show(call: CommandCall, args: SpaceArgs) -> Reply:
    """One Space as it is now."""
    return await shown(call, args.space)


async def replay(call: CommandCall, args: SpaceArgs) -> Reply:
    """Where its recording plays."""
    return await played(call, args.space)


SPACE = Group(
    "space",
    "Spaces on X: live audio conversations",
    (
        command(
            "space show",
            show,
            SPENDING,
            "Show a Space: its state, host, speakers and listeners",
            "space show https://x.com/i/spaces/1OdKrXWaPVPGX",
            cost=LOOKUP,
            operations=("GET /x/spaces/{id}",),
        ),
        listing_command(
            "space search",
            FOUND,
            SPENDING,
            "Find Spaces that are live, to come, or shared in tweets",
            "space search launch",
            "space search python which:latest",
            operations=("GET /x/spaces/search",),
        ),
        command(
            "space replay",
            replay,
            SPENDING,
            "Get the recording of a Space that is over",
            "space replay https://x.com/i/spaces/1yNGaAbCdEfGH",
            cost=LOOKUP,
            operations=("GET /x/spaces/{id}/replay",),
        ),
    ),
    default="show",
    instead="search",
    under=MORE,
)
