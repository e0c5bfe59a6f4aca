"""What command handlers are given, wired once in `bot.app`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.core.chat.asker import OURSELVES, asker_of
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.invocation import Call
from bot.core.clocks import Clock, NewId
from bot.core.errors import DestinationTrouble, StorageUnavailable
from bot.core.messages.message import msg
from bot.core.ports import ButtonStates, Channels, Groups, Messenger
from bot.core.routes.events import Event
from bot.features.known import KnownLists
from bot.features.seen_folders import SeenFolders
from bot.proposals.accounts import Accounts
from bot.proposals.billing import TopupWatch
from bot.proposals.withdrawing import Withdrawals
from bot.relay.receiving.registration import HookRegistrar
from bot.relay.service import Relay
from bot.storage.intake.events import Events
from bot.storage.places.balance_alerts import BalanceAlerts
from bot.storage.places.budgets import Budgets
from bot.storage.places.cached_answers import CachedAnswers
from bot.storage.places.contacts import Contacts
from bot.storage.places.grants import Grants
from bot.storage.places.languages import StoredLanguages
from bot.storage.places.local_numbers import LocalNumbers
from bot.storage.places.monitor_uses import MonitorUses
from bot.storage.places.personal_data import PersonalData
from bot.storage.places.policy_rules import PolicyRules
from bot.storage.places.spending import StoredSpending
from bot.storage.places.tenants import StoredTenants
from bot.storage.places.timezones import StoredTimezones
from bot.storage.secrets.keys import TenantKeys
from bot.storage.writes.audit import AuditLog
from bot.storage.writes.audit_journal import AuditJournal
from bot.storage.writes.draft_authors import DraftAuthors
from bot.storage.writes.draw_backups import DrawBackups
from bot.storage.writes.extraction_requests import ExtractionRequests
from bot.storage.writes.listing_pages import ListingPages
from bot.storage.writes.media_files import MediaFiles
from bot.storage.writes.media_handoff import MediaHandoff
from bot.storage.writes.media_manifest import MediaManifest
from bot.storage.writes.proposals import ProposalStore
from bot.storage.writes.running_proposals import RunningProposals
from bot.storage.writes.thread_parts import ThreadParts
from bot.storage.writes.topups import Topups
from bot.xquik.client import XquikClient
from bot.xquik.connections import Connections
from bot.xquik.models import Monitor
from bot.xquik.resources.monitors import MonitorsSeen
from bot.xquik.transport.fetching import MediaFetcher

AccountsSeen: TypeAlias = Callable[[TenantId, Sequence[tuple[str | None, str]]], Awaitable[object]]
"""Told of a tenant's accounts that were seen: pairs of X's id and username."""


class XquikAccess:
    """The way to Xquik: finds the key of who asks. Handlers say `await call.xquik()`.

    Of a call, its person's share of the rate limits is used; of a tenant, the bot's own.
    """

    def __init__(self, connections: Connections, keys: TenantKeys, seen: AccountsSeen | None = None) -> None:
        """seen: told of the accounts that Xquik watches, whenever it names them."""
        self._connections = connections
        self._keys = keys
        self._seen = seen

    async def of(self, whose: Call[Any] | TenantId, /) -> XquikClient:
        """What may be asked in the name of a call's person, or of a tenant. NotConfigured without a key."""
        tenant, asker = (
            (whose, OURSELVES) if isinstance(whose, TenantId) else (whose.tenant, asker_of(whose.invocation))
        )
        return self._connections.client(await self._keys.key(tenant), asker, self._told(tenant))

    def _told(self, tenant: TenantId) -> MonitorsSeen | None:
        tell = self._seen
        if tell is None:
            return None

        async def seen(monitors: Sequence[Monitor]) -> None:
            # What cannot be stored now is named again, and what was asked for is answered all the same.
            with suppress(StorageUnavailable):
                await tell(tenant, [(one.x_user_id, one.username) for one in monitors])

        return seen


@dataclass(frozen=True)
class PlatformPorts:
    """How one platform is reached outside an invocation."""

    messenger: Messenger
    channels: Channels
    groups: Groups | None = None


@dataclass(frozen=True)
class Services:
    """Everything handlers use. clock: epoch seconds; new_id: random, unique. local_files: whether whoever
    asks sits at this machine, as its user, so that a path of theirs means a file here."""

    xquik: XquikAccess
    connections: Connections
    accounts: Accounts
    proposals: ProposalStore
    tenants: StoredTenants
    timezones: StoredTimezones
    languages: StoredLanguages
    keys: TenantKeys
    grants: Grants
    rules: PolicyRules
    states: ButtonStates
    answers: CachedAnswers
    extractions: ExtractionRequests
    manifest: MediaManifest
    media: MediaFiles
    handoff: MediaHandoff
    fetcher: MediaFetcher
    monitor_uses: MonitorUses
    running: RunningProposals
    withdrawals: Withdrawals
    pages: ListingPages
    topups: Topups
    following: TopupWatch
    audit: AuditLog
    personal: PersonalData
    journal: AuditJournal
    thread_parts: ThreadParts
    spending: StoredSpending
    budgets: Budgets
    alerts: BalanceAlerts
    contacts: Contacts
    backups: DrawBackups
    draft_authors: DraftAuthors
    numbers: LocalNumbers
    known: KnownLists
    folders: SeenFolders
    events: Events
    relay: Relay
    registrar: HookRegistrar
    platforms: Mapping[str, PlatformPorts]
    clock: Clock
    new_id: NewId
    local_files: bool = False

    def platform(self, tenant: TenantId) -> PlatformPorts:
        """The ports of the tenant's platform; DestinationTrouble when it is not running here."""
        found = self.platforms.get(tenant.platform)
        if found is None:
            raise DestinationTrouble(
                msg(
                    "This process does not serve {platform}, so its channels cannot be checked.",
                    platform=tenant.platform,
                ),
                remedy=msg(
                    "Run the command in {platform} itself, or start the bot with that platform.",
                    platform=tenant.platform,
                ),
            )
        return found


CommandCall: TypeAlias = Call[Services]
# What fits the ids of a database.
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


async def event_of(call: CommandCall, key: str) -> Event | None:
    """The event of this place that a button names by its id of ours; None when no such one is stored."""
    if not _NUMBER.fullmatch(key):
        return None
    return await call.services.events.get(call.tenant, int(key))


def here(call: CommandCall) -> Destination:
    """Where the person is."""
    return call.invocation.place
