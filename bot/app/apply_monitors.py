"""The monitors that `apply` starts with the routes it stores, each said with its price beforehand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import msgspec
from pydantic import SecretStr

from bot.app.wiring import App
from bot.cards.figures import plural
from bot.core.chat.asker import OURSELVES
from bot.core.chat.cards import Code, Line
from bot.core.chat.ids import TenantId
from bot.core.errors import BotError, OutcomeUnknown, RateLimited, UpstreamUnavailable
from bot.core.routes.monitor_starts import Start
from bot.core.routes.route import Route
from bot.core.x.prices import MONITOR_PER_HOUR, monitor_words
from bot.features.shared.fed_routes import SECONDS
from bot.features.shared.finding_monitors import every_monitor
from bot.features.shared.monitor_starts import unwatched_of
from bot.features.shared.monitors_left import LEFT_UNKNOWN, left_of, left_words
from bot.proposals.monitors import called_now, made
from bot.storage.places.wanted_monitors import PendingMonitor, WantedMonitors

TRIED_FOR: Final = 3_600.0
"""Seconds from `apply` for which the running bot tries what it could not start."""


class Undone(msgspec.Struct, frozen=True):
    """What could not be brought about, in words; the rest goes on."""

    words: str


class Starting(msgspec.Struct, frozen=True):
    """What is to be started for a tenant. starts: each with its line; words: what else is to be known."""

    starts: tuple[tuple[Start, str], ...] = ()
    words: tuple[str, ...] = ()


async def starting(
    app: App,
    tenant: TenantId,
    key: SecretStr | None,
    named: Sequence[Route],
    routes: Sequence[Route],
    pending: Sequence[PendingMonitor] = (),
) -> Starting:
    """What nobody watches yet of what these routes name. key: the one that the tenant will have; named: the
    routes that are new or name something new or pending, with that alone; routes: all that there will be;
    pending: what an earlier file could not start."""
    if key is None or not any(route.accounts or route.keywords for route in named):
        return Starting()
    connections = app.services.connections
    try:
        found = await unwatched_of(connections.client(key, OURSELVES), named, routes)
    except BotError as error:
        said = error.detail.rstrip(".")
        return Starting(
            words=(f"! Xquik could not be asked what {tenant} watches ({said}), so no monitor is started",)
        )
    words = [f"! {tenant}: {_printed(note)}" for note in found.notes]
    if not found.starts:
        return Starting(words=tuple(words))
    hourly = await _hourly(app, key)
    failed: dict[tuple[str, str], str] = {
        (one.start.kind, one.start.watched): one.reason.rstrip(".") for one in pending
    }
    lines = tuple((one, _line(tenant, one, hourly, failed)) for one in found.starts)
    if len(lines) > 1:
        total = monitor_words(hourly * len(lines))
        words.append(f"! {plural(len(lines), 'monitor')} of {tenant} together: {total}")
    return Starting(lines, tuple(words))


async def running_for_nothing(
    app: App, tenant: TenantId, key: SecretStr | None, before: Sequence[Route], routes: Sequence[Route]
) -> tuple[str, ...]:
    """What goes on and costs though none of the routes takes it any more. before: routes that change or go,
    as they stand; routes: all that there will be."""
    if key is None or not before:
        return ()
    try:
        async with asyncio.timeout(SECONDS):
            monitors = await every_monitor(app.services.connections.client(key, OURSELVES))
    except (BotError, TimeoutError):
        return (f"! {tenant}: {LEFT_UNKNOWN}",)
    left = await left_of(app.services.monitor_uses, tenant, monitors, before, routes)
    if not left:
        return ()
    hourly = await _hourly(app, key)
    return tuple(f"! {tenant}: {_printed(left_words(one, hourly))}" for one in left)


def _printed(note: Line) -> str:
    return "".join(part.text if isinstance(part, Code) else str(part) for part in note)


def _line(tenant: TenantId, one: Start, hourly: int, failed: Mapping[tuple[str, str], str]) -> str:
    why = failed.get((one.kind, one.watched))
    again = f" (once more; before: {why})" if why is not None else ""
    return f"+ monitor of {one.named} for {tenant}: {monitor_words(hourly)}{again}"


def starter(app: App, tenant: TenantId, start: Start) -> Callable[[], Awaitable[Undone | None]]:
    """Starts one."""

    async def do() -> Undone | None:
        until = app.clock() + TRIED_FOR
        error = await started(app, tenant, start, until)
        if error is None:
            return None
        bot = "The running bot tries again for an hour. " if passes(error) else ""
        return Undone(f"{start.named} is not watched yet: {error.detail} {bot}The next apply tries again.")

    return do


async def started(app: App, tenant: TenantId, start: Start, until: float) -> BotError | None:
    """Have it run, which was confirmed. Why it does not, and then it is stored as pending. until: epoch
    seconds to which the running bot tries what passes by itself. StorageUnavailable."""
    wanted = WantedMonitors(app.database, app.clock)
    try:
        xquik = await app.services.xquik.of(tenant)
        names = await app.services.relay.names.of_tenant(tenant)
        identity = (await made(xquik, called_now(start, names))).id
    except BotError as error:
        await wanted.put(tenant, PendingMonitor(start, until if passes(error) else 0.0, error.detail))
        return error
    await app.services.monitor_uses.use(tenant, start.kind, identity)
    await wanted.drop(tenant, start)
    return None


def passes(error: BotError) -> bool:
    """Whether what kept a monitor from being started goes by itself."""
    return isinstance(error, UpstreamUnavailable | OutcomeUnknown | RateLimited)


async def _hourly(app: App, key: SecretStr) -> int:
    try:
        billing = (await app.services.connections.client(key, OURSELVES).account.show()).monitor_billing
    except BotError:
        return MONITOR_PER_HOUR
    return (billing and billing.credits_per_active_monitor_hour) or MONITOR_PER_HOUR
