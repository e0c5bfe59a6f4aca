"""Who performs which kind of what is confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.watching import Watching
from bot.app.xquik_clients import TenantClients
from bot.core.clocks import Clock
from bot.features.catalogue import PROPOSAL_KINDS
from bot.features.draw.kinds import DRAW_RUN
from bot.features.services import XquikAccess
from bot.features.shared.monitor_kinds import MONITOR_START
from bot.proposals.draws import DrawPerformer, OutcomePresenter
from bot.proposals.monitors import MonitorPerformer
from bot.proposals.performer import Performer, performers
from bot.relay.service import Relay
from bot.storage.places.monitor_uses import MonitorUses
from bot.storage.places.tenants import StoredTenants
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.connections import Connections


def performers_of(
    connections: Connections,
    keys: TenantKeys,
    tenants: StoredTenants,
    relay: Relay,
    present_draw: OutcomePresenter,
    uses: MonitorUses,
    clock: Clock,
) -> Mapping[str, Performer]:
    """The performers, by kind. clock: epoch seconds."""
    clients = TenantClients(connections, keys)
    xquik = XquikAccess(connections, keys, relay.renaming.seen).of
    watching = Watching(relay.routes, tenants, xquik, relay.wake, clock)
    own: dict[str, Performer] = {
        DRAW_RUN.name: DrawPerformer(clients, present_draw, clock),
        MONITOR_START.name: MonitorPerformer(
            xquik, relay.names.of_tenant, uses, watching, watching.card, clock, relay.looks.soon
        ),
    }
    return performers(PROPOSAL_KINDS, clients, own)
