"""`broadcast show|live`: live video on X."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.core.chat.answers import Reply
from bot.core.commands.declaring import Group, Option
from bot.core.commands.presets import SPENDING, command
from bot.core.commands.price_list import LOOKUP
from bot.core.x.gatherings import BroadcastRef
from bot.features.broadcast.cards import broadcast_card, live_card
from bot.features.services import CommandCall
from bot.features.shared.roots import MORE
from bot.features.shared.user_args import UserArgs


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastArgs:
    """Which broadcast."""

    broadcast: Annotated[BroadcastRef, Option("The broadcast's link, or the id at its end", main=True)]


async def show(call: CommandCall, args: BroadcastArgs) -> Reply:
    """One broadcast as it is now."""
    xquik = await call.xquik()
    return Reply(broadcast_card(await xquik.broadcasts.show(args.broadcast.id)))


async def live(call: CommandCall, args: UserArgs) -> Reply:
    """Whether an account is live."""
    xquik = await call.xquik()
    return Reply(live_card(str(args.user), await xquik.broadcasts.live(str(args.user))))


BROADCAST = Group(
    "broadcast",
    "Broadcasts on X: live video",
    (
        command(
            "broadcast show",
            show,
            SPENDING,
            "Show a broadcast: its state and how many watch",
            "broadcast show https://x.com/i/broadcasts/1OyKAWabcdeGb",
            cost=LOOKUP,
            operations=("GET /x/broadcasts/{id}",),
        ),
        command(
            "broadcast live",
            live,
            SPENDING,
            "See whether an account is live, and its latest broadcast",
            "broadcast live @spacex",
            cost=LOOKUP,
            operations=("GET /x/users/{id}/live",),
        ),
    ),
    default="show",
    instead="live",
    under=MORE,
)
