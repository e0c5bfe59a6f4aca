"""Kinds of proposals about people on X. The payload names them by user_id: X's, in digits."""

from __future__ import annotations

from typing import Final

from bot.core.messages.message import msg
from bot.features.shared.small_writes import small_write
from bot.proposals.kinds import Leaves, Wording

FOLLOW: Final = small_write(
    "user.follow",
    "follow",
    Wording(
        question=msg("Follow this account on X?"),
        running=msg("Following…"),
        done=msg("Followed on X"),
        failed=msg("Not followed"),
        unknown=msg("It is not known whether this account was followed"),
        once=msg("Following it twice changes nothing."),
    ),
    leaves=Leaves.PERSON,
)
UNFOLLOW: Final = small_write(
    "user.unfollow",
    "unfollow",
    Wording(
        question=msg("Unfollow this account on X?"),
        running=msg("Unfollowing…"),
        done=msg("Unfollowed on X"),
        failed=msg("Not unfollowed"),
        unknown=msg("It is not known whether this account was unfollowed"),
        once=msg("Unfollowing it twice changes nothing."),
    ),
    leaves=Leaves.PERSON,
)
REMOVE_FOLLOWER: Final = small_write(
    "user.removefollower",
    "remove_follower",
    Wording(
        question=msg("Remove this account from the followers on X?"),
        running=msg("Removing the follower…"),
        done=msg("Follower removed on X"),
        failed=msg("Follower not removed"),
        unknown=msg("It is not known whether this follower was removed"),
        once=msg("Removing it twice changes nothing."),
    ),
    leaves=Leaves.PERSON,
)
