"""`user tweets`: what an account writes, newest first."""

from __future__ import annotations

from typing import Final

from bot.core.chat.cards import line
from bot.core.commands.listing import PageRows
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.people_rows import rows_of
from bot.features.shared.post_rows import posts_listing
from bot.features.user.args import UserArgs
from bot.xquik.models import Tweet


async def tweets(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of them, reposts included."""
    xquik = await call.xquik()
    return rows_of(await xquik.users.tweets(str(args.user), cursor=cursor or None, rows=size))


TWEETS: Final = posts_listing(
    lambda args: msg("Tweets of @{user}", user=str(args.user)),
    tweets,
    lambda args: line(
        msg("@{user} has no tweets that can be read. `user show @{user}` shows it.", user=str(args.user))
    ),
)
