"""The kind of proposal that starts monitors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.access import Permission
from bot.core.commands.price_list import MONITOR
from bot.core.messages.message import msg
from bot.core.routes.monitor_starts import plan_of
from bot.proposals.kinds import PATIENT, Leaves, Payload, ProposalKind, Wording

_WATCH = Wording(
    running=msg("Starting…"),
    done=msg("Watching"),
    failed=msg("Not watched"),
    unknown=msg("It is not known whether this is watched"),
    once=msg("It is started once."),
    nothing=msg("Nothing was started."),
    then=msg("You will be told when it is done."),
    look=msg("`monitor list` shows what is watched."),
)
_ROUTE = replace(
    _WATCH,
    done=msg("Route added"),
    failed=msg("Route not added"),
    unknown=msg("It is not known whether this is watched, and the route was not added"),
)
_ROUTE_CHANGE = replace(
    _ROUTE,
    done=msg("Route changed"),
    failed=msg("Route not changed"),
    unknown=msg("It is not known whether this is watched, and the route was not changed"),
)


def _words(payload: Payload) -> Wording:
    if not payload.get("route"):
        return _WATCH
    return _ROUTE if payload.get("new") else _ROUTE_CHANGE


MONITOR_START: Final = ProposalKind(
    name="monitor.start",
    write=None,
    permission=Permission.MANAGE,
    cost=MONITOR,
    estimate=lambda payload: plan_of(payload).cost,
    words=_words,
    danger=False,
    edit=None,
    leaves=Leaves.NOTHING,
    retry=PATIENT,
    private=True,
    prices=True,
    partial=None,
    stops=False,
)
"""The payload is as `bot.core.routes.monitor_starts` says. The estimate is that of an hour."""
