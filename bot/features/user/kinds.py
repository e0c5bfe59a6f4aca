"""Kinds of proposals about people on X."""

from __future__ import annotations

from typing import Final

from bot.core.access import Permission
from bot.core.commands.price_list import OTHER_WRITE
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
        partial=False,
        stops=False,
    )


FOLLOW: Final = _about_a_person(
    "user.follow",
    "follow",
    Wording(
        question="Follow this account on X?",
        running="Following…",
        done="Followed on X",
        failed="Not followed",
        unknown="It is not known whether this account was followed",
        once="Following it twice changes nothing.",
    ),
)
UNFOLLOW: Final = _about_a_person(
    "user.unfollow",
    "unfollow",
    Wording(
        question="Unfollow this account on X?",
        running="Unfollowing…",
        done="Unfollowed on X",
        failed="Not unfollowed",
        unknown="It is not known whether this account was unfollowed",
        once="Unfollowing it twice changes nothing.",
    ),
)
