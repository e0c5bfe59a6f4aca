"""Whether the credits reach what is confirmed, at that moment: the preview was made minutes ago, and others
may have spent since. Asking is free.

Of a draw Xquik inspects as many entries as the credits cover, and who is not inspected cannot win; an
extraction ends where they do: so that is confirmed once more. A list would be read until they end, and what
was confirmed is all of it: so that is refused, unless its preview said so. Any other write Xquik itself
refuses whole.
"""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

from bot.core.chat.ids import TenantId
from bot.core.commands.cost import credit_words
from bot.core.errors import BotError, OutOfCredits, RateLimited, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.proposals.kinds import ProposalKinds
from bot.proposals.ports import XquikClients
from bot.proposals.shortage import PartWords
from bot.storage.writes.proposal_rows import StoredProposal
from bot.xquik.client import XquikClient

WAIT: Final = 4.0
"""Seconds for Xquik's word on the credits."""


class Shortage(msgspec.Struct, frozen=True):
    """That not all of it would be done. words: how that is asked about; entries: how many there are at most;
    covered: how many of them the credits cover, None where Xquik did not say."""

    words: PartWords
    entries: int
    covered: int | None


async def covers(xquik: XquikClient, credits: int) -> bool:
    """Whether the credits are enough, or are topped up by themselves; where Xquik does not say, nobody is
    held up."""
    try:
        async with asyncio.timeout(WAIT):
            left = await xquik.account.credits()
    except (BotError, TimeoutError):
        return True
    return left.refills or left.balance >= credits


class Coverage:
    """Asks Xquik, free of charge."""

    def __init__(self, clients: XquikClients, kinds: ProposalKinds) -> None:
        self._clients = clients
        self._kinds = kinds

    async def covers(self, tenant: TenantId, credits: int) -> bool:
        """As the function, for a tenant."""
        return await covers(await self._clients.client(tenant), credits)

    async def check(self, proposal: StoredProposal) -> None:
        """OutOfCredits where a list was to be read whole and the credits do not reach its end any more."""
        reads = self._kinds[proposal.kind].stops and not proposal.payload.get("short")
        if reads and not await self.covers(proposal.tenant, proposal.credits):
            raise OutOfCredits(
                msg(
                    "That costs about {credits}, and the Xquik credits do not cover it any more. "
                    "Nothing was read.",
                    credits=credit_words(proposal.credits),
                ),
                remedy=msg("Top up and press Confirm again, or ask for a file of fewer rows."),
            )

    async def shortage(self, proposal: StoredProposal) -> Shortage | None:
        """None where all of it would be done, and for what is not done in part. OutOfCredits where nothing
        would be."""
        words = self._kinds[proposal.kind].partial
        if words is None or (entries := proposal.credits // words.price) < 1:
            return None
        try:
            async with asyncio.timeout(WAIT):
                left = await (await self._clients.client(proposal.tenant)).account.credits()
        except (UpstreamUnavailable, RateLimited, TimeoutError):
            return Shortage(words, entries, None)
        if left.refills:
            return None  # topped up by themselves while it is done
        covered = left.balance // words.price
        if covered < 1:
            raise OutOfCredits(words.none)
        return None if covered >= entries else Shortage(words, entries, covered)
