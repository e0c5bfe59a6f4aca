"""`user followers`: who follows an account, newest first."""

from __future__ import annotations

from typing import Final

from bot.core.chat.cards import line
from bot.core.commands.listing import PageRows
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.people_rows import people_listing, rows_of
from bot.features.shared.user_args import UserArgs
from bot.xquik.models import User


async def followers(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of them."""
    xquik = await call.xquik()
    return rows_of(await xquik.users.followers(str(args.user), cursor=cursor or None, rows=size))


async def how_many(call: CommandCall, args: UserArgs) -> int | None:
    """As the profile says, for the price of looking it up."""
    xquik = await call.xquik()
    return (await xquik.users.show(str(args.user))).followers


FOLLOWERS: Final = people_listing(
    lambda args: msg("Followers of @{user}", user=str(args.user)),
    followers,
    lambda args: line(msg("Nobody follows @{user}. `user show @{user}` shows it.", user=str(args.user))),
    counted=how_many,
)
