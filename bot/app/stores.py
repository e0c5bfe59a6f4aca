"""What is stored for commands and writes; what the relay stores it makes itself."""

from __future__ import annotations

import secrets as random_bytes
from random import SystemRandom

import msgspec

from bot.app.budget_warnings import budget_warnings
from bot.core.clocks import Clock
from bot.features.catalogue import PROPOSAL_KINDS
from bot.features.extract.kinds import EXTRACTION_RUN
from bot.proposals.budgeting import BudgetedProposals
from bot.storage.engine.database import Database
from bot.storage.places.balance_alerts import BalanceAlerts
from bot.storage.places.budgets import Budgets
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.cached_answers import CachedAnswers
from bot.storage.places.contacts import Contacts
from bot.storage.places.former_words import FormerWords
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
from bot.storage.secrets.person_keys import PersonKeys
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault
from bot.storage.writes.audit import AuditLog
from bot.storage.writes.audit_journal import AuditJournal
from bot.storage.writes.budgeted_proposals import BudgetedProposalStore
from bot.storage.writes.draft_authors import DraftAuthors
from bot.storage.writes.draw_backups import DrawBackups
from bot.storage.writes.extraction_requests import ExtractionRequests
from bot.storage.writes.listing_pages import ListingPages
from bot.storage.writes.media_files import MediaFiles
from bot.storage.writes.media_handoff import MediaHandoff
from bot.storage.writes.media_manifest import MediaManifest
from bot.storage.writes.proposals import ProposalStore
from bot.storage.writes.running_proposals import RunningProposals
from bot.storage.writes.sealing import Sealing
from bot.storage.writes.thread_parts import ThreadParts
from bot.storage.writes.topups import Topups


class Stores(msgspec.Struct, frozen=True):
    """Each over the same database."""

    keys: TenantKeys
    grants: Grants
    rules: PolicyRules
    states: StoredButtonStates
    tenants: StoredTenants
    timezones: StoredTimezones
    languages: StoredLanguages
    spending: StoredSpending
    budgets: Budgets
    alerts: BalanceAlerts
    contacts: Contacts
    proposals: ProposalStore
    answers: CachedAnswers
    numbers: LocalNumbers
    backups: DrawBackups
    draft_authors: DraftAuthors
    extractions: ExtractionRequests
    manifest: MediaManifest
    media: MediaFiles
    handoff: MediaHandoff
    monitor_uses: MonitorUses
    running: RunningProposals
    pages: ListingPages
    topups: Topups
    audit: AuditLog
    personal: PersonalData
    journal: AuditJournal
    thread_parts: ThreadParts


def stores_of(database: Database, secrets: Secrets, vault: Vault, clock: Clock) -> Stores:
    """clock: epoch seconds."""
    audit = AuditLog(database, PersonKeys(database, vault, clock), clock)
    journal = AuditJournal(audit)
    words = FormerWords(secrets).of
    budgets = Budgets(database, clock, budget_warnings(clock), words)
    spent = BudgetedProposals(budgets, PROPOSAL_KINDS, clock)
    keys = TenantKeys(secrets)
    return Stores(
        budgets=budgets,
        alerts=BalanceAlerts(database),
        keys=keys,
        grants=Grants(database),
        rules=PolicyRules(database),
        states=StoredButtonStates(database, clock, random_bytes.token_bytes),
        tenants=StoredTenants(database, clock),
        timezones=StoredTimezones(database, clock),
        languages=StoredLanguages(database, clock),
        spending=StoredSpending(database, clock),
        contacts=Contacts(database, clock),
        proposals=BudgetedProposalStore(
            database,
            clock,
            SystemRandom(),
            PROPOSAL_KINDS.names,
            Sealing(secrets.vault, PROPOSAL_KINDS.sealed),
            journal,
            spent,
        ),
        answers=CachedAnswers(database, clock),
        numbers=LocalNumbers(database, keys.hint),
        backups=DrawBackups(database, clock),
        draft_authors=DraftAuthors(database, clock),
        extractions=ExtractionRequests(database, EXTRACTION_RUN.name),
        manifest=MediaManifest(database, clock, SystemRandom()),
        media=MediaFiles(database, vault, clock),
        handoff=MediaHandoff(database, clock),
        monitor_uses=MonitorUses(database, clock),
        running=RunningProposals(database),
        pages=ListingPages(database, clock),
        topups=Topups(database),
        audit=audit,
        personal=PersonalData(database, words),
        journal=journal,
        thread_parts=ThreadParts(database, SystemRandom()),
    )
