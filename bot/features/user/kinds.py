"""Kinds of proposals about people on X."""

from __future__ import annotations

from typing import Final

from bot.core.access import Permission
from bot.core.commands.price_list import OTHER_WRITE
from bot.core.messages.message import msg
from bot.proposals.kinds import PATIENT, Leaves, ProposalKind, Wording
from bot.xquik.write_kinds import WriteName


def _about_a_person(name: str, write: WriteName, words: Wording) -> ProposalKind:
    """Something done to an account. The payload: account, account_id, user_id (X's, in digits)."""
    return ProposalKind(
        name=name,
        write=write,
        permission=Permission.PUBLISH,
        cost=OTHER_WRITE,
        estimate=lambda _payload: OTHER_WRITE.fixed,
        words=lambda _payload: words,
        danger=False,
        edit=None,
        leaves=Leaves.PERSON,
        retry=PATIENT,
        private=False,
        prices=False,
        partial=None,
        stops=False,
    )


FOLLOW: Final = _about_a_person(
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
)
UNFOLLOW: Final = _about_a_person(
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
)
