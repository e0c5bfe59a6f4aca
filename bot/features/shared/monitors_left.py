"""What goes on and costs at Xquik once a route is gone, or takes less: said with the command that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards.monitors import watched_words
from bot.core.access import Permission
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, ButtonStyle, Code, Line, line
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
from bot.xquik.models import AnyMonitor

# Monitors that are told one by one, and of those, such with a button.
_TOLD: Final = 5
_BUTTONS: Final = 3
_NAMED: Final = 40  # characters on a button
_TYPES: Final = 5


@dataclass(frozen=True, slots=True)
class LeftRunning:
    """What is said of them, and the buttons that end it."""

    notes: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class _Left:
    """surplus: types that no route takes any more, () where none takes anything of it."""

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
        told = msg("Xquik could not be asked which monitors go on, and cost credits: `monitor list`")
        return LeftRunning((line(told),))
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    left = [one for monitor in monitors if (one := _left(monitor, before, routes)) is not None]
    users = await call.services.monitor_uses.users({(kind_of(one.monitor), one.monitor.id) for one in left})
    ours = [one for one in left if users[kind_of(one.monitor), one.monitor.id] <= {str(call.tenant)}]
    if not ours:
        return LeftRunning()
    hourly = (await bill_of(call)).hourly
    notes = [_words(one, hourly) for one in ours[:_TOLD]]
    if (more := len(ours) - _TOLD) > 0:
        notes.append(line(nmsg("{n} more: `monitor list`", "{n} more: `monitor list`", n=more)))
    may = (await standing(call.services.grants, call.invocation)).may
    buttons = [
        await _button(call, one)
        for one in ours[:_BUTTONS]
        if may(Deed(Permission.MANAGE, " ".join(_path(one))))
    ]
    return LeftRunning(tuple(notes), tuple(buttons))


def _left(monitor: AnyMonitor, before: Route, routes: Sequence[Route]) -> _Left | None:
    if not monitor.is_active or not feeds(monitor, before):
        return None
    taking = [route for route in routes if feeds(monitor, route)]
    if not taking:
        return _Left(monitor)
    surplus = (asked_of(monitor, (before,)) - asked_of(monitor, taking)) & {*monitor.event_types}
    return _Left(monitor, tuple(sorted(surplus))) if surplus else None


def _words(left: _Left, hourly: int) -> Line:
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


def _path(left: _Left) -> tuple[str, str]:
    return ("monitor", "edit" if left.surplus else "remove")


async def _button(call: CommandCall, left: _Left) -> Button:
    what = watched_words(left.monitor)
    values = {"monitor": [watches(left.monitor)], **({"events": left.kept} if left.surplus else {})}
    key = await kept_command(call, RUN_ACTION, _path(left), values)
    ref, fits = ActionRef(RUN_ACTION, key), len(what) <= _NAMED
    if left.surplus:
        return Button(msg("Report less of {what}", what=what) if fits else msg("Report less"), action=ref)
    label = msg("Stop watching {what}", what=what) if fits else msg("Stop watching it")
    return Button(label, action=ref, style=ButtonStyle.DANGER)
