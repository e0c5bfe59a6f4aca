"""Kinds of proposals that write to one person, or take that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.core.access import Permission
from bot.core.commands.price_list import DIRECT_MESSAGE
from bot.core.messages.message import Message, msg
from bot.features.shared.small_writes import POSTED, WORDED, small_write
from bot.proposals.kinds import Leaves, Wording

_PRIVATELY: Final = msg("You alone are told how it ended.")

_UPLOAD_AGAIN: Final = msg(
    "Upload it again with `media upload`: it is kept for 24 hours. If X refuses that too, change the text a "
    "little or wait some minutes."
)


def _refused(payload: Mapping[str, Any]) -> Message:
    """The next step once X refused a message: what was uploaded may be there no more."""
    return _UPLOAD_AGAIN if payload.get("media_ids") else WORDED["x_rejected"]


SEND: Final = small_write(
    "dm.send",
    "send_dm",
    Wording(
        question=msg("Send this direct message?"),
        running=msg("Sending the message…"),
        done=msg("Message sent"),
        failed=msg("Message not sent"),
        unknown=msg("It is not known whether the message was sent"),
        once=msg("It is sent at most once."),
        then=_PRIVATELY,
        look=msg("`dm history` shows whether it is there."),
    ),
    leaves=Leaves.PERSON,
    permission=Permission.PUBLISH | Permission.PRIVATE,
    cost=DIRECT_MESSAGE,
    private=True,
    sealed=("text",),
    remedies={
        **POSTED,
        "x_rejected": _refused,
        "x_target_not_found": msg("Check the name; the account may be suspended or renamed."),
    },
)
"""The payload: account, account_id, user_id, text, and media_ids with one id."""
DELETE: Final = small_write(
    "dm.delete",
    "delete_dm",
    Wording(
        question=msg("Delete this message for your account?"),
        running=msg("Deleting the message…"),
        done=msg("Message deleted"),
        failed=msg("Message not deleted"),
        unknown=msg("It is not known whether the message was deleted"),
        once=msg("Nothing else is deleted."),
        then=_PRIVATELY,
        look=msg("`dm history` shows whether it is there."),
    ),
    leaves=Leaves.PERSON,
    danger=True,
    permission=Permission.PUBLISH | Permission.PRIVATE,
    private=True,
    remedies={"x_target_not_found": msg("`dm history` shows the messages there are, each with its id.")},
)
"""The payload: account, account_id, user_id, message_id. X takes a message from the own account alone."""
