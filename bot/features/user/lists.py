"""`user tweets|replies|media|mentions|likes`: tweets that belong to an account, newest first."""

from __future__ import annotations

from dataclasses import replace
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


async def replies(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of what the account answers to others."""
    xquik = await call.xquik()
    return rows_of(await xquik.users.replies(str(args.user), cursor=cursor or None, rows=size))


async def media(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of what has pictures or videos."""
    xquik = await call.xquik()
    return rows_of(await xquik.users.media(str(args.user), cursor=cursor or None, rows=size))


async def mentions(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of what others write about the account."""
    xquik = await call.xquik()
    return rows_of(await xquik.users.mentions(str(args.user), cursor=cursor or None, rows=size))


async def likes(call: CommandCall, args: UserArgs, cursor: str, size: int) -> PageRows[Tweet]:
    """A page of what one of the team's own accounts likes."""
    xquik = await call.xquik()
    return rows_of(await xquik.users.likes(str(args.user), cursor=cursor or None, rows=size))


TWEETS: Final = posts_listing(
    lambda args: msg("Tweets of @{user}", user=str(args.user)),
    tweets,
    lambda args: line(
        msg("@{user} has no tweets that can be read. `user show @{user}` shows it.", user=str(args.user))
    ),
)
REPLIES: Final = posts_listing(
    lambda args: msg("Replies of @{user}", user=str(args.user)),
    replies,
    lambda args: line(
        msg("@{user} answers nobody. `user tweets @{user}` lists what it writes.", user=str(args.user))
    ),
)
MEDIA: Final = posts_listing(
    lambda args: msg("Pictures and videos of @{user}", user=str(args.user)),
    media,
    lambda args: line(
        msg(
            "@{user} has no tweets with pictures or videos. `user tweets @{user}` lists all of them.",
            user=str(args.user),
        )
    ),
)
MENTIONS: Final = posts_listing(
    lambda args: msg("Mentions of @{user}", user=str(args.user)),
    mentions,
    lambda args: line(
        msg("Nobody mentions @{user}. `monitor add @{user}` watches the account.", user=str(args.user))
    ),
)
# What an account likes X shows to nobody else: it stays with who asked, and becomes no file.
LIKES: Final = replace(
    posts_listing(
        lambda args: msg("Likes of @{user}", user=str(args.user)),
        likes,
        lambda args: line(
            msg("@{user} likes nothing. `user tweets @{user}` lists what it writes.", user=str(args.user))
        ),
    ),
    columns=(),
)
