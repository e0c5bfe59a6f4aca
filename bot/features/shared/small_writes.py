"""Kinds of proposals that change one thing on X, and are no tweet: a like, a follow, a profile."""

from __future__ import annotations

from bot.core.access import Permission
from bot.core.commands.price_list import OTHER_WRITE
from bot.proposals.kinds import PATIENT, Edit, Leaves, ProposalKind, Wording
from bot.xquik.write_kinds import WriteName


def small_write(
    name: str,
    write: WriteName,
    words: Wording,
    *,
    leaves: Leaves,
    danger: bool = False,
    edit: Edit | None = None,
) -> ProposalKind:
    """One of them. The payload: account, account_id, and what it is done to. danger: it cannot be undone.
    edit: what Edit opens, where there is something to write."""
    return ProposalKind(
        name=name,
        write=write,
        permission=Permission.PUBLISH,
        cost=OTHER_WRITE,
        estimate=lambda _payload: OTHER_WRITE.fixed,
        words=lambda _payload: words,
        danger=danger,
        edit=edit,
        leaves=leaves,
        retry=PATIENT,
        private=False,
        prices=False,
        partial=None,
        stops=False,
    )
