"""`user following|verified|mutuals|similar|affiliates|search`: the people around an account, and by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from bot.core.chat.cards import line
from bot.core.commands.declaring import Option
from bot.core.commands.listing import PageRows
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.people_rows import people_listing, rows_of
from bot.features.shared.user_args import UserArgs, of_account
from bot.xquik.models import User
from bot.xquik.resources.users import MOST_FOUND, MOST_KNOWN, MOST_NAMED

_LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, kw_only=True)
class SearchArgs:
    """What is looked for."""

    query: Annotated[str, Option("Words of a name or a username", main=True, max_length=_LONGEST_SEARCH)]


async def followed(call: CommandCall, args: UserArgs) -> int | None:
    """How many those are, as the profile says, for the price of looking it up."""
    xquik = await call.xquik()
    return (await xquik.users.show(str(args.user))).following


async def found(call: CommandCall, args: SearchArgs, cursor: str, size: int) -> PageRows[User]:
    """A page of whom the words find, best first."""
    xquik = await call.xquik()
    return rows_of(await xquik.users.search(args.query, cursor=cursor or None, rows=size))


FOLLOWING: Final = people_listing(
    lambda args: msg("Followed by @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.following),
    lambda args: line(msg("@{user} follows nobody. `user show @{user}` shows it.", user=str(args.user))),
    counted=followed,
)
VERIFIED: Final = people_listing(
    lambda args: msg("Verified followers of @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.verified_followers),
    lambda args: line(
        msg("No verified account follows @{user}. `user followers @{user}` lists all.", user=str(args.user))
    ),
)
MUTUALS: Final = people_listing(
    lambda args: msg("Followers of @{user} that you follow", user=str(args.user)),
    of_account(lambda xquik: xquik.users.known_followers),
    lambda args: line(
        msg(
            "Nobody whom your X account follows follows @{user}. `user followers @{user}` lists who does.",
            user=str(args.user),
        )
    ),
    most=MOST_KNOWN,
)
SIMILAR: Final = people_listing(
    lambda args: msg("Similar to @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.similar),
    lambda args: line(
        msg("X names nobody as similar to @{user}. `user search` finds people by words.", user=str(args.user))
    ),
    least=1,
    most=MOST_NAMED,
)
AFFILIATES: Final = people_listing(
    lambda args: msg("Affiliates of @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.affiliates),
    lambda args: line(
        msg("@{user} names no affiliates. `user show @{user}` shows the account.", user=str(args.user))
    ),
    least=1,
    most=MOST_NAMED,
)
FOUND: Final = people_listing(
    lambda args: msg("People on X: {words}", words=args.query),
    found,
    lambda _args: line(
        msg("X finds nobody by that. Try fewer words, or `user show` with the exact username.")
    ),
    size=10,
    least=1,
    most=MOST_FOUND,
)
