"""The life of a proposal, as states and the only ways between them. Pure.

    open ──claim──▶ claimed ──▶ dispatching ──▶ done | failed | unknown
      │                              └──202──▶ polling ──▶ done | failed | unknown
      ├──▶ cancelled
      └──▶ expired

`claimed` is written in one UPDATE by whoever pressed Confirm first. `dispatching` is written before
the request leaves: found after a restart, the identical request is repeated with the same key.
"""

from __future__ import annotations

from enum import StrEnum


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    DISPATCHING = "dispatching"
    POLLING = "polling"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def settled(self) -> bool:
        """Nothing changes it any more."""
        return not NEXT[self]


NEXT: dict[ProposalState, frozenset[ProposalState]] = {
    ProposalState.OPEN: frozenset({ProposalState.CLAIMED, ProposalState.CANCELLED, ProposalState.EXPIRED}),
    ProposalState.CLAIMED: frozenset({ProposalState.DISPATCHING, ProposalState.FAILED}),
    ProposalState.DISPATCHING: frozenset(
        {ProposalState.POLLING, ProposalState.DONE, ProposalState.FAILED, ProposalState.UNKNOWN}
    ),
    ProposalState.POLLING: frozenset({ProposalState.DONE, ProposalState.FAILED, ProposalState.UNKNOWN}),
    ProposalState.DONE: frozenset(),
    ProposalState.FAILED: frozenset(),
    ProposalState.UNKNOWN: frozenset(),
    ProposalState.CANCELLED: frozenset(),
    ProposalState.EXPIRED: frozenset(),
}
