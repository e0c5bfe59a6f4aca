"""Where a tenant gets its access to Xquik, except for what needs somebody's Confirm (`bot.xquik.client`)."""

from __future__ import annotations

import msgspec
from pydantic import SecretStr

from bot.core.chat.asker import OURSELVES, Asker
from bot.xquik.client import XquikClient
from bot.xquik.resources.event_feed import EventFeed
from bot.xquik.resources.monitors import MonitorsSeen
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.client import Transport


class Connections(msgspec.Struct, frozen=True):
    """Access by key over one shared transport."""

    transport: Transport

    def client(
        self, key: SecretStr, asker: Asker = OURSELVES, seen: MonitorsSeen | None = None
    ) -> XquikClient:
        """What is asked of Xquik with this key. asker: whose share of the rate limits is used; seen: told of
        the monitors of accounts in every answer."""
        return XquikClient(Caller(self.transport, key, asker), seen)

    def feed(self, key: SecretStr) -> EventFeed:
        """Its events, as they stand at Xquik."""
        return EventFeed(Caller(self.transport, key))
