"""Who performs which kind of what is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.app.doors import Doors
from bot.app.watching import Watching
from bot.commands.services import Xquik
from bot.core.watching import KIND as MONITOR_START
from bot.pending.draws import DrawPerformer, OutcomePresenter
from bot.pending.monitors import MonitorPerformer
from bot.pending.performer import WRITE_OF_KIND, KeyedPerformer, Performer
from bot.relay.service import Relay
from bot.storage.keys import TenantKeys
from bot.storage.monitor_uses import MonitorUses
from bot.storage.tenants import Tenants
from bot.xquik.connections import Connections


def performers(
    connections: Connections,
    keys: TenantKeys,
    tenants: Tenants,
    relay: Relay,
    present_draw: OutcomePresenter,
    uses: MonitorUses,
    clock: Callable[[], float],
) -> Mapping[str, Performer]:
    """The performers, by kind. clock: epoch seconds."""
    doors = Doors(connections, keys)
    setup = Xquik(connections, keys, relay.renaming.seen).setup
    watching = Watching(relay.routes, tenants, setup, relay.wake, clock)
    keyed = KeyedPerformer(doors)
    return {
        **dict.fromkeys(WRITE_OF_KIND, keyed),
        "draw.run": DrawPerformer(doors, present_draw, clock),
        MONITOR_START: MonitorPerformer(setup, uses, watching, watching.card, clock, relay.looks.soon),
    }
