"""The wiring of commands: what handlers are given, what carries out writes, and what takes a command."""

from __future__ import annotations

import asyncio
import os
import secrets as random_bytes
import time
from collections.abc import Mapping
from random import Random

from bot.app.acting import accounts_of, known_of
from bot.app.drawing import draw_presenter
from bot.app.foundation import Foundation
from bot.app.performing import performers_of
from bot.app.platforms.local_copies import local_copies
from bot.app.stores import Stores
from bot.app.xquik_clients import TenantClients
from bot.cards.errors import error_card
from bot.cards.help import help_card
from bot.cards.spending import SPENDING_CARDS
from bot.core.chat.ids import TenantId
from bot.core.commands.dispatch import Dispatcher
from bot.core.commands.spending import SpendingGate
from bot.core.throttle import Throttle
from bot.features.catalogue import PROPOSAL_KINDS, catalogue, command_named
from bot.features.help.cards.offers import offer_card
from bot.features.seen_folders import SeenFolders
from bot.features.services import PlatformPorts, Services, XquikAccess
from bot.features.shared.listing_files import ListingFiles
from bot.proposals.actions import PendingActions
from bot.proposals.billing import TopupWatch
from bot.proposals.cards import ProposalCards
from bot.proposals.command_meter import CommandMeter
from bot.proposals.coverage import Coverage
from bot.proposals.executor import Executor
from bot.proposals.handoff import HandoffLog
from bot.proposals.opening import PendingProposals
from bot.proposals.pictures import PreviewPictures
from bot.proposals.withdrawing import Withdrawals
from bot.relay.receiving.registration import HookRegistrar
from bot.relay.sending.outbox import Outbox
from bot.relay.service import Relay
from bot.xquik.connections import Connections
from bot.xquik.models import Webhook
from bot.xquik.transport.fetching import MediaFetcher


def new_services(
    base: Foundation,
    stores: Stores,
    relay: Relay,
    connections: Connections,
    platforms: Mapping[str, PlatformPorts],
    *,
    local_files: bool,
) -> Services:
    """What handlers are given. platforms: those that are added later; local_files: as of `Services`."""
    xquik = XquikAccess(connections, stores.keys, relay.renaming.seen)
    return Services(
        xquik=xquik,
        connections=connections,
        accounts=accounts_of(connections, stores.keys, stores.answers, base.database, base.clock),
        proposals=stores.proposals,
        tenants=stores.tenants,
        timezones=stores.timezones,
        languages=stores.languages,
        keys=stores.keys,
        grants=stores.grants,
        rules=stores.rules,
        states=stores.states,
        answers=stores.answers,
        extractions=stores.extractions,
        manifest=stores.manifest,
        media=stores.media,
        handoff=stores.handoff,
        fetcher=MediaFetcher(instead=local_copies(base.settings)),
        monitor_uses=stores.monitor_uses,
        running=stores.running,
        withdrawals=Withdrawals(stores.running, Outbox(base.clock), relay, PROPOSAL_KINDS, base.clock),
        pages=stores.pages,
        topups=stores.topups,
        following=TopupWatch(stores.topups, xquik.of, Outbox(base.clock), relay, base.clock),
        audit=stores.audit,
        personal=stores.personal,
        journal=stores.journal,
        spending=stores.spending,
        budgets=stores.budgets,
        alerts=stores.alerts,
        contacts=stores.contacts,
        backups=stores.backups,
        draft_authors=stores.draft_authors,
        numbers=stores.numbers,
        thread_parts=stores.thread_parts,
        folders=SeenFolders(base.clock),
        known=known_of(connections, stores.keys, stores.answers, stores.numbers, base.clock),
        events=relay.events,
        relay=relay,
        registrar=_registrar(base, relay, xquik),
        platforms=platforms,
        clock=base.clock,
        new_id=lambda: random_bytes.token_hex(8),
        local_files=local_files,
    )


def _registrar(base: Foundation, relay: Relay, xquik: XquikAccess) -> HookRegistrar:
    async def registered(tenant: TenantId) -> tuple[Webhook, ...]:
        return await (await xquik.of(tenant)).webhooks.list()

    return HookRegistrar(
        relay.hooks,
        relay.hook_secrets,
        relay.keys,
        registered,
        public_url=base.settings.web.public_url,
        clock=base.clock,
        way=base.settings.ingest,
    )


def new_executor(base: Foundation, services: Services, *, alone: bool) -> Executor:
    """What carries out what was confirmed. alone: no other process does on the same SQLite file."""
    settings, relay, clock = base.settings, services.relay, base.clock
    by_kind = performers_of(
        services, draw_presenter(services.backups, services.numbers, services.known), clock
    )
    executor = Executor(
        services.proposals,
        PROPOSAL_KINDS,
        by_kind,
        Outbox(clock),
        relay,
        clock=clock,
        sleep=asyncio.sleep,
        random=Random(os.urandom(8)),
        handoff=HandoffLog(services.handoff),
        jobs=base.jobs,
        sole=alone and settings.storage.url.startswith("sqlite"),
    )
    services.withdrawals.listen(executor.clicks.previews.withdrawn)
    return executor


def new_dispatcher(base: Foundation, services: Services, executor: Executor) -> Dispatcher:
    """What takes every command, press and form."""
    chat, grants, proposals = base.settings.chat, services.grants, services.proposals
    coverage = Coverage(TenantClients(services.connections, services.keys), PROPOSAL_KINDS)
    pending = PendingActions(
        proposals,
        executor,
        grants,
        services.accounts,
        coverage,
        PROPOSAL_KINDS,
        services.running,
        PreviewPictures(services.media),
        services.journal,
    )
    files = ListingFiles(command_named)
    commands = catalogue((*pending.actions(), *files.actions()))
    return Dispatcher(
        commands,
        services,
        access=grants,
        keys=services.keys,
        states=services.states,
        proposals=PendingProposals(proposals, ProposalCards(PROPOSAL_KINDS), executor),
        observer=base.watch.invocations,
        present_error=error_card,
        help_card=help_card,
        offer_card=offer_card,
        clock=time.monotonic,
        turns=Throttle(chat.commands_per_second, chat.commands_at_once, time.monotonic),
        timezones=services.timezones,
        gate=SpendingGate(
            commands,
            services.spending,
            services.states,
            SPENDING_CARDS,
            coverage.covers,
            base.clock,
            CommandMeter(services.budgets),
        ),
        further=files.buttons,
        journal=services.journal,
    )
