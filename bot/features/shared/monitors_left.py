"""What goes on and costs at Xquik once a route is gone, or takes less: said with the command that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.cards.monitors import watched_words
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle, Code, Line, line
from bot.core.chat.ids import TenantId
from bot.core.commands.asking import RUN_ACTION
from bot.core.commands.permits import standing
from bot.core.messages.message import msg, nmsg
from bot.core.policy import Deed
from bot.core.routes.event_words import types_words
from bot.core.routes.route import Route
from bot.core.x.prices import monitor_words
from bot.features.services import CommandCall
from bot.features.shared.fed_routes import asked_of, feeds, monitors_now, typed_monitor
from bot.features.shared.finding_monitors import kind_of, watches
from bot.features.shared.mending import kept_command
from bot.features.shared.monitor_starts import bill_of
from bot.storage.places.monitor_uses import MonitorUses
from bot.xquik.models import AnyMonitor

# Monitors that are told one by one, and of those, such with a button.
_TOLD: Final = 5
_BUTTONS: Final = 3
_NAMED: Final = 40  # characters on a button
_TYPES: Final = 5
LEFT_UNKNOWN: Final = msg("Xquik could not be asked which monitors go on, and cost credits: `monitor list`")
"""Where it is not known what goes on."""


class LeftRunning(msgspec.Struct, frozen=True):
    """What is said of them, and the buttons that end it."""

    notes: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()


class Left(msgspec.Struct, frozen=True):
    """A monitor that goes on. surplus: types that no route takes any more, () where none takes anything of
    it."""

    monitor: AnyMonitor
    surplus: tuple[str, ...] = ()

    @property
    def kept(self) -> list[str]:
        return sorted({*self.monitor.event_types} - {*self.surplus})


async def left_running(call: CommandCall, before: Route) -> LeftRunning:
    """What monitors do now for no route, or report for none, since `before` is gone or another. Asks Xquik,
    which is free; what other places on the same Xquik account use is theirs."""
    monitors = await monitors_now(call)
    if monitors is None:
        return LeftRunning((line(LEFT_UNKNOWN),))
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    ours = await left_of(call.services.monitor_uses, call.tenant, monitors, (before,), routes)
    if not ours:
        return LeftRunning()
    notes = left_notes(ours, (await bill_of(call)).hourly)
    may = (await standing(call.services.grants, call.invocation)).may
    buttons = [
        await _button(call, one)
        for one in ours[:_BUTTONS]
        if may(Deed(Permission.MANAGE, " ".join(_path(one))))
    ]
    return LeftRunning(notes, tuple(buttons))


async def left_of(
    uses: MonitorUses,
    tenant: TenantId,
    monitors: Sequence[AnyMonitor],
    before: Sequence[Route],
    routes: Sequence[Route],
) -> tuple[Left, ...]:
    """Those of the monitors that these routes took from before, and that no route takes from any more, or not
    all of it. routes: all that the tenant has now. What other tenants use is left out."""
    left = [one for monitor in monitors if (one := _left(monitor, before, routes)) is not None]
    users = await uses.users({(kind_of(one.monitor), one.monitor.id) for one in left})
    return tuple(one for one in left if users[kind_of(one.monitor), one.monitor.id] <= {str(tenant)})


def left_notes(left: Sequence[Left], hourly: int) -> tuple[Line, ...]:
    """A word on each, with the command that ends it; the first few. hourly: credits that a monitor costs."""
    notes = [left_words(one, hourly) for one in left[:_TOLD]]
    if (more := len(left) - _TOLD) > 0:
        notes.append(line(nmsg("{n} more: `monitor list`", "{n} more: `monitor list`", n=more)))
    return tuple(notes)


def _left(monitor: AnyMonitor, before: Sequence[Route], routes: Sequence[Route]) -> Left | None:
    fed = [route for route in before if feeds(monitor, route)]
    if not monitor.is_active or not fed:
        return None
    taking = [route for route in routes if feeds(monitor, route)]
    if not taking:
        return Left(monitor)
    surplus = (asked_of(monitor, fed) - asked_of(monitor, taking)) & {*monitor.event_types}
    return Left(monitor, tuple(sorted(surplus))) if surplus else None


def left_words(left: Left, hourly: int) -> Line:
    """That it goes on, what that costs, and the command that ends it."""
    what, typed = watched_words(left.monitor), typed_monitor(left.monitor)
    if left.surplus:
        said = msg(
            "{what} is still watched for this, which no route takes any more: {types}.",
            what=what,
            types=types_words(left.surplus, _TYPES),
        )
        narrow = Code(f"monitor edit {typed} events:{','.join(left.kept)}")  # no message: a command
        return line(said, " ", msg("To change that: {command}", command=narrow))
    price = monitor_words(hourly)
    said = msg("{what} is still watched, for no route. It costs about {price}.", what=what, price=price)
    stop = Code(f"monitor remove {typed}")  # no message: a command
    return line(said, " ", msg("To stop it: {command}", command=stop))


def _path(left: Left) -> tuple[str, str]:
    return ("monitor", "edit" if left.surplus else "remove")


async def _button(call: CommandCall, left: Left) -> Button:
    what = watched_words(left.monitor)
    values = {"monitor": [watches(left.monitor)], **({"events": left.kept} if left.surplus else {})}
    key = await kept_command(call, RUN_ACTION, _path(left), values)
    ref, fits = ActionRef(RUN_ACTION, key), len(what) <= _NAMED
    if left.surplus:
        return Button(msg("Report less of {what}", what=what) if fits else msg("Report less"), action=ref)
    label = msg("Stop watching {what}", what=what) if fits else msg("Stop watching it")
    return Button(label, action=ref, style=ButtonStyle.DANGER)
