"""Whether the credits reach every entry of a draw, at the moment it is confirmed.

Xquik inspects as many entries as the credits cover, and who is not inspected cannot win: so that is
confirmed once more. The preview was made minutes ago, and other draws may have been run since.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from bot.core.errors import OutOfCredits, RateLimited, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.core.x import prices
from bot.proposals.kinds import ProposalKinds
from bot.proposals.ports import XquikClients
from bot.storage.writes.proposal_rows import StoredProposal

WAIT: Final = 4.0
"""Seconds for Xquik's word on the credits."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """That not every entry would be inspected. entries: how many there are at most; covered: how many of
    them the credits cover, None where Xquik did not say."""

    entries: int
    covered: int | None


class Coverage:
    """Asks Xquik, free of charge."""

    def __init__(self, clients: XquikClients, kinds: ProposalKinds) -> None:
        self._clients = clients
        self._kinds = kinds

    async def shortage(self, proposal: StoredProposal) -> Shortage | None:
        """None where every entry would be inspected, and for what is not done in part. OutOfCredits where
        none would be."""
        entries = proposal.credits // prices.DRAW_PER_ENTRY
        if not self._kinds[proposal.kind].partial or entries < 1:
            return None
        try:
            async with asyncio.timeout(WAIT):
                balance = (await (await self._clients.client(proposal.tenant)).account.credits()).balance
        except (UpstreamUnavailable, RateLimited, TimeoutError):
            return Shortage(entries, None)
        covered = balance // prices.DRAW_PER_ENTRY
        if covered < 1:
            raise OutOfCredits(msg("No credits are left, so no entry would be inspected. Nothing was drawn."))
        return None if covered >= entries else Shortage(entries, covered)
