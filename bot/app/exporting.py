"""`export`: everything that `apply` reads, written as TOML. Secrets are named by a comment, never printed."""

from __future__ import annotations

from collections.abc import Sequence

import tomlkit
from tomlkit.items import Table

from bot.app.export_route import Value, route_table, table
from bot.app.wiring import App
from bot.core.policy import EVERYONE, PolicyRule
from bot.core.stores import StoredTenant
from bot.core.x.default_accounts import DefaultAccount, Scope


async def exported(app: App) -> str:
    """The file of `apply`, as the database has it."""
    tenants = tomlkit.aot()
    for tenant in await app.services.tenants.list():
        tenants.append(await _tenant(app, tenant))
    document = tomlkit.document()
    if tenants:
        document["tenant"] = tenants
    return document.as_string()


async def _tenant(app: App, tenant: StoredTenant) -> Table:
    found = await _head(app, tenant)
    hook = await app.relay.hooks.of(tenant.id)
    if hook is not None and await app.relay.hook_secrets.current(tenant.id, hook.id) is not None:
        found["webhook"] = _webhook(hook.id)
    if accounts := _accounts(await app.services.accounts.defaults.of_tenant(tenant.id)):
        found["accounts"] = accounts
    grants, rules, routes = tomlkit.aot(), tomlkit.aot(), tomlkit.aot()
    policy = await app.services.grants.policy(tenant.id)
    for grant in policy.grants:
        grants.append(table({"to": _to(grant.kind, grant.subject), "permissions": grant.permissions.names()}))
    for rule in policy.rules:
        rules.append(_rule(rule))
    for route in await app.services.relay.routes.of_tenant(tenant.id):
        routes.append(route_table(route))
    for name, several in (("grant", grants), ("rule", rules), ("route", routes)):
        if several:
            found[name] = several
    return found


def _to(kind: str, subject: str) -> str:
    return kind if not subject else f"{kind}:{subject}"


def _rule(rule: PolicyRule) -> Table:
    said: dict[str, Value] = {"allow" if rule.allow else "deny": (rule.what,)}
    if (rule.kind, rule.subject) != (EVERYONE, ""):
        said["to"] = _to(rule.kind, rule.subject)
    if rule.channel:
        said["channel"] = rule.channel
    return table(said)


async def _head(app: App, tenant: StoredTenant) -> Table:
    head: dict[str, Value] = {"platform": tenant.id.platform, "workspace": tenant.id.workspace}
    if tenant.name:
        head["name"] = tenant.name
    if zone := await app.services.timezones.place(tenant.id):
        head["timezone"] = zone
    if (ask_above := await app.services.spending.chosen(tenant.id)) is not None:
        head["ask_above"] = ask_above
    found = table(head)
    if await app.services.keys.has_key(tenant.id):
        found.add(
            tomlkit.comment('api_key_env = "…"   # a key is stored; name where a new installation finds it')
        )
    return found


def _webhook(hook_id: str) -> Table:
    # An address is kept with its secret or not at all, so both are left to whoever has it.
    found = tomlkit.table()
    found.comment("to keep the address elsewhere, uncomment both")
    for line in (f'hook_id = "{hook_id}"', 'secret_env = "…"'):
        found.add(tomlkit.comment(line))
    return found


def _accounts(defaults: Sequence[DefaultAccount]) -> Table | None:
    """`[tenant.accounts]`; nothing where nothing is set."""
    found = tomlkit.table()
    for one in defaults:
        if one.scope is Scope.PLACE:
            found["default"] = one.username
    channels = {one.subject: one.username for one in defaults if one.scope is Scope.CHANNEL}
    if channels:
        found["channels"] = table(channels)
    return found or None
