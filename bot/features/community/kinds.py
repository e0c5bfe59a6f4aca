"""Kinds of proposals that change a community, or who is in it. The payload names one by community_id."""

from __future__ import annotations

from typing import Any, Final

from bot.core.errors import UsageError
from bot.core.messages.message import msg
from bot.features.shared.small_writes import WORDED, small_write
from bot.proposals.kinds import Edit, Leaves, Wording

LONGEST_NAME: Final = 100
"""Characters of a name, as X takes it (the vendor's SDK)."""


def check_name(name: str) -> None:
    """UsageError for a name that X would not take."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise UsageError(
            msg("The name of a community has 1 to {most} characters.", most=LONGEST_NAME), option="name"
        )


def _revised(payload: dict[str, Any]) -> dict[str, Any]:
    check_name(str(payload.get("name", "")))
    return payload


CREATE: Final = small_write(
    "community.create",
    "create_community",
    Wording(
        question=msg("Create this community on X?"),
        running=msg("Creating the community…"),
        done=msg("Community created on X"),
        failed=msg("Community not created"),
        unknown=msg("It is not known whether the community was created"),
        once=msg("It is created at most once."),
    ),
    leaves=Leaves.COMMUNITY,
    edit=Edit((("name", msg("Name")), ("description", msg("Description"))), _revised),
    remedies=WORDED,
)
"""A new community. The payload: account, account_id, name, description."""
DELETE: Final = small_write(
    "community.delete",
    "delete_community",
    Wording(
        question=msg("Delete this community from X?"),
        running=msg("Deleting the community…"),
        done=msg("Community deleted from X"),
        failed=msg("Community not deleted"),
        unknown=msg("It is not known whether the community was deleted"),
        once=msg("Nothing else is deleted."),
    ),
    leaves=Leaves.NOTHING,
    danger=True,
)
"""The payload besides: community_name, which X wants to hear once more."""
JOIN: Final = small_write(
    "community.join",
    "join_community",
    Wording(
        question=msg("Join this community on X?"),
        running=msg("Joining…"),
        done=msg("Joined on X"),
        failed=msg("Not joined"),
        unknown=msg("It is not known whether the community was joined"),
        once=msg("Joining it twice changes nothing."),
    ),
    leaves=Leaves.COMMUNITY,
)
LEAVE: Final = small_write(
    "community.leave",
    "leave_community",
    Wording(
        question=msg("Leave this community on X?"),
        running=msg("Leaving…"),
        done=msg("Left on X"),
        failed=msg("Not left"),
        unknown=msg("It is not known whether the community was left"),
        once=msg("Leaving it twice changes nothing."),
    ),
    leaves=Leaves.COMMUNITY,
)

COMMUNITY_KINDS: Final = (CREATE, DELETE, JOIN, LEAVE)
