"""Who performs which kind of what is confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.watching import Watching
from bot.app.xquik_clients import TenantClients
from bot.core.clocks import Clock
from bot.core.routes.monitor_starts import KIND as MONITOR_START
from bot.features.services import Xquik
from bot.proposals.coverage import KIND as DRAW_RUN
from bot.proposals.draws import DrawPerformer, OutcomePresenter
from bot.proposals.monitors import MonitorPerformer
from bot.proposals.performer import WRITE_OF_KIND, KeyedPerformer, Performer
from bot.relay.service import Relay
from bot.storage.places.monitor_uses import MonitorUses
from bot.storage.places.tenants import StoredTenants
from bot.storage.secrets.keys import TenantKeys
from bot.xquik.connections import Connections


def performers(
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
    setup = Xquik(connections, keys, relay.renaming.seen).setup
    watching = Watching(relay.routes, tenants, setup, relay.wake, clock)
    keyed = KeyedPerformer(clients)
    return {
        **dict.fromkeys(WRITE_OF_KIND, keyed),
        DRAW_RUN: DrawPerformer(clients, present_draw, clock),
        MONITOR_START: MonitorPerformer(
            setup, relay.names.of_tenant, uses, watching, watching.card, clock, relay.looks.soon
        ),
    }
