"""`user`: people on X. What else can be read of them: `bot.features.user.reading`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards.profiles import quoted, user_card
from bot.core.chat.answers import Proposal, Reply
from bot.core.commands.declaring import Group
from bot.core.commands.presets import SPENDING, WRITING, command, listing_command
from bot.core.commands.price_list import LOOKUP, OTHER_WRITE
from bot.core.x import prices
from bot.features.services import CommandCall
from bot.features.shared.accounts import acting_account
from bot.features.shared.proposing import as_acting
from bot.features.shared.user_args import UserArgs
from bot.features.shared.write_options import ActingAs
from bot.features.user.followers import FOLLOWERS
from bot.features.user.kinds import FOLLOW, REMOVE_FOLLOWER, UNFOLLOW
from bot.features.user.lists import TWEETS
from bot.features.user.reading import READING
from bot.proposals.kinds import ProposalKind


async def show(call: CommandCall, args: UserArgs) -> Reply:
    """One profile with its figures."""
    xquik = await call.xquik()
    return Reply(user_card(await xquik.users.show(str(args.user))))


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowArgs(UserArgs, ActingAs):
    """Which account, and as whom."""


async def follow(call: CommandCall, args: FollowArgs) -> Proposal:
    """A follow to be confirmed, with the profile itself."""
    return await _proposed(call, FOLLOW, args, example=f"user follow @{args.user}")


async def unfollow(call: CommandCall, args: FollowArgs) -> Proposal:
    """A follow to be taken back, with the profile itself."""
    return await _proposed(call, UNFOLLOW, args, example=f"user unfollow @{args.user}")


async def remove_follower(call: CommandCall, args: FollowArgs) -> Proposal:
    """A follower to be removed, with the profile itself."""
    return await _proposed(call, REMOVE_FOLLOWER, args, example=f"user remove-follower @{args.user}")


async def _proposed(call: CommandCall, kind: ProposalKind, args: FollowArgs, *, example: str) -> Proposal:
    acting = await acting_account(call, args.account, example)
    user = await (await call.xquik()).users.show(str(args.user))
    # By X's id: a username may change hands between preview and Confirm.
    return as_acting(kind, acting, quoted(user), {"user_id": user.id})


_SEEN = OTHER_WRITE.looked_up(prices.LOOKUP)

USER = Group(
    "user",
    "People on X",
    (
        command(
            "user show",
            show,
            SPENDING,
            "Show a profile with its figures",
            "user show @nasa",
            cost=LOOKUP,
            operations=("GET /x/users/{id}",),
        ),
        listing_command(
            "user followers",
            FOLLOWERS,
            SPENDING,
            "List who follows an account, newest first",
            "user followers @nasa",
            operations=("GET /x/users/{id}/followers",),
        ),
        listing_command(
            "user tweets",
            TWEETS,
            SPENDING,
            "List what an account writes, newest first",
            "user tweets @nasa",
            operations=("GET /x/users/{id}/tweets",),
        ),
        *READING,
        command(
            "user follow",
            follow,
            WRITING,
            "Follow an account; shows it and asks first",
            "user follow @nasa",
            cost=_SEEN,
            operations=(
                "GET /x/users/{id}",
                "POST /x/users/{id}/follow",
            ),
        ),
        command(
            "user unfollow",
            unfollow,
            WRITING,
            "Unfollow an account; shows it and asks first",
            "user unfollow @nasa",
            cost=_SEEN,
            operations=(
                "GET /x/users/{id}",
                "DELETE /x/users/{id}/follow",
            ),
        ),
        command(
            "user remove-follower",
            remove_follower,
            WRITING,
            "Make an account follow you no more; shows it and asks first",
            "user remove-follower @nasa",
            cost=_SEEN,
            operations=(
                "GET /x/users/{id}",
                "POST /x/users/{id}/remove-follower",
            ),
        ),
    ),
    default="show",
)
