"""`user followers`: who follows an account, newest first."""

from __future__ import annotations

from typing import Final

from bot.core.chat.cards import Block, line
from bot.core.commands.listing import Column, Listing, PageRows
from bot.core.commands.price_list import PROFILES
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.user.args import UserArgs
from bot.features.user.cards import people_table
from bot.xquik.models import User, moment
from bot.xquik.resources.users import LEAST_ROWS, MOST_ROWS


async def followers(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of them."""
    xquik = await call.xquik()
    page = await xquik.users.followers(str(args.user), cursor=cursor or None, rows=size)
    return PageRows(page.items, page.next_cursor or "")


async def how_many(call: CommandCall, args: UserArgs) -> int | None:
    """As the profile says, for the price of looking it up."""
    xquik = await call.xquik()
    return (await xquik.users.show(str(args.user))).followers


async def draw(_call: CommandCall, _args: UserArgs, rows: PageRows[User]) -> tuple[Block, ...]:
    """A table of them."""
    return (people_table(rows.items),)


FOLLOWERS: Final = Listing(
    title=lambda args: msg("Followers of @{user}", user=str(args.user)),
    fetch=followers,
    identity=lambda user: user.id,
    draw=draw,
    empty=lambda args: line(
        msg("Nobody follows @{user}. `user show @{user}` shows it.", user=str(args.user))
    ),
    size=LEAST_ROWS,
    columns=(
        Column("id", lambda user: user.id),
        Column("username", lambda user: user.username),
        Column("name", lambda user: user.name),
        Column("bio", lambda user: user.description),
        Column("followers", lambda user: user.followers),
        Column("following", lambda user: user.following),
        Column("tweets", lambda user: user.statuses_count),
        Column("verified", lambda user: user.is_verified),
        Column("protected", lambda user: user.protected),
        Column("location", lambda user: user.location),
        Column("website", lambda user: user.website),
        Column("joined", lambda user: moment(user.created_at)),
    ),
    file_size=MOST_ROWS,
    least=LEAST_ROWS,
    cost=PROFILES,
    count=how_many,
)
