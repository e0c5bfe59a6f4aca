"""The kind of proposal that starts monitors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.access import Permission
from bot.core.commands.price_list import MONITOR
from bot.core.routes.monitor_starts import plan_of
from bot.proposals.kinds import PATIENT, Leaves, Payload, ProposalKind, Wording

_WATCH = Wording(
    running="Starting…",
    done="Watching",
    failed="Not watched",
    unknown="It is not known whether this is watched",
    once="It is started once.",
    nothing="Nothing was started.",
    then="You will be told when it is done.",
    look="`monitor list` shows what is watched.",
)
_ROUTE = replace(
    _WATCH,
    done="Route added",
    failed="Route not added",
    unknown="It is not known whether this is watched, and the route was not added",
)
_ROUTE_CHANGE = replace(
    _ROUTE,
    done="Route changed",
    failed="Route not changed",
    unknown="It is not known whether this is watched, and the route was not changed",
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
    partial=False,
    stops=False,
)
"""The payload is as `bot.core.routes.monitor_starts` says. The estimate is that of an hour."""
