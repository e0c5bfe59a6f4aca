"""Where a tenant gets its access to Xquik, except for writes on X.

Writes are deliberately not here: `bot.xquik.writes` is imported by `bot.proposals` and `bot.app` alone,
so that nothing changes X without an approved proposal.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from bot.core.chat.asker import OURSELVES, Asker
from bot.xquik.resources.event_feed import EventFeed
from bot.xquik.resources.reads import XquikReads
from bot.xquik.resources.setup import MonitorsSeen, XquikSetup
from bot.xquik.resources.spends import XquikSpends
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.client import Transport


@dataclass(frozen=True, slots=True)
class Connections:
    """Access by key over one shared transport. asker: whose share of the rate limits is used."""

    transport: Transport

    def reads(self, key: SecretStr, asker: Asker = OURSELVES) -> XquikReads:
        """What only looks."""
        return XquikReads(Caller(self.transport, key, asker))

    def feed(self, key: SecretStr) -> EventFeed:
        """Its events, as they stand at Xquik."""
        return EventFeed(Caller(self.transport, key))

    def spends(self, key: SecretStr, asker: Asker = OURSELVES) -> XquikSpends:
        """What spends credits without a key: draws and downloads."""
        return XquikSpends(Caller(self.transport, key, asker))

    def setup(self, key: SecretStr, asker: Asker = OURSELVES, seen: MonitorsSeen | None = None) -> XquikSetup:
        """Monitors, webhooks and drafts. seen: told of the monitors of accounts in every answer."""
        return XquikSetup(Caller(self.transport, key, asker), seen)
