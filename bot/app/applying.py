"""`apply`: what is stored against what a file says.

Applying is idempotent: the difference is worked out and printed first, and only that is done.
Routes that the file does not name are removed, so that the file is the whole truth of a tenant it
names; tenants it does not name are left alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from msgspec import structs
from pydantic import SecretStr

from bot.app.apply_accounts import differing
from bot.app.apply_file import PolicyPart, RulePart, WantedTenant
from bot.app.apply_monitors import running_for_nothing, starter, starting
from bot.app.wiring import App
from bot.cards.events.words import now_called
from bot.core.access import NOTHING, Grant, Permission
from bot.core.audit import AuditEntry, AuditEvent
from bot.core.chat.ids import TenantId
from bot.core.routes.route import Route
from bot.core.x.default_accounts import DefaultAccount
from bot.features.shared.grants import subject_of
from bot.storage.places.own_values import PLACE
from bot.storage.places.wanted_monitors import PendingMonitor, WantedMonitors
from bot.storage.relay.route_rows import UNREADABLE

OPERATOR: Final = "operator"
"""Who applies a file, in the record."""

Apply: TypeAlias = Callable[[], Awaitable[object]]
"""Makes one change of the file true."""


@dataclass(frozen=True)
class PlannedChange:
    """One difference. text: a line for a person; do: brings it about, or returns `Undone`; None for what is
    only to be known."""

    text: str
    do: Apply | None


async def changes(app: App, wanted: WantedTenant) -> list[PlannedChange]:
    """What has to be done for one tenant, in order."""
    tenant = wanted.part.id
    found: list[PlannedChange] = []
    services = app.services
    known = await services.tenants.get(tenant)
    if known is None or (wanted.part.name and known.name != wanted.part.name):
        found.append(
            PlannedChange(f"+ tenant {tenant}", lambda: services.tenants.ensure(tenant, wanted.part.name))
        )
    found.extend(await _key_changes(app, wanted))
    found.extend(await _hook_changes(app, wanted))
    found.extend(await _grant_changes(app, tenant, wanted.part.grant))
    found.extend(await _rule_changes(app, tenant, wanted.part.rule))
    found.extend(await _account_changes(app, wanted))
    found.extend(await _zone_changes(app, wanted))
    found.extend(await _spending_changes(app, wanted))
    found.extend(await _route_changes(app, wanted))
    return found


async def record_applied(app: App, tenant: TenantId, what: str) -> None:
    """Record a change that was made: by whoever runs the bot. what: its line."""
    entry = AuditEntry(AuditEvent.APPLIED, "apply", "apply", "ok")
    details = {"change": what}
    audit = app.services.audit
    await audit.append(await audit.prepared(tenant, OPERATOR, OPERATOR, entry, details))


async def hook_path(app: App, tenant: TenantId) -> str:
    """The path that Xquik delivers the tenant's events to; made now when there was none."""
    registrar = app.services.registrar
    return registrar.path(await registrar.hook(tenant))


async def _key_changes(app: App, wanted: WantedTenant) -> list[PlannedChange]:
    tenant, key = wanted.part.id, wanted.key
    if key is None:
        return []
    keys = app.services.keys
    stored = (await keys.key(tenant)).get_secret_value() if await keys.has_key(tenant) else None
    if stored == key.get_secret_value():
        return []
    verb = "+" if stored is None else "~"
    return [PlannedChange(f"{verb} key of {tenant}", lambda: keys.put(tenant, key))]


async def _hook_changes(app: App, wanted: WantedTenant) -> list[PlannedChange]:
    tenant, part, secret = wanted.part.id, wanted.part.webhook, wanted.hook_secret
    if part is None:
        return []
    registrar = app.services.registrar
    hook = await app.relay.hooks.of(tenant)
    if secret is None:
        return []
    current = await app.relay.hook_secrets.current(tenant, hook.id) if hook is not None else None
    same = current is not None and current.get_secret_value() == secret.get_secret_value()
    if same and hook is not None and part.hook_id in (None, hook.id):
        return []
    verb = "+" if current is None else "~"
    return [
        PlannedChange(
            f"{verb} webhook secret of {tenant}", lambda: registrar.adopt(tenant, secret, part.hook_id)
        )
    ]


async def _grant_changes(
    app: App, tenant: TenantId, parts: tuple[PolicyPart, ...] | None
) -> list[PlannedChange]:
    if parts is None:
        return []
    wanted: dict[tuple[str, str], Permission] = {}
    for part in parts:
        subject = subject_of(part.to)
        for name in part.permissions:
            wanted[subject] = wanted.get(subject, NOTHING) | Permission.named(name)
    stored = {(g.kind, g.subject): g.permissions for g in await app.services.grants.grants(tenant)}
    if stored == wanted:
        return []
    grants = [Grant(kind, subject, held) for (kind, subject), held in wanted.items()]
    return [PlannedChange(f"~ policy of {tenant}", lambda: app.services.grants.replace(tenant, grants))]


async def _rule_changes(
    app: App, tenant: TenantId, parts: tuple[RulePart, ...] | None
) -> list[PlannedChange]:
    if parts is None:
        return []
    wanted = sorted(rule for part in parts for rule in part.rules)
    if wanted == sorted((await app.services.grants.policy(tenant)).rules):
        return []
    return [PlannedChange(f"~ rules of {tenant}", lambda: app.services.rules.replace(tenant, wanted))]


async def _account_changes(app: App, wanted: WantedTenant) -> list[PlannedChange]:
    tenant, part = wanted.part.id, wanted.part.accounts
    if part is None:
        return []
    stored = await app.services.accounts.defaults.of_tenant(tenant)
    return [_account_change(app, tenant, *one) for one in differing(stored, part.defaults)]


async def _zone_changes(app: App, wanted: WantedTenant) -> list[PlannedChange]:
    tenant, zone, zones = wanted.part.id, wanted.part.timezone, app.services.timezones
    stored = await zones.place(tenant)
    if zone is None or zone == stored:
        return []
    text = f"{'~' if stored else '+'} timezone of {tenant}: {zone}"
    return [PlannedChange(text, lambda: zones.put(tenant, PLACE, zone))]


async def _spending_changes(app: App, wanted: WantedTenant) -> list[PlannedChange]:
    tenant, above, spending = wanted.part.id, wanted.part.ask_above, app.services.spending
    stored = await spending.chosen(tenant)
    if above is None or above == stored:
        return []
    text = f"{'+' if stored is None else '~'} ask above of {tenant}: {above:,} credits"
    return [PlannedChange(text, lambda: spending.put(tenant, above))]


def _account_change(app: App, tenant: TenantId, verb: str, default: DefaultAccount) -> PlannedChange:
    where = f"channel {default.subject} of {tenant}" if default.subject else str(tenant)
    text = f"{verb} default account @{default.username} of {where}"
    defaults = app.services.accounts.defaults
    if verb == "-":
        return PlannedChange(text, lambda: defaults.remove(tenant, default.scope, default.subject))
    return PlannedChange(text, lambda: defaults.put(tenant, structs.replace(default, at=app.clock())))


async def _route_changes(app: App, wanted: WantedTenant) -> list[PlannedChange]:
    tenant, routes = wanted.part.id, app.services.relay.routes
    stored = {route.name: route for route in await routes.of_tenant(tenant)}
    found: list[PlannedChange] = []
    named: list[Route] = []
    changed: list[Route] = []  # those that change or go, as they stand
    all_routes: list[Route] = []
    names = await app.relay.names.of_tenant(tenant)
    pending = await WantedMonitors(app.database, app.clock).of(tenant)
    again = frozenset(one.start.watched for one in pending)
    for part in wanted.part.route:
        old = stored.pop(part.name, None)
        new = part.made(tenant, old, app.services.new_id, names)
        all_routes.append(new)
        if part.watch:
            named.append(_newly_named(old, new, again))
        for before, now in part.renamed(old, names).items():
            found.append(PlannedChange(f"  route {new.name} of {tenant}: {now_called(before, now)}", None))
        if old is None:
            found.append(_route_change("+", new, _adder(app, new)))
        elif old != replace(new, known=old.known):
            changed.append(old)
            found.append(_route_change("~", new, _changer(app, old, new), _differing(old, new)))
    found.extend(_route_change("-", old, _remover(app, old)) for old in stored.values())
    changed.extend(stored.values())
    # The routes first, so that the first event of a monitor finds its route.
    found += await _monitor_changes(app, wanted, named, all_routes, pending)
    return [*found, *await _left_running(app, wanted, changed, all_routes)]


def _newly_named(old: Route | None, new: Route, again: Set[str]) -> Route:
    """The new route with those accounts and searches alone that it did not name before. again: those that
    could not be started then."""
    if old is None:
        return new
    return replace(
        new,
        accounts=tuple(name for name in new.accounts if name not in old.accounts or name in again),
        keywords=tuple(word for word in new.keywords if word not in old.keywords or word in again),
    )


async def _monitor_changes(
    app: App,
    wanted: WantedTenant,
    named: list[Route],
    routes: list[Route],
    pending: Sequence[PendingMonitor],
) -> list[PlannedChange]:
    tenant, key = wanted.part.id, await _key_then(app, wanted)
    found = await starting(app, tenant, key, named, routes, pending)
    starts = [PlannedChange(line, starter(app, tenant, start)) for start, line in found.starts]
    return [*starts, *(PlannedChange(words, None) for words in found.words)]


async def _left_running(
    app: App, wanted: WantedTenant, before: list[Route], routes: list[Route]
) -> list[PlannedChange]:
    key = await _key_then(app, wanted)
    words = await running_for_nothing(app, wanted.part.id, key, before, routes)
    return [PlannedChange(one, None) for one in words]


async def _key_then(app: App, wanted: WantedTenant) -> SecretStr | None:
    """The key that the tenant will have; None for none."""
    tenant, keys = wanted.part.id, app.services.keys
    if wanted.key is None and await keys.has_key(tenant):
        return await keys.key(tenant)
    return wanted.key


def _route_change(
    verb: str, route: Route, do: Callable[[], Awaitable[object]], what: tuple[str, ...] = ()
) -> PlannedChange:
    channels = ", ".join(place.channel for place in route.destinations)
    text = f"{verb} route {route.name} of {route.destination.tenant} to {channels}"
    return PlannedChange(f"{text} ({', '.join(what)})" if what else text, do)


def _differing(old: Route, new: Route) -> tuple[str, ...]:
    """What of a route changes, in the words of the file."""
    return tuple(
        word
        for word, values in (
            ("channels", (old.destinations, new.destinations)),
            ("accounts", (old.accounts, new.accounts)),
            ("keywords", (old.keywords, new.keywords)),
            ("events", (old.events, new.events)),
            ("filters", (old.filters, new.filters)),
            ("quoted", (old.quoted, new.quoted)),
            ("sensitive", (old.sensitive, new.sensitive)),
            ("look", (old.appearance, new.appearance)),
            (
                "timing",
                ((old.schedule, old.catch_up, old.deleted), (new.schedule, new.catch_up, new.deleted)),
            ),
        )
        if values[0] != values[1]
    )


def _adder(app: App, route: Route) -> Callable[[], Awaitable[object]]:
    return lambda: app.services.relay.routes.add(route, app.clock())


def _changer(app: App, old: Route, new: Route) -> Callable[[], Awaitable[object]]:
    # A pause is over when it was about channels that the route leads to no more, or about settings
    # that could not be read; one that a person ordered stays when only something else changes.
    over = old.destinations != new.destinations or old.paused_reason == UNREADABLE
    wanted = replace(new, paused_reason=None) if over else new
    return lambda: app.services.relay.routes.change(wanted, app.clock())


def _remover(app: App, route: Route) -> Callable[[], Awaitable[object]]:
    return lambda: app.services.relay.remove(route)
