"""Kinds of proposals that change one thing, and are no tweet: a like, a follow, a support ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.core.access import Permission
from bot.core.commands.cost import FREE_OF_CHARGE, Cost
from bot.core.commands.price_list import OTHER_WRITE
from bot.core.messages.message import msg
from bot.proposals.kinds import PATIENT, Edit, Leaves, ProposalKind, Remedy, Wording
from bot.xquik.write_kinds import WriteName

WORDED: Final = {
    "x_rejected": msg("Change the text a little or wait some minutes. If X keeps refusing, try it on x.com."),
}
"""Remedies of kinds that send words of one's own."""
POSTED: Final = {
    **WORDED,
    "x_duplicate_action": msg(
        "Look at the account on X. To post the same words again, change them slightly."
    ),
}
"""Remedies of kinds that post words of one's own."""


def small_write(
    name: str,
    write: WriteName,
    words: Wording,
    *,
    leaves: Leaves,
    danger: bool = False,
    edit: Edit | None = None,
    permission: Permission = Permission.PUBLISH,
    cost: Cost = OTHER_WRITE,
    private: bool = False,
    sealed: tuple[str, ...] = (),
    remedies: Mapping[str, Remedy] | None = None,
) -> ProposalKind:
    """One of them. The payload: account, account_id, and what it is done to. danger: it cannot be undone.
    edit: what Edit opens, where there is something to write. private, sealed, remedies: as of
    `ProposalKind`."""
    return ProposalKind(
        name=name,
        write=write,
        permission=permission,
        cost=cost,
        estimate=lambda _payload: cost.fixed,
        words=lambda _payload: words,
        danger=danger,
        edit=edit,
        leaves=leaves,
        retry=PATIENT,
        private=private,
        prices=False,
        partial=None,
        stops=False,
        sealed=sealed,
        remedies=remedies or {},
    )


def account_change(
    name: str, words: Wording, *, danger: bool = False, edit: Edit | None = None
) -> ProposalKind:
    """One that changes the account at Xquik, and nothing on X: free, decided by who sets things up, out of
    sight of the channel. danger, edit: as of `small_write`."""
    return ProposalKind(
        name=name,
        write=None,
        permission=Permission.MANAGE,
        cost=FREE_OF_CHARGE,
        estimate=lambda _payload: 0,
        words=lambda _payload: words,
        danger=danger,
        edit=edit,
        leaves=Leaves.NOTHING,
        retry=PATIENT,
        private=True,
        prices=False,
        partial=None,
        stops=False,
    )
