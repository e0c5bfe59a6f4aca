"""Who performs which kind of what is confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.extracting import cancelled_presenter, extraction_presenter, progress_presenter
from bot.app.watching import Watching
from bot.app.xquik_clients import TenantClients
from bot.core.access import Actor
from bot.core.chat.cards import Line, line
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Call, Invocation, silent
from bot.core.clocks import Clock
from bot.core.messages.message import msg
from bot.features.account.kinds import DISCONNECT, SUBSCRIBE, TOPUP
from bot.features.catalogue import PROPOSAL_KINDS, command_named
from bot.features.draw.kinds import DRAW_RUN
from bot.features.extract.kinds import EXTRACTION_CANCEL, EXTRACTION_RUN
from bot.features.services import Services
from bot.features.shared.listing_kinds import LISTING_FILE
from bot.features.shared.monitor_kinds import MONITOR_START
from bot.features.shared.tweet_kinds import THREAD
from bot.features.support import kinds as support
from bot.proposals import account_changes
from bot.proposals.account_changes import Change, ChangePerformer
from bot.proposals.accounts import KEPT_AS
from bot.proposals.billing import PlanPerformer, TopupPerformer
from bot.proposals.draws import DrawPerformer, OutcomePresenter
from bot.proposals.extractions import ExtractionCanceller, ExtractionPerformer
from bot.proposals.handoff import HandoffLog
from bot.proposals.kinds import ProposalKind
from bot.proposals.listing_files import ListingFilePerformer
from bot.proposals.listing_parts import ListingParts
from bot.proposals.monitors import MonitorPerformer
from bot.proposals.performer import Performer, performers
from bot.proposals.threads import ThreadPerformer
from bot.proposals.uploads import Uploads
from bot.storage.places.cached_answers import CachedAnswers
from bot.storage.writes.proposal_rows import StoredProposal


def performers_of(
    services: Services, present_draw: OutcomePresenter, clock: Clock
) -> Mapping[str, Performer]:
    """The performers, by kind. clock: epoch seconds."""
    clients = TenantClients(services.connections, services.keys)
    xquik, relay = services.xquik.of, services.relay
    watching = Watching(relay.routes, services.tenants, xquik, services.monitor_uses, relay.wake, clock)
    uploads = Uploads(clients, services.media, HandoffLog(services.handoff))
    own: dict[str, Performer] = {
        DRAW_RUN.name: DrawPerformer(clients, present_draw, clock),
        EXTRACTION_RUN.name: ExtractionPerformer(
            clients, extraction_presenter(services), progress_presenter(services), clock
        ),
        **_account_changes(clients, services.answers, clock),
        TOPUP.name: TopupPerformer(clients, TOPUP, services.topups, clock),
        SUBSCRIBE.name: PlanPerformer(clients, SUBSCRIBE, clock),
        EXTRACTION_CANCEL.name: ExtractionCanceller(clients, cancelled_presenter(services)),
        MONITOR_START.name: MonitorPerformer(
            xquik,
            relay.names.of_tenant,
            services.monitor_uses,
            watching,
            watching.card,
            clock,
            relay.looks.soon,
        ),
        THREAD.name: ThreadPerformer(clients, services.thread_parts, uploads),
        LISTING_FILE.name: ListingFilePerformer(
            services.pages,
            services.running,
            ListingParts(services.pages),
            command_named,
            lambda proposal: _call_of(proposal, services),
            clock,
        ),
    }
    return performers(PROPOSAL_KINDS, clients, own, uploads)


def _account_changes(clients: TenantClients, answers: CachedAnswers, clock: Clock) -> dict[str, Performer]:
    """Of what changes the account at Xquik."""

    async def others(tenant: TenantId) -> None:
        # Forms offer the accounts that they saw last.
        await answers.outdated(tenant, KEPT_AS)

    show = line(msg("`support show` shows it and what is answered."))
    ended = line(msg("`support list` shows those that are open."))
    gone = line(msg("`account default` shows where it was the default."))
    ways: tuple[tuple[ProposalKind, Change, Line], ...] = (
        (support.OPEN, account_changes.open_ticket, show),
        (support.REPLY, account_changes.reply, show),
        (support.CLOSE, account_changes.close_ticket, ended),
    )
    disconnection = ChangePerformer(
        clients, DISCONNECT, account_changes.disconnect, gone, clock, gone=True, afterwards=others
    )
    tickets = {kind.name: ChangePerformer(clients, kind, change, then, clock) for kind, change, then in ways}
    return {**tickets, DISCONNECT.name: disconnection}


def _call_of(proposal: StoredProposal, services: Services) -> Call[Services]:
    """What was asked for goes on without anybody there: in the name, and with the share, of who asked."""
    actor = Actor(proposal.requester, proposal.requester_name)
    invocation = Invocation(proposal.id, actor, proposal.place, services.clock(), proposal.locale)
    return Call(invocation, services, silent)
